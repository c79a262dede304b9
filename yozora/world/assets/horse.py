"""A horse: long legs, a long neck held high, a mane, a long face and a falling tail."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 2.3, 2.45
_ACTIONS = q.words("stand", "walk", "run", "jump", "rear", "eat", "sleep")


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 1.05 * random.Random(f"horse legs:{seed}").uniform(0.94, 1.06)
    f = q.Frame(
        hip=(-0.54, leg + 0.02), shoulder=(0.42, leg), knee_share=0.5, out=0.17,
        neck=(0.50, leg + 0.30), head=(0.80, leg + 1.04), tail=(-0.76, leg + 0.34),
        tail_middle=(-0.93, leg + 0.0), ear=(0.77, leg + 1.21, 0.08), paw=0.22,
        haunch=(-0.76, leg - 0.10), length=_LENGTH, mouth=(1.12, leg + 0.62), belly=leg - 0.09,
        thick=0.10, bow_deg=8.0, hoofed=True,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("horse"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, hair = chance.uniform(0.94, 1.08), chance.uniform(0.9, 1.25)
    mane = chance.choice(((0.03, 0.025, 0.025), (0.85, 0.78, 0.6), (0.25, 0.12, 0.05)))
    if sum(abs(a - b) for a, b in zip(mane, colour, strict=True)) < 0.5:
        mane = contrast(colour)
    sock = (0.92, 0.9, 0.86) if chance.random() < 0.5 else mix(colour, (0.03, 0.03, 0.03), 0.5)
    muzzle = mix(colour, contrast(colour), 0.45)
    parts = [
        q.trunk(f, [(-0.80, y + 0.28, 0.17, 0.16), (-0.64, y + 0.22, 0.31, 0.28),
                    (-0.28, y + 0.19, 0.26 * fat, 0.27 * fat),
                    (0.08, y + 0.16, 0.28 * fat, 0.28 * fat), (0.40, y + 0.20, 0.32, 0.26),
                    (0.58, y + 0.26, 0.20, 0.17)], colour),
        m.tube([(0.36, y + 0.26, 0), (0.55, y + 0.52, 0), (0.69, y + 0.84, 0),
                (0.77, y + 1.08, 0)], [0.31, 0.22, 0.155, 0.13], colour,
               [q.FRONT, q.NECK, q.NECK, q.HEAD], widths_P=[0.21, 0.16, 0.125, 0.11]),
        m.tube([(0.70, y + 1.16, 0), (0.85, y + 1.09, 0), (1.02, y + 0.89, 0),
                (1.12, y + 0.76, 0)], [0.13, 0.165, 0.115, 0.11], colour, q.HEAD,
               widths_P=[0.1, 0.135, 0.10, 0.10]),
        m.ellipsoid((0.125, 0.12, 0.115), (1.12, y + 0.75, 0), muzzle, q.HEAD, rings=4),
        m.tube([(0.92, y + 0.88, 0), (1.02, y + 0.73, 0), (1.08, y + 0.66, 0)],
               [0.06, 0.055, 0.04], muzzle, q.JAW, sectors=6, widths_P=[0.08, 0.08, 0.06]),
        m.tube([(0.85, y + 1.29, 0), (0.64, y + 1.21, 0), (0.49, y + 0.94, 0),
                (0.34, y + 0.64, 0), (0.24, y + 0.48, 0)],
               [0.07, 0.15 * hair, 0.16 * hair, 0.15 * hair, 0.04], mane,
               [q.HEAD, q.HEAD, q.NECK, q.NECK, q.FRONT], sectors=6,
               widths_P=[0.06, 0.09, 0.10, 0.09, 0.03]),
        m.tube([(-0.74, y + 0.40, 0), (-0.92, y + 0.34, 0), (-1.05, y + 0.02, 0),
                (-1.08, y - 0.40, 0), (-1.05, y - 0.72, 0)],
               [0.07, 0.11, 0.15 * hair, 0.14 * hair, 0.03], mane,
               [q.REAR, q.TAIL, q.TIP, q.TIP, q.TIP], sectors=6),
        q.food("hay", 0.6),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.cone((0.76, y + 1.20, 0.08 * side), 0.065, (0.78, y + 1.44, 0.10 * side), colour,
                   bone, sectors=6),
            q.eye((0.90, y + 1.08, 0.12 * side), 0.05),
        ]  # fmt: skip
    if chance.random() < 0.5:  # a blaze down the face
        parts.append(m.tube([(0.84, y + 1.245, 0), (0.99, y + 1.06, 0), (1.13, y + 0.87, 0)],
                            [0.025, 0.025, 0.025], (0.92, 0.9, 0.86), q.HEAD, sectors=4,
                            widths_P=0.05))  # fmt: skip
    if chance.random() < 0.35:
        parts.append(m.box((0.42, 0.2, 0.54 * fat), (-0.06, y + 0.40, 0), (0.22, 0.08, 0.03),
                           q.FRONT, top=(0.8, 0.4)))  # fmt: skip
    parts += q.legs(f, 0.092, colour, (0.05, 0.04, 0.04), hoof=True)
    for (x, _), z, bone in ((f.shoulder, f.out, q.PAW_R), (f.shoulder, -f.out, q.PAW_L),
                            (f.hip, f.out, q.HOCK_R), (f.hip, -f.out, q.HOCK_L)):  # fmt: skip
        parts.append(m.cylinder((x, 0.08, z), (x, 0.29, z), 0.098, sock, bone, sectors=7))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=14.0)


ASSET = Asset(
    kind="horse",
    plural="horses",
    synonyms=("pony", "stallion", "mare", "foal", "colt", "filly", "mustang", "steed", "donkey",
              "mule", "zebra", "unicorn", "deer", "camel", "bronco", "gelding", "racehorse"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(_ACTIONS),
    natural_colours=("brown", "white", "black", "grey", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _LENGTH),
    homes=("farm", "desert", "mountains", "park", "castle"),
)  # fmt: skip
