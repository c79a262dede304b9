"""A farm: a red barn with white trim, a silo, a windmill, golden wheat, fences, bales of hay."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yozora.world.mesh import Mesh, cylinder, ellipsoid, flat, lathe, merge, quad
from yozora.world.places.props import GREENS, far_tree, park_tree, tuft
from yozora.world.places.solids import (
    Block,
    Spot,
    along,
    band,
    blocks,
    both_ways,
    quads,
    scattered,
)
from yozora.world.places.stage import GROUND, STILL, Colour, Lamp, Site, Stage, mixed, shaded

_WHITE: Colour = (0.95, 0.94, 0.90)
_RED: Colour = (0.74, 0.13, 0.11)
_HAY: Colour = (0.90, 0.72, 0.30)
_WHEAT: dict[str, Colour] = {
    "spring": (0.62, 0.74, 0.28),
    "summer": (0.94, 0.76, 0.28),
    "autumn": (0.84, 0.60, 0.24),
    "winter": (0.66, 0.58, 0.46),
}
_POND: Colour = (0.24, 0.50, 0.64)
_PERIOD = 21.0  # metres from barn to barn
_HUB = (4.3, 0.95)  # height of the windmill's axle; how far its sails stand before its middle
_TURN_S = 9.0  # seconds for one turn of the sails


def farm(site: Site) -> Stage:
    """A yard before barn and windmill; on the water, the farm's pond."""
    rng, greens = site.rng, GREENS[site.season]
    shore = -3.0 if site.on_water else 0.0
    wheat = _WHEAT[site.season]
    side = rng.choice((-1, 1))
    barns = [side * rng.uniform(4.2, 5.6) + _PERIOD * k for k in (-1, 0, 1)]
    mills = [x - side * rng.uniform(9.6, 10.4) for x in (*barns, barns[-1] + _PERIOD * side)]
    mills = [x for x in mills if abs(x) < 32.0]
    parts: list[Mesh] = [_hills(site)]
    x_N = both_ways(70.0, 12, 1.4)
    phase = rng.uniform(0.0, math.tau)
    if site.on_water:
        edge = [shore + 0.5 * math.sin(x * 0.4 + phase) for x in x_N]
        parts.append(band(x_N, -120.0, edge, 0.06, greens.grass, GROUND))
        reeds = [(x, 0.0, shore + rng.uniform(0.3, 0.6), 0.0, 1.5) for x in along(rng, 27, 4, 2)]
        parts.append(scattered(tuft(shaded(greens.bush, 1.1)), reeds))
    else:
        road = [-1.2 + 0.3 * math.sin(x * 0.2 + phase) for x in x_N]
        track = mixed((0.78, 0.62, 0.42), greens.grass, 0.15)
        parts.append(band(x_N, [z - 0.8 for z in road], [z + 0.8 for z in road], 0.05, track))
    parts += [_barn(site, x, shore - 9.0) for x in barns]
    parts += [_silo(x + side * 4.5, shore - 9.6) for x in barns]
    parts += [_mill(x, shore - 14.5) for x in mills]
    parts.append(_rows(wheat, shore, barns, site))
    parts.append(_fence(shore - 3.4))
    bales: list[Spot] = []
    for x in along(rng, 27.0, 5.5, 1.0):
        bales.append((x, 0.0, shore - rng.uniform(4.3, 5.0), rng.uniform(-30, 30), 1.0))
        if rng.random() < 0.4:
            bales.append((x + 1.3, 0.0, shore - 2.6, rng.uniform(-30, 30), 0.9))
    parts.append(scattered(_bale(), bales))
    trees: list[Spot] = [
        (x, 0.0, shore - rng.uniform(17.0, 22.0), 0.0, rng.uniform(0.7, 0.95))
        for x in along(rng, 34.0, 9.0, 2.5)
    ]
    parts.append(scattered(park_tree(0, greens, rng, far=True), trees))
    ends: list[Spot] = [
        (4.5 * k + rng.uniform(-1, 1), 0.0, -rng.uniform(40.0, 52.0), 0.0, rng.uniform(0.9, 1.3))
        for k in range(-7, 8)
        if k
    ]
    ahead = [scattered(park_tree(0, greens, rng, far=True), ends)]
    hill = shaded(greens.grass, 0.92)
    for x in (-26.0, 3.0, 30.0):
        ahead.append(ellipsoid((22, 6.5, 10), (x, -0.5, -80.0), hill, rings=6, sectors=14))
    mill = (0.0, 0.0, -40.0)
    ahead += [_mill(mill[0], mill[2]), _sails((0.0, _HUB[0], mill[2] + _HUB[1]), STILL)]
    lamps: tuple[Lamp, ...] = ()
    if site.dark > 0.0:
        near = min(barns, key=abs)
        lamps = (Lamp((near, 2.6, shore - 5.6), (1.0, 0.74, 0.40), 8.0, site.dark),)
    hubs = [(x, _HUB[0], shore - 14.5 + _HUB[1]) for x in mills]
    sails = merge(*(_sails(hub, bone) for bone, hub in enumerate(hubs)))

    def turning(seconds: float) -> NDArray[np.float32]:
        return np.stack([_about(hub, 20.0 + 360.0 / _TURN_S * seconds) for hub in hubs])

    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        _POND if site.on_water else greens.grass,
        greens.grass2,
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        puddles=False,
        ahead=merge(*ahead),
        moving=sails,
        motion=turning,
    )


