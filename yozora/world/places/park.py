"""A park: lawn, a winding path, round trees, benches, lamp posts, flower beds, a pond."""

from __future__ import annotations

import math

from yozora.world.mesh import Mesh, ellipsoid, merge
from yozora.world.places.props import (
    GREENS,
    bench,
    bush,
    flower_bed,
    lamp_post,
    leafy,
    park_tree,
    rock,
    tuft,
    two_tone,
)
from yozora.world.places.solids import Spot, along, band, both_ways, disc, scattered
from yozora.world.places.stage import GROUND, WATER, Lamp, Site, Stage, mixed, shaded

_SAND = (0.86, 0.74, 0.52)
_POND = (0.22, 0.50, 0.68)


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
    parts.append(band(x_N, [z - 0.75 for z in winding], [z + 0.75 for z in winding], 0.08, _SAND))

    for kind in range(3):
        front: list[Spot] = [
            (x, 0.0, shore - rng.uniform(3.6, 7.0), rng.uniform(0, 360), rng.uniform(0.68, 0.92))
            for x in along(rng, 28, 15.0, 5.0)
        ]
        back: list[Spot] = [
            (x, 0.0, shore - rng.uniform(9.0, 14.0), rng.uniform(0, 360), rng.uniform(0.8, 1.15))
            for x in along(rng, 30, 15.0, 6.0)
        ]
        for spots, far in ((front, False), (back, True)):
            shades = [rng.uniform(0.88, 1.1) for _ in spots]
            parts.append(scattered(park_tree(kind, greens, rng, far), spots, shades))
    parts.append(_far_trees(site))

    lamps_x = list(along(rng, 28, 8.0, 0.6))
    posts = [(x, 0.0, shore - 0.45, 0.0, 1.0) for x in lamps_x]
    parts.append(scattered(lamp_post(site.dark), posts))
    seats = [(x + 3.4, 0.0, shore - 2.9, 0.0, 1.0) for x in lamps_x if rng.random() < 0.8]
    if seats:
        colour = rng.choice(((0.72, 0.26, 0.18), (0.55, 0.34, 0.17), (0.20, 0.42, 0.30)))
        parts.append(scattered(bench(colour), seats))
    soil = mixed((0.36, 0.26, 0.16), greens.grass, 0.3)
    beds = [(x + 5.6, 0.0, shore - 3.2, 0.0, 0.9) for x in lamps_x[::3]]
    parts.append(scattered(flower_bed(greens.flowers, soil, rng), beds))
    if not site.on_water:
        x, z = rng.choice((-1, 1)) * rng.uniform(3.0, 6.5), -5.2
        parts.append(disc((x, 0.03, z), 3.4, 1.25, (0.66, 0.64, 0.58), sectors=16))
        parts.append(disc((x, 0.06, z), 3.1, 1.05, _POND, WATER, sectors=16))
        ring = [
            (x + 3.3 * math.cos(a), 0.0, z + 1.2 * math.sin(a), a * 57.0, 0.5)
            for a in (0.4, 2.2, 3.5, 5.3)
        ]
        parts.append(scattered(rock(0, (0.62, 0.62, 0.60)), ring))

    near = sorted(lamps_x, key=abs)[:2]
    lamps = tuple(
        Lamp((x, 2.6, shore - 0.3), (1.0, 0.80, 0.48), 8.0, site.dark)
        for x in near
        if site.dark > 0.0
    )
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        _POND if site.on_water else greens.grass,
        greens.grass2,
        water_y=0.0 if site.on_water else 0.06,
        lamps=lamps,
        puddles=False,
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
