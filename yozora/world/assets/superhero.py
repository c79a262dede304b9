"""A superhero: a tight suit, a great cape of another colour, boots, gloves, mask and emblem."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import biped, feats, figure, head
from yozora.world.assets.asset import Asset, Look, Pose, shade
from yozora.world.assets.person import complexion, grown
from yozora.world.assets.rig import Rig
from yozora.world.assets.skeleton import CHEST, HEAD, HIPS, Build
from yozora.world.scene import COLOURS

_HEIGHT = 1.84
_ACTIONS = ("stand", "fly", "run", "jump", "wave")
_CAPES = {  # the suit's colour -> the cape's
    "red": "yellow", "orange": "blue", "yellow": "purple", "green": "yellow", "cyan": "red",
    "blue": "red", "purple": "gold", "pink": "purple", "brown": "orange", "black": "red",
    "white": "blue", "grey": "blue", "gold": "red", "silver": "blue", "beige": "green",
    "lime": "purple",
}  # fmt: skip


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[bool, Build, Rig]:
    chance = random.Random(f"superhero:{seed}")
    man = chance.random() < 0.5
    build = grown(_HEIGHT * chance.uniform(0.97, 1.03), 1.12 if man else 1.0, man)
    return man, build, build.rig()


def build(look: Look) -> m.Mesh:
    man, b, _ = _frame(look.seed)
    chance, colour, tall = look.draw("superhero"), look.rgb, b.height
    skin, hair = complexion(chance)
    second = COLOURS[_CAPES[look.colour]]
    accent = shade(second, 0.8)
    big, wide = 0.080 * tall, b.shoulder_out
    deep = (0.088 if man else 0.07) * tall
    hip = (0.1 if man else 0.098) * tall
    heights = [b.hip - 0.045 * tall, b.hip + 0.02 * tall, b.waist, b.shoulder - 0.06 * tall,
               b.shoulder + 0.002 * tall, b.shoulder + 0.04 * tall]  # fmt: skip
    trunk = figure.trunk(
        heights, [0.6 * deep, 0.98 * deep, 0.8 * deep, 1.2 * deep, deep, 0.5 * deep],
        [0.6 * hip, hip, (0.088 if man else 0.068) * tall, 0.98 * wide, 1.02 * wide, 0.45 * wide],
        b.waist, colour)  # fmt: skip
    parts = [
        trunk,
        m.tube([(0, b.hip + 0.03 * tall, 0), (0, b.hip + 0.06 * tall, 0)], [1.04 * deep] * 2,
               accent, HIPS, sectors=12, widths_P=[1.02 * hip] * 2),
        m.ellipsoid((0.03 * tall, 0.052 * tall, 0.058 * tall),
                    (1.08 * deep, b.shoulder - 0.065 * tall, 0), second, CHEST, rings=4, sectors=6),
        m.ellipsoid((0.03 * tall, 0.028 * tall, 0.03 * tall),
                    (1.2 * deep, b.shoulder - 0.065 * tall, 0), colour, CHEST, rings=3, sectors=6),
        m.cylinder((-0.01 * tall, b.shoulder + 0.02 * tall, 0), (-0.01 * tall, b.shoulder +
                   0.05 * tall, 0), 0.08 * tall, second, CHEST, sectors=10, radius_end=0.06 * tall),
        figure.cape(b, second, 1.7 * wide, (0.30 if man else 0.27) * tall, 0.24 * tall),
        *head.face(b, big, skin, lips=0.4 if man else 0.85),
        *(head.short_hair(b, big, hair, chance.randrange(2)) if man else
          head.long_hair(b, big, hair, 2 * chance.randrange(2))),
        m.ellipsoid((0.95 * big, 0.4 * big, 0.91 * big), (0.04 * big, b.neck + 1.12 * big, 0),
                    colour, HEAD, rings=4, sectors=8),
    ]  # fmt: skip
    for side in (-1, 1):
        parts.append(m.ellipsoid((0.1 * big, 0.16 * big, 0.19 * big),
                                 (0.88 * big, b.neck + 1.12 * big, 0.36 * side * big),
                                 (0.96, 0.96, 0.96), HEAD, rings=3, sectors=5))  # fmt: skip
    arm, thick = (0.045 if man else 0.033) * tall, (0.066 if man else 0.056) * tall
    parts += figure.arms(b, arm, colour, colour, accent, 1.35 if man else 1.2)
    parts += figure.legs(b, thick, colour, colour)
    parts += figure.boots(b, 0.8 * thick, accent, 0.6)
    return m.merge(*parts, *figure.present(b))


def pose(action: str, t_s: float, look: Look) -> Pose:
    _, b, rig = _frame(look.seed)
    return biped.pose(rig, b, action, t_s, look.seed, moves={"stand": feats.fists_on_hips})


ASSET = Asset(
    kind="superhero",
    plural="superheroes",
    synonyms=("hero", "heroine", "superheroine", "superman", "superwoman", "supergirl", "superboy",
              "super hero", "caped crusader", "avenger", "masked hero", "vigilante", "batman",
              "spiderman", "wonder woman", "crimefighter", "supervillain"),
    actions=biped.actions_of(*_ACTIONS),
    action_synonyms=biped.synonyms_of(*_ACTIONS),
    natural_colours=("blue", "red", "purple", "green", "black"),
    wears="suit",
    height_m=1.02 * _HEIGHT,
    length_m=0.62 * _HEIGHT,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=biped.strides_of(_HEIGHT, *_ACTIONS),
    near="man",
    homes=("street", "future city", "road", "mountains", "space"),
)  # fmt: skip
