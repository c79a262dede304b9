"""Inside a new building: a bright hall, tall windows on the town, columns, a staircase, plants."""

from __future__ import annotations

import numpy as np

from yozora.world.mesh import Mesh, ellipsoid, lathe, merge
from yozora.world.places.props import leafy, two_tone
from yozora.world.places.rooms import (
    garden,
    moon_or_sun,
    pane,
    room_light,
    shell,
    skyline,
)
from yozora.world.places.solids import Block, Spot, blocks, quads, scattered
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_WALL = -11.0  # z of the windows
_HIGH = 6.6
_END = 30.0
_WHITE: Colour = (0.93, 0.92, 0.90)
_OAK: Colour = (0.76, 0.54, 0.33)
_CLOTH: tuple[Colour, ...] = (
    (0.94, 0.52, 0.16),
    (0.10, 0.52, 0.56),
    (0.90, 0.74, 0.20),
    (0.80, 0.26, 0.30),
)
_BAY = 5.0  # metres between columns


def building(site: Site) -> Stage:
    """A hall of glass and white stone; on the water, a mirror pool before it."""
    rng = site.rng
    start = rng.uniform(-1.0, 1.0)
    floor = mixed((0.80, 0.76, 0.70), (0.72, 0.74, 0.78), rng.random())
    parts: list[Mesh] = [shell(_END, _WALL, _HIGH, _WHITE, (0.86, 0.85, 0.83))]
    parts.append(_windows(site, start))
    columns = [(start + _BAY * k + 2.5, 0.0, -5.6, 0.0, 1.0) for k in range(-6, 6)]
    parts.append(scattered(_column(), columns))
    side = rng.choice((-1, 1))
    stairs = [side * rng.uniform(4.6, 5.6) + 19.0 * k for k in (-1, 0, 1)]
    parts.append(scattered(_staircase(), [(x, 0.0, 0.0, 0.0, 1.0) for x in stairs]))
    cloth = rng.choice(_CLOTH)
    seats: list[Spot] = [(x - side * 8.0, 0.0, -2.4, 0.0, 1.0) for x in stairs]
    seats += [(x - side * 11.0, 0.0, -2.4, 0.0, 1.0) for x in stairs]
    parts.append(scattered(_sofa(cloth), [s for s in seats if abs(s[0]) < 28.0]))
    pots: list[Spot] = [
        (x + d, 0.0, -2.0 if d else -3.4, 40.0 * d, 1.0)
        for x in (s[0] for s in seats[:3])
        for d in (-3.2, 1.5)
        if abs(x + d) < 29.0
    ]
    parts.append(scattered(_plant(), pots))
    lamps_x = [start + _BAY * k for k in range(-6, 7)]
    shine: Colour = (1.0, 0.90, 0.66)
    drops = [(x, 0.35 * (k % 3) - 0.3, -7.2, 0.0, 1.0) for k, x in enumerate(lamps_x)]
    parts.append(scattered(_pendant(shine), drops))
    if site.on_water:
        parts.append(blocks([((0.80, 0.78, 0.74), 0.0, (2 * _END, 0.14, 10.8), (0, 0, -5.6))]))
    near = sorted(lamps_x, key=abs)[:3]
    return Stage(
        merge(*parts),
        "water" if site.on_water else "wet",
        (0.30, 0.62, 0.68) if site.on_water else floor,
        shaded(floor, 0.96),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=room_light(site),
        ahead=_far_window(site),
        lamps=tuple(Lamp((x, 3.4, -6.0), shine, 8.5, 0.2 + 0.8 * site.dark) for x in near),
    )


def _windows(site: Site, start: float) -> Mesh:
    """A wall of glass from the floor to the ceiling: the town, trees, thin white frames."""
    z, low, top = _WALL + 0.05, 0.35, 5.9
    parts = [
        pane(site, -_END, _END, low, top, z),
        skyline(site, -_END, _END, low, z + 0.02, 3.6),
        garden(site, -_END, _END, low, z + 0.06, 1.7),
    ]
    side = site.rng.choice((-1, 1))
    parts += [moon_or_sun(site, side * 3.6 + 17.0 * k, 4.5, z + 0.01, 0.6) for k in (-1, 0, 1)]
    rows: list[Block] = [
        (_WHITE, 0.0, (2 * _END, 0.16, 0.2), (0.0, 3.9, z + 0.1)),
        (shaded(_WHITE, 0.9), 0.0, (2 * _END, 0.4, 0.5), (0.0, 0.0, z + 0.1)),
    ]
    for k in range(-12, 13):
        x = start + _BAY / 2 * k
        rows.append((_WHITE, 0.0, (0.22 if k % 2 else 0.5, top, 0.25), (x, 0.1, z + 0.1)))
    return merge(*parts, blocks(rows, below=True))


