"""A beach: pale sand, a bright sea behind it, palms, parasols, a lighthouse, sails."""

from __future__ import annotations

import math

from yozora.world.mesh import Mesh, cone, ellipsoid, lathe, merge, slab
from yozora.world.places.props import palm, parasol, rock, torch
from yozora.world.places.solids import along, band, blocks, both_ways, disc, scattered
from yozora.world.places.stage import GROUND, WATER, Colour, Lamp, Site, Stage, mixed, shaded

_SEA: Colour = (0.08, 0.52, 0.72)
_SHALLOW: Colour = (0.35, 0.80, 0.82)
_FOAM: Colour = (0.96, 0.98, 0.98)
_CLOTH: tuple[Colour, ...] = (
    (0.92, 0.20, 0.20),
    (0.16, 0.45, 0.85),
    (0.98, 0.75, 0.12),
    (0.95, 0.42, 0.66),
    (0.15, 0.66, 0.45),
)
_PALM = {
    "spring": (0.42, 0.72, 0.26),
    "summer": (0.22, 0.58, 0.22),
    "autumn": (0.60, 0.58, 0.20),
    "winter": (0.42, 0.52, 0.36),
}


def beach(site: Site) -> Stage:
    """Sand, then surf, then the sea to the horizon; on the water, a sandy shore behind it."""
    rng = site.rng
    sand = mixed((0.96, 0.87, 0.66), (0.98, 0.92, 0.80), rng.random())
    if site.season == "winter":
        sand = mixed(sand, (0.82, 0.82, 0.80), 0.5)
    parts: list[Mesh] = [_bay(site, sand) if site.on_water else _sea(site, sand)]
    back = -6.5 if site.on_water else 0.0
    for kind in range(2):
        palms = [
            (x, 0.0, back - rng.uniform(2.5, 3.3), rng.uniform(-40, 40), rng.uniform(0.66, 0.84))
            for x in along(rng, 27, 11.0, 3.0)
        ]
        parts.append(scattered(palm(rng.randrange(2) + 2 * kind, _PALM[site.season]), palms))
    cloths = rng.sample(_CLOTH, 3)
    for k, x in enumerate(along(rng, 26, 6.6, 1.0)):
        first = cloths[k % 3]
        shade: Colour = rng.choice(((0.97, 0.97, 0.95), cloths[(k + 1) % 3]))
        z, size = back - rng.uniform(1.6, 2.1), rng.uniform(0.9, 1.05)
        parts.append(scattered(parasol(first, shade), [(x, 0.0, z, rng.uniform(0, 45), size)]))
        parts.append(_lounger(x + 1.2, z - 0.1, first))
    side = rng.choice((-1, 1))
    towers = [side * rng.uniform(5.0, 8.0) + 42.0 * k for k in (-1, 0, 1)]
    if site.on_water:
        parts.append(scattered(_lighthouse(site), [(x, 0.0, -13.0, 0.0, 0.8) for x in towers]))
    else:
        parts.append(scattered(_lighthouse(site), [(x, 0.0, -27.0, 0.0, 1.0) for x in towers]))
        sails = [
            (x - side * rng.uniform(9.0, 12.0), 0.0, -19.0, 20.0, rng.uniform(0.9, 1.15))
            for x in towers
        ]
        parts.append(scattered(_yacht(rng.choice(_CLOTH)), sails))
    shells = [
        (x, 0.0, back - rng.uniform(0.4, 2.4), rng.uniform(0, 360), rng.uniform(0.25, 0.6))
        for x in along(rng, 26, 7.0, 3.0)
    ]
    parts.append(scattered(rock(3, (0.70, 0.66, 0.60)), shells))
    lamps: tuple[Lamp, ...] = ()
    if site.dark > 0.5:
        flames = [
            (x, 0.0, back - rng.uniform(0.3, 0.8), 0.0, 1.0) for x in along(rng, 26, 5.5, 1.0)
        ]
        parts.append(scattered(torch(), flames))
        near = sorted(flames, key=lambda f: abs(f[0]))[:4]
        lamps = tuple(
            Lamp((f[0], 1.7, f[2] + 0.4), (1.0, 0.62, 0.26), 5.5, site.dark) for f in near
        )
    colour = _SHALLOW if site.on_water else sand
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        mixed(_SHALLOW, _SEA, 0.5) if site.on_water else colour,
        shaded(sand, 0.93),
        water_y=0.0 if site.on_water else 0.05,
        lamps=lamps,
        ahead=scattered(_lighthouse(site), [(side * 6.0, 0.0, -52.0, 0.0, 1.5)]),
        snow_cover=0.35,
    )


