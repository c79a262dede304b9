"""Outer space: a moon's grey ground with craters, stars, a nebula and a planet with a ring."""

from __future__ import annotations

import math
import random

import numpy as np

from yozora.world.light import Light, direction, shown
from yozora.world.mesh import Floats, Mesh, ellipsoid, from_arrays, lathe, matrix, merge, transform
from yozora.world.places.props import rock
from yozora.world.places.solids import along, both_ways, disc, field, quads, scattered, spread
from yozora.world.places.stage import GROUND, STILL, Colour, Site, Stage, mixed, shaded

_MOON: Colour = (0.64, 0.64, 0.68)
_FAR = 78.0  # metres to the stars
_NEBULAE: tuple[tuple[Colour, Colour], ...] = (
    ((0.46, 0.14, 0.52), (0.10, 0.34, 0.60)),
    ((0.60, 0.18, 0.36), (0.24, 0.16, 0.56)),
    ((0.08, 0.42, 0.48), (0.26, 0.18, 0.58)),
)
_PLANETS: tuple[tuple[Colour, Colour, Colour], ...] = (  # two bands and the ring
    ((0.92, 0.70, 0.42), (0.78, 0.48, 0.28), (0.90, 0.82, 0.66)),
    ((0.36, 0.62, 0.92), (0.22, 0.42, 0.80), (0.80, 0.86, 0.95)),
    ((0.86, 0.48, 0.46), (0.66, 0.30, 0.40), (0.95, 0.78, 0.62)),
    ((0.42, 0.76, 0.70), (0.24, 0.56, 0.58), (0.90, 0.88, 0.70)),
)


def space(site: Site) -> Stage:
    """The surface of a small moon; on the water, a dark still lake on it."""
    rng = site.rng
    side = rng.choice((-1.0, 1.0))
    parts = [_sky(rng), _stars(rng), _planet(rng, side), _hills(rng)]
    parts.append(_craters(rng, site.subject_z, flat=not site.on_water))
    stones = [
        (x, 0.0, -rng.uniform(0.6, 7.0), rng.uniform(0, 360), rng.uniform(0.35, 1.3))
        for x in along(rng, 29, 1.9, 0.8)
    ]
    parts.append(scattered(rock(rng.randrange(9), shaded(_MOON, 0.92)), stones,
                           [rng.uniform(0.8, 1.1) for _ in stones]))  # fmt: skip
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.10, 0.16, 0.30) if site.on_water else _MOON,
        (0.30, 0.40, 0.60) if site.on_water else shaded(_MOON, 0.84),
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=_light(side),
    )


def _light(side: float) -> Light:
    """A hard white sun from one side, and the faint blue of the sky."""
    dark = shown(0.03, 0.03, 0.09)
    return Light(
        sun_dir=direction(-side * 118.0, 36.0),
        disc_dir=direction(-side * 118.0, 36.0),
        sun=(1.08, 1.04, 0.96),
        up=(0.20, 0.21, 0.30),
        down=(0.13, 0.13, 0.18),
        zenith=dark,
        horizon=dark,
        halo=(0.0, 0.0, 0.0),
        disc=(0.0, 0.0, 0.0),
        disc_deg=1.0,
        cloud=dark,
        clouds=0.0,
        stars=0.0,
        fog=0.0,
        rim=(0.30, 0.40, 0.70),
        subject=1.08,
        shadow=0.85,
    )


