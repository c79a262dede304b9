"""A pendulum: a round shiny bob on a long bright rod, in a frame above a curved scale."""

from __future__ import annotations

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, pose_of, wave

_HEIGHT, _LENGTH = 1.5, 1.85
_PIVOT = 1.38  # height of the axle
FRAME, ROD = range(2)
_RIG = Rig((-1, FRAME), ((0.0, 0.0, 0.0), (0.0, _PIVOT, 0.0)))
_SWING_S = 1.9  # seconds to and fro
_SWING_DEG = 33.0
_WOODS = ((0.46, 0.27, 0.12), (0.36, 0.19, 0.09), (0.58, 0.38, 0.20))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("pendulum"), look.rgb
    wood = chance.choice(_WOODS) if look.colour != "brown" else (0.80, 0.64, 0.42)
    dark = shade(wood, 0.72)
    bob, long = chance.uniform(0.225, 0.25), _PIVOT - 0.54
    parts = [
        m.box((1.85, 0.09, 0.50), (0, 0.045, 0), wood),
        m.box((1.70, 0.05, 0.40), (0, 0.115, 0), dark),
        m.box((1.80, 0.13, 0.17), (0, 1.435, 0), colour),
        m.cylinder((0, _PIVOT, -0.12), (0, _PIVOT, 0.13), 0.075, dark),
    ]
    for side in (-1.0, 1.0):
        parts.append(m.box((0.12, 1.32, 0.14), (0.82 * side, 0.74, 0), colour))
    parts.append(_scale(mix(wood, (0.96, 0.92, 0.80), 0.7), dark, long))
    steel = (0.93, 0.93, 0.95) if look.colour != "white" else (0.30, 0.31, 0.34)
    heart = (0.0, _PIVOT - long, 0.0)
    ball = m.ellipsoid((bob, bob, bob), heart, colour, ROD, rings=12, sectors=18)
    for side in (1.0, -1.0):  # the lamp that a polished ball mirrors, on both sides
        gap = np.linalg.norm(ball.normal_V3 - np.array((-0.36, 0.54, 0.76 * side)), axis=1)
        share = np.clip(1.3 - gap / 0.3, 0.0, 0.9)[:, None]
        ball.colour_V3[:] = ball.colour_V3 * (1.0 - share) + share
    parts += [
        ball,
        m.cylinder((0, _PIVOT, 0), (0, heart[1], 0), 0.033, steel, ROD, 0.25, sectors=6),
        m.cylinder((0, heart[1] + bob - 0.03, 0), (0, heart[1] + bob + 0.06, 0), 0.065, steel, ROD),
        m.cone((0, heart[1] - bob + 0.02, 0), 0.05, (0, heart[1] - bob - 0.05, 0), steel, ROD),
    ]
    return m.merge(*parts)


def _scale(colour: m.RGB, marks: m.RGB, long: float) -> m.Mesh:
    """A curved plate below the bob, with marks; seen from both sides."""
    count, inner, outer = 13, long + 0.26, long + 0.36
    turn = np.radians(np.linspace(-39.0, 39.0, count))
    way = np.stack([np.sin(turn), -np.cos(turn), 0.0 * turn], 1)
    ring = [(r * way + (0.0, _PIVOT, 0.0)) for r in (inner, outer)]
    a, b, c, d = ring[1][:-1], ring[1][1:], ring[0][1:], ring[0][:-1]
    front = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    parts = [m.flat(front, colour), m.flat(front[:, ::-1], shade(colour, 0.9))]
    for i in range(0, count, 2):
        reach = (0.045 if i % 4 else 0.08, 0.03)
        mark = m.box((reach[1], reach[0], 0.016), (0, -outer + 0.05, 0), marks)
        angle = float(np.degrees(turn[i]))
        parts.append(m.transform(mark, m.matrix((0, _PIVOT, 0), pitch_deg=angle)))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "swing":
        lean = _SWING_DEG * wave(t_s / _SWING_S + start)
    else:
        lean = 1.2 * wave(t_s / 1.6 + start)
    return pose_of(_RIG, {ROD: (0.0, lean, 0.0)})


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
    shown_deg=0.0,
)  # fmt: skip
