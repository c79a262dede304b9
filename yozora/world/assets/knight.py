"""A knight: plate armour under a coloured surcoat, a plumed helmet, a round shield, a sword."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import biped, feats, figure
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, shade
from yozora.world.assets.rig import Rig
from yozora.world.assets.skeleton import CHEST, HAIR, HEAD, SHIELD, SIDES, SWORD, Build

_HEIGHT = 1.80
_ACTIONS = ("stand", "walk", "run", "fight")
_MOVES: dict[str, biped.Move] = {
    "stand": feats.stand_guard,
    "walk": feats.march,
    "run": feats.charge,
}


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[Build, Rig]:
    chance = random.Random(f"knight:{seed}")
    tall = _HEIGHT * chance.uniform(0.97, 1.04)
    b = Build.of(tall, 0.79, 0.74, 0.58, 0.475, 0.255, 0.585, 0.445, 0.150, 0.068, 0.17)
    return b, b.rig()


def _helmet(b: Build, steel: m.RGB, plume: m.RGB, style: int) -> list[m.Mesh]:
    tall, big = b.height, 0.098 * b.height
    y = b.neck + 0.9 * big
    slit = m.box((0.3 * big, 0.16 * big, 1.3 * big), (0.82 * big, y + 0.12 * big, 0),
                 (0.02, 0.02, 0.025), HEAD)  # fmt: skip
    parts = [
        m.lathe([(-0.85 * big, 0.0), (-0.85 * big, 0.78 * big), (0.1 * big, 0.98 * big),
                 (0.62 * big, 0.86 * big), (1.0 * big, 0.42 * big), (1.1 * big, 0.0)], (0, y, 0),
                steel, HEAD, sectors=10),
        slit,
        m.box((0.36 * big, 1.0 * big, 0.1 * big), (0.84 * big, y - 0.3 * big, 0),
              shade(steel, 0.7), HEAD),
    ]  # fmt: skip
    if style == 0:  # a plume that falls back
        path = [(0.05 * big, y + 1.0 * big, 0), (-0.35 * big, y + 1.75 * big, 0),
                (-1.2 * big, y + 1.45 * big, 0), (-1.65 * big, y + 0.2 * big, 0)]  # fmt: skip
        parts.append(m.tube(path, [0.16 * big, 0.42 * big, 0.5 * big, 0.14 * big], plume, HAIR,
                            widths_P=[0.14 * big, 0.32 * big, 0.38 * big, 0.1 * big]))  # fmt: skip
    else:  # a crest from front to back
        parts.append(m.tube([(x * big, y + h * big, 0) for x, h in
                             ((0.6, 0.95), (0.1, 1.4), (-0.7, 1.2), (-1.15, 0.3))],
                            [0.2 * big, 0.36 * big, 0.4 * big, 0.2 * big], plume, HAIR, sectors=6,
                            widths_P=[0.14 * big, 0.2 * big, 0.2 * big, 0.14 * big]))  # fmt: skip
    parts.append(m.cylinder((0, b.neck - 0.02 * tall, 0), (0, b.neck + 0.02 * tall, 0), 0.09 * tall,
                            shade(steel, 0.75), CHEST, sectors=8))  # fmt: skip
    return parts


def _arms(b: Build, colour: m.RGB, steel: m.RGB) -> list[m.Mesh]:
    """The sword in the right hand points forward along the fist; the shield is on the left arm."""
    tall = b.height
    hand = (0.0, b.wrist - 0.03 * tall, b.shoulder_out)
    gold, blade = (0.80, 0.58, 0.14), (0.86, 0.88, 0.92)
    long, z = 0.44 * tall, b.shoulder_out
    parts = [
        m.box((long, 0.05 * tall, 0.022 * tall), (0.06 * tall + 0.5 * long, hand[1], z), blade,
              SWORD),
        m.box((0.05 * tall, 0.05 * tall, 0.022 * tall), (0.08 * tall + long, hand[1], z), blade,
              SWORD, top=(0.3, 1.0)),
        m.box((0.03 * tall, 0.15 * tall, 0.04 * tall), (0.05 * tall, hand[1], z), gold, SWORD),
        m.capsule((0.05 * tall, hand[1], z), (-0.05 * tall, hand[1], z), 0.018 * tall,
                  0.018 * tall, (0.25, 0.12, 0.05), SWORD),
    ]  # fmt: skip
    out = -b.shoulder_out - 0.045 * tall
    middle = (0.0, b.wrist + 0.03 * tall)
    rim, radius = mix(steel, (1.0, 1.0, 1.0), 0.2), 0.185 * tall
    discs = ((-0.01, 0.012, 0.88, shade(colour, 0.75)), (0.0, 0.03, 1.0, rim),
             (0.012, 0.042, 0.86, colour), (0.03, 0.056, 0.3, rim))  # fmt: skip
    for near, far, size, paint in discs:
        parts.append(m.cylinder((*middle, out - near * tall), (*middle, out - far * tall),
                                size * radius, paint, SHIELD, sectors=12))  # fmt: skip
    return parts


def build(look: Look) -> m.Mesh:
    b, _ = _frame(look.seed)
    chance, colour, tall = look.draw("knight"), look.rgb, b.height
    bright = chance.uniform(0.9, 1.1)
    steel = shade((0.50, 0.53, 0.58), bright)
    if look.colour in ("silver", "grey"):
        steel = shade((0.26, 0.28, 0.33), bright)
    deep, wide = 0.088 * tall, b.shoulder_out
    hem = chance.uniform(0.2, 0.26) * tall
    heights = [hem, 0.5 * (hem + b.hip), b.hip, b.waist, b.shoulder - 0.05 * tall,
               b.shoulder + 0.01 * tall, b.shoulder + 0.045 * tall]  # fmt: skip
    coat = figure.trunk(
        heights, [0.15 * tall, 0.132 * tall, 0.115 * tall, 0.98 * deep, 1.25 * deep, 1.05 * deep,
        0.6 * deep], [0.165 * tall, 0.15 * tall, 0.13 * tall, 0.112 * tall, 0.92 * wide,
        0.95 * wide, 0.5 * wide], b.waist, colour)  # fmt: skip
    belt = m.tube([(0, b.waist - 0.025 * tall, 0), (0, b.waist + 0.01 * tall, 0)],
                  [1.12 * deep] * 2, (0.22, 0.11, 0.05), CHEST, sectors=10,
                  widths_P=[0.12 * tall] * 2)  # fmt: skip
    sign = contrast(colour, (0.1, 0.09, 0.1), (0.95, 0.85, 0.45))
    y = b.shoulder - 0.075 * tall
    cross = [m.box((0.04 * tall, 0.12 * tall, 0.035 * tall), (1.16 * deep, y, 0), sign, CHEST),
             m.box((0.04 * tall, 0.035 * tall, 0.1 * tall), (1.16 * deep, y + 0.012 * tall, 0),
                   sign, CHEST)]  # fmt: skip
    parts = [figure.skirted(coat, b.hip), belt, *cross, *_arms(b, colour, steel),
             *_helmet(b, steel, colour, chance.randrange(2))]  # fmt: skip
    parts += figure.arms(b, 0.046 * tall, colour, shade(steel, 0.85), shade(steel, 0.6))
    parts += figure.legs(b, 0.064 * tall, shade(steel, 0.85), steel)
    parts += figure.shoes(b, 0.088 * tall, shade(steel, 0.7))
    for side, upper, _, _, shin, _ in SIDES:
        parts += [
            m.ellipsoid((0.085 * tall, 0.07 * tall, 0.08 * tall), (0, b.shoulder + 0.012 * tall,
                        side * b.shoulder_out), steel, upper, rings=5),
            m.ellipsoid((0.06 * tall, 0.055 * tall, 0.055 * tall), (0.01 * tall, b.knee,
                        side * b.hip_out), steel, shin, rings=4, sectors=6),
        ]  # fmt: skip
    return m.merge(*parts, *figure.present(b))


def pose(action: str, t_s: float, look: Look) -> Pose:
    b, rig = _frame(look.seed)
    return biped.pose(rig, b, action, t_s, look.seed, stiff=0.3, moves=_MOVES)


ASSET = Asset(
    kind="knight",
    plural="knights",
    synonyms=("warrior", "soldier", "paladin", "crusader", "gladiator", "swordsman", "templar",
              "samurai", "viking", "fighter", "armored man", "armoured man", "squire",
              "musketeer", "guardsman", "man in armor", "man in armour"),
    actions=biped.actions_of(*_ACTIONS),
    action_synonyms=biped.synonyms_of(*_ACTIONS),
    natural_colours=("red", "blue", "green", "purple", "white"),
    wears=None,
    height_m=1.06 * _HEIGHT,
    length_m=0.6 * _HEIGHT,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=biped.strides_of(_HEIGHT, *_ACTIONS),
    near="man",
    homes=("castle", "forest", "mountains", "farm"),
)  # fmt: skip
