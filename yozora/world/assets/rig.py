"""Skeletons: bones that turn about pivots, feet that find the ground, and the curves of gaits.

Degrees throughout. Pitch turns about z: a leg that hangs down swings forward, a nose goes up.
Roll turns about x: a limb on the far side (z < 0) is raised outward by a positive roll, one on
the near side (z > 0) by a negative one. Yaw turns about y, from +x away from the viewer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yozora.world.assets.asset import Pose

Turn = tuple[float, float, float]  # yaw, pitch, roll
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Rig:
    """B bones; a parent comes before its children, and bone 0 has none."""

    parent_B: tuple[int, ...]
    pivot_B: tuple[Place, ...]  # at rest
    feet: tuple[tuple[int, Place], ...] = ()  # (bone, point) that may touch the ground


def pose_of(
    rig: Rig,
    turns: Mapping[int, Turn],
    move: Place = (0.0, 0.0, 0.0),
    lift: float | None = None,
    scales: Mapping[int, float] | None = None,
    shifts: Mapping[int, Place] | None = None,
) -> Pose:
    """The pose with these turns of bones about their pivots, and the whole moved.

    With `lift` the lowest foot is put at that height, whatever the legs do. `shifts` moves bones
    within the frames of their parents.
    """
    count = len(rig.parent_B)
    degrees = np.zeros((count, 3))
    for bone, turn in turns.items():
        degrees[bone] = turn
    angle = np.radians(degrees)
    (cy, cp, cr), (sy, sp, sr) = np.cos(angle).T, np.sin(angle).T
    local = np.empty((count, 3, 3))  # yaw @ pitch @ roll, written out
    local[:, 0, 0], local[:, 0, 1], local[:, 0, 2] = cy * cp, sy * sr - cy * sp * cr, \
        cy * sp * sr + sy * cr  # fmt: skip
    local[:, 1, 0], local[:, 1, 1], local[:, 1, 2] = sp, cp * cr, -cp * sr
    local[:, 2, 0], local[:, 2, 1], local[:, 2, 2] = -sy * cp, sy * sp * cr + cy * sr, \
        cy * cr - sy * sp * sr  # fmt: skip
    for bone, scale in (scales or {}).items():
        local[bone] *= scale
    pivot = np.array(rig.pivot_B)
    rest = pivot.copy()  # where each pivot is in its parent's frame
    for bone, shift in (shifts or {}).items():
        rest[bone] += shift
    out = np.zeros((count, 4, 4))
    out[:, 3, 3] = 1.0
    for b, parent in enumerate(rig.parent_B):
        if b == 0:
            linear, at = local[0], pivot[0] + move
        else:
            above = out[parent]
            linear = above[:3, :3] @ local[b]
            at = above[:3, :3] @ rest[b] + above[:3, 3]
        out[b, :3, :3] = linear
        out[b, :3, 3] = at - linear @ pivot[b]
    if lift is not None and rig.feet:
        low = min(float(out[b, 1, :3] @ np.array(p) + out[b, 1, 3]) for b, p in rig.feet)
        out[:, 1, 3] += lift - low
    return Pose(out.astype(np.float32))


# ---------------------------------------------------------------- curves; `u` is a phase in turns


def wave(u: float) -> float:
    """A sine of period 1."""
    return math.sin(2.0 * math.pi * u)


def bump(u: float) -> float:
    """0..1..0 over one turn, softly."""
    return 0.5 - 0.5 * math.cos(2.0 * math.pi * u)


def smooth(u: float) -> float:
    """0 before 0, 1 after 1, softly between."""
    u = min(1.0, max(0.0, u))
    return u * u * (3.0 - 2.0 * u)


def through(u: float, keys: Sequence[tuple[float, float]]) -> float:
    """A soft curve through (phase, value) keys that repeats every turn; phases rise in 0..1."""
    u %= 1.0
    before = (keys[-1][0] - 1.0, keys[-1][1])
    for key in (*keys, (keys[0][0] + 1.0, keys[0][1])):
        if u < key[0]:
            return before[1] + (key[1] - before[1]) * smooth((u - before[0]) / (key[0] - before[0]))
        before = key
    return before[1]


def step(u: float, swing_deg: float, flex_deg: float, stance: float = 0.5) -> tuple[float, float]:
    """(hip, knee) of a leg that walks: on the ground for `stance` of the cycle, then in the air.

    The hip goes from +swing to -swing at an even rate, as the ground does, and comes back in an
    arc while the knee folds.
    """
    u %= 1.0
    if u < stance:
        return swing_deg * (1.0 - 2.0 * u / stance), 0.0
    air = (u - stance) / (1.0 - stance)
    return -swing_deg * math.cos(math.pi * air), -flex_deg * math.sin(math.pi * air)


def leap(u: float) -> tuple[float, float, float]:
    """(crouch, height, stretch) of a jump, each 0..1, over one turn: crouch, fly, land."""
    crouch = through(u, [(0.0, 0.35), (0.16, 1.0), (0.30, 0.0), (0.74, 0.0), (0.86, 0.9)])
    air = min(1.0, max(0.0, (u % 1.0 - 0.28) / 0.48))
    return crouch, 4.0 * air * (1.0 - air), math.sin(math.pi * air)
