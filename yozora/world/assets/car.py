"""A car: a painted body, dark windows, four wheels with bright hubs, lamps that light to drive."""

from __future__ import annotations

import math

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 3.6, 1.75
BASE, BODY, FRONT, REAR, LAMPS = range(5)
_WHEEL, _AXLE = 0.42, 1.08
_RIG = Rig(
    (-1, BASE, BASE, BASE, BODY),
    ((0, 0, 0), (0, 0.6, 0), (_AXLE, _WHEEL, 0), (-_AXLE, _WHEEL, 0), (0.9, 0.75, 0)),
)
_DRIVE_M_S = 1.15 * _LENGTH

# The cabin seen from the side: (x, y) of its foot and roof, rear then front.
_SHAPES: tuple[tuple[tuple[float, float], ...], ...] = (
    ((-1.25, 1.02), (0.95, 1.02), (0.42, 1.66), (-0.80, 1.66)),  # saloon
    ((-1.66, 1.02), (0.98, 1.02), (0.52, 1.72), (-1.50, 1.72)),  # estate, taxi, van
    ((-1.45, 1.00), (0.70, 1.00), (0.12, 1.50), (-0.62, 1.50)),  # sports car
)


def _cabin(shape: tuple[tuple[float, float], ...], colour: m.RGB) -> list[m.Mesh]:
    (x0, y0), (x1, _), (x2, y2), (x3, _) = shape
    glass, low, high = (0.05, 0.08, 0.12), 1.44, 1.12
    middle = 0.5 * (x0 + x1)
    upper = 0.5 * (x2 + x3)
    parts = [
        m.box((x1 - x0, y2 - y0, low), (middle, 0.5 * (y0 + y2), 0), glass, BODY,
              top=((x2 - x3) / (x1 - x0), high / low), top_shift=upper - middle),
        m.box((x2 - x3 + 0.16, 0.13, high + 0.1), (upper, y2 + 0.03, 0), colour, BODY,
              top=(0.86, 0.9)),
    ]  # fmt: skip
    for side in (-1, 1):  # pillars
        z0, z1 = side * low * 0.5, side * high * 0.5
        pillars = (((x0, x3), 0.075), ((x1, x2), 0.055), ((middle - 0.08, upper - 0.06), 0.075))
        for (a, b), thick in pillars:
            parts.append(m.capsule((a, y0, z0), (b, y2, z1), thick, thick, colour, BODY, sectors=5))
        parts.append(m.box((0.10, 0.14, 0.16), (x1 - 0.12, y0 + 0.14, 1.16 * z0), colour, BODY))
    return parts


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("car"), look.rgb
    kind = chance.randrange(3)
    shape = _SHAPES[kind]
    bonnet = 0.96 if kind != 2 else 0.90
    dark = (0.03, 0.03, 0.035) if look.colour != "black" else (0.22, 0.22, 0.24)
    chrome = (0.75, 0.76, 0.78)
    nose, tail = (1.80, -1.80)
    outline = [(tail + 0.05, 0.34), (nose - 0.06, 0.34), (nose, 0.62), (nose - 0.16, bonnet - 0.06),
               (0.95, 1.05), (-1.3, 1.06), (tail + 0.04, 1.0), (tail, 0.66)]  # fmt: skip
    parts = [
        m.slab(outline, 1.62, (0, 0, 0), colour, BODY, rim=0.97),
        m.box((3.4, 0.16, 1.5), (0, 0.33, 0), dark, BODY),
        *_cabin(shape, colour),
        m.box((0.14, 0.18, 1.56), (nose - 0.02, 0.44, 0), chrome, BODY),
        m.box((0.14, 0.18, 1.56), (tail + 0.02, 0.44, 0), chrome, BODY),
        m.box((0.06, 0.16, 0.75), (nose - 0.02, 0.64, 0), dark, BODY),
        m.box((0.5, 0.05, 0.04), (-0.15, 0.88, 0.805), shade(colour, 0.45), BODY),
    ]  # fmt: skip
    for side in (-1, 1):
        parts += [
            m.cylinder((nose - 0.08, 0.70, 0.58 * side), (nose + 0.03, 0.70, 0.58 * side), 0.17,
                       (0.95, 0.93, 0.8), BODY, sectors=8),
            m.ellipsoid((0.09, 0.19, 0.19), (nose + 0.03, 0.70, 0.58 * side), (1.0, 0.95, 0.6),
                        LAMPS, glow=1.0, rings=4),
            m.box((0.08, 0.18, 0.30), (tail + 0.0, 0.76, 0.58 * side), (0.75, 0.03, 0.03), BODY,
                  glow=0.3),
            m.box((0.06, 0.22, 0.34), (tail - 0.03, 0.76, 0.58 * side), (1.0, 0.08, 0.05), LAMPS,
                  glow=1.0),
        ]  # fmt: skip
        for x, bone in ((_AXLE, FRONT), (-_AXLE, REAR)):
            z = 0.70 * side
            face = z + 0.15 * side
            parts += [
                m.cylinder((x, _WHEEL, z - 0.17 * side), (x, _WHEEL, face), _WHEEL,
                           (0.025, 0.025, 0.028), bone, sectors=14),
                m.cylinder((x, _WHEEL, face - 0.02 * side), (x, _WHEEL, face + 0.015 * side), 0.25,
                           chrome, bone, sectors=10),
                m.box((0.60, 0.10, 0.05), (x, _WHEEL, face), chrome, bone),
                m.box((0.10, 0.52, 0.07), (x, _WHEEL, face), (0.12, 0.12, 0.13), bone),
            ]  # fmt: skip
    extra = chance.random()
    if kind == 1 and extra < 0.35:
        sign = mix(colour, (1.0, 1.0, 0.9), 0.8)
        parts.append(m.box((0.24, 0.16, 0.5), (-0.4, 1.9, 0), sign, BODY, glow=0.4))
    elif kind == 2:
        parts.append(m.box((0.3, 0.05, 1.5), (tail + 0.12, 1.24, 0), colour, BODY))
        for side in (-1, 1):
            parts.append(m.box((0.12, 0.2, 0.06), (tail + 0.16, 1.12, 0.5 * side), dark, BODY))
    elif extra > 0.5:
        parts.append(m.box((3.2, 0.05, 1.64), (0, 0.56, 0), mix(colour, chrome, 0.7), BODY))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action != "drive":
        return pose_of(_RIG, {FRONT: (0, 40.0 * start, 0), REAR: (0, 40.0 * start, 0)},
                       scales={LAMPS: 0.05})  # fmt: skip
    spin = -math.degrees(_DRIVE_M_S * t_s / _WHEEL) - 360.0 * start
    u = t_s / 0.62 + start
    turns: dict[int, Turn] = {
        FRONT: (0.0, spin, 0.0),
        REAR: (0.0, spin, 0.0),
        BODY: (0.0, 1.6 + 1.5 * wave(u), 1.3 * wave(0.5 * u)),
    }
    shaken = pose_of(_RIG, turns)
    shaken.bones_B44[[BODY, LAMPS], 1, 3] += 0.03 + 0.03 * wave(u + 0.3)
    return shaken


ASSET = Asset(
    kind="car",
    plural="cars",
    synonyms=("automobile", "vehicle", "taxi", "cab", "sedan", "truck", "van", "bus", "suv", "jeep",
              "convertible", "sports car", "racecar", "race car", "limousine", "hatchback",
              "wagon", "station wagon", "pickup", "lorry", "coupe", "roadster", "ambulance",
              "police car", "motorcar", "minivan"),
    actions={"stand": ("stands", "standing"), "drive": ("drives", "driving")},
    action_synonyms={
        "stand": ("waits", "stops", "idles", "rests", "sits", "stays", "stand still", "park"),
        "drive": ("rolls", "cruises", "races", "speeds", "goes", "moves", "runs", "travels",
                  "drifts", "rushes", "accelerates", "zooms", "rides", "passes", "drive by",
                  "drive off"),
    },
    natural_colours=("red", "blue", "white", "black", "grey"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "drive": _DRIVE_M_S},
)  # fmt: skip
