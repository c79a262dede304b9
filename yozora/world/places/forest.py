"""A forest: great trunks, shafts of light from a clearing, ferns, mushrooms, a roof of leaves."""

from __future__ import annotations

import math

from yozora.world.mesh import Mesh, cone, cylinder, ellipsoid, lathe, merge
from yozora.world.places.props import GREENS, leafy, rock, tuft, two_tone
from yozora.world.places.solids import (
    Panel,
    along,
    band,
    both_ways,
    disc,
    panels,
    scattered,
    shafts,
)
from yozora.world.places.stage import GROUND, Colour, Lamp, Site, Stage, mixed, shaded

_FLOOR: dict[str, tuple[Colour, Colour]] = {
    "spring": ((0.28, 0.42, 0.18), (0.40, 0.52, 0.22)),
    "summer": ((0.24, 0.46, 0.15), (0.36, 0.44, 0.16)),
    "autumn": ((0.52, 0.30, 0.12), (0.72, 0.42, 0.14)),
    "winter": ((0.50, 0.50, 0.48), (0.72, 0.75, 0.76)),
}
_ROOF: dict[str, tuple[Colour, ...]] = {
    "spring": ((0.42, 0.66, 0.24), (0.55, 0.74, 0.30), (0.93, 0.72, 0.80)),
    "summer": ((0.18, 0.52, 0.16), (0.28, 0.62, 0.18), (0.42, 0.68, 0.20)),
    "autumn": ((0.85, 0.42, 0.10), (0.74, 0.22, 0.10), (0.90, 0.64, 0.14)),
    "winter": ((0.28, 0.36, 0.32), (0.36, 0.42, 0.38)),
}
_GLADE: dict[str, Colour] = {  # the light of a clearing
    "dawn": (1.0, 0.78, 0.78),
    "day": (1.0, 0.97, 0.70),
    "sunset": (1.0, 0.52, 0.20),
    "night": (0.45, 0.60, 1.0),
}
_WATER = (0.14, 0.30, 0.28)


def forest(site: Site) -> Stage:
    """Trunks from near to far; on the water, a dark lake at the wood's edge."""
    rng, greens = site.rng, GREENS[site.season]
    floor, floor2 = _FLOOR[site.season]
    shore = -2.0 if site.on_water else 0.0
    parts: list[Mesh] = []
    if site.on_water:
        x_N = both_ways(70.0, 12, 1.4)
        phase = rng.uniform(0, math.tau)
        edge = [shore + 0.5 * math.sin(x * 0.4 + phase) for x in x_N]
        parts.append(band(x_N, -120.0, edge, 0.08, floor, GROUND))
        reeds = [(x, 0.0, shore + 0.3, 0.0, 1.6) for x in along(rng, 26, 4.0, 1.5)]
        parts.append(scattered(tuft(greens.bush), reeds))
        pads = [
            disc((x, 0.03, shore + rng.uniform(0.9, 1.7)), 0.4, 0.28, (0.25, 0.5, 0.2), sectors=7)
            for x in along(rng, 26, 6.0, 2.0)
        ]
        parts += pads
    parts += _trunks(site, shore)
    parts += [_glade(site, -26.0)]
    parts.append(_old_trees(site, shore))
    parts.append(_roof(site, shore))
    fern = (0.24, 0.50, 0.16) if site.season != "winter" else (0.42, 0.44, 0.36)
    ferns = [
        (x, 0.0, shore - rng.uniform(0.9, 6.5), rng.uniform(0, 360), rng.uniform(1.0, 1.8))
        for x in along(rng, 27, 3.4, 1.0)
    ]
    if site.season == "autumn":
        fern = (0.66, 0.46, 0.14)
    parts.append(
        scattered(tuft(fern, 6, 0.6, 0.13), ferns, [rng.uniform(0.8, 1.15) for _ in ferns])
    )
    if site.season != "winter":
        caps = [
            (
                x + rng.uniform(-0.5, 0.5),
                0.0,
                shore - rng.uniform(0.5, 1.8),
                0.0,
                rng.uniform(0.8, 1.5),
            )
            for x in along(rng, 25, 4.4, 1.6)
        ]
        parts.append(scattered(_mushroom(site.dark > 0.9), caps))
    stones = [
        (x, 0.0, shore - rng.uniform(1.0, 6.0), rng.uniform(0, 360), rng.uniform(0.6, 1.3))
        for x in along(rng, 26, 9.0, 4.0)
    ]
    parts.append(scattered(rock(2, mixed((0.42, 0.44, 0.42), floor, 0.35)), stones))
    if site.dark > 0.9:
        parts.append(_fireflies(site, shore))
    lamps: tuple[Lamp, ...] = (
        Lamp((rng.uniform(-4, 4), 1.2, shore - 9.0), _GLADE[site.time], 6.0, 0.35),
    )
    if site.dark > 0.9:
        fairy = (0.25, 0.85, 0.75)
        lamps = tuple(Lamp((x, 1.4, shore - 2.4), fairy, 6.0, 0.9) for x in (-7.5, -2.5, 2.5, 7.5))
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        _WATER if site.on_water else floor,
        floor2,
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        snow_cover=0.8,
        puddles=False,
        ahead=merge(_glade(site, -44.0), _wood_end(site)),
    )


