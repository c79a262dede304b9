"""A sailing boat: a painted hull, a mast, a tall coloured sail and a small white one."""

from __future__ import annotations

from itertools import pairwise

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave

_LENGTH, _HEIGHT = 3.8, 4.0
ROOT, HULL, SAIL, JIB, WAKE = range(5)
_MAST_X, _DECK = 0.25, 0.62
_RIG = Rig(
    (-1, ROOT, HULL, HULL, ROOT),
    ((0, 0, 0), (0, 0.1, 0), (_MAST_X, _DECK, 0), (1.75, _DECK, 0), (0, 0, 0)),
)
_SAIL_M_S = 0.5 * _LENGTH

# Stations of the hull, from the stern: x, half width at the deck, deck height, keel height.
_STATIONS = (
    (-1.80, 0.56, 0.68, -0.04), (-1.2, 0.76, 0.60, -0.24), (-0.2, 0.86, 0.58, -0.32),
    (0.7, 0.76, 0.62, -0.28), (1.35, 0.48, 0.70, -0.14), (1.75, 0.22, 0.79, 0.08),
    (2.0, 0.02, 0.88, 0.40),
)  # fmt: skip


def _hull(colour: m.RGB, rail: m.RGB, wood: m.RGB, wide: float) -> list[m.Mesh]:
    """Planks between stations: a flat keel, bent sides, a rail around a deck."""
    sides: list[m.Mesh] = []
    parts: list[m.Mesh] = []
    for (x0, half0, d0, k0), (x1, half1, d1, k1) in pairwise(_STATIONS):
        w0, w1 = wide * half0, wide * half1
        for side in (1, -1):
            top0, top1 = (x0, d0, side * w0), (x1, d1, side * w1)
            low0 = (x0, 0.35 * d0 + 0.65 * k0, 0.80 * side * w0)
            low1 = (x1, 0.35 * d1 + 0.65 * k1, 0.80 * side * w1)
            band0, band1 = ((x, 0.84 * d + 0.16 * p[1], 0.985 * z) for x, d, z, p in (
                (x0, d0, side * w0, low0), (x1, d1, side * w1, low1)))  # fmt: skip
            keel0, keel1 = (x0, k0, 0.0), (x1, k1, 0.0)
            for p, q, r, s, paint in ((low0, low1, band1, band0, colour),
                                      (band0, band1, top1, top0, rail),
                                      (keel0, keel1, low1, low0, colour)):  # fmt: skip
                sides.append(m.quad(p, q, r, s, paint, HULL) if side > 0 else
                             m.quad(q, p, s, r, paint, HULL))  # fmt: skip
            parts.append(m.capsule(top0, top1, 0.05, 0.05, rail, HULL, sectors=5))
        y0, y1 = d0 - 0.06, d1 - 0.06
        parts.append(m.quad((x0, y0, w0), (x1, y1, w1), (x1, y1, -w1), (x0, y0, -w0), wood, HULL))
    parts.append(w.smoothed(m.merge(*sides), 50.0))
    x, half, d, k = _STATIONS[0]
    broad = wide * half
    low = 0.35 * d + 0.65 * k
    stern = [(x, d, -broad), (x, low, -0.8 * broad), (x, k, 0.0), (x, low, 0.8 * broad),
             (x, d, broad)]  # fmt: skip
    parts.append(m.flat([[stern[i], stern[i + 1], stern[4]] for i in range(3)], colour, HULL))
    return parts


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("boat"), look.rgb
    wood, white = (0.50, 0.30, 0.14), (0.94, 0.93, 0.88)
    pale = white if look.colour != "white" else (0.75, 0.12, 0.10)
    rail = mix(pale, wood, 0.3)
    tall = chance.uniform(3.5, 3.9)
    boom = chance.uniform(1.75, 2.0)
    parts = [
        *_hull(colour, rail, wood, chance.uniform(0.9, 1.1)),
        m.cylinder((_MAST_X, 0.3, 0), (_MAST_X, tall + 0.12, 0), 0.065, wood, HULL, sectors=6,
                   radius_end=0.04),
        m.cylinder((_MAST_X, 0.95, 0), (_MAST_X - boom - 0.1, 0.9, 0), 0.05, wood, SAIL, sectors=5),
        m.slab([(_MAST_X + 0.1, tall), (_MAST_X + 0.1, tall + 0.22), (_MAST_X - 0.5, tall + 0.11)],
               0.03, (0, 0.02, 0), contrast(colour, (0.8, 0.1, 0.1), (0.95, 0.8, 0.1)), SAIL),
    ]  # fmt: skip
    belly = 0.28  # how far the wind blows the sail out, in metres
    if chance.random() < 0.65:
        corners = [(0.0, 1.0), (-boom, 0.98), (-0.72 * boom, 1.75), (-0.36 * boom, 2.65),
                   (-0.04, tall - 0.1)]  # fmt: skip
    else:  # a gaff sail: four corners
        corners = [(0.0, 1.0), (-boom, 0.98), (-0.92 * boom, 1.9), (-0.82 * boom, tall - 0.35),
                   (-0.04, tall - 0.75)]  # fmt: skip
    parts.append(_cloth([(x + _MAST_X - 0.06, y) for x, y in corners], belly, colour, SAIL))
    if chance.random() < 0.5:  # an emblem in the middle of the sail
        x, y = (sum(p[k] for p in corners) / len(corners) for k in (0, 1))
        x += _MAST_X
        parts.append(m.cylinder((x, y, 0.1), (x, y, belly + 0.02), 0.27, pale, SAIL, sectors=8))
    jib = [(1.78, 0.8), (_MAST_X + 0.22, 1.0), (_MAST_X + 0.12, 0.82 * tall)]
    parts.append(_cloth(jib, 0.16, pale, JIB))
    if chance.random() < 0.6:  # a cabin
        parts += [
            m.box((0.85, 0.36, 0.8), (-0.75, _DECK + 0.12, 0), pale, HULL, top=(0.85, 0.85)),
            m.box((0.5, 0.13, 0.76), (-0.75, _DECK + 0.16, 0), (0.04, 0.07, 0.1), HULL),
        ]
    foam = (0.95, 0.97, 1.0)
    for side in (-1, 1):
        parts += [
            m.ellipsoid((0.75, 0.07, 0.10), (1.25, 0.02, 0.55 * side), foam, WAKE, rings=4),
            m.ellipsoid((0.95, 0.05, 0.12), (-2.5, 0.0, 0.55 * side), foam, WAKE, rings=4),
        ]
    parts.append(m.ellipsoid((0.7, 0.05, 0.3), (-2.1, 0.0, 0), foam, WAKE, rings=4))
    return m.merge(*parts)


