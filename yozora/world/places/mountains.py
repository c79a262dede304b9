"""The mountains: snow-capped peaks in layers, a lake at their feet, pine slopes, a meadow."""

from __future__ import annotations

import math

import numpy as np

from yozora.world.mesh import Floats, Mesh, merge
from yozora.world.places.props import GREENS, pine, rock, tuft
from yozora.world.places.ridges import ridge
from yozora.world.places.solids import (
    Spot,
    along,
    band,
    blocks,
    both_ways,
    field,
    quads,
    scattered,
    spread,
)
from yozora.world.places.stage import GROUND, WATER, Colour, Lamp, Site, Stage, mixed, shaded

_LAKE: Colour = (0.14, 0.46, 0.66)
_NEEDLES: dict[str, Colour] = {
    "spring": (0.26, 0.54, 0.28),
    "summer": (0.13, 0.42, 0.26),
    "autumn": (0.46, 0.44, 0.16),
    "winter": (0.16, 0.34, 0.30),
}


def mountains(site: Site) -> Stage:
    """A meadow, a lake and great peaks; on the water, the lake itself."""
    rng, greens = site.rng, GREENS[site.season]
    shore = -3.0 if site.on_water else -9.4
    needles = _NEEDLES[site.season]
    parts: list[Mesh] = [ridge(rng, -92.0, (21.0, 29.0), 27.0, (0.46, 0.55, 0.76), 0.40)]
    parts.append(ridge(rng, -64.0, (9.0, 13.5), 24.0, (0.36, 0.46, 0.62), 0.60))
    parts.append(_slopes(site, needles))
    x_N = both_ways(80.0, 12, 1.4)
    phase = rng.uniform(0.0, math.tau)
    edge = [shore + 0.7 * math.sin(x * 0.25 + phase) for x in x_N]
    if site.on_water:
        parts.append(band(x_N, -29.0, -16.0, 0.1, greens.grass, GROUND))
    else:
        parts.append(band(x_N, -29.0, edge, 0.05, _LAKE, WATER))
        parts.append(
            band(x_N, [z - 0.1 for z in edge], [z + 0.7 for z in edge], 0.04, (0.80, 0.76, 0.66))
        )
    side = rng.choice((-1, 1))
    homes = [side * rng.uniform(3.6, 5.4) + 24.0 * k for k in (-1, 0, 1)]
    pines: list[Spot] = []
    for x in along(rng, 30.0, 3.4 if site.on_water else 7.0, 1.2):
        for k in range(rng.randrange(1, 3)):
            z = (-17.0 if site.on_water else -4.5) - rng.uniform(0.0, 4.0)
            spot = (x + 1.5 * k, 0.0, z, rng.uniform(0, 360), rng.uniform(0.6, 1.0))
            if site.on_water or all(abs(spot[0] - home * 0.86) > 2.9 for home in homes):
                pines.append(spot)
    shades = [rng.uniform(0.9, 1.12) for _ in pines]
    parts.append(scattered(pine(needles), pines, shades))
    stones: list[Spot] = [
        (x, 0.0, -rng.uniform(1.0, 3.6), rng.uniform(0, 360), rng.uniform(0.7, 1.5))
        for x in along(rng, 28.0, 7.0, 2.5)
    ]
    parts.append(scattered(rock(4, (0.60, 0.62, 0.66)), stones))
    lamps: tuple[Lamp, ...] = ()
    if not site.on_water:
        parts += [_hut(site, x, -6.8) for x in homes if abs(x) < 29.0]
        parts.append(_blossoms(site))
        if site.dark > 0.0:
            lamps = (Lamp((homes[1], 1.2, -4.6), (1.0, 0.66, 0.30), 7.0, site.dark),)
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        _LAKE if site.on_water else greens.grass,
        greens.grass2,
        water_y=0.0 if site.on_water else 0.05,
        lamps=lamps,
        puddles=False,
        ahead=ridge(rng, -88.0, (20.0, 28.0), 27.0, (0.46, 0.55, 0.76), 0.40),
    )


