"""A car: a low smooth body, arches over its wheels, a glass cabin, lamps that light to drive."""

from __future__ import annotations

import math
from dataclasses import dataclass

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, mix
from yozora.world.assets.bodywork import BODY, FRONT, LAMPS, REAR

_LENGTH, _HEIGHT = 3.9, 1.46
_WHEEL, _AXLE = 0.39, 1.20
_RIG = w.axle_rig(_AXLE, -_AXLE, _WHEEL, 0.5, (1.7, 0.62, 0.0))
_DRIVE_M_S = 0.85 * _LENGTH
_SPIN_DEG_S = math.degrees(_DRIVE_M_S / _WHEEL)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A body seen from the side."""

    top: w.Curve  # the highest line, from the tail to the nose
    roof: tuple[float, float]  # where the roof begins and ends
    foot: tuple[float, float]  # where the rear window and the windscreen meet the body
    pillar: float  # between the side windows


_SHAPES = (
    _Shape(((-1.95, 0.72), (-1.86, 0.93), (-1.30, 0.98), (-0.66, 1.41), (-0.15, 1.46), (0.30, 1.40),
            (0.98, 0.97), (1.72, 0.80), (1.95, 0.60)), (-0.66, 0.30), (-1.30, 0.98), -0.16),
    _Shape(((-1.95, 0.80), (-1.90, 1.00), (-1.84, 1.05), (-1.50, 1.48), (-0.60, 1.56), (0.38, 1.48),
            (1.00, 1.02), (1.76, 0.90), (1.95, 0.66)), (-1.50, 0.38), (-1.84, 1.00), -0.30),
    _Shape(((-1.95, 0.74), (-1.88, 0.93), (-1.55, 0.96), (-0.55, 1.27), (-0.20, 1.30), (0.08, 1.25),
            (0.88, 0.88), (1.70, 0.70), (1.95, 0.50)), (-0.55, 0.08), (-1.55, 0.88), -0.24),
)  # fmt: skip


def _body(shape: _Shape, colour: m.RGB) -> m.Mesh:
    """The painted skin with its windows."""
    glass, (rear, front), (tail, nose) = w.glass_on(colour), shape.roof, shape.foot
    sill = [(-1.95, 0.36), *w.arched(0.20, [(-_AXLE, _WHEEL, 0.47), (_AXLE, _WHEEL, 0.47)]),
            (1.95, 0.34)]  # fmt: skip
    low = (shape is _SHAPES[2]) * 0.06
    belt = [(-1.95, 0.62), (-1.86, 0.84), (-1.30, 0.90 - low), (0.98, 0.86 - low), (1.72, 0.70),
            (1.95, 0.46)]  # fmt: skip
    wide = [(-1.95, 0.66), (-1.82, 0.82), (-1.2, 0.90), (1.2, 0.90), (1.74, 0.80), (1.95, 0.56)]
    edge_wide = [(-1.95, 0.56), (tail, 0.76), (rear, 0.62), (front, 0.62), (nose, 0.74),
                 (1.74, 0.66), (1.95, 0.44)]  # fmt: skip
    xs = [x for x, _ in (*sill, *belt, *shape.top)] + [
        tail + 0.16, shape.pillar - 0.05, shape.pillar + 0.05, nose - 0.16, 1.86]  # fmt: skip
    rows = (
        (sill, [(x, 0.95 * z) for x, z in wide]),
        ([(-1.95, 0.50), (-1.5, 0.58), (1.5, 0.56), (1.95, 0.40)], wide),
        (belt, [(x, 0.94 * z) for x, z in wide]),
        ([(x, y - 0.07) for x, y in shape.top], edge_wide),
        (shape.top, [(x, 0.84 * z) for x, z in edge_wide]),
    )
    skin = w.stations(xs, rows)
    skin[:, 1, 1] = skin[:, [0, 1], 1].max(axis=1) * 0.98 + 0.02  # above the arches
    skin[:, 3, 1] = skin[:, [2, 3], 1].max(axis=1)  # where there is no cabin, no window

    def paint(x: float, row: int) -> m.RGB:
        if row == 2 and tail + 0.16 < x < nose - 0.16 and abs(x - shape.pillar) > 0.05:
            return glass
        if row == 4 and (tail < x < rear or front < x < nose):
            return glass
        return colour

    return w.hull(skin, paint, front=[colour] * 4, back=[colour] * 4, crease_deg=34.0)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("car"), look.rgb
    kind = chance.randrange(3)
    shape = _SHAPES[kind]
    dark, nose, tail = w.trim_on(colour), 1.95, -1.95
    parts = [
        _body(shape, colour),
        m.box((3.5, 0.42, 1.46), (0, 0.43, 0), (0.03, 0.03, 0.034), BODY),
        m.box((0.10, 0.13, 0.98), (nose - 0.03, 0.44, 0), dark, BODY, top=(0.6, 1.0)),
        m.box((0.12, 0.10, 1.16), (nose - 0.10, 0.28, 0), dark, BODY),
        m.box((0.12, 0.10, 1.36), (tail + 0.08, 0.30, 0), dark, BODY),
    ]
    lamp_y = 0.60 if kind != 2 else 0.54
    for side in (-1, 1):
        parts += [
            m.ellipsoid((0.13, 0.11, 0.18), (nose - 0.14, lamp_y, 0.56 * side), (0.9, 0.9, 0.85),
                        BODY, rings=4),
            m.ellipsoid((0.16, 0.13, 0.21), (nose - 0.13, lamp_y, 0.56 * side), w.LIGHT, LAMPS,
                        glow=1.0, rings=4),
            m.box((0.10, 0.21, 0.46), (tail + 0.06, 0.70, 0.48 * side), dark, BODY),
            m.box((0.14, 0.13, 0.38), (tail + 0.05, 0.70, 0.48 * side), w.TAIL, BODY, glow=0.5),
            m.ellipsoid((0.10, 0.08, 0.10), (shape.foot[1] - 0.22, 0.95, 0.90 * side), colour, BODY,
                        rings=4, sectors=6),
            m.box((0.20, 0.035, 0.03), (shape.pillar - 0.12, 0.76, 0.885 * side), dark, BODY),
        ]  # fmt: skip
        for x, bone in ((_AXLE, FRONT), (-_AXLE, REAR)):
            parts.append(w.wheel((x, _WHEEL, 0.86 * side), _WHEEL, bone))
    extra = chance.random()
    if kind == 1 and extra < 0.35:
        sign = mix(colour, (1.0, 1.0, 0.9), 0.8)
        parts.append(m.box((0.24, 0.16, 0.5), (-0.5, 1.63, 0), sign, BODY, glow=0.4))
    elif kind == 2:
        parts.append(m.box((0.3, 0.05, 1.5), (tail + 0.14, 1.10, 0), colour, BODY))
        for side in (-1, 1):
            parts.append(m.box((0.12, 0.16, 0.06), (tail + 0.18, 1.00, 0.5 * side), dark, BODY))
    elif extra > 0.6:  # a stripe over bonnet and roof
        stripe = w.second_on(colour)
        parts.append(m.box((0.9, 0.03, 0.34), (-0.16, 1.445, 0), stripe, BODY))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return w.roll_along(_RIG, action, t_s, look.seed, _SPIN_DEG_S)


ASSET = Asset(
    kind="car",
    plural="cars",
    synonyms=("automobile", "vehicle", "taxi", "cab", "sedan", "suv", "jeep", "convertible",
              "sports car", "racecar", "race car", "limousine", "hatchback", "station wagon",
              "coupe", "roadster", "police car", "motorcar", "supercar", "electric car"),
    actions={
        "stand": ("stands", "standing"),
        "drive": ("drives", "driving"),
        "spin": ("spins", "spinning"),
    },
    action_synonyms={
        "stand": ("waits", "stops", "idles", "rests", "sits", "stays", "stand still", "park"),
        "drive": ("rolls", "cruises", "races", "speeds", "goes", "moves", "runs", "travels",
                  "drifts", "rushes", "accelerates", "zooms", "rides", "passes", "drive by",
                  "drive off"),
        "spin": ("turns", "rotates", "revolves", "turn around", "pivots"),
    },
    natural_colours=("red", "blue", "white", "black", "grey", "silver"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "drive": _DRIVE_M_S, "spin": 0.0},
    near="car",
    homes=("road", "street", "future city", "studio"),
)  # fmt: skip
