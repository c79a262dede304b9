"""A classroom: a blackboard with chalk drawings, desks, a wall map, a globe, tall windows."""

from __future__ import annotations

import math

import numpy as np

from yozora.world.mesh import Mesh, cylinder, ellipsoid, from_arrays, lathe, merge, moved
from yozora.world.places.rooms import garden, moon_or_sun, pane, room_light, shell
from yozora.world.places.solids import Block, Panel, blocks, disc, panels, scattered
from yozora.world.places.stage import STILL, Colour, Lamp, Site, Stage, mixed, shaded

_SIZE = 1.15  # of what stands in the room: from afar it should still be seen
_WALL = -2.9  # z of the back wall, before that
_HIGH = 3.7
_END = 30.0
_PERIOD = 12.4  # metres from blackboard to blackboard
_WHITE: Colour = (0.94, 0.93, 0.89)
_OAK: Colour = (0.74, 0.50, 0.28)
_CHALK: Colour = (0.95, 0.95, 0.90)
_BOARD: Colour = (0.07, 0.27, 0.20)
_WALLS: tuple[Colour, ...] = ((0.95, 0.86, 0.62), (0.72, 0.85, 0.82), (0.93, 0.80, 0.70),
                              (0.78, 0.84, 0.93))  # fmt: skip


def classroom(site: Site) -> Stage:
    """A bright schoolroom, the same furniture every 12.4 m; on the water, its floor is a pool."""
    rng = site.rng
    wall = rng.choice(_WALLS)
    floor = mixed((0.70, 0.50, 0.32), (0.80, 0.64, 0.46), rng.random())
    unit = merge(
        _blackboard(rng.randrange(3)),
        moved(_window(site), 4.35),
        moved(_map(), 7.05),
        moved(_globe(), 6.9),
        moved(_desks(site), 0.0),
        moved(_window(site), -3.35),
    )
    start = rng.choice((-2.4, 2.2, 0.6)) + rng.uniform(-0.4, 0.4)
    homes = [start + _PERIOD * k for k in range(-3, 4)]
    homes = [x for x in homes if -_END - 6.0 < x < _END + 6.0]
    dado = shaded(mixed(wall, (0.35, 0.50, 0.55), 0.55), 0.85)
    trim: list[Block] = [
        (dado, 0.0, (2 * _END, 0.85, 0.05), (0.0, 0.0, _WALL * _SIZE + 0.02)),
        (_WHITE, 0.0, (2 * _END, 0.09, 0.1), (0.0, 0.85, _WALL * _SIZE + 0.05)),
        (_WHITE, 0.0, (2 * _END, 0.16, 0.14), (0.0, _HIGH * _SIZE - 0.16, _WALL * _SIZE + 0.07)),
    ]
    tubes: list[Block] = [
        ((1.0, 0.99, 0.94), 0.9, (1.9, 0.08, 0.3), (-27.0 + 6.0 * k, _HIGH * _SIZE - 0.3, -1.0))
        for k in range(10)
    ]
    parts = [
        shell(_END, _WALL * _SIZE, _HIGH * _SIZE, wall, (0.94, 0.93, 0.90)),
        blocks(trim, below=True),
        blocks(tubes, below=True),
        scattered(unit, [(x, 0.0, 0.0, 0.0, _SIZE) for x in homes]),
    ]
    if site.on_water:
        parts.append(blocks([(shaded(floor, 1.1), 0.0, (2 * _END, 0.12, 3.4), (0, 0, -1.9))]))
    power = 0.2 + 0.5 * site.dark
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.28, 0.58, 0.62) if site.on_water else floor,
        shaded(floor, 0.9),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=room_light(site),
        lamps=tuple(Lamp((x, 3.6, -0.4), (1.0, 0.96, 0.86), 7.0, power) for x in (-6.0, 0.0, 6.0)),
    )


def _stroke(points: list[tuple[float, float]], z: float, colour: Colour = _CHALK) -> Mesh:
    """A line of chalk through points (x, y) of the board, 5 cm thick."""
    path = np.array([(x, y, z) for x, y in points])
    way = np.gradient(path, axis=0)
    across = np.stack([-way[:, 1], way[:, 0], 0.0 * way[:, 0]], 1)
    across *= 0.027 / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    count = len(path)
    k = np.arange(count - 1)
    faces = np.concatenate([np.stack([k + count, k + count + 1, k + 1], -1),
                            np.stack([k + count, k + 1, k], -1)])  # fmt: skip
    point = np.concatenate([path + across, path - across])
    return from_arrays(point, np.tile((0.0, 0.0, 1.0), (2 * count, 1)), faces, colour, STILL, 0.25)


