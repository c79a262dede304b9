"""A spaceship: a pointed hull with a glass cockpit, fins, swept wings and glowing engines."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 4.4, 2.1
ROOT, HULL, FLAME, JETS, GEAR = range(5)
_RIG = Rig(
    (-1, ROOT, HULL, HULL, HULL),
    ((0, 0, 0), (0, 0.95, 0), (-1.75, 0.95, 0), (0, 0.6, 0), (0, 0.75, 0)),
)
_FLY_M_S = 0.9 * _LENGTH


def _blade(outline_xy: list[tuple[float, float]], thick: float, colour: m.RGB, roll_deg: float,
           bone: int = HULL) -> m.Mesh:  # fmt: skip
    """A fin that stands on the hull's axis (y up from it), turned about that axis."""
    fin = m.slab(outline_xy, thick, (0, 0, 0), colour, bone, rim=0.94)
    return m.transform(fin, m.matrix((0, 0.95, 0), roll_deg=roll_deg))


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("spaceship"), look.rgb
    trim = mix(colour, contrast(colour), 0.65)
    steel = (0.35, 0.37, 0.40) if look.colour != "grey" else (0.14, 0.15, 0.17)
    glass, flame = (0.15, 0.65, 0.85), chance.choice(((0.25, 0.75, 1.0), (1.0, 0.55, 0.12)))
    fat, sweep = chance.uniform(0.92, 1.12), chance.uniform(0.0, 0.35)
    axis = 0.95
    parts = [
        m.tube([(-1.75, axis, 0), (-1.45, axis, 0), (-0.6, axis, 0), (0.5, axis, 0),
                (1.3, axis - 0.02, 0), (1.85, axis - 0.05, 0)],
               [0.38, 0.50 * fat, 0.60 * fat, 0.56 * fat, 0.36, 0.16], colour, HULL, sectors=12),
        m.cone((1.80, axis - 0.05, 0), 0.19, (2.4, axis - 0.08, 0), trim, HULL, sectors=10),
        m.ellipsoid((0.62, 0.36, 0.36), (0.72, axis + 0.42 * fat, 0), glass, HULL, glow=0.25,
                    sectors=10),
        m.cylinder((0.05, axis, 0), (0.2, axis, 0), 0.605 * fat, trim, HULL, sectors=12),
        m.cylinder((-1.75, axis, 0), (-2.05, axis, 0), 0.34, steel, HULL, sectors=10,
                   radius_end=0.44),
        m.cylinder((-2.03, axis, 0), (-2.07, axis, 0), 0.36, flame, HULL, glow=1.0, sectors=10),
        m.cone((-2.07, axis, 0), 0.33, (-3.15, axis, 0), flame, FLAME, glow=1.0, sectors=8),
        m.cone((-2.07, axis, 0), 0.18, (-2.75, axis, 0), (1.0, 1.0, 0.9), FLAME, glow=1.0,
               sectors=6),
        _blade([(-1.75, 0.35), (-0.75, 0.35), (-1.35 - sweep, 1.30), (-1.95 - sweep, 1.30)], 0.12,
               colour, 0.0),
    ]  # fmt: skip
    double = chance.random() < 0.4
    for side in (-1, 1):
        wing = [(-1.55, 0.3), (0.25, 0.3), (-0.85 - sweep, 1.55), (-1.55 - sweep, 1.6)]
        parts.append(_blade(wing, 0.14, colour, 100.0 * side))
        tip_y, tip_z = axis - 0.25, 1.50 * side
        parts += [
            m.capsule((-1.75 - sweep, tip_y, tip_z), (-0.75 - sweep, tip_y, tip_z), 0.15, 0.10,
                      trim, HULL),
            m.cone((-1.9 - sweep, tip_y, tip_z), 0.11, (-2.6 - sweep, tip_y, tip_z), flame, FLAME,
                   glow=1.0, sectors=6),
            m.cylinder((-0.55, 0.62, 0.5 * side), (-0.65, 0.04, 0.72 * side), 0.06, steel, GEAR,
                       sectors=5),
            m.cylinder((-0.65, 0.05, 0.72 * side), (-0.65, 0.0, 0.72 * side), 0.17, steel, GEAR,
                       sectors=8),
            m.cone((-0.5, 0.45, 0.45 * side), 0.22, (-0.5, -0.35, 0.55 * side), flame, JETS,
                   glow=1.0, sectors=7),
        ]  # fmt: skip
        if double:
            parts.append(_blade([(-1.75, 0.35), (-1.0, 0.35), (-1.6, 0.95), (-1.95, 0.95)], 0.1,
                                trim, 50.0 * side))  # fmt: skip
        for i in range(3):  # portholes
            x = -1.15 + 0.45 * i
            parts.append(m.cylinder((x, axis + 0.16, 0.42 * side * fat),
                                    (x, axis + 0.16, 0.60 * side * fat), 0.10, (1.0, 0.9, 0.5),
                                    HULL, glow=0.7, sectors=7))  # fmt: skip
    parts += [
        m.cylinder((0.95, 0.65, 0), (1.1, 0.04, 0), 0.06, steel, GEAR, sectors=5),
        m.cylinder((1.1, 0.05, 0), (1.1, 0.0, 0), 0.17, steel, GEAR, sectors=8),
        m.cone((0.8, 0.45, 0), 0.2, (0.8, -0.3, 0), flame, JETS, glow=1.0, sectors=7),
    ]
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    flicker = 1.0 + 0.12 * wave(t_s / 0.17 + start)
    if action == "fly":
        u = t_s / 2.2 + start
        turns: dict[int, Turn] = {HULL: (0.0, 5.0 + 5.0 * wave(u), 24.0 * wave(u + 0.25))}
        return pose_of(_RIG, turns, (0.0, 0.75 + 0.14 * wave(u + 0.4), 0.0),
                       scales={FLAME: flicker, JETS: 0.02, GEAR: 0.1})  # fmt: skip
    if action == "hover":
        u = t_s / 1.5 + start
        turns = {HULL: (7.0 * wave(0.5 * u), 2.5 * wave(u), 5.0 * wave(u + 0.3))}
        return pose_of(_RIG, turns, (0.0, 0.75 + 0.16 * wave(u), 0.0),
                       scales={FLAME: 0.02, JETS: flicker, GEAR: 0.1})  # fmt: skip
    return pose_of(_RIG, {}, scales={FLAME: 0.02, JETS: 0.02})


ASSET = Asset(
    kind="spaceship",
    plural="spaceships",
    synonyms=("rocket", "rocket ship", "starship", "spacecraft", "ufo", "shuttle", "space shuttle",
              "flying saucer", "airplane", "aeroplane", "plane", "jet", "aircraft", "starfighter",
              "space ship", "helicopter", "drone", "satellite", "lander"),
    actions={
        "stand": ("stands", "standing"),
        "hover": ("hovers", "hovering"),
        "fly": ("flies", "flying"),
    },
    action_synonyms={
        "stand": ("rests", "waits", "lands", "sits", "stays", "stand still", "lies"),
        "hover": ("floats", "levitates", "hangs", "bobs", "lifts", "lift off", "rises",
                  "launches", "take off"),
        "fly": ("soars", "zooms", "speeds", "cruises", "glides", "travels", "races", "moves",
                "goes", "drifts", "fly by", "rockets", "drives", "sails"),
    },
    natural_colours=("white", "grey", "red", "blue", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "hover": 0.0, "fly": _FLY_M_S},
)  # fmt: skip