def _far_window(site: Site) -> Mesh:
    """The end of the hall: glass again, and the town beyond."""
    z, low, top, half = -_END + 0.05, 0.35, 5.9, 7.5
    rows: list[Block] = [
        (_WHITE, 0.0, (0.3, top, 0.25), (d * half / 3, 0.1, z + 0.1)) for d in range(-3, 4)
    ]
    rows.append((_WHITE, 0.0, (2 * half, 0.16, 0.2), (0.0, 3.9, z + 0.1)))
    return merge(
        pane(site, -half, half, low, top, z),
        skyline(site, -half, half, low, z + 0.02, 3.6),
        garden(site, -half, half, low, z + 0.06, 1.7),
        blocks(rows),
    )


def _column() -> Mesh:
    """A round white column with a wide head."""
    outline = [(0.0, 0.46), (0.3, 0.36), (5.2, 0.36), (6.0, 0.62), (_HIGH, 1.1)]
    return lathe(outline, (0, 0, 0), _WHITE, sectors=10)


def _staircase() -> Mesh:
    """Broad steps up to a gallery with a rail, 8 m long in all: wood, white and glass."""
    steps, rise, tread, z, deep = 12, 0.27, 0.42, -6.9, 2.4
    glass: Colour = (0.62, 0.80, 0.84)
    rows: list[Block] = []
    for k in range(steps):
        x = -3.6 + tread * k
        rows.append((_WHITE, 0.0, (tread, rise * (k + 1) - 0.09, deep), (x, 0.0, z)))
        rows.append((_OAK, 0.0, (tread + 0.06, 0.1, deep + 0.1), (x, rise * (k + 1) - 0.09, z)))
    end = -3.6 + tread * (steps - 0.5)
    top = rise * steps
    rows.append((_WHITE, 0.0, (4.6, 0.45, 4.0), (end + 2.3, top - 0.45, z - 0.8)))
    rows.append((_OAK, 0.0, (4.6, 0.06, 4.0), (end + 2.3, top, z - 0.8)))
    rows.append((glass, 0.0, (4.5, 0.75, 0.06), (end + 2.3, top + 0.06, z + 1.15)))
    rows.append((_OAK, 0.0, (4.6, 0.12, 0.14), (end + 2.3, top + 0.8, z + 1.15)))
    rows.append((shaded(_WHITE, 0.9), 0.0, (0.4, top - 0.45, 0.4), (end + 4.2, 0.0, z + 0.8)))
    near = z + deep / 2 + 0.02
    a, b = (-3.75, rise + 0.75), (end - 0.1, top + 0.75)
    slope = [
        [(a[0], a[1] - 0.55, near), (b[0], b[1] - 0.55, near),
         (b[0], b[1], near), (a[0], a[1], near)],
        [(a[0], a[1], near + 0.03), (b[0], b[1], near + 0.03),
         (b[0], b[1] + 0.14, near + 0.03), (a[0], a[1] + 0.14, near + 0.03)],
    ]  # fmt: skip
    rail = quads(np.array(slope), np.array([glass, _OAK]), np.zeros(2))
    return merge(blocks(rows, below=True), rail)


def _sofa(cloth: Colour) -> Mesh:
    """A low square sofa, 2.6 m long."""
    dark = shaded(cloth, 0.8)
    return blocks(
        [
            (dark, 0.0, (2.6, 0.3, 0.95), (0.0, 0.1, 0.0)),
            (cloth, 0.0, (1.15, 0.22, 0.9), (-0.6, 0.36, 0.03)),
            (cloth, 0.0, (1.15, 0.22, 0.9), (0.6, 0.36, 0.03)),
            (cloth, 0.0, (2.6, 0.55, 0.28), (0.0, 0.36, -0.4)),
            (dark, 0.0, (0.26, 0.6, 0.95), (-1.35, 0.1, 0.0)),
            (dark, 0.0, (0.26, 0.6, 0.95), (1.35, 0.1, 0.0)),
        ]
    )


def _plant() -> Mesh:
    """A tree in a white pot, 2.8 m."""
    green: Colour = (0.20, 0.56, 0.24)
    crown = merge(
        ellipsoid((0.75, 0.62, 0.7), (0.0, 2.1, 0.0), green, rings=4, sectors=7),
        ellipsoid((0.5, 0.42, 0.5), (0.45, 1.6, 0.15), green, rings=3, sectors=6),
        ellipsoid((0.5, 0.42, 0.5), (-0.45, 1.65, 0.1), green, rings=3, sectors=6),
    )
    return merge(
        lathe([(0.0, 0.3), (0.62, 0.44), (0.62, 0.0)], (0, 0, 0), (0.96, 0.95, 0.93), sectors=8),
        lathe([(0.6, 0.07), (1.7, 0.05)], (0, 0, 0), (0.45, 0.30, 0.20), sectors=4),
        leafy(two_tone(crown, shaded(green, 0.55))),
    )


def _pendant(shine: Colour) -> Mesh:
    """A glowing globe on a thin rod."""
    return merge(
        lathe([(4.0, 0.025), (_HIGH + 0.6, 0.025)], (0, 0, 0), (0.25, 0.25, 0.27), sectors=3),
        ellipsoid((0.36, 0.36, 0.36), (0, 3.75, 0), shine, glow=1.0, rings=4, sectors=8),
    )
