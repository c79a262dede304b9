"""A dog: a long snout, floppy ears, a deep chest and a tail that stands up and wags."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, shade
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 1.10, 0.86


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.37 * random.Random(f"dog legs:{seed}").uniform(0.9, 1.1)
    f = q.Frame(
        hip=(-0.27, leg + 0.01), shoulder=(0.22, leg), knee_share=0.5, out=0.095,
        neck=(0.26, leg + 0.10), head=(0.38, leg + 0.26), tail=(-0.37, leg + 0.13),
        tail_middle=(-0.47, leg + 0.27), ear=(0.36, leg + 0.37, 0.11), paw=0.11,
        haunch=(-0.37, leg - 0.06), length=_LENGTH,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("dog"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, ear = chance.uniform(0.9, 1.15), chance.uniform(0.85, 1.3)
    bushy = chance.uniform(0.8, 1.3)
    light = mix(colour, contrast(colour, (0.12, 0.07, 0.04), (0.9, 0.85, 0.75)), 0.55)
    dark = shade(colour, 0.45) if colour != (0.035, 0.035, 0.04) else (0.11, 0.10, 0.10)
    sock = light if chance.random() < 0.6 else colour
    snout = light if chance.random() < 0.6 else colour
    parts = [
        q.trunk(f, [(-0.40, y + 0.07, 0.07, 0.07), (-0.33, y + 0.06, 0.14, 0.12),
                    (-0.12, y + 0.06, 0.12 * fat, 0.115 * fat),
                    (0.10, y + 0.04, 0.155 * fat, 0.135), (0.24, y + 0.05, 0.16, 0.125),
                    (0.33, y + 0.08, 0.09, 0.08)], colour),
        m.tube([(0.18, y + 0.08, 0), (0.29, y + 0.18, 0), (0.37, y + 0.27, 0)],
               [0.13, 0.10, 0.09], colour, [q.FRONT, q.NECK, q.HEAD], widths_P=[0.11, 0.09, 0.08]),
        m.ellipsoid((0.145, 0.125, 0.13), (0.40, y + 0.31, 0), colour, q.HEAD, sectors=10),
        m.tube([(0.46, y + 0.28, 0), (0.58, y + 0.26, 0), (0.66, y + 0.255, 0)],
               [0.095, 0.07, 0.055], snout, q.HEAD, widths_P=[0.085, 0.065, 0.05]),
        m.ellipsoid((0.04, 0.038, 0.045), (0.665, y + 0.29, 0), (0.02, 0.02, 0.02), q.HEAD,
                    rings=4, sectors=6),
        m.box((0.10, 0.02, 0.06), (0.58, y + 0.175, 0), (0.75, 0.2, 0.25), q.HEAD),
        m.tube([(-0.36, y + 0.12, 0), (-0.45, y + 0.24, 0), (-0.46, y + 0.37, 0),
                (-0.40, y + 0.48, 0)],
               [0.045, 0.055 * bushy, 0.055 * bushy, 0.02], colour,
               [q.REAR, q.TAIL, q.TIP, q.TIP], sectors=6),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.capsule((0.36, y + 0.38, 0.115 * side), (0.33, y + 0.38 - 0.19 * ear, 0.155 * side),
                      0.045, 0.07, dark, bone),
            m.ellipsoid((0.03, 0.034, 0.02), (0.50, y + 0.37, 0.085 * side), (0.95, 0.95, 0.95),
                        q.HEAD, rings=4, sectors=6),
            m.ellipsoid((0.022, 0.024, 0.02), (0.515, y + 0.37, 0.09 * side), (0.01, 0.01, 0.01),
                        q.HEAD, rings=4, sectors=6),
        ]  # fmt: skip
    if chance.random() < 0.5:  # a saddle patch, or a white chest
        parts.append(m.ellipsoid((0.13, 0.06, 0.128 * fat), (-0.12, y + 0.135 * fat, 0), light,
                                 q.REAR, rings=4))  # fmt: skip
    else:
        parts.append(m.ellipsoid((0.07, 0.11, 0.09), (0.285, y + 0.05, 0), light, q.FRONT, rings=4))
    if chance.random() < 0.5:
        collar = (0.75, 0.08, 0.07) if look.colour != "red" else (0.08, 0.2, 0.7)
        parts.append(m.cylinder((0.29, y + 0.16, 0), (0.32, y + 0.195, 0), 0.112, collar, q.NECK))
    parts += q.legs(f, 0.048, colour, sock)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return q.pose(*_frame(look.seed), action, t_s, look.seed, wag=26.0)


ASSET = Asset(
    kind="dog",
    plural="dogs",
    synonyms=("puppy", "pup", "hound", "doggy", "doggie", "pooch", "mutt", "canine", "labrador",
              "retriever", "golden retriever", "spaniel", "terrier", "beagle", "dachshund",
              "poodle", "husky", "corgi", "bulldog", "collie", "shepherd", "wolf", "fox", "pug",
              "dalmatian", "samoyed", "animal", "pet"),
    actions=q.ACTIONS,
    action_synonyms=q.ACTION_SYNONYMS,
    natural_colours=("brown", "white", "black", "grey", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(q.ACTIONS, _LENGTH),
)  # fmt: skip