def _barn(site: Site, x: float, z: float) -> Mesh:
    """A red barn with a broken roof, its white doors crossed; 5.6 m wide, 5.4 m high."""
    w, deep, eave, knee, top = 2.8, 6.0, 2.6, 4.3, 5.4
    k = 1.9  # half the width at the knee
    f, b = z, z - deep
    front = [(-w, 0.0), (w, 0.0), (w, eave), (k, knee), (0.0, top), (-k, knee), (-w, eave)]
    face = [(x + u, v, f) for u, v in front]
    wall = flat([[face[0], face[i], face[i + 1]] for i in range(1, 6)], _RED)
    sides = quads(
        np.array(
            [
                [(x - w, 0, b), (x - w, 0, f), (x - w, eave, f), (x - w, eave, b)],
                [(x + w, 0, f), (x + w, 0, b), (x + w, eave, b), (x + w, eave, f)],
            ]
        ),
        np.array([_RED, _RED]),
        np.zeros(2),
    )
    slate: Colour = (0.44, 0.42, 0.46)
    o = f + 0.35  # the roof stands out over the front
    outline = [(-w - 0.3, eave - 0.3), (-k, knee + 0.1), (0.0, top + 0.12),
               (k, knee + 0.1), (w + 0.3, eave - 0.3)]  # fmt: skip
    roof, trim = [], []
    for (u0, v0), (u1, v1) in pairwise(outline):
        roof.append([(x + u0, v0, o), (x + u1, v1, o), (x + u1, v1, b), (x + u0, v0, b)])
        trim.append(
            [(x + u0, v0 - 0.32, o), (x + u1, v1 - 0.32, o), (x + u1, v1, o), (x + u0, v0, o)]
        )
    rows: list[Block] = [
        (_WHITE, 0.0, (2.7, 2.5, 0.08), (x, 0.0, f + 0.03)),
        (shaded(_RED, 0.9), 0.0, (2.3, 2.2, 0.08), (x, 0.1, f + 0.06)),
        (_WHITE, 0.0, (0.16, 2.3, 0.08), (x, 0.1, f + 0.09)),
        (_WHITE, 0.0, (1.2, 1.0, 0.08), (x, 3.1, f + 0.03)),
        ((1.0, 0.80, 0.40) if site.dark else (0.22, 0.16, 0.16), site.dark,
         (0.9, 0.75, 0.08), (x, 3.2, f + 0.06)),
    ]  # fmt: skip
    for s in (-1, 1):
        rows.append((_WHITE, 0.0, (0.2, eave, 0.08), (x + s * (w - 0.1), 0.0, f + 0.03)))
    cross = []
    for a in (x - 1.1, x + 0.08):  # a white X on each leaf of the door
        for y0, y1 in ((0.1, 2.3), (2.3, 0.1)):
            cross.append(
                [(a, y0 - 0.1, f + 0.12), (a + 1.02, y1 - 0.1, f + 0.12),
                 (a + 1.02, y1 + 0.1, f + 0.12), (a, y0 + 0.1, f + 0.12)]
            )  # fmt: skip
    white = np.array([_WHITE] * 8)
    return merge(
        wall,
        sides,
        quads(np.array(roof), np.array([slate] * 4), np.zeros(4)),
        quads(np.array(trim), white[:4], np.zeros(4)),
        quads(np.array(cross), white[:4], np.zeros(4)),
        blocks(rows),
    )


