"""A bird: a round body on thin legs, a strong beak, a fan of a tail and wide wings."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, pose_of, wave
from yozora.world.assets.wings import blade

_HEIGHT, _LENGTH = 0.70, 1.16
BODY, HEAD, TAIL, WING_R, WING_L, TIP_R, TIP_L, LEG_R, LEG_L, FOLD_R, FOLD_L = range(11)
_HIP = 0.16
_RIG = Rig(
    (-1, BODY, BODY, BODY, BODY, WING_R, WING_L, BODY, BODY, BODY, BODY),
    ((0, 0.32, 0), (0.17, 0.45, 0), (-0.18, 0.31, 0), (0.0, 0.42, 0.10), (0.0, 0.42, -0.10),
     (0.0, 0.42, 0.50), (0.0, 0.42, -0.50), (0.0, _HIP, 0.07), (0.0, _HIP, -0.07),
     (0.08, 0.40, 0.14), (0.08, 0.40, -0.14)),
    ((LEG_R, (0.10, 0, 0.07)), (LEG_L, (0.10, 0, -0.07)),
     (LEG_R, (-0.04, 0, 0.07)), (LEG_L, (-0.04, 0, -0.07))),
)  # fmt: skip
_WALK_M_S, _FLY_M_S = 0.6, 1.5
_HIDDEN = 0.02
# The wing: a broad arm, then a hand with three feathers apart; each in front, and its rear half.
_ARM = ((0.12, 0.06), (0.16, 0.30), (0.15, 0.54), (-0.07, 0.54), (-0.08, 0.06))
_ARM_REAR = ((-0.04, 0.06), (-0.03, 0.54), (-0.20, 0.56), (-0.24, 0.30), (-0.23, 0.06))
_HAND = ((0.15, 0.50), (0.12, 0.78), (-0.01, 0.96), (-0.08, 0.78), (-0.07, 0.50))
_FEATHERS = ((0.09, 0.74), (0.05, 1.16), (-0.06, 1.22), (-0.08, 1.03), (-0.16, 1.06), (-0.16, 0.84),
             (-0.24, 0.84), (-0.20, 0.50), (-0.03, 0.52))  # fmt: skip


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("bird"), look.rgb
    bright = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    beak = chance.choice(((0.98, 0.5, 0.04), (0.98, 0.72, 0.08)))
    belly = mix(colour, (0.97, 0.94, 0.86), 0.8) if bright < 0.8 else (0.80, 0.76, 0.70)
    dark = shade(colour, 0.6) if bright > 0.06 else (0.17, 0.17, 0.19)
    tip = mix(colour, (0.03, 0.03, 0.05), 0.75) if bright > 0.06 else (0.85, 0.85, 0.82)
    fat, long = chance.uniform(0.92, 1.1), chance.uniform(0.9, 1.2)
    leg = (0.90, 0.48, 0.08)
    end = -0.38 - 0.17 * long
    parts = [
        m.tube([(-0.26, 0.29, 0), (-0.15, 0.30, 0), (0.0, 0.31, 0), (0.13, 0.37, 0),
                (0.23, 0.47, 0)], [0.06, 0.125, 0.165 * fat, 0.16 * fat, 0.08], colour, BODY,
               sectors=12, widths_P=[0.06, 0.12, 0.155 * fat, 0.15 * fat, 0.08]),
        m.ellipsoid((0.14, 0.12, 0.12), (0.10, 0.275, 0), belly, BODY, rings=6, sectors=10),
        m.ellipsoid((0.145, 0.14, 0.135), (0.25, 0.55, 0), colour, HEAD, rings=7, sectors=12),
        m.cone((0.36, 0.55, 0), 0.070, (0.58, 0.515, 0), beak, HEAD, sectors=6),
        m.tube([(-0.18, 0.31, 0), (-0.34, 0.34, 0), (end, 0.385, 0)], [0.07, 0.045, 0.03], dark,
               TAIL, widths_P=[0.07, 0.13, 0.20]),
        m.tube([(end + 0.02, 0.38, 0), (end - 0.09, 0.395, 0)], [0.034, 0.03], tip, TAIL,
               widths_P=[0.195, 0.215]),
    ]  # fmt: skip
    if chance.random() < 0.4:  # a crest
        parts.append(m.cone((0.20, 0.655, 0), 0.06, (0.07, 0.78, 0), dark, HEAD, sectors=5))
    for side, wing, hand, fold, limb in ((1, WING_R, TIP_R, FOLD_R, LEG_R),
                                         (-1, WING_L, TIP_L, FOLD_L, LEG_L)):  # fmt: skip
        z = 0.07 * side
        parts += [
            blade(_ARM_REAR, 0.415, 0.03, dark, wing, side),
            blade(_ARM, 0.42, 0.05, colour, wing, side),
            blade(_FEATHERS, 0.415, 0.03, tip, hand, side),
            blade(_HAND, 0.42, 0.05, colour, hand, side),
            m.ellipsoid((0.20, 0.115, 0.05), (-0.04, 0.37, 0.145 * side * fat), dark, fold,
                        sectors=10),
            m.cone((-0.14, 0.365, 0.145 * side * fat), 0.085, (-0.46, 0.33, 0.10 * side), tip, fold,
                   sectors=6),
            m.ellipsoid((0.036, 0.044, 0.022), (0.315, 0.585, 0.105 * side), (0.97, 0.97, 0.97),
                        HEAD, rings=4),
            m.ellipsoid((0.022, 0.028, 0.018), (0.325, 0.585, 0.122 * side), (0.01, 0.01, 0.01),
                        HEAD, rings=4, sectors=6),
            m.cylinder((0.0, _HIP + 0.04, z), (0.01, 0.01, z), 0.022, leg, limb, sectors=5),
            m.box((0.16, 0.03, 0.09), (0.04, 0.015, z), leg, limb, top=(0.8, 0.7)),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "fly":  # wings beat down fast, their hands a little behind
        u = t_s / 0.55 + start
        flap, hand = wave(u), wave(u - 0.18)
        turns: dict[int, Turn] = {
            BODY: (0.0, 12.0 + 3.0 * wave(u + 0.25), 4.0 * wave(t_s / 3.0 + start)),
            HEAD: (0.0, -12.0, 0.0),
            TAIL: (0.0, -8.0 - 7.0 * wave(u + 0.25), 0.0),
            WING_R: (0.0, 12.0, -28.0 - 40.0 * flap),
            WING_L: (0.0, 12.0, 28.0 + 40.0 * flap),
            TIP_R: (0.0, 0.0, -26.0 * hand),
            TIP_L: (0.0, 0.0, 26.0 * hand),
            LEG_R: (0.0, -95.0, 0.0),
            LEG_L: (0.0, -95.0, 0.0),
        }
        rise = 0.62 * _HEIGHT - 0.07 * wave(u + 0.22) + 0.03 * wave(t_s / 2.1 + start)
        scales = {FOLD_R: _HIDDEN, FOLD_L: _HIDDEN, LEG_R: 0.5, LEG_L: 0.5}
        return pose_of(_RIG, turns, (0, rise, 0), scales=scales)
    away = {WING_R: _HIDDEN, WING_L: _HIDDEN}
    if action == "walk":  # it hops on both legs, head first, wings lifted in the air
        u = t_s / 0.52 + start
        hop = max(0.0, wave(u))
        turns = {
            BODY: (0.0, 12.0 * wave(u + 0.2), 0.0),
            HEAD: (0.0, 14.0 * wave(u + 0.45), 0.0),
            TAIL: (0.0, -18.0 * wave(u + 0.1), 0.0),
            LEG_R: (0.0, 36.0 * wave(u + 0.3), 0.0),
            LEG_L: (0.0, 28.0 * wave(u + 0.25), 0.0),
            FOLD_R: (0.0, 0.0, -30.0 * hop),
            FOLD_L: (0.0, 0.0, 30.0 * hop),
        }
        return pose_of(_RIG, turns, lift=0.18 * hop, scales=away)
    u = t_s / 2.2 + start
    peck = bump(u) ** 6
    turns = {
        BODY: (0.0, -20.0 * peck, 0.0),
        HEAD: (32.0 * wave(0.5 * u) * (1.0 - peck), -34.0 * peck, 0.0),
        TAIL: (0.0, 10.0 * peck + 4.0 * wave(2.0 * u), 0.0),
        LEG_R: (0.0, 20.0 * peck, 0.0),
        LEG_L: (0.0, 20.0 * peck, 0.0),
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
              "duck", "duckling", "goose", "swan", "chick", "swallow", "bluebird",
              "birdie", "songbird", "hummingbird", "flamingo"),
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
    near="bird",
    homes=("park", "forest", "beach", "farm"),
)  # fmt: skip
