"""An astronaut: a bulky suit, a round white helmet with a dark golden visor, a pack."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import biped, feats, figure
from yozora.world.assets.asset import Asset, Look, Pose
from yozora.world.assets.rig import Rig
from yozora.world.assets.skeleton import CHEST, HEAD, HIPS, SIDES, Build

_HEIGHT = 1.72
_ACTIONS = ("stand", "walk", "float", "jump", "wave")
_MOVES: dict[str, biped.Move] = {"walk": feats.bounce_walk}


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[Build, Rig]:
    chance = random.Random(f"astronaut:{seed}")
    tall = _HEIGHT * chance.uniform(0.96, 1.04)
    build = Build.of(tall, 0.715, 0.665, 0.50, 0.40, 0.215, 0.515, 0.375, 0.155, 0.085, 0.19)
    return build, build.rig()


def build(look: Look) -> m.Mesh:
    b, _ = _frame(look.seed)
    chance, colour, tall = look.draw("astronaut"), look.rgb, b.height
    white = (0.93, 0.93, 0.92) if look.colour != "white" else (0.70, 0.73, 0.78)
    joint = (0.30, 0.32, 0.36)
    gold = chance.choice(((0.50, 0.31, 0.06), (0.42, 0.25, 0.06), (0.48, 0.36, 0.12)))
    deep, wide = 0.125 * tall * chance.uniform(0.94, 1.08), b.shoulder_out
    heights = [b.hip - 0.055 * tall, b.hip + 0.02 * tall, b.waist, b.shoulder - 0.06 * tall,
               b.shoulder + 0.01 * tall, b.shoulder + 0.05 * tall]  # fmt: skip
    body = figure.trunk(heights, [0.7 * deep, 1.05 * deep, deep, 1.08 * deep, 0.95 * deep,
                        0.6 * deep], [0.75 * wide, wide, 0.92 * wide, wide, wide, 0.6 * wide],
                        b.waist, colour)  # fmt: skip
    big = 0.158 * tall
    y = b.neck + 0.8 * big
    parts = [
        body,
        m.tube([(0, b.waist - 0.045 * tall, 0), (0, b.waist - 0.012 * tall, 0)], [1.06 * deep] * 2,
               white, HIPS, sectors=12, widths_P=[1.0 * wide] * 2),
        m.box((0.05 * tall, 0.09 * tall, 0.14 * tall), (1.02 * deep, b.waist + 0.065 * tall, 0),
              white, CHEST, top=(0.8, 0.9)),
        m.box((0.056 * tall, 0.03 * tall, 0.05 * tall),
              (1.02 * deep, b.waist + 0.07 * tall, 0.025 * tall), (0.85, 0.1, 0.1), CHEST),
        m.box((0.15 * tall, 0.28 * tall, 0.27 * tall), (-1.3 * deep, b.waist + 0.09 * tall, 0),
              white, CHEST, top=(0.85, 0.9)),
        m.cylinder((0, b.neck - 0.015 * tall, 0), (0, b.neck + 0.015 * tall, 0), 0.11 * tall, white,
                   CHEST, sectors=10),
        m.ellipsoid((big, big, 0.98 * big), (0, y, 0), (0.94, 0.94, 0.93), HEAD, rings=7,
                    sectors=12),
        m.ellipsoid((0.72 * big, 0.6 * big, 0.93 * big), (0.36 * big, y - 0.02 * big, 0), gold,
                    HEAD, rings=6, sectors=12),
        m.ellipsoid((0.10 * big, 0.15 * big, 0.2 * big), (0.97 * big, y + 0.24 * big, 0.26 * big),
                    (1.0, 0.86, 0.5), HEAD, glow=0.5, rings=4, sectors=6),
    ]  # fmt: skip
    for side, upper, fore, leg, shin, foot in SIDES:
        out, hip = side * b.shoulder_out, side * b.hip_out
        parts += [
            m.capsule((0, b.shoulder, out), (0, b.elbow, out), 0.082 * tall, 0.066 * tall, colour,
                      upper, sectors=8),
            m.capsule((0, b.elbow, out), (0, b.wrist, out), 0.064 * tall, 0.056 * tall, colour,
                      fore),
            m.cylinder((0, b.wrist + 0.02 * tall, out), (0, b.wrist - 0.03 * tall, out),
                       0.068 * tall, white, fore, sectors=8),
            m.ellipsoid((0.048 * tall, 0.06 * tall, 0.045 * tall), (0, b.wrist - 0.05 * tall, out),
                        joint, fore, rings=5, sectors=6),
            m.capsule((0, b.hip, hip), (0, b.knee, hip), 0.098 * tall, 0.08 * tall, colour, leg,
                      sectors=8),
            m.capsule((0, b.knee, hip), (0, b.ankle + 0.03 * tall, hip), 0.076 * tall, 0.068 * tall,
                      colour, shin),
            m.box((0.21 * tall, 0.085 * tall, 0.15 * tall), (0.035 * tall, 0.0425 * tall, hip),
                  white, foot, top=(0.7, 0.85)),
            m.cylinder((0, b.ankle + 0.02 * tall, hip), (0, b.ankle + 0.065 * tall, hip),
                       0.084 * tall, white, shin, sectors=8),
        ]  # fmt: skip
    return m.merge(*parts, *figure.present(b))


def pose(action: str, t_s: float, look: Look) -> Pose:
    b, rig = _frame(look.seed)
    return biped.pose(rig, b, action, t_s, look.seed, stiff=0.4, moves=_MOVES)


ASSET = Asset(
    kind="astronaut",
    plural="astronauts",
    synonyms=("cosmonaut", "spaceman", "spacewoman", "space traveler", "space traveller",
              "space explorer", "moonwalker", "taikonaut", "space man", "moon walker",
              "space cadet", "rocketman"),
    actions=biped.actions_of(*_ACTIONS),
    action_synonyms=biped.synonyms_of(*_ACTIONS),
    natural_colours=("white", "orange", "blue", "red", "silver"),
    wears="suit",
    height_m=1.02 * _HEIGHT,
    length_m=0.5 * _HEIGHT,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={**biped.strides_of(_HEIGHT, *_ACTIONS), "walk": feats.MOON_HEIGHTS_S * _HEIGHT},
    near="robot",
    homes=("space", "spaceship", "desert", "future city"),
)  # fmt: skip