def _slopes(site: Site, needles: Colour) -> Mesh:
    """Wooded hills on the far side of the lake."""
    rng, greens = site.rng, GREENS[site.season]
    p, q = rng.uniform(0, 6.28), rng.uniform(0, 6.28)

    def height(x: Floats, z: Floats) -> Floats:
        away = np.clip((-27.0 - z) / 20.0, 0.0, 1.0)
        wave = 0.55 + 0.35 * np.sin(x * 0.11 + p) + 0.2 * np.sin(x * 0.27 + z * 0.1 + q)
        return np.asarray(away * wave * 6.0 - 0.05, np.float32)

    meadow = shaded(mixed(greens.grass, needles, 0.45), 0.95)
    hill = field(
        np.linspace(-90.0, 90.0, 31).tolist(),
        [-z for z in reversed(spread(27.0, 56.0, 4, 1.3))],
        height,
        meadow,
        GROUND,
    )
    spots: list[Spot] = []
    for x in along(rng, 62.0, 2.5, 1.2):
        z = -27.5 - 18.0 * rng.random() ** 1.5
        y = float(height(np.float32(x), np.float32(z)))  # type: ignore[arg-type]
        spots.append((x, y - 0.2, z, rng.uniform(0, 360), rng.uniform(0.55, 0.95)))
    return merge(hill, scattered(pine(shaded(needles, 0.9)), spots))


def _blossoms(site: Site) -> Mesh:
    """Tufts of the meadow in flower."""
    rng, greens = site.rng, GREENS[site.season]
    parts = []
    for colour in greens.flowers:
        spots: list[Spot] = [
            (x, 0.0, -rng.uniform(0.5, 2.6), rng.uniform(0, 360), rng.uniform(0.8, 1.2))
            for x in along(rng, 28.0, 3.6, 1.5)
        ]
        parts.append(scattered(tuft(colour, 5, 0.36, 0.14), spots))
    return merge(*parts)


def _hut(site: Site, x: float, z: float) -> Mesh:
    """A wooden hut on a stone foot: steep dark roof, lit windows."""
    wood: Colour = (0.62, 0.38, 0.20)
    roof: Colour = (0.50, 0.20, 0.16)
    glass = (1.0, 0.82, 0.42) if site.dark else (0.72, 0.86, 0.92)
    shine = 0.3 + 0.7 * site.dark
    body = blocks(
        [
            ((0.64, 0.63, 0.62), 0.0, (3.3, 0.6, 2.5), (x, 0.0, z)),
            (wood, 0.0, (3.1, 1.2, 2.3), (x, 0.6, z)),
            ((0.52, 0.50, 0.50), 0.0, (0.45, 1.5, 0.45), (x - 0.8, 2.0, z)),
            (glass, shine, (0.65, 0.6, 0.1), (x - 0.9, 0.95, z + 1.16)),
            (glass, shine, (0.65, 0.6, 0.1), (x + 0.9, 0.95, z + 1.16)),
            (shaded(wood, 0.5), 0.0, (0.7, 1.3, 0.1), (x, 0.3, z + 1.18)),
        ]
    )
    a, b, top, low = 1.75, 2.05, 3.3, 1.5
    corner = np.array(
        [
            [(-b, low, a), (b, low, a), (b, top, 0), (-b, top, 0)],
            [(b, low, -a), (-b, low, -a), (-b, top, 0), (b, top, 0)],
            [(-1.55, 1.7, -1.2), (-1.55, 1.7, 1.2), (-1.55, top, 0), (-1.55, top, 0)],
            [(1.55, 1.7, 1.2), (1.55, 1.7, -1.2), (1.55, top, 0), (1.55, top, 0)],
        ]
    ) + np.array([x, 0.0, z])
    return merge(body, quads(corner, np.array([roof, roof, wood, wood]), np.zeros(4)))