def _glade(site: Site, z: float) -> Mesh:
    """Far behind the trunks: the light of a clearing, with shafts between the crowns."""
    dim = {"dawn": 0.92, "day": 1.0, "sunset": 0.85, "night": 0.20}[site.time]
    leaf = _ROOF[site.season][-1 if site.season != "spring" else 1]
    share = {"dawn": 0.12, "day": 0.36, "sunset": 0.10, "night": 0.4}[site.time]
    low = mixed(_GLADE[site.time], leaf, share)
    high = shaded(mixed(leaf, _ROOF[site.season][0], 0.5), 0.75)
    if site.time != "day":
        high = mixed(high, _GLADE[site.time], 0.45)
    lit = _GLADE[site.time]
    if site.weather != "clear":  # no sun falls through
        grey = (0.62, 0.66, 0.68)
        low, high = mixed(low, grey, 0.6), mixed(high, grey, 0.3)
        lit = mixed(high, grey, 0.3)
    low, high, lit = (shaded(colour, dim) for colour in (low, high, lit))
    return shafts(site.rng, z, 15.0, low, high, lit)


def _wood_end(site: Site) -> Mesh:
    """Trunks across the end of the way."""
    rng = site.rng
    trunk = lathe(
        [(0.0, 0.55), (0.5, 0.34), (13.0, 0.22)], (0, 0, 0), (0.42, 0.30, 0.20), sectors=6
    )
    leaf = _ROOF[site.season][-1]
    crown = leafy(
        two_tone(
            ellipsoid((3.4, 2.0, 2.6), (0, 6.0, 0), leaf, rings=4, sectors=7), shaded(leaf, 0.6)
        )
    )
    spots = [
        (
            2.6 * k + rng.uniform(-0.9, 0.9),
            0.0,
            -rng.uniform(31.0, 40.0),
            0.0,
            rng.uniform(0.9, 1.2),
        )
        for k in range(-6, 7)
    ]
    return merge(scattered(trunk, spots), scattered(crown, spots[::2]))


def _old_trees(site: Site, shore: float) -> Mesh:
    """Here and there a giant with spread roots and a hollow, and a mossy trunk that fell."""
    rng = site.rng
    bark, moss = (0.40, 0.27, 0.18), (0.34, 0.50, 0.18)
    roots = [
        cone((0.75 * math.cos(a), 0.55, 0.75 * math.sin(a)), 0.38,
             (2.0 * math.cos(a), -0.1, 2.0 * math.sin(a)), bark, sectors=5)
        for a in (0.1, 0.9, 1.8, 2.6, 3.3)
    ]  # fmt: skip
    giant = merge(
        lathe([(0.0, 1.55), (0.5, 1.15), (1.6, 0.95), (9.0, 0.85)], (0, 0, 0), bark, sectors=10),
        ellipsoid((0.42, 0.75, 0.2), (0.1, 1.25, 0.93), (0.10, 0.07, 0.05), rings=6, sectors=8),
        lathe([(0.0, 1.62), (0.3, 1.32)], (0, 0, 0), moss, sectors=10),
        *roots,
    )
    log = merge(
        cylinder((-1.6, 0.45, 0), (1.6, 0.5, 0.3), 0.46, bark, sectors=8),
        cylinder((1.6, 0.5, 0.3), (1.64, 0.5, 0.3), 0.36, (0.80, 0.64, 0.42), sectors=8),
        ellipsoid((1.4, 0.16, 0.36), (0.0, 0.86, 0.14), moss, rings=4, sectors=6),
    )
    side = rng.choice((-1, 1))
    start = side * rng.uniform(3.2, 4.6)
    homes = [start + 19.0 * k for k in (-1, 0, 1)]
    return merge(
        scattered(giant, [(x, 0.0, shore - 4.2, rng.uniform(-25, 25), 1.0) for x in homes]),
        scattered(log, [(x - side * 8.6, 0.0, shore - 2.6, -12.0 * side, 1.0) for x in homes]),
    )


