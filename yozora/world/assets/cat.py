"""A cat: a round head with pointed ears, a slim body and a long tail held up in a hook."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 0.72, 0.56


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.195 * random.Random(f"cat legs:{seed}").uniform(0.9, 1.1)
    f = q.Frame(
        hip=(-0.17, leg + 0.01), shoulder=(0.14, leg), knee_share=0.5, out=0.052,
        neck=(0.17, leg + 0.06), head=(0.22, leg + 0.13), tail=(-0.24, leg + 0.07),
        tail_middle=(-0.36, leg + 0.18), ear=(0.22, leg + 0.25, 0.06), paw=0.062,
        haunch=(-0.22, leg - 0.04), length=_LENGTH,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("cat"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, ear = chance.uniform(0.88, 1.2), chance.uniform(0.9, 1.25)
    second = mix(colour, contrast(colour, (0.10, 0.06, 0.04), (0.9, 0.87, 0.8)), 0.6)
    belly = mix(colour, (0.95, 0.92, 0.88), 0.7)
    eye = chance.choice(((0.55, 0.85, 0.15), (0.95, 0.7, 0.1), (0.2, 0.65, 0.9)))
    marking = chance.randrange(3)  # stripes, socks and bib, one colour
    sock = belly if marking == 1 else colour
    parts = [
        q.trunk(f, [(-0.26, y + 0.04, 0.04, 0.04), (-0.21, y + 0.035, 0.08 * fat, 0.07 * fat),
                    (-0.06, y + 0.03, 0.072 * fat, 0.068 * fat),
                    (0.08, y + 0.03, 0.078, 0.065), (0.17, y + 0.05, 0.07, 0.06),
                    (0.21, y + 0.07, 0.04, 0.04)], colour),
        m.tube([(0.13, y + 0.06, 0), (0.19, y + 0.11, 0), (0.22, y + 0.15, 0)],
               [0.065, 0.058, 0.06], colour, [q.FRONT, q.NECK, q.HEAD]),
        m.ellipsoid((0.105, 0.098, 0.115), (0.245, y + 0.175, 0), colour, q.HEAD, sectors=10),
        m.ellipsoid((0.045, 0.035, 0.055), (0.335, y + 0.145, 0), belly, q.HEAD, rings=4),
        m.box((0.02, 0.022, 0.03), (0.378, y + 0.16, 0), (0.85, 0.3, 0.35), q.HEAD),
        m.tube([(-0.24, y + 0.06, 0), (-0.33, y + 0.09, 0), (-0.385, y + 0.18, 0),
                (-0.385, y + 0.28, 0), (-0.34, y + 0.345, 0), (-0.285, y + 0.35, 0)],
               [0.03, 0.03, 0.03, 0.03, 0.028, 0.016], colour,
               [q.REAR, q.TAIL, q.TAIL, q.TIP, q.TIP, q.TIP], sectors=6),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        tip = (0.215, y + 0.235 + 0.105 * ear, 0.085 * side)
        inner = (0.235, y + 0.23 + 0.075 * ear, 0.078 * side)
        parts += [
            m.cone((0.225, y + 0.225, 0.062 * side), 0.052, tip, colour, bone, sectors=6),
            m.cone((0.25, y + 0.23, 0.062 * side), 0.034, inner, (0.8, 0.45, 0.45), bone,
                   sectors=4),
            m.ellipsoid((0.02, 0.027, 0.024), (0.328, y + 0.195, 0.05 * side), eye, q.HEAD,
                        glow=0.25, rings=4, sectors=6),
            m.box((0.02, 0.036, 0.012), (0.343, y + 0.195, 0.053 * side), (0.01, 0.01, 0.01),
                  q.HEAD),
        ]  # fmt: skip
    if marking == 0:
        for x, bone in ((-0.16, q.REAR), (-0.08, q.REAR), (0.02, q.FRONT)):
            parts.append(m.box((0.03, 0.075, 0.139 * max(fat, 1.0)), (x, y + 0.085, 0), second,
                               bone, top=(1.0, 0.55)))  # fmt: skip
        parts.append(m.cylinder((-0.388, y + 0.2, 0), (-0.388, y + 0.235, 0), 0.034, second,
                                q.TIP, sectors=6))  # fmt: skip
    if marking == 1:
        parts.append(m.ellipsoid((0.045, 0.065, 0.05), (0.185, y + 0.04, 0), belly, q.FRONT,
                                 rings=4))  # fmt: skip
    parts += q.legs(f, 0.025, colour, sock)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return q.pose(*_frame(look.seed), action, t_s, look.seed, wag=12.0)


ASSET = Asset(
    kind="cat",
    plural="cats",
    synonyms=("kitten", "kitty", "feline", "tabby", "tomcat", "pussycat", "siamese", "persian",
              "lion", "tiger", "leopard", "panther", "cheetah", "lynx", "puma", "housecat"),
    actions=q.ACTIONS,
    action_synonyms=q.ACTION_SYNONYMS,
    natural_colours=("orange", "black", "white", "grey", "brown"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(q.ACTIONS, _LENGTH),
)  # fmt: skip
