"""Things that stand about: trees, rocks, lamp posts, benches. Each is one mesh at the origin.

Sizes in metres at scale 1. They are low-poly on purpose: a place has 4,000 triangles.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yozora.world.mesh import Mesh, capsule, cone, cylinder, ellipsoid, lathe, merge
from yozora.world.places.solids import blocks, disc
from yozora.world.places.stage import LEAVES, Colour, shaded

BARK: Colour = (0.34, 0.23, 0.15)
SNOWY: Colour = (0.93, 0.96, 1.0)
UP = np.array([0.0, 1.0, 0.0], np.float32)
IRON: Colour = (0.13, 0.15, 0.17)
WOOD: Colour = (0.55, 0.34, 0.17)


@dataclass(frozen=True, slots=True)
class Greens:
    """What grows, in one season's colours."""

    grass: Colour
    grass2: Colour
    leaves: tuple[Colour, ...]  # crowns; empty: bare trees
    bush: Colour
    flowers: tuple[Colour, ...]


GREENS: dict[str, Greens] = {
    "spring": Greens(
        (0.47, 0.74, 0.30),
        (0.60, 0.80, 0.36),
        ((0.98, 0.66, 0.80), (0.99, 0.86, 0.91), (0.62, 0.84, 0.36)),
        (0.45, 0.72, 0.28),
        ((0.98, 0.85, 0.20), (0.95, 0.35, 0.55), (0.98, 0.98, 0.98)),
    ),
    "summer": Greens(
        (0.30, 0.62, 0.20),
        (0.40, 0.70, 0.24),
        ((0.16, 0.50, 0.17), (0.24, 0.58, 0.20), (0.34, 0.64, 0.20)),
        (0.15, 0.46, 0.18),
        ((0.90, 0.18, 0.20), (0.98, 0.80, 0.15), (0.60, 0.30, 0.80)),
    ),
    "autumn": Greens(
        (0.58, 0.56, 0.24),
        (0.74, 0.50, 0.20),
        ((0.92, 0.48, 0.10), (0.82, 0.22, 0.12), (0.96, 0.74, 0.16)),
        (0.60, 0.40, 0.16),
        ((0.85, 0.40, 0.10), (0.70, 0.15, 0.25), (0.95, 0.75, 0.20)),
    ),
    "winter": Greens(
        (0.62, 0.66, 0.60),
        (0.80, 0.84, 0.84),
        (),
        (0.24, 0.38, 0.28),
        ((0.75, 0.80, 0.85),),
    ),
}


def leafy(mesh: Mesh) -> Mesh:
    """The mesh as foliage: it sways."""
    return replace(mesh, bone_V=np.full(len(mesh.position_V3), LEAVES, np.int32))


def two_tone(mesh: Mesh, low: Colour) -> Mesh:
    """Foliage darkens towards its foot: a round crown reads as round."""
    y_V = mesh.position_V3[:, 1]
    share = (1.0 - (y_V - y_V.min()) / max(float(np.ptp(y_V)), 1e-6))[:, None] * 0.75
    colour = mesh.colour_V3 * (1.0 - share) + np.asarray(low, np.float32) * share
    return replace(mesh, colour_V3=colour.astype(np.float32))


@lru_cache(maxsize=64)
def round_tree(leaf: Colour, bark: Colour = BARK) -> Mesh:
    """5 m: a trunk and a crown of three balls. About 100 triangles."""
    crown = merge(
        ellipsoid((1.55, 1.30, 1.5), (0.0, 3.35, 0.0), leaf, rings=4, sectors=7),
        ellipsoid((1.05, 0.95, 1.0), (1.0, 2.75, 0.35), leaf, rings=3, sectors=6),
        ellipsoid((1.00, 0.90, 1.0), (-1.0, 2.7, 0.30), leaf, rings=3, sectors=6),
    )
    return merge(_trunk(2.6, 0.26, bark), leafy(two_tone(crown, shaded(leaf, 0.68))))


@lru_cache(maxsize=64)
def poplar(leaf: Colour, bark: Colour = BARK) -> Mesh:
    """7 m, slender. About 60 triangles."""
    crown = ellipsoid((0.95, 2.9, 0.95), (0.0, 4.0, 0.0), leaf, rings=5, sectors=6)
    return merge(_trunk(1.6, 0.2, bark), leafy(two_tone(crown, shaded(leaf, 0.62))))


