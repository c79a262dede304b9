"""A solar system: a shining sun and five planets on their paths, the largest with a ring."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import wave

_HEIGHT, _LENGTH = 1.12, 2.75
_MIDDLE = 0.98  # height of the sun: the lowest planet stays well above the ground
_TILT = 22.0  # of the paths: the disc is lowered ahead, which is shown to the viewer
_PATHS = (0.45, 0.63, 0.84, 1.08, 1.33)  # radii in metres
_TURN_S = (2.8, 4.0, 5.8, 8.0, 11.0)  # seconds around the sun
_FLOAT_SHARE = 0.4  # of that speed, where the whole floats
_SIZES = (0.075, 0.11, 0.145, 0.22, 0.125)
_START = (0.0, 0.40, 0.76, 0.16, 0.58)  # turns: they never stand in a row
_LARGEST = 3
_WORLDS: tuple[m.RGB, ...] = (  # each planet but the largest takes the next that differs from it
    (0.86, 0.80, 0.72), (0.90, 0.34, 0.16), (0.16, 0.52, 0.92), (0.30, 0.80, 0.66),
    (0.93, 0.62, 0.78),
)  # fmt: skip


def _path(radius: float, wide: float, colour: m.RGB) -> m.Mesh:
    """A flat ring, seen from above and from below."""
    turn = np.arange(31) * math.tau / 30
    way = np.stack([np.cos(turn), 0.0 * turn, -np.sin(turn)], 1)
    inner, outer = (radius - wide / 2) * way, (radius + wide / 2) * way
    a, b, c, d = outer[:-1], outer[1:], inner[1:], inner[:-1]
    top = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return m.merge(m.flat(top, colour, glow=0.35), m.flat(top[:, ::-1], colour, glow=0.35))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("solar system"), look.rgb
    sun: m.RGB = (1.0, 0.74, 0.12) if look.colour not in ("yellow", "gold") else (1.0, 0.50, 0.08)
    parts = [
        m.ellipsoid((0.29, 0.29, 0.29), (0, 0, 0), sun, 0, 1.0, rings=8, sectors=14),
    ]
    for radius in _PATHS:
        parts.append(_path(radius, 0.036, colour))
    others = sorted(_WORLDS, key=lambda world: math.dist(world, colour))[1:]  # the nearest is out
    others.sort(key=_WORLDS.index)
    for k, size in enumerate(_SIZES):
        own = k == _LARGEST
        size *= chance.uniform(0.94, 1.08)
        tint = chance.uniform(0.0, 0.15)
        paint = colour if own else mix(others.pop(0), (1.0, 1.0, 1.0), tint)
        fine = (8, 12) if own else (5, 9)
        ball = m.ellipsoid((size,) * 3, (0, 0, 0), paint, 1 + k, 0.0, *fine)
        if own:  # bands, and a ring that leans, so that it never hides in the paths' plane
            band = np.round(4.0 * ball.position_V3[:, 1] / size).astype(int) % 2 == 1
            ball.colour_V3[band] = mix(colour, (1.0, 0.97, 0.90), 0.22)
            ring = m.recolour(_path(1.68 * size, 0.42 * size, colour), shade(colour, 0.85), 0.25)
            ring.bone_V[:] = 1 + k
            ball = m.merge(ball, m.transform(ring, m.matrix(roll_deg=9.0, pitch_deg=-33.0)))
        parts.append(ball)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    turning = action == "turn"
    bob = 0.0 if turning else 0.02 * wave(t_s / 2.6 + start)
    rock = 0.0 if turning else 1.2 * wave(t_s / 3.2 + start)
    tilt = math.radians(_TILT + rock)
    c, s = math.cos(tilt), math.sin(tilt)
    lean = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    bones = np.tile(np.eye(4), (1 + len(_PATHS), 1, 1))
    bones[0, :3, :3] = lean
    bones[:, :3, 3] = (0.0, _MIDDLE + bob, 0.0)
    for k, radius in enumerate(_PATHS):
        rate = (1.0 if turning else _FLOAT_SHARE) / _TURN_S[k]
        around = math.tau * (start + _START[k] + rate * t_s)
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
    shown_deg=-48.0,
)  # fmt: skip
