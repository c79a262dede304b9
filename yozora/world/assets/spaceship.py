"""A spaceship: a wide saucer with a glass dome, lamps around its rim and a beam beneath it."""

from __future__ import annotations

import math

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 4.4, 2.15
ROOT, HULL, RING, BEAM, JETS, GEAR = range(6)
_RIG = Rig(
    (-1, ROOT, HULL, HULL, HULL, HULL),
    ((0, 0, 0), (0, 1.0, 0), (0, 1.0, 0), (0, 0.55, 0), (-1.9, 1.02, 0), (0, 0.75, 0)),
)
_FLY_M_S = 0.9 * _LENGTH
_LAMPS = 10


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("spaceship"), look.rgb
    steel = (0.36, 0.38, 0.42) if look.colour not in ("grey", "silver") else (0.14, 0.15, 0.17)
    dome = (0.20, 0.72, 0.86) if look.colour not in ("cyan", "blue") else (0.62, 0.90, 0.42)
    lamp = (1.0, 0.86, 0.30) if look.colour not in ("yellow", "gold", "lime") else (0.3, 0.95, 1.0)
    beam = (0.62, 0.98, 0.80)
    wide, high = chance.uniform(0.94, 1.04), chance.uniform(0.9, 1.2)
    top = 1.42
    parts = [
        w.revolved([(0.50, 0.0), (0.52, 0.62 * wide), (0.74, 1.45 * wide), (0.94, 2.12 * wide)],
                   (0, 0, 0), colour, HULL, 20, axis="y"),
        w.revolved([(0.94, 2.12 * wide), (1.0, 2.2 * wide), (1.08, 2.12 * wide)], (0, 0, 0), steel,
                   HULL, 20, axis="y"),
        w.revolved([(1.08, 2.12 * wide), (1.22, 1.62 * wide), (1.40, 1.02 * wide), (top, 0.8)],
                   (0, 0, 0), colour, HULL, 20, axis="y"),
        w.revolved([(top - 0.06, 0.86), (top + 0.05, 0.80)], (0, 0, 0), steel, HULL, 16, axis="y"),
        w.revolved([(top, 0.76), (top + 0.30 * high, 0.68), (top + 0.52 * high, 0.45),
                    (top + 0.64 * high, 0.0)], (0, 0, 0), dome, HULL, 14, glow=0.22, axis="y"),
        w.revolved([(0.36, 0.0), (0.38, 0.42), (0.56, 0.50)], (0, 0, 0), steel, HULL, 12,
                   axis="y"),
        w.revolved([(-1.15, 0.0), (-1.15, 0.95), (-0.16, 0.36), (-0.12, 0.0)], (0, 0.55, 0), beam,
                   BEAM, 12, glow=0.9, axis="y"),
    ]  # fmt: skip
    if chance.random() < 0.5:
        tip = top + 0.64 * high
        parts += [
            m.cylinder((0, tip - 0.05, 0), (0, tip + 0.2, 0), 0.03, steel, HULL, sectors=5),
            m.ellipsoid(
                (0.08, 0.08, 0.08),
                (0, tip + 0.22, 0),
                (1.0, 0.25, 0.2),
                HULL,
                glow=1.0,
                rings=4,
                sectors=6,
            ),
        ]
    for k in range(_LAMPS):  # every second one smaller: their turning shows
        t = 2.0 * math.pi * k / _LAMPS
        size = 0.15 if k % 2 else 0.10
        at = (1.88 * wide * math.cos(t), 1.16, 1.88 * wide * math.sin(t))
        parts.append(m.ellipsoid((size, size, size), at, lamp, RING, glow=1.0, rings=4, sectors=6))
    for side in (-1, 0, 1):
        z = 0.62 * side
        x = -1.95 + 0.12 * abs(side)
        parts.append(m.cone((x, 1.02, z), 0.20, (x - 1.35 + 0.4 * abs(side), 1.02, z),
                            (0.30, 0.78, 1.0), JETS, glow=1.0, sectors=7))  # fmt: skip
    for k in range(3):
        t = 2.0 * math.pi * (k + 0.25) / 3.0
        c, s = math.cos(t), math.sin(t)
        parts += [
            m.cylinder((0.85 * c, 0.66, 0.85 * s), (1.25 * c, 0.05, 1.25 * s), 0.075, steel, GEAR,
                       sectors=5),
            m.cylinder((1.25 * c, 0.0, 1.25 * s), (1.25 * c, 0.09, 1.25 * s), 0.24, steel, GEAR,
                       sectors=8),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    ring: Turn = (-110.0 * t_s - 360.0 * start, 0.0, 0.0)
    if action == "fly":
        u = t_s / 1.9 + start
        turns: dict[int, Turn] = {HULL: (0.0, -9.0 + 3.0 * wave(u), 8.0 + 13.0 * wave(u + 0.25)),
                                  RING: ring}  # fmt: skip
        return pose_of(_RIG, turns, (0.0, 1.1 + 0.16 * wave(u + 0.4), 0.0), scales={
            JETS: 1.0 + 0.12 * wave(t_s / 0.17 + start), BEAM: 0.02, GEAR: 0.1})  # fmt: skip
    if action == "hover":
        u = t_s / 1.5 + start
        turns = {HULL: (0.0, 4.0 * wave(u), 6.0 * wave(u + 0.25)), RING: ring}
        return pose_of(_RIG, turns, (0.0, 0.95 + 0.18 * wave(u), 0.0), scales={
            JETS: 0.02, BEAM: 1.0 + 0.08 * wave(t_s / 0.4 + start), GEAR: 0.1})  # fmt: skip
    return pose_of(_RIG, {RING: (-360.0 * start, 0.0, 0.0)}, scales={JETS: 0.02, BEAM: 0.02})


ASSET = Asset(
    kind="spaceship",
    plural="spaceships",
    synonyms=("starship", "spacecraft", "ufo", "flying saucer", "saucer", "starfighter",
              "space ship", "lander", "mothership", "alien ship", "alien spaceship", "alien craft",
              "space cruiser", "starcruiser"),
    actions={
        "stand": ("stands", "standing"),
        "hover": ("hovers", "hovering"),
        "fly": ("flies", "flying"),
    },
    action_synonyms={
        "stand": ("rests", "waits", "lands", "sits", "stays", "stand still", "lies", "park"),
        "hover": ("floats", "levitates", "hangs", "bobs", "lifts", "lift off", "rises",
                  "launches", "take off"),
        "fly": ("soars", "zooms", "speeds", "cruises", "glides", "travels", "races", "moves",
                "goes", "drifts", "fly by", "rockets", "drives", "sails"),
    },
    natural_colours=("silver", "grey", "white", "purple", "green"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "hover": 0.0, "fly": _FLY_M_S},
    near="spaceship",
    homes=("space", "desert", "future city", "farm"),
)  # fmt: skip
