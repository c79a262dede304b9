"""A city street: wet asphalt, shop fronts, lit windows, neon signs in strong colours."""

from __future__ import annotations

import random

from yozora.world.mesh import Mesh, cylinder, ellipsoid, merge
from yozora.world.places.props import IRON
from yozora.world.places.solids import Block, Panel, blocks, disc, panels, scattered
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_NEON: tuple[Colour, ...] = (
    (1.0, 0.12, 0.52),
    (0.10, 0.92, 1.0),
    (1.0, 0.80, 0.10),
    (0.30, 1.0, 0.35),
    (0.68, 0.25, 1.0),
    (1.0, 0.30, 0.12),
)
_WALLS: tuple[Colour, ...] = (
    (0.52, 0.30, 0.28),
    (0.34, 0.38, 0.54),
    (0.58, 0.48, 0.40),
    (0.30, 0.40, 0.42),
    (0.60, 0.40, 0.28),
    (0.44, 0.34, 0.54),
)
_ASPHALT = (0.20, 0.21, 0.24)
_KERB = -0.4  # z of the pavement's edge
_FRONT = -2.6  # z of the facades


def street(site: Site) -> Stage:
    """A road along x with houses behind it; on the water, a canal below a quay."""
    rng = site.rng
    parts: list[Mesh] = [_pavement(site)]
    x, kind = -34.0, rng.randrange(len(_WALLS))
    neon = rng.sample(_NEON, len(_NEON))
    signs: list[tuple[float, Colour]] = []
    while x < 34.0:
        width = rng.uniform(4.6, 7.0)
        kind = (kind + rng.randrange(1, len(_WALLS))) % len(_WALLS)
        sign = neon[len(signs) % len(neon)]
        parts.append(_house(site, x, width, _WALLS[kind], sign))
        signs.append((x + width / 2, sign))
        x += width + (rng.uniform(1.0, 2.0) if rng.random() < 0.3 else 0.0)
    parts.append(_skyline(site))
    parts.append(_street_lamps(site))
    power = 0.35 + 0.65 * site.dark
    lamps = tuple(
        Lamp((at, 2.4, _FRONT + 1.4), colour, 7.0, power)
        for at, colour in sorted(signs, key=lambda s: abs(s[0]))[:4]
    )
    colour = (0.10, 0.20, 0.26) if site.on_water else _ASPHALT
    return Stage(
        merge(*parts),
        "water" if site.on_water else "wet",
        colour,
        shaded(colour, 0.75),
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        snow_cover=0.6,
    )


def _pavement(site: Site) -> Mesh:
    """The pavement, and lane marks on the road or a quay wall above the canal."""
    grey = (0.45, 0.45, 0.47)
    rows: list[Block] = [
        (grey, 0.0, (90.0, 0.16, 10.0), (0.0, 0.0, _KERB - 5.0)),
        ((0.62, 0.61, 0.58), 0.0, (90.0, 0.2, 0.25), (0.0, 0.0, _KERB)),
    ]
    if site.on_water:
        rows.append(((0.40, 0.36, 0.34), 0.0, (90.0, 0.55, 0.3), (0.0, 0.0, _KERB + 0.2)))
        rows += [
            (IRON, 0.0, (0.12, 0.5, 0.12), (-28.5 + 3.0 * k, 0.5, _KERB + 0.2)) for k in range(20)
        ]
        return blocks(rows)
    line, lines = (0.86, 0.85, 0.78), []
    for k in range(21):
        lines.append((line, 0.0, (1.7, 0.015, 0.16), (-40.0 + 4.0 * k, 0.0, 1.3)))
    lines.append(((0.85, 0.68, 0.15), 0.0, (90.0, 0.012, 0.12), (0.0, 0.0, _KERB + 0.55)))
    return blocks(rows + lines)


def _house(site: Site, x: float, width: float, wall: Colour, neon: Colour) -> Mesh:
    """One house: a shop with its awning and sign, and floors of windows above."""
    rng = site.rng
    floors = rng.choice((0, 0, 1, 1, 2, 3))
    height, middle = 2.9 + 2.1 * floors, x + width / 2
    rows: list[Block] = [
        (wall, 0.0, (width, height, 8.0), (middle, 0.0, _FRONT - 4.0)),
        (shaded(wall, 1.35), 0.0, (width + 0.1, 0.25, 8.2), (middle, height, _FRONT - 4.0)),
    ]
    flat: list[Panel] = []
    warm: Colour = rng.choice(((1.0, 0.82, 0.50), (1.0, 0.72, 0.40), (0.75, 0.90, 1.0)))
    shine = 0.45 + 0.5 * site.dark
    shop = mixed((0.30, 0.36, 0.42), warm, 0.55 + 0.45 * site.dark)
    z = _FRONT + 0.03
    left, right = x + 0.45, x + width - 0.45
    door = left + rng.choice((0.0, 1.0)) * (right - left - 1.0)
    flat.append((left, right, 0.55, 1.85, z, shop, shine))
    flat.append((door, door + 0.9, 0.16, 1.85, z + 0.02, shaded(wall, 0.45), 0.0))
    flat.append((door + 0.2, door + 0.7, 0.9, 1.65, z + 0.04, shop, shine))
    flat.append(
        ((left + right) / 2 - 0.06, (left + right) / 2 + 0.06, 0.55, 1.85, z + 0.02, wall, 0.0)
    )
    cloth = rng.choice(_NEON)
    if rng.random() < 0.6:
        rows.append((shaded(cloth, 0.8), 0.0, (width - 0.6, 0.2, 0.8), (middle, 1.9, _FRONT + 0.4)))
        rows.append(
            ((0.92, 0.90, 0.86), 0.0, (width - 0.6, 0.08, 0.82), (middle, 1.84, _FRONT + 0.4))
        )
    flat += _windows(rng, site, x, width, floors, wall, warm)
    parts = [blocks(rows), panels(flat), _sign(rng, x, width, neon, floors)]
    return merge(*parts)


