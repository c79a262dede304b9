"""A city street: wet asphalt, narrow houses, warm neon signs with broad strokes, paper lanterns."""

from __future__ import annotations

import random

from yozora.world.mesh import Mesh, cylinder, ellipsoid, merge, moved
from yozora.world.places.facades import crowd, windows
from yozora.world.places.movers import passing
from yozora.world.places.props import IRON
from yozora.world.places.signs import sign_board
from yozora.world.places.solids import Block, Panel, blocks, disc, panels, scattered
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_NEON: tuple[Colour, ...] = (
    (1.0, 0.20, 0.22),
    (1.0, 0.74, 0.16),
    (1.0, 0.26, 0.58),
    (1.0, 0.46, 0.12),
    (0.16, 0.88, 1.0),
    (0.66, 0.34, 1.0),
)
_WALLS: tuple[Colour, ...] = (
    (0.46, 0.30, 0.28),
    (0.34, 0.36, 0.48),
    (0.56, 0.47, 0.40),
    (0.30, 0.38, 0.40),
    (0.54, 0.37, 0.27),
    (0.42, 0.34, 0.48),
)
_SHINE: Colour = (1.0, 0.45, 0.44)  # of all the signs together
_PAPER: Colour = (1.0, 0.34, 0.14)
_ASPHALT: Colour = (0.20, 0.21, 0.24)
_KERB = -0.4  # z of the pavement's edge
_FRONT = -4.4  # z of the facades
_DARK: Colour = (0.07, 0.06, 0.10)


def street(site: Site) -> Stage:
    """A road along x with houses behind it; on the water, a canal below a quay."""
    rng = site.rng
    parts: list[Mesh] = [_pavement(site)]
    x, kind = -36.0 + rng.uniform(0.0, 3.0), rng.randrange(len(_WALLS))
    neon = rng.sample(_NEON, len(_NEON))
    signs: list[tuple[float, Colour]] = []
    while x < 35.0:
        width = rng.uniform(3.4, 4.8)
        kind = (kind + rng.randrange(1, len(_WALLS))) % len(_WALLS)
        sign, second = neon[len(signs) % 6], neon[(len(signs) + 2) % 6]
        parts.append(_house(site, x, width, _WALLS[kind], sign, second, len(signs)))
        signs.append((x + width / 2, sign))
        x += width + (rng.uniform(1.0, 1.8) if rng.random() < 0.3 else 0.0)
    skyline = _skyline(site)
    parts += [skyline, _street_lamps(site), _machines(site), _lanterns(site)]
    moving, motion = passing(crowd(site, 9, 0.16, (_KERB - 0.9, _KERB - 2.4)), 0.22 * site.dark)
    power = 0.35 + 0.95 * site.dark
    lamps = tuple(
        Lamp((at, 2.4, _FRONT + 2.0), colour, 7.5, power)
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
        signs=shaded(_SHINE, site.dark**2),
        snow_cover=0.6,
        fog_share=0.6,
        moving=moving,
        motion=motion,
        ahead=moved(skyline, dz=-26.0),
    )


