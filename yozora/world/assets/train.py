"""A train: a steam engine with its chimney, or a modern one with a long nose, and two carriages."""

from __future__ import annotations

import math
import random
from functools import lru_cache

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, smooth, wave

_LENGTH, _HEIGHT = 9.8, 2.9
ROOT, ENGINE, FIRST, SECOND, LEAD, DRIVE_A, DRIVE_B, ROD = range(8)
_TRUCKS = 8  # the first of the carriages' four axles
_PUFF = 12  # the first of the puffs of smoke
_PUFFS = 4
_RAIL, _GAUGE = 0.12, 0.66  # metres: height of the rails, half the way between them
_BIG, _SMALL = 0.50, 0.30  # radii of wheels
_CRANK = 0.26
_BIG_X, _LEAD_X = (2.25, 3.35), 4.25
_TRUCK_X = (-4.25, -2.55, -1.25, 0.45)
_CHIMNEY = (4.05, 2.55)
_RIG = Rig(
    (-1, *(ROOT,) * (_PUFF + _PUFFS - 1)),
    ((0, 0, 0), (3.0, 0.8, 0), (-0.4, 0.8, 0), (-3.4, 0.8, 0), (_LEAD_X, _RAIL + _SMALL, 0),
     *((x, _RAIL + _BIG, 0.0) for x in _BIG_X), (0, 0, 0),
     *((x, _RAIL + _SMALL, 0.0) for x in _TRUCK_X), *((*_CHIMNEY, 0.0),) * _PUFFS),
)  # fmt: skip
_DRIVE_M_S = 0.36 * _LENGTH


@lru_cache(maxsize=256)
def _is_steam(seed: int) -> bool:
    return random.Random(f"train:{seed}").random() < 0.6


def _small_wheel(x: float, side: int, bone: int) -> m.Mesh:
    """A wheel of few triangles with a bright bar across it."""
    at, z = (x, _RAIL + _SMALL), (_GAUGE + 0.08) * side
    disc = w.revolved([(-0.14, _SMALL), (0.0, _SMALL), (0.0, 0.0)], (0, 0, 0), w.TYRE, bone, 8)
    bar = m.quad((-0.24, -0.07, 0.01), (0.24, -0.07, 0.01), (0.24, 0.07, 0.01), (-0.24, 0.07, 0.01),
                 w.CHROME, bone)  # fmt: skip
    whole = m.merge(disc, bar)
    return m.moved(whole if side > 0 else m.mirrored(whole), *at, z)


def _carriage(x0: float, x1: float, colour: m.RGB, roof: m.RGB, bone: int, panes: int) -> m.Mesh:
    """A coach between two x: a row of windows under a round roof."""
    glass = w.glass_on(colour)
    heights = (0.62, 1.28, 1.92, 2.14, 2.36, 2.46)
    widths = (0.98, 1.0, 1.0, 0.98, 0.72, 0.30)
    first, pitch, post = x0 + 0.12, (x1 - x0 - 0.24) / panes, 0.13
    edges = [first + pitch * i + s * post for i in range(panes + 1) for s in (-1, 1)]
    xs = [x0, x0 + 0.05, x1 - 0.05, x1, *(x for x in edges if x0 + 0.05 < x < x1 - 0.05)]
    ends = [(x0, 0.92), (x0 + 0.05, 0.96), (x1 - 0.05, 0.96), (x1, 0.92)]
    rows = [([(x0, y), (x1, y)], [(x, wide * z) for x, z in ends])
            for y, wide in zip(heights, widths, strict=True)]  # fmt: skip

    def paint(x: float, row: int) -> m.RGB:
        if row == 1 and post < (x - first) % pitch < pitch - post and x0 + 0.2 < x < x1 - 0.2:
            return glass
        return roof if row >= 3 else colour

    end = [colour, colour, colour, roof, roof]
    return w.hull(w.stations(xs, rows), paint, bone, end, end, crease_deg=42.0)


