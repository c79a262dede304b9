"""A pendulum: a heavy shiny bob on a rod, in a lacquered wooden frame before a curved scale."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, phase_of, shade
from yozora.world.assets.rig import Rig, pose_of, wave

_HEIGHT, _LENGTH = 1.5, 1.85
_PIVOT = 1.36  # height of the axle
_TURNED = 45.0  # so that the swing shows from ahead as well
FRAME, ROD = range(2)
_RIG = Rig((-1, FRAME), ((0.0, 0.0, 0.0), (0.0, _PIVOT, 0.0)))
_SWING_S = 1.9  # seconds to and fro
_SWING_DEG = 31.0
_WOODS = ((0.46, 0.27, 0.12), (0.36, 0.19, 0.09), (0.58, 0.38, 0.20))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("pendulum"), look.rgb
    wood = chance.choice(_WOODS) if look.colour != "brown" else (0.80, 0.64, 0.42)
    dark = shade(wood, 0.72)
    bob, long = chance.uniform(0.29, 0.32), _PIVOT - 0.55
    parts = [
        m.box((1.85, 0.09, 0.48), (0, 0.045, 0), wood),
        m.box((1.85, 0.12, 0.15), (0, 1.44, 0), colour),
        m.cylinder((0, _PIVOT + 0.02, -0.11), (0, _PIVOT + 0.02, 0.11), 0.06, dark),
    ]
    for side in (-1.0, 1.0):
        parts.append(m.box((0.10, 1.30, 0.12), (0.84 * side, 0.75, 0), colour))
    parts.append(_scale(mix(wood, (0.96, 0.92, 0.80), 0.7), dark, long))
    steel = mix(contrast(colour, (0.30, 0.31, 0.34), (0.85, 0.86, 0.88)), colour, 0.15)
    heart = (0.0, _PIVOT - long, 0.0)
    parts += [
        m.cylinder((0, _PIVOT, 0), (0, _PIVOT - long, 0), 0.026, steel, ROD, sectors=6),
        m.ellipsoid((bob, bob, 0.8 * bob), heart, colour, ROD, rings=10, sectors=16),
        m.cylinder((0, heart[1] + bob - 0.03, 0), (0, heart[1] + bob + 0.07, 0), 0.06, steel, ROD),
    ]
    light = mix(colour, (1.0, 1.0, 1.0), 0.85)
    for way in (1.0, -1.0):  # the lamp that a polished ball mirrors, on both sides
        shine = m.ellipsoid((0.075, 0.055, 0.02), (0, 0, 0), light, ROD, 0.8, rings=4)
        at = (-0.36 * bob, heart[1] + 0.46 * bob, 0.64 * bob * way)
        parts.append(m.moved(shine, *at))
    return m.turned(m.merge(*parts), _TURNED)


def _scale(colour: m.RGB, marks: m.RGB, long: float) -> m.Mesh:
    """A curved plate behind the bob, with marks; seen from both sides."""
    count, inner, outer, z = 13, long + 0.06, long + 0.27, -0.05
    turn = np.radians(np.linspace(-42.0, 42.0, count))
    way = np.stack([np.sin(turn), -np.cos(turn), 0.0 * turn], 1)
    ring = [(r * way + (0.0, _PIVOT, z - 0.20)) for r in (inner, outer)]
    a, b, c, d = ring[1][:-1], ring[1][1:], ring[0][1:], ring[0][:-1]
    front = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    parts = [m.flat(front, colour), m.flat(front[:, ::-1], shade(colour, 0.9))]
    for i in range(0, count, 2):
        reach = (0.07 if i % 4 else 0.12, 0.03)
        mark = m.box((reach[1], reach[0], 0.016), (0, -outer + 0.10, 0), marks)
        angle = float(np.degrees(turn[i]))
        parts.append(m.transform(mark, m.matrix((0, _PIVOT, z - 0.20), pitch_deg=angle)))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "swing":
        lean = _SWING_DEG * wave(t_s / _SWING_S + start)
    else:
        lean = 1.2 * wave(t_s / 1.6 + start)
    # The swing is in the plane of the frame, which stands turned about the vertical.
    a = math.radians(_TURNED)
    c, s = math.cos(math.radians(lean)), math.sin(math.radians(lean))
    turn = np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])
    swing = turn @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ turn.T
    bones = pose_of(_RIG, {}).bones_B44.astype(float)
    bones[ROD, :3, :3] = swing
    bones[ROD, :3, 3] = np.array([0, _PIVOT, 0]) - swing @ np.array([0, _PIVOT, 0])
    return Pose(bones.astype(np.float32))


ASSET = Asset(
    kind="pendulum",
    plural="pendulums",
    synonyms=("metronome", "plumb bob", "swinging weight", "swinging bob", "foucault pendulum",
              "clock pendulum", "plummet", "wrecking ball"),
    actions={"stand": ("stands", "standing"), "swing": ("swings", "swinging")},
    action_synonyms={
        "stand": ("hangs", "rests", "waits", "stays", "stand still", "stops"),
        "swing": ("oscillates", "sways", "ticks", "moves", "rocks", "swings back and forth",
                  "beats", "goes", "works"),
    },
    natural_colours=("gold", "silver", "red", "blue", "black"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "swing": 0.0},
    near="box",
    homes=("classroom", "studio", "library", "living room"),
)  # fmt: skip