def _windows(
    rng: random.Random, site: Site, x: float, width: float, floors: int, wall: Colour, warm: Colour
) -> list[Panel]:
    """Rows of windows; by night most are lit."""
    out: list[Panel] = []
    count = max(2, int(width / 1.7))
    pitch = width / count
    for floor in range(min(floors, 3)):
        for k in range(count):
            lit = rng.random() < 0.25 + 0.45 * site.dark
            dull = mixed((0.45, 0.56, 0.66), wall, 0.2 + 0.5 * site.dark)
            colour = warm if lit else dull
            x0 = x + pitch * (k + 0.5) - 0.45
            y0 = 3.35 + 2.1 * floor
            shine = 0.35 + 0.6 * site.dark if lit else 0.0
            out.append((x0, x0 + 0.9, y0, y0 + 1.15, _FRONT + 0.03, colour, shine))
    return out


def _sign(rng: random.Random, x: float, width: float, neon: Colour, floors: int) -> Mesh:
    """A neon sign: a board over the shop, a blade across the pavement, a ring or an arrow."""
    middle, z = x + width / 2, _FRONT + 0.15
    dark = (0.07, 0.06, 0.10)
    kind = rng.randrange(3)
    second = rng.choice([c for c in _NEON if c != neon])
    half = width * rng.uniform(0.24, 0.32)
    rows: list[Block] = [(dark, 0.0, (2 * half + 0.3, 0.8, 0.2), (middle, 2.2, z))]
    flat: list[Panel] = [
        (middle - half, middle + half, 2.28, 2.38, z + 0.12, neon, 1.0),
        (middle - half, middle + half, 2.82, 2.92, z + 0.12, neon, 1.0),
    ]
    letters = rng.randint(3, 5)
    pitch = 2 * half / letters
    for k in range(letters):
        x0 = middle - half + pitch * (k + 0.2)
        flat.append((x0, x0 + pitch * 0.6, 2.46, 2.74, z + 0.12, second, 1.0))
    parts: list[Mesh] = []
    side = x + (0.5 if rng.random() < 0.5 else width - 0.5)
    if kind == 0:  # a blade that is read from along the street
        tall = 1.7
        rows.append((neon, 1.0, (0.5, tall, 0.8), (side, 1.45, _FRONT + 0.6)))
        for k in range(3):
            y0 = 1.6 + 0.52 * k
            flat.append((side - 0.15, side + 0.15, y0, y0 + 0.3, _FRONT + 1.02, dark, 0.0))
    elif kind == 1:  # a ring
        parts.append(
            disc((side, 2.6, z + 0.2), 0.55, 0.55, neon, glow=1.0, upright=True, sectors=12)
        )
        parts.append(disc((side, 2.6, z + 0.23), 0.37, 0.37, dark, upright=True, sectors=12))
        parts.append(
            disc((side, 2.6, z + 0.26), 0.2, 0.2, second, glow=1.0, upright=True, sectors=8)
        )
    else:  # an upright tube beside the windows
        rows.append((dark, 0.0, (0.6, 2.2, 0.2), (side, 0.9, z)))
        flat.append((side - 0.22, side - 0.08, 1.0, 3.0, z + 0.12, neon, 1.0))
        flat.append((side + 0.08, side + 0.22, 1.0, 3.0, z + 0.12, second, 1.0))
    return merge(blocks(rows, below=True), panels(flat), *parts)


def _skyline(site: Site) -> Mesh:
    """Towers behind the roofs."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    for k in range(13):
        x, wide, tall = -48.0 + 8.0 * k + rng.uniform(-2, 2), rng.uniform(4, 7), rng.uniform(7, 20)
        z = -30.0 - rng.uniform(0, 14)
        wall = mixed((0.30, 0.33, 0.42), (0.42, 0.38, 0.46), rng.random())
        rows.append((wall, 0.0, (wide, tall, 6.0), (x, 0.0, z)))
        for floor in range(3):
            y0 = tall - 2.6 - 2.6 * floor
            x0 = x - wide * 0.35 + rng.uniform(0.0, wide * 0.3)
            flat.append(
                (
                    x0,
                    x0 + wide * 0.4,
                    y0,
                    y0 + 0.9,
                    z + 3.1,
                    (1.0, 0.85, 0.55),
                    0.2 + 0.7 * site.dark,
                )
            )
    return merge(blocks(rows), panels(flat))


def _street_lamps(site: Site) -> Mesh:
    """Tall lamps with an arm over the road."""
    glass = (1.0, 0.90, 0.65) if site.dark > 0.0 else (0.82, 0.83, 0.80)
    lamp = merge(
        cylinder((0, 0, 0), (0, 3.0, 0), 0.07, IRON, sectors=5),
        cylinder((0, 2.95, 0), (0, 3.15, 0.7), 0.06, IRON, sectors=4),
        ellipsoid((0.22, 0.14, 0.34), (0, 3.05, 0.75), glass, glow=site.dark, rings=4, sectors=6),
    )
    start = site.rng.uniform(0.0, 9.0)
    return scattered(
        lamp, [(-31.5 + start + 9.0 * k, 0.16, _KERB - 1.1, 0.0, 1.0) for k in range(7)]
    )
