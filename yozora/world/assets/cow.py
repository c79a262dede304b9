"""A cow: a boxy body with blotches, horns, ears that stand out, a pink muzzle and an udder."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 2.5, 1.78
_ACTIONS = q.words("stand", "walk", "run", "jump", "eat", "sleep")
_PINK = (0.95, 0.60, 0.60)
_HORN = (0.93, 0.88, 0.74)


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.76 * random.Random(f"cow legs:{seed}").uniform(0.95, 1.05)
    f = q.Frame(
        hip=(-0.66, leg), shoulder=(0.46, leg), knee_share=0.5, out=0.25,
        neck=(0.66, leg + 0.42), head=(0.92, leg + 0.60), tail=(-0.98, leg + 0.52),
        tail_middle=(-1.07, leg + 0.10), ear=(0.92, leg + 0.78, 0.20), paw=0.24,
        haunch=(-0.92, leg - 0.16), length=_LENGTH, mouth=(1.40, leg + 0.32), belly=leg - 0.29,
        thick=0.125, bow_deg=9.0, hoofed=True,
    )  # fmt: skip
    return f, f.rig()


def _blotches(chance: random.Random, y: float, fat: float, colour: m.RGB) -> list[m.Mesh]:
    """Five large patches, each just proud of the skin, no two individuals alike."""
    parts: list[m.Mesh] = []
    for side in (1, -1):
        for x, up in ((-0.62, 0.42), (0.02, 0.16), (0.34, 0.50)):
            if chance.random() < 0.18:
                continue
            at = (x + chance.uniform(-0.10, 0.10), y + up + chance.uniform(-0.06, 0.06),
                  0.285 * fat * side)  # fmt: skip
            size = chance.uniform(0.16, 0.24)
            parts.append(
                m.ellipsoid(
                    (1.15 * size, size, 0.15),
                    at,
                    colour,
                    q.REAR if at[0] < -0.09 else q.FRONT,
                    rings=4,
                    sectors=7,
                )
            )
    return parts


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("cow"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, horn = chance.uniform(0.95, 1.06), chance.uniform(0.85, 1.25)
    second = contrast(colour, (0.05, 0.04, 0.04), (0.94, 0.92, 0.88))
    parts = [
        q.trunk(f, [(-1.02, y + 0.30, 0.34, 0.30), (-0.94, y + 0.28, 0.43, 0.36),
                    (-0.45, y + 0.25, 0.44 * fat, 0.39 * fat),
                    (0.10, y + 0.24, 0.46 * fat, 0.40 * fat), (0.56, y + 0.29, 0.41, 0.35),
                    (0.72, y + 0.33, 0.29, 0.25)], colour),
        m.tube([(0.52, y + 0.36, 0), (0.74, y + 0.50, 0), (0.94, y + 0.66, 0)],
               [0.34, 0.27, 0.22], colour, [q.FRONT, q.NECK, q.HEAD],
               widths_P=[0.28, 0.21, 0.18]),
        m.tube([(0.84, y + 0.74, 0), (1.00, y + 0.69, 0), (1.22, y + 0.54, 0),
                (1.32, y + 0.47, 0)], [0.19, 0.23, 0.17, 0.15], colour, q.HEAD,
               widths_P=[0.18, 0.21, 0.16, 0.15]),
        m.ellipsoid((0.16, 0.15, 0.185), (1.35, y + 0.45, 0), _PINK, q.HEAD, rings=4),
        m.ellipsoid((0.15, 0.07, 0.13), (1.24, y + 0.345, 0), _PINK, q.JAW, rings=3),
        m.ellipsoid((0.17, 0.10, 0.10), (1.05, y + 0.785, 0), second, q.HEAD, rings=3),
        m.ellipsoid((0.22, 0.15, 0.19), (-0.42, y - 0.16, 0), _PINK, q.REAR, rings=4),
        m.tube([(-0.98, y + 0.60, 0), (-1.07, y + 0.46, 0), (-1.08, y + 0.10, 0),
                (-1.08, y - 0.24, 0)], [0.06, 0.05, 0.04, 0.04], colour,
               [q.REAR, q.TAIL, q.TIP, q.TIP], sectors=6),
        m.ellipsoid((0.09, 0.18, 0.09), (-1.09, y - 0.34, 0), second, q.TIP, rings=3, sectors=6),
        q.food("hay", 0.66),
        *_blotches(chance, y, fat, second),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.ellipsoid((0.07, 0.085, 0.20), (0.90, y + 0.76, 0.34 * side), second, bone,
                        rings=4, sectors=5),
            m.tube([(0.92, y + 0.86, 0.12 * side), (0.93, y + 0.97, 0.26 * side),
                    (0.97, y + 0.98 + 0.16 * horn, 0.31 * side)],
                   [0.065, 0.055, 0.015], _HORN, q.HEAD, sectors=6),
            q.eye((1.12, y + 0.74, 0.18 * side), 0.05),
        ]  # fmt: skip
        parts += [m.cone((x, y - 0.27, 0.08 * side), 0.04, (x, y - 0.36, 0.08 * side), _PINK,
                         q.REAR, sectors=5) for x in (-0.42,)]  # fmt: skip
    parts += q.legs(f, f.thick, colour, (0.07, 0.06, 0.06), hoof=True)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=20.0)


ASSET = Asset(
    kind="cow",
    plural="cows",
    synonyms=("bull", "ox", "calf", "heifer", "steer", "buffalo", "bison", "yak", "cattle",
              "dairy cow", "milk cow", "longhorn", "wildebeest", "goat", "sheep", "lamb", "ram",
              "pig", "hog", "boar"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(_ACTIONS, stand=("moos",)),
    natural_colours=("white", "brown", "black", "beige"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _LENGTH),
    near="horse",
    homes=("farm", "mountains", "park", "road"),
)  # fmt: skip
