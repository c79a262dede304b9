"""A library: walls of coloured books, tall windows, a red carpet, hanging lamps, reading tables."""

from __future__ import annotations

import random

import numpy as np

from yozora.world.light import RGB, Light, indoor_light
from yozora.world.mesh import Mesh, cylinder, ellipsoid, lathe, merge
from yozora.world.places.props import GREENS
from yozora.world.places.solids import (
    Block,
    Panel,
    band,
    blocks,
    disc,
    panels,
    quads,
    scattered,
)
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_WALL = -2.6  # z of the back wall
_HIGH = 6.0  # the ceiling
_END = 30.0  # x of the end walls
_WOOD: Colour = (0.40, 0.23, 0.12)
_BOOKS: tuple[Colour, ...] = (
    (0.70, 0.16, 0.14),
    (0.14, 0.30, 0.58),
    (0.12, 0.42, 0.28),
    (0.82, 0.60, 0.20),
    (0.48, 0.22, 0.46),
    (0.86, 0.80, 0.66),
    (0.78, 0.38, 0.14),
)
_PANES: dict[str, Colour] = {
    "dawn": (1.0, 0.76, 0.80),
    "day": (0.62, 0.86, 1.0),
    "sunset": (1.0, 0.54, 0.18),
    "night": (0.07, 0.12, 0.34),
}
_LIGHTS: dict[str, tuple[RGB, float]] = {
    "dawn": ((1.0, 0.84, 0.78), 0.85),
    "day": ((1.0, 0.95, 0.84), 1.0),
    "sunset": ((1.0, 0.74, 0.46), 0.85),
    "night": ((0.95, 0.72, 0.48), 0.55),
}


def library(site: Site) -> Stage:
    """A reading hall; on the water, its floor is a shallow pool with a tiled rim."""
    rng = site.rng
    oak = mixed(_WOOD, (0.52, 0.32, 0.16), rng.random())
    parts: list[Mesh] = [_room(oak)]
    x, turn = -_END, rng.randrange(3)
    books: list[Panel] = []
    frames: list[Block] = []
    while x < _END - 1.0:
        wide = rng.uniform(2.5, 2.9)
        if turn % 3 == 2:
            parts.append(_window(site, x + wide / 2, oak))
        else:
            _bookcase(rng, x, wide, oak, books, frames)
        x += wide
        turn += 1
    parts += [blocks(frames), panels(books)]
    parts.append(_furniture(site, oak))
    globes = [-27.0 + 6.0 * k + rng.uniform(-0.5, 0.5) for k in range(10)]
    parts.append(scattered(_globe(), [(g, 0.0, -0.9, 0.0, 1.0) for g in globes]))
    if site.on_water:
        parts.append(blocks([((0.82, 0.80, 0.72), 0.0, (2 * _END, 0.12, 3.0), (0.0, 0.0, -1.7))]))
    else:
        red: Colour = rng.choice(
            ((0.52, 0.12, 0.13), (0.12, 0.30, 0.32), (0.42, 0.14, 0.28), (0.16, 0.24, 0.44))
        )
        x_N = [-_END, _END]
        parts.append(band(x_N, 1.0, 4.2, 0.02, red))
        for z in (1.15, 3.9):
            parts.append(band(x_N, z, z + 0.2, 0.03, (0.86, 0.66, 0.28)))
    near = sorted(globes, key=abs)[:3]
    power = 0.25 + 0.6 * site.dark
    floor = (0.58, 0.38, 0.21)
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.25, 0.55, 0.58) if site.on_water else floor,
        (0.60, 0.80, 0.80) if site.on_water else shaded(floor, 0.88),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=_light(site),
        lamps=tuple(Lamp((g, 2.6, -0.6), (1.0, 0.78, 0.45), 6.0, power) for g in near),
    )


def _light(site: Site) -> Light:
    tint, level = _LIGHTS[site.time]
    return indoor_light(tint, level)