def _round(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    return [(x + radius * math.cos(t), y + radius * math.sin(t)) for t in np.linspace(0, 6.283, 17)]


def _blackboard(kind: int) -> Mesh:
    """A green board, 3.6 m, framed in wood: a sun and a house, sums, or a curve and a triangle."""
    z, low, high = _WALL + 0.1, 1.05, 2.85
    rows: list[Block] = [
        (_OAK, 0.0, (3.8, high - low + 0.24, 0.1), (0.0, low - 0.12, z - 0.06)),
        (shaded(_OAK, 1.1), 0.0, (3.8, 0.08, 0.26), (0.0, low - 0.18, z + 0.1)),
        (_CHALK, 0.3, (0.3, 0.06, 0.08), (0.6, low - 0.1, z + 0.14)),
        ((0.90, 0.45, 0.40), 0.0, (0.3, 0.1, 0.12), (-0.8, low - 0.1, z + 0.14)),
    ]
    flat: list[Panel] = [(-1.75, 1.75, low, high, z, _BOARD, 0.0)]
    z += 0.02
    yellow, pink = (0.98, 0.86, 0.40), (0.98, 0.62, 0.66)
    drawn: list[Mesh] = []
    if kind == 0:  # a house, a sun, a tree
        drawn += [
            _stroke([(-0.5, 1.25), (-0.5, 1.85), (0.3, 1.85), (0.3, 1.25), (-0.5, 1.25)], z),
            _stroke([(-0.65, 1.85), (-0.1, 2.4), (0.45, 1.85)], z, pink),
            _stroke(_round(1.15, 2.3, 0.26), z, yellow),
            _stroke([(-1.25, 1.25), (-1.25, 1.75)], z),
            _stroke(_round(-1.25, 2.08, 0.34), z, (0.62, 0.92, 0.60)),
        ]
        for k in range(6):
            c, s = math.cos(k * 1.047), math.sin(k * 1.047)
            drawn.append(_stroke([(1.15 + 0.34 * c, 2.3 + 0.34 * s),
                                  (1.15 + 0.48 * c, 2.3 + 0.48 * s)], z, yellow))  # fmt: skip
    elif kind == 1:  # 1 + 2 = 3, with a line below
        y = 2.05
        drawn += [
            _stroke([(-1.45, y + 0.2), (-1.25, y + 0.4), (-1.25, y - 0.4)], z),
            _stroke([(-0.9, y), (-0.45, y)], z, yellow),
            _stroke([(-0.675, y - 0.22), (-0.675, y + 0.22)], z, yellow),
            _stroke([(-0.2, y + 0.25), (-0.05, y + 0.4), (0.12, y + 0.25), (0.05, y),
                     (-0.2, y - 0.4), (0.18, y - 0.4)], z),
            _stroke([(0.45, y + 0.1), (0.85, y + 0.1)], z, yellow),
            _stroke([(0.45, y - 0.1), (0.85, y - 0.1)], z, yellow),
            _stroke([(1.1, y + 0.4), (1.42, y + 0.35), (1.42, y + 0.1), (1.22, y), (1.45, y - 0.1),
                     (1.45, y - 0.35), (1.1, y - 0.4)], z, pink),
            _stroke([(-1.4, 1.3), (1.4, 1.3)], z),
        ]  # fmt: skip
    else:  # a wave on its axes, and a triangle
        wave = [(x, 1.95 + 0.45 * math.sin(3.2 * x)) for x in np.linspace(-1.4, 0.4, 19)]
        drawn += [
            _stroke([(-1.5, 1.3), (-1.5, 2.65)], z),
            _stroke([(-1.6, 1.95), (0.5, 1.95)], z),
            _stroke(wave, z, yellow),
            _stroke([(0.75, 1.4), (1.5, 1.4), (0.75, 2.45), (0.75, 1.4)], z, pink),
        ]
    return merge(blocks(rows), panels(flat), *drawn)


def _window(site: Site) -> Mesh:
    """A tall window on the school's garden, with the sun or the moon."""
    x0, x1, y0, y1, z = -0.8, 0.8, 1.0, 3.1, _WALL + 0.04
    rows: list[Block] = [
        (_WHITE, 0.0, (0.09, y1 - y0, 0.08), (0.0, y0, z + 0.06)),
        (_WHITE, 0.0, (1.6, 0.09, 0.08), (0.0, 2.35, z + 0.06)),
        (_WHITE, 0.0, (1.95, 0.13, 0.36), (0.0, y0 - 0.13, z + 0.16)),
        (_WHITE, 0.0, (1.85, 0.13, 0.14), (0.0, y1, z + 0.05)),
        (_WHITE, 0.0, (0.13, y1 - y0, 0.14), (x0, y0, z + 0.05)),
        (_WHITE, 0.0, (0.13, y1 - y0, 0.14), (x1, y0, z + 0.05)),
    ]
    return merge(
        pane(site, x0, x1, y0, y1, z),
        moon_or_sun(site, 0.4, 2.72, z + 0.01, 0.18),
        garden(site, x0, x1, y0, z + 0.02, 0.8),
        blocks(rows),
    )


def _map() -> Mesh:
    """A map of the world on rollers: two green lands on a blue sea."""
    z, sea, land = _WALL + 0.06, (0.42, 0.70, 0.88), (0.40, 0.64, 0.34)
    flat: list[Panel] = [
        (-0.98, 0.98, 1.55, 2.85, z, _WHITE, 0.0),
        (-0.90, 0.90, 1.62, 2.78, z + 0.01, sea, 0.0),
    ]
    rows: list[Block] = [
        (_OAK, 0.0, (2.15, 0.09, 0.1), (0.0, 2.84, z)),
        (_OAK, 0.0, (2.15, 0.09, 0.1), (0.0, 1.48, z)),
    ]
    lands = [
        disc((x, y, z + 0.02), wide, tall, tone, upright=True, sectors=9)
        for x, y, wide, tall, tone in (
            (-0.52, 2.45, 0.28, 0.20, land), (-0.40, 1.98, 0.15, 0.27, land),
            (0.12, 2.08, 0.19, 0.28, (0.86, 0.72, 0.40)), (0.42, 2.48, 0.42, 0.18, land),
            (0.64, 1.86, 0.17, 0.11, (0.84, 0.56, 0.34)),
        )
    ]  # fmt: skip
    return merge(panels(flat), blocks(rows), *lands)


def _globe() -> Mesh:
    """A globe on a small cupboard."""
    z, land = _WALL + 0.6, (0.44, 0.68, 0.34)
    return merge(
        blocks([(shaded(_OAK, 0.85), 0.0, (1.1, 0.82, 0.6), (0.0, 0.0, z)),
                (_OAK, 0.0, (1.2, 0.08, 0.7), (0.0, 0.82, z)),
                (_WHITE, 0.0, (0.1, 0.06, 0.04), (0.0, 0.5, z + 0.31))]),
        lathe([(0.9, 0.17), (0.96, 0.13), (0.98, 0.03), (1.1, 0.03)], (0, 0, z), (0.30, 0.22, 0.16),
              sectors=8),
        ellipsoid((0.3, 0.3, 0.3), (0, 1.38, z), (0.22, 0.52, 0.82), rings=6, sectors=10),
        ellipsoid((0.17, 0.13, 0.06), (-0.09, 1.46, z + 0.255), land, rings=3, sectors=6),
        ellipsoid((0.09, 0.13, 0.06), (0.13, 1.28, z + 0.255), land, rings=3, sectors=6),
    )  # fmt: skip


def _desks(site: Site) -> Mesh:
    """Pupils' desks with books and chairs, in a row along the wall."""
    rng = site.rng
    steel: Colour = (0.30, 0.34, 0.40)
    tones: tuple[Colour, ...] = ((0.86, 0.26, 0.22), (0.20, 0.50, 0.80), (0.95, 0.74, 0.20),
                                 (0.30, 0.64, 0.40))  # fmt: skip
    rows: list[Block] = []
    parts: list[Mesh] = []
    for k, x in enumerate((-2.0, 0.0, 2.0, 4.0, 5.6)):
        z, tone = -0.95, tones[k % 4]
        rows.append((_OAK, 0.0, (1.15, 0.09, 0.7), (x, 0.68, z)))
        rows += [(steel, 0.0, (0.07, 0.68, 0.55), (x + s, 0.0, z)) for s in (-0.5, 0.5)]
        rows.append((tone, 0.0, (0.58, 0.5, 0.07), (x, 0.62, z - 0.85)))  # the chair's back
        rows.append((tone, 0.0, (0.58, 0.07, 0.5), (x, 0.40, z - 0.62)))
        rows.append((tones[(k + 1) % 4], 0.0, (0.36, 0.1, 0.28), (x - 0.25, 0.77, z)))
        rows.append((_WHITE, 0.0, (0.34, 0.03, 0.3), (x + 0.25, 0.77, z + rng.uniform(0.0, 0.1))))
        for s in (-0.24, 0.24):
            parts.append(
                cylinder((x + s, 0, z - 0.8), (x + s, 0.7, z - 0.85), 0.03, steel, sectors=4)
            )
    return merge(blocks(rows), *parts)