def _silo(x: float, z: float) -> Mesh:
    """A tall grey tower with a round silver head, 6.3 m."""
    steel: Colour = (0.78, 0.80, 0.82)
    rings = [(0.0, 1.2), (5.0, 1.2)]
    return merge(
        lathe(rings, (x, 0, z), steel, sectors=12),
        ellipsoid((1.25, 1.15, 1.25), (x, 5.0, z), (0.62, 0.66, 0.72), rings=6, sectors=12),
        *(
            lathe([(y, 1.25), (y + 0.14, 1.25)], (x, 0, z), shaded(steel, 0.72), sectors=12)
            for y in (1.2, 2.5, 3.8)
        ),
    )


def _mill(x: float, z: float) -> Mesh:
    """A white tower that narrows upwards, under a red cap; its sails move."""
    red = shaded(_RED, 0.9)
    return merge(
        lathe([(0.0, 1.35), (3.8, 0.85)], (x, 0, z), _WHITE, sectors=10),
        lathe([(3.7, 1.02), (4.4, 0.95), (5.5, 0.0)], (x, 0, z), red, sectors=10),
        cylinder((x, _HUB[0], z), (x, _HUB[0], z + _HUB[1]), 0.14, (0.35, 0.24, 0.16), sectors=5),
        blocks(
            [
                ((0.40, 0.26, 0.16), 0.0, (0.75, 1.5, 0.3), (x, 0.0, z + 1.2)),
                ((0.40, 0.30, 0.24), 0.0, (0.5, 0.55, 0.3), (x, 2.3, z + 0.94)),
            ]
        ),
    )


def _sails(hub: tuple[float, float, float], bone: int) -> Mesh:
    """Four white sails on dark arms, 2.6 m long, upright at rest."""
    x, y, z = hub
    dark: Colour = (0.36, 0.25, 0.17)
    parts = [
        cylinder((x, y, z - 0.05), (x, y, z + 0.2), 0.26, dark, bone=bone, sectors=6),
    ]
    for k in range(4):
        c, s = round(math.cos(k * math.pi / 2)), round(math.sin(k * math.pi / 2))

        def at(along: float, across: float, near: float, c: int = c, s: int = s) -> list[float]:
            return [x + c * along - s * across, y + s * along + c * across, z + near]

        for colour, a0, a1, w0, w1, near in (
            (dark, 0.0, 2.6, -0.09, 0.09, 0.10),
            (_WHITE, 0.6, 2.55, -0.6, -0.06, 0.08),
        ):
            corner = [at(a0, w0, near), at(a1, w0, near), at(a1, w1, near), at(a0, w1, near)]
            a, b, c4, d = corner
            parts.append(quad(a, b, c4, d, colour, bone))
            parts.append(quad(d, c4, b, a, shaded(colour, 0.85), bone))
    return merge(*parts)


