"""A car: a sedan, a van or a sports car, parked or driving with its lights on."""

from __future__ import annotations

import math

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of, shade
from yozora.world.assets.rig import Rig, pose_of, wave

_LENGTH = 3.0
_WHEEL = 0.35  # radius
_AXLE = 0.92  # x of the front axle; the rear one is at -x
_TRACK = 0.64  # z of the wheels
_SPEED = 3.0  # metres a second

# Bones: 0 root, 1 body, 2..5 wheels, 6 shining lamps, 7..9 puffs of exhaust.
_BODY, _LAMPS, _PUFFS = 1, 6, (7, 8, 9)
_WHEELS = tuple((x, z) for x in (_AXLE, -_AXLE) for z in (_TRACK, -_TRACK))
_EXHAUST = (-1.55, 0.3, 0.35)
_RIG = Rig(
    (-1, 0, 0, 0, 0, 0, 1, 0, 0, 0),
    (
        (0.0, 0.0, 0.0),
        (0.0, 0.3, 0.0),
        *((x, _WHEEL, z) for x, z in _WHEELS),
        (0.0, 0.6, 0.0),
        *(_EXHAUST,) * 3,
    ),
)

_GLASS = (0.05, 0.08, 0.13)
_TYRE = (0.04, 0.04, 0.045)
_METAL = (0.75, 0.76, 0.78)

_Outline = tuple[tuple[float, float], ...]
# Side views, counter-clockwise: the lower body; then the cabin from sill to roof as
# (rear sill, front sill, front roof, rear roof), x each, with the heights of sill and roof.
_BODIES: dict[str, tuple[_Outline, tuple[float, float, float, float], float, float]] = {
    "sedan": (
        ((-1.5, 0.3), (1.5, 0.3), (1.52, 0.6), (1.36, 0.82), (0.7, 0.92), (-1.36, 0.92),
         (-1.52, 0.7)),
        (-1.12, 0.86, 0.42, -0.72), 0.9, 1.5,
    ),
    "van": (
        ((-1.5, 0.28), (1.5, 0.28), (1.54, 0.62), (1.36, 0.92), (0.9, 1.02), (-1.48, 1.02),
         (-1.53, 0.7)),
        (-1.5, 1.18, 0.74, -1.42), 1.0, 1.78,
    ),
    "sports": (
        ((-1.56, 0.26), (1.6, 0.26), (1.62, 0.46), (1.3, 0.72), (0.6, 0.84), (-1.4, 0.9),
         (-1.6, 0.74)),
        (-1.2, 0.62, 0.1, -0.55), 0.82, 1.3,
    ),
}  # fmt: skip


def build(look: Look) -> m.Mesh:
    chance = look.draw("car")
    kind = chance.choice(("sedan", "sedan", "van", "sports"))
    outline, cabin, sill, roof = _BODIES[kind]
    colour, trim = look.rgb, shade(look.rgb, 0.55)
    nose, tail = max(p[0] for p in outline), min(p[0] for p in outline)
    parts = [
        m.slab(outline, 1.42, (0, 0, 0), colour, _BODY, rim=0.94),
        m.box((_LENGTH - 0.1, 0.12, 1.36), (0, 0.3, 0), (0.12, 0.12, 0.13), _BODY),
        m.box((0.12, 0.15, 1.3), (nose - 0.02, 0.38, 0), _METAL, _BODY),
        m.box((0.12, 0.15, 1.3), (tail + 0.02, 0.38, 0), _METAL, _BODY),
        m.box((1.0, 0.035, 1.44), (0.0, 0.6, 0), trim, _BODY),
        m.cylinder((-1.55, 0.3, 0.35), (-1.3, 0.3, 0.35), 0.06, (0.2, 0.2, 0.2), _BODY, sectors=6),
        *_cabin(cabin, sill, roof, colour, 3 if kind == "van" else 2),
        *_lamps(nose, tail, 0.5 if kind == "sports" else 0.58),
    ]
    if kind == "sports":
        parts += [
            m.box((0.28, 0.05, 1.4), (-1.45, 1.16, 0), colour, _BODY),
            *(m.box((0.12, 0.26, 0.08), (-1.42, 1.02, z), trim, _BODY) for z in (-0.5, 0.5)),
        ]
    if kind != "sports" and chance.random() < 0.35:  # a stripe over bonnet, roof and boot
        parts.append(_stripe(cabin, roof, contrast(colour)))
    elif kind == "sedan" and chance.random() < 0.35:
        parts += [m.box((0.9, 0.07, 0.06), (-0.15, roof + 0.06, z), _METAL, _BODY)
                  for z in (-0.42, 0.42)]  # fmt: skip
    hub = chance.choice((_METAL, (0.9, 0.9, 0.88)))
    for i, (x, z) in enumerate(_WHEELS):
        parts += _wheel(x, z, 2 + i, hub)
    for bone in _PUFFS:
        parts.append(m.ellipsoid((0.19, 0.17, 0.19), _EXHAUST, (0.8, 0.8, 0.82), bone, 0.1, 4, 6))
    return m.merge(*parts)


