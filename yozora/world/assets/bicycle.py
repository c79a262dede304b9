"""A bicycle with its rider: thick painted tubes, two big wheels, legs that turn the pedals."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 1.86, 1.82
ROOT, FRAME, FRONT, REAR, CRANK, PEDAL_R, PEDAL_L, CHEST, HEAD = range(9)
LEG_R, LEG_L, SHIN_R, SHIN_L, FOOT_R, FOOT_L = range(9, 15)
_WHEEL, _FRONT_X, _REAR_X = 0.37, 0.56, -0.56
_CENTRE, _ARM = (-0.06, 0.36), 0.175  # the crank's axle, its length
_HIP, _HIP_OUT, _FOOT_OUT = (-0.22, 1.03), 0.09, 0.13
_THIGH, _SHIN = 0.46, 0.45
_SEAT_Y = _HIP[1] - 0.10
_RIDE_M_S = 1.15 * _LENGTH
_SKINS: tuple[m.RGB, ...] = (
    (0.90, 0.66, 0.54), (0.80, 0.52, 0.37), (0.52, 0.29, 0.16), (0.26, 0.13, 0.07),
)  # fmt: skip
_KNEE_Y, _ANKLE_Y = _HIP[1] - _THIGH, _HIP[1] - _THIGH - _SHIN
_RIG = Rig(
    (-1, ROOT, FRAME, FRAME, FRAME, CRANK, CRANK, FRAME, CHEST,
     FRAME, FRAME, LEG_R, LEG_L, SHIN_R, SHIN_L),
    ((0, 0, 0), (0, 0, 0), (_FRONT_X, _WHEEL, 0), (_REAR_X, _WHEEL, 0), (*_CENTRE, 0),
     (_CENTRE[0] + _ARM, _CENTRE[1], _FOOT_OUT), (_CENTRE[0] - _ARM, _CENTRE[1], -_FOOT_OUT),
     (_HIP[0], _HIP[1], 0), (0.20, 1.48, 0),
     (*_HIP, _HIP_OUT), (*_HIP, -_HIP_OUT), (_HIP[0], _KNEE_Y, _HIP_OUT),
     (_HIP[0], _KNEE_Y, -_HIP_OUT), (_HIP[0], _ANKLE_Y, _HIP_OUT),
     (_HIP[0], _ANKLE_Y, -_HIP_OUT)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rider:
    """What the seed decides."""

    skin: m.RGB
    girth: float
    helmet: bool
    basket: bool


@lru_cache(maxsize=256)
def _rider(seed: int) -> _Rider:
    chance = random.Random(f"bicycle:{seed}")
    return _Rider(chance.choice(_SKINS), chance.uniform(0.92, 1.1), chance.random() < 0.75,
                  chance.random() < 0.35)  # fmt: skip


def _wheel(x: float, colour: m.RGB, bone: int) -> list[m.Mesh]:
    """An open ring with three broad spokes."""
    tyre, rim = _WHEEL, _WHEEL - 0.055
    bright = (0.86, 0.87, 0.89)
    at = (x, _WHEEL, 0.0)
    parts = [
        w.revolved([(-0.032, rim), (-0.02, tyre), (0.02, tyre), (0.032, rim)], at, w.TYRE, bone,
                   14, crease_deg=60.0),
        w.revolved([(0.032, rim), (0.0, rim - 0.055), (-0.032, rim)], at, colour, bone, 14),
        m.cylinder((x, _WHEEL, -0.05), (x, _WHEEL, 0.05), 0.05, bright, bone, sectors=5),
    ]  # fmt: skip
    long, half = rim - 0.03, 0.03
    for k in range(3):
        near = m.quad((0, -half, 0.012), (long, -half, 0.012), (long, half, 0.012),
                      (0, half, 0.012), bright, bone)  # fmt: skip
        spoke = m.merge(near, m.mirrored(near))
        parts.append(m.transform(spoke, m.matrix(at, pitch_deg=120.0 * k + 28.0)))
    return parts


def _frame(colour: m.RGB, basket: bool) -> list[m.Mesh]:
    dark, thick = (0.05, 0.05, 0.055), 0.042
    seat, head, low = (-0.20, _SEAT_Y - 0.10), (0.36, 0.86), (0.40, 0.70)
    rods = [
        (_CENTRE, seat), (seat, head), (_CENTRE, low), (seat, (_REAR_X, _WHEEL)),
        (_CENTRE, (_REAR_X, _WHEEL)), ((0.34, 0.98), (0.42, 0.64)), ((0.42, 0.64),
        (_FRONT_X, _WHEEL)),
    ]  # fmt: skip
    parts = [m.cylinder((*a, 0), (*b, 0), thick, colour, FRAME, sectors=6) for a, b in rods]
    parts += [
        m.box((0.30, 0.08, 0.15), (-0.22, _SEAT_Y - 0.02, 0), dark, FRAME, top=(0.9, 0.8)),
        m.cylinder((*seat, 0), (-0.215, _SEAT_Y, 0), 0.028, w.CHROME, FRAME, sectors=5),
        m.cylinder((0.45, 1.06, -0.24), (0.45, 1.06, 0.24), 0.028, dark, FRAME, sectors=6),
        m.cylinder((0.33, 0.96, 0), (0.46, 1.07, 0), 0.03, dark, FRAME, sectors=5),
        m.cylinder((*_CENTRE, -0.05), (*_CENTRE, 0.07), 0.09, w.CHROME, CRANK, sectors=9),
    ]  # fmt: skip
    for side, bone in ((1, PEDAL_R), (-1, PEDAL_L)):
        x, z = _CENTRE[0] + _ARM * side, 0.075 * side
        parts += [
            m.cylinder((*_CENTRE, z), (x, _CENTRE[1], z), 0.024, w.CHROME, CRANK, sectors=5),
            m.box((0.11, 0.03, 0.09), (x, _CENTRE[1], _FOOT_OUT * side), dark, bone),
        ]  # fmt: skip
    if basket:
        parts.append(m.box((0.24, 0.20, 0.32), (0.66, 0.98, 0), (0.55, 0.36, 0.16), FRAME,
                           top=(1.2, 1.1)))  # fmt: skip
    return parts


def build(look: Look) -> m.Mesh:
    colour, r = look.rgb, _rider(look.seed)
    g, skin, hair = r.girth, r.skin, (0.10, 0.06, 0.035)
    shoe = (0.93, 0.93, 0.92) if w.brightness(colour) < 0.5 else (0.08, 0.08, 0.09)
    # Trousers unlike the frame, so that legs are seen to pedal.
    trousers = (0.09, 0.11, 0.18) if w.brightness(colour) > 0.09 else (0.40, 0.42, 0.46)
    parts = [
        *_wheel(_FRONT_X, colour, FRONT), *_wheel(_REAR_X, colour, REAR),
        *_frame(colour, r.basket),
        m.tube([(-0.25, 0.97, 0), (-0.19, 1.10, 0), (-0.02, 1.30, 0), (0.12, 1.43, 0),
                (0.17, 1.48, 0)], [0.11, 0.125 * g, 0.125 * g, 0.11, 0.05], colour, CHEST,
               widths_P=[0.13, 0.15 * g, 0.17 * g, 0.185, 0.07]),
        m.capsule((0.14, 1.46, 0), (0.22, 1.54, 0), 0.052, 0.05, skin, CHEST, sectors=6),
        m.ellipsoid((0.125, 0.145, 0.118), (0.26, 1.625, 0), skin, HEAD, sectors=9),
    ]  # fmt: skip
    if r.helmet:
        parts.append(m.ellipsoid((0.165, 0.115, 0.138), (0.235, 1.705, 0), colour, HEAD, rings=5,
                                 sectors=9))  # fmt: skip
    else:
        parts.append(m.ellipsoid((0.135, 0.13, 0.128), (0.23, 1.665, 0), hair, HEAD, rings=5,
                                 sectors=9))  # fmt: skip
    for side, leg, shin, foot in ((1, LEG_R, SHIN_R, FOOT_R), (-1, LEG_L, SHIN_L, FOOT_L)):
        shoulder, elbow = (0.10, 1.42, 0.18 * side), (0.22, 1.18, 0.27 * side)
        grip = (0.43, 1.09, 0.22 * side)
        hip, knee = (*_HIP, _HIP_OUT * side), (_HIP[0], _KNEE_Y, _HIP_OUT * side)
        ankle = (_HIP[0], _ANKLE_Y, _HIP_OUT * side)
        parts += [
            m.box((0.03, 0.05, 0.035), (0.372, 1.64, 0.05 * side), (0.02, 0.02, 0.02), HEAD),
            m.capsule(shoulder, elbow, 0.068, 0.056, colour, CHEST, sectors=5),
            m.capsule(elbow, grip, 0.054, 0.044, colour, CHEST, sectors=5),
            m.ellipsoid((0.055, 0.05, 0.05), grip, skin, CHEST, rings=4, sectors=6),
            m.capsule(hip, knee, 0.098 * g, 0.068, trousers, leg),
            m.capsule(knee, ankle, 0.066, 0.048, trousers, shin),
            m.box((0.25, 0.085, 0.09), (_HIP[0] + 0.06, _ANKLE_Y - 0.055, _HIP_OUT * side), shoe,
                  foot, top=(0.7, 0.8), top_shift=-0.03),
        ]  # fmt: skip
    return m.merge(*parts)


def _leg(ankle_x: float, ankle_y: float) -> tuple[float, float]:
    """(hip, knee) in degrees for an ankle at a point of the frame's plane."""
    dx, dy = ankle_x - _HIP[0], _HIP[1] - ankle_y
    far = min(math.hypot(dx, dy), 0.995 * (_THIGH + _SHIN))
    hip = math.acos((_THIGH**2 + far**2 - _SHIN**2) / (2.0 * _THIGH * far))
    knee = math.acos((_THIGH**2 + _SHIN**2 - far**2) / (2.0 * _THIGH * _SHIN))
    return math.degrees(math.atan2(dx, dy) + hip), math.degrees(knee) - 180.0


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    moving = action == "ride"
    wheel = -math.degrees(_RIDE_M_S * t_s / _WHEEL) if moving else 0.0
    crank = -255.0 * t_s - 360.0 * start if moving else -70.0
    lean = 4.5 * wave(-crank / 360.0) if moving else 0.0
    turns: dict[int, Turn] = {
        FRONT: (0.0, wheel + 50.0 * start, 0.0),
        REAR: (0.0, wheel, 0.0),
        CRANK: (0.0, crank, 0.0),
        PEDAL_R: (0.0, -crank, 0.0),
        PEDAL_L: (0.0, -crank, 0.0),
        FRAME: (0.0, 0.0, lean),
        CHEST: (0.0, 2.0 * wave(-crank / 180.0) if moving else 7.0 + wave(t_s / 3.0),
                -1.3 * lean),
        HEAD: ((0.0 if moving else 14.0 * wave(t_s / 3.4 + start)), 0.0, -0.5 * lean),
    }  # fmt: skip
    for side, leg, shin, foot in ((1, LEG_R, SHIN_R, FOOT_R), (-1, LEG_L, SHIN_L, FOOT_L)):
        angle = math.radians(crank)
        x = _CENTRE[0] + side * _ARM * math.cos(angle) - 0.06
        y = _CENTRE[1] + side * _ARM * math.sin(angle) + 0.115
        out = -5.0 * side
        if not moving and side > 0:  # this foot stands on the ground
            x, y, out = _HIP[0] + 0.10, 0.10, -13.0
        hip, knee = _leg(x, y)
        turns[leg] = (0.0, hip, out)
        turns[shin] = (0.0, knee, 0.0)
        turns[foot] = (0.0, -(hip + knee) - (8.0 * math.sin(angle) * side if moving else 0.0), 0.0)
    return pose_of(_RIG, turns)


ASSET = Asset(
    kind="bicycle",
    plural="bicycles",
    synonyms=("bike", "cyclist", "bicyclist", "biker", "bicycle rider", "bike rider", "motorcycle",
              "motorbike", "scooter", "moped", "tricycle", "mountain bike", "racing bike",
              "road bike", "e-bike", "unicycle", "motorcyclist", "pushbike", "tandem", "cycle"),
    actions={"stand": ("stands", "standing"), "ride": ("rides", "riding")},
    action_synonyms={
        "stand": ("waits", "stops", "rests", "stays", "stand still", "park", "poses", "pauses"),
        "ride": ("rolls", "cycles", "pedals", "goes", "moves", "races", "speeds", "travels",
                 "cruises", "drives", "passes", "runs", "rushes", "ride by", "bikes", "coasts"),
    },
    natural_colours=("red", "blue", "yellow", "green", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "ride": _RIDE_M_S},
    near="man",
    homes=("park", "road", "street", "forest", "farm"),
)  # fmt: skip
