"""Inside a spaceship: a metal hall with ribs, strips of light, consoles, round windows on stars."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from yozora.world.light import indoor_light
from yozora.world.mesh import Mesh, cylinder, merge
from yozora.world.places.solids import (
    Block,
    Panel,
    band,
    blocks,
    disc,
    panels,
    quads,
)
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_WALL = -1.8  # z of the back wall
_END = 30.0  # x of the end walls
_BAY = 3.8  # metres between ribs
_ACCENTS: tuple[tuple[Colour, Colour], ...] = (
    ((0.15, 0.92, 1.0), (1.0, 0.55, 0.12)),
    ((0.25, 0.65, 1.0), (0.95, 0.25, 0.65)),
    ((0.30, 1.0, 0.75), (0.70, 0.40, 1.0)),
    ((0.65, 0.55, 1.0), (0.15, 0.95, 0.85)),
)
_PLANETS: tuple[Colour, ...] = (
    (0.95, 0.55, 0.25),
    (0.30, 0.60, 0.95),
    (0.85, 0.40, 0.65),
    (0.50, 0.85, 0.55),
)
_SPACE: Colour = (0.02, 0.03, 0.10)


def spaceship(site: Site) -> Stage:
    """A hall along x; on the water, its floor is a basin of coolant."""
    rng = site.rng
    light, second = rng.choice(_ACCENTS)
    steel = mixed((0.62, 0.67, 0.74), (0.70, 0.70, 0.72), rng.random())
    parts: list[Mesh] = [_hull(steel, light)]
    rows: list[Block] = []
    flat: list[Panel] = []
    start, turn = rng.uniform(-_BAY / 2, _BAY / 2), rng.randrange(2)
    for k in range(-8, 9):
        x = start + k * _BAY
        if abs(x) > _END:
            continue
        rows.append((shaded(steel, 0.55), 0.0, (0.5, 3.4, 0.55), (x, 0.0, _WALL + 0.25)))
        flat.append((x - 0.07, x + 0.07, 0.5, 3.2, _WALL + 0.56, light, 1.0))
        middle = x + _BAY / 2
        if (k + turn) % 2:
            parts.append(_porthole(rng, middle, steel))
        elif rng.random() < 0.3:
            _door(middle, steel, second, flat)
        else:
            parts.append(_console(rng, middle, steel, light, second))
    parts += [blocks(rows), panels(flat)]
    floor: Colour = (0.30, 0.33, 0.39)
    x_N = [-_END, _END]
    if site.on_water:
        rows = [(shaded(steel, 0.7), 0.0, (2 * _END, 0.3, 1.7), (0.0, 0.0, -0.95))]
        parts.append(blocks(rows))
        parts.append(panels([(-_END, _END, 0.1, 0.2, -0.08, light, 1.0)]))
    else:
        parts.append(band(x_N, -0.25, -0.05, 0.03, light))
        parts[-1] = replace(parts[-1], glow_V=np.ones_like(parts[-1].glow_V))
        parts.append(band(x_N, 0.6, 4.6, 0.02, shaded(floor, 1.35)))
        plates = [
            ((0.20, 0.22, 0.27), 0.0, (0.1, 0.025, 4.0), (start + k * _BAY, 0.0, 2.6))
            for k in range(-7, 8)
        ]
        parts.append(blocks(plates))
    lamps = (
        Lamp((-3.5, 2.4, -0.8), light, 5.0, 0.7),
        Lamp((3.5, 2.4, -0.8), light, 5.0, 0.7),
        Lamp((start + _BAY / 2, 1.6, -0.6), second, 3.5, 0.5),
    )
    return Stage(
        merge(*parts),
        "water" if site.on_water else "wet",
        (0.08, 0.40, 0.48) if site.on_water else floor,
        (0.50, 0.80, 0.85) if site.on_water else shaded(floor, 0.9),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=indoor_light((0.80, 0.90, 1.0), 0.85),
        lamps=lamps,
    )


def _hull(steel: Colour, light: Colour) -> Mesh:
    """Wall, slanting shoulder, ceiling and ends, with strips of light along them."""
    z, x, knee, high, front = _WALL, _END, 3.4, 4.7, 16.0
    over = z + 1.9
    dark = shaded(steel, 0.62)
    lit: Colour = (0.93, 0.97, 1.0)
    faces = [
        ([(-x, 0, z), (x, 0, z), (x, 1.0, z), (-x, 1.0, z)], dark, 0.0),
        ([(-x, 1.0, z), (x, 1.0, z), (x, knee, z), (-x, knee, z)], steel, 0.0),
        (
            [(-x, knee, z), (x, knee, z), (x, high, over), (-x, high, over)],
            shaded(steel, 0.78),
            0.0,
        ),
        ([(-x, high, over), (x, high, over), (x, high, front), (-x, high, front)], dark, 0.0),
        ([(-x, 0, front), (-x, 0, z), (-x, high, z), (-x, high, front)], dark, 0.0),
        ([(x, 0, z), (x, 0, front), (x, high, front), (x, high, z)], dark, 0.0),
    ]
    for k in range(-7, 8):  # lamps in the shoulder
        a, b = 4.0 * k - 1.4, 4.0 * k + 1.4
        y0, y1, d = 3.75, 4.2, 0.02
        z0, z1 = (z + (y - knee) / (high - knee) * (over - z) + d for y in (y0, y1))
        faces.append(([(a, y0, z0), (b, y0, z0), (b, y1, z1), (a, y1, z1)], lit, 1.0))
    walls = quads(
        np.array([f[0] for f in faces], float),
        np.array([f[1] for f in faces]),
        np.array([f[2] for f in faces]),
    )
    strips = panels(
        [
            (-x, x, 0.12, 0.26, z + 0.03, light, 1.0),
            (-x, x, knee - 0.2, knee - 0.05, z + 0.03, light, 1.0),
            (-x, x, 0.96, 1.04, z + 0.02, shaded(steel, 0.4), 0.0),
        ]
    )
    pipes = merge(
        *(
            cylinder((-x, y, z + 0.15), (x, y, z + 0.15), r, c, sectors=5)
            for y, r, c in ((0.55, 0.09, (0.75, 0.45, 0.20)), (0.78, 0.06, (0.42, 0.46, 0.52)))
        )
    )
    return merge(walls, strips, pipes)


def _porthole(rng: random.Random, x: float, steel: Colour) -> Mesh:
    """A round window: deep blue, stars, sometimes a planet."""
    y, z, size = 2.05, _WALL + 0.03, 1.05
    rim = shaded(steel, 0.45)
    parts = [
        disc((x, y, z), size + 0.2, size + 0.2, rim, upright=True, sectors=18),
        disc((x, y, z + 0.03), size, size, _SPACE, glow=1.0, upright=True, sectors=18),
    ]
    stars: list[Panel] = []
    for _ in range(11):
        far, turn = size * 0.88 * rng.random() ** 0.5, rng.uniform(0, 6.283)
        u, v, s = x + far * np.cos(turn), y + far * np.sin(turn), rng.uniform(0.025, 0.05)
        stars.append((u - s, u + s, v - s, v + s, z + 0.05, (0.95, 0.97, 1.0), 1.0))
    parts.append(panels(stars))
    if rng.random() < 0.65:
        planet, r = rng.choice(_PLANETS), rng.uniform(0.3, 0.5)
        u, v = x + rng.uniform(-0.4, 0.4), y + rng.uniform(-0.35, 0.35)
        parts.append(disc((u, v, z + 0.07), r, r, planet, glow=1.0, upright=True, sectors=14))
        parts.append(
            disc(
                (u + r * 0.22, v + r * 0.2, z + 0.09),
                r * 0.68,
                r * 0.68,
                shaded(planet, 1.35),
                glow=1.0,
                upright=True,
                sectors=12,
            )
        )
        if rng.random() < 0.5:
            ring = mixed(planet, (1, 1, 1), 0.5)
            parts.append(
                disc((u, v, z + 0.11), r * 1.5, r * 0.14, ring, glow=1.0, upright=True, sectors=14)
            )
    return merge(*parts)


def _console(rng: random.Random, x: float, steel: Colour, light: Colour, second: Colour) -> Mesh:
    """A desk with a tilted board of lights under a big screen."""
    dark, z = shaded(steel, 0.40), _WALL
    glass: Colour = (0.03, 0.08, 0.14)
    body = blocks(
        [
            (shaded(steel, 0.75), 0.0, (2.5, 0.75, 0.8), (x, 0.0, z + 0.4)),
            (dark, 0.0, (2.6, 1.25, 0.15), (x, 1.45, z + 0.08)),
        ]
    )
    z0, z1 = z + 0.85, z + 0.25
    tilt = quads(
        np.array(
            [
                [
                    (x - 1.25, 0.75, z0),
                    (x + 1.25, 0.75, z0),
                    (x + 1.25, 1.15, z1),
                    (x - 1.25, 1.15, z1),
                ]
            ]
        ),
        np.array([dark]),
        np.zeros(1),
    )
    s = z + 0.17
    rows: list[Panel] = [(x - 1.15, x + 1.15, 1.55, 2.6, s, glass, 1.0)]
    kind = rng.randrange(3)
    if kind == 0:  # bars
        for k in range(7):
            a = x - 1.0 + 0.3 * k
            rows.append(
                (
                    a,
                    a + 0.18,
                    1.62,
                    1.7 + rng.uniform(0.1, 0.75),
                    s + 0.02,
                    light if k % 3 else second,
                    1.0,
                )
            )
    elif kind == 1:  # a map with its grid
        for k in range(4):
            rows.append(
                (
                    x - 1.1,
                    x + 1.1,
                    1.72 + 0.22 * k,
                    1.75 + 0.22 * k,
                    s + 0.02,
                    shaded(light, 0.7),
                    1.0,
                )
            )
            rows.append(
                (
                    x - 0.8 + 0.5 * k,
                    x - 0.77 + 0.5 * k,
                    1.58,
                    2.56,
                    s + 0.02,
                    shaded(light, 0.7),
                    1.0,
                )
            )
        a = x + rng.uniform(-0.7, 0.5)
        rows.append((a, a + 0.3, 2.0, 2.3, s + 0.04, second, 1.0))
    else:  # lines of writing
        for k in range(5):
            end = x + rng.uniform(-0.3, 1.0)
            rows.append(
                (
                    x - 1.0,
                    end,
                    1.68 + 0.18 * k,
                    1.77 + 0.18 * k,
                    s + 0.02,
                    light if k % 2 else second,
                    1.0,
                )
            )
    board: list[Panel] = []
    for k in range(8):
        a = x - 1.05 + 0.28 * k
        colour = rng.choice((light, second, (1.0, 0.9, 0.4), (0.95, 0.3, 0.25)))
        board.append((a, a + 0.16, 0.82, 0.9, z0 - 0.03, colour, 1.0))
    return merge(body, tilt, panels(rows), panels(board))


def _door(x: float, steel: Colour, second: Colour, flat: list[Panel]) -> None:
    """A sliding door framed in light."""
    z = _WALL + 0.03
    flat += [
        (x - 1.0, x + 1.0, 0.05, 2.75, z, second, 1.0),
        (x - 0.88, x + 0.88, 0.05, 2.63, z + 0.03, shaded(steel, 0.8), 0.0),
        (x - 0.03, x + 0.03, 0.05, 2.63, z + 0.05, shaded(steel, 0.3), 0.0),
        (x + 0.3, x + 0.5, 1.3, 1.6, z + 0.06, second, 1.0),
    ]
