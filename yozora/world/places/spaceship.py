"""Inside a spaceship: a bridge with great windows on stars and planets, arches, glowing desks."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np

from yozora.world.light import indoor_light
from yozora.world.mesh import Mesh, ellipsoid, flat, from_arrays, lathe, merge
from yozora.world.places.rooms import sloped
from yozora.world.places.solids import (
    Panel,
    band,
    blocks,
    disc,
    panels,
    quads,
    scattered,
)
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_WALL = -6.4  # z of the windows
_END = 30.0  # x of the end walls
_BAY = 7.6  # metres from arch to arch
_LOW, _TOP = 1.15, 4.25  # of a window
_ACCENTS: tuple[tuple[Colour, Colour], ...] = (
    ((0.15, 0.88, 1.0), (1.0, 0.55, 0.12)),
    ((0.30, 0.62, 1.0), (0.95, 0.30, 0.65)),
    ((0.25, 1.0, 0.75), (0.70, 0.45, 1.0)),
    ((0.66, 0.52, 1.0), (0.15, 0.95, 0.85)),
)
_PLANETS: tuple[tuple[Colour, Colour], ...] = (
    ((0.98, 0.62, 0.30), (0.86, 0.42, 0.22)),
    ((0.30, 0.62, 0.98), (0.62, 0.88, 0.98)),
    ((0.90, 0.46, 0.68), (0.66, 0.30, 0.66)),
    ((0.46, 0.82, 0.62), (0.24, 0.58, 0.62)),
)


def spaceship(site: Site) -> Stage:
    """A hall along x, open to the stars; on the water, its floor is a basin of coolant."""
    rng = site.rng
    light, second = rng.choice(_ACCENTS)
    steel = mixed((0.60, 0.65, 0.73), (0.70, 0.71, 0.74), rng.random())
    start = rng.uniform(-_BAY / 2, _BAY / 2)
    bays = [start + _BAY * k for k in range(-4, 5) if abs(start + _BAY * k) < _END + _BAY / 2]
    parts: list[Mesh] = [_heavens(rng, bays), _hull(steel, light)]
    arches = [(x - _BAY / 2, 0.0, 0.0, 0.0, 1.0) for x in [*bays, bays[-1] + _BAY]]
    parts.append(scattered(_arch(steel, light), arches))
    desk = _desk(rng, steel, light, second)
    parts.append(scattered(desk, [(x, 0.0, -3.1, 0.0, 1.0) for x in bays]))
    tables = [(x - _BAY / 2, 0.0, -2.6, 0.0, 1.0) for x in bays[::2]]
    parts.append(scattered(_hologram(light, steel), tables))
    floor: Colour = (0.22, 0.25, 0.32)
    x_N = [-_END, _END]
    if site.on_water:
        parts.append(blocks([(shaded(steel, 0.6), 0.0, (2 * _END, 0.3, 6.2), (0.0, 0.0, -3.3))]))
        parts.append(panels([(-_END, _END, 0.1, 0.2, -0.18, light, 1.0)]))
    else:
        for z in (-0.9, site.subject_z + 2.1):
            line = band(x_N, z, z + 0.14, 0.03, light)
            parts.append(replace(line, glow_V=np.ones_like(line.glow_V)))
        seams = [
            (shaded(floor, 0.6), 0.0, (0.08, 0.02, 5.2), (x + d, 0.0, 1.9))
            for x in bays
            for d in (0.0, _BAY / 2)
        ]
        parts.append(blocks(seams))
    near = min(bays, key=abs)
    lamps = (
        Lamp((near - _BAY / 2, 2.6, -4.4), light, 6.0, 0.8),
        Lamp((near + _BAY / 2, 2.6, -4.4), light, 6.0, 0.8),
        Lamp((near, 1.9, -2.2), second, 4.0, 0.45),
    )
    return Stage(
        merge(*parts),
        "water" if site.on_water else "wet",
        (0.08, 0.40, 0.48) if site.on_water else floor,
        (0.50, 0.80, 0.85) if site.on_water else shaded(floor, 0.92),
        sky=False,
        ahead=_far_window(rng, steel, light),
        water_y=0.0 if site.on_water else None,
        light=indoor_light((0.78, 0.88, 1.0), 0.80),
        lamps=lamps,
    )


def _heavens(rng: random.Random, bays: list[float]) -> Mesh:
    """What the windows show: deep blue, clouds of gas, stars, and a planet in every second one."""
    z = _WALL - 0.9
    foot, head = (0.10, 0.08, 0.26), (0.015, 0.025, 0.10)
    a = _END + 8.0
    parts = [sloped([(-a, 0.0, z), (a, 0.0, z), (a, 6.5, z), (-a, 6.5, z)], foot, head, 1.0)]
    hues: tuple[Colour, ...] = ((0.34, 0.14, 0.46), (0.10, 0.26, 0.48), (0.44, 0.16, 0.34))
    for k, x in enumerate(bays):
        at = (x + rng.uniform(-2.0, 2.0), rng.uniform(1.8, 3.4))
        hue = hues[(k + len(bays)) % 3]
        parts.append(_cloud(at, rng.uniform(2.4, 3.6), rng.uniform(0.8, 1.3), z + 0.05, hue))
    stars: list[Panel] = []
    for _ in range(120):
        x, y, s = rng.uniform(-_END, _END), rng.uniform(1.2, 4.6), rng.choice((0.03, 0.04, 0.065))
        stars.append((x - s, x + s, y - s, y + s, z + 0.1, (0.94, 0.97, 1.0), 1.0))
    parts.append(panels(stars))
    first, order = rng.randrange(2), rng.sample(range(4), 4)
    for k, x in enumerate(bays):
        body, other = _PLANETS[order[k % 4]]
        side = rng.choice((-1.0, 1.0))
        if (k + first) % 2:
            size = rng.uniform(1.15, 1.6)
            at = (x + side * rng.uniform(1.2, 2.1), rng.uniform(2.4, 3.1))
            parts.append(_planet(at, size, z + 0.2, body, other, rng.random() < 0.6))
        else:
            at = (x + side * rng.uniform(1.0, 2.2), rng.uniform(2.6, 3.5))
            parts.append(_planet(at, rng.uniform(0.35, 0.6), z + 0.2, body, other, False))
    return merge(*parts)


def _far_window(rng: random.Random, steel: Colour, light: Colour) -> Mesh:
    """The end of the hall: one great round window with a planet rising in it."""
    z, y, size = -_END + 0.05, 3.0, 2.7
    rows: list[Panel] = []
    for _ in range(24):
        turn, far, s = rng.uniform(0.0, math.tau), size * 0.95 * rng.random() ** 0.3, 0.05
        u, v = far * math.cos(turn), y + far * math.sin(turn)
        rows.append((u - s, u + s, v - s, v + s, z + 0.12, (0.94, 0.97, 1.0), 1.0))
    body, other = rng.choice(_PLANETS)
    return merge(
        disc((0.0, y, z), size + 0.55, size + 0.55, shaded(steel, 0.45), upright=True, sectors=20),
        disc((0.0, y, z + 0.03), size + 0.2, size + 0.2, light, glow=1.0, upright=True, sectors=20),
        disc((0.0, y, z + 0.06), size, size, (0.05, 0.05, 0.18), glow=1.0, upright=True,
             sectors=20),
        panels(rows),
        _planet((0.0, y - 0.3), 1.75, z + 0.2, body, other, False, (0.0, 0.85, 0.55)),
    )  # fmt: skip


def _cloud(at: tuple[float, float], wide: float, tall: float, z: float, hue: Colour) -> Mesh:
    """Gas that shines in the middle and fades into the dark."""
    turn = np.linspace(0.0, math.tau, 13)[:-1]
    rim = np.stack([at[0] + wide * np.cos(turn), at[1] + tall * np.sin(turn), 0 * turn + z], -1)
    point = np.concatenate([[(*at, z)], rim])
    triangle = [(0, k, k % 12 + 1) for k in range(1, 13)]
    mesh = from_arrays(point, np.tile((0.0, 0.0, 1.0), (13, 1)), triangle, hue, glow=1.0)
    share = np.clip(point[:, 1:2] / 6.5, 0.0, 1.0)
    edge = np.array((0.10, 0.08, 0.26)) * (1 - share) + np.array((0.015, 0.025, 0.10)) * share
    edge[0] = hue
    return replace(mesh, colour_V3=edge.astype(np.float32))


def _planet(
    at: tuple[float, float],
    size: float,
    z: float,
    body: Colour,
    other: Colour,
    ringed: bool,
    sun: tuple[float, float, float] = (-0.62, 0.52, 0.58),
) -> Mesh:
    """A globe lit from `sun`, in soft bands of two colours."""
    ball = ellipsoid((size, size, size), (0, 0, 0), body, glow=1.0, rings=10 if size > 0.8 else 5,
                     sectors=14 if size > 0.8 else 9)  # fmt: skip
    n = ball.normal_V3
    day = np.clip(n @ np.array(sun) * 1.1 + 0.12, 0.05, 1.0)[:, None]
    stripe = 0.5 + 0.5 * np.sin(n[:, 1:2] * 7.0 - sun[0] * n[:, :1])
    colour = np.asarray(body) * (1 - stripe) + np.asarray(other) * stripe
    flatten = ball.position_V3 * np.array([1.0, 1.0, 0.12 / size], np.float32)
    parts = [
        replace(
            ball,
            position_V3=(flatten + np.array([*at, z], np.float32)).astype(np.float32),
            colour_V3=np.clip(colour * day, 0.0, 1.0).astype(np.float32),
        )
    ]
    if ringed:
        turn = np.linspace(0.0, math.tau, 25)
        pale = mixed(other, (1.0, 0.95, 0.85), 0.5)
        tilt = 0.22
        rows = []
        for r in (1.35 * size, 1.95 * size):
            x, y = r * np.cos(turn), 0.24 * r * np.sin(turn)
            depth = np.where(np.sin(turn) < 0.0, 0.14, -0.06)  # the near half passes in front
            rows.append(np.stack([at[0] + x - tilt * y, at[1] + y + tilt * x, z + depth], -1))
        inner, outer = rows
        faces = []
        for k in range(24):
            faces.append([inner[k], outer[k], outer[k + 1]])
            faces.append([inner[k], outer[k + 1], inner[k + 1]])
        parts.append(flat(faces, shaded(pale, 0.85), glow=1.0))
    return merge(*parts)


def _hull(steel: Colour, light: Colour) -> Mesh:
    """The wall below and above the windows, the ceiling and the ends, with strips of light."""
    z, x, front, high = _WALL, _END, 16.0, 7.4
    dark, mid = shaded(steel, 0.50), shaded(steel, 0.78)
    over = z + 3.2
    faces = [
        ([(-x, 0, z), (x, 0, z), (x, _LOW, z), (-x, _LOW, z)], mid),
        ([(-x, _LOW, z), (x, _LOW, z), (x, _LOW, z - 0.9), (-x, _LOW, z - 0.9)], steel),
        ([(-x, _TOP, z), (x, _TOP, z), (x, 4.9, z + 0.1), (-x, 4.9, z + 0.1)], mid),
        ([(-x, 4.9, z), (x, 4.9, z), (x, high, over), (-x, high, over)], dark),
        ([(-x, high, over), (x, high, over), (x, high, front), (-x, high, front)], dark),
        ([(-x, 0, front), (-x, 0, z), (-x, high, z), (-x, high, front)], dark),
        ([(x, 0, z), (x, 0, front), (x, high, front), (x, high, z)], dark),
    ]
    walls = quads(
        np.array([f[0] for f in faces], float), np.array([f[1] for f in faces]), np.zeros(7)
    )
    strips = panels(
        [
            (-x, x, 0.10, 0.26, z + 0.03, light, 1.0),
            (-x, x, _LOW - 0.12, _LOW, z + 0.03, shaded(steel, 1.25), 0.0),
            (-x, x, _TOP + 0.22, _TOP + 0.36, z + 0.14, light, 1.0),
        ]
    )
    return merge(walls, strips)


def _arch(steel: Colour, light: Colour) -> Mesh:
    """A massive pillar between two windows; it widens upwards into them, edged with light."""
    z, near = _WALL, _WALL + 0.9
    half, reach, knee = 0.55, 1.75, 2.75
    shape = [(-half, 0.0), (half, 0.0), (half, knee), (reach, _TOP + 0.05), (reach, 6.6),
             (-reach, 6.6), (-reach, _TOP + 0.05), (-half, knee)]  # fmt: skip
    heart = (0.0, knee)
    face = shaded(steel, 0.95)
    front = flat(
        [[(*heart, near), (*shape[i], near), (*shape[(i + 1) % 8], near)] for i in range(8)], face
    )
    rims, glows = [], []
    for i, j in ((1, 2), (2, 3), (3, 4), (5, 6), (6, 7), (7, 0)):
        (ax, ay), (bx, by) = shape[i], shape[j]
        rims.append([(ax, ay, near), (ax, ay, z - 0.9), (bx, by, z - 0.9), (bx, by, near)])
    for (ax, ay), (bx, by) in ((shape[1], shape[2]), (shape[2], shape[3])):
        for s in (1.0, -1.0):
            row = [(s * (ax - 0.16), ay), (s * (ax - 0.02), ay),
                   (s * (bx - 0.02), by), (s * (bx - 0.16), by)]  # fmt: skip
            row = row if s > 0.0 else row[::-1]
            glows.append([(u, v, near + 0.02) for u, v in row])
    return merge(
        front,
        quads(np.array(rims), np.array([shaded(steel, 0.62)] * 6), np.zeros(6)),
        quads(np.array(glows), np.array([light] * 4), np.ones(4)),
        panels(
            [
                (-0.24, 0.24, 0.5, 2.4, near + 0.02, shaded(steel, 0.45), 0.0),
                (-0.1, 0.1, 0.7, 2.2, near + 0.04, light, 1.0),
            ]
        ),
    )


def _desk(rng: random.Random, steel: Colour, light: Colour, second: Colour) -> Mesh:
    """A broad desk before a window: a tilted board of large lit keys, and a chair's height."""
    body = blocks(
        [
            (shaded(steel, 0.55), 0.0, (4.0, 0.72, 0.8), (0.0, 0.0, -0.2)),
            (light, 1.0, (4.02, 0.08, 0.82), (0.0, 0.1, -0.19)),
            (shaded(steel, 1.05), 0.0, (4.2, 0.1, 1.0), (0.0, 0.7, -0.2)),
        ]
    )
    board: list[list[tuple[float, float, float]]] = []
    tints: list[Colour] = []

    def key(x0: float, x1: float, v0: float, v1: float, lift: float, tint: Colour) -> None:
        """A rectangle on the slope: `v` runs from its near edge (0) to its far one (1)."""
        low, deep = (0.80 + 0.48 * v for v in (v0, v1)), (0.28 - 0.75 * v for v in (v0, v1))
        (y0, y1), (z0, z1) = low, deep
        board.append(
            [(x0, y0 + lift, z0 + lift), (x1, y0 + lift, z0 + lift),
             (x1, y1 + lift, z1 + lift), (x0, y1 + lift, z1 + lift)]
        )  # fmt: skip
        tints.append(tint)

    key(-1.95, 1.95, 0.0, 1.0, 0.0, (0.05, 0.08, 0.15))
    for k in range(3):
        x = -1.75 + 1.2 * k
        key(x, x + 1.05, 0.40, 0.92, 0.015, mixed((0.04, 0.10, 0.18), light, 0.35))
        tall = rng.uniform(0.5, 0.85)
        key(x + 0.1, x + 0.5, 0.48, tall, 0.03, light)
        key(x + 0.58, x + 0.95, 0.48, 1.32 - tall, 0.03, second)
    for k in range(9):
        x = -1.75 + 0.4 * k
        key(x, x + 0.27, 0.10, 0.28, 0.015, (light, second, (1.0, 0.88, 0.40))[k % 3])
    lit = np.full(len(board), 1.0)
    return merge(body, quads(np.array(board), np.array(tints), lit))


def _hologram(light: Colour, steel: Colour) -> Mesh:
    """A round table over which a small globe of light hangs."""
    pale = mixed(light, (1.0, 1.0, 1.0), 0.35)
    ring = lathe([(1.52, 0.52), (1.57, 0.56)], (0, 0, 0), pale, glow=1.0, sectors=12)
    return merge(
        lathe([(0.0, 0.5), (0.7, 0.28), (0.72, 0.62), (0.84, 0.62), (0.84, 0.0)], (0, 0, 0),
              shaded(steel, 0.7), sectors=10),
        lathe([(0.85, 0.45), (0.87, 0.0)], (0, 0, 0), light, glow=1.0, sectors=10),
        ellipsoid((0.34, 0.34, 0.34), (0, 1.55, 0), shaded(light, 0.75), glow=0.9, rings=5,
                  sectors=8),
        ring,
    )  # fmt: skip
