"""A truck: a cab, a gap, and a big cargo box that stands higher than the cab; three axles."""

from __future__ import annotations

import math

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose
from yozora.world.assets.bodywork import BASE, BODY, FRONT, LAMPS, REAR
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 6.6, 3.2
LAST = 5  # the third axle
_WHEEL, _FRONT_X, _REAR_X, _LAST_X = 0.52, 2.25, -1.15, -2.35
_AXLES = w.axle_rig(_FRONT_X, _REAR_X, _WHEEL, 0.8, (3.2, 0.8, 0.0))
_RIG = Rig((*_AXLES.parent_B, BASE), (*_AXLES.pivot_B, (_LAST_X, _WHEEL, 0.0)))
_DRIVE_M_S = 0.5 * _LENGTH
_SPIN_DEG_S = math.degrees(_DRIVE_M_S / _WHEEL)


def _cab(colour: m.RGB, nose: float) -> m.Mesh:
    """The driver's house; with a `nose` of more than nothing an engine stands before it."""
    glass = w.glass_on(colour)
    rear, front = 1.35, 3.22
    screen = front - nose  # foot of the windscreen
    sill = [(rear, 0.48), *w.arched(0.48, [(_FRONT_X, _WHEEL, 0.64)]), (front, 0.48)]
    if nose:
        top = [(rear, 2.40), (screen - 0.34, 2.46), (screen, 1.56), (front - 0.1, 1.42),
               (front, 1.30)]  # fmt: skip
    else:
        top = [(rear, 2.40), (front - 0.30, 2.46), (front - 0.12, 2.28), (front, 1.30)]
    belt = [(rear, 1.40), (screen, 1.40), (front - 0.1, 1.28), (front, 1.16)]
    wide = [(rear, 1.10), (front - 0.3, 1.12), (front - 0.06, 1.04), (front, 0.86)]
    xs = [x for x, _ in (*sill, *top, *belt, *wide)] + [rear + 0.22, screen - 0.46]
    rows = (
        (sill, wide),
        ([(rear, 0.95), (front, 0.95)], wide),
        (belt, wide),
        ([(x, y - 0.12) for x, y in top], [(x, 0.95 * z) for x, z in wide]),
        (top, [(x, 0.82 * z) for x, z in wide]),
    )
    skin = w.stations(xs, rows)
    skin[:, 1, 1] = skin[:, [0, 1], 1].max(axis=1) + 0.01
    skin[:, 2, 1] = skin[:, [1, 2], 1].max(axis=1) + 0.01
    skin[:, 3, 1] = skin[:, [2, 3], 1].max(axis=1) + 0.01

    def paint(x: float, row: int) -> m.RGB:
        if row == 2 and rear + 0.22 < x < screen - 0.2:
            return glass
        if row == 4 and screen - (0.34 if nose else 0.2) < x < screen + (0.0 if nose else 0.1):
            return glass
        return colour

    return w.hull(skin, paint, front=[colour] * 4, back=[colour] * 4, crease_deg=34.0)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("truck"), look.rgb
    dark, second, iron = w.trim_on(colour), w.second_on(colour), (0.10, 0.10, 0.11)
    nose = 0.85 if chance.random() < 0.5 else 0.0
    tall = chance.uniform(2.95, 3.25)
    rear, fore = -3.30, 0.92
    box_wide = 1.20
    edge = [(rear, 0.97), (rear + 0.08, 1.0), (fore - 0.08, 1.0), (fore, 0.97)]
    levels = (1.02, 1.55, 1.95, tall - 0.14, tall)
    striped = chance.random() < 0.7
    rows = [([(rear, y), (fore, y)],
             [(x, box_wide * z * (0.93 if y == tall else 1.0)) for x, z in edge])
            for y in levels]  # fmt: skip

    def paint(x: float, row: int) -> m.RGB:
        return second if striped and row == 1 else colour

    parts = [
        w.hull(
            w.stations([x for x, _ in edge], rows),
            paint,
            front=[colour] * 4,
            back=[colour, second if striped else colour, colour, colour],
        ),
        _cab(colour, nose),
        m.box((6.2, 0.30, 1.0), (-0.1, 0.80, 0), iron, BODY),
        m.box((1.6, 0.40, 1.7), (2.25, 0.85, 0), iron, BODY),
        m.box((0.20, 0.26, 2.1), (3.22, 0.55, 0), w.CHROME, BODY),
        m.box((0.12, 0.34, 1.15), (3.22, 1.00, 0), dark, BODY),
        m.box((1.0, 0.42, 2.2), (0.55, 0.68, 0), dark, BODY),
    ]
    if not nose:
        parts += [
            m.box((0.08, 0.72, 1.62), (3.12, 1.84, 0), w.glass_on(colour), BODY, top=(0.9, 0.96),
                  top_shift=-0.12),
        ]  # fmt: skip
    for side in (-1, 1):
        if nose:  # an exhaust that stands up behind the cab
            parts.append(m.cylinder((1.22, 0.9, 0.98 * side), (1.22, 3.0, 0.98 * side), 0.10,
                                    w.CHROME, BODY, sectors=7))  # fmt: skip
        parts += [
            m.ellipsoid((0.08, 0.15, 0.18), (3.22, 0.95, 0.80 * side), (0.92, 0.92, 0.88), BODY,
                        rings=4),
            m.ellipsoid((0.10, 0.18, 0.21), (3.23, 0.95, 0.80 * side), w.LIGHT, LAMPS, glow=1.0,
                        rings=4),
            m.box((0.10, 0.22, 0.34), (rear - 0.01, 0.86, 0.85 * side), w.TAIL, BODY, glow=0.5),
            m.box((0.10, 0.50, 0.16), (2.62 - 0.6 * nose, 1.75, 1.28 * side), dark, BODY),
        ]  # fmt: skip
        for x, bone in ((_FRONT_X, FRONT), (_REAR_X, REAR), (_LAST_X, LAST)):
            parts.append(w.wheel((x, _WHEEL, 1.12 * side), _WHEEL, bone, width=0.34, sectors=12))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return w.roll_along(_RIG, action, t_s, look.seed, _SPIN_DEG_S)


ASSET = Asset(
    kind="truck",
    plural="trucks",
    synonyms=("lorry", "van", "pickup", "pickup truck", "fire truck", "fire engine",
              "garbage truck", "delivery van", "delivery truck", "semi", "semi truck", "trailer",
              "dump truck", "tow truck", "tractor", "bulldozer", "excavator", "digger", "tank",
              "ambulance", "camper", "camper van", "motorhome", "caravan", "cargo truck",
              "wagon", "minivan", "tanker truck", "monster truck", "food truck", "ice cream truck",
              "ice cream van", "forklift", "big rig", "juggernaut", "rv"),
    actions={
        "stand": ("stands", "standing"),
        "drive": ("drives", "driving"),
        "turn": ("turns", "turning"),
    },
    action_synonyms={
        "stand": ("waits", "stops", "idles", "rests", "stays", "stand still", "park"),
        "drive": ("rolls", "cruises", "goes", "moves", "runs", "travels", "rushes", "speeds",
                  "rides", "passes", "drive by", "drive off", "races", "hauls", "rumbles"),
        "turn": ("curves", "winds", "swerves", "steers", "turn around", "turn a corner", "swings"),
    },
    natural_colours=("red", "blue", "white", "yellow", "green", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "drive": _DRIVE_M_S, "turn": 0.45 * _DRIVE_M_S},
    near="car",
    homes=("road", "street", "desert", "farm"),
)  # fmt: skip
