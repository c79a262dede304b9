"""A robot: a square head with glowing eyes and an antenna, a box of a chest, jointed limbs."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import biped, figure
from yozora.world.assets.asset import Asset, Look, Pose, mix, shade
from yozora.world.assets.rig import Rig
from yozora.world.assets.skeleton import CHEST, HEAD, HIPS, SIDES, Build

_HEIGHT = 1.6
_ACTIONS = ("stand", "walk", "wave", "dance")


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[Build, Rig]:
    chance = random.Random(f"robot:{seed}")
    tall = _HEIGHT * chance.uniform(0.96, 1.04)
    b = Build.of(tall, 0.69, 0.62, 0.42, 0.36, 0.19, 0.46, 0.30, 0.235, 0.105, 0.20)
    return b, b.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("robot"), look.rgb
    b, _ = _frame(look.seed)
    tall = b.height
    steel = (0.40, 0.42, 0.45) if look.colour not in ("grey", "white") else (0.12, 0.13, 0.16)
    dark = (0.03, 0.035, 0.05) if look.colour != "black" else (0.55, 0.57, 0.6)
    trim = mix(colour, (1.0, 1.0, 1.0), 0.45) if sum(colour) < 2.0 else shade(colour, 0.6)
    eye = chance.choice(((0.2, 1.0, 0.95), (1.0, 0.85, 0.15), (0.35, 1.0, 0.3)))
    top, chest = 0.655 * tall, 0.53 * tall
    head, y = chance.uniform(0.95, 1.1), 0.82 * tall
    parts = [
        m.box((0.24 * tall, 0.27 * tall, 0.36 * tall), (0, chest, 0), colour, CHEST,
              top=(1.05, 1.1)),
        m.box((0.02 * tall, 0.13 * tall, 0.2 * tall), (0.125 * tall, chest, 0), dark, CHEST),
        m.box((0.19 * tall, 0.09 * tall, 0.26 * tall), (0, b.hip + 0.02 * tall, 0), steel, HIPS),
        m.cylinder((0, top - 0.02 * tall, 0), (0, b.neck + 0.05 * tall, 0), 0.06 * tall, steel,
                   CHEST, sectors=8),
        m.box((0.12 * tall, 0.18 * tall, 0.22 * tall), (-0.16 * tall, chest, 0), steel, CHEST,
              top=(0.8, 0.8)),
    ]  # fmt: skip
    for i in range(3):
        lamp = ((1.0, 0.2, 0.15), (1.0, 0.8, 0.1), (0.2, 1.0, 0.35))[i]
        parts.append(m.box((0.02 * tall, 0.035 * tall, 0.035 * tall),
                           (0.135 * tall, chest + 0.03 * tall, (i - 1) * 0.06 * tall), lamp, CHEST,
                           glow=0.8))  # fmt: skip
    size = (0.23 * tall * head, 0.20 * tall * head, 0.26 * tall * head)
    parts.append(m.box(size, (0, y, 0), colour, HEAD, top=(0.92, 0.92)))
    face = 0.5 * size[0]
    parts.append(m.box((0.02 * tall, 0.10 * tall, 0.22 * tall), (face, y + 0.01 * tall, 0), dark,
                       HEAD))  # fmt: skip
    if chance.random() < 0.3:  # one visor
        parts.append(
            m.box(
                (0.02 * tall, 0.045 * tall, 0.18 * tall),
                (face + 0.008 * tall, y + 0.02 * tall, 0),
                eye,
                HEAD,
                glow=1.0,
            )
        )
    else:
        for side in (-1, 1):
            parts.append(m.cylinder((face, y + 0.02 * tall, 0.055 * side * tall),
                                    (face + 0.025 * tall, y + 0.02 * tall, 0.055 * side * tall),
                                    0.035 * tall, eye, HEAD, glow=1.0, sectors=8))  # fmt: skip
    for side in (-1, 1):  # ears
        parts.append(m.cylinder((0, y, 0.12 * side * tall), (0, y, 0.165 * side * tall),
                                0.05 * tall, steel, HEAD, sectors=8))  # fmt: skip
    for z in (0.0,) if chance.random() < 0.6 else (-0.06 * tall, 0.06 * tall):
        parts += [
            m.cylinder((0, y + 0.08 * tall, z), (0, y + 0.165 * tall, 1.3 * z), 0.012 * tall, steel,
                       HEAD, sectors=5),
            m.ellipsoid((0.03 * tall,) * 3, (0, y + 0.175 * tall, 1.3 * z), (1.0, 0.25, 0.15),
                        HEAD, glow=0.9, rings=4, sectors=6),
        ]  # fmt: skip
    for side, upper, fore, leg, shin, foot in SIDES:
        out, hip = side * b.shoulder_out, side * b.hip_out
        parts += [
            m.ellipsoid((0.07 * tall,) * 3, (0, b.shoulder, out), trim, upper, rings=5),
            m.capsule((0, b.shoulder, out), (0, b.elbow, out), 0.034 * tall, 0.034 * tall, steel,
                      upper),
            m.box((0.095 * tall, 0.15 * tall, 0.095 * tall), (0, b.elbow - 0.075 * tall, out),
                  colour, fore, top=(0.7, 0.7)),
            m.box((0.04 * tall, 0.07 * tall, 0.03 * tall), (0.02 * tall, b.wrist - 0.02 * tall,
                  out + 0.03 * tall), steel, fore),
            m.box((0.04 * tall, 0.07 * tall, 0.03 * tall), (0.02 * tall, b.wrist - 0.02 * tall,
                  out - 0.03 * tall), steel, fore),
            m.capsule((0, b.hip, hip), (0, b.knee, hip), 0.04 * tall, 0.04 * tall, steel, leg),
            m.box((0.12 * tall, 0.13 * tall, 0.125 * tall), (0, b.knee - 0.05 * tall, hip), colour,
                  shin, top=(0.75, 0.75)),
            m.box((0.20 * tall, 0.075 * tall, 0.15 * tall), (0.04 * tall, 0.0375 * tall, hip),
                  trim, foot, top=(0.7, 0.8)),
        ]  # fmt: skip
    return m.merge(*parts, *figure.present(b))


def pose(action: str, t_s: float, look: Look) -> Pose:
    b, rig = _frame(look.seed)
    return biped.pose(rig, b, action, t_s, look.seed, stiff=0.7)


ASSET = Asset(
    kind="robot",
    plural="robots",
    synonyms=("android", "droid", "cyborg", "machine", "automaton", "bot", "humanoid", "mech",
              "golem", "alien", "creature", "terminator", "transformer", "toy"),
    actions=biped.actions_of(*_ACTIONS),
    action_synonyms=biped.synonyms_of(*_ACTIONS),
    natural_colours=("grey", "white", "blue", "orange", "red"),
    wears=None,
    height_m=_HEIGHT,
    length_m=0.6 * _HEIGHT,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=biped.strides_of(_HEIGHT, *_ACTIONS),
    near="robot",
    homes=("spaceship", "future city", "building", "street"),
)  # fmt: skip