def _lighthouse(site: Site) -> Mesh:
    """A striped tower on a rock, 8 m; its lamp is lit in the dark."""
    white, red = (0.96, 0.95, 0.92), (0.82, 0.16, 0.14)
    parts = [
        ellipsoid((3.6, 1.1, 2.0), (0, 0.0, 0), (0.46, 0.44, 0.42), rings=5, sectors=9),
        lathe([(5.9, 0.95), (6.05, 0.95), (6.05, 0.0)], (0, 0, 0), red, sectors=9),
        ellipsoid((0.45, 0.5, 0.45), (0, 6.45, 0), (1.0, 0.90, 0.55),
                  glow=0.2 + 0.8 * site.dark, rings=4, sectors=8),
        cone((0, 6.85, 0), 0.75, (0, 7.7, 0), red, sectors=9),
    ]  # fmt: skip
    for k in range(4):
        y, r = 0.8 + 1.3 * k, 1.15 - 0.13 * k
        colour = red if k % 2 else white
        parts.append(lathe([(y, r), (y + 1.3, r - 0.13)], (0, 0, 0), colour, sectors=10))
    return merge(*parts)


def _yacht(hull: Colour) -> Mesh:
    """A sailing boat far out, 3.4 m."""
    white = (0.97, 0.97, 0.95)
    return merge(
        slab([(-1.5, 0.5), (-1.1, 0.0), (1.1, 0.0), (1.7, 0.55)], 0.7, (0, 0, 0), hull),
        slab([(0.05, 0.7), (1.35, 0.75), (0.05, 3.3)], 0.06, (0.05, 0, 0), white),
        slab([(-0.1, 0.7), (-0.1, 3.0), (-1.2, 0.75)], 0.06, (0, 0, 0), (0.96, 0.90, 0.80)),
    )


def _lounger(x: float, z: float, cloth: Colour) -> Mesh:
    """A deck chair with a towel."""
    return blocks(
        [
            (cloth, 0.0, (1.3, 0.1, 0.6), (x, 0.26, z)),
            (shaded(cloth, 0.85), 0.0, (0.2, 0.5, 0.6), (x + 0.65, 0.3, z)),
            ((0.9, 0.88, 0.82), 0.0, (1.1, 0.26, 0.4), (x, 0.0, z)),
        ]
    )


def _sea(site: Site, sand: Colour) -> Mesh:
    """Wet sand, foam, shallows and deep water, and islands far out."""
    rng = site.rng
    x_N = both_ways(120.0, 14, 1.6)
    phase = rng.uniform(0.0, math.tau)
    edge = [-3.9 + 0.45 * math.sin(x * 0.45 + phase) for x in x_N]
    parts = [
        band(x_N, [z - 1.0 for z in edge], [z + 0.7 for z in edge], 0.02, shaded(sand, 0.80)),
        band(x_N, [z - 0.6 for z in edge], [z + 0.1 for z in edge], 0.04, _FOAM),
        band(x_N, -7.5, [z - 0.4 for z in edge], 0.05, _SHALLOW, WATER),
        band(x_N, -15.0, -7.5, 0.05, mixed(_SHALLOW, _SEA, 0.55), WATER),
        band(x_N, -40.0, -15.0, 0.05, _SEA, WATER),
        band(x_N, -170.0, -40.0, 0.05, shaded(_SEA, 0.8), WATER),
    ]
    for z, size in ((-6.0, 0.16), (-9.5, 0.22), (-16.0, 0.35)):  # crests rolling in
        for x in along(rng, 34.0, 9.0, 3.0):
            long = rng.uniform(1.6, 3.2)
            parts.append(
                ellipsoid(
                    (long, size, size * 1.4),
                    (x, 0.05, z + rng.uniform(-0.5, 0.5)),
                    _FOAM,
                    rings=3,
                    sectors=4,
                )
            )
    for _ in range(2):
        x, z = rng.choice((-1, 1)) * rng.uniform(12, 55), -rng.uniform(75, 105)
        green = mixed((0.30, 0.52, 0.30), _SEA, 0.25)
        parts.append(
            cone((x, -1, z), rng.uniform(9, 18), (x, rng.uniform(5, 11), z), green, sectors=8)
        )
    return merge(*parts)


def _bay(site: Site, sand: Colour) -> Mesh:
    """The shore as a boat sees it: surf, sand, green hills."""
    rng = site.rng
    x_N = both_ways(120.0, 14, 1.6)
    phase = rng.uniform(0.0, math.tau)
    edge = [-4.2 + 0.6 * math.sin(x * 0.3 + phase) for x in x_N]
    hill = mixed(_PALM[site.season], (0.40, 0.62, 0.36), 0.6)
    parts = [
        band(x_N, -150.0, edge, 0.08, sand, GROUND),
        band(x_N, [z - 0.1 for z in edge], [z + 0.7 for z in edge], 0.05, _FOAM),
        disc((0, 0.03, -4.2), 90.0, 4.0, _SHALLOW, WATER, sectors=20),
    ]
    for x in along(rng, 60.0, 16.0, 5.0):
        parts.append(
            ellipsoid(
                (rng.uniform(9, 14), rng.uniform(2.0, 4.5), 5.0),
                (x, 0.0, -30.0),
                hill,
                rings=4,
                sectors=8,
            )
        )
    return merge(*parts)
