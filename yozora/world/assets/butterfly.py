"""A butterfly: four huge wings with a rim and spots, a thin body, two feelers."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of
from yozora.world.assets.rig import Rig, Turn, pose_of, wave
from yozora.world.assets.wings import blade, disc, inset

_HEIGHT, _LENGTH = 0.92, 0.90
_FLY_M_S = 0.7
_CLEAR = 0.3  # light falls through the wings: their shaded side keeps its colour
_Y = 0.16  # of the body at rest
BODY, FORE_R, FORE_L, HIND_R, HIND_L = range(5)
_RIG = Rig(
    (-1, BODY, BODY, BODY, BODY),
    ((0, _Y, 0), (0.08, _Y + 0.03, 0.02), (0.08, _Y + 0.03, -0.02), (-0.04, _Y + 0.02, 0.02),
     (-0.04, _Y + 0.02, -0.02)),
    ((BODY, (0.14, 0, 0.06)), (BODY, (-0.10, 0, 0.06))),
)  # fmt: skip
_FORE = ((0.12, 0.02), (0.32, 0.34), (0.47, 0.62), (0.44, 0.76), (0.24, 0.76), (0.03, 0.62),
         (-0.05, 0.30), (-0.03, 0.02))  # fmt: skip
_HIND = ((0.03, 0.02), (0.02, 0.34), (-0.06, 0.54), (-0.24, 0.62), (-0.42, 0.54), (-0.50, 0.36),
         (-0.40, 0.16), (-0.12, 0.02))  # fmt: skip


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("butterfly"), look.rgb
    black = sum(colour) < 0.3
    rim = (0.045, 0.04, 0.06) if not black else (0.95, 0.55, 0.08)
    pale = (0.98, 0.97, 0.92) if sum(colour) < 2.3 else (0.98, 0.72, 0.12)
    spot = chance.choice((pale, mix(pale, (1.0, 0.85, 0.2), 0.8)))
    inner = chance.choice((spot, (0.05, 0.05, 0.07) if not black else spot))
    eyed = chance.random() < 0.6
    broad = chance.uniform(0.86, 0.90)
    skin = (0.10, 0.08, 0.09)
    parts = [
        m.tube([(-0.30, _Y - 0.02, 0), (-0.18, _Y, 0), (-0.02, _Y, 0), (0.10, _Y + 0.01, 0),
                (0.20, _Y + 0.02, 0)], [0.02, 0.045, 0.05, 0.062, 0.04], skin, BODY, sectors=8),
        m.ellipsoid((0.062, 0.06, 0.06), (0.24, _Y + 0.03, 0), skin, BODY, rings=5),
    ]  # fmt: skip
    for side, fore, hind in ((1, FORE_R, HIND_R), (-1, FORE_L, HIND_L)):
        parts += [
            blade(_HIND, _Y + 0.02, 0.016, rim, hind, side),
            blade(inset(_HIND, broad, (-0.10, 0.20)), _Y + 0.02, 0.030, colour, hind, side,
                  glow=_CLEAR),
            blade(_FORE, _Y + 0.03, 0.016, rim, fore, side),
            blade(inset(_FORE, broad, (0.10, 0.28)), _Y + 0.03, 0.030, colour, fore, side,
                  glow=_CLEAR),
            blade(disc((0.375, 0.68), 0.045), _Y + 0.03, 0.044, spot, fore, side),
            blade(disc((0.22, 0.69), 0.038), _Y + 0.03, 0.044, spot, fore, side),
            m.capsule((0.27, _Y + 0.06, 0.03 * side), (0.46, _Y + 0.20, 0.13 * side), 0.012, 0.016,
                      skin, BODY, sectors=5),
            m.ellipsoid((0.03, 0.03, 0.03), (0.47, _Y + 0.21, 0.135 * side), skin, BODY, rings=4,
                        sectors=6),
            m.ellipsoid((0.03, 0.035, 0.02), (0.27, _Y + 0.05, 0.045 * side), (0.95, 0.95, 0.95),
                        BODY, rings=4, sectors=6),
            m.capsule((0.08, _Y, 0.03 * side), (0.14, 0.012, 0.06 * side), 0.012, 0.012, skin, BODY,
                      sectors=4),
            m.capsule((-0.04, _Y, 0.03 * side), (-0.10, 0.012, 0.06 * side), 0.012, 0.012, skin,
                      BODY, sectors=4),
        ]  # fmt: skip
        if eyed:
            parts += [
                blade(disc((-0.26, 0.42), 0.085), _Y + 0.02, 0.042, inner, hind, side),
                blade(disc((-0.26, 0.42), 0.045), _Y + 0.02, 0.054, spot if inner != spot else rim,
                      hind, side),
            ]  # fmt: skip
        else:
            parts += [
                blade(disc((-0.38, 0.42), 0.045), _Y + 0.02, 0.042, spot, hind, side),
                blade(disc((-0.26, 0.53), 0.045), _Y + 0.02, 0.042, spot, hind, side),
                blade(disc((0.17, 0.44), 0.06), _Y + 0.03, 0.042, inner, fore, side),
            ]
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "fly":
        u = t_s / 0.46 + start
        fore, hind = 42.0 + 38.0 * wave(u), 38.0 + 34.0 * wave(u - 0.08)
        turns: dict[int, Turn] = {
            BODY: (14.0 * wave(t_s / 1.9 + start), 44.0 - 7.0 * wave(u), 8.0 * wave(t_s / 1.3)),
            FORE_R: (0.0, 0.0, -fore),
            FORE_L: (0.0, 0.0, fore),
            HIND_R: (0.0, 0.0, -hind),
            HIND_L: (0.0, 0.0, hind),
        }
        rise = 0.42 - 0.07 * wave(u) + 0.11 * wave(t_s / 1.5 + start)
        return pose_of(_RIG, turns, (0.0, rise, 0.0))
    u = t_s / 2.6 + start
    angle = 54.0 + 27.0 * wave(u)
    turns = {
        BODY: (0.0, 20.0 + 3.0 * wave(u), 0.0),
        FORE_R: (0.0, 6.0, -angle),
        FORE_L: (0.0, 6.0, angle),
        HIND_R: (0.0, 0.0, -angle + 2.0),
        HIND_L: (0.0, 0.0, angle - 2.0),
    }
    return pose_of(_RIG, turns, lift=0.0)


ASSET = Asset(
    kind="butterfly",
    plural="butterflies",
    synonyms=("moth", "monarch butterfly", "monarch", "morpho", "swallowtail", "dragonfly", "bee",
              "insect", "ladybug", "ladybird", "bug", "bumblebee", "wasp", "hornet",
              "luna moth", "honeybee", "mosquito", "beetle", "fairy", "pixie"),
    actions={"stand": ("stands", "standing"), "fly": ("flies", "flying")},
    action_synonyms={
        "stand": ("rests", "sits", "perches", "waits", "stays", "stand still", "lands", "feeds",
                  "drinks", "walks", "looks", "sleeps", "open its wings"),
        "fly": ("flutters", "flaps", "hovers", "soars", "glides", "flap its wings", "dances",
                "circles", "moves", "goes", "migrates", "flits", "takes off", "buzzes", "runs"),
    },
    natural_colours=("orange", "blue", "yellow", "purple", "pink"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "fly": _FLY_M_S},
    near="bird",
    homes=("park", "forest", "farm", "mountains"),
)  # fmt: skip