def _way(azimuth: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Unit vectors; azimuth 0 is straight behind the subject, both in radians."""
    return np.stack([np.sin(azimuth) * np.cos(height), np.sin(height),
                     -np.cos(azimuth) * np.cos(height)], -1)  # fmt: skip


def _sky(rng: random.Random) -> Mesh:
    """A dome that shines by itself: night blue with two clouds of gas."""
    azimuth, height = np.meshgrid(np.linspace(-2.3, 2.3, 37), np.linspace(-0.04, 1.2, 14))
    colour = np.array((0.035, 0.04, 0.11)) * (1.25 - 0.6 * height[..., None])
    first, second = rng.choice(_NEBULAE)
    tilt, at = rng.uniform(-0.35, 0.35), rng.uniform(-0.5, 0.5)
    for tone, x, y, wide, tall in (
        (first, at, 0.30, 0.62, 0.16),
        (second, at + 0.75, 0.36, 0.55, 0.18),
        (second, at - 0.70, 0.20, 0.50, 0.14),
        (mixed(first, (1.0, 0.9, 0.9), 0.35), at + 0.08, 0.31, 0.26, 0.07),
    ):
        across, up = azimuth - x, height - y - tilt * (azimuth - x)
        cloud = np.exp(-((across / wide) ** 2) - (up / tall) ** 2)[..., None]
        colour = colour + (np.array(tone) - colour) * 0.75 * cloud
    rows, cols = azimuth.shape
    k = (np.arange(rows - 1)[:, None] * cols + np.arange(cols - 1)).reshape(-1)
    faces = np.concatenate([np.stack([k, k + 1, k + cols + 1], -1),
                            np.stack([k, k + cols + 1, k + cols], -1)])  # fmt: skip
    point = _way(azimuth, height).reshape(-1, 3)
    mesh = from_arrays(point * (_FAR + 4.0), -point, faces, _MOON, STILL, 1.0)
    mesh.colour_V3[:] = np.clip(colour, 0.0, 1.0).reshape(-1, 3)
    return mesh


def _stars(rng: random.Random) -> Mesh:
    """Many small lozenges on the dome, a few of them large and coloured."""
    count = 330
    azimuth = np.array([rng.uniform(-2.2, 2.2) for _ in range(count)])
    height = np.array([math.asin(rng.uniform(0.02, 0.80)) for _ in range(count)])
    size = np.array([0.62 if k % 11 == 0 else rng.uniform(0.22, 0.42) for k in range(count)])
    way = _way(azimuth, height)
    side = np.stack([np.cos(azimuth), np.zeros(count), np.sin(azimuth)], -1)
    up = np.cross(side, way)
    step = size[:, None]
    corner = np.stack([-up, side, up, -side], 1) * step[:, None] + (way * _FAR)[:, None]
    tones = ((1.0, 1.0, 1.0), (1.0, 0.92, 0.75), (0.75, 0.86, 1.0))
    colour = np.array([tones[k % 3] for k in range(count)])
    return quads(corner, colour, np.ones(count))


def _planet(rng: random.Random, side: float) -> Mesh:
    """A large planet in bands with a wide ring, and a small moon on the other side."""
    light, dark, ring = rng.choice(_PLANETS)
    radius = rng.uniform(6.8, 8.2)
    ball = ellipsoid((radius,) * 3, (0, 0, 0), light, glow=0.12, rings=16, sectors=22)
    bands = np.sin(ball.position_V3[:, 1] / radius * 8.0 + rng.uniform(0.0, 6.0))
    share = np.clip(0.5 + 0.9 * bands, 0.0, 1.0)[:, None]
    ball.colour_V3[:] = np.array(light) * (1.0 - share) + np.array(dark) * share
    turn = np.arange(41) * math.tau / 40
    way = np.stack([np.cos(turn), 0.0 * turn, -np.sin(turn)], 1)
    rings = [ball]
    for inner, outer, tone in ((1.35, 1.68, ring), (1.74, 2.05, mixed(ring, dark, 0.45))):
        corner = np.stack([outer * way[:-1], outer * way[1:], inner * way[1:], inner * way[:-1]], 1)
        flat = quads(corner * radius, np.tile(tone, (40, 1)), np.full(40, 0.75))
        rings += [flat, quads(corner[:, ::-1] * radius, np.tile(tone, (40, 1)), np.full(40, 0.75))]
    azimuth, height = np.array(side * rng.uniform(0.17, 0.27)), np.array(rng.uniform(0.145, 0.175))
    at = _way(azimuth, height) * (_FAR - 14.0)
    tilted = transform(merge(*rings), matrix(tuple(at), pitch_deg=side * 17.0, roll_deg=20.0))
    small = _way(np.array(-side * rng.uniform(0.34, 0.5)), np.array(rng.uniform(0.12, 0.21)))
    moon = ellipsoid((2.3, 2.3, 2.3), tuple(small * (_FAR - 8.0)), (0.80, 0.80, 0.84), glow=0.2,
                     rings=9, sectors=14)  # fmt: skip
    return merge(tilted, moon)


def _hills(rng: random.Random) -> Mesh:
    """Rounded grey hills along the horizon."""
    phase = [rng.uniform(0.0, 6.28) for _ in range(3)]

    def height(x: Floats, z: Floats) -> Floats:
        away = np.clip((-9.0 - z) / 24.0, 0.0, 1.0)
        roll = np.sin(x * 0.16 + phase[0]) + np.sin(x * 0.31 + z * 0.22 + phase[1])
        roll = roll + 0.8 * np.sin(z * 0.35 + phase[2])
        return np.asarray(away * (1.1 + 0.75 * roll) * 1.5 - 0.06, np.float32)

    x_N = both_ways(72.0, 22, 1.1)
    z_M = [-z for z in reversed(spread(8.0, 52.0, 9, 1.3))]
    return field(x_N, z_M, height, shaded(_MOON, 0.9), STILL)


def _craters(rng: random.Random, subject_z: float, flat: bool) -> Mesh:
    """Rings of raised rock behind, and shallow dark bowls painted on the ground ahead."""
    rim = lathe([(0.0, 1.25), (0.30, 0.96), (0.36, 0.86), (0.20, 0.66), (0.04, 0.45), (0.04, 0.0)],
                (0, 0, 0), _MOON, sectors=14)  # fmt: skip
    shade = np.where(np.hypot(rim.position_V3[:, 0], rim.position_V3[:, 2]) < 0.8, 0.62, 1.0)
    rim.colour_V3[:] = rim.colour_V3 * shade[:, None].astype(np.float32)
    spots = [
        (x, 0.0, -rng.uniform(2.2, 6.0), rng.uniform(0, 360), rng.uniform(0.9, 1.7))
        for x in along(rng, 30, 4.2, 1.4)
    ]
    parts = [scattered(rim, spots, [rng.uniform(0.9, 1.08) for _ in spots])]
    if flat:
        for x in along(rng, 26, 3.2, 1.2):
            z, size = subject_z + rng.uniform(-1.7, 1.5), rng.uniform(0.28, 0.75)
            parts.append(disc((x, 0.012, z), size * 1.18, size * 0.92, mixed(_MOON, (1, 1, 1), 0.2),
                              GROUND))  # fmt: skip
            parts.append(disc((x + 0.05 * size, 0.02, z), size, size * 0.74, shaded(_MOON, 0.62),
                              GROUND))  # fmt: skip
    return merge(*parts)