@lru_cache(maxsize=64)
def far_tree(leaf: Colour, bark: Colour = BARK) -> Mesh:
    """5 m, for the back rows: one ball on a trunk. About 45 triangles."""
    crown = ellipsoid((1.9, 1.6, 1.6), (0.0, 3.2, 0.0), leaf, rings=4, sectors=6)
    return merge(_trunk(2.0, 0.22, bark), leafy(two_tone(crown, shaded(leaf, 0.62))))


def _trunk(tall: float, radius: float, bark: Colour) -> Mesh:
    """An open tube: 10 triangles."""
    return lathe([(0.0, radius), (tall, radius * 0.65)], (0, 0, 0), bark, sectors=5)


@lru_cache(maxsize=8)
def bare_tree(kind: int, bark: Colour = (0.36, 0.30, 0.27)) -> Mesh:
    """5 m, without leaves. About 100 triangles."""
    rng = random.Random(f"bare {kind}")
    parts = [_trunk(2.6, 0.25, bark)]
    for k in range(6):
        turn = k * 1.05 + rng.uniform(-0.3, 0.3)
        base_y = 1.7 + 0.14 * k
        reach, rise = rng.uniform(0.9, 1.6), rng.uniform(1.2, 2.2)
        tip = (math.cos(turn) * reach, base_y + rise, math.sin(turn) * reach)
        parts.append(cone((0, base_y, 0), 0.14, tip, bark, sectors=3))
        mid = (tip[0] * 0.5, base_y + rise * 0.5, tip[2] * 0.5)
        end = (tip[0] * 1.25, mid[1] + rise * 0.25, tip[2] * 1.25 + rng.uniform(-0.3, 0.3))
        parts.append(cone(mid, 0.08, end, bark, sectors=3))
    return merge(*parts)


def park_tree(kind: int, greens: Greens, rng: random.Random, far: bool = False) -> Mesh:
    """A broad-leaved tree of the season: `kind` 0 or 1 round, 2 slender."""
    if not greens.leaves:
        return bare_tree(kind)
    leaf = rng.choice(greens.leaves)
    if kind == 2:
        return poplar(leaf)
    return far_tree(leaf) if far else round_tree(leaf)


@lru_cache(maxsize=16)
def pine(needles: Colour, snow: bool = False) -> Mesh:
    """5.5 m: three cones on a stem; with `snow`, each has a white cap. 50 to 80 triangles."""
    parts = [cylinder((0, 0, 0), (0, 1.0, 0), 0.2, BARK, sectors=4)]
    for base_y, radius, tall, dark in (
        (0.7, 1.5, 2.2, 0.8),
        (2.0, 1.15, 2.0, 0.95),
        (3.3, 0.8, 2.2, 1.1),
    ):
        apex = (0.0, base_y + tall, 0.0)
        parts.append(cone((0, base_y, 0), radius, apex, shaded(needles, dark), sectors=7))
        if snow:
            cut = base_y + tall * 0.42
            parts.append(
                lathe([(cut, radius * 0.68), (apex[1] + 0.08, 0.0)], (0, 0, 0), SNOWY, sectors=7)
            )
    return merge(*parts)


@lru_cache(maxsize=8)
def palm(kind: int, leaf: Colour) -> Mesh:
    """5.5 m: a leaning trunk and a star of drooping leaves. About 110 triangles."""
    rng = random.Random(f"palm {kind}")
    bend, bark = rng.uniform(0.7, 1.4) * rng.choice((-1, 1)), (0.58, 0.42, 0.27)
    knee, top = (bend * 0.3, 2.4, 0.0), (bend, 4.7, 0.0)
    parts = [
        cylinder((0, 0, 0), knee, 0.24, bark, sectors=5, radius_end=0.18),
        cylinder(knee, top, 0.18, bark, sectors=5, radius_end=0.14),
        ellipsoid(
            (0.3, 0.25, 0.3), (top[0], top[1] - 0.15, 0.1), (0.40, 0.24, 0.12), rings=3, sectors=5
        ),
    ]
    corners = []
    for k in range(8):
        turn = k * math.tau / 8 + rng.uniform(-0.15, 0.15)
        ahead, aside = (
            np.array([math.cos(turn), 0, math.sin(turn)]),
            np.array([-math.sin(turn), 0, math.cos(turn)]),
        )
        spine = [
            np.array(top),
            np.array(top) + ahead * 1.15 + [0, 0.55, 0],
            np.array(top) + ahead * 2.2 + [0, -0.35, 0],
        ]
        wide = aside * 0.36 - np.array([0, 0.14, 0])
        low = -aside * 0.36 - np.array([0, 0.14, 0])
        for edge in (wide, low):
            corners.append((spine[0], spine[1], spine[1] + edge))
            corners.append((spine[1], spine[2], spine[1] + edge))
    return merge(*parts, leafy(_soft(corners, leaf)))


