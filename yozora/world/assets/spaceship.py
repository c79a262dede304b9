"""A spaceship: a round rocket plane with a glass dome, fins and engines, on three legs."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_HEIGHT = 1.6
_LENGTH = 2.9
_SPEED = 3.4  # metres a second
_HOVER = 0.4 * _HEIGHT  # metres above the ground
_FLY = 0.8 * _HEIGHT

# Bones: root, hull, legs, landing jets (glow downward), engine flames, beacon.
_HULL, _LEGS, _JETS, _FLAMES, _BEACON = 1, 2, 3, 4, 5
_AXIS = 0.78  # height of the hull's axis above the ground when it stands
_RIG = Rig(
    (-1, 0, 1, 1, 1, 1),
    (
        (0.0, 0.0, 0.0),
        (0.0, _AXIS, 0.0),
        (0.0, _AXIS - 0.1, 0.0),
        (0.0, _AXIS - 0.25, 0.0),
        (-1.1, _AXIS, 0.0),
        (-1.2, 1.5, 0.0),
    ),
)

_STEEL = (0.5, 0.52, 0.56)
_GLASS = (0.12, 0.5, 0.75)
_FIRE = (1.0, 0.5, 0.08)
_HOT = (1.0, 0.95, 0.6)
_PLASMA = (0.35, 0.85, 1.0)

# Side view of the hull: x, height of the axis over _AXIS, half height, half width.
_STATIONS = (
    (-1.12, 0.02, 0.20, 0.26),
    (-0.95, 0.02, 0.31, 0.42),
    (-0.45, 0.0, 0.40, 0.56),
    (0.15, -0.01, 0.40, 0.55),
    (0.75, -0.05, 0.30, 0.40),
    (1.20, -0.10, 0.16, 0.20),
    (1.45, -0.13, 0.04, 0.05),
)


def build(look: Look) -> m.Mesh:
    chance = look.draw("spaceship")
    colour = look.rgb
    trim = contrast(colour, dark=(0.16, 0.17, 0.2), light=(0.92, 0.92, 0.9))
    wing = colour if chance.random() < 0.6 else shade(colour, 0.7)
    twin = chance.random() < 0.5
    path = [(x, _AXIS + y, 0.0) for x, y, _, _ in _STATIONS]
    tall, wide = zip(*((a, b) for _, _, a, b in _STATIONS), strict=True)
    parts = [
        m.tube(path, tall, colour, _HULL, sectors=12, widths_P=wide),
        m.ellipsoid((0.44, 0.32, 0.29), (0.36, _AXIS + 0.32, 0), _GLASS, _HULL, 0.25, 6, 10),
        m.ellipsoid((0.52, 0.1, 0.35), (0.34, _AXIS + 0.29, 0), trim, _HULL, 0.0, 4, 10),
        m.ellipsoid((0.16, 0.09, 0.1), (0.42, _AXIS + 0.55, 0.06), (0.85, 0.95, 1.0), _HULL, 0.5,
                    4, 6),
        *_wings(wing, trim, chance.uniform(0.95, 1.15)),
        *_fins(twin, wing, trim),
        *_engines(),
        *_legs(),
    ]  # fmt: skip
    for z in (-1.0, 1.0):  # portholes, lit
        for x in (-0.72, -0.42, -0.12):
            at = (x, _AXIS + 0.12, 0.5 * z)
            out = (x, _AXIS + 0.13, (0.55 if x > -0.6 else 0.5) * z)
            parts.append(m.cylinder(at, out, 0.075, (1.0, 0.9, 0.5), _HULL, 0.8, 7))
    return m.merge(*parts)


def _wings(colour: m.RGB, trim: m.RGB, span: float) -> list[m.Mesh]:
    """A swept wing on either side, with a light at its tip."""
    outline = ((-1.05, 0.0), (0.2, 0.0), (-0.62, 0.72 * span), (-1.15, 0.72 * span))
    wing = m.slab([(x, y) for x, y in outline], 0.09, (0, 0, 0), colour, _HULL, rim=0.9)
    near = m.transform(wing, m.matrix((0, _AXIS - 0.08, 0.42), roll_deg=97.0))
    parts = [near, m.mirrored(near)]
    for z in (-1.0, 1.0):
        tip = (-0.88, _AXIS - 0.17, z * (0.42 + 0.72 * span))
        back, front = (tip[0] - 0.26, *tip[1:]), (tip[0] + 0.22, *tip[1:])
        parts.append(m.capsule(back, front, 0.08, 0.05, trim, _HULL))
    return parts


def _fins(twin: bool, colour: m.RGB, trim: m.RGB) -> list[m.Mesh]:
    outline = ((-1.02, 0.2), (-0.3, 0.3), (-0.92, 0.84), (-1.3, 0.84))
    parts = []
    for z in (-0.26, 0.26) if twin else (0.0,):
        fin = m.slab(outline, 0.09, (0, 0, 0), colour, _HULL, rim=0.92)
        tip = m.box((0.42, 0.08, 0.1), (-1.11, 0.82, 0), trim, _HULL)
        lean = m.matrix((0, _AXIS, z), roll_deg=60.0 * z)
        parts += [m.transform(fin, lean), m.transform(tip, lean)]
    top = 1.1 * _HEIGHT - 0.12
    parts.append(m.ellipsoid((0.08,) * 3, (-1.2, top, 0), (1.0, 0.2, 0.15), _BEACON, 1.0, 4, 6))
    return parts


def _engines() -> list[m.Mesh]:
    """Two nozzles, their flames (a size of nothing when parked), and four jets underneath."""
    parts = []
    for z in (-0.2, 0.2):
        back, rim = (-1.0, _AXIS + 0.02, z), (-1.3, _AXIS + 0.02, z)
        parts += [
            m.cylinder(back, rim, 0.14, _STEEL, _HULL, sectors=9, radius_end=0.2),
            m.cylinder((-1.29, _AXIS + 0.02, z), (-1.315, _AXIS + 0.02, z), 0.15, (0.5, 0.16, 0.05),
                       _HULL, 0.5, 8),
            m.cone((-1.3, _AXIS + 0.02, z), 0.19, (-1.95, _AXIS + 0.02, 1.1 * z), _FIRE, _FLAMES,
                   1.0, 8),
            m.cone((-1.29, _AXIS + 0.06, z), 0.15, (-1.65, _AXIS + 0.06, 1.1 * z), _HOT, _FLAMES,
                   1.0, 8),
        ]  # fmt: skip
    for x, z in ((0.55, 0.0), (-0.6, 0.32), (-0.6, -0.32)):
        parts.append(m.cone((x, _AXIS - 0.22, z), 0.17, (x, _AXIS - 0.85, z), _PLASMA, _JETS, 1.0,
                            8))  # fmt: skip
    return parts


def _legs() -> list[m.Mesh]:
    parts = []
    for x, z in ((0.85, 0.0), (-0.62, 0.5), (-0.62, -0.5)):
        foot = (1.12 * x, 0.06, 1.15 * z)
        parts += [
            m.cylinder((0.9 * x, _AXIS - 0.2, 0.8 * z), foot, 0.06, _STEEL, _LEGS, sectors=6),
            m.box((0.3, 0.09, 0.24), (foot[0], 0.045, foot[2]), (0.2, 0.21, 0.23), _LEGS),
        ]
    return parts


def pose(action: str, t_s: float, look: Look) -> Pose:
    u = t_s + phase_of(look.seed)
    blink = 1.0 if (0.8 * u) % 1.0 < 0.5 else 0.45
    if action == "fly":
        flicker = 1.0 + 0.22 * wave(2.9 * u) + 0.12 * wave(4.3 * u)
        bank, climb = 26.0 * wave(0.4 * u), 6.0 + 5.0 * wave(0.4 * u + 0.2)
        turns: dict[int, Turn] = {_HULL: (6.0 * wave(0.4 * u + 0.25), climb, bank)}
        scales = {_LEGS: 0.05, _JETS: 0.05, _FLAMES: flicker, _BEACON: blink}
        return pose_of(_RIG, turns, (0.3, _FLY + 0.14 * wave(0.4 * u + 0.1), 0.0), scales=scales)
    if action == "hover":
        bob = _HOVER + 0.16 * wave(0.55 * u)
        turns = {_HULL: (0.0, 3.5 * wave(0.55 * u + 0.3), 4.5 * wave(0.4 * u))}
        scales = {_LEGS: 0.05, _JETS: 0.9 + 0.2 * wave(3.1 * u), _FLAMES: 0.05, _BEACON: blink}
        return pose_of(_RIG, turns, (0.0, bob, 0.0), scales=scales)
    return pose_of(_RIG, {}, scales={_JETS: 0.05, _FLAMES: 0.05, _BEACON: blink})


ASSET = Asset(
    kind="spaceship",
    plural="spaceships",
    synonyms=("starship", "spacecraft", "rocket", "space ship", "rocket ship", "rocketship", "ufo",
              "shuttle", "space shuttle", "starfighter", "flying saucer", "space rocket",
              "airplane", "aeroplane", "plane", "jet", "aircraft", "fighter jet", "helicopter",
              "lander", "star cruiser", "alien ship", "space plane", "drone", "airship"),
    actions={
        "stand": ("stands", "standing"),
        "hover": ("hovers", "hovering"),
        "fly": ("flies", "flying"),
    },
    action_synonyms={
        "stand": ("lands", "rests", "waits", "parks", "stays", "is parked", "is", "sits",
                  "touch down", "stand still"),
        "hover": ("floats", "levitates", "hangs", "rises", "lifts off", "bobs", "ascends",
                  "descends", "hover in place", "take off", "starts"),
        "fly": ("soars", "zooms", "races", "glides", "speeds", "travels", "moves", "cruises",
                "launches", "shoots", "fly away", "fly by", "blast off", "goes", "drifts", "sails"),
    },
    natural_colours=("white", "grey", "red", "blue", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "hover": 0.0, "fly": _SPEED},
)  # fmt: skip