def _trunks(site: Site, shore: float) -> list[Mesh]:
    """Rows of trunks: dark and mossy in front, thin and pale with distance."""
    rng = site.rng
    barks: tuple[Colour, ...] = ((0.46, 0.30, 0.18), (0.50, 0.36, 0.22), (0.40, 0.28, 0.18))
    bark = rng.choice(barks)
    birch = rng.random() < 0.3
    near = merge(
        lathe([(0.0, 0.6), (0.5, 0.36), (12.0, 0.24)], (0, 0, 0), bark, sectors=6),
        cone((0, 4.2, 0), 0.11, (1.3, 5.3, 0.2), bark, sectors=3),
        cone((0, 3.4, 0), 0.10, (-1.1, 4.3, 0.3), bark, sectors=3),
    )
    pale = (0.86, 0.86, 0.80) if birch else mixed(bark, (0.5, 0.55, 0.5), 0.3)
    far = lathe([(0.0, 0.32), (13.0, 0.2)], (0, 0, 0), pale, sectors=4)
    rows = [
        (near, 4.0, 6.5, 6.5),
        (near, 6.5, 9.5, 5.2),
        (far, 10.0, 14.0, 3.6),
        (far, 15.0, 23.0, 3.4),
    ]
    out = []
    for mesh, first, last, step in rows:
        spots = [
            (x, 0.0, shore - rng.uniform(first, last), rng.uniform(0, 360), rng.uniform(0.85, 1.25))
            for x in along(rng, 27 + last * 0.5, step, step * 0.4)
        ]
        out.append(scattered(mesh, spots, [rng.uniform(0.85, 1.15) for _ in spots]))
    return out


def _roof(site: Site, shore: float) -> Mesh:
    """Hanging crowns above, undergrowth below: the sky is seen in between."""
    rng = site.rng
    leaves = _ROOF[site.season]
    out = []
    for leaf in leaves:
        crown = leafy(
            two_tone(
                ellipsoid((2.2, 1.35, 1.6), (0, 0, 0), leaf, rings=4, sectors=7), shaded(leaf, 0.66)
            )
        )
        step = (6.2 if site.season != "winter" else 9.0) * len(leaves) / 3
        high = [
            (x, 0.0, shore - rng.uniform(3.2, 12.0), rng.uniform(0, 360), rng.uniform(0.8, 1.4))
            for x in along(rng, 30, step * 0.95, 2.0)
        ]
        low = [
            (x, 0.1, shore - rng.uniform(9.0, 22.0), rng.uniform(0, 360), rng.uniform(0.6, 1.1))
            for x in along(rng, 38, step * 2.6, 3.0)
        ]
        high = [
            (x, 2.85 - 0.25 * (z - shore) + rng.uniform(0.0, 0.8), z, turn, size)
            for x, _, z, turn, size in high
        ]
        spots = high + low
        out.append(scattered(crown, spots, [rng.uniform(0.85, 1.1) for _ in spots]))
    return merge(*out)


def _mushroom(shining: bool) -> Mesh:
    """A red cap with white dots on a stout stem; in the fairy light of night it shines."""
    white, red = (0.95, 0.93, 0.86), (0.88, 0.12, 0.10)
    glow = 0.0
    if shining:
        white, red, glow = (0.80, 1.0, 0.95), (0.20, 0.75, 0.78), 0.8
    return merge(
        lathe([(0.0, 0.1), (0.3, 0.08)], (0, 0, 0), white, sectors=4),
        lathe(
            [(0.24, 0.28), (0.32, 0.27), (0.44, 0.14), (0.47, 0.0)],
            (0, 0, 0),
            red,
            glow=glow,
            sectors=5,
        ),
        *(
            ellipsoid(
                (0.05, 0.05, 0.03),
                (0.17 * math.sin(a), 0.37, 0.19 * math.cos(a)),
                white,
                glow=glow,
                rings=2,
                sectors=3,
            )
            for a in (-0.9, 0.0, 0.9)
        ),
    )


def _fireflies(site: Site, shore: float) -> Mesh:
    """Small warm lights between the trunks."""
    rng = site.rng
    rows: list[Panel] = []
    for x in along(rng, 27, 0.9, 0.5):
        y, z, size = rng.uniform(0.4, 3.0), shore - rng.uniform(0.4, 6.0), rng.uniform(0.04, 0.08)
        rows.append((x - size, x + size, y - size, y + size, z, (0.95, 1.0, 0.45), 1.0))
    return panels(rows)
