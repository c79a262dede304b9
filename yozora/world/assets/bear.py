"""A bear: a heavy body with a hump over the shoulders, thick legs, round ears and no tail."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 2.1, 1.40
_ACTIONS = q.words("stand", "sit", "walk", "run", "rear", "roar", "eat", "sleep")


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.56 * random.Random(f"bear legs:{seed}").uniform(0.94, 1.06)
    f = q.Frame(
        hip=(-0.50, leg), shoulder=(0.34, leg), knee_share=0.48, out=0.23,
        neck=(0.50, leg + 0.34), head=(0.74, leg + 0.40), tail=(-0.84, leg + 0.36),
        tail_middle=(-0.92, leg + 0.38), ear=(0.74, leg + 0.62, 0.19), paw=0.20,
        haunch=(-0.74, leg - 0.16), length=_LENGTH, mouth=(1.17, leg + 0.22), belly=leg - 0.20,
        thick=0.135, bow_deg=8.0,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("bear"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, hump = chance.uniform(0.95, 1.08), chance.uniform(0.9, 1.15)
    snout = mix(colour, contrast(colour, (0.16, 0.09, 0.05), (0.86, 0.74, 0.56)), 0.62)
    claw = mix(colour, (0.03, 0.025, 0.025), 0.55)
    parts = [
        q.trunk(f, [(-0.86, y + 0.22, 0.17, 0.17), (-0.72, y + 0.18, 0.36, 0.34),
                    (-0.40, y + 0.17, 0.39 * fat, 0.38 * fat),
                    (-0.02, y + 0.20, 0.40 * fat, 0.38 * fat),
                    (0.30, y + 0.25, 0.42 * hump, 0.36), (0.58, y + 0.28, 0.27, 0.25)], colour),
        m.ellipsoid((0.40, 0.22 * hump, 0.25), (0.26, y + 0.50, 0), colour, q.FRONT, sectors=9),
        m.tube([(0.36, y + 0.34, 0), (0.60, y + 0.38, 0), (0.78, y + 0.42, 0)],
               [0.34, 0.29, 0.25], colour, [q.FRONT, q.NECK, q.HEAD],
               widths_P=[0.32, 0.29, 0.25]),
        m.ellipsoid((0.28, 0.265, 0.28), (0.84, y + 0.43, 0), colour, q.HEAD, sectors=10),
        m.tube([(1.00, y + 0.38, 0), (1.15, y + 0.35, 0), (1.23, y + 0.345, 0)],
               [0.155, 0.125, 0.095], snout, q.HEAD, widths_P=[0.165, 0.13, 0.10]),
        m.ellipsoid((0.065, 0.065, 0.085), (1.23, y + 0.405, 0), (0.02, 0.02, 0.02), q.HEAD,
                    rings=4, sectors=6),
        m.ellipsoid((0.14, 0.06, 0.11), (1.07, y + 0.25, 0), snout, q.JAW, rings=4),
        m.box((0.22, 0.03, 0.16), (1.06, y + 0.29, 0), (0.78, 0.16, 0.18), q.JAW),
        m.ellipsoid((0.10, 0.10, 0.09), (-0.90, y + 0.36, 0), colour, q.TAIL, rings=4, sectors=6),
        q.food("honey", 0.46),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.ellipsoid((0.07, 0.135, 0.125), (0.76, y + 0.68, 0.21 * side), colour, bone,
                        rings=6, sectors=9),
            m.ellipsoid((0.05, 0.08, 0.075), (0.81, y + 0.675, 0.21 * side), snout, bone,
                        rings=4, sectors=7),
            q.eye((1.06, y + 0.515, 0.135 * side), 0.045),
        ]  # fmt: skip
    parts += q.legs(f, f.thick, colour, claw)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=14.0)


ASSET = Asset(
    kind="bear",
    plural="bears",
    synonyms=("grizzly", "grizzly bear", "brown bear", "polar bear", "black bear", "panda",
              "giant panda", "teddy bear", "teddy", "bear cub", "koala", "bruin", "kodiak", "sloth",
              "gorilla", "ape", "bigfoot", "koala bear", "wolverine", "badger"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(
        _ACTIONS,
        rear=("stands upright", "rises", "waves", "dances", "gets up", "begs", "fights"),
    ),
    natural_colours=("brown", "black", "white", "grey", "beige"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _LENGTH),
    near="dog",
    homes=("forest", "mountains", "snow field", "park"),
)  # fmt: skip
