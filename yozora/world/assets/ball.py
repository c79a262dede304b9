"""A ball in two colours, so that one sees it roll; it lies, rolls or bounces."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of
from yozora.world.assets.rig import Rig, pose_of, wave

_RADIUS = 0.3
_RIG = Rig((-1,), ((0.0, _RADIUS, 0.0),), ((0, (0.0, 0.0, 0.0)),))
_ROLL_M_S = 1.0
_BOUNCE_S = 0.85


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("ball"), look.rgb
    second = contrast(colour, (0.05, 0.05, 0.12), (0.95, 0.94, 0.9))
    if chance.random() < 0.6 and look.colour not in ("white", "yellow"):
        second = (0.95, 0.94, 0.9)
    pattern = chance.randrange(3)  # a beach ball's gores, a band, dots
    sphere = m.ellipsoid((_RADIUS,) * 3, (0, 0, 0), colour, rings=12, sectors=24)
    corner_T33 = sphere.position_V3[sphere.triangle_T3]
    middle = corner_T33.mean(axis=1) / _RADIUS
    if pattern == 0:
        longitude = np.degrees(np.arctan2(middle[:, 2], middle[:, 0])) % 72.0
        other = (longitude < 29.0) | (np.abs(middle[:, 1]) > 0.985)
    elif pattern == 1:
        other = (np.abs(middle[:, 0]) < 0.24) | (np.abs(middle[:, 0]) > 0.93)
    else:
        golden = 0.5 * (1.0 + math.sqrt(5.0))
        dots = np.array([p for a in (-1, 1) for b in (-golden, golden)
                         for p in ((0, a, b), (a, b, 0), (b, 0, a))])  # fmt: skip
        dots /= np.linalg.norm(dots[0])
        other = (middle @ dots.T).max(axis=1) > 0.93
    # Split the sphere's vertices so that no colour bleeds over an edge.
    flat_V3 = corner_T33.reshape(-1, 3)
    paint = np.where(np.repeat(other, 3)[:, None], second, colour).astype(np.float32)
    count = len(flat_V3)
    skin = m.Mesh(
        flat_V3, flat_V3 / np.linalg.norm(flat_V3, axis=1, keepdims=True), paint,
        np.zeros(count, np.float32), np.zeros(count, np.int32),
        np.arange(count, dtype=np.int32).reshape(-1, 3),
    )  # fmt: skip
    tilted = m.transform(skin, m.matrix(roll_deg=62.0, yaw_deg=chance.uniform(-15.0, 15.0)))
    return m.moved(tilted, dy=_RADIUS)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "roll":
        return pose_of(_RIG, {0: (0.0, -math.degrees(_ROLL_M_S * t_s / _RADIUS) - 360 * start, 0)})
    if action == "bounce":
        u = (t_s / _BOUNCE_S + start) % 1.0
        spin = -50.0 * (t_s / _BOUNCE_S + start)
        return pose_of(_RIG, {0: (0.0, spin, 0.0)}, (0.0, 4.0 * u * (1.0 - u) * 2.2 * _RADIUS, 0.0))
    return pose_of(_RIG, {0: (0.0, 360.0 * start + 2.5 * wave(t_s / 2.4), 0.0)})


ASSET = Asset(
    kind="ball",
    plural="balls",
    synonyms=("sphere", "globe", "orb", "football", "soccer ball", "basketball", "beach ball",
              "beachball", "tennis ball", "volleyball", "marble", "balloon", "baseball", "bubble",
              "planet", "wheel", "orange", "pumpkin", "watermelon"),
    actions={
        "stand": ("lies still", "lying still"),
        "roll": ("rolls", "rolling"),
        "bounce": ("bounces", "bouncing"),
    },
    action_synonyms={
        "stand": ("lies", "rests", "stands", "sits", "waits", "stays", "is", "stand still"),
        "roll": ("spins", "turns", "rotates", "moves", "goes", "runs", "tumbles", "travels",
                 "rolls away"),
        "bounce": ("jumps", "hops", "leaps", "dribbles", "springs", "bobs", "falls", "drops"),
    },
    natural_colours=("red", "blue", "yellow", "green", "orange"),
    wears=None,
    height_m=2.0 * _RADIUS,
    length_m=2.0 * _RADIUS,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "roll": _ROLL_M_S, "bounce": 0.0},
)  # fmt: skip
