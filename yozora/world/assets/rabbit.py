"""A rabbit: long ears that stand up, a round body with a round white tail, and it hops."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 0.56, 0.62
_ACTIONS = q.words("stand", "sit", "walk", "run", "jump", "eat", "sleep")
_SPEED = {"walk": 0.32, "run": 0.85}


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.115 * random.Random(f"rabbit legs:{seed}").uniform(0.92, 1.08)
    f = q.Frame(
        hip=(-0.12, leg + 0.01), shoulder=(0.10, leg), knee_share=0.5, out=0.065,
        neck=(0.11, leg + 0.14), head=(0.15, leg + 0.20), tail=(-0.22, leg + 0.07),
        tail_middle=(-0.25, leg + 0.09), ear=(0.13, leg + 0.30, 0.045), paw=0.075,
        haunch=(-0.20, leg - 0.10), length=_LENGTH, mouth=(0.27, leg + 0.15), belly=leg - 0.08,
        thick=0.032, bow_deg=14.0, hops=True, heel=0.155, nod=-0.55,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("rabbit"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, ear = chance.uniform(0.94, 1.1), chance.uniform(0.92, 1.12)
    pale = mix(colour, (0.97, 0.95, 0.92), 0.75)
    pink = (0.95, 0.58, 0.60)
    paw = pale if chance.random() < 0.5 else colour
    parts = [
        q.trunk(f, [(-0.23, y + 0.05, 0.05, 0.05), (-0.18, y + 0.06, 0.125 * fat, 0.115 * fat),
                    (-0.09, y + 0.07, 0.15 * fat, 0.135 * fat),
                    (0.02, y + 0.06, 0.13 * fat, 0.12 * fat), (0.10, y + 0.06, 0.10, 0.09),
                    (0.15, y + 0.08, 0.05, 0.05)], colour),
        m.tube([(0.06, y + 0.08, 0), (0.12, y + 0.15, 0), (0.155, y + 0.20, 0)],
               [0.085, 0.075, 0.07], colour, [q.FRONT, q.NECK, q.HEAD]),
        m.ellipsoid((0.115, 0.10, 0.10), (0.17, y + 0.225, 0), colour, q.HEAD, sectors=10),
        m.ellipsoid((0.055, 0.048, 0.07), (0.245, y + 0.20, 0), pale, q.HEAD, rings=5),
        m.ellipsoid((0.035, 0.024, 0.035), (0.24, y + 0.165, 0), pale, q.JAW, rings=3, sectors=6),
        m.box((0.022, 0.022, 0.034), (0.295, y + 0.225, 0), pink, q.HEAD),
        m.ellipsoid((0.07, 0.07, 0.07), (-0.255, y + 0.10, 0), (0.98, 0.97, 0.95), q.TAIL, rings=5),
        q.food("carrot", 0.16),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        z = float(side)
        top = 0.30 + 0.225 * ear
        parts += [
            m.tube([(0.13, y + 0.28, 0.042 * z), (0.115, y + 0.36, 0.056 * z),
                    (0.09, y + 0.30 + 0.16 * ear, 0.07 * z), (0.075, y + top, 0.074 * z)],
                   [0.028, 0.042, 0.045, 0.014], colour, bone, sectors=7,
                   widths_P=[0.02, 0.028, 0.03, 0.012]),
            m.tube([(0.15, y + 0.31, 0.052 * z), (0.135, y + 0.37, 0.066 * z),
                    (0.11, y + 0.29 + 0.16 * ear, 0.08 * z), (0.095, y + top - 0.03, 0.078 * z)],
                   [0.010, 0.026, 0.028, 0.006], pink, bone, sectors=5,
                   widths_P=[0.012, 0.02, 0.02, 0.006]),
            q.eye((0.225, y + 0.255, 0.08 * side), 0.027),
        ]  # fmt: skip
    for side, fore, low, hind, hock in ((1, q.FORE_R, q.PAW_R, q.HIND_R, q.HOCK_R),
                                        (-1, q.FORE_L, q.PAW_L, q.HIND_L, q.HOCK_L)):  # fmt: skip
        z, knee = f.out * side, f.knee_share * y
        fx, hx = f.shoulder[0], f.hip[0]
        parts += [
            m.capsule((fx, y, 0.8 * z), (fx, knee, 0.8 * z), 0.045, 0.034, colour, fore),
            m.capsule((fx, knee, 0.8 * z), (fx + 0.02, 0.028, 0.8 * z), 0.033, 0.03, paw, low),
            m.ellipsoid((0.10, 0.105, 0.055), (hx + 0.02, y - 0.005, 1.35 * z), colour, hind,
                        sectors=9),
            m.capsule((hx - 0.02, 0.030, 1.45 * z), (hx + 0.125, 0.030, 1.45 * z), 0.032, 0.030,
                      paw, hock),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=8.0)


ASSET = Asset(
    kind="rabbit",
    plural="rabbits",
    synonyms=("bunny", "hare", "bunny rabbit", "cottontail", "jackrabbit", "easter bunny",
              "kangaroo", "wallaby", "squirrel", "chipmunk", "hamster", "guinea pig", "gerbil",
              "chinchilla", "mouse", "rat"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(_ACTIONS, run=("hops along", "scampers", "hops away", "scurries")),
    natural_colours=("white", "brown", "grey", "beige", "black"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={action: _SPEED.get(action, 0.0) for action in _ACTIONS},
    near="cat",
    homes=("park", "forest", "farm", "snow field"),
)  # fmt: skip
