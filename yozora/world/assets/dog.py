"""A dog: a square muzzle, hanging ears, a deep chest and a short tail that stands up and wags."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, shade
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 1.10, 0.90
_ACTIONS = q.words("stand", "sit", "walk", "run", "jump", "eat", "sleep")


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.36 * random.Random(f"dog legs:{seed}").uniform(0.9, 1.1)
    f = q.Frame(
        hip=(-0.25, leg + 0.01), shoulder=(0.20, leg), knee_share=0.5, out=0.105,
        neck=(0.24, leg + 0.12), head=(0.34, leg + 0.28), tail=(-0.35, leg + 0.15),
        tail_middle=(-0.41, leg + 0.25), ear=(0.33, leg + 0.44, 0.12), paw=0.13,
        haunch=(-0.35, leg - 0.06), length=_LENGTH, mouth=(0.60, leg + 0.19), belly=leg - 0.115,
        thick=0.055, bow_deg=10.0, chin=0.09,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("dog"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, ear = chance.uniform(0.92, 1.12), chance.uniform(0.9, 1.15)
    light = mix(colour, contrast(colour, (0.12, 0.07, 0.04), (0.9, 0.85, 0.75)), 0.55)
    dark = shade(colour, 0.45) if colour != (0.035, 0.035, 0.04) else (0.11, 0.10, 0.10)
    sock = light if chance.random() < 0.6 else colour
    snout = light if chance.random() < 0.6 else colour
    parts = [
        q.trunk(f, [(-0.39, y + 0.08, 0.07, 0.07), (-0.32, y + 0.07, 0.15, 0.13),
                    (-0.12, y + 0.07, 0.135 * fat, 0.13 * fat),
                    (0.08, y + 0.05, 0.175 * fat, 0.15), (0.22, y + 0.05, 0.185, 0.145),
                    (0.32, y + 0.08, 0.11, 0.10)], colour),
        m.tube([(0.15, y + 0.08, 0), (0.26, y + 0.21, 0), (0.34, y + 0.33, 0)],
               [0.15, 0.125, 0.11], colour, [q.FRONT, q.NECK, q.HEAD],
               widths_P=[0.13, 0.115, 0.10]),
        m.ellipsoid((0.155, 0.145, 0.145), (0.37, y + 0.37, 0), colour, q.HEAD, sectors=10),
        m.tube([(0.42, y + 0.33, 0), (0.56, y + 0.315, 0), (0.64, y + 0.31, 0)],
               [0.10, 0.085, 0.07], snout, q.HEAD, widths_P=[0.10, 0.085, 0.07]),
        m.ellipsoid((0.045, 0.042, 0.055), (0.645, y + 0.355, 0), (0.02, 0.02, 0.02), q.HEAD,
                    rings=4, sectors=6),
        m.tube([(0.40, y + 0.25, 0), (0.52, y + 0.225, 0), (0.59, y + 0.23, 0)],
               [0.05, 0.04, 0.028], snout, q.JAW, sectors=6, widths_P=[0.075, 0.065, 0.05]),
        m.box((0.11, 0.022, 0.07), (0.575, y + 0.252, 0), (0.85, 0.25, 0.3), q.JAW),
        m.tube([(-0.33, y + 0.14, 0), (-0.40, y + 0.24, 0), (-0.43, y + 0.34, 0),
                (-0.41, y + 0.41, 0)], [0.06, 0.055, 0.045, 0.02], colour,
               [q.REAR, q.TAIL, q.TIP, q.TIP], sectors=6),
        q.food("bowl", 0.34),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.capsule((0.325, y + 0.43, 0.12 * side), (0.29, y + 0.43 - 0.185 * ear, 0.175 * side),
                      0.05, 0.08, dark, bone, sectors=7),
            q.eye((0.485, y + 0.425, 0.085 * side), 0.034, (0.95, 0.95, 0.95)),
        ]  # fmt: skip
    if chance.random() < 0.5:  # a saddle patch, or a white chest
        parts.append(m.ellipsoid((0.14, 0.06, 0.135 * fat), (-0.12, y + 0.16 * fat, 0), light,
                                 q.REAR, rings=4))  # fmt: skip
    else:
        parts.append(m.ellipsoid((0.07, 0.12, 0.10), (0.28, y + 0.05, 0), light, q.FRONT, rings=4))
    if chance.random() < 0.5:
        collar = (0.75, 0.08, 0.07) if look.colour != "red" else (0.08, 0.2, 0.7)
        parts.append(m.cylinder((0.25, y + 0.19, 0), (0.285, y + 0.235, 0), 0.135, collar, q.NECK))
    parts += q.legs(f, f.thick, colour, sock)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=30.0)


ASSET = Asset(
    kind="dog",
    plural="dogs",
    synonyms=("puppy", "pup", "hound", "doggy", "doggie", "pooch", "mutt", "canine", "labrador",
              "retriever", "golden retriever", "spaniel", "terrier", "beagle", "dachshund",
              "poodle", "husky", "corgi", "bulldog", "collie", "shepherd", "wolf", "fox", "pug",
              "dalmatian", "samoyed", "animal", "pet"),
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
    homes=("park", "street", "living room", "beach", "farm"),
)  # fmt: skip
