"""A sailing boat: a big hull, a mast with a flag, two sails; it floats or sails."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of, shade
from yozora.world.assets.rig import Rig, pose_of, wave

_LENGTH = 2.5
_MAST = (0.18, 2.5)  # x and height
_SPEED = 2.2  # metres a second
_BOOM_DEG = 32.0  # the sails stand across by this, so that they show from ahead too

# Bones: root, hull, main sail, jib, flag, bow wave and wake of two pieces each.
_HULL, _MAIN, _JIB, _FLAG, _SPRAY = 1, 2, 3, 4, (5, 6, 7, 8)
_BOW = 1.15
_RIG = Rig(
    (-1, 0, 1, 1, 1, 0, 0, 0, 0),
    (
        (0.0, 0.0, 0.0),
        (0.0, 0.1, 0.0),
        (_MAST[0], 0.0, 0.0),
        (_BOW, 0.0, 0.0),
        (_MAST[0], _MAST[1], 0.0),
        (_BOW, 0.0, 0.2),
        (_BOW, 0.0, -0.2),
        (-1.3, 0.0, 0.25),
        (-1.3, 0.0, -0.25),
    ),
)

_WOOD = (0.45, 0.27, 0.12)
_FOAM = (0.93, 0.96, 0.98)

# Rings of the hull from the keel up: height, then x from stern to bow with half widths in z.
_STATIONS = (-1.0, -0.75, 0.0, 0.6, 1.0)
_RINGS: tuple[tuple[float, float, tuple[float, ...], float], ...] = (
    # (y, shift of the stern, half widths at the stations, x of the bow)
    (-0.22, 0.1, (0.22, 0.30, 0.34, 0.22, 0.0), 0.86),
    (0.08, 0.03, (0.36, 0.46, 0.50, 0.36, 0.0), 1.04),
    (0.20, 0.0, (0.40, 0.49, 0.54, 0.40, 0.0), 1.10),
    (0.58, -0.06, (0.45, 0.55, 0.60, 0.46, 0.0), 1.28),
    (0.70, -0.08, (0.46, 0.56, 0.61, 0.47, 0.0), 1.33),
)


def build(look: Look) -> m.Mesh:
    chance = look.draw("boat")
    colour = look.rgb
    pale = (0.95, 0.94, 0.9) if look.colour != "white" else (0.2, 0.35, 0.6)
    band = pale if chance.random() < 0.7 else contrast(colour)
    parts = [
        *_hull(colour, (0.12, 0.1, 0.1) if look.colour != "black" else (0.5, 0.1, 0.08), band),
        m.cylinder((_MAST[0], 0.6, 0), (_MAST[0], _MAST[1], 0), 0.045, _WOOD, _HULL, sectors=6),
        m.box((0.62, 0.3, 0.56), (-0.5, 0.76, 0), pale, _HULL, top=(0.85, 0.85)),
        m.box((0.2, 0.1, 0.5), (-0.36, 0.79, 0), (0.08, 0.12, 0.2), _HULL),
    ]
    striped = chance.random() < 0.5
    bands = (colour, pale, colour, colour) if striped else (colour, colour, colour, pale)
    foot, top = 0.98, 2.4
    parts += [
        m.cylinder((_MAST[0], foot - 0.05, 0), (-1.12, foot - 0.05, 0), 0.04, _WOOD, _MAIN,
                   sectors=5),
        _sail((_MAST[0] - 0.05, foot), (-1.1, foot), (_MAST[0] - 0.05, top), 0.34, bands, _MAIN),
        _sail((_BOW + 0.02, 0.85), (_MAST[0] + 0.1, 0.95), (_MAST[0] + 0.06, 2.15), 0.24,
              (pale,) * 4 if chance.random() < 0.5 else (shade(colour, 0.85),) * 4, _JIB),
        _flag(chance.choice(((0.85, 0.1, 0.1), (1.0, 0.8, 0.1), (0.1, 0.4, 0.85)))),
    ]  # fmt: skip
    if chance.random() < 0.5:  # portholes, or a lifebelt
        parts += [m.cylinder((x, 0.42, 0.3 * s), (x, 0.42, 0.60 * s), 0.08, (0.1, 0.14, 0.2), _HULL,
                             sectors=8) for x in (-0.6, -0.2, 0.2) for s in (-1, 1)]  # fmt: skip
    else:
        parts += [m.cylinder((-0.3, 0.42, 0.3 * s), (-0.3, 0.42, (0.6 + d) * s), r, c, _HULL,
                             sectors=10) for s in (-1, 1)
                  for d, r, c in ((0.02, 0.16, (0.95, 0.5, 0.1)), (0.03, 0.08, pale))]  # fmt: skip
    parts += [
        m.ellipsoid((0.34, 0.16, 0.12), (_BOW - 0.12, 0.04, s * 0.26), _FOAM, bone, 0.1, 4, 7)
        for bone, s in zip(_SPRAY[:2], (1, -1), strict=True)
    ]
    parts += [
        m.ellipsoid((0.42, 0.07, 0.14), (-1.35, 0.03, s * 0.25), _FOAM, bone, 0.1, 4, 7)
        for bone, s in zip(_SPRAY[2:], (1, -1), strict=True)
    ]
    return m.merge(*parts)


def _hull(colour: m.RGB, below: m.RGB, band: m.RGB) -> list[m.Mesh]:
    """Rings joined into planks: dark under water, the colour, and a pale rail; a deck on top."""
    rings = []
    for y, stern, half, bow in _RINGS:
        x = [(_LENGTH / 2 if s < 0 else bow) * s + (stern if s < 0 else 0.0) for s in _STATIONS]
        near = [(a, y, w) for a, w in zip(x, half, strict=True)]
        far = [(a, y, -w) for a, _, w in reversed(near[:-1])]
        rings.append(np.array([*near, *far]))
    parts = []
    for low, high, paint in zip(rings[:-1], rings[1:], (below, below, colour, band), strict=True):
        a, d = low, high
        b, c = np.roll(low, -1, axis=0), np.roll(high, -1, axis=0)
        corners = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
        parts.append(m.flat(corners, paint, _HULL))
    rim = rings[-1] - (0.0, 0.06, 0.0)
    heart = np.tile(rim.mean(axis=0), (len(rim), 1))
    parts.append(m.flat(np.stack([heart, rim, np.roll(rim, -1, axis=0)], 1), _WOOD, _HULL))
    return parts


def _sail(
    tack: tuple[float, float],
    clew: tuple[float, float],
    head: tuple[float, float],
    belly: float,
    bands: tuple[m.RGB, ...],
    bone: int,
) -> m.Mesh:
    """A triangle of cloth that bulges towards z by `belly`, both sides of it, in bands."""
    rows, cols = 8, 5
    a, b, c = (np.array(p) for p in (tack, clew, head))

    def at(u: float, v: float) -> NDArray[np.float64]:
        luff, leech = a + v * (c - a), b + v * (c - b)
        leech = leech + 0.12 * math.sin(math.pi * v) * np.array(
            [math.copysign(1.0, b[0] - a[0]), 0]
        )
        x, y = luff + u * (leech - luff)
        z = belly * math.sin(math.pi * min(1.0, 0.12 + 0.8 * u)) * (1.0 - v) ** 0.6
        return np.array([x, y, z if u > 0 else 0.0])

    parts = []
    for i in range(rows):
        v0, v1 = i / rows, (i + 1) / rows
        corners = []
        for j in range(cols):
            u0, u1 = j / cols, (j + 1) / cols
            p, q, r, s = at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)
            corners += [[p, q, r], [p, r, s], [r, q, p], [s, r, p]]
        parts.append(m.flat(corners, bands[i * len(bands) // rows], bone))
    return m.merge(*parts)


def _flag(colour: m.RGB) -> m.Mesh:
    x, y = _MAST[0], _MAST[1] + 0.02
    front = [[x, y, 0.0], [x - 0.42, y - 0.12, 0.0], [x, y - 0.24, 0.0]]
    return m.flat([front, front[::-1]], colour, _FLAG, 0.1)


def pose(action: str, t_s: float, look: Look) -> Pose:
    u = t_s + phase_of(look.seed)
    flutter = 28.0 * wave(1.7 * u) + 10.0 * wave(3.1 * u)
    if action == "sail":
        heave, pitch, heel = (
            0.07 * wave(0.8 * u),
            6.5 * wave(0.8 * u + 0.2),
            9.0 + 3 * wave(0.4 * u),
        )
        boom, fill = _BOOM_DEG + 5.0 * wave(0.8 * u), 1.0 + 0.22 * wave(0.8 * u + 0.1)
        scales = {bone: _splash(u, bone) for bone in _SPRAY}
    else:
        heave, pitch, heel = 0.025 * wave(0.38 * u), 2.2 * wave(0.38 * u + 0.2), 3.5 * wave(0.3 * u)
        boom, fill = 20.0 + 3.0 * wave(0.3 * u), 0.12 + 0.1 * wave(0.45 * u)
        flutter *= 0.4
        scales = dict.fromkeys(_SPRAY, 0.02)
    turns = {
        _HULL: (0.0, pitch, heel),
        _MAIN: (boom, 0.0, 0.0),
        _JIB: (0.8 * boom, 0.0, 0.0),
        _FLAG: (flutter, 0.0, 0.0),
    }
    pose = pose_of(_RIG, turns, scales=scales)
    bones = pose.bones_B44
    bones[_HULL : _FLAG + 1, 1, 3] += heave
    bones[[_MAIN, _JIB], :3, 2] *= np.float32(fill)  # the bulge is along the sails' own z
    return pose


def _splash(u: float, bone: int) -> float:
    return 1.0 + 0.4 * wave(1.6 * u + 0.3 * bone)


ASSET = Asset(
    kind="boat",
    plural="boats",
    synonyms=("sailboat", "sailing boat", "ship", "sailing ship", "yacht", "dinghy", "vessel",
              "schooner", "sloop", "fishing boat", "rowboat", "rowing boat", "canoe", "ferry",
              "pirate ship", "galleon", "catamaran", "trawler", "motorboat", "speedboat",
              "steamboat", "barge", "gondola", "raft", "kayak", "cruise ship", "lifeboat"),
    actions={"float": ("floats", "floating"), "sail": ("sails", "sailing")},
    action_synonyms={
        "float": ("drifts", "rests", "lies", "waits", "rocks", "bobs", "stands", "stays", "anchors",
                  "sits", "is", "moors", "docks"),
        "sail": ("moves", "travels", "cruises", "goes", "races", "glides", "drives", "speeds",
                 "crosses", "voyages", "swims", "rides", "sail away", "sail along", "navigates"),
    },
    natural_colours=("white", "blue", "red", "brown", "green"),
    wears=None,
    height_m=2.5,
    length_m=_LENGTH + 0.1,
    setting="water",
    build=build,
    pose=pose,
    stride_m_s={"float": 0.0, "sail": _SPEED},
)  # fmt: skip