def _soft(corners: Sequence[Sequence[NDArray[np.floating]]], colour: Colour) -> Mesh:
    """Thin leaves, seen from both sides and lit as if they lay open to the sky.

    The back of a leaf lies 4 cm behind its front: outlines need something to go around.
    """
    front_N33 = np.array(corners, np.float32)
    across = np.cross(front_N33[:, 1] - front_N33[:, 0], front_N33[:, 2] - front_N33[:, 0])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    back_N33 = front_N33[:, ::-1] - 0.04 * across[:, None]
    point = np.stack([front_N33, back_N33], axis=1).reshape(-1, 3)
    count = len(point)
    normal = np.tile(np.array([0.0, 0.8, 0.6], np.float32), (count, 1))
    return Mesh(
        point,
        normal,
        np.tile(np.asarray(colour, np.float32), (count, 1)),
        np.zeros(count, np.float32),
        np.zeros(count, np.int32),
        np.arange(count, dtype=np.int32).reshape(-1, 3),
    )


@lru_cache(maxsize=8)
def tuft(colour: Colour, blades: int = 5, tall: float = 0.6, broad: float = 0.09) -> Mesh:
    """Grass, reeds, ferns: upright blades that lean outwards. 2 triangles a blade."""
    corners = []
    for k in range(blades):
        turn = k * math.tau / blades + 0.4
        out = np.array([math.cos(turn), 0.0, math.sin(turn)])
        side = np.array([broad, 0.0, 0.0])
        tip = out * tall * 0.7 + np.array([0.0, tall * (0.8 + 0.2 * (k % 2)), 0.0])
        a, b = out * 0.05 - side, out * 0.05 + side
        corners.append((a, b, tip))
    return leafy(_soft(corners, colour))


@lru_cache(maxsize=16)
def rock(kind: int, colour: Colour) -> Mesh:
    """1 m across: a lumpy ball, flat below. About 36 triangles."""
    rng = random.Random(f"rock {kind}")
    ball = ellipsoid((0.5, 0.42, 0.45), (0, 0.22, 0), colour, rings=4, sectors=6)
    key = {tuple(np.round(p, 3)): rng.uniform(0.8, 1.2) for p in ball.position_V3.tolist()}
    size = np.array([key[tuple(np.round(p, 3))] for p in ball.position_V3.tolist()], np.float32)
    point = ball.position_V3 * size[:, None]
    point[:, 1] = np.maximum(point[:, 1], 0.0)
    return replace(ball, position_V3=point)


def bush(colour: Colour) -> Mesh:
    """1.2 m wide, 0.8 m high. 24 triangles."""
    ball = ellipsoid((0.65, 0.55, 0.5), (0, 0.3, 0), colour, rings=3, sectors=6)
    return leafy(two_tone(ball, shaded(colour, 0.6)))


def lamp_post(lit: float, colour: Colour = (1.0, 0.86, 0.55), tall: float = 2.5) -> Mesh:
    """A post with a globe that glows with `lit`. About 50 triangles."""
    glass = colour if lit > 0.0 else (0.85, 0.86, 0.82)
    return merge(
        cylinder((0, 0, 0), (0, tall, 0), 0.09, IRON, sectors=5, radius_end=0.06),
        blocks([(IRON, 0.0, (0.34, 0.16, 0.34), (0.0, 0.0, 0.0))]),
        ellipsoid(
            (0.27, 0.3, 0.27),
            (0, tall + 0.2, 0),
            glass,
            glow=min(1.0, lit * 1.4),
            rings=3,
            sectors=6,
        ),
        cone((0, tall + 0.38, 0), 0.24, (0, tall + 0.66, 0), IRON, sectors=5),
    )


def bench(colour: Colour = WOOD) -> Mesh:
    """1.9 m long, facing the viewer. 32 triangles."""
    return blocks(
        [
            (colour, 0.0, (1.9, 0.08, 0.5), (0.0, 0.42, 0.0)),
            (colour, 0.0, (1.9, 0.42, 0.08), (0.0, 0.58, -0.24)),
            (IRON, 0.0, (0.1, 0.44, 0.45), (-0.75, 0.0, 0.0)),
            (IRON, 0.0, (0.1, 0.44, 0.45), (0.75, 0.0, 0.0)),
        ]
    )


