"""A cat: a small round head with tall pointed ears, a slim long body, a long upright tail."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 0.74, 0.60
_ACTIONS = q.words("stand", "sit", "walk", "run", "jump", "eat", "sleep")


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.19 * random.Random(f"cat legs:{seed}").uniform(0.9, 1.1)
    f = q.Frame(
        hip=(-0.18, leg + 0.01), shoulder=(0.14, leg), knee_share=0.5, out=0.048,
        neck=(0.17, leg + 0.07), head=(0.22, leg + 0.14), tail=(-0.25, leg + 0.06),
        tail_middle=(-0.31, leg + 0.20), ear=(0.23, leg + 0.245, 0.05), paw=0.06,
        haunch=(-0.22, leg - 0.04), length=_LENGTH, mouth=(0.325, leg + 0.115), belly=leg - 0.04,
        thick=0.026, bow_deg=18.0,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("cat"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, ear = chance.uniform(0.88, 1.12), chance.uniform(0.95, 1.2)
    second = mix(colour, contrast(colour, (0.10, 0.06, 0.04), (0.9, 0.87, 0.8)), 0.6)
    belly = mix(colour, (0.95, 0.92, 0.88), 0.7)
    eye = chance.choice(((0.55, 0.85, 0.15), (0.95, 0.7, 0.1), (0.2, 0.65, 0.9)))
    marking = chance.randrange(3)  # stripes, socks and bib, one colour
    sock = belly if marking == 1 else colour
    parts = [
        q.trunk(f, [(-0.27, y + 0.045, 0.035, 0.035), (-0.22, y + 0.045, 0.07 * fat, 0.062 * fat),
                    (-0.08, y + 0.03, 0.066 * fat, 0.062 * fat),
                    (0.06, y + 0.02, 0.07 * fat, 0.06), (0.15, y + 0.04, 0.066, 0.055),
                    (0.20, y + 0.07, 0.035, 0.035)], colour),
        m.tube([(0.13, y + 0.05, 0), (0.185, y + 0.11, 0), (0.22, y + 0.16, 0)],
               [0.06, 0.048, 0.05], colour, [q.FRONT, q.NECK, q.HEAD]),
        m.ellipsoid((0.092, 0.086, 0.102), (0.24, y + 0.18, 0), colour, q.HEAD, sectors=10),
        m.ellipsoid((0.038, 0.03, 0.05), (0.315, y + 0.155, 0), belly, q.HEAD, rings=4),
        m.ellipsoid((0.035, 0.018, 0.035), (0.30, y + 0.128, 0), belly, q.JAW, rings=3),
        m.box((0.02, 0.02, 0.03), (0.35, y + 0.17, 0), (0.9, 0.35, 0.4), q.HEAD),
        m.tube([(-0.25, y + 0.06, 0), (-0.30, y + 0.12, 0), (-0.325, y + 0.22, 0),
                (-0.315, y + 0.32, 0), (-0.30, y + 0.40, 0), (-0.32, y + 0.455, 0)],
               [0.03, 0.028, 0.028, 0.028, 0.027, 0.014], colour,
               [q.REAR, q.TAIL, q.TAIL, q.TIP, q.TIP, q.TIP], sectors=6),
        q.food("bowl", 0.17),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        tip = (0.225, y + 0.235 + 0.125 * ear, 0.088 * side)
        inner = (0.245, y + 0.23 + 0.09 * ear, 0.08 * side)
        parts += [
            m.cone((0.225, y + 0.222, 0.058 * side), 0.05, tip, colour, bone, sectors=6),
            m.cone((0.25, y + 0.225, 0.058 * side), 0.032, inner, (0.85, 0.5, 0.5), bone,
                   sectors=4),
            m.ellipsoid((0.02, 0.026, 0.024), (0.304, y + 0.20, 0.045 * side), eye, q.EYES,
                        glow=0.25, rings=4, sectors=6),
            m.box((0.02, 0.036, 0.012), (0.319, y + 0.20, 0.048 * side), (0.01, 0.01, 0.01),
                  q.EYES),
        ]  # fmt: skip
    if marking == 0:
        for x, bone in ((-0.17, q.REAR), (-0.09, q.REAR), (0.01, q.FRONT)):
            parts.append(m.box((0.03, 0.06, 0.126 * max(fat, 1.0)), (x, y + 0.08, 0), second,
                               bone, top=(1.0, 0.55)))  # fmt: skip
        parts.append(m.cylinder((-0.316, y + 0.30, 0), (-0.312, y + 0.34, 0), 0.033, second,
                                q.TIP, sectors=6))  # fmt: skip
    if marking == 1:
        parts.append(m.ellipsoid((0.04, 0.06, 0.048), (0.175, y + 0.03, 0), belly, q.FRONT,
                                 rings=4))  # fmt: skip
    parts += q.legs(f, f.thick, colour, sock)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=12.0)


ASSET = Asset(
    kind="cat",
    plural="cats",
    synonyms=("kitten", "kitty", "feline", "tabby", "tomcat", "pussycat", "siamese", "persian",
              "housecat", "calico", "lynx", "kitty cat"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(_ACTIONS),
    natural_colours=("orange", "black", "white", "grey", "brown"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _LENGTH),
    homes=("living room", "street", "park", "library", "farm"),
)  # fmt: skip
