"""Headphones on end: a padded band over two big cups with soft cushions."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of, shade
from yozora.world.assets.rig import Rig, pose_of, wave

_HEIGHT, _LENGTH = 1.12, 1.30
_TURNED = 42.0
_RIG = Rig((-1,), ((0.0, 0.0, 0.0),))
_SPIN_S = 3.0  # seconds a turn


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("headphones"), look.rgb
    cup = chance.uniform(0.29, 0.33)
    arch, tall = 0.42, _HEIGHT - 0.42 - 0.065
    soft = (0.10, 0.10, 0.12) if look.colour != "black" else (0.42, 0.43, 0.46)
    if chance.random() < 0.3 and look.colour not in ("white", "silver", "beige", "grey"):
        soft = (0.88, 0.86, 0.82)
    metal = contrast(colour, (0.16, 0.16, 0.18), (0.80, 0.82, 0.85))
    turn = np.linspace(math.pi, 0.0, 13)
    over = np.stack([arch * np.cos(turn), tall + arch * np.sin(turn), 0.0 * turn], 1)
    pad = over[3:10] * (0.90, 1.0, 1.0) - (0.0, 0.045, 0.0)
    parts = [
        m.tube(over, 0.058, colour, widths_P=[0.09] * 13, sectors=8),
        m.tube(pad, 0.05, soft, widths_P=[0.105] * 7, sectors=6),
    ]
    for side in (-1.0, 1.0):
        x = arch * side
        parts.append(m.capsule((x, tall + 0.05, 0), (x, cup + 0.12, 0), 0.045, 0.04, metal))
        # A cup, from the ear outwards, revolved about x.
        shell = m.lathe(
            [
                (0.0, 0.0),
                (0.0, 0.86 * cup),
                (0.05, cup),
                (0.13, 0.98 * cup),
                (0.18, 0.80 * cup),
                (0.20, 0.55 * cup),
            ],
            (0, 0, 0),
            colour,
            sectors=16,
        )
        cap = m.lathe(
            [(0.19, 0.58 * cup), (0.215, 0.50 * cup), (0.215, 0.0)],
            (0, 0, 0),
            shade(metal, 0.9),
            sectors=16,
        )
        disc = m.lathe(
            [(0.21, 0.36 * cup), (0.225, 0.30 * cup), (0.23, 0.0)], (0, 0, 0), colour, sectors=16
        )
        cushion = m.lathe(
            [
                (-0.13, 0.0),
                (-0.13, 0.45 * cup),
                (-0.16, 0.66 * cup),
                (-0.13, 0.90 * cup),
                (-0.05, 0.98 * cup),
                (0.02, 0.88 * cup),
            ],
            (0, 0, 0),
            soft,
            sectors=16,
        )
        whole = m.merge(shell, cap, disc, cushion)
        lean = m.matrix((x + 0.05 * side, cup, 0), pitch_deg=-90.0 * side)
        parts.append(m.transform(whole, lean))
    return m.turned(m.merge(*parts), _TURNED)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "spin":
        return pose_of(_RIG, {0: (360.0 * (t_s / _SPIN_S + 0.1 * start), 0.0, 0.0)})
    return pose_of(_RIG, {0: (8.0 * wave(t_s / 3.0 + start), 0.0, 0.0)})


ASSET = Asset(
    kind="headphones",
    plural="pairs of headphones",
    synonyms=("headphone", "pair of headphones", "a pair of headphones", "headset", "earphones",
              "earphone", "earbuds", "earbud", "over-ear headphones", "wireless headphones",
              "ear defenders", "earmuffs"),
    actions={"stand": ("stands", "standing"), "spin": ("spins", "spinning")},
    action_synonyms={
        "stand": ("rests", "lies", "waits", "stays", "stand still", "plays"),
        "spin": ("turns", "rotates", "revolves", "twirls", "pivots", "swivels", "turns around"),
    },
    natural_colours=("black", "white", "silver", "red", "blue", "beige"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "spin": 0.0},
    near="box",
    homes=("studio", "living room", "library", "street"),
)  # fmt: skip
