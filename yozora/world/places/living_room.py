"""A living room: a fireplace, a sofa, a window on the hour, books, a lamp, pictures, a carpet."""

from __future__ import annotations

import math

import numpy as np

from yozora.world.mesh import Mesh, cone, cylinder, ellipsoid, lathe, merge, moved, scaled
from yozora.world.places.props import leafy, two_tone
from yozora.world.places.rooms import garden, moon_or_sun, pane, room_light, shell
from yozora.world.places.solids import (
    Block,
    Panel,
    band,
    blocks,
    disc,
    panels,
    scattered,
)
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_SIZE = 1.22  # of the furniture: from afar it should still be seen
_WALL = -2.7  # z of the back wall, before that
_HIGH = 3.4
_END = 30.0
_PERIOD = 11.6  # metres from fireplace to fireplace
_WHITE: Colour = (0.94, 0.92, 0.87)
_OAK: Colour = (0.60, 0.38, 0.21)
_SCHEMES: tuple[tuple[Colour, Colour, Colour], ...] = (  # wall, sofa, carpet
    ((0.52, 0.66, 0.62), (0.90, 0.52, 0.20), (0.86, 0.76, 0.60)),
    ((0.88, 0.74, 0.54), (0.16, 0.46, 0.52), (0.70, 0.24, 0.22)),
    ((0.48, 0.60, 0.76), (0.92, 0.72, 0.26), (0.90, 0.86, 0.78)),
    ((0.86, 0.68, 0.60), (0.32, 0.54, 0.40), (0.90, 0.80, 0.70)),
)


def living_room(site: Site) -> Stage:
    """A warm room, the same furniture again every 11.6 m; on the water, its floor is a pool."""
    rng = site.rng
    wall, cloth, rug = rng.choice(_SCHEMES)
    floor = mixed((0.62, 0.40, 0.22), (0.72, 0.52, 0.32), rng.random())
    unit = merge(
        _fireplace(rng.choice((0.60, 0.72))),
        moved(_window(site, mixed(cloth, _WHITE, 0.35)), 3.35),
        moved(_sofa(cloth), 3.35),
        moved(_picture(cloth, rug), 5.75),
        moved(_floor_lamp(site), 5.75),
        moved(_shelf(site), -2.35),
    )
    start = rng.choice((-3.6, 2.6, -2.4, 3.8)) + rng.uniform(-0.3, 0.3)
    homes = [start + _PERIOD * k for k in range(-4, 5)]
    homes = [x for x in homes if -_END - 3.0 < x < _END + 3.0]
    parts = [shell(_END, _WALL * _SIZE, _HIGH * _SIZE, wall, (0.93, 0.91, 0.87))]
    parts.append(
        blocks(
            [
                (_WHITE, 0.0, (2 * _END, 0.3, 0.08), (0.0, 0.0, _WALL * _SIZE + 0.04)),
                (
                    _WHITE,
                    0.0,
                    (2 * _END, 0.18, 0.16),
                    (0.0, _HIGH * _SIZE - 0.18, _WALL * _SIZE + 0.08),
                ),
            ],
            below=True,
        )
    )
    end = moved(_fireplace(0.66), 0.0, 0.0, -_END / _SIZE - _WALL)
    for x in (-3.35, 3.35):
        end = merge(end, moved(_window(site, mixed(cloth, _WHITE, 0.35)), x, 0.0,
                               -_END / _SIZE - _WALL))  # fmt: skip
    parts.append(scattered(unit, [(x, 0.0, 0.0, 0.0, _SIZE) for x in homes]))
    if site.on_water:
        parts.append(blocks([(shaded(floor, 1.1), 0.0, (2 * _END, 0.12, 3.4), (0, 0, -1.8))]))
    else:
        parts += _carpets(rug, cloth, start, site.subject_z)
    near = sorted(homes, key=abs)[:2]
    lamps = [Lamp((x, 0.7, _WALL + 1.3), (1.0, 0.52, 0.18), 4.2, 0.5 + 0.5 * site.dark)
             for x in near]  # fmt: skip
    bulbs = sorted((x + 5.45 * _SIZE + _PERIOD * k for x in near for k in (-1, 0)), key=abs)[:2]
    power = 0.25 + 0.75 * site.dark
    lamps += [Lamp((x, 2.2, _WALL + 1.3), (1.0, 0.84, 0.54), 5.0, power) for x in bulbs]
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.28, 0.58, 0.62) if site.on_water else floor,
        shaded(floor, 0.9),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=room_light(site),
        ahead=scaled(end, _SIZE),
        lamps=tuple(lamps),
    )


def _carpets(rug: Colour, trim: Colour, start: float, z: float) -> list[Mesh]:
    """Large carpets with a border, between the furniture and the viewer."""
    out = []
    for k in range(-5, 6):
        x = start + _PERIOD / 2 * k + 1.5
        a, b = x - 2.6, x + 2.6
        out.append(band([a, b], z - 2.2, z + 2.2, 0.02, shaded(mixed(trim, rug, 0.2), 0.9)))
        out.append(band([a + 0.25, b - 0.25], z - 1.98, z + 1.98, 0.03, rug))
    return out


