"""A market: stalls with striped awnings, piles of fruit, lanterns, people who walk by."""

from __future__ import annotations

import random

import numpy as np

from yozora.world.mesh import Mesh, cylinder, ellipsoid, lathe, merge, moved, scaled
from yozora.world.places.facades import COATS, HAIRS, SKINS, crowd, windows
from yozora.world.places.movers import passing
from yozora.world.places.props import GREENS, WOOD, park_tree, two_tone
from yozora.world.places.solids import Block, Panel, along, blocks, panels, quads, scattered
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_CREAM: Colour = (0.98, 0.95, 0.86)
_CLOTHS: tuple[Colour, ...] = (
    (0.86, 0.18, 0.16),
    (0.16, 0.54, 0.34),
    (0.96, 0.56, 0.12),
    (0.16, 0.42, 0.76),
    (0.94, 0.76, 0.16),
    (0.60, 0.24, 0.56),
)
_FRUIT: tuple[Colour, ...] = (
    (0.98, 0.56, 0.08),
    (0.86, 0.14, 0.12),
    (0.52, 0.78, 0.16),
    (0.99, 0.86, 0.20),
    (0.46, 0.20, 0.52),
    (0.20, 0.52, 0.20),
    (0.98, 0.62, 0.50),
)
_PAPER: tuple[Colour, ...] = ((1.0, 0.42, 0.20), (1.0, 0.78, 0.30), (1.0, 0.56, 0.42))
_WALLS: tuple[Colour, ...] = (
    (0.92, 0.80, 0.60),
    (0.86, 0.60, 0.44),
    (0.94, 0.88, 0.76),
    (0.76, 0.66, 0.60),
    (0.88, 0.70, 0.50),
)
_PAVING: Colour = (0.70, 0.60, 0.49)
_STALL = 2.9  # its width in metres


def market(site: Site) -> Stage:
    """Two rows of stalls on a square, houses behind; on the water, along a quay."""
    rng, greens = site.rng, GREENS[site.season]
    high = 0.35 if site.on_water else 0.0
    rows: list[Block] = []
    if site.on_water:
        rows.append((_PAVING, 0.0, (96.0, high, 30.0), (0.0, 0.0, -15.4)))
        rows.append(((0.60, 0.54, 0.48), 0.0, (96.0, high + 0.12, 0.3), (0.0, 0.0, -0.4)))
    parts: list[Mesh] = [blocks(rows)] if rows else []
    pitch = 5.0
    start = rng.uniform(-1.0, 1.0) - 7 * pitch
    cloths = rng.sample(_CLOTHS, len(_CLOTHS))
    for kind in range(5):
        front = [(start + pitch * k, high, -2.9, 0.0, 1.0) for k in range(kind, 14, 5)]
        back = [(start + 6.6 * k + 1.5, high, -8.2, 0.0, 1.0) for k in range(kind, 11, 5)]
        fruit = rng.sample(_FRUIT, 6)
        parts.append(scattered(_stall(rng, cloths[kind], fruit, True, kind % 2 == 0), front))
        parts.append(scattered(_stall(rng, cloths[(kind + 2) % 6], fruit[3:], False, False), back))
    parts.append(_lanterns(site, high))
    houses = _houses(site)
    parts.append(houses)
    trees_x = along(rng, 34, 11.0, 2.5)
    for k in range(2):
        spots = [
            (x, high, -10.4, rng.uniform(0, 360), rng.uniform(0.75, 0.9)) for x in trees_x[k::2]
        ]
        parts.append(scattered(park_tree(0, greens, rng), spots))

    movers = crowd(site, 8, high, (-5.0, -6.2), 36.0) + crowd(site, 5, high, (-1.0, -1.5), 36.0)
    moving, motion = passing(movers, 0.2 * site.dark)
    lamps = tuple(
        Lamp((start + pitch * (k + 6), 2.1 + high, -1.6), (1.0, 0.66, 0.32), 6.0, site.dark)
        for k in range(4)
        if site.dark > 0.0
    )
    colour = (0.12, 0.30, 0.38) if site.on_water else _PAVING
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        colour,
        shaded(colour, 0.88),
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        snow_cover=0.7,
        fog_share=0.6,
        moving=moving,
        motion=motion,
        ahead=moved(scaled(houses, 1.3), dz=-30.0),
    )


def _awning(cloth: Colour) -> Mesh:
    """A striped roof that leans towards the viewer, with a valance."""
    stripes, half = 7, _STALL / 2
    x_N = np.linspace(-half, half, stripes + 1)
    low, high, near, far = 1.98, 2.55, 0.95, -0.75
    corner, colour = [], []
    for k in range(stripes):
        a, b = x_N[k], x_N[k + 1]
        paint = cloth if k % 2 == 0 else _CREAM
        corner.append(((a, low, near), (b, low, near), (b, high, far), (a, high, far)))
        corner.append(
            ((a, low - 0.26, near), (b, low - 0.26, near), (b, low, near), (a, low, near))
        )
        colour += [paint, shaded(paint, 0.92)]
    corner.append(((-half, low - 0.02, near), (-half, high - 0.02, far),
                   (half, high - 0.02, far), (half, low - 0.02, near)))  # fmt: skip
    colour.append(shaded(cloth, 0.55))
    return quads(np.array(corner), np.array(colour), np.full(len(colour), 0.06))


