"""A library: tall arched windows full of light between high shelves, reading tables with lamps."""

from __future__ import annotations

import random

from yozora.world.mesh import Mesh, cylinder, ellipsoid, lathe, merge, moved
from yozora.world.places.rooms import (
    OUTSIDE,
    arch,
    garden,
    moon_or_sun,
    room_light,
    shell,
    sloped,
)
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

_WALL = -5.6  # z of the back wall
_HIGH = 5.6  # the ceiling
_END = 30.0  # x of the end walls
_WOOD: Colour = (0.42, 0.25, 0.14)
_BOOKS: tuple[Colour, ...] = (
    (0.62, 0.18, 0.16),
    (0.16, 0.30, 0.50),
    (0.16, 0.40, 0.30),
    (0.80, 0.60, 0.26),
    (0.86, 0.78, 0.62),
    (0.44, 0.24, 0.40),
)
_WINDOW, _CASE = 3.4, 4.1  # metres along the wall that each takes


def library(site: Site) -> Stage:
    """A reading hall; on the water, its floor is a shallow pool with a stone rim."""
    rng = site.rng
    oak = mixed(_WOOD, (0.54, 0.34, 0.19), rng.random())
    cream: Colour = (0.88, 0.80, 0.66)
    parts: list[Mesh] = [shell(_END, _WALL, _HIGH, cream, shaded(oak, 0.7))]
    period = _WINDOW + _CASE
    start = rng.choice((-1, 1)) * rng.uniform(2.2, 3.2)
    windows = [start + period * k for k in range(-5, 6) if abs(start + period * k) < _END - 1.0]
    parts.append(scattered(_window(site, oak), [(x, 0.0, 0.0, 0.0, 1.0) for x in windows]))
    far = [(3.6 * d, 0.0, -_END - _WALL, 0.0, 1.0) for d in (-1, 0, 1)]
    ahead = scattered(_window(site, oak), far)
    books: list[Panel] = []
    frames: list[Block] = []
    cases = [x + period / 2 for x in windows] + [windows[0] - period / 2]
    for x in cases:
        _bookcase(rng, x, oak, books, frames)
    parts += [blocks(frames), panels(books)]
    parts.append(
        blocks(
            [
                (shaded(oak, 0.9), 0.0, (2 * _END, 0.4, 0.5), (0.0, 4.75, _WALL + 0.25)),
                (shaded(oak, 0.8), 0.0, (2 * _END, 0.4, 0.3), (0.0, 0.0, _WALL + 0.15)),
            ],
            below=True,
        )
    )
    tables = [(x, 0.0, -2.0, 0.0, 1.0) for x in windows]
    parts.append(scattered(_table(oak), tables))
    globes = [(x, 0.0, -2.8, 0.0, 1.0) for x in cases]
    parts.append(scattered(_globe(), globes))
    side = [(x + rng.uniform(-0.6, 0.6), 0.0, 0.0, 0.0, 1.0) for x in cases[::3]]
    parts.append(scattered(_ladder(shaded(oak, 1.5)), side))
    parts.append(scattered(_earth(oak), [(x, 0.0, -2.6, 0.0, 1.0) for x in cases[1::3]]))
    floor: Colour = (0.60, 0.41, 0.25)
    if site.on_water:
        parts.append(blocks([((0.82, 0.78, 0.70), 0.0, (2 * _END, 0.12, 5.5), (0, 0, -2.9))]))
    else:
        parts += _floor(site, windows, floor)
    power = 0.2 + 0.7 * site.dark
    near = sorted(windows, key=abs)[:2]
    hung = sorted(cases, key=abs)[:2]
    lamps = [Lamp((x, 1.5, -1.7), (0.92, 0.90, 0.52), 3.6, power) for x in near]
    lamps += [Lamp((x, 2.8, -2.6), (1.0, 0.78, 0.45), 6.5, power) for x in hung]
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.25, 0.55, 0.58) if site.on_water else floor,
        (0.60, 0.80, 0.80) if site.on_water else shaded(floor, 0.9),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=room_light(site),
        ahead=ahead,
        lamps=tuple(lamps),
    )


