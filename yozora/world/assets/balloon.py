"""A big toy balloon on a string: it bobs where it is, or rises and drifts away."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, pose_of, smooth, wave

_HEIGHT, _RADIUS = 1.9, 0.54
_LINKS = 5  # of the string; the balloon is the last bone
_LINK = 0.12  # metres each
_KNOT = _LINKS * _LINK  # height of the knot above the string's end
_RIG = Rig(
    (-1, *range(_LINKS)),
    ((0.0, 0.0, 0.0), *((0.0, _LINK * k, 0.0) for k in range(1, _LINKS + 1))),
)
_BOB_S = 2.2
_FLY_M_S = 0.75


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("balloon"), look.rgb
    tall = chance.uniform(0.97, 1.04)
    outline = [(0.0, 0.0), (0.02, 0.10), (0.18, 0.28), (0.42, 0.45), (0.66, 0.53), (0.84, 0.54),
               (1.02, 0.48), (1.14, 0.35), (1.22, 0.16), (1.23, 0.0)]  # fmt: skip
    skin = m.lathe([(y * tall, r) for y, r in outline], (0, _KNOT, 0), colour, _LINKS,
                   sectors=18)  # fmt: skip
    dark = shade(colour, 0.7)
    cord = (0.93, 0.92, 0.88) if chance.random() < 0.6 else (0.45, 0.35, 0.25)
    parts = [skin, m.cone((0, _KNOT - 0.07, 0), 0.075, (0, _KNOT + 0.06, 0), dark, _LINKS)]
    for way in (62.0, 152.0, 242.0, 332.0):  # a window's light on the skin, whoever looks
        shine = m.ellipsoid((0.03, 0.13, 0.06), (0.515, 0, 0), (1.0, 1.0, 1.0), _LINKS, 0.85,
                            rings=4, sectors=8)  # fmt: skip
        up = m.transform(shine, m.matrix((0, _KNOT + 0.76, 0), pitch_deg=27.0))
        parts.append(m.turned(up, -way))
    for k in range(_LINKS):
        parts.append(m.capsule((0, _LINK * k, 0), (0, _LINK * (k + 1), 0), 0.016, 0.016, cord, k,
                               sectors=4))  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    flying = action == "fly"
    u = t_s / _BOB_S + start
    # The string is a zigzag: the more it folds, the lower the balloon hangs.
    fold = 24.0 if flying else 8.0 + 34.0 * bump(u)
    trail = -16.0 if flying else 0.0
    turns: dict[int, Turn] = {}
    before = 0.0
    for k in range(_LINKS):
        lean = (
            trail + fold * (1.0 if k % 2 else -1.0) + (9.0 * wave(u - 0.12 * k) if flying else 0.0)
        )
        turns[k] = (0.0, lean - before, 0.0)
        before = lean
    tip = (6.0 * wave(0.5 * u) - 9.0) if flying else 5.0 * wave(0.5 * u)
    turns[_LINKS] = (0.0, tip - before, 0.0)
    rise = 0.30 + 0.42 * smooth(t_s / 3.5) + 0.04 * wave(u) if flying else 0.0
    return pose_of(_RIG, turns, (0.0, rise, 0.0))


ASSET = Asset(
    kind="balloon",
    plural="balloons",
    synonyms=("toy balloon", "party balloon", "helium balloon", "birthday balloon", "air balloon",
              "rubber balloon", "hot air balloon", "hot-air balloon", "blimp", "airship",
              "zeppelin"),
    actions={"float": ("floats", "floating"), "fly": ("flies", "flying")},
    action_synonyms={
        "float": ("hovers", "hangs", "bobs", "stands", "stays", "waits", "sways", "rests",
                  "dangles"),
        "fly": ("rises", "drifts", "soars", "ascends", "flies away", "floats away", "takes off",
                "goes", "moves", "glides", "travels", "lifts off"),
    },
    natural_colours=("red", "yellow", "blue", "pink", "green", "purple"),
    wears=None,
    height_m=_HEIGHT,
    length_m=2.0 * _RADIUS,
    setting="air",
    build=build,
    pose=pose,
    stride_m_s={"float": 0.0, "fly": _FLY_M_S},
    near="ball",
    homes=("park", "street", "beach", "market", "mountains"),
)  # fmt: skip
