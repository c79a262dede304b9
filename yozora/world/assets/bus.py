"""A bus: a long tall body, a row of big windows, sometimes two of them one over the other."""

from __future__ import annotations

import math

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose
from yozora.world.assets.bodywork import BODY, FRONT, LAMPS, REAR

_LENGTH, _HEIGHT = 7.0, 3.5
_WHEEL, _FRONT_X, _REAR_X = 0.50, 2.05, -1.95
_RIG = w.axle_rig(_FRONT_X, _REAR_X, _WHEEL, 0.8, (3.4, 0.8, 0.0))
_DRIVE_M_S = 0.5 * _LENGTH
_SPIN_DEG_S = math.degrees(_DRIVE_M_S / _WHEEL)
_HALF = 1.22  # metres, of the width

# Heights of the panels' edges from the sill to the roof, and which rows are windows.
_SINGLE = ((0.32, 0.92, 1.30, 2.36, 2.74, 2.98), (2,))
_DOUBLE = ((0.32, 0.86, 1.16, 2.00, 2.40, 3.34, 3.70, 3.94), (2, 4))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("bus"), look.rgb
    heights, windows = _DOUBLE if chance.random() < 0.45 else _SINGLE
    glass, dark, second = w.glass_on(colour), w.trim_on(colour), w.second_on(colour)
    stripe = len(heights) - 3 if chance.random() < 0.4 else 1 if chance.random() < 0.6 else -1
    count = chance.choice((4, 5))
    end = 0.5 * _LENGTH

    sill = [(-end, 0.40), *w.arched(0.32, [(_REAR_X, _WHEEL, 0.60), (_FRONT_X, _WHEEL, 0.60)]),
            (end, 0.40)]  # fmt: skip
    flank = [(-end, 0.86), (-end + 0.06, 0.98), (-end + 0.26, 1.0), (end - 0.30, 1.0),
             (end - 0.08, 0.95), (end, 0.80)]  # fmt: skip
    first, last = -end + 0.30, end - 1.25
    pitch, post = (last - first) / count, 0.11
    door = (last + 0.05, end - 0.42)
    edges = [first + pitch * i + s * post for i in range(count + 1) for s in (-1, 1)]
    xs = [x for x, _ in (*sill, *flank)] + edges + [*door]
    rows = []
    for level, y in enumerate(heights):
        narrow = {len(heights) - 2: 0.965, len(heights) - 1: 0.80}.get(level, 1.0)
        curve = sill if level == 0 else [(-end, y), (end, y)]
        rows.append((curve, [(x, _HALF * narrow * z) for x, z in flank]))
    top = heights[-1]
    skin = w.stations(xs, rows, [(0.9, 0.0), (top, 0.0)])
    skin[-1, :, 0] -= [0.16 * max(0.0, y - 1.2) / (top - 1.2) for y in heights]  # raked front
    skin[-1, 0, 1], skin[0, 0, 1] = 0.40, 0.40
    skin[:, 1, 1] = skin[:, [0, 1], 1].max(axis=1) + 0.01

    def paint(x: float, row: int) -> m.RGB:
        pane = (x - first) % pitch
        if row in windows and first < x < last and post < pane < pitch - post:
            return glass
        if door[0] < x < door[1] and (row in windows or 1 <= row < windows[0]):
            return glass
        return second if row == stripe else colour

    face = [glass if row in windows else second if row == stripe else colour
            for row in range(len(heights) - 1)]  # fmt: skip
    sign_y = 0.5 * (heights[windows[0] + 1] + heights[windows[0] + 2])
    parts = [
        w.hull(skin, paint, front=face, back=face, crease_deg=34.0),
        m.box((_LENGTH - 0.3, 0.6, 2.0 * _HALF - 0.34), (0, 0.62, 0), (0.03, 0.03, 0.034), BODY),
        m.box((0.16, 0.20, 2.0), (end - 0.06, 0.46, 0), dark, BODY),
        m.box((0.16, 0.20, 2.0), (-end + 0.06, 0.46, 0), dark, BODY),
        m.box((0.14, 0.24, 1.35), (end - 0.06, sign_y, 0), (0.03, 0.03, 0.03), BODY),
        m.box((0.16, 0.12, 1.05), (end - 0.05, sign_y, 0), (1.0, 0.66, 0.10), BODY, glow=0.8),
    ]
    for side in (-1, 1):
        parts += [
            m.ellipsoid((0.08, 0.16, 0.20), (end - 0.02, 0.78, 0.72 * side), (0.92, 0.92, 0.88),
                        BODY, rings=4),
            m.ellipsoid((0.10, 0.19, 0.23), (end - 0.01, 0.78, 0.72 * side), w.LIGHT, LAMPS,
                        glow=1.0, rings=4),
            m.box((0.08, 0.28, 0.22), (-end + 0.0, 0.80, 0.80 * side), w.TAIL, BODY, glow=0.5),
            m.box((0.10, 0.36, 0.14), (end + 0.08, 1.75, 1.20 * side), dark, BODY),
        ]  # fmt: skip
        for x, bone in ((_FRONT_X, FRONT), (_REAR_X, REAR)):
            parts.append(w.wheel((x, _WHEEL, 1.19 * side), _WHEEL, bone, width=0.30))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return w.roll_along(_RIG, action, t_s, look.seed, _SPIN_DEG_S, sway=0.8)


ASSET = Asset(
    kind="bus",
    plural="buses",
    synonyms=("coach", "school bus", "double-decker", "double-decker bus", "double decker",
              "city bus", "omnibus", "minibus", "shuttle bus", "tour bus", "trolleybus",
              "autobus", "school coach", "motor coach"),
    actions={
        "stand": ("stands", "standing"),
        "drive": ("drives", "driving"),
        "turn": ("turns", "turning"),
    },
    action_synonyms={
        "stand": ("waits", "stops", "idles", "rests", "stays", "stand still", "park"),
        "drive": ("rolls", "cruises", "goes", "moves", "runs", "travels", "rushes", "speeds",
                  "rides", "passes", "drive by", "drive off", "races", "departs", "arrives"),
        "turn": ("curves", "winds", "swerves", "steers", "turn around", "turn a corner", "swings"),
    },
    natural_colours=("red", "yellow", "blue", "white", "green"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "drive": _DRIVE_M_S, "turn": 0.45 * _DRIVE_M_S},
    near="car",
    homes=("road", "street", "future city", "building"),
)  # fmt: skip
