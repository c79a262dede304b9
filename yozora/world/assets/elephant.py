"""An elephant: a trunk, white tusks, ears like fans and legs like columns."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, wave

_LENGTH, _HEIGHT = 3.6, 2.75
_ACTIONS = q.words("stand", "walk", "run") | {"wave": ("waves", "waving")} | q.words("eat", "sleep")
_PACE_LENGTH = 2.6  # it moves as something shorter: with dignity
_TUSK = (0.95, 0.92, 0.82)


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 1.12 * random.Random(f"elephant legs:{seed}").uniform(0.94, 1.06)
    f = q.Frame(
        hip=(-0.86, leg), shoulder=(0.42, leg), knee_share=0.48, out=0.36,
        neck=(0.72, leg + 0.55), head=(0.95, leg + 0.72), tail=(-1.36, leg + 0.62),
        tail_middle=(-1.48, leg + 0.2), ear=(0.90, leg + 0.86, 0.36), paw=0.34,
        haunch=(-1.25, leg - 0.2), length=_PACE_LENGTH, mouth=(1.26, leg + 0.28), belly=leg - 0.28,
        thick=0.24, nose=((1.38, leg + 0.56), (1.55, leg + 0.05), (1.58, leg - 0.42)),
    )  # fmt: skip
    return f, f.rig()


def _ear(y: float, size: float, side: int, colour: m.RGB, inner: m.RGB) -> m.Mesh:
    """A fan, broad at the top and narrow below, that stands off the head."""
    rim = [(0.06, 0.20), (-0.12, 0.42), (-0.46, 0.44), (-0.70, 0.22), (-0.74, -0.12),
           (-0.56, -0.46), (-0.34, -0.62), (-0.12, -0.42), (0.04, -0.14)]  # fmt: skip
    bone = q.EAR_R if side > 0 else q.EAR_L
    blade = m.merge(
        m.slab([(x * size, v * size) for x, v in rim], 0.10, (0, 0, 0), colour, bone, rim=0.94),
        m.slab([(0.80 * x * size - 0.04, 0.78 * v * size) for x, v in rim], 0.02,
               (0, 0, 0.055), inner, bone),
    )  # fmt: skip
    stood = m.transform(blade, m.matrix((0.90, y + 0.92, 0.36), yaw_deg=26.0))
    return stood if side > 0 else m.mirrored(stood)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("elephant"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, tusk, ear = (
        chance.uniform(0.94, 1.06),
        chance.uniform(0.75, 1.2),
        chance.uniform(1.08, 1.25),
    )
    dark = shade(colour, 0.6) if sum(colour) > 0.2 else (0.10, 0.10, 0.11)
    inner = mix(colour, (0.95, 0.62, 0.58), 0.45)
    nail = mix(colour, (0.96, 0.93, 0.86), 0.75)
    n1, n2, n3 = f.nose
    parts = [
        q.trunk(f, [(-1.40, y + 0.42, 0.30, 0.28), (-1.22, y + 0.34, 0.60, 0.50),
                    (-0.80, y + 0.36, 0.72 * fat, 0.62 * fat),
                    (-0.20, y + 0.38, 0.76 * fat, 0.66 * fat), (0.36, y + 0.38, 0.70, 0.58),
                    (0.74, y + 0.44, 0.44, 0.40)], colour),
        m.ellipsoid((0.50, 0.56, 0.44), (1.02, y + 0.74, 0), colour, q.HEAD, sectors=10),
        m.ellipsoid((0.30, 0.22, 0.36), (0.94, y + 1.16, 0), colour, q.HEAD, rings=5),
        m.tube([(1.20, y + 0.72, 0), n1 + (0,), (1.50, y + 0.30, 0), n2 + (0,),
                (1.58, y - 0.20, 0), n3 + (0,), (1.62, y - 0.62, 0), (1.72, y - 0.74, 0)],
               [0.28, 0.25, 0.20, 0.17, 0.145, 0.13, 0.115, 0.10], colour,
               [q.HEAD, q.HEAD, q.NOSE_1, q.NOSE_1, q.NOSE_2, q.NOSE_2, q.NOSE_3, q.NOSE_3]),
        m.ellipsoid((0.22, 0.13, 0.20), (1.16, y + 0.34, 0), colour, q.JAW, rings=4),
        m.tube([(-1.36, y + 0.66, 0), (-1.48, y + 0.30, 0), (-1.52, y - 0.18, 0)],
               [0.07, 0.05, 0.04], colour, [q.REAR, q.TAIL, q.TIP], sectors=6),
        m.ellipsoid((0.09, 0.16, 0.09), (-1.53, y - 0.26, 0), dark, q.TIP, rings=4, sectors=6),
        q.food("hay", 0.8),
    ]  # fmt: skip
    for side in (1, -1):
        z = 0.27 * side
        parts += [
            _ear(y, ear, side, colour, inner),
            m.tube([(1.24, y + 0.50, z), (1.46, y + 0.22, 1.15 * z),
                    (1.46 + 0.30 * tusk, y + 0.10, 1.2 * z),
                    (1.46 + 0.56 * tusk, y + 0.20, 1.1 * z)],
                   [0.09, 0.085, 0.07, 0.015], _TUSK, q.HEAD, sectors=6),
            q.eye((1.32, y + 0.90, 0.36 * side), 0.075),
        ]  # fmt: skip
    for (x, hip), z, upper, lower in ((f.shoulder, f.out, q.FORE_R, q.PAW_R),
                                      (f.shoulder, -f.out, q.FORE_L, q.PAW_L),
                                      (f.hip, f.out, q.HIND_R, q.HOCK_R),
                                      (f.hip, -f.out, q.HIND_L, q.HOCK_L)):  # fmt: skip
        knee = f.knee_share * hip
        parts += [
            m.capsule((x, hip + 0.1, z), (x, knee, z), 0.30, 0.235, colour, upper, sectors=8),
            m.tube([(x, knee + 0.14, z), (x, 0.16, z), (x + 0.02, 0.0, z)],
                   [0.23, 0.22, 0.27], colour, lower, sectors=8),
            m.ellipsoid((0.06, 0.08, 0.18), (x + 0.225, 0.07, z), nail, lower, rings=3, sectors=6),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    f, rig = _frame(look.seed)
    start = phase_of(look.seed)
    gait = gaits.gait_of(f, action, t_s, look.seed, wag=20.0)
    sway = wave(t_s / 1.6 + start)
    flap = 4.0 + 15.0 * wave(t_s / (0.5 if action in ("run", "wave") else 1.3) + start)
    bends = (3.0 * sway, 5.0 * sway, 8.0 * wave(t_s / 1.6 + start - 0.15))
    if action == "run":
        gait.turns[q.NECK], bends = (0.0, 6.0, 0.0), (38.0, 34.0, 30.0 + 12.0 * sway)
    elif action == "wave":  # the trunk goes up and swings, the head is thrown back
        swing = wave(t_s / 0.8 + start)
        gait.turns[q.NECK] = (0.0, 14.0 + 3.0 * swing, 0.0)
        bends = (62.0 + 6.0 * swing, 52.0 + 16.0 * swing, 24.0 + 26.0 * swing)
    elif action == "eat":  # the trunk takes food from the ground up to the mouth, again and again
        up = bump(t_s / 1.3 + start)
        gait.turns |= {q.NECK: (0.0, -14.0, 0.0), q.HEAD: (0.0, 4.0 * up, 0.0)}
        bends = (8.0 - 26.0 * up, 12.0 - 50.0 * up, 20.0 - 88.0 * up)
        gait.food = (f.nose[0][0] + 0.22, 0.0, 0.0)
    elif action == "sleep":
        bends = (64.0, 34.0, 6.0)
        gait.turns[q.NECK], gait.turns[q.HEAD] = (0.0, -20.0, 0.0), (0.0, -8.0, 0.0)
        flap = 8.0
    for bone, bend in zip((q.NOSE_1, q.NOSE_2, q.NOSE_3), bends, strict=True):
        side = 10.0 * sway if action in ("stand", "walk") else 0.0
        turn: Turn = (side, bend, 0.0)
        gait.turns[bone] = turn
    gait.turns[q.EAR_R], gait.turns[q.EAR_L] = (flap, 0.0, 0.0), (-flap, 0.0, 0.0)
    return gaits.posed(rig, gait)


ASSET = Asset(
    kind="elephant",
    plural="elephants",
    synonyms=("mammoth", "woolly mammoth", "mastodon", "tusker", "pachyderm", "jumbo",
              "elephant calf", "baby elephant", "rhino", "rhinoceros", "hippo", "hippopotamus",
              "tapir", "anteater"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(
        _ACTIONS,
        wave=("trumpets", "raises its trunk", "waves its trunk", "swings its trunk", "sprays",
              "sprays water", "greets", "salutes", "showers", "squirts"),
    ),
    natural_colours=("grey", "brown", "pink", "blue"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _PACE_LENGTH),
    near="horse",
    homes=("desert", "forest", "park", "mountains"),
)  # fmt: skip
