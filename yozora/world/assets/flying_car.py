"""A flying car: a sleek wedge with a glass canopy, fins, and a belly and seams of light."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 4.4, 1.55
ROOT, HULL, GLOW, FLAME = range(4)
_RIG = Rig((-1, ROOT, HULL, HULL), ((0, 0, 0), (0, 0.6, 0), (0, 0.42, 0), (-2.0, 0.66, 0)))
_FLY_M_S = 0.85 * _LENGTH
_JETS = ((1.05, 0.42), (-1.35, 0.50))  # that lift it: x, z


def _body(colour: m.RGB, second: m.RGB, high: float) -> m.Mesh:
    """The skin: a keel, broad flanks, a canopy of one sheet of glass."""
    glass = w.glass_on(colour)
    keel = [(-2.1, 0.56), (-1.6, 0.36), (0.9, 0.30), (1.7, 0.38), (2.2, 0.50)]
    low = [(-2.1, 0.62), (-1.6, 0.48), (0.9, 0.42), (1.7, 0.45), (2.2, 0.53)]
    flank = [(-2.1, 0.74), (-1.6, 0.70), (0.9, 0.62), (1.7, 0.58), (2.2, 0.56)]
    belt = [(-2.1, 0.86), (-1.5, 0.92), (1.0, 0.82), (1.7, 0.70), (2.2, 0.58)]
    arch = [(-1.0, 1.22 * high), (-0.3, 1.42 * high), (0.15, 1.40 * high), (0.7, 1.16 * high)]
    top = [(-2.1, 0.92), (-1.55, 1.00), *arch, (1.15, 0.90), (1.75, 0.75), (2.2, 0.60)]
    wide = [(-2.1, 0.62), (-1.7, 0.86), (-0.6, 0.95), (0.8, 0.90), (1.7, 0.62), (2.05, 0.34),
            (2.2, 0.10)]  # fmt: skip
    roof = [(-2.1, 0.50), (-1.5, 0.62), (-0.3, 0.56), (0.15, 0.56), (1.15, 0.62), (1.75, 0.44),
            (2.2, 0.07)]  # fmt: skip
    xs = [x for x, _ in (*keel, *belt, *top, *wide)] + [-0.42, -0.30]
    skin = w.stations(xs, (
        (keel, [(x, 0.55 * z) for x, z in wide]),
        (low, [(x, 0.92 * z) for x, z in wide]),
        (flank, wide),
        (belt, [(x, 0.92 * z) for x, z in wide]),
        ([(x, y - 0.08) for x, y in top], roof),
        (top, [(x, 0.7 * z) for x, z in roof]),
    ))  # fmt: skip
    skin[:, 4, 1] = skin[:, [3, 4], 1].max(axis=1)

    def paint(x: float, row: int) -> m.RGB:
        if row >= 3 and -1.35 < x < 1.15 and not -0.42 < x < -0.30:
            return glass
        return second if row == 1 else colour

    return w.hull(skin, paint, HULL, [colour] * 5, [(0.05, 0.05, 0.06)] * 5, crease_deg=46.0)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("flying car"), look.rgb
    second, dark = w.second_on(colour), w.trim_on(colour)
    light = (0.25, 0.90, 1.0) if look.colour not in ("cyan", "blue") else (1.0, 0.55, 0.95)
    sweep, double = chance.uniform(0.2, 0.5), chance.random() < 0.6
    parts = [
        _body(colour, second if chance.random() < 0.4 else colour, chance.uniform(0.95, 1.05)),
        m.ellipsoid((1.75, 0.20, 0.74), (-0.2, 0.32, 0), light, HULL, glow=1.0, rings=4,
                    sectors=12),
    ]  # fmt: skip
    for side in (-1, 1):
        lean = 24.0 if double else 8.0
        fin = m.slab([(-1.85, 0.0), (-0.95, 0.0), (-1.75 - sweep, 0.72), (-2.15 - sweep, 0.72)],
                     0.10, (0, 0, 0), colour, HULL, rim=0.93)  # fmt: skip
        parts += [
            m.transform(fin, m.matrix((0, 0.84, 0.66 * side), roll_deg=lean * side)),
            w.revolved([(-0.45, 0.0), (-0.45, 0.21), (0.3, 0.19)], (-1.85, 0.66, 0.42 * side), dark,
                       HULL, 10, axis="x"),
            w.revolved([(-0.47, 0.0), (-0.47, 0.16), (-0.3, 0.16)], (-1.85, 0.66, 0.42 * side),
                       light, HULL, 10, glow=1.0, axis="x"),
            m.cone((-2.3, 0.66, 0.42 * side), 0.17, (-3.6, 0.66, 0.42 * side), light, FLAME,
                   glow=1.0, sectors=8),
            m.ellipsoid((0.16, 0.05, 0.17), (1.86, 0.66, 0.34 * side), (1.0, 0.97, 0.85), HULL,
                        glow=0.9, rings=4, sectors=6),
            m.box((0.06, 0.08, 0.5), (-2.10, 0.84, 0.34 * side), w.TAIL, HULL, glow=0.8),
        ]  # fmt: skip
        seam = [(-1.75, 0.60, 0.85), (-0.6, 0.57, 0.955), (0.8, 0.53, 0.905), (1.75, 0.52, 0.60)]
        parts.append(m.tube([(x, y, z * side) for x, y, z in seam], [0.035] * 4, light, HULL,
                            glow=1.0, sectors=4))  # fmt: skip
        for x, z in _JETS:
            flame = [(-0.26, 0.0), (-0.21, 0.15), (-0.06, 0.27), (0.10, 0.32)]
            at = (x, 0.22, z * side)
            parts.append(w.revolved(flame, at, light, GLOW, 10, glow=1.0, axis="y"))
    return m.moved(m.merge(*parts), dy=-0.11)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    flicker = 1.0 + 0.12 * wave(t_s / 0.17 + start)
    if action == "fly":
        u = t_s / 1.8 + start
        turns: dict[int, Turn] = {HULL: (0.0, 4.0 + 4.0 * wave(u), 17.0 * wave(u + 0.25))}
        return pose_of(_RIG, turns, (0.0, 3.7 + 0.9 * start + 0.14 * wave(u + 0.4), 0.0),
                       scales={FLAME: flicker, GLOW: 0.02})  # fmt: skip
    if action == "hover":
        u = t_s / 1.4 + start
        turns = {HULL: (6.0 * wave(0.5 * u), 3.0 * wave(u + 0.2), 4.0 * wave(u + 0.45))}
        return pose_of(_RIG, turns, (0.0, 1.25 + 0.35 * start + 0.16 * wave(u), 0.0),
                       scales={FLAME: 0.02, GLOW: flicker})  # fmt: skip
    return pose_of(_RIG, {}, scales={FLAME: 0.02, GLOW: 0.02})


ASSET = Asset(
    kind="flying car",
    plural="flying cars",
    synonyms=("hovercar", "hover car", "air car", "aircar", "sky car", "skycar", "flying taxi",
              "air taxi", "flying vehicle", "airspeeder", "speeder", "landspeeder",
              "flying automobile", "hovering car", "futuristic car", "car of future"),
    actions={
        "stand": ("stands", "standing"),
        "hover": ("hovers", "hovering"),
        "fly": ("flies", "flying"),
    },
    action_synonyms={
        "stand": ("rests", "waits", "lands", "sits", "stays", "stand still", "park", "stops"),
        "hover": ("floats", "levitates", "hangs", "bobs", "lifts", "lift off", "rises",
                  "take off"),
        "fly": ("soars", "zooms", "speeds", "cruises", "glides", "travels", "races", "moves",
                "goes", "drifts", "fly by", "drives", "rushes", "passes"),
    },
    natural_colours=("silver", "red", "white", "blue", "purple"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "hover": 0.0, "fly": _FLY_M_S},
    near="spaceship",
    homes=("future city", "road", "street", "space"),
)  # fmt: skip
