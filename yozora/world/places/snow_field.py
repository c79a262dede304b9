"""A snow field: white drifts, snowy pines, a cabin with warm windows, mountains."""

from __future__ import annotations

import math

import numpy as np

from yozora.world.mesh import Floats, Mesh, cone, ellipsoid, merge
from yozora.world.places.props import WOOD, pine, rock
from yozora.world.places.ridges import ridge
from yozora.world.places.solids import (
    along,
    band,
    blocks,
    both_ways,
    disc,
    field,
    panels,
    quads,
    scattered,
    spread,
)
from yozora.world.places.stage import GROUND, Colour, Lamp, Site, Stage, shaded

_WHITE: Colour = (0.95, 0.97, 1.0)
_BLUE: Colour = (0.80, 0.88, 0.98)
_ICE: Colour = (0.36, 0.56, 0.70)
_NEEDLES = {
    "spring": (0.30, 0.55, 0.32),
    "summer": (0.18, 0.46, 0.30),
    "autumn": (0.36, 0.42, 0.22),
    "winter": (0.14, 0.34, 0.30),
}


def snow_field(site: Site) -> Stage:
    """White ground and pines; on the water, a lake with floes of ice."""
    rng = site.rng
    shore = -2.5 if site.on_water else 0.0
    parts: list[Mesh] = [
        _drifts(site, shore),
        ridge(rng, -86.0, (17.0, 26.0), 25.0, (0.46, 0.57, 0.76), 0.34),
    ]
    if site.on_water:
        x_N = both_ways(70.0, 12, 1.4)
        phase = rng.uniform(0, math.tau)
        edge = [shore + 0.5 * math.sin(x * 0.5 + phase) for x in x_N]
        parts.append(band(x_N, -120.0, edge, 0.12, _WHITE, GROUND))
        parts.append(band(x_N, [e - 0.1 for e in edge], [e + 0.25 for e in edge], 0.05, _BLUE))
        for x in along(rng, 26, 4.0, 1.5):
            floe = disc(
                (x, 0.06, shore + rng.uniform(0.9, 1.9)),
                rng.uniform(0.4, 1.0),
                0.35,
                _WHITE,
                sectors=6,
            )
            parts.append(floe)
    needles = _NEEDLES[site.season]
    side = rng.choice((-1, 1))
    home = side * rng.uniform(4.0, 6.5)
    near = [
        (x, 0.0, shore - rng.uniform(2.0, 7.0), rng.uniform(0, 360), rng.uniform(0.55, 0.85))
        for x in along(rng, 28, 5.0, 1.6)
        if abs(x - home) > 3.0
    ]
    far = [
        (x, 0.3, shore - rng.uniform(12.0, 22.0), rng.uniform(0, 360), rng.uniform(0.9, 1.5))
        for x in along(rng, 38, 6.0, 2.5)
    ]
    parts.append(
        scattered(pine(needles, True), near + far, [rng.uniform(0.9, 1.05) for _ in near + far])
    )
    stones = [
        (x, -0.1, shore - rng.uniform(0.8, 4.0), rng.uniform(0, 360), rng.uniform(0.7, 1.4))
        for x in along(rng, 26, 8.5, 3.0)
    ]
    parts.append(scattered(rock(1, (0.88, 0.92, 0.98)), stones))
    parts.append(_cabin(site, home, shore - 7.5))
    parts.append(_snowman(-side * rng.uniform(3.2, 5.0), shore - 1.6))
    lamps: tuple[Lamp, ...] = ()
    if site.dark > 0.0:
        lamps = (Lamp((home, 1.5, shore - 4.8), (1.0, 0.66, 0.30), 6.0, site.dark),)
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        _ICE if site.on_water else _WHITE,
        _BLUE,
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        snow_cover=0.6,
        puddles=False,
        ahead=ridge(rng, -80.0, (16.0, 24.0), 25.0, (0.46, 0.57, 0.76), 0.34),
    )


