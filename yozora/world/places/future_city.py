"""A city of the future: towers of glass with lines of light, sky bridges, flying cars in lanes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yozora.world.mesh import Mesh, box, cylinder, ellipsoid, lathe, merge, moved, scaled
from yozora.world.places.facades import windows
from yozora.world.places.movers import SPAN, Mover, Part, flyer, passing
from yozora.world.places.props import GREENS, bush
from yozora.world.places.signs import sign_board
from yozora.world.places.solids import Block, Panel, along, blocks, panels, scattered
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_LINES: tuple[Colour, ...] = (
    (0.15, 0.95, 1.0),
    (1.0, 0.25, 0.70),
    (1.0, 0.72, 0.18),
    (0.55, 0.40, 1.0),
)
_GLASS: tuple[Colour, ...] = (
    (0.50, 0.78, 0.88),
    (0.92, 0.95, 0.97),
    (0.36, 0.62, 0.80),
    (0.70, 0.88, 0.90),
    (0.62, 0.66, 0.88),
)
_PAINTS: tuple[Colour, ...] = (
    (0.95, 0.95, 0.96),
    (0.95, 0.62, 0.12),
    (0.86, 0.18, 0.24),
    (0.16, 0.42, 0.80),
    (0.24, 0.26, 0.34),
    (0.98, 0.84, 0.22),
)
_PLAZA: Colour = (0.42, 0.48, 0.58)
_EDGE = -2.6  # z of the parapet
_LANES = (  # z, height, speed, how many, size
    (-4.6, 2.5, 7.5, 6, 0.46),
    (-8.4, 3.9, -8.0, 7, 0.58),
    (-17.0, 5.3, 7.0, 8, 0.8),
    (-18.5, 2.4, -7.0, 8, 0.8),
    (-28.0, 7.0, 8.0, 9, 1.0),
)


def future_city(site: Site) -> Stage:
    """A shining plaza below towers; on the water, a quay below them."""
    rng = site.rng
    lines = rng.sample(_LINES, len(_LINES))
    far, middle = _far_towers(site, lines), merge(*_middle_towers(site, lines))
    parts = [_plaza(site, lines), far, middle, *_front_towers(site, lines)]
    greens = GREENS[site.season]
    beds = along(rng, 33, 9.0, 0.8)
    pots: list[Block] = [
        ((0.86, 0.88, 0.90), 0.0, (1.7, 0.42, 0.8), (x, 0.0, _EDGE - 1.0)) for x in beds
    ]
    parts.append(blocks(pots))
    parts.append(scattered(bush(greens.bush), [(x, 0.36, _EDGE - 1.0, 0.0, 1.15) for x in beds]))

    movers: list[Mover] = []
    paints = rng.sample(_PAINTS, len(_PAINTS))
    for lane, (z, y, speed, count, size) in enumerate(_LANES):
        start = rng.uniform(0.0, 12.0)
        for k in range(count):
            line, paint = lines[(k + lane) % 4], paints[(k + 2 * lane) % len(paints)]
            mesh = flyer(paint, line, site.dark) if z > -10 else _far_flyer(paint, line)
            x = -SPAN + start + 2 * SPAN * k / count + rng.uniform(-2.5, 2.5)
            rise = rng.uniform(-0.25, 0.25)
            movers.append(Mover((Part(scaled(mesh, size)),), x, y + rise, z, speed, 0.12, 0.12))
    moving, motion = passing(movers, 0.18 * site.dark)
    power = 0.2 + 0.7 * site.dark
    lamps = tuple(
        Lamp((x, 2.6, _EDGE + 0.4), lines[k], 7.0, power) for k, x in enumerate((-7.0, -1.5, 4.5))
    )
    colour = (0.10, 0.26, 0.36) if site.on_water else _PLAZA
    return Stage(
        merge(*parts),
        "water" if site.on_water else "wet",
        colour,
        shaded(colour, 0.86),
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        snow_cover=0.6,
        fog_share=0.36,
        moving=moving,
        motion=motion,
        ahead=merge(moved(scaled(middle, 2.0), dz=-6.0), moved(far, dz=-30.0)),
    )


def _plaza(site: Site, lines: list[Colour]) -> Mesh:
    """Lines of light in the floor, a parapet with a glowing rail."""
    glow = 0.75 + 0.25 * site.dark
    pale = (0.80, 0.83, 0.86)
    rows: list[Block] = [
        (pale, 0.0, (96.0, 0.34, 0.5), (0.0, 0.0, _EDGE)),
        (lines[0], glow, (96.0, 0.13, 0.06), (0.0, 0.16, _EDGE + 0.26)),
        ((0.52, 0.57, 0.64), 0.0, (96.0, 0.12, 30.0), (0.0, 0.0, _EDGE - 15.0)),
        (lines[1], glow, (96.0, 0.02, 0.22), (0.0, 0.12, _EDGE - 2.6)),
    ]
    if not site.on_water:
        rows.append((lines[0], glow, (96.0, 0.012, 0.10), (0.0, 0.0, 0.3)))
        rows += [
            (lines[0], glow, (0.12, 0.012, -_EDGE + 0.4), (-45.0 + 6.0 * k, 0.0, _EDGE / 2 + 0.2))
            for k in range(16)
        ]
    return blocks(rows)


def _graded(site: Site, mesh: Mesh, tall: float = 9.0) -> Mesh:
    """Glass is darker at its foot and lighter above, and by day as bright as the sky."""
    share_V = np.clip(mesh.position_V3[:, 1] / tall, 0.0, 1.0)[:, None]
    colour_V3 = np.clip(mesh.colour_V3 * (0.72 + 0.43 * share_V), 0.0, 1.0)
    glow_V = np.full(len(share_V), 0.16 * (1.0 - site.dark), np.float32)
    return replace(mesh, colour_V3=colour_V3.astype(np.float32), glow_V=glow_V)


def _front_towers(site: Site, lines: list[Colour]) -> list[Mesh]:
    """Towers that leave the picture at its top, with bridges between them and great signs."""
    rng = site.rng
    parts: list[Mesh] = []
    x, k = -38.0 + rng.uniform(0.0, 5.0), rng.randrange(4)
    before: float | None = None
    while x < 38.0:
        wide, z = rng.uniform(2.3, 2.9), -12.0
        glass, line = _GLASS[k % len(_GLASS)], lines[k % 4]
        if k % 2:
            parts.append(_round_tower(site, x, z, wide / 2, 15.0, glass, line))
        else:
            parts.append(_slab(site, x, z, wide, 15.0, glass, line))
        if k % 2 == 0:
            board = sign_board(rng, lines[(k + 1) % 4], lines[(k + 2) % 4], 1.35, 2.7)
            spot = (x, 1.9, z + wide / 2 + 0.25)
            parts.append(scattered(board, [(*spot, 0.0, 1.0)]))
        if before is not None and rng.random() < 0.4:
            parts.append(_bridge(before, x, rng.uniform(3.3, 4.3), z, lines[(k + 3) % 4]))
        before = x
        x += rng.uniform(8.0, 11.5)
        k += 1
    return parts


def _middle_towers(site: Site, lines: list[Colour]) -> list[Mesh]:
    """Towers whose tops are seen: spires, domes, steps."""
    rng = site.rng
    parts: list[Mesh] = []
    for k, x in enumerate(along(rng, 42, 5.0, 0.8)):
        wide, tall, z = rng.uniform(1.6, 2.4), rng.uniform(3.4, 6.4), -20.0 - rng.uniform(0.0, 4.0)
        glass, line = rng.choice(_GLASS), lines[(k * 3 + 1) % 4]
        kind = rng.randrange(3)
        if kind == 0:
            parts.append(_slab(site, x, z, wide, tall, glass, line, 1))
            parts.append(cylinder((x, tall, z), (x, tall + 2.2, z), 0.2, line, glow=0.9,
                                  sectors=4, radius_end=0.02))  # fmt: skip
        elif kind == 1:
            radius = wide / 2
            profile = [(0.0, 0.8 * radius), (0.35 * tall, radius), (0.7 * tall, 0.72 * radius),
                       (0.9 * tall, 0.34 * radius), (tall + 1.0, 0.03)]  # fmt: skip
            parts.append(_graded(site, lathe(profile, (x, 0, z), glass, sectors=9)))
            for y, r in ((0.35 * tall, 1.02), (0.7 * tall, 0.75)):
                ring = [(y, r * radius), (y + 0.2, r * radius)]
                parts.append(lathe(ring, (x, 0, z), line, glow=0.95, sectors=9))
        else:
            parts.append(_round_tower(site, x, z, wide / 2, tall, glass, line, 3))
            parts.append(ellipsoid((wide * 0.56, 0.55, wide * 0.56), (x, tall, z),
                                   shaded(glass, 1.1), rings=4, sectors=9))  # fmt: skip
    return parts


def _slab(
    site: Site, x: float, z: float, wide: float, tall: float, glass: Colour, line: Colour,
    columns: int = 2,
) -> Mesh:  # fmt: skip
    """A tower with corners: lines of light up its edges, bands of windows between them."""
    body = blocks([(glass, 0.0, (wide, tall, wide), (x, 0.0, z))])
    front = z + wide / 2
    glow = 0.7 + 0.3 * site.dark
    half, top = wide / 2, min(tall, 8.5)
    flat: list[Panel] = [
        (x - half, x - half + 0.17, 0.2, tall, front + 0.03, line, glow),
        (x + half - 0.17, x + half, 0.2, tall, front + 0.03, line, glow),
    ]
    frame = (x - half + 0.3, x + half - 0.3, 0.6, top, front + 0.02)
    flat += windows(site, frame, (columns, int(top / 1.0)), (1.0, 0.4), shaded(glass, 0.80), 0.35)
    rim: list[Block] = [(line, glow, (wide + 0.1, 0.14, wide + 0.1), (x, tall, z))]
    return merge(_graded(site, body), panels(flat), blocks(rim))


def _round_tower(
    site: Site, x: float, z: float, radius: float, tall: float, glass: Colour, line: Colour,
    step: int = 2,
) -> Mesh:  # fmt: skip
    """A round tower with rings of light, every `step` metres or so."""
    parts = [
        _graded(site, lathe([(0.0, radius), (tall, radius * 0.9)], (x, 0, z), glass, sectors=10))
    ]
    glow = 0.7 + 0.3 * site.dark
    y, k = 0.9, 0
    while y < min(tall, 8.0):
        r = radius * (1.0 - 0.1 * y / tall) + 0.04
        colour, shine, high = (line, glow, 0.13) if k % step == 0 else (
            mixed(shaded(glass, 0.66), (1.0, 0.84, 0.55), min(1.0, 1.5 * site.dark)),
            0.7 * site.dark, 0.34)  # fmt: skip
        ring = [(y, r), (y + high, r)]
        parts.append(lathe(ring, (x, 0, z), colour, glow=shine, sectors=10))
        y += 0.85
        k += 1
    return merge(*parts)


def _bridge(x0: float, x1: float, y: float, z: float, line: Colour) -> Mesh:
    """A closed walkway between two towers, with light below and windows of light."""
    middle, long = (x0 + x1) / 2, x1 - x0
    return blocks(
        [
            ((0.94, 0.96, 0.98), 0.1, (long, 0.20, 0.9), (middle, y, z + 0.6)),
            ((0.44, 0.66, 0.80), 0.2, (long, 0.34, 0.8), (middle, y + 0.2, z + 0.6)),
            ((0.94, 0.96, 0.98), 0.1, (long, 0.12, 0.95), (middle, y + 0.54, z + 0.6)),
            (line, 0.95, (long, 0.10, 0.95), (middle, y - 0.1, z + 0.6)),
        ],
        below=True,
    )


def _far_towers(site: Site, lines: list[Colour]) -> Mesh:
    """The city behind, pale in the distance: blocks, each with a line of light."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    for k in range(26):
        x, wide = -66.0 + 5.2 * k + rng.uniform(-1.2, 1.2), rng.uniform(1.8, 3.2)
        tall, z = rng.uniform(4.5, 9.0), -36.0 - rng.uniform(0.0, 12.0)
        glass = mixed(rng.choice(_GLASS), (0.66, 0.76, 0.88), 0.45)
        rows.append((glass, 0.0, (wide, tall, 3.0), (x, 0.0, z)))
        rows.append((glass, 0.0, (wide * 0.55, tall * 0.3, 2.0), (x, tall, z)))
        line = lines[k % 4]
        side = x + rng.choice((-0.34, 0.0, 0.34)) * wide
        flat.append((side - 0.14, side + 0.14, 1.0, tall, z + 1.55, line, 0.5 + 0.45 * site.dark))
        frame = (x - wide * 0.42, x + wide * 0.42, 2.0, min(tall, 11.0), z + 1.53)
        flat += windows(site, frame, (1, 4), (0.8, 0.3), shaded(glass, 0.9), 0.5)
    return merge(_graded(site, blocks(rows), 10.0), panels(flat))


def _far_flyer(paint: Colour, line: Colour) -> Mesh:
    """A flying car far away, 4.4 m: a body, a cabin, a bright keel. 48 triangles."""
    return merge(
        box((4.2, 0.6, 1.5), (0, 0.5, 0), paint, top=(0.84, 0.9)),
        box(
            (2.2, 0.6, 1.3), (-0.2, 1.05, 0), mixed(paint, (0.1, 0.16, 0.26), 0.75), top=(0.52, 0.8)
        ),
        box((3.4, 0.24, 1.0), (0, 0.1, 0), mixed((1.0, 1.0, 1.0), line, 0.75), glow=1.0),
        box((0.3, 0.36, 0.8), (2.05, 0.5, 0), (1.0, 0.97, 0.82), glow=1.0),
    )