def _cabin(
    x: tuple[float, float, float, float], sill: float, roof: float, colour: m.RGB, panes: int
) -> list[m.Mesh]:
    """The upper body with its windows a little in front of its faces."""
    low, high = 0.66, 0.55  # half widths at sill and roof
    rear_low, front_low, front_high, rear_high = x
    parts = []
    corner = {
        (f, t, s): np.array(
            (
                (front_high if t else front_low) if f else (rear_high if t else rear_low),
                roof if t else sill,
                s * (high if t else low),
            )
        )
        for f in (0, 1)
        for t in (0, 1)
        for s in (-1, 1)
    }
    faces = [  # lower left, lower right, upper right, upper left, as seen from outside
        ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1), panes),
        ((1, 0, -1), (0, 0, -1), (0, 1, -1), (1, 1, -1), panes),
        ((1, 0, 1), (1, 0, -1), (1, 1, -1), (1, 1, 1), 1),
        ((0, 0, -1), (0, 0, 1), (0, 1, 1), (0, 1, -1), 1),
        ((0, 1, 1), (1, 1, 1), (1, 1, -1), (0, 1, -1), 0),
    ]
    for *keys, windows in faces:
        a, b, c, d = (corner[k] for k in keys)
        parts.append(m.flat([[a, b, c], [a, c, d]], colour, _BODY))
        normal = np.cross(b - a, d - a)
        normal *= 0.012 / np.linalg.norm(normal)

        for i in range(windows):
            u = np.array([i + 0.12, i + 0.88, i + 0.88, i + 0.12])[:, None] / windows
            v = np.array([0.16, 0.16, 0.82, 0.82])[:, None]
            p = (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c) + normal
            parts.append(m.flat([p[[0, 1, 2]], p[[0, 2, 3]]], _GLASS, _BODY))
    return parts


def _stripe(cabin: tuple[float, float, float, float], roof: float, colour: m.RGB) -> m.Mesh:
    _, _, front, rear = cabin
    return m.box((front - rear, 0.03, 0.3), ((front + rear) / 2, roof, 0), colour, _BODY)


def _lamps(nose: float, tail: float, y: float) -> list[m.Mesh]:
    """Lamps that are always there, and brighter, larger ones for the dark."""
    parts = []
    for z in (-0.5, 0.5):
        front, rear = (nose - 0.06, y, z), (tail + 0.05, y + 0.08, z)
        parts += [
            m.ellipsoid((0.08, 0.12, 0.14), front, (0.9, 0.9, 0.8), _BODY, 0.15, 4, 6),
            m.box((0.08, 0.16, 0.26), rear, (0.6, 0.03, 0.03), _BODY, 0.2),
            m.ellipsoid((0.13, 0.15, 0.17), front, (1.0, 0.97, 0.65), _LAMPS, 1.0, 4, 8),
            m.box((0.12, 0.2, 0.3), rear, (1.0, 0.12, 0.08), _LAMPS, 1.0),
        ]
    parts.append(m.box((0.05, 0.16, 0.5), (nose - 0.04, y, 0), (0.08, 0.08, 0.09), _BODY))
    return parts