def _drifts(site: Site, shore: float) -> Mesh:
    """Soft waves of snow behind the flat."""
    rng = site.rng
    p, q = rng.uniform(0, 6.28), rng.uniform(0, 6.28)

    def height(x: Floats, z: Floats) -> Floats:
        away = np.clip((shore - 1.5 - z) / 10.0, 0.0, 1.4)
        wave = 0.55 + 0.3 * np.sin(x * 0.21 + z * 0.17 + p) + 0.25 * np.sin(x * 0.09 - z * 0.3 + q)
        return np.asarray(away * wave - 0.06, np.float32)

    def colour(x: Floats, z: Floats, y: Floats) -> Floats:
        share = np.clip(y * 0.7, 0.0, 1.0)[..., None]
        return np.asarray(np.asarray(_BLUE) * (1 - share) + np.asarray(_WHITE) * share, np.float32)

    z_M = [-z for z in reversed(spread(-shore + 1.0, 90.0, 8, 1.8))]
    return field(np.linspace(-75.0, 75.0, 31).tolist(), z_M, height, colour, GROUND)


def _cabin(site: Site, x: float, z: float) -> Mesh:
    """A log house: snowy roof, chimney, lit windows."""
    log = shaded(WOOD, 0.85)
    glass = (1.0, 0.78, 0.35)
    shine = 0.4 + 0.6 * site.dark
    body = blocks(
        [
            (log, 0.0, (4.2, 2.0, 3.0), (x, 0.0, z)),
            ((0.45, 0.40, 0.40), 0.0, (0.5, 1.6, 0.5), (x + 1.2, 2.4, z)),
            (_WHITE, 0.0, (0.6, 0.2, 0.6), (x + 1.2, 4.0, z)),
        ]
    )
    flat = panels(
        [
            (x - 1.6, x - 0.7, 0.8, 1.5, z + 1.53, glass, shine),
            (x + 0.8, x + 1.7, 0.8, 1.5, z + 1.53, glass, shine),
            (x - 0.4, x + 0.4, 0.0, 1.5, z + 1.53, shaded(log, 0.5), 0.0),
        ]
    )
    a, b, top, low = z + 2.0, z - 2.0, 3.6, 1.8
    roof = quads(
        np.array(
            [
                [(x - 2.6, low, a), (x + 2.6, low, a), (x + 2.6, top, z), (x - 2.6, top, z)],
                [(x + 2.6, low, b), (x - 2.6, low, b), (x - 2.6, top, z), (x + 2.6, top, z)],
                [
                    (x - 2.1, 2.0, b + 0.5),
                    (x - 2.1, 2.0, a - 0.5),
                    (x - 2.1, top, z),
                    (x - 2.1, top, z),
                ],
                [
                    (x + 2.1, 2.0, a - 0.5),
                    (x + 2.1, 2.0, b + 0.5),
                    (x + 2.1, top, z),
                    (x + 2.1, top, z),
                ],
            ]
        ),
        np.array([_WHITE, _WHITE, log, log]),
        np.zeros(4),
    )
    return merge(body, flat, roof)


def _snowman(x: float, z: float) -> Mesh:
    """Three balls, a hat, a carrot."""
    coal: Colour = (0.08, 0.08, 0.09)
    return merge(
        ellipsoid((0.5, 0.45, 0.5), (x, 0.38, z), _WHITE, rings=5, sectors=8),
        ellipsoid((0.36, 0.34, 0.36), (x, 1.02, z), _WHITE, rings=5, sectors=8),
        ellipsoid((0.26, 0.25, 0.26), (x, 1.5, z), _WHITE, rings=5, sectors=8),
        cone((x, 1.5, z + 0.24), 0.07, (x, 1.47, z + 0.55), (0.98, 0.5, 0.1), sectors=4),
        blocks(
            [
                (coal, 0.0, (0.6, 0.05, 0.6), (x, 1.7, z)),
                (coal, 0.0, (0.36, 0.34, 0.36), (x, 1.74, z)),
            ]
        ),
        blocks([((0.85, 0.15, 0.15), 0.0, (0.58, 0.14, 0.58), (x, 1.2, z))]),
    )