def _floor(site: Site, windows: list[float], floor: Colour) -> list[Mesh]:
    """A long carpet, and the light of the windows on the boards."""
    red: Colour = site.rng.choice(
        ((0.50, 0.13, 0.14), (0.13, 0.32, 0.34), (0.16, 0.24, 0.42), (0.34, 0.16, 0.32))
    )
    x_N = [-_END, _END]
    middle = site.subject_z
    out = [band(x_N, middle - 1.9, middle + 1.9, 0.02, red)]
    for z in (middle - 1.72, middle + 1.54):
        out.append(band(x_N, z, z + 0.18, 0.03, (0.84, 0.66, 0.32)))
    if site.time != "night":
        glow = mixed(OUTSIDE[site.time][0], floor, 0.78)
        for x in windows:
            pool = [(x - 0.9, 0.015, -1.0), (x + 1.9, 0.015, -1.0),
                    (x + 1.1, 0.015, -4.6), (x - 1.1, 0.015, -4.6)]  # fmt: skip
            out.append(quads([pool], [glow], [0.15]))  # type: ignore[arg-type]
    return out


def _bookcase(
    rng: random.Random, x: float, oak: Colour, books: list[Panel], frames: list[Block]
) -> None:
    """Five shelves between two posts; a run of books is one rectangle, its colours calm."""
    wide, tall, deep, z = _CASE - 0.2, 4.7, 0.6, _WALL + 0.3
    left = x - wide / 2
    books.append((left, left + wide, 0.3, tall, _WALL + 0.12, shaded(oak, 0.45), 0.0))
    for at in (left + 0.1, x, left + wide - 0.1):
        frames.append((oak, 0.0, (0.2, tall, deep + 0.1), (at, 0.0, z)))
    rows, pitch = 5, (tall - 0.4) / 5
    palette = rng.sample(_BOOKS, 3)
    for row in range(rows):
        y = 0.4 + row * pitch
        frames.append((shaded(oak, 1.1), 0.0, (wide, 0.11, deep), (x, y - 0.11, z)))
        for half in (left + 0.22, x + 0.12):
            at, end = half, half + wide / 2 - 0.34
            while at < end - 0.15:
                to = min(at + rng.uniform(0.22, 0.5), end)
                if rng.random() < 0.93:
                    high = pitch * rng.choice((0.62, 0.70, 0.76))
                    colour = shaded(rng.choice(palette), rng.uniform(0.92, 1.08))
                    books.append((at, to - 0.03, y, y + high, z + 0.22, colour, 0.0))
                at = to


def _window(site: Site, oak: Colour) -> Mesh:
    """A tall arched window that shows the hour, over a garden in season."""
    low, high = OUTSIDE[site.time]
    half, foot, spring, z = 1.25, 0.85, 3.15, _WALL + 0.04
    stone: Colour = (0.96, 0.92, 0.84)
    rows: list[Panel] = [
        (-half - 0.24, half + 0.24, foot - 0.2, spring, z, stone, 0.0),
    ]
    bars: list[Block] = [
        (stone, 0.0, (2 * half + 0.8, 0.16, 0.5), (0.0, foot - 0.2, z + 0.22)),
        (oak, 0.0, (0.11, spring + half - foot, 0.06), (0.0, foot, z + 0.1)),
        (oak, 0.0, (2 * half, 0.11, 0.06), (0.0, spring - 0.05, z + 0.1)),
        (oak, 0.0, (2 * half, 0.09, 0.06), (0.0, 1.95, z + 0.1)),
    ]
    for at in (-0.62, 0.62):
        bars.append((oak, 0.0, (0.07, spring - foot, 0.06), (at, foot, z + 0.1)))
    middle = mixed(low, high, 0.7)
    return merge(
        panels(rows),
        arch(0.0, half + 0.24, spring, z, stone, 0.0),
        arch(0.0, half, spring, z + 0.03, mixed(middle, high, 0.5), 1.0),
        sloped([(-half, foot, z + 0.03), (half, foot, z + 0.03),
                (half, spring, z + 0.03), (-half, spring, z + 0.03)], low, middle, 1.0),
        moon_or_sun(site, 0.62, 3.45, z + 0.05, 0.28),
        garden(site, -half, half, foot, z + 0.05, 0.85),
        blocks(bars),
    )  # fmt: skip