def _cloth(outline_xy: list[tuple[float, float]], belly: float, colour: m.RGB,
           bone: int) -> m.Mesh:  # fmt: skip
    """A sail: an outline (clockwise from the near side) whose middle the wind blows to +z."""
    count = len(outline_xy)
    x = sum(p[0] for p in outline_xy) / count
    y = sum(p[1] for p in outline_xy) / count
    rim = [(a, b, 0.0) for a, b in outline_xy]
    thin = 0.03
    near = [[rim[(i + 1) % count], rim[i], (x, y, belly)] for i in range(count)]
    far = [[rim[i], rim[(i + 1) % count], (x, y, belly - thin)] for i in range(count)]
    return w.smoothed(m.flat([*near, *far], colour, bone), 60.0)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "sail":
        u = t_s / 1.25 + start
        turns: dict[int, Turn] = {
            HULL: (0.0, 4.0 + 6.5 * wave(u), 9.0 + 3.0 * wave(0.5 * u)),
            SAIL: (-26.0 + 2.0 * wave(u), 0.0, 0.0),
            JIB: (-18.0, 0.0, 0.0),
        }
        rise, wake = 0.10 + 0.10 * wave(u + 0.25), 1.0 + 0.08 * wave(2.0 * u)
    else:
        u = t_s / 2.6 + start
        turns = {
            HULL: (0.0, 2.0 * wave(u), 5.0 * wave(u + 0.2)),
            SAIL: (-8.0 + 3.0 * wave(u), 0.0, 0.0),
            JIB: (-6.0 + 2.0 * wave(u), 0.0, 0.0),
        }
        rise, wake = 0.05 * wave(u + 0.25), 0.02
    out = pose_of(_RIG, turns, scales={WAKE: wake})
    out.bones_B44[[HULL, SAIL, JIB], 1, 3] += rise
    return out


ASSET = Asset(
    kind="boat",
    plural="boats",
    synonyms=("sailboat", "sailing boat", "ship", "yacht", "vessel", "dinghy", "sailing ship",
              "schooner", "galleon", "catamaran", "sloop", "ferry", "canoe", "raft", "rowboat",
              "fishing boat", "pirate ship", "ketch", "barge", "tugboat", "speedboat"),
    actions={"float": ("floats", "floating"), "sail": ("sails", "sailing")},
    action_synonyms={
        "float": ("drifts", "rests", "bobs", "stands", "waits", "rocks", "sits", "stays", "anchors",
                  "lies", "stand still", "swims"),
        "sail": ("cruises", "glides", "moves", "goes", "races", "travels", "voyages", "speeds",
                 "navigates", "drives", "rows", "passes", "runs"),
    },
    natural_colours=("white", "red", "blue", "yellow", "orange"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="water",
    build=build,
    pose=pose,
    stride_m_s={"float": 0.0, "sail": _SAIL_M_S},
    near="boat",
    homes=("beach", "mountains", "park"),
)  # fmt: skip