def _steam(colour: m.RGB, second: m.RGB, dark: m.RGB) -> list[m.Mesh]:
    """A boiler with chimney and dome, a cab behind it, a cow-catcher before."""
    iron, brass, y = (0.09, 0.09, 0.10), (0.86, 0.62, 0.18), 1.46
    parts = [
        w.revolved([(2.3, 0.62), (4.25, 0.62)], (0, y, 0), colour, ENGINE, 12, axis="x"),
        w.revolved([(4.25, 0.66), (4.62, 0.66), (4.72, 0.56), (4.74, 0.0)], (0, y, 0), iron, ENGINE,
                   12, axis="x"),
        w.revolved([(4.70, 0.24), (4.80, 0.16), (4.80, 0.0)], (0, y, 0), brass, ENGINE, 8,
                   axis="x"),
        w.revolved([(3.62, 0.64), (3.78, 0.64)], (0, y, 0), brass, ENGINE, 12, axis="x"),
        w.revolved([(1.95, 0.20), (2.45, 0.17), (2.58, 0.32), (2.86, 0.34), (2.86, 0.0)],
                   (_CHIMNEY[0], 0, 0), iron, ENGINE, 9, axis="y"),
        w.revolved([(1.95, 0.27), (2.25, 0.26), (2.38, 0.15), (2.40, 0.0)], (3.15, 0, 0), brass,
                   ENGINE, 8, axis="y"),
        m.box((3.3, 0.14, 1.66), (3.1, 0.82, 0), second, ENGINE),
        m.box((2.9, 0.30, 0.9), (3.1, 0.62, 0), iron, ENGINE),
        m.slab([(4.60, 0.20), (5.12, 0.20), (4.74, 0.78), (4.60, 0.78)], 1.36, (0, 0, 0), colour,
               ENGINE),
        m.box((1.02, 0.62, 1.64), (1.98, 1.18, 0), colour, ENGINE),
        m.box((0.24, 0.80, 1.64), (1.59, 1.88, 0), colour, ENGINE),
        m.box((0.20, 0.80, 1.64), (2.39, 1.88, 0), colour, ENGINE),
        m.box((0.70, 0.80, 1.50), (2.00, 1.88, 0), w.glass_on(colour), ENGINE),
        m.box((1.34, 0.16, 1.90), (1.98, 2.34, 0), second, ENGINE, top=(0.86, 0.7)),
        m.ellipsoid((0.12, 0.16, 0.16), (4.74, 2.02, 0), w.LIGHT, ENGINE, glow=0.9, rings=4,
                    sectors=6),
    ]  # fmt: skip
    for side in (-1, 1):
        parts.append(m.box((_BIG_X[1] - _BIG_X[0] + 0.24, 0.12, 0.06),
                           (0.5 * sum(_BIG_X) + _CRANK, _RAIL + _BIG, 0.90 * side), w.CHROME,
                           ROD))  # fmt: skip
        for x, bone in zip(_BIG_X, (DRIVE_A, DRIVE_B), strict=True):
            parts.append(w.wheel((x, _RAIL + _BIG, 0.80 * side), _BIG, bone, width=0.18,
                                 metal=(0.80, 0.12, 0.09) if colour[0] < 0.6 else (0.9, 0.9, 0.88),
                                 spokes=4, sectors=10))  # fmt: skip
    for k in range(_PUFFS):
        grey = 0.86 + 0.03 * (k % 2)
        parts.append(m.ellipsoid((0.46, 0.40, 0.44), (*_CHIMNEY, 0.0), (grey, grey, grey),
                                 _PUFF + k, rings=4, sectors=6))  # fmt: skip
    return parts


