"""A solar system: a shining sun and five planets on their paths, the largest with a ring."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import wave

_HEIGHT, _LENGTH = 1.25, 2.75
_MIDDLE = 0.615  # height of the sun
_TILT, _TOWARDS = 27.0, 45.0  # of the paths; the side of the disc that is lowered, from +x to +z
_PATHS = (0.47, 0.66, 0.86, 1.08, 1.32)  # radii in metres
_TURN_S = (2.6, 3.7, 5.2, 7.0, 9.5)  # seconds around the sun
_SIZES = (0.095, 0.125, 0.115, 0.215, 0.15)
_LARGEST = 3
_WORLDS = ((0.62, 0.52, 0.45), (0.20, 0.55, 0.90), (0.85, 0.35, 0.18), (0.0, 0.0, 0.0),
           (0.35, 0.80, 0.85))  # fmt: skip


def _path(radius: float, wide: float, colour: m.RGB) -> m.Mesh:
    """A flat ring, seen from above and from below."""
    turn = np.arange(29) * math.tau / 28
    way = np.stack([np.cos(turn), 0.0 * turn, -np.sin(turn)], 1)
    inner, outer = (radius - wide / 2) * way, (radius + wide / 2) * way
    a, b, c, d = outer[:-1], outer[1:], inner[1:], inner[:-1]
    top = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return m.merge(m.flat(top, colour, glow=0.35), m.flat(top[:, ::-1], colour, glow=0.35))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("solar system"), look.rgb
    sun: m.RGB = (1.0, 0.74, 0.12) if look.colour not in ("yellow", "gold") else (1.0, 0.50, 0.08)
    parts = [
        m.ellipsoid((0.31, 0.31, 0.31), (0, 0, 0), sun, 0, 1.0, rings=8, sectors=14),
    ]
    for radius in _PATHS:
        parts.append(_path(radius, 0.075, colour))
    for k, size in enumerate(_SIZES):
        own = k == _LARGEST
        if own:
            paint = colour
        else:
            paint = mix(_WORLDS[k], (1.0, 1.0, 1.0), chance.uniform(0.0, 0.2))
        size *= chance.uniform(0.92, 1.10)
        ball = m.ellipsoid((size,) * 3, (0, 0, 0), paint, 1 + k, rings=6, sectors=10)
        if own:  # its ring leans, so that it never hides in the paths' plane
            ring = m.recolour(_path(1.75 * size, 0.62 * size, colour), shade(colour, 0.8), 0.2)
            ring.bone_V[:] = 1 + k
            ball = m.merge(ball, m.transform(ring, m.matrix(roll_deg=22.0, pitch_deg=14.0)))
        parts.append(ball)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    turning = action == "turn"
    bob = 0.0 if turning else 0.02 * wave(t_s / 2.6 + start)
    rock = 0.0 if turning else 1.2 * wave(t_s / 3.2 + start)
    a, tilt = math.radians(_TOWARDS), math.radians(_TILT + rock)
    # The disc leans about the level axis across the side that is lowered.
    x, z = -math.sin(a), math.cos(a)
    c, s = math.cos(-tilt), math.sin(-tilt)
    lean = np.array([
        [c + x * x * (1 - c), -z * s, x * z * (1 - c)],
        [z * s, c, -x * s],
        [x * z * (1 - c), x * s, c + z * z * (1 - c)],
    ])  # fmt: skip
    bones = np.tile(np.eye(4), (1 + len(_PATHS), 1, 1))
    bones[0, :3, :3] = lean
    bones[:, :3, 3] = (0.0, _MIDDLE + bob, 0.0)
    for k, radius in enumerate(_PATHS):
        around = math.tau * (start + 0.382 * k + (t_s / _TURN_S[k] if turning else 0.0))
        at = np.array([radius * math.cos(around), 0.0, -radius * math.sin(around)])
        bones[1 + k, :3, 3] += lean @ at
    return Pose(bones.astype(np.float32))


ASSET = Asset(
    kind="solar system",
    plural="solar systems",
    synonyms=("planet", "orrery", "planetarium", "star system", "planetary system", "saturn",
              "jupiter", "galaxy model", "sun and planets", "exoplanet", "ringed planet"),
    actions={"float": ("floats", "floating"), "turn": ("turns", "turning")},
    action_synonyms={
        "float": ("hovers", "hangs", "stands", "rests", "waits", "stays", "drifts", "bobs"),
        "turn": ("revolves", "orbits", "rotates", "spins", "circles", "moves", "swirls", "goes",
                 "goes around", "works", "runs"),
    },
    natural_colours=("blue", "purple", "cyan", "gold", "white"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"float": 0.0, "turn": 0.0},
    near="spaceship",
    homes=("space", "classroom", "studio", "library"),
)  # fmt: skip
