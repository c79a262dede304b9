"""A fish: a tall round body, light bands, a forked tail that beats, and a large eye.

Where there is no water it swims in the air.
"""

from __future__ import annotations

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, pose_of, wave
from yozora.world.assets.wings import blade

_LENGTH, _HEIGHT = 1.10, 0.78
_SWIM_M_S = 0.8
_Y = 0.36  # of the middle of the body at rest
_RISE = 0.22  # above the ground
BODY, MIDDLE, TAIL, FIN, PEC_R, PEC_L = range(6)
_RIG = Rig(
    (-1, BODY, MIDDLE, TAIL, BODY, BODY),
    ((0.15, _Y, 0), (-0.04, _Y, 0), (-0.21, _Y, 0), (-0.36, _Y, 0),
     (0.14, _Y - 0.08, 0.13), (0.14, _Y - 0.08, -0.13)),
)  # fmt: skip
_AT = (-0.42, -0.34, -0.22, -0.06, 0.10, 0.24, 0.36, 0.44, 0.49)
_TALL = (0.055, 0.075, 0.145, 0.235, 0.275, 0.255, 0.19, 0.115, 0.04)
_WIDE = (0.025, 0.035, 0.075, 0.125, 0.155, 0.15, 0.115, 0.075, 0.03)


def _bone(x: float) -> int:
    return TAIL if x < -0.2 else MIDDLE if x < -0.02 else BODY


def _band(start: float, end: float, tall: float, colour: m.RGB) -> m.Mesh:
    """A ring of another colour around the body between two places along it."""
    at = np.linspace(start, end, 4)
    high, wide = np.interp(at, _AT, _TALL) * tall, np.interp(at, _AT, _WIDE)
    return m.tube([(x, _Y, 0) for x in at], high * 1.03 + 0.004, colour,
                  _bone(0.5 * (start + end)), sectors=12, widths_P=wide * 1.03 + 0.006)  # fmt: skip


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("fish"), look.rgb
    tall = chance.uniform(0.9, 1.08)
    pale = (0.97, 0.96, 0.92)
    bright = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    stripe = mix(colour, (0.08, 0.10, 0.20), 0.85) if bright > 0.72 else pale
    dark = shade(colour, 0.62) if bright > 0.06 else (0.16, 0.16, 0.19)
    fins = dark if chance.random() < 0.4 else mix(colour, chance.choice((pale, (1, 0.8, 0.1))), 0.3)
    lips = mix(colour, (0.9, 0.35, 0.3), 0.5)
    forked = chance.uniform(0.05, 0.11)
    parts = [
        m.tube([(x, _Y, 0) for x in _AT], np.array(_TALL) * tall, colour,
               [_bone(x) for x in _AT], sectors=12, widths_P=_WIDE),
        m.slab([(-0.38, -0.055), (-0.38, 0.055), (-0.52, 0.22), (-0.66, 0.30),
                (-0.57 + forked, 0.0), (-0.66, -0.30), (-0.52, -0.22)], 0.05, (0, _Y, 0), dark,
               FIN, rim=0.9),
        m.slab([(0.22, 0.22 * tall), (0.10, 0.40), (-0.08, 0.42), (-0.17, 0.34),
                (-0.12, 0.16 * tall)], 0.05, (0, _Y, 0), fins, BODY, rim=0.9),
        m.slab([(-0.02, -0.20 * tall), (-0.16, -0.13 * tall), (-0.24, -0.26), (-0.12, -0.34)],
               0.045, (0, _Y, 0), fins, MIDDLE, rim=0.9),
        m.ellipsoid((0.035, 0.055, 0.045), (0.475, _Y - 0.03, 0), lips, BODY, rings=4),
        _band(0.13, 0.205, tall, stripe),
        _band(-0.16, -0.085, tall, stripe),
    ]  # fmt: skip
    for side, bone in ((1, PEC_R), (-1, PEC_L)):
        parts += [
            blade([(0.17, 0.13), (0.15, 0.26), (0.0, 0.36), (-0.05, 0.28), (0.08, 0.13)],
                  _Y - 0.08, 0.035, fins, bone, side),
            m.ellipsoid((0.068, 0.075, 0.03), (0.325, _Y + 0.065, 0.118 * side), (0.97, 0.97, 0.97),
                        BODY, rings=5),
            m.ellipsoid((0.038, 0.046, 0.022), (0.338, _Y + 0.065, 0.138 * side),
                        (0.01, 0.01, 0.012), BODY, rings=4),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    swims = action == "swim"
    u = t_s / (0.55 if swims else 1.9) + start
    wide = 1.0 if swims else 0.55
    paddle = wave(u + 0.1) if swims else wave(1.5 * u)
    turns: dict[int, Turn] = {
        BODY: (10.0 * wide * wave(u), 3.0 * wave(t_s / 1.6 + start), 0.0),
        MIDDLE: (-16.0 * wide * wave(u - 0.12), 0.0, 0.0),
        TAIL: (-26.0 * wide * wave(u - 0.24), 0.0, 0.0),
        FIN: (-32.0 * wide * wave(u - 0.36), 0.0, 0.0),
        PEC_R: (-20.0, 0.0, 42.0 + 24.0 * paddle),
        PEC_L: (20.0, 0.0, -42.0 - 24.0 * paddle),
    }
    if swims:
        return pose_of(_RIG, turns, (0.0, _RISE + 0.03 * wave(t_s / 1.3 + start), 0.0))
    turns[BODY] = (16.0 * wave(0.5 * u), 9.0 * wave(0.5 * u + 0.2), 5.0 * wave(u))
    return pose_of(_RIG, turns, (0.0, _RISE + 0.10 * wave(t_s / 2.4 + start), 0.0))


ASSET = Asset(
    kind="fish",
    plural="fishes",
    synonyms=("goldfish", "shark", "whale", "dolphin", "clownfish", "tuna", "salmon", "trout",
              "carp", "koi", "piranha", "orca", "tropical fish", "angelfish", "guppy", "minnow",
              "sardine", "cod", "bass", "pike", "stingray", "manta ray", "manta", "swordfish",
              "seahorse", "porpoise", "narwhal", "eel", "pufferfish", "killer whale", "blue whale",
              "herring", "catfish", "barracuda", "manatee", "jellyfish", "octopus", "squid"),
    actions={"float": ("floats", "floating"), "swim": ("swims", "swimming")},
    action_synonyms={
        "float": ("hovers", "drifts", "rests", "stands", "waits", "stays", "looks", "stand still",
                  "sleeps", "turns", "watches", "bobs"),
        "swim": ("glides", "darts", "dives", "moves", "goes", "travels", "cruises", "races",
                 "flies", "runs", "hunts", "circles", "speeds", "jumps", "leaps", "walks",
                 "swim around", "explores", "chases"),
    },
    natural_colours=("orange", "blue", "yellow", "red", "silver"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"float": 0.0, "swim": _SWIM_M_S},
    near="bird",
    homes=("sea bed", "beach", "studio"),
)  # fmt: skip
