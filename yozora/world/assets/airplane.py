"""An airplane: a round fuselage with a row of windows, long swept wings, engines, a tall tail."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 8.0, 3.3
ROOT, HULL, GEAR = range(3)
_AXIS = 1.45  # metres, of the fuselage above the ground
_RIG = Rig(
    (-1, ROOT, HULL),
    ((0, 0, 0), (0, _AXIS, 0), (0, _AXIS - 0.3, 0)),
)
_FLY_M_S = 0.55 * _LENGTH
_ABOVE = 4.6  # metres that it flies over where it stands

# The fuselage from the tail: x, radius, height of its middle above the axis.
_STATIONS = (
    (-4.0, 0.10, 0.42), (-3.3, 0.32, 0.30), (-2.4, 0.56, 0.12), (-1.5, 0.68, 0.0),
    (2.3, 0.68, 0.0), (3.0, 0.62, -0.03), (3.5, 0.46, -0.09), (3.85, 0.24, -0.15),
    (4.0, 0.03, -0.17),
)  # fmt: skip
_ANGLES = (-90.0, -52.0, -22.0, 6.0, 28.0, 58.0, 90.0)  # of the panels' edges, from the keel up


def _fuselage(colour: m.RGB, belly: m.RGB, band: m.RGB) -> m.Mesh:
    glass = w.glass_on(colour)
    panes = [-1.9 + 0.52 * k for k in range(9)]
    xs = np.array(sorted({*(s[0] for s in _STATIONS), *panes, *(x + 0.26 for x in panes), 2.75}))
    radius = np.interp(xs, [s[0] for s in _STATIONS], [s[1] for s in _STATIONS])
    rise = np.interp(xs, [s[0] for s in _STATIONS], [s[2] for s in _STATIONS])
    near = [
        np.stack([xs, _AXIS + rise + math.sin(math.radians(a)) * radius,
                  max(math.cos(math.radians(a)), 0.0) * radius], axis=1)
        for a in _ANGLES
    ]  # fmt: skip

    def paint(x: float, row: int) -> m.RGB:
        if row == 3 and any(p < x < p + 0.26 for p in panes):
            return glass
        if row == 4 and 2.75 < x < 3.5:
            return glass
        return belly if row == 0 else band if row == 2 else colour

    return w.hull(np.stack(near, axis=1), paint, HULL, crease_deg=45.0)


def _fin(outline_xy: list[tuple[float, float]], thick: float, colour: m.RGB, at: m.Point,
         roll_deg: float) -> m.Mesh:  # fmt: skip
    """A wing or a fin: its outline stands up from a point, then turns about the x axis."""
    fin = m.slab(outline_xy, thick, (0, 0, 0), colour, HULL, rim=0.93)
    return m.transform(fin, m.matrix(at, roll_deg=roll_deg))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("airplane"), look.rgb
    second, dark = w.second_on(colour), w.trim_on(colour)
    banded = chance.random() < 0.5
    belly = mix(second, (0.7, 0.72, 0.75), 0.3)
    sweep, tall = chance.uniform(1.2, 1.8), chance.uniform(1.6, 1.9)
    tail = second if chance.random() < 0.5 else colour
    parts = [
        _fuselage(colour, belly, second if banded else colour),
        _fin([(-3.75, 0.0), (-2.35, 0.0), (-3.45, tall), (-4.05, tall)], 0.16, colour,
             (0, _AXIS + 0.35, 0), 0.0),
        _fin([(-3.98, 0.72 * tall), (-2.86, 0.46 * tall), (-3.45, tall), (-4.06, tall)], 0.18,
             tail, (0, _AXIS + 0.35, 0), 0.0),
    ]  # fmt: skip
    pairs = ((1.45, 0.30), (2.65, 0.95)) if chance.random() < 0.35 else ((1.6, 0.38),)
    for side in (-1, 1):
        wing = [(-1.05, 0.3), (1.25, 0.3), (-0.35 - sweep, 4.2), (-1.1 - sweep, 4.2)]
        tip = [(-1.12 - sweep, 4.12), (-0.30 - sweep, 4.12), (-0.85 - sweep, 4.56),
               (-1.25 - sweep, 4.56)]  # fmt: skip
        parts += [
            _fin(wing, 0.17, colour, (0, _AXIS - 0.30, 0), 82.0 * side),
            m.moved(_fin(tip, 0.10, tail, (0, 0, 0), 0.0), 0.0, _AXIS - 3.86, 4.12 * side),
            _fin([(-3.75, 0.15), (-2.75, 0.15), (-3.65, 1.65), (-4.1, 1.65)], 0.12, colour,
                 (0, _AXIS + 0.35, 0), 84.0 * side),
        ]  # fmt: skip
        for out, back in pairs:
            x, y, z = 0.75 - back, _AXIS - 0.72 + 0.14 * (out - 0.3), out * side
            big = 0.36 if len(pairs) == 1 else 0.29
            parts += [
                w.revolved([(-1.05, 0.0), (-1.0, 0.45 * big), (-0.2, 1.0 * big), (0.25, big),
                            (0.32, 0.8 * big)], (x, y, z), colour, HULL, 10, axis="x"),
                w.revolved([(0.26, 0.85 * big), (0.26, 0.0)], (x, y, z), dark, HULL, 10, axis="x"),
                w.revolved([(0.27, 0.3 * big), (0.42, 0.0)], (x, y, z), w.CHROME, HULL, 6,
                           axis="x"),
            ]  # fmt: skip
        parts += [
            m.cylinder((-0.5, _AXIS - 0.5, 0.75 * side), (-0.5, 0.2, 0.75 * side), 0.09, w.CHROME,
                       GEAR, sectors=5),
            m.cylinder((-0.5, 0.3, 0.66 * side), (-0.5, 0.3, 0.92 * side), 0.3, w.TYRE, GEAR,
                       sectors=8),
        ]  # fmt: skip
    parts += [
        m.cylinder((2.75, _AXIS - 0.5, 0), (2.75, 0.2, 0), 0.08, w.CHROME, GEAR, sectors=5),
        m.cylinder((2.75, 0.25, -0.12), (2.75, 0.25, 0.12), 0.25, w.TYRE, GEAR, sectors=8),
    ]
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "fly":
        u = t_s / 2.6 + start
        turns: dict[int, Turn] = {HULL: (0.0, 5.0 + 3.0 * wave(u), 6.0 + 19.0 * wave(u + 0.25))}
        return pose_of(_RIG, turns, (0.0, _ABOVE + 0.22 * wave(u + 0.4), 0.0), scales={GEAR: 0.05})
    return pose_of(_RIG, {})


ASSET = Asset(
    kind="airplane",
    plural="airplanes",
    synonyms=("plane", "aeroplane", "aircraft", "jet", "airliner", "jet plane", "fighter jet",
              "jumbo jet", "passenger plane", "helicopter", "biplane", "seaplane", "glider",
              "propeller plane", "jetliner", "cargo plane", "private jet", "fighter plane",
              "warplane", "chopper"),
    actions={"stand": ("stands", "standing"), "fly": ("flies", "flying")},
    action_synonyms={
        "stand": ("waits", "rests", "stays", "stand still", "park", "lands", "sits", "stops"),
        "fly": ("soars", "glides", "cruises", "zooms", "speeds", "goes", "moves", "travels",
                "passes", "fly by", "takes off", "take off", "climbs", "banks", "ascends",
                "drifts", "races", "circles", "hovers", "departs", "lifts off"),
    },
    natural_colours=("white", "blue", "red", "silver", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "fly": _FLY_M_S},
    near="spaceship",
    homes=("mountains", "beach", "desert", "future city", "snow field"),
)  # fmt: skip