def _room(oak: Colour) -> Mesh:
    """Back wall, ceiling and ends: seen from inside only."""
    cream, plank = (0.80, 0.70, 0.54), shaded(oak, 0.75)
    z, y, x, front = _WALL, _HIGH, _END, 16.0
    walls = quads(
        np.array(
            [
                [(-x, 0, z), (x, 0, z), (x, y, z), (-x, y, z)],
                [(-x, y, z), (x, y, z), (x, y, front), (-x, y, front)],
                [(-x, 0, front), (-x, 0, z), (-x, y, z), (-x, y, front)],
                [(x, 0, z), (x, 0, front), (x, y, front), (x, y, z)],
            ],
            float,
        ),
        np.array([cream, plank, shaded(cream, 0.8), shaded(cream, 0.8)]),
        np.zeros(4),
    )
    trim = blocks(
        [
            (shaded(oak, 0.9), 0.0, (2 * x, 0.35, 0.3), (0.0, 5.2, z + 0.15)),
            (shaded(oak, 0.7), 0.0, (2 * x, 0.3, 0.5), (0.0, 0.0, z + 0.25)),
        ],
        below=True,
    )
    return merge(walls, trim)


def _bookcase(
    rng: random.Random, x: float, wide: float, oak: Colour, books: list[Panel], frames: list[Block]
) -> None:
    """Five shelves of books between two posts; a book's front is one rectangle."""
    deep, tall, z = 0.5, 5.0, _WALL + 0.25
    dark = shaded(oak, 0.45)
    middle = x + wide / 2
    books.append((x, x + wide, 0.3, tall, _WALL + 0.1, dark, 0.0))
    for at in (x + 0.08, x + wide - 0.08):
        frames.append((oak, 0.0, (0.18, tall, deep + 0.1), (at, 0.0, z)))
    frames.append((shaded(oak, 1.15), 0.0, (wide + 0.1, 0.2, deep + 0.2), (middle, tall, z)))
    rows, pitch = 5, (tall - 0.35) / 5
    palette = rng.sample(_BOOKS, 4)
    for row in range(rows):
        y = 0.35 + row * pitch
        books.append((x + 0.1, x + wide - 0.1, y, y + 0.1, z + 0.24, oak, 0.0))
        at = x + 0.2
        while at < x + wide - 0.35:
            thick = rng.uniform(0.16, 0.42)
            end = min(at + thick, x + wide - 0.2)
            if rng.random() < 0.92:
                high = pitch * rng.uniform(0.62, 0.86)
                colour = shaded(rng.choice(palette), rng.uniform(0.85, 1.15))
                books.append((at, end - 0.025, y + 0.1, y + 0.1 + high, z + 0.2, colour, 0.0))
            at = end


def _window(site: Site, x: float, oak: Colour) -> Mesh:
    """A tall arched window that shows the hour and a tree in season."""
    pane = _PANES[site.time]
    grey = {"clear": 0.0, "rain": 0.4, "snow": 0.3}[site.weather]
    sky = mixed(pane, shaded((0.70, 0.74, 0.80), 0.4 if site.time == "night" else 0.95), grey)
    half, low, top, z = 0.8, 0.8, 3.0, _WALL + 0.04
    parts = [
        disc((x, top, z), half + 0.15, half + 0.15, shaded(oak, 1.1), upright=True, sectors=14),
        disc((x, top, z + 0.03), half, half, sky, glow=1.0, upright=True, sectors=14),
    ]
    rows: list[Panel] = [
        (x - half - 0.15, x + half + 0.15, low - 0.15, top, z + 0.01, shaded(oak, 1.1), 0.0),
        (x - half, x + half, low, top, z + 0.04, sky, 1.0),
    ]
    greens = GREENS[site.season]
    leaf = (greens.leaves or ((0.55, 0.55, 0.58),))[0]
    dim = {"dawn": 0.8, "day": 1.0, "sunset": 0.6, "night": 0.25}[site.time]
    tree = mixed(shaded(leaf, dim), sky, 0.3)
    parts.append(disc((x - 0.15, low + 0.55, z + 0.05), 0.6, 0.55, tree, glow=1.0, upright=True))
    if site.time == "night":
        parts.append(
            disc(
                (x + 0.3, top + 0.1, z + 0.06), 0.2, 0.2, (0.98, 0.96, 0.82), glow=1.0, upright=True
            )
        )
    for at in (-0.27, 0.27):
        rows.append((x + at - 0.04, x + at + 0.04, low, top + 0.7, z + 0.08, oak, 0.0))
    for y in (1.55, 2.28, 2.98):
        rows.append((x - half, x + half, y - 0.04, y + 0.04, z + 0.08, oak, 0.0))
    curtain: Colour = (0.55, 0.12, 0.14)
    sides: list[Block] = [
        (curtain, 0.0, (0.28, 3.3, 0.2), (x - half - 0.28, 0.4, z + 0.1)),
        (curtain, 0.0, (0.28, 3.3, 0.2), (x + half + 0.28, 0.4, z + 0.1)),
        (shaded(oak, 1.2), 0.0, (2 * half + 0.5, 0.12, 0.4), (x, low - 0.2, z + 0.2)),
    ]
    return merge(panels(rows), blocks(sides), *parts)