def _wheel(x: float, z: float, bone: int, hub: m.RGB) -> list[m.Mesh]:
    """A tyre, a hub with three spokes so that it is seen to turn, and the arch behind it."""
    side = math.copysign(1.0, z)
    inner, outer = z - side * 0.12, z + side * 0.12
    parts = [
        m.cylinder((x, _WHEEL, inner), (x, _WHEEL, outer), _WHEEL, _TYRE, bone, sectors=12),
        m.cylinder((x, _WHEEL, z), (x, _WHEEL, outer + side * 0.015), 0.23, hub, bone, sectors=9),
        m.cylinder((x, _WHEEL + 0.05, side * 0.4), (x, _WHEEL + 0.05, side * 0.725), 0.395,
                   (0.1, 0.1, 0.11), _BODY, sectors=10),
    ]  # fmt: skip
    for i in range(3):
        spoke = m.box((0.2, 0.085, 0.03), (0.11, 0.0, side * 0.14), _TYRE, bone)
        turn = m.matrix((x, _WHEEL, z), pitch_deg=120.0 * i + 20.0 * bone)
        parts.append(m.transform(spoke, turn))
    return parts


def pose(action: str, t_s: float, look: Look) -> Pose:
    if action == "drive":
        u = t_s + phase_of(look.seed)
        bounce = 0.025 * wave(2.3 * u) + 0.015 * wave(3.7 * u)
        turn = -math.degrees(_SPEED / _WHEEL) * t_s
        turns = dict.fromkeys(range(2, 6), (0.0, turn, 0.0))
        turns[_BODY] = (0.0, 1.4 * wave(2.3 * u + 0.2), 1.2 * wave(1.3 * u))
        pose = pose_of(_RIG, turns, (0.2, 0.0, 0.0), scales={b: _puff(u, b)[1] for b in _PUFFS})
        pose.bones_B44[[_BODY, _LAMPS], 1, 3] += bounce
        for bone in _PUFFS:
            way = _puff(u, bone)[0]
            pose.bones_B44[bone, :3, 3] += (-0.5 * way, 0.5 * way, 0.0)
        return pose
    return pose_of(_RIG, {}, scales=dict.fromkeys((_LAMPS, *_PUFFS), 0.02))


def _puff(u: float, bone: int) -> tuple[float, float]:
    """(how far it is on its way, 0..1; its size) of one puff of exhaust."""
    way = (1.4 * u + bone / 3.0) % 1.0
    return way, 0.25 + 1.2 * way if way < 0.8 else 6.0 * (1.0 - way)


ASSET = Asset(
    kind="car",
    plural="cars",
    synonyms=("automobile", "auto", "sedan", "van", "minivan", "sports car", "racing car",
              "race car", "coupe", "convertible", "hatchback", "taxi", "cab", "vehicle", "jeep",
              "limousine", "limo", "hot rod", "roadster", "motorcar", "motor car", "suv",
              "station wagon", "police car", "pickup", "pickup truck", "truck", "lorry", "bus",
              "minibus", "ambulance", "camper", "camper van", "supercar"),
    actions={"stand": ("stands", "standing"), "drive": ("drives", "driving")},
    action_synonyms={
        "stand": ("parks", "waits", "stops", "idles", "rests", "stays", "sits", "is parked",
                  "stand still", "halts"),
        "drive": ("rides", "races", "speeds", "cruises", "travels", "rolls", "goes", "runs",
                  "rushes", "moves", "zooms", "drifts", "accelerates", "passes", "hurries",
                  "drive away", "drive along", "drive by", "speed along"),
    },
    natural_colours=("red", "blue", "white", "black", "grey", "yellow"),
    wears=None,
    height_m=1.5,
    length_m=_LENGTH + 0.1,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "drive": _SPEED},
)  # fmt: skip