def _stall(
    rng: random.Random, cloth: Colour, fruit: list[Colour], near: bool, seller: bool
) -> Mesh:
    """A stall of 2.9 m, facing the viewer: heaps of fruit, on two steps if `near`."""
    wood, dark = WOOD, shaded(WOOD, 0.6)
    rows: list[Block] = [
        (wood, 0.0, (2.6, 0.86, 0.6), (0.0, 0.0, -0.1)),
        (shaded(wood, 1.2), 0.0, (2.7, 0.5, 0.55), (0.0, 0.0, 0.45)),
        (dark, 0.0, (0.09, 2.0, 0.09), (-1.32, 0.0, 0.78)),
        (dark, 0.0, (0.09, 2.0, 0.09), (1.32, 0.0, 0.78)),
    ]
    parts = [blocks(rows), _awning(cloth)]
    for k in range(3):
        x = -0.84 + 0.84 * k
        parts.append(_pile(fruit[k], (x, 0.88, -0.1), 0.34))
        if near:
            parts.append(_pile(fruit[3 + k], (x, 0.5, 0.48), 0.25))
    if seller:
        x, coat = rng.choice((-0.4, 0.4)), rng.choice(COATS)
        parts += [
            cylinder((x, 0.6, -0.9), (x, 1.38, -0.9), 0.26, coat, sectors=6, radius_end=0.16),
            ellipsoid((0.16, 0.18, 0.16), (x, 1.53, -0.88), rng.choice(SKINS), rings=4, sectors=6),
            ellipsoid((0.18, 0.13, 0.17), (x, 1.63, -0.92), rng.choice(HAIRS), rings=3, sectors=6),
        ]
    return merge(*parts)


def _pile(colour: Colour, at: tuple[float, float, float], tall: float) -> Mesh:
    """A heap of one kind of fruit, darker at its foot."""
    x, y, z = at
    outline = [(0.0, 0.36), (0.55 * tall, 0.29), (tall, 0.0)]
    heap = lathe(outline, (x, y, z), colour, sectors=7)
    return two_tone(heap, shaded(colour, 0.7))


def _lanterns(site: Site, high: float) -> Mesh:
    """Paper lanterns on strings across the square."""
    glow = 0.35 + 0.65 * site.dark
    parts: list[Mesh] = []
    spots: list[list[tuple[float, float, float, float, float]]] = [[], [], []]
    string: list[Block] = []
    for row, (z, y, count) in enumerate(((-1.9, 2.75, 34), (-5.7, 3.4, 26))):
        offset = site.rng.uniform(0.0, 2.0)
        for k in range(count):
            x = -35.0 + offset + 69.0 * k / count
            sag = 0.16 * (((k % 4) - 1.5) ** 2 - 1.25) / 1.5
            spots[(k * (row + 1) + row) % 3].append(
                (x, high + y + sag, z, 0.0, 0.9 if row == 0 else 1.1)
            )
        string.append(((0.25, 0.2, 0.18), 0.0, (72.0, 0.05, 0.05), (0.0, high + y + 0.28, z)))
    for paper, places in zip(_PAPER, spots, strict=True):
        lantern = ellipsoid((0.17, 0.2, 0.17), (0, 0, 0), paper, glow=glow, rings=3, sectors=6)
        parts.append(scattered(lantern, places))
    return merge(blocks(string), *parts)


def _houses(site: Site) -> Mesh:
    """Old houses around the square: warm walls, gabled roofs, shutters."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    roofs = []
    x, kind, z = -42.0, rng.randrange(len(_WALLS)), -12.6
    while x < 40.0:
        width, tall = rng.uniform(4.2, 6.2), rng.uniform(3.0, 4.3)
        kind = (kind + rng.randrange(1, len(_WALLS))) % len(_WALLS)
        wall, middle = _WALLS[kind], x + width / 2
        rows.append((wall, 0.0, (width, tall, 5.0), (middle, 0.0, z - 2.5)))
        tile = mixed((0.66, 0.28, 0.18), (0.50, 0.30, 0.24), rng.random())
        a, b, top = x - 0.2, x + width + 0.2, tall + 1.1
        roofs.append((((a, tall, z + 0.2), (b, tall, z + 0.2), (b, top, z - 2.2),
                       (a, top, z - 2.2)), tile))  # fmt: skip
        floors = 2 if tall > 3.4 else 1
        glass = mixed((0.34, 0.44, 0.52), wall, 0.15)
        flat += windows(site, (x + 0.3, x + width - 0.3, tall - 1.35 * floors - 0.1, tall - 0.1,
                               z + 0.03), (3, floors), (0.42, 0.62), glass, 0.7)  # fmt: skip
        x += width + (rng.uniform(1.2, 2.4) if rng.random() < 0.25 else 0.0)
    roof = quads(
        np.array([r[0] for r in roofs]), np.array([r[1] for r in roofs]), np.zeros(len(roofs))
    )
    return merge(blocks(rows), panels(flat), roof)