def _globe() -> Mesh:
    """A brass lamp on a long rod."""
    brass = (0.80, 0.60, 0.25)
    return merge(
        lathe([(3.4, 0.03), (_HIGH, 0.03)], (0, 0, 0), brass, sectors=3),
        lathe([(2.85, 0.38), (3.15, 0.2), (3.35, 0.0)], (0, 0, 0), brass, sectors=7),
        ellipsoid((0.3, 0.3, 0.3), (0, 2.8, 0), (1.0, 0.88, 0.58), glow=1.0, rings=3, sectors=7),
    )


def _furniture(site: Site, oak: Colour) -> Mesh:
    """Tables with green lamps and open books, a ladder, a globe of the world."""
    rng = site.rng
    rows: list[Block] = []
    parts: list[Mesh] = []
    top = shaded(oak, 1.25)
    shade = lathe([(1.15, 0.26), (1.35, 0.12)], (0, 0, 0), (0.15, 0.75, 0.40), glow=0.75, sectors=7)
    stems: list[tuple[float, float, float, float, float]] = []
    for k in range(7):
        x = -24.0 + 8.0 * k + rng.uniform(-1.0, 1.0)
        rows.append((top, 0.0, (2.2, 0.1, 0.9), (x, 0.72, -0.85)))
        rows += [(oak, 0.0, (0.14, 0.72, 0.7), (x + s, 0.0, -0.85)) for s in (-0.95, 0.95)]
        rows.append(
            ((0.94, 0.92, 0.84), 0.0, (0.5, 0.05, 0.36), (x + rng.uniform(0.2, 0.7), 0.82, -0.8))
        )
        pile = x - rng.uniform(0.5, 0.8)
        rows += [
            (rng.choice(_BOOKS), 0.0, (0.45 - 0.05 * n, 0.1, 0.34), (pile, 0.82 + 0.1 * n, -0.85))
            for n in range(3)
        ]
        rows.append(((0.80, 0.60, 0.25), 0.0, (0.06, 0.4, 0.06), (x, 0.82, -0.9)))
        stems.append((x, 0.0, -0.9, 0.0, 1.0))
    parts.append(scattered(shade, stems))
    x = rng.choice((-1, 1)) * rng.uniform(3.5, 7.0)
    wood = shaded(oak, 1.5)
    for side in (-0.28, 0.28):
        parts.append(
            cylinder(
                (x + side, 0, _WALL + 1.2), (x + side, 4.6, _WALL + 0.6), 0.05, wood, sectors=4
            )
        )
    rows += [
        (wood, 0.0, (0.56, 0.06, 0.06), (x, 0.5 + 0.5 * k, _WALL + 1.14 - 0.065 * k))
        for k in range(8)
    ]
    at = -x + rng.uniform(-1, 1)
    parts.append(
        ellipsoid((0.42, 0.42, 0.42), (at, 1.15, -1.3), (0.20, 0.50, 0.72), rings=5, sectors=8)
    )
    parts.append(
        ellipsoid(
            (0.3, 0.2, 0.12), (at + 0.05, 1.25, -0.98), (0.80, 0.68, 0.35), rings=3, sectors=6
        )
    )
    parts.append(
        lathe([(0, 0.35), (0.1, 0.3), (0.16, 0.06), (0.75, 0.06)], (at, 0, -1.3), oak, sectors=6)
    )
    return merge(blocks(rows), *parts)
