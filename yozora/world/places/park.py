"""A park: lawn, a winding path, round trees, benches, a bandstand, a fountain."""

from __future__ import annotations

import math

from yozora.world.mesh import Mesh, cylinder, ellipsoid, lathe, merge, tube
from yozora.world.places.props import (
    GREENS,
    bench,
    bush,
    flower_bed,
    lamp_post,
    leafy,
    park_tree,
    tuft,
    two_tone,
)
from yozora.world.places.solids import Spot, along, band, both_ways, disc, scattered
from yozora.world.places.stage import GROUND, WATER, Lamp, Site, Stage, mixed, shaded

_SAND = (0.86, 0.74, 0.52)
_POND = (0.22, 0.50, 0.68)
_PERIOD = 20.0  # metres from bandstand to bandstand


def park(site: Site) -> Stage:
    """A lawn with a path across it; on the water, a lake with the lawn behind it."""
    rng, greens = site.rng, GREENS[site.season]
    shore = -3.0 if site.on_water else 0.0
    parts: list[Mesh] = []
    x_N = both_ways(70.0, 14, 1.4)
    phase = rng.uniform(0.0, math.tau)
    if site.on_water:
        edge = [shore + 0.5 * math.sin(x * 0.4 + phase) for x in x_N]
        parts.append(band(x_N, -120.0, edge, 0.06, greens.grass, GROUND))
        parts.append(band(x_N, [e - 0.4 for e in edge], [e + 0.25 for e in edge], 0.05, _SAND))
        reeds = [(x, 0.0, shore + rng.uniform(0.3, 0.7), 0.0, 1.5) for x in along(rng, 26, 4.5, 2)]
        parts.append(scattered(tuft(shaded(greens.bush, 1.1)), reeds))
        pads = [
            disc((x, 0.03, shore + rng.uniform(0.8, 1.6)), 0.4, 0.3, greens.bush, sectors=7)
            for x in along(rng, 26, 6, 2)
        ]
        parts += pads
    winding = [shore - 1.5 + 0.5 * math.sin(x * 0.16 + phase) for x in x_N]
    path_y = 0.08 if site.on_water else 0.04  # above what it lies on
    parts.append(band(x_N, [z - 0.75 for z in winding], [z + 0.75 for z in winding], path_y, _SAND))

    for kind in range(3):
        front: list[Spot] = [
            (x, 0.0, shore - rng.uniform(9.0, 11.0), rng.uniform(0, 360), rng.uniform(0.9, 1.15))
            for x in along(rng, 28, 15.0, 5.0)
        ]
        back: list[Spot] = [
            (x, 0.0, shore - rng.uniform(12.0, 15.0), rng.uniform(0, 360), rng.uniform(0.9, 1.25))
            for x in along(rng, 30, 15.0, 6.0)
        ]
        for spots, far in ((front, False), (back, True)):
            shades = [rng.uniform(0.88, 1.1) for _ in spots]
            parts.append(scattered(park_tree(kind, greens, rng, far), spots, shades))
    parts.append(_far_trees(site))

    lamps_x = list(along(rng, 28, 9.0, 0.6))
    posts = [(x, 0.0, shore - 0.45, 0.0, 1.0) for x in lamps_x]
    parts.append(scattered(lamp_post(site.dark), posts))
    seats = [(x + 3.4, 0.0, shore - 2.9, 0.0, 1.0) for x in lamps_x if rng.random() < 0.6]
    if seats:
        colour = rng.choice(((0.72, 0.26, 0.18), (0.55, 0.34, 0.17), (0.20, 0.42, 0.30)))
        parts.append(scattered(bench(colour), seats))
    soil = mixed((0.36, 0.26, 0.16), greens.grass, 0.3)
    beds = [(x + 5.6, 0.0, shore - 3.2, 0.0, 0.9) for x in lamps_x[::2]]
    parts.append(scattered(flower_bed(greens.flowers, soil, rng), beds))
    side = rng.choice((-1, 1))
    homes = [side * rng.uniform(3.6, 4.8) + _PERIOD * k for k in (-1, 0, 1)]
    parts.append(scattered(_bandstand(site.dark), [(x, 0.0, shore - 8.0, 0.0, 1.0) for x in homes]))
    if not site.on_water:
        wells = [(x - side * rng.uniform(7.4, 8.4), 0.0, -4.6, 0.0, 1.0) for x in homes]
        parts.append(scattered(_fountain(), wells))

    near = sorted(lamps_x, key=abs)[:2]
    lamps = tuple(
        Lamp((x, 2.6, shore - 0.3), (1.0, 0.80, 0.48), 8.0, site.dark)
        for x in near
        if site.dark > 0.0
    )
    if site.dark > 0.0:
        home = min(homes, key=abs)
        lamps += (Lamp((home, 2.3, shore - 6.4), (1.0, 0.74, 0.42), 6.0, site.dark),)
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        _POND if site.on_water else greens.grass,
        greens.grass2,
        water_y=0.0 if site.on_water else 0.06,
        lamps=lamps,
        puddles=False,
        ahead=_way_end(site),
    )