def _fireplace(brick: float) -> Mesh:
    """A white mantel about a hearth with a fire, a picture and candles over it; 2.4 m wide."""
    z, dark = _WALL, (0.10, 0.07, 0.06)
    stone: Colour = (brick, 0.34, 0.26)
    rows: list[Block] = [
        (stone, 0.0, (2.1, _HIGH, 0.3), (0.0, 0.0, z + 0.15)),
        (_WHITE, 0.0, (0.42, 1.35, 0.6), (-0.95, 0.0, z + 0.3)),
        (_WHITE, 0.0, (0.42, 1.35, 0.6), (0.95, 0.0, z + 0.3)),
        (_WHITE, 0.0, (2.3, 0.34, 0.6), (0.0, 1.05, z + 0.3)),
        (_WHITE, 0.0, (2.65, 0.14, 0.8), (0.0, 1.38, z + 0.36)),
        ((0.52, 0.50, 0.48), 0.0, (2.5, 0.1, 0.9), (0.0, 0.0, z + 0.6)),
        ((0.30, 0.18, 0.10), 0.0, (1.0, 0.14, 0.2), (0.0, 0.1, z + 0.5)),
        ((0.38, 0.24, 0.13), 0.0, (0.8, 0.14, 0.2), (0.0, 0.22, z + 0.44)),
    ]
    for x in (-0.95, 0.95):
        rows.append((_WHITE, 0.0, (0.1, 0.34, 0.1), (x, 1.52, z + 0.4)))
    fire = [
        cone((x, 0.26, z + 0.42), 0.26 * size, (x + 0.04, 0.26 + 0.66 * size, z + 0.42),
             (1.0, 0.45, 0.08), glow=1.0, sectors=6)
        for x, size in ((-0.26, 0.8), (0.0, 1.15), (0.26, 0.85))
    ]  # fmt: skip
    fire += [
        cone((x, 0.26, z + 0.62), 0.15 * size, (x, 0.26 + 0.42 * size, z + 0.6),
             (1.0, 0.88, 0.36), glow=1.0, sectors=5)
        for x, size in ((-0.16, 0.9), (0.1, 1.2))
    ]  # fmt: skip
    flat: list[Panel] = [
        (-0.75, 0.75, 0.1, 1.06, z + 0.32, dark, 0.0),
        (-0.66, 0.66, 1.72, 2.72, z + 0.33, (0.72, 0.54, 0.22), 0.0),
        (-0.56, 0.56, 1.82, 2.62, z + 0.35, (0.62, 0.80, 0.90), 0.0),
        (-0.56, 0.56, 1.82, 2.12, z + 0.37, (0.30, 0.52, 0.30), 0.0),
    ]
    hill = disc((0.15, 2.12, z + 0.36), 0.36, 0.2, (0.42, 0.50, 0.62), upright=True, sectors=10)
    lights = [
        ellipsoid((0.05, 0.1, 0.05), (x, 1.95, z + 0.4), (1.0, 0.85, 0.4), glow=1.0, rings=3,
                  sectors=4)
        for x in (-0.95, 0.95)
    ]  # fmt: skip
    return merge(blocks(rows), panels(flat), hill, *fire, *lights)


def _window(site: Site, curtain: Colour) -> Mesh:
    """A broad window with curtains: the garden, the sky, the sun or the moon."""
    x0, x1, y0, y1, z = -1.15, 1.15, 0.95, 2.95, _WALL + 0.04
    rows: list[Block] = [
        (_WHITE, 0.0, (0.1, y1 - y0, 0.08), (0.0, y0, z + 0.06)),
        (_WHITE, 0.0, (2.3, 0.1, 0.08), (0.0, 2.2, z + 0.06)),
        (_WHITE, 0.0, (2.6, 0.14, 0.36), (0.0, y0 - 0.14, z + 0.16)),
        (_WHITE, 0.0, (2.5, 0.14, 0.14), (0.0, y1, z + 0.05)),
        (_WHITE, 0.0, (0.14, y1 - y0, 0.14), (x0, y0, z + 0.05)),
        (_WHITE, 0.0, (0.14, y1 - y0, 0.14), (x1, y0, z + 0.05)),
        (_OAK, 0.0, (3.3, 0.1, 0.1), (0.0, 3.08, z + 0.25)),
    ]
    for side in (-1, 1):
        for k in range(3):
            shade = (0.92, 1.05, 0.84)[k]
            x = side * (1.16 + 0.17 * k)
            rows.append((shaded(curtain, shade), 0.0, (0.19, 2.8, 0.2), (x, 0.28, z + 0.24)))
    return merge(
        pane(site, x0, x1, y0, y1, z),
        moon_or_sun(site, 0.55, 2.6, z + 0.01, 0.2),
        garden(site, x0, x1, y0, z + 0.02, 0.75),
        blocks(rows),
    )