def _about(hub: tuple[float, float, float], degrees: float) -> NDArray[np.float32]:
    """4x4: a turn about the axle through `hub`, which lies along z."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    out = np.eye(4, dtype=np.float32)
    out[:2, :2] = [[c, -s], [s, c]]
    x, y, _ = hub
    out[0, 3], out[1, 3] = x - c * x + s * y, y - s * x - c * y
    return out


def _rows(wheat: Colour, shore: float, barns: list[float], site: Site) -> Mesh:
    """Tall wheat behind the fence, left free before the barns, and a golden field to the hills."""
    x_N = both_ways(70.0, 8, 1.2)
    parts = [band(x_N, shore - 34.0, shore - 5.6, 0.07, shaded(wheat, 0.92), GROUND)]
    rows: list[Block] = []
    for k, z in enumerate((-16.4, -18.0, -20.0, -22.4, -25.2)):
        shade = 1.04 if k % 2 else 0.88
        rows.append((shaded(wheat, shade), 0.0, (140.0, 0.55, 0.8), (0.0, 0.0, shore + z)))
    ends = [-34.0, *(x + d for x in sorted(barns) for d in (-2.6, 2.6)), 34.0]
    spots: list[Spot] = []
    for left, right in zip(ends[::2], ends[1::2], strict=True):
        if right - left < 1.0:
            continue
        for k, tall in enumerate((0.85, 0.98, 1.1)):
            z = shore - 5.6 - 1.2 * k
            middle = ((left + right) / 2, 0.0, z)
            shade = (0.98, 0.90, 1.04)[k]
            rows.append((shaded(wheat, shade), 0.0, (right - left, tall, 0.9), middle))
        count = int((right - left) / 0.5)
        for n in range(count):
            x = left + (n + 0.5) * (right - left) / count
            spots.append((x, 0.45, shore - 5.2 - 0.5 * (n % 2), 0.0, site.rng.uniform(0.9, 1.2)))
    parts.append(blocks(rows))
    shades = [site.rng.uniform(0.92, 1.08) for _ in spots]
    parts.append(scattered(tuft(wheat, 4, 0.75, 0.14), spots, shades))
    return merge(*parts)


def _fence(z: float) -> Mesh:
    """White posts and two rails."""
    rows: list[Block] = [(_WHITE, 0.0, (64.0, 0.13, 0.07), (0.0, y, z)) for y in (0.38, 0.78)]
    rows += [(_WHITE, 0.0, (0.18, 1.05, 0.16), (2.0 * k, 0.0, z + 0.02)) for k in range(-16, 17)]
    return blocks(rows)


def _bale() -> Mesh:
    """A roll of hay on its side, 1.2 m across, its spiral to the viewer."""
    parts = [cylinder((0, 0.6, -0.5), (0, 0.6, 0.5), 0.6, _HAY, sectors=10)]
    for r, colour in ((0.44, shaded(_HAY, 0.8)), (0.26, shaded(_HAY, 1.05))):
        z = 0.51 + 0.02 * (0.6 - r)
        parts.append(cylinder((0, 0.6, 0.4), (0, 0.6, z), r, colour, sectors=8))
    return merge(*parts)


def _hills(site: Site) -> Mesh:
    """Round green hills with a few trees, as far as the sky."""
    rng, greens = site.rng, GREENS[site.season]
    parts: list[Mesh] = []
    leaf = greens.leaves[0] if greens.leaves else (0.45, 0.42, 0.40)
    spots: list[Spot] = []
    for x in along(rng, 80.0, 22.0, 5.0):
        z, tall = -46.0 - rng.uniform(0, 12), rng.uniform(4.0, 7.5)
        green = shaded(mixed(greens.grass, greens.grass2, rng.random()), rng.uniform(0.86, 1.0))
        parts.append(
            ellipsoid((rng.uniform(16, 22), tall, 9.0), (x, -0.5, z), green, rings=8, sectors=14)
        )
        spots.append((x + rng.uniform(-5, 5), tall * 0.8, z + 4.5, 0.0, rng.uniform(0.6, 0.8)))
    parts.append(scattered(far_tree(leaf), spots))
    return merge(*parts)