def _pavement(site: Site) -> Mesh:
    """The pavement, and lane marks on the road or a quay wall above the canal."""
    grey = (0.40, 0.40, 0.43)
    rows: list[Block] = [
        (grey, 0.0, (90.0, 0.16, 12.0), (0.0, 0.0, _KERB - 6.0)),
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


def _house(
    site: Site, x: float, width: float, wall: Colour, neon: Colour, second: Colour, number: int
) -> Mesh:
    """One house: a lit shop below a sign, tall signs at its sides, floors of windows above."""
    rng = site.rng
    floors = rng.choice((1, 1, 2, 2, 3))
    height, middle = 2.6 + 1.5 * floors, x + width / 2
    rows: list[Block] = [
        (wall, 0.0, (width, height, 8.0), (middle, 0.0, _FRONT - 4.0)),
        (shaded(wall, 1.35), 0.0, (width + 0.1, 0.22, 8.2), (middle, height, _FRONT - 4.0)),
    ]
    flat: list[Panel] = _shop(rng, site, x, width, wall)
    glass = mixed((0.45, 0.56, 0.66), wall, 0.3)
    flat += windows(site, (x + 0.7, x + width - 0.3, 2.75, height - 0.1, _FRONT + 0.03),
                    (2, floors), (0.6, 0.62), glass, 0.6)  # fmt: skip
    parts = [blocks(rows), panels(flat), _shop_sign(rng, x, width, neon, second)]
    # A tall board at the corner, read from the road, now and then with a round one above it.
    side = x + (0.36 if number % 2 else width - 0.36)
    tall = rng.uniform(1.8, 2.3)
    board = sign_board(rng, second, neon, 0.74, tall)
    parts.append(scattered(board, [(side, 1.75 + rng.uniform(0.0, 0.4), _FRONT + 0.75, 0.0, 1.0)]))
    if number % 3 == 0:
        at = (middle + rng.uniform(-0.3, 0.3), 3.5, _FRONT + 0.3)
        parts.append(disc(at, 0.62, 0.62, neon, glow=1.0, upright=True, sectors=14))
        inner = (at[0], at[1], at[2] + 0.03)
        parts.append(disc(inner, 0.46, 0.46, _DARK, upright=True, sectors=14))
        mark = rng.choice(((0.1, 0.28), (0.28, 0.1)))
        parts.append(panels([(at[0] - mark[0], at[0] + mark[0], at[1] - mark[1],
                              at[1] + mark[1], at[2] + 0.06, second, 1.0)]))  # fmt: skip
    return merge(*parts)


def _shop(
    rng: random.Random, site: Site, x: float, width: float, wall: Colour
) -> list[Panel]:  # fmt: skip
    """A warm window with a door, and short curtains above them."""
    warm = rng.choice(((1.0, 0.76, 0.42), (1.0, 0.66, 0.34), (1.0, 0.84, 0.58)))
    room = mixed((0.36, 0.36, 0.38), warm, 0.5 + 0.4 * site.dark)
    shine = 0.3 + 0.4 * site.dark
    z = _FRONT + 0.03
    left, right = x + 0.4, x + width - 0.4
    door = left + rng.choice((0.0, 1.0)) * (right - left - 0.95)
    flat: list[Panel] = [
        (left, right, 0.6, 1.85, z, room, shine),
        (left, right, 0.16, 0.6, z, shaded(wall, 0.6), 0.0),
        (door, door + 0.95, 0.16, 1.85, z + 0.02, shaded(wall, 0.45), 0.0),
        (door + 0.15, door + 0.8, 0.5, 1.6, z + 0.04, room, shine),
    ]
    cloth = rng.choice(((0.70, 0.14, 0.12), (0.16, 0.22, 0.46), (0.90, 0.84, 0.72)))
    count = 4
    pitch = (right - left) / count
    for k in range(count):
        x0 = left + pitch * k
        flat.append((x0 + 0.03, x0 + pitch - 0.03, 1.42, 1.9, z + 0.12, cloth, 0.1))
    return flat


def _shop_sign(rng: random.Random, x: float, width: float, neon: Colour, second: Colour) -> Mesh:
    """A board over the shop with a frame of neon and broad letters."""
    middle, z = x + width / 2, _FRONT + 0.15
    half = width * 0.5 - 0.35
    shines = rng.random() < 0.45
    plate = neon if shines else _DARK
    rows: list[Block] = [(plate, 0.75 if shines else 0.0, (2 * half, 0.62, 0.2), (middle, 1.98, z))]
    ink, glow = (_DARK, 0.0) if shines else (second, 1.0)
    flat: list[Panel] = []
    if not shines:
        for y in (1.98, 2.54):
            flat.append((middle - half, middle + half, y, y + 0.07, z + 0.12, neon, 1.0))
    letters = 3
    pitch = (2 * half - 0.3) / letters
    for k in range(letters):
        x0 = middle - half + 0.15 + pitch * (k + 0.2)
        x1 = x0 + pitch * 0.6
        bars = ((x0, x1, 2.38, 2.46), (x0, x1, 2.12, 2.20), ((x0 + x1) / 2 - 0.05,
                (x0 + x1) / 2 + 0.05, 2.12, 2.46))  # fmt: skip
        for a, b, low, high in bars[: 2 + (k % 2)]:
            flat.append((a, b, low, high, z + 0.12, ink, glow))
    return merge(blocks(rows, below=True), panels(flat))


def _lanterns(site: Site) -> Mesh:
    """Red and white paper lanterns along the shops."""
    glow = 0.45 + 0.5 * site.dark
    parts = []
    for colour, start in ((_PAPER, 0.0), ((1.0, 0.86, 0.62), 0.55)):
        lantern = merge(
            ellipsoid((0.17, 0.24, 0.17), (0, 0, 0), colour, glow=glow, rings=4, sectors=7),
            blocks([(_DARK, 0.0, (0.14, 0.07, 0.14), (0, 0.2, 0)),
                    (_DARK, 0.0, (0.14, 0.07, 0.14), (0, -0.27, 0))]),
        )  # fmt: skip
        offset = start + site.rng.uniform(0.0, 3.0)
        spots = [
            (-34.0 + offset + 6.6 * k + 0.62 * j, 1.5, _FRONT + 0.85, 0.0, 1.0)
            for k in range(11)
            for j in range(2 if start else 3)
        ]
        parts.append(scattered(lantern, spots))
    return merge(*parts)


def _machines(site: Site) -> Mesh:
    """Vending machines on the pavement: lit cabinets with rows of colours."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    for k in range(5):
        x = -30.0 + 14.0 * k + rng.uniform(-4.0, 4.0)
        body = rng.choice(((0.86, 0.16, 0.14), (0.92, 0.92, 0.94), (0.18, 0.40, 0.78)))
        z = _FRONT + 0.5
        rows.append((body, 0.12, (0.95, 1.75, 0.7), (x, 0.16, z)))
        flat.append((x - 0.36, x + 0.36, 0.95, 1.75, z + 0.37, (0.86, 0.96, 1.0), 0.85))
        for row, colour in enumerate(rng.sample(_NEON, 2)):
            y = 1.05 + 0.36 * row
            flat.append((x - 0.28, x + 0.28, y, y + 0.2, z + 0.39, colour, 0.7))
    return merge(blocks(rows), panels(flat))


def _skyline(site: Site) -> Mesh:
    """Towers behind the roofs, some with a great sign."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    parts: list[Mesh] = []
    for k in range(13):
        x, wide, tall = -48.0 + 8.0 * k + rng.uniform(-2, 2), rng.uniform(4, 7), rng.uniform(7, 18)
        z = -26.0 - rng.uniform(0, 14)
        wall = mixed((0.30, 0.33, 0.42), (0.42, 0.38, 0.46), rng.random())
        rows.append((wall, 0.0, (wide, tall, 6.0), (x, 0.0, z)))
        frame = (x - wide * 0.42, x + wide * 0.42, 3.0, min(tall, 10.0), z + 3.05)
        flat += windows(site, frame, (3, 4), (0.62, 0.45), shaded(wall, 1.3), 0.6)
        if k % 2:
            board = sign_board(rng, rng.choice(_NEON), rng.choice(_NEON[:4]), 1.9, 3.8)
            parts.append(scattered(board, [(x, 3.6, z + 3.3, 0.0, 1.0)]))
    return merge(blocks(rows), panels(flat), *parts)


def _street_lamps(site: Site) -> Mesh:
    """Tall lamps with an arm over the road."""
    glass = (1.0, 0.90, 0.65) if site.dark > 0.0 else (0.82, 0.83, 0.80)
    lamp = merge(
        cylinder((0, 0, 0), (0, 3.0, 0), 0.07, IRON, sectors=5),
        cylinder((0, 2.95, 0), (0, 3.15, 0.7), 0.06, IRON, sectors=4),
        ellipsoid((0.22, 0.14, 0.34), (0, 3.05, 0.75), glass, glow=site.dark, rings=4, sectors=6),
    )
    start = site.rng.uniform(0.0, 11.0)
    return scattered(
        lamp, [(-35.0 + start + 11.0 * k, 0.16, _KERB - 1.1, 0.0, 1.0) for k in range(7)]
    )
