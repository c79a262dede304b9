"""A rocket: it stands upright on its fins, round windows below a pointed nose; fire lifts it."""

from __future__ import annotations

import math

from yozora.world import mesh as m
from yozora.world.assets import bodywork as w
from yozora.world.assets.asset import Asset, Look, Pose, phase_of
from yozora.world.assets.rig import Rig, pose_of, smooth, wave

_LENGTH, _HEIGHT = 2.5, 5.0
ROOT, HULL, FLAME = range(3)
_PUFFS = 8  # of smoke, from the nozzle to the ground
_FIRST = 3
_BASE = 0.85  # metres, of the nozzle's mouth
_RIG = Rig(
    (-1, ROOT, HULL, *(ROOT,) * _PUFFS),
    ((0, 0, 0), (0, _BASE, 0), (0, _BASE, 0), *((0.0, _BASE + 0.35, 0.0),) * _PUFFS),
)
_RISE = 2.1  # metres
_FLAME = 2.1  # metres long


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("rocket"), look.rgb
    second, dark = w.second_on(colour), w.trim_on(colour)
    glass = (0.20, 0.66, 0.88) if look.colour not in ("cyan", "blue") else (0.98, 0.80, 0.30)
    fat, fins = chance.uniform(1.0, 1.18), 4 if chance.random() < 0.6 else 3
    nose_y = 3.75
    body = [(0.95, 0.0), (0.95, 0.44), (1.5, 0.60), (2.3, 0.67), (3.1, 0.62), (nose_y, 0.50)]
    parts = [
        w.revolved([(y, fat * r) for y, r in body], (0, 0, 0), colour, HULL, 14, axis="y"),
        w.revolved([(nose_y, 0.50 * fat), (4.2, 0.36 * fat), (4.6, 0.2 * fat), (5.0, 0.0)],
                   (0, 0, 0), second if chance.random() < 0.6 else colour, HULL, 14, axis="y"),
        w.revolved([(nose_y - 0.14, 0.535 * fat), (nose_y + 0.04, 0.51 * fat)], (0, 0, 0),
                   second, HULL, 14, axis="y"),
        w.revolved([(1.28, 0.565 * fat), (1.55, 0.625 * fat)], (0, 0, 0), second, HULL, 14,
                   axis="y"),
        w.revolved([(_BASE - 0.12, 0.0), (_BASE - 0.12, 0.42), (1.05, 0.28)], (0, 0, 0), dark,
                   HULL, 10, axis="y"),
    ]  # fmt: skip
    for turn in (0.0, 90.0, 180.0, 270.0):  # a window on each side
        pane = m.merge(
            m.cylinder((0.40 * fat, 2.85, 0), (0.67 * fat, 2.85, 0), 0.33, second, HULL),
            m.cylinder((0.40 * fat, 2.85, 0), (0.70 * fat, 2.85, 0), 0.25, glass, HULL, glow=0.3),
        )
        parts.append(m.turned(pane, turn - 90.0))
    fin = [(0.42, 1.0), (0.95, 0.0), (1.22, 0.0), (1.20, 0.75), (0.55, 1.95)]
    for k in range(fins):
        blade = m.slab(fin, 0.15, (0, 0, 0), colour, HULL, rim=0.94)
        parts.append(m.turned(blade, 360.0 * k / fins + (45.0 if fins == 4 else 30.0)))
    fire, core = (1.0, 0.50, 0.06), (1.0, 0.93, 0.55)
    parts += [
        w.revolved([(-_FLAME, 0.0), (-1.3, 0.40), (-0.5, 0.66), (-0.08, 0.40)], (0, _BASE, 0),
                   fire, FLAME, 10, glow=1.0, axis="y"),
        w.revolved([(-1.3, 0.0), (-0.6, 0.30), (-0.05, 0.28)], (0.0, _BASE, 0.42), core, FLAME,
                   8, glow=1.0, axis="y"),
        w.revolved([(-1.3, 0.0), (-0.6, 0.30), (-0.05, 0.28)], (0.0, _BASE, -0.42), core, FLAME,
                   8, glow=1.0, axis="y"),
    ]  # fmt: skip
    for k in range(_PUFFS):
        grey = 0.80 + 0.05 * (k % 3)
        smoke = (grey, grey, 0.98 * grey)
        at = (0, _BASE + 0.35, 0)
        parts.append(m.ellipsoid((0.80, 0.64, 0.80), at, smoke, _FIRST + k, rings=4, sectors=7))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    small = dict.fromkeys(range(FLAME, _FIRST + _PUFFS), 0.02)
    start = phase_of(look.seed)
    if action == "fly":
        u = t_s / 2.2 + start
        lean, up = 62.0 + 5.0 * wave(u), 1.55 + 0.2 * wave(u + 0.3)
        turns = {HULL: (0.0, -lean, 9.0 * wave(0.5 * u))}
        high = pose_of(_RIG, turns, scales={**small, FLAME: 1.0 + 0.1 * wave(t_s / 0.19)})
        high.bones_B44[HULL : FLAME + 1, :3, 3] += (-1.6, up, 0.0)
        return high
    if action != "launch":
        return pose_of(_RIG, {}, scales=small)
    # It rises at once and then ever more slowly, so that it stays in the picture; smoke that
    # streams down past it goes on telling that it climbs.
    rise = _RISE * (1.0 - math.exp(-t_s / 0.5)) + 0.14 * wave(t_s / 1.9) * smooth(t_s / 2.0)
    power = 0.35 + 0.65 * smooth(t_s / 0.25)
    flame = power * (1.0 + 0.10 * wave(t_s / 0.19 + start))
    scales = {FLAME: min(flame, (_BASE + rise + 0.15) / _FLAME)}  # it ends at the ground
    shift = []
    for k in range(_PUFFS):
        u = (t_s / 1.15 + k / _PUFFS) % 1.0
        fall = smooth(u / 0.45)  # from the nozzle to the ground, then outward
        away = smooth((u - 0.25) / 0.63)
        back = smooth((u - 0.90) / 0.10)  # unseen, to the nozzle
        angle = 2.399 * k + 0.4
        reach = 1.55 * away * (1.0 - back)
        top = rise - 1.3
        height = (top + (-0.68 - top) * fall) * (1.0 - back) + top * back
        shift.append((reach * math.cos(angle), height, 0.7 * reach * math.sin(angle)))
        grown = 0.25 + 0.9 * smooth(u / 0.5) * (1.0 - smooth((u - 0.66) / 0.24))
        seen = smooth(u / 0.06) * (1.0 - smooth((u - 0.82) / 0.06))
        scales[_FIRST + k] = max(0.03, power * grown * seen)
    out = pose_of(_RIG, {HULL: (0.0, 0.8 * wave(t_s / 0.23), 0.0)}, scales=scales)
    out.bones_B44[HULL : FLAME + 1, 1, 3] += rise
    for k, move in enumerate(shift):
        out.bones_B44[_FIRST + k, :3, 3] += move
    return out


ASSET = Asset(
    kind="rocket",
    plural="rockets",
    synonyms=("rocket ship", "rocketship", "space rocket", "missile", "space shuttle", "shuttle",
              "torpedo", "space capsule", "moon rocket", "booster", "launcher", "satellite",
              "probe"),
    actions={
        "stand": ("stands", "standing"),
        "launch": ("launches", "launching"),
        "fly": ("flies", "flying"),
    },
    action_synonyms={
        "stand": ("waits", "rests", "stays", "stand still", "sits", "lands", "towers"),
        "launch": ("lifts off", "lift off", "takes off", "take off", "blast off", "rises",
                   "ascends", "starts", "climbs", "ignites", "shoots", "hovers"),
        "fly": ("soars", "goes", "zooms", "moves", "speeds", "travels", "races", "cruises",
                "passes", "fly by", "drifts", "glides"),
    },
    natural_colours=("white", "red", "silver", "orange", "blue"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "launch": 0.0, "fly": 0.6 * _HEIGHT},
    near="spaceship",
    homes=("desert", "space", "future city", "mountains"),
)  # fmt: skip