def _globe() -> Mesh:
    """A brass lamp on a long rod."""
    brass = (0.80, 0.60, 0.25)
    return merge(
        lathe([(3.4, 0.03), (_HIGH, 0.03)], (0, 0, 0), brass, sectors=3),
        lathe([(3.05, 0.4), (3.25, 0.2), (3.4, 0.0)], (0, 0, 0), brass, sectors=8),
        ellipsoid(
            (0.33, 0.33, 0.33), (0, 2.98, 0), (1.0, 0.88, 0.58), glow=1.0, rings=4, sectors=8
        ),
    )


def _table(oak: Colour) -> Mesh:
    """A long table with two green lamps, an open book and two chairs, 3 m."""
    top, dark = shaded(oak, 1.3), shaded(oak, 0.9)
    rows: list[Block] = [
        (top, 0.0, (3.0, 0.12, 1.0), (0.0, 0.74, 0.0)),
        (dark, 0.0, (0.18, 0.74, 0.8), (-1.3, 0.0, 0.0)),
        (dark, 0.0, (0.18, 0.74, 0.8), (1.3, 0.0, 0.0)),
        ((0.95, 0.93, 0.86), 0.0, (0.55, 0.05, 0.4), (0.15, 0.86, 0.1)),
        ((0.62, 0.18, 0.16), 0.0, (0.5, 0.13, 0.36), (-0.45, 0.86, 0.1)),
        ((0.16, 0.30, 0.50), 0.0, (0.42, 0.13, 0.34), (-0.45, 0.99, 0.1)),
    ]
    for x in (-0.9, 0.9):
        rows.append(((0.80, 0.60, 0.25), 0.0, (0.07, 0.42, 0.07), (x, 0.86, 0.0)))
    shade = lathe([(1.2, 0.32), (1.45, 0.13)], (0, 0, 0), (0.16, 0.72, 0.40), glow=0.75, sectors=8)
    return merge(blocks(rows), moved(shade, -0.9), moved(shade, 0.9))


def _ladder(wood: Colour) -> Mesh:
    """A ladder that leans on a bookcase."""
    rows: list[Block] = [
        (wood, 0.0, (0.6, 0.08, 0.08), (0.0, 0.5 + 0.55 * k, _WALL + 1.42 - 0.07 * k))
        for k in range(7)
    ]
    posts = [
        cylinder((s, 0, _WALL + 1.5), (s, 4.4, _WALL + 0.9), 0.06, wood, sectors=4)
        for s in (-0.32, 0.32)
    ]
    return merge(blocks(rows), *posts)


def _earth(oak: Colour) -> Mesh:
    """A globe of the world on a stand, 1.6 m."""
    return merge(
        ellipsoid((0.5, 0.5, 0.5), (0, 1.2, 0), (0.20, 0.48, 0.70), rings=6, sectors=10),
        ellipsoid((0.34, 0.26, 0.12), (0.06, 1.3, 0.4), (0.80, 0.70, 0.40), rings=3, sectors=6),
        disc((0.0, 0.02, 0.0), 0.45, 0.45, shaded(oak, 0.8), sectors=10),
        lathe([(0, 0.36), (0.1, 0.3), (0.16, 0.07), (0.75, 0.07)], (0, 0, 0), oak, sectors=7),
    )
