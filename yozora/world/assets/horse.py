"""A horse: long legs, a long arched neck with a mane, a long face and a falling tail."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 2.4, 2.2
_ACTIONS = {k: v for k, v in q.ACTIONS.items() if k != "sit"}


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.98 * random.Random(f"horse legs:{seed}").uniform(0.93, 1.06)
    f = q.Frame(
        hip=(-0.58, leg + 0.02), shoulder=(0.46, leg), knee_share=0.5, out=0.17,
        neck=(0.56, leg + 0.30), head=(0.90, leg + 0.88), tail=(-0.80, leg + 0.32),
        tail_middle=(-0.93, leg + 0.0), ear=(0.87, leg + 1.05, 0.08), paw=0.22,
        haunch=(-0.80, leg - 0.10), length=_LENGTH,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("horse"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, hair = chance.uniform(0.92, 1.1), chance.uniform(0.8, 1.25)
    mane = chance.choice(((0.03, 0.025, 0.025), (0.85, 0.78, 0.6), (0.25, 0.12, 0.05)))
    if sum(abs(a - b) for a, b in zip(mane, colour, strict=True)) < 0.5:
        mane = contrast(colour)
    sock = (0.92, 0.9, 0.86) if chance.random() < 0.5 else mix(colour, (0.03, 0.03, 0.03), 0.5)
    muzzle = mix(colour, contrast(colour), 0.45)
    parts = [
        q.trunk(f, [(-0.84, y + 0.26, 0.16, 0.15), (-0.68, y + 0.20, 0.30, 0.27),
                    (-0.25, y + 0.17, 0.27 * fat, 0.27 * fat),
                    (0.15, y + 0.16, 0.28 * fat, 0.27 * fat), (0.46, y + 0.19, 0.31, 0.25),
                    (0.64, y + 0.24, 0.18, 0.16)], colour),
        m.tube([(0.42, y + 0.24, 0), (0.62, y + 0.46, 0), (0.78, y + 0.74, 0),
                (0.87, y + 0.94, 0)], [0.30, 0.22, 0.16, 0.13], colour,
               [q.FRONT, q.NECK, q.NECK, q.HEAD], widths_P=[0.2, 0.15, 0.12, 0.11]),
        m.tube([(0.80, y + 1.00, 0), (0.96, y + 0.92, 0), (1.14, y + 0.74, 0),
                (1.24, y + 0.62, 0)], [0.13, 0.165, 0.11, 0.105], colour, q.HEAD,
               widths_P=[0.1, 0.13, 0.095, 0.095]),
        m.ellipsoid((0.12, 0.11, 0.105), (1.24, y + 0.61, 0), muzzle, q.HEAD, rings=4),
        m.tube([(0.93, y + 1.12, 0), (0.76, y + 1.04, 0), (0.60, y + 0.82, 0),
                (0.44, y + 0.56, 0), (0.36, y + 0.44, 0)],
               [0.06, 0.13 * hair, 0.14 * hair, 0.13 * hair, 0.04], mane,
               [q.HEAD, q.HEAD, q.NECK, q.NECK, q.FRONT], sectors=6,
               widths_P=[0.05, 0.085, 0.09, 0.085, 0.03]),
        m.tube([(-0.80, y + 0.36, 0), (-0.95, y + 0.28, 0), (-1.06, y - 0.05, 0),
                (-1.06, y - 0.42, 0), (-1.04, y - 0.58, 0)],
               [0.06, 0.09, 0.12 * hair, 0.12 * hair, 0.03], mane,
               [q.REAR, q.TAIL, q.TIP, q.TIP, q.TIP], sectors=6),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.cone((0.86, y + 1.04, 0.08 * side), 0.06, (0.88, y + 1.27, 0.10 * side), colour,
                   bone, sectors=6),
            m.ellipsoid((0.045, 0.05, 0.03), (1.02, y + 0.93, 0.115 * side), (0.01, 0.01, 0.01),
                        q.HEAD, rings=4, sectors=6),
            m.ellipsoid((0.017, 0.017, 0.012), (1.035, y + 0.95, 0.138 * side), (1, 1, 1),
                        q.HEAD, rings=4, sectors=5),
        ]  # fmt: skip
    if chance.random() < 0.5:  # a blaze down the face
        parts.append(m.tube([(0.94, y + 1.07, 0), (1.10, y + 0.91, 0), (1.24, y + 0.73, 0)],
                            [0.02, 0.02, 0.02], (0.92, 0.9, 0.86), q.HEAD, sectors=4,
                            widths_P=0.045))  # fmt: skip
    saddle = chance.random()
    if saddle < 0.35:
        parts.append(m.box((0.42, 0.2, 0.52 * fat), (-0.06, y + 0.38, 0), (0.22, 0.08, 0.03),
                           q.FRONT, top=(0.8, 0.4)))  # fmt: skip
    parts += q.legs(f, 0.082, colour, (0.05, 0.04, 0.04), hoof=True)
    for (x, _), z, bone in ((f.shoulder, f.out, q.PAW_R), (f.shoulder, -f.out, q.PAW_L),
                            (f.hip, f.out, q.HOCK_R), (f.hip, -f.out, q.HOCK_L)):  # fmt: skip
        parts.append(m.cylinder((x, 0.08, z), (x, 0.27, z), 0.085, sock, bone, sectors=7))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return q.pose(*_frame(look.seed), action, t_s, look.seed, wag=14.0)


ASSET = Asset(
    kind="horse",
    plural="horses",
    synonyms=("pony", "stallion", "mare", "foal", "colt", "filly", "mustang", "steed", "donkey",
              "mule", "zebra", "unicorn", "deer", "camel", "bronco", "gelding", "racehorse"),
    actions=_ACTIONS,
    action_synonyms={k: v for k, v in q.ACTION_SYNONYMS.items() if k in _ACTIONS},
    natural_colours=("brown", "white", "black", "grey", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _LENGTH),
)  # fmt: skip