def _sofa(cloth: Colour) -> Mesh:
    """A wide soft sofa with two cushions, 2.9 m."""
    z, dark = _WALL + 0.95, shaded(cloth, 0.78)
    light = mixed(cloth, _WHITE, 0.7)
    body = blocks(
        [
            (dark, 0.0, (2.5, 0.42, 1.0), (0.0, 0.1, z)),
            (cloth, 0.0, (1.2, 0.2, 1.0), (-0.61, 0.46, z + 0.04)),
            (cloth, 0.0, (1.2, 0.2, 1.0), (0.61, 0.46, z + 0.04)),
            (cloth, 0.0, (2.5, 0.75, 0.34), (0.0, 0.45, z - 0.4)),
        ]
    )
    arms = [
        cylinder((x, 0.66, z - 0.55), (x, 0.66, z + 0.52), 0.22, cloth, sectors=8)
        for x in (-1.32, 1.32)
    ]
    foot = blocks([(dark, 0.0, (0.36, 0.6, 1.05), (x, 0.08, z)) for x in (-1.32, 1.32)])
    pillows = [
        ellipsoid((0.3, 0.27, 0.13), (x, 0.9, z - 0.12), light, rings=4, sectors=8)
        for x in (-0.82, 0.82)
    ]
    return merge(body, *arms, foot, *pillows)


def _picture(first: Colour, second: Colour) -> Mesh:
    """A framed picture: a sun over a plain, in bold shapes."""
    z = _WALL + 0.03
    a, b, y0, y1 = -0.5, 0.5, 1.85, 2.95
    rows: list[Panel] = [
        (a, b, y0, y1, z, (0.24, 0.16, 0.11), 0.0),
        (a + 0.08, b - 0.08, y0 + 0.08, y1 - 0.08, z + 0.02, (0.95, 0.88, 0.74), 0.0),
        (a + 0.08, b - 0.08, y0 + 0.08, y0 + 0.4, z + 0.05, second, 0.0),
    ]
    sun = disc((0.05, 2.42, z + 0.04), 0.26, 0.26, first, upright=True, sectors=12)
    return merge(panels(rows), sun)


def _floor_lamp(site: Site) -> Mesh:
    """A lamp on a tall foot, its cloth shade lit; a plant in a pot beside it."""
    z = _WALL + 0.8
    shade: Colour = (1.0, 0.86, 0.58)
    leaf: Colour = (0.22, 0.54, 0.26)
    x = -0.3
    return merge(
        lathe([(0.0, 0.24), (0.06, 0.22), (0.08, 0.04), (1.75, 0.03)], (x, 0, z),
              (0.22, 0.18, 0.16), sectors=7),
        lathe([(1.6, 0.42), (2.15, 0.26)], (x, 0, z), shade, glow=0.45 + 0.55 * site.dark,
              sectors=10),
        lathe([(0.0, 0.2), (0.42, 0.28), (0.42, 0.0)], (0.4, 0, z + 0.1), _WHITE, sectors=8),
        *(
            leafy(two_tone(
                ellipsoid((0.13, 0.44, 0.1),
                          (0.4 + 0.26 * math.cos(t), 0.86, z + 0.1 + 0.12 * math.sin(t)),
                          leaf, rings=4, sectors=5), shaded(leaf, 0.6)))
            for t in (0.3, 1.5, 2.6, 3.9)
        ),
    )  # fmt: skip


def _shelf(site: Site) -> Mesh:
    """A bookcase of four broad shelves, 1.7 m wide."""
    rng = site.rng
    wide, tall, z = 1.7, 2.5, _WALL + 0.22
    rows: list[Block] = [
        (_OAK, 0.0, (0.1, tall, 0.44), (-wide / 2, 0.0, z)),
        (_OAK, 0.0, (0.1, tall, 0.44), (wide / 2, 0.0, z)),
        (_OAK, 0.0, (wide + 0.2, 0.1, 0.5), (0.0, tall, z)),
    ]
    flat: list[Panel] = [(-wide / 2, wide / 2, 0.0, tall, z - 0.18, shaded(_OAK, 0.5), 0.0)]
    palette: tuple[Colour, ...] = (
        (0.74, 0.22, 0.18),
        (0.18, 0.38, 0.58),
        (0.90, 0.70, 0.28),
        (0.26, 0.50, 0.36),
        (0.92, 0.86, 0.74),
    )
    for row in range(4):
        y = 0.1 + 0.6 * row
        rows.append((shaded(_OAK, 1.1), 0.0, (wide, 0.08, 0.42), (0.0, y, z)))
        x = -wide / 2 + 0.1
        while x < wide / 2 - 0.25:
            end = x + float(np.clip(rng.uniform(0.15, 0.34), 0.1, wide / 2 - 0.05 - x))
            if rng.random() < 0.85:
                high = rng.uniform(0.36, 0.48)
                flat.append((x, end - 0.02, y + 0.08, y + 0.08 + high, z + 0.12,
                             rng.choice(palette), 0.0))  # fmt: skip
            x = end
    return merge(blocks(rows), panels(flat))
