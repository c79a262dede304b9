"""A desert: flat sand in front, dunes behind, mesas on the horizon, cacti and rocks."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from yozora.world.mesh import Floats, Mesh, ellipsoid, lathe, merge, moved, tube
from yozora.world.places.props import cactus, campfire, palm, rock, tuft
from yozora.world.places.solids import along, band, both_ways, field, scattered, spread
from yozora.world.places.stage import GROUND, Colour, Lamp, Site, Stage, mixed, shaded

_SANDS = ((0.93, 0.72, 0.42), (0.94, 0.66, 0.38), (0.95, 0.78, 0.50))
_WATER = (0.16, 0.55, 0.60)


def desert(site: Site) -> Stage:
    """Sand, cacti and dunes; on the water, an oasis with palms."""
    rng = site.rng
    sand = rng.choice(_SANDS)
    if site.season == "winter":
        sand = mixed(sand, (0.88, 0.84, 0.78), 0.35)
    shore = -2.5 if site.on_water else 0.0
    parts: list[Mesh] = [_dunes(site, shore, sand), _mesas(site)]
    if site.on_water:
        x_N = both_ways(70.0, 12, 1.4)
        phase = rng.uniform(0.0, math.tau)
        edge = [shore + 0.6 * math.sin(x * 0.35 + phase) for x in x_N]
        parts.append(band(x_N, -120.0, edge, 0.05, sand, GROUND))
        parts.append(
            band(x_N, [e - 0.1 for e in edge], [e + 0.3 for e in edge], 0.03, shaded(sand, 0.75))
        )
        reeds = [(x, 0.0, shore + 0.2, 0.0, 1.6) for x in along(rng, 26, 5.0, 2.0)]
        parts.append(scattered(tuft((0.35, 0.52, 0.20)), reeds))
        for kind in range(2):
            palms = [
                (
                    x,
                    0.0,
                    shore - rng.uniform(0.8, 4.5),
                    rng.uniform(-30, 30),
                    rng.uniform(0.6, 0.85),
                )
                for x in along(rng, 27, 8.0, 2.5)
            ]
            parts.append(scattered(palm(kind, (0.26, 0.52, 0.20)), palms))
    else:
        for _ in range(2):
            green = mixed((0.20, 0.50, 0.26), (0.42, 0.55, 0.22), rng.random())
            cacti = [
                (x, 0.0, -rng.uniform(1.0, 8.5), rng.uniform(-40, 40), rng.uniform(0.85, 1.3))
                for x in along(rng, 27, 9.0, 3.0)
            ]
            parts.append(scattered(cactus(rng.randrange(50), green), cacti))
        balls = [
            (x, 0.0, -rng.uniform(0.8, 5.0), 0.0, rng.uniform(0.5, 1.0))
            for x in along(rng, 26, 7.0, 2.0)
        ]
        barrel = ellipsoid((0.42, 0.45, 0.42), (0, 0.3, 0), (0.30, 0.55, 0.25), rings=4, sectors=7)
        parts.append(scattered(barrel, balls))
    stone = (0.66, 0.40, 0.26)
    rocks = [
        (x, 0.0, shore - rng.uniform(1.2, 7.0), rng.uniform(0, 360), rng.uniform(0.7, 1.9))
        for x in along(rng, 27, 5.0, 1.2)
    ]
    parts.append(
        scattered(rock(rng.randrange(9), stone), rocks, [rng.uniform(0.85, 1.1) for _ in rocks])
    )
    lamps: tuple[Lamp, ...] = ()
    if site.dark > 0.5:
        fires = [
            (x, 0.0, shore - rng.uniform(0.9, 1.4), 0.0, 1.0) for x in along(rng, 26, 6.5, 1.5)
        ]
        parts.append(scattered(campfire(), fires))
        near = sorted(fires, key=lambda f: abs(f[0]))[:4]
        lamps = tuple(
            Lamp((f[0], 0.9, f[2] + 0.3), (1.0, 0.55, 0.20), 7.0, site.dark) for f in near
        )
    colour = _WATER if site.on_water else sand
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        colour,
        shaded(sand, 0.88),
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        puddles=False,
        ahead=moved(_mesas(site), dz=-22.0),
        snow_cover=0.4,
    )


def _dunes(site: Site, shore: float, sand: tuple[float, float, float]) -> Mesh:
    """Long crests that rise from the flat, lit side and shadow side."""
    rng = site.rng
    waves = [
        (rng.uniform(0.06, 0.11), rng.uniform(0.10, 0.2), rng.uniform(0, 6.28)) for _ in range(3)
    ]
    tall = rng.uniform(1.4, 2.4)
    light, dark = (
        np.asarray(shaded(sand, 1.06)),
        np.asarray(mixed(shaded(sand, 0.72), (0.62, 0.30, 0.22), 0.3)),
    )

    def height(x: Floats, z: Floats) -> Floats:
        away = np.clip((shore - 5.0 - z) / 14.0, 0.0, 1.6)
        crest = sum(np.abs(np.sin(x * a + z * b + c)) for a, b, c in waves) / len(waves)
        return np.asarray(away * tall * (1.7 * (1.0 - crest) + 0.15) - 0.05, np.float32)

    def colour(x: Floats, z: Floats, y: Floats) -> Floats:
        slope = (height(x + 0.4, z) - height(x - 0.4, z)) / 0.8
        share = np.clip(0.35 - slope * 1.8, 0.0, 1.0)[..., None]
        return np.asarray(light * (1 - share) + dark * share, np.float32)

    x_N = np.linspace(-70.0, 70.0, 43).tolist()
    z_M = [-z for z in reversed(spread(-shore + 4.5, 62.0, 9, 1.4))]
    return field(x_N, z_M, height, colour, GROUND)


def _mesas(site: Site) -> Mesh:
    """Table mountains in red and pale bands, and a great arch of rock before them."""
    rng = site.rng
    tones: tuple[Colour, ...] = (
        (0.66, 0.28, 0.18),
        (0.82, 0.44, 0.26),
        (0.70, 0.32, 0.20),
        (0.90, 0.56, 0.36),
    )
    parts = []
    for k in range(8):
        x, z = -84.0 + 24.0 * k + rng.uniform(-7, 7), -48.0 - rng.uniform(0, 16)
        wide, tall = rng.uniform(4.5, 8.0), rng.uniform(8.0, 12.5)
        edge = [(0.0, wide * 1.6), (0.34, wide * 1.12), (0.36, wide), (0.62, wide * 0.97),
                (0.82, wide * 0.92), (1.0, wide * 0.86)]  # fmt: skip
        for n, ((y0, r0), (y1, r1)) in enumerate(pairwise(edge)):
            outline = [(y0 * tall, r0), (y1 * tall, r1)]
            if n == len(edge) - 2:
                outline.append((tall, 0.0))
            parts.append(lathe(outline, (x, 0.0, z), tones[n % 4], sectors=9))
    side = rng.choice((-1, 1))
    start = side * rng.uniform(4.5, 7.0)
    parts += [_arch(start + 32.0 * k, -16.5, tones[1], side) for k in (-1, 0, 1)]
    return merge(*parts)


def _arch(x: float, z: float, stone: Colour, side: int) -> Mesh:
    """A bow of rock, 6 m high."""
    turn = np.linspace(0.0, math.pi, 8)
    path = np.stack([x + side * 3.4 * np.cos(turn), 4.6 * np.sin(turn) - 0.2, 0 * turn + z], -1)
    thick = np.array([1.7, 1.25, 0.95, 0.85, 0.9, 1.1, 1.4, 2.0])
    return tube(path, thick, stone, sectors=7)
