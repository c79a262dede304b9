"""A flower: two rings of petals on a stem with two leaves; it sways, or opens from the bud."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, pose_of, smooth, wave

_HEIGHT = 0.92
ROOT, STEM, HEAD, LEAF_R, LEAF_L, HEART = range(6)
_PETAL = 6  # the first petal's bone
_OPEN_S = 2.1  # seconds from bud to flower
_TOP = 0.60


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the seed decides about a flower."""

    rig: Rig
    outer: int  # petals
    inner: int
    length: float
    width: float
    outer_deg: float  # how far they lean out when open
    inner_deg: float
    tilt_deg: float  # of the head


@lru_cache(maxsize=256)
def _plan(seed: int) -> _Plan:
    chance = random.Random(f"flower:{seed}")
    outer, inner = chance.choice(((6, 4), (7, 5), (8, 5)))
    petals = outer + inner
    rig = Rig(
        (-1, ROOT, STEM, ROOT, ROOT, HEAD, *([HEAD] * petals)),
        ((0, 0, 0), (0, 0.3, 0), (0, _TOP, 0), (0, 0.14, 0), (0, 0.14, 0), (0, _TOP, 0),
         *([(0, _TOP, 0)] * petals)),
        ((ROOT, (0, 0, 0)),),
    )  # fmt: skip
    return _Plan(rig, outer, inner, chance.uniform(0.43, 0.48), chance.uniform(0.17, 0.20),
                 chance.uniform(74.0, 84.0), chance.uniform(40.0, 50.0),
                 chance.uniform(24.0, 32.0))  # fmt: skip


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("flower paint"), look.rgb
    plan = _plan(look.seed)
    green = chance.choice(((0.10, 0.42, 0.08), (0.16, 0.48, 0.10), (0.06, 0.36, 0.12)))
    if look.colour == "green":
        green = (0.03, 0.20, 0.05)
    heart = chance.choice(((0.95, 0.75, 0.08), (0.45, 0.22, 0.05)))
    if look.colour in ("yellow", "orange"):
        heart = (0.30, 0.13, 0.03)
    deep = shade(colour, 0.72) if look.colour != "black" else (0.07, 0.07, 0.08)
    parts = [
        m.tube([(0, 0, 0), (0.02, 0.16, 0), (0.02, 0.32, 0), (0, 0.5, 0), (0, _TOP, 0)],
               [0.036, 0.03, 0.028, 0.028, 0.034], green, [ROOT, ROOT, STEM, STEM, HEAD],
               sectors=6),
        m.ellipsoid((0.075, 0.05, 0.075), (0, _TOP - 0.005, 0), green, HEAD, rings=4),
        m.ellipsoid((0.10, 0.08, 0.10), (0, _TOP + 0.06, 0), heart, HEART, rings=5),
        m.ellipsoid((0.13, 0.03, 0.13), (0, 0.0, 0), (0.16, 0.09, 0.05), ROOT, rings=4),
    ]  # fmt: skip
    for side, bone in ((1, LEAF_R), (-1, LEAF_L)):
        leaf = m.ellipsoid((0.19, 0.02, 0.085), (0.19, 0, 0), green, bone, rings=4)
        at = m.matrix((0, 0.14, 0), pitch_deg=44.0, yaw_deg=0.0 if side > 0 else 180.0)
        parts.append(m.transform(leaf, at))
    for i in range(plan.outer + plan.inner):
        first = i < plan.outer
        long = plan.length * (1.0 if first else 0.78)
        wide = plan.width * (1.0 if first else 0.9)
        petal = m.tube([(0.02, 0.02, 0), (0.08, 0.3 * long, 0), (0.095, 0.65 * long, 0),
                        (0.06, 0.92 * long, 0), (0.03, long, 0)],
                       [0.014, 0.024, 0.024, 0.018, 0.008],
                       colour if first else deep, _PETAL + i, sectors=6,
                       widths_P=[0.035, 0.8 * wide, wide, 0.62 * wide, 0.2 * wide])  # fmt: skip
        turn = 360.0 * (i / plan.outer if first else (i - plan.outer + 0.5) / plan.inner)
        parts.append(m.moved(m.turned(petal, turn), dy=_TOP))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    plan, start = _plan(look.seed), phase_of(look.seed)
    blooming = action == "bloom"
    opened = smooth((t_s - 0.15) / _OPEN_S) if blooming else 1.0
    u = t_s / 2.0 + start
    swing = 3.0 if blooming else 13.0
    turns: dict[int, Turn] = {
        ROOT: (0.0, 0.5 * swing * wave(u), 0.3 * swing * wave(u + 0.2)),
        STEM: (0.0, swing * wave(u - 0.08), 0.5 * swing * wave(u + 0.15)),
        HEAD: (0.0, swing * wave(u - 0.16) - 0.4 * plan.tilt_deg * opened, plan.tilt_deg * opened),
        LEAF_R: (0.0, 0.8 * swing * wave(u - 0.1), 0.0),
        LEAF_L: (0.0, 0.8 * swing * wave(u - 0.2), 0.0),
    }
    for i in range(plan.outer + plan.inner):
        first = i < plan.outer
        around = 2.0 * math.pi * (i / plan.outer if first else (i - plan.outer + 0.5) / plan.inner)
        wide, shut = (plan.outer_deg, -3.0) if first else (plan.inner_deg, -5.0)
        lean = shut + (wide - shut) * opened + (3.0 if not blooming else 1.0) * wave(u + 0.1 * i)
        # Leaning out by `lean` about the petal's own sideways axis, in the head's frame.
        turns[_PETAL + i] = _leaned(around, lean)
    size = 0.60 + 0.40 * opened
    scales = {_PETAL + i: size for i in range(plan.outer + plan.inner)}
    scales[HEART] = 0.3 + 0.7 * opened
    return pose_of(plan.rig, turns, scales=scales)


def _leaned(around: float, lean_deg: float) -> Turn:
    """Turns (yaw, pitch, roll) of the rotation by -lean about (sin a, 0, cos a): outward at a.

    From Rodrigues' formula for an axis in the x-z plane; a petal at angle a points along
    (cos a, 0, -sin a) once it lies flat.
    """
    c, s = math.cos(math.radians(lean_deg)), math.sin(math.radians(-lean_deg))
    x, z = math.sin(around), math.cos(around)
    r10, r11, r12 = z * s, c, -x * s
    r00, r20 = c + x * x * (1.0 - c), x * z * (1.0 - c)
    pitch = math.asin(max(-1.0, min(1.0, r10)))
    yaw, roll = math.atan2(-r20, r00), math.atan2(-r12, r11)
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


ASSET = Asset(
    kind="flower",
    plural="flowers",
    synonyms=("rose", "tulip", "daisy", "sunflower", "lily", "lotus", "orchid", "blossom",
              "poppy", "daffodil", "dandelion", "peony", "plant", "dahlia",
              "hibiscus", "marigold", "carnation", "rosebud", "bud"),
    actions={"sway": ("sways", "swaying"), "bloom": ("blooms", "blooming")},
    action_synonyms={
        "sway": ("stands", "grows", "moves", "dances", "swings", "waves", "rests", "nods",
                 "bends", "rocks", "flutters", "trembles", "stays"),
        "bloom": ("opens", "unfolds", "unfurls", "opens up", "comes out",
                  "wakes", "spreads its petals"),
    },
    natural_colours=("red", "pink", "yellow", "purple", "white"),
    wears=None,
    height_m=_HEIGHT,
    length_m=0.85,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"sway": 0.0, "bloom": 0.0},
    homes=("park", "forest", "farm", "mountains", "living room"),
)  # fmt: skip