def _way_end(site: Site) -> Mesh:
    """Trees across the end of the lawn."""
    rng, greens = site.rng, GREENS[site.season]
    spots: list[Spot] = [
        (3.4 * k + rng.uniform(-1, 1), 0.0, -rng.uniform(36.0, 46.0), 0.0, rng.uniform(0.9, 1.3))
        for k in range(-7, 8)
    ]
    return scattered(park_tree(0, greens, rng, far=True), spots)


def _bandstand(lit: float) -> Mesh:
    """A white pavilion on eight posts under a red roof, 4.6 m high; by night a lamp hangs in it."""
    white, red = (0.95, 0.94, 0.90), (0.78, 0.22, 0.18)
    posts = [
        cylinder((1.75 * math.cos(a), 0.4, 1.75 * math.sin(a)),
                 (1.75 * math.cos(a), 2.9, 1.75 * math.sin(a)), 0.11, white, sectors=5)
        for a in (k * math.tau / 8 + 0.39 for k in range(8))
    ]  # fmt: skip
    return merge(
        lathe([(0.0, 2.3), (0.4, 2.2), (0.4, 0.0)], (0, 0, 0), (0.80, 0.78, 0.72), sectors=8),
        lathe([(0.75, 1.9), (1.0, 1.9)], (0, 0, 0), white, sectors=8),
        lathe([(2.75, 1.95), (3.05, 2.05)], (0, 0, 0), white, sectors=8),
        lathe([(2.95, 2.45), (3.3, 1.9), (4.5, 0.0)], (0, 0, 0), red, sectors=8),
        ellipsoid((0.16, 0.2, 0.16), (0, 4.6, 0), (0.90, 0.72, 0.30), rings=3, sectors=5),
        ellipsoid(
            (0.28, 0.28, 0.28), (0, 2.55, 0), (1.0, 0.86, 0.55), glow=lit, rings=4, sectors=7
        ),
        *posts,
    )


def _fountain() -> Mesh:
    """A round basin, a bowl on a foot, and water that springs and falls; 4 m across."""
    stone, foam = (0.80, 0.78, 0.74), (0.86, 0.95, 1.0)
    jets = [
        tube([(0, 1.5, 0), (0.55 * math.cos(a), 2.05, 0.55 * math.sin(a)),
              (1.15 * math.cos(a), 1.55, 1.15 * math.sin(a)),
              (1.45 * math.cos(a), 0.4, 1.45 * math.sin(a))],
             (0.09, 0.08, 0.08, 0.11), foam, glow=0.15, sectors=4)
        for a in (0.3, 1.25, 2.1, 2.9, 4.2, 5.2)
    ]  # fmt: skip
    return merge(
        lathe([(0.0, 2.1), (0.55, 2.1), (0.55, 1.85), (0.3, 1.8)], (0, 0, 0), stone, sectors=14),
        disc((0, 0.42, 0), 1.85, 1.85, _POND, WATER, sectors=14),
        lathe([(0.3, 0.3), (1.2, 0.16), (1.3, 0.75), (1.5, 0.8)], (0, 0, 0), stone, sectors=9),
        disc((0, 1.46, 0), 0.75, 0.75, mixed(_POND, foam, 0.4), sectors=9),
        cylinder((0, 1.4, 0), (0, 2.7, 0), 0.12, foam, glow=0.15, sectors=5, radius_end=0.05),
        *jets,
    )


def _far_trees(site: Site) -> Mesh:
    """A clipped hedge and a round line of trees at the end of the lawn."""
    rng, greens = site.rng, GREENS[site.season]
    leaf = greens.bush if not greens.leaves else mixed(greens.bush, greens.leaves[-1], 0.45)
    crown = leafy(
        two_tone(
            ellipsoid((3.4, 2.6, 2.0), (0, 1.6, 0), leaf, rings=4, sectors=7), shaded(leaf, 0.55)
        )
    )
    spots = [
        (x, 0.0, -21.0 - rng.uniform(0, 4), rng.uniform(0, 360), rng.uniform(0.8, 1.5))
        for x in along(rng, 38, 5.6, 1.4)
    ]
    hedge = [(x, 0.0, -15.5, 0.0, 1.9) for x in along(rng, 30, 2.4, 0.1)[::2]]
    return merge(
        scattered(crown, spots, [rng.uniform(0.85, 1.1) for _ in spots]),
        scattered(bush(shaded(greens.bush, 0.85)), hedge),
    )