def flower_bed(colours: tuple[Colour, ...], soil: Colour, rng: random.Random) -> Mesh:
    """3 m of blossoms on a low mound. About 120 triangles."""
    parts = [disc((0, 0.03, 0), 1.6, 0.6, soil, sectors=10)]
    for k in range(7):
        x, z = -1.2 + 0.4 * k, rng.uniform(-0.25, 0.25)
        tall = rng.uniform(0.3, 0.5)
        parts.append(
            ellipsoid((0.29, 0.24, 0.29), (x, tall, z), rng.choice(colours), rings=2, sectors=5)
        )
    return merge(*parts)


def parasol(first: Colour, second: Colour) -> Mesh:
    """2.4 m: a striped sunshade on a pole. About 50 triangles."""
    pole = cylinder((0, 0, 0), (0, 2.2, 0), 0.05, (0.92, 0.9, 0.85), sectors=4)
    corners, colours, normals = [], [], []
    for k in range(8):
        a, b = k * math.tau / 8, (k + 1) * math.tau / 8
        ends = [np.array([math.cos(t) * 1.4, 1.85, math.sin(t) * 1.4]) for t in (a, b)]
        corners.append((np.array([0, 2.5, 0]), ends[1], ends[0]))
        colours += [first if k % 2 else second] * 6
        up = np.array([math.cos((a + b) / 2) * 0.42, 0.91, math.sin((a + b) / 2) * 0.42])
        normals += [up / np.linalg.norm(up)] * 6
    top = _soft(corners, first)
    top = replace(
        top, colour_V3=np.array(colours, np.float32), normal_V3=np.array(normals, np.float32)
    )
    return merge(pole, top)


def cactus(kind: int, colour: Colour = (0.22, 0.52, 0.24)) -> Mesh:
    """3 m, two arms. About 120 triangles."""
    rng = random.Random(f"cactus {kind}")
    parts = [capsule((0, 0, 0), (0, 2.6, 0), 0.34, 0.30, colour, sectors=5)]
    for side in (-1, 1):
        y, out, tall = rng.uniform(0.9, 1.6), side * rng.uniform(0.75, 1.0), rng.uniform(0.6, 1.2)
        elbow = (out, y + 0.1, 0.0)
        parts.append(cylinder((0, y, 0), elbow, 0.2, colour, sectors=4))
        parts.append(capsule(elbow, (out, y + tall, 0), 0.2, 0.18, colour, sectors=4))
    return merge(*parts)


def flame(tall: float) -> Mesh:
    """Fire: two cones that glow. 20 triangles."""
    red, gold = (1.0, 0.42, 0.08), (1.0, 0.85, 0.30)
    return merge(
        cone((0, 0, 0), tall * 0.42, (0.04, tall, 0), red, glow=1.0, sectors=5),
        cone(
            (0, 0.02, tall * 0.3),
            tall * 0.22,
            (0, tall * 0.6, tall * 0.25),
            gold,
            glow=1.0,
            sectors=5,
        ),
    )


def campfire() -> Mesh:
    """Logs in a ring of stones, with fire: 1 m across."""
    stones = merge(
        *(
            ellipsoid(
                (0.15, 0.12, 0.15),
                (0.5 * math.cos(a), 0.06, 0.4 * math.sin(a)),
                (0.5, 0.48, 0.46),
                rings=2,
                sectors=4,
            )
            for a in (0.4, 1.57, 2.7)
        )
    )
    log = blocks(
        [
            (BARK, 0.0, (0.8, 0.14, 0.16), (0, 0.02, 0.05)),
            (BARK, 0.0, (0.5, 0.14, 0.3), (0, 0.12, 0)),
        ]
    )
    fire = flame(0.85)
    return merge(stones, log, replace(fire, position_V3=fire.position_V3 + UP * np.float32(0.2)))


def torch() -> Mesh:
    """A burning torch on a bamboo pole, 1.8 m."""
    fire = flame(0.55)
    return merge(
        lathe([(0.0, 0.06), (1.35, 0.06)], (0, 0, 0), (0.62, 0.46, 0.26), sectors=4),
        lathe([(1.2, 0.05), (1.45, 0.14)], (0, 0, 0), (0.35, 0.24, 0.16), sectors=5),
        replace(fire, position_V3=fire.position_V3 + UP * np.float32(1.4)),
    )