def _modern(colour: m.RGB, second: m.RGB) -> list[m.Mesh]:
    """A power car whose nose slopes down to its lamps."""
    glass, x0 = w.glass_on(colour), 1.50
    xs = [x0, 1.55, 1.75, 2.3, 2.42, 2.95, 3.07, 3.5, 3.75, 4.0, 4.25, 4.5, 4.72, 4.86]
    fall = [(x0, 0.0), (3.3, 0.0), (3.9, 0.22), (4.4, 0.62), (4.72, 1.02), (4.86, 1.30)]
    wide = [(x0, 0.92), (1.55, 0.96), (3.5, 0.96), (4.25, 0.86), (4.72, 0.62), (4.86, 0.42)]
    levels = ((0.50, 0.92, 0.0), (0.95, 1.0, 0.05), (1.28, 1.0, 0.22), (1.92, 1.0, 0.66),
              (2.30, 0.80, 0.95), (2.46, 0.36, 1.0))  # fmt: skip
    rows = []
    for y, part, share in levels:
        rows.append(([(x, y - share * f) for x, f in fall], [(x, part * z) for x, z in wide]))

    def paint(x: float, row: int) -> m.RGB:
        if row == 2 and (1.75 < x < 2.3 or 2.42 < x < 2.95):
            return glass
        if 3.6 < x < 4.3 and row >= 3:
            return glass
        return second if row == 1 else colour

    face = [colour, second, colour, colour, colour]
    skin = w.stations(xs, rows)
    parts = [
        w.hull(skin, paint, ENGINE, face, face, crease_deg=44.0),
        m.box((2.9, 0.34, 1.2), (3.1, 0.50, 0), (0.06, 0.06, 0.07), ENGINE),
    ]
    for side in (-1, 1):
        parts.append(m.ellipsoid((0.12, 0.09, 0.16), (4.76, 0.98, 0.36 * side), w.LIGHT, ENGINE,
                                 glow=0.9, rings=4, sectors=6))  # fmt: skip
        for x, bone in zip(_BIG_X, (DRIVE_A, DRIVE_B), strict=True):
            parts.append(w.wheel((x, _RAIL + _BIG, 0.80 * side), _BIG, bone, width=0.18, spokes=4))
    return parts


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("train cars"), look.rgb
    steam, second, dark = _is_steam(look.seed), w.second_on(colour), w.trim_on(colour)
    roof = colour if not steam else second if chance.random() < 0.5 else dark
    panes = chance.choice((3, 4))
    parts = _steam(colour, second, dark) if steam else _modern(colour, second)
    for x0, x1, bone in ((-1.72, 1.22, FIRST), (-4.80, -1.98, SECOND)):
        parts.append(_carriage(x0, x1, colour, roof, bone, panes))
        parts.append(m.box((x1 - x0 + 0.3, 0.20, 0.9), (0.5 * (x0 + x1), 0.58, 0),
                           (0.06, 0.06, 0.07), bone))  # fmt: skip
    for side in (-1, 1):
        parts.append(m.box((10.0, _RAIL, 0.10), (0, 0.5 * _RAIL, _GAUGE * side),
                           (0.30, 0.29, 0.30), ROOT))  # fmt: skip
        parts.append(_small_wheel(_LEAD_X, side, LEAD))
        parts += [_small_wheel(x, side, _TRUCKS + k) for k, x in enumerate(_TRUCK_X)]
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    moving = action == "drive"
    way = _DRIVE_M_S * t_s if moving else 0.0
    big = -math.degrees(way / _BIG) - 360.0 * start
    small = -math.degrees(0.6 * way / _SMALL) - 360.0 * start
    turns: dict[int, Turn] = dict.fromkeys((DRIVE_A, DRIVE_B), (0.0, big, 0.0))
    for bone in (LEAD, *range(_TRUCKS, _TRUCKS + 4)):
        turns[bone] = (0.0, small, 0.0)
    scales = {}
    if not moving:
        scales = dict.fromkeys(range(_PUFF, _PUFF + _PUFFS), 0.1)
    u = t_s / 0.55 + start
    if moving:
        for k, bone in enumerate((ENGINE, FIRST, SECOND)):
            turns[bone] = (0.0, 0.9 * wave(u - 0.3 * k), 1.2 * wave(0.5 * u - 0.25 * k))
    shifts = []
    for k in range(_PUFFS):
        v = (t_s / 1.5 + k / _PUFFS) % 1.0
        seen = smooth(v / 0.12) * (1.0 - smooth((v - 0.76) / 0.10))
        back = smooth((v - 0.88) / 0.12)
        if moving:
            scales[_PUFF + k] = max(0.1, (0.45 + 0.85 * v) * seen)
        drift = v * (1.0 - back)
        shifts.append((-2.6 * drift * moving, (0.95 * math.sqrt(v) * (1.0 - back)) * moving, 0.0))
    out = pose_of(_RIG, turns, scales=scales)
    for k, shift in enumerate(shifts):
        out.bones_B44[_PUFF + k, :3, 3] += shift
    angle = math.radians(big)
    crank = np.array([math.cos(angle) - 1.0, math.sin(angle), 0.0])
    out.bones_B44[ROD, :3, 3] += (_CRANK * crank).astype(np.float32)
    for k, bone in enumerate((ENGINE, FIRST, SECOND)):
        out.bones_B44[bone, 1, 3] += 0.035 * (1.0 + wave(u - 0.3 * k)) * moving
    return out


ASSET = Asset(
    kind="train",
    plural="trains",
    synonyms=("tram", "subway", "metro", "locomotive", "steam train", "steam engine", "trolley",
              "streetcar", "subway train", "railway train", "bullet train", "monorail",
              "freight train", "passenger train", "steam locomotive", "express train", "toy train",
              "underground train", "high-speed train", "railcar", "commuter train"),
    actions={"stand": ("stands", "standing"), "drive": ("drives", "driving")},
    action_synonyms={
        "stand": ("waits", "stops", "rests", "stays", "stand still", "idles", "park", "halts"),
        "drive": ("rolls", "runs", "chugs", "steams", "rushes", "travels", "goes", "moves",
                  "speeds", "passes", "rides", "races", "rumbles", "drive by", "puffs", "departs",
                  "arrives", "thunders", "glides"),
    },
    natural_colours=("red", "green", "blue", "black", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "drive": _DRIVE_M_S},
    near="car",
    homes=("mountains", "farm", "snow field", "future city", "forest"),
)  # fmt: skip
