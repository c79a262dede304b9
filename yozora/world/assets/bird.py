"""A bird: a round body on thin legs, a beak, a fan of a tail and wide wings."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, pose_of, wave

_HEIGHT, _LENGTH = 0.62, 0.86
BODY, HEAD, TAIL, WING_R, WING_L, TIP_R, TIP_L, LEG_R, LEG_L, FOLD_R, FOLD_L = range(11)
_HIP = 0.16
_RIG = Rig(
    (-1, BODY, BODY, BODY, BODY, WING_R, WING_L, BODY, BODY, BODY, BODY),
    ((0, 0.30, 0), (0.13, 0.42, 0), (-0.17, 0.28, 0), (0.04, 0.37, 0.12), (0.04, 0.37, -0.12),
     (0.02, 0.37, 0.42), (0.02, 0.37, -0.42), (0.0, _HIP, 0.06), (0.0, _HIP, -0.06),
     (0.06, 0.36, 0.13), (0.06, 0.36, -0.13)),
    ((LEG_R, (0.09, 0, 0.06)), (LEG_L, (0.09, 0, -0.06)),
     (LEG_R, (-0.03, 0, 0.06)), (LEG_L, (-0.03, 0, -0.06))),
)  # fmt: skip
_WALK_M_S, _FLY_M_S = 0.5, 1.3
_HIDDEN = 0.02


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("bird"), look.rgb
    beak = chance.choice(((0.95, 0.5, 0.04), (0.95, 0.75, 0.1), (0.15, 0.13, 0.12)))
    belly = mix(colour, (0.97, 0.94, 0.86), 0.75)
    dark = mix(colour, (0.03, 0.03, 0.04), 0.55) if sum(colour) > 0.3 else (0.2, 0.2, 0.22)
    fat, long = chance.uniform(0.9, 1.12), chance.uniform(0.85, 1.2)
    leg = (0.75, 0.42, 0.1)
    parts = [
        m.tube([(-0.24, 0.26, 0), (-0.15, 0.28, 0), (0.0, 0.29, 0), (0.12, 0.34, 0),
                (0.19, 0.41, 0)], [0.04, 0.10, 0.15 * fat, 0.14 * fat, 0.06], colour, BODY,
               sectors=10, widths_P=[0.05, 0.10, 0.14 * fat, 0.13 * fat, 0.06]),
        m.ellipsoid((0.10, 0.11, 0.11), (0.10, 0.255, 0), belly, BODY, rings=5),
        m.ellipsoid((0.125, 0.12, 0.12), (0.18, 0.49, 0), colour, HEAD, sectors=10),
        m.cone((0.275, 0.49, 0), 0.055, (0.43, 0.465, 0), beak, HEAD, sectors=6),
        m.slab([(-0.15, 0.24), (-0.15, 0.31), (-0.38 - 0.06 * long, 0.34),
                (-0.40 - 0.06 * long, 0.25)], 0.14, (0, 0, 0), colour, TAIL, rim=0.9),
        m.slab([(-0.40, 0.26), (-0.38, 0.33), (-0.47, 0.34), (-0.48, 0.27)], 0.13, (0, 0, 0), dark,
               TAIL),
    ]  # fmt: skip
    if chance.random() < 0.45:  # a crest
        parts.append(m.cone((0.14, 0.58, 0), 0.06, (0.05, 0.71, 0), colour, HEAD, sectors=5))
    for side, wing, tip, fold, limb in ((1, WING_R, TIP_R, FOLD_R, LEG_R),
                                        (-1, WING_L, TIP_L, FOLD_L, LEG_L)):  # fmt: skip

        def across(points: list[tuple[float, float, float]], paint: m.RGB, bone: int,
                   s: int = side) -> m.Mesh:  # fmt: skip
            """A blade seen from above: (x, out, half thickness) corners joined to a solid."""
            blade = m.slab([(x, z) for x, z, _ in points], 0.035, (0, 0, 0), paint, bone, rim=0.92)
            laid = m.transform(blade, np.array([[1, 0, 0, 0], [0, 0, 1, 0.37], [0, 1, 0, 0],
                                                [0, 0, 0, 1.0]]))  # fmt: skip
            return laid if s > 0 else m.mirrored(laid)

        parts += [
            across([(0.14, 0.08, 0), (0.17, 0.44, 0), (-0.14, 0.44, 0), (-0.18, 0.08, 0)], colour,
                   wing),
            across([(0.17, 0.42, 0), (0.06, 0.70, 0), (-0.10, 0.74, 0), (-0.14, 0.42, 0)], colour,
                   tip),
            across([(0.055, 0.70, 0), (-0.06, 0.84, 0), (-0.19, 0.82, 0), (-0.12, 0.70, 0)], dark,
                   tip),
            m.ellipsoid((0.18, 0.085, 0.035), (-0.05, 0.33, 0.14 * side * fat),
                        shade(colour, 0.62), fold, sectors=8, rings=4),
            m.cone((-0.17, 0.33, 0.14 * side * fat), 0.05, (-0.33, 0.29, 0.12 * side), dark, fold,
                   sectors=5),
            m.ellipsoid((0.02, 0.03, 0.016), (0.235, 0.52, 0.098 * side), (0.97, 0.97, 0.97), HEAD,
                        rings=4, sectors=6),
            m.ellipsoid((0.018, 0.02, 0.016), (0.243, 0.52, 0.104 * side), (0.01, 0.01, 0.01),
                        HEAD, rings=4, sectors=6),
            m.cylinder((0.0, _HIP + 0.04, 0.06 * side), (0.01, 0.01, 0.06 * side), 0.016, leg,
                       limb, sectors=5),
            m.box((0.13, 0.025, 0.07), (0.035, 0.0125, 0.06 * side), leg, limb, top=(0.8, 0.7)),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "fly":
        u = t_s / 0.5 + start
        flap = wave(u)
        turns: dict[int, Turn] = {
            BODY: (0.0, 4.0 + 3.0 * wave(u + 0.25), 4.0 * wave(t_s / 3.0 + start)),
            HEAD: (0.0, -4.0, 0.0),
            TAIL: (0.0, -6.0 * wave(u + 0.25), 0.0),
            WING_R: (0.0, 8.0, -14.0 - 46.0 * flap),
            WING_L: (0.0, 8.0, 14.0 + 46.0 * flap),
            TIP_R: (0.0, 0.0, -30.0 * wave(u - 0.2)),
            TIP_L: (0.0, 0.0, 30.0 * wave(u - 0.2)),
            LEG_R: (0.0, -80.0, 0.0),
            LEG_L: (0.0, -80.0, 0.0),
        }
        rise = 0.55 * _HEIGHT + 0.05 * math.cos(2.0 * math.pi * u) + 0.03 * wave(t_s / 2.1 + start)
        return pose_of(_RIG, turns, (0, rise, 0), scales={FOLD_R: _HIDDEN, FOLD_L: _HIDDEN})
    away = {WING_R: _HIDDEN, WING_L: _HIDDEN}
    if action == "walk":  # it hops, head first
        u = t_s / 0.55 + start
        hop = max(0.0, wave(u))
        turns = {
            BODY: (0.0, 8.0 * wave(u + 0.2), 0.0),
            HEAD: (0.0, 10.0 * wave(u + 0.45), 0.0),
            TAIL: (0.0, -16.0 * wave(u + 0.1), 0.0),
            LEG_R: (0.0, 34.0 * wave(u + 0.3), 0.0),
            LEG_L: (0.0, 26.0 * wave(u + 0.25), 0.0),
            FOLD_R: (0.0, 0.0, -16.0 * hop),
            FOLD_L: (0.0, 0.0, 16.0 * hop),
        }
        return pose_of(_RIG, turns, lift=0.11 * hop, scales=away)
    u = t_s / 2.2 + start
    peck = bump(u) ** 6
    turns = {
        BODY: (0.0, -18.0 * peck, 0.0),
        HEAD: (32.0 * wave(0.5 * u) * (1.0 - peck), -34.0 * peck, 0.0),
        TAIL: (0.0, 8.0 * peck + 4.0 * wave(2.0 * u), 0.0),
        LEG_R: (0.0, 18.0 * peck, 0.0),
        LEG_L: (0.0, 18.0 * peck, 0.0),
    }
    return pose_of(_RIG, turns, lift=0.0, scales=away)


_ACTIONS = {
    "stand": ("stands", "standing"),
    "walk": ("walks", "walking"),
    "fly": ("flies", "flying"),
}

ASSET = Asset(
    kind="bird",
    plural="birds",
    synonyms=("sparrow", "robin", "pigeon", "dove", "crow", "raven", "parrot", "canary", "finch",
              "seagull", "gull", "eagle", "hawk", "falcon", "owl", "chicken", "hen", "rooster",
              "duck", "duckling", "goose", "swan", "penguin", "chick", "swallow", "bluebird",
              "birdie", "songbird", "hummingbird", "flamingo", "dragon", "butterfly"),
    actions=_ACTIONS,
    action_synonyms={
        "stand": ("perches", "sits", "rests", "waits", "sings", "chirps", "pecks", "looks",
                  "stays", "stand still", "eats", "feeds"),
        "walk": ("hops", "strolls", "wanders", "steps", "struts", "runs", "waddles", "moves",
                 "goes", "jumps"),
        "fly": ("flaps", "soars", "glides", "flutters", "hovers", "swoops", "takes off",
                "flap its wings", "migrates", "circles"),
    },
    natural_colours=("blue", "red", "brown", "yellow", "white"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "walk": _WALK_M_S, "fly": _FLY_M_S},
)  # fmt: skip
