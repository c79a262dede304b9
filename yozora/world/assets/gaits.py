"""How four-legged things move, whatever their frame: every action of `quadruped.ACTIONS`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Pose, phase_of
from yozora.world.assets.quadruped import Frame
from yozora.world.assets.rig import Place, Rig, Turn, bump, leap, pose_of, step, through, wave

PAIRS = ((q.FORE_R, q.PAW_R), (q.FORE_L, q.PAW_L), (q.HIND_R, q.HOCK_R), (q.HIND_L, q.HOCK_L))
_HIDDEN = 0.004  # size of what is not shown now


@dataclass(slots=True)
class Gait:
    """A moment of an action, before it becomes matrices; a kind may change it on the way."""

    turns: dict[int, Turn] = field(default_factory=dict)
    lift: float | None = 0.0  # height of the lowest foot
    move: Place = (0.0, 0.0, 0.0)
    ear: float = 0.0  # degrees that the ears rise
    back: float = 0.0  # degrees that they lie back
    scales: dict[int, float] = field(default_factory=dict)
    food: Place | None = None  # where its food is, on the ground


def pose(f: Frame, rig: Rig, action: str, t_s: float, seed: int, wag: float) -> Pose:
    """The pose at a time; `wag` in degrees is how far the tail swings."""
    gait = gait_of(f, action, t_s, seed, wag)
    pitch = gait.back + (0.0 if f.hops else 0.3 * gait.ear)
    gait.turns[q.EAR_R] = (0.0, pitch, gait.ear)
    gait.turns[q.EAR_L] = (0.0, pitch, -gait.ear)
    return posed(rig, gait)


def posed(rig: Rig, gait: Gait) -> Pose:
    """The matrices of a gait; food stays on the ground where it is."""
    out = pose_of(rig, gait.turns, gait.move, gait.lift, gait.scales)
    size, at = (_HIDDEN, rig.pivot_B[0]) if gait.food is None else (1.0, gait.food)
    out.bones_B44[q.FOOD] = np.diag((size, size, size, 1.0))
    out.bones_B44[q.FOOD, :3, 3] = at
    return out


def gait_of(f: Frame, action: str, t_s: float, seed: int, wag: float) -> Gait:
    """What each action does; one that is unknown stands."""
    start = phase_of(seed)
    if action == "walk":
        return _hop(f, t_s, start, lively=False) if f.hops else _walk(f, t_s, start, wag)
    if action == "run":
        return _hop(f, t_s, start, lively=True) if f.hops else _run(f, t_s, start, wag)
    makers = {
        "jump": _jump,
        "sit": _sit,
        "rear": _rear,
        "roar": _roar,
        "eat": _eat,
        "sleep": _sleep,
    }
    return makers.get(action, _stand)(f, t_s, start, wag)


def _stand(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    u = t_s / 2.8 + start
    tail = t_s / 0.6 + start
    return Gait({
        q.FRONT: (0.0, 1.5 * wave(u), 0.0),
        q.NECK: (0.0, 4.0 * wave(u), 0.0),
        q.HEAD: (15.0 * wave(0.5 * u), 3.0 * wave(u + 0.2), 0.0),
        q.TAIL: (1.6 * wag * wave(tail), 0.0, 0.0),
        q.TIP: (0.8 * wag * wave(tail - 0.15), 0.0, 0.0),
    }, ear=3.0 * wave(u))  # fmt: skip


def _walk(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    swing, stance = 29.0, 0.56
    sweep = 2.0 * f.shoulder[1] * math.sin(math.radians(swing)) / stance
    u = t_s * q.WALK_LENGTHS_S * f.length / sweep + start
    gait = Gait(ear=7.0 * wave(2.0 * u))
    for (leg, low), shift in zip(PAIRS, (0.0, 0.5, 0.62, 0.12), strict=True):
        hip, knee = step(u + shift, swing, 56.0, stance)
        gait.turns[leg], gait.turns[low] = (0.0, hip, 0.0), (0.0, knee, 0.0)
    gait.turns |= {
        q.REAR: (0.0, 1.5 * wave(2.0 * u), 2.5 * wave(u)),
        q.NECK: (0.0, 6.0 * wave(2.0 * u + 0.2), 0.0),
        q.HEAD: (4.0 * wave(u), -4.0 * wave(2.0 * u), 0.0),
        q.TAIL: (wag * wave(u), 6.0 * wave(2.0 * u), 0.0),
        q.TIP: (0.6 * wag * wave(u - 0.15), 0.0, 0.0),
    }
    return gait


def _run(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    """A gallop: gather, stretch, and both pairs land one after the other."""
    swing, stance = 48.0, 0.34
    sweep = 2.0 * f.shoulder[1] * math.sin(math.radians(swing)) / stance
    u = t_s * q.RUN_LENGTHS_S * f.length / sweep + start
    rock = wave(u + 0.42)
    gait = Gait(lift=0.22 * f.shoulder[1] * bump(u + 0.12), ear=-38.0 + 22.0 * wave(u))
    for (leg, low), shift in zip(PAIRS, (0.0, 0.11, 0.5, 0.60), strict=True):
        hip, knee = step(u + shift, swing, 88.0, stance)
        gait.turns[leg], gait.turns[low] = (0.0, hip, 0.0), (0.0, knee, 0.0)
    gait.turns |= {
        q.REAR: (0.0, 8.0 * rock, 0.0),
        q.FRONT: (0.0, -15.0 * wave(u + 0.22), 0.0),
        q.NECK: (0.0, -16.0 - 9.0 * rock, 0.0),
        q.HEAD: (0.0, 9.0, 0.0),
        q.TAIL: (0.3 * wag * wave(u), 14.0 + 20.0 * wave(u + 0.1), 0.0),
        q.TIP: (0.0, 10.0 * wave(u - 0.1), 0.0),
    }
    return gait


def _hop(f: Frame, t_s: float, start: float, lively: bool) -> Gait:
    """Bounds: the hind legs push together, the body flies in an arc, the front legs land first."""
    u = (t_s / (0.42 if lively else 0.62) + start) % 1.0
    air = max(0.0, math.sin(math.pi * u / 0.72)) if u < 0.72 else 0.0
    slope = math.cos(math.pi * u / 0.72) if u < 0.72 else -math.cos(math.pi * (u - 0.72) / 0.28)
    size = 1.0 if lively else 0.6
    fore = size * through(u, [(0.0, -5.0), (0.35, 55.0), (0.68, 45.0), (0.88, -30.0)])
    hind = size * through(u, [(0.0, 45.0), (0.25, 62.0), (0.64, -46.0), (0.84, -25.0)])
    gait = Gait(lift=0.95 * size * f.shoulder[1] * air, back=18.0 + 42.0 * size * air)
    for leg, low in PAIRS[:2]:
        gait.turns[leg], gait.turns[low] = (0.0, fore, 0.0), (0.0, -40.0 * size * air, 0.0)
    for leg, low in PAIRS[2:]:
        gait.turns[leg], gait.turns[low] = (0.0, -hind, 0.0), (0.0, 0.6 * min(hind, 0.0), 0.0)
    gait.turns |= {
        q.REAR: (0.0, 22.0 * size * slope, 0.0),
        q.FRONT: (0.0, -14.0 * size * slope, 0.0),
        q.HEAD: (0.0, -10.0 * size * slope, 0.0),
        q.TAIL: (0.0, 20.0 * slope, 0.0),
    }
    return gait


def _jump(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    tall = f.shoulder[1]
    crouch, height, stretch = leap(t_s / 1.15 + start)
    rise = wave(0.5 * ((t_s / 1.15 + start) % 1.0 - 0.28) / 0.24) if stretch > 0.0 else 0.0
    gait = Gait(lift=0.85 * tall * height + 0.1 * f.length * height, ear=-40.0 * stretch)
    for (leg, low), front in zip(PAIRS, (1, 1, 0, 0), strict=True):
        reach = (58.0 if front else -48.0) * stretch
        fold = 46.0 if front else 52.0
        gait.turns[leg] = (0.0, fold * crouch + reach, 0.0)
        gait.turns[low] = (0.0, -1.9 * fold * crouch - (38.0 if front else 8.0) * stretch, 0.0)
    gait.turns |= {
        q.REAR: (0.0, 24.0 * rise, 0.0),
        q.FRONT: (0.0, -10.0 * stretch, 0.0),
        q.NECK: (0.0, -24.0 * crouch + 8.0 * stretch, 0.0),
        q.TAIL: (
            0.0,
            38.0 * crouch - 24.0 * stretch
            if f.tail_middle[1] > f.tail[1]
            else -54.0 * max(crouch, stretch),
            0.0,
        ),
    }
    return gait


def _sit(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    u, tall = t_s / 2.6 + start, f.shoulder[1]
    if f.hops:
        return _beg(u)
    # The haunch and the front paws touch the ground: the pitch follows from the bones.
    long_m, rise_m = f.shoulder[0] - f.haunch[0], tall - f.haunch[1]
    up = math.degrees(math.asin(min(0.95, tall / math.hypot(long_m, rise_m)))
                      - math.atan2(rise_m, long_m))  # fmt: skip
    a = math.radians(up)
    hip_m = (f.hip[0] - f.haunch[0]) * math.sin(a) + (f.hip[1] - f.haunch[1]) * math.cos(a)
    shin_m = f.knee_share * f.hip[1]
    fold = math.degrees(math.acos(max(-0.9, min(0.9, (hip_m - shin_m) / (f.hip[1] - shin_m)))))
    gait = Gait({q.REAR: (0.0, up, 0.0)})
    for (leg, low), front in zip(PAIRS, (1, 1, 0, 0), strict=True):
        gait.turns[leg] = (0.0, -up if front else fold - up, 0.0)
        gait.turns[low] = (0.0, 0.0 if front else -fold, 0.0)
    tail, upright = t_s / 0.55 + start, f.tail_middle[1] > f.tail[1]
    root = (f.tail[0] - f.haunch[0]) * math.sin(a) + (f.tail[1] - f.haunch[1]) * math.cos(a)
    gait.turns |= {
        q.NECK: (5.0 * wave(0.5 * u), -0.55 * up + 3.0 * wave(u), 0.0),
        q.HEAD: (16.0 * wave(0.5 * u + 0.2), -0.4 * up, 0.0),
        q.TAIL: (1.7 * wag * wave(tail), -0.9 * up if upright else _laid(f, 0.4 * root) - up, 0.0),
        q.TIP: (0.7 * wag * wave(tail - 0.15), 0.0, 0.0),
    }
    return gait


def _beg(u: float) -> Gait:
    """Upright on the haunches, the front paws before the chest."""
    up = 56.0 + 2.0 * wave(u)
    gait = Gait({q.REAR: (0.0, up, 0.0)}, ear=6.0 * wave(2.0 * u), back=-8.0)
    for leg, low in PAIRS[:2]:
        gait.turns[leg] = (0.0, -18.0 + 10.0 * wave(2.0 * u), 0.0)
        gait.turns[low] = (0.0, 24.0, 0.0)
    for leg, _ in PAIRS[2:]:
        gait.turns[leg] = (0.0, -up, 0.0)
    gait.turns[q.NECK] = (0.0, -0.45 * up, 0.0)
    gait.turns[q.HEAD] = (18.0 * wave(0.5 * u), -0.45 * up, 0.0)
    return gait


def _rear(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    """On its hind legs: a hoofed one at a slant, pawing the air, a bear upright."""
    u = t_s / 1.1 + start
    up = (48.0 + 7.0 * wave(0.5 * u)) if f.hoofed else 74.0 + 4.0 * wave(0.5 * u)
    gait = Gait({q.REAR: (0.0, up, 0.0 if f.hoofed else 5.0 * wave(0.5 * u))})
    for side, (leg, low) in zip((0.0, 0.5), PAIRS[:2], strict=True):
        paw = wave(u + side)
        gait.turns[leg] = (0.0, (18.0 if f.hoofed else -8.0) + 32.0 * paw, 0.0)
        gait.turns[low] = (0.0, -62.0 - 28.0 * paw if f.hoofed else 22.0 + 16.0 * paw, 0.0)
    for leg, low in PAIRS[2:]:
        gait.turns[leg] = (0.0, -up + 16.0, 0.0)
        gait.turns[low] = (0.0, -18.0, 0.0)
    gait.turns |= {
        q.NECK: (0.0, -0.42 * up + 6.0 * wave(u), 0.0),
        q.HEAD: (0.0, -0.30 * up, 0.0),
        q.TAIL: (0.5 * wag * wave(u), -0.5 * up, 0.0),
        q.JAW: (0.0, -14.0, 0.0),
    }
    return gait


def _roar(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    """The chest down, the head thrown up and shaking, the mouth wide open, again and again."""
    u = t_s / 1.2 + start
    loud = bump(u) ** 0.5
    shake = wave(t_s / 0.16) * loud
    gait = Gait(ear=-16.0 * loud)
    gait.turns |= {
        q.REAR: (0.0, 9.0 * loud, 0.0),
        q.FRONT: (0.0, 6.0 * loud, 0.0),
        q.NECK: (3.0 * shake, 18.0 * loud - 16.0 * (1.0 - loud), 0.0),
        q.HEAD: (4.0 * shake, 26.0 * loud - 12.0 * (1.0 - loud), 0.0),
        q.JAW: (0.0, -52.0 * loud, 0.0),
        q.TAIL: (2.0 * wag * wave(t_s / 0.5 + start), 0.0, 0.0),
        q.TIP: (wag * wave(t_s / 0.5 + start - 0.15), 0.0, 0.0),
    }
    for leg, _ in PAIRS[2:]:
        gait.turns[leg] = (0.0, -9.0 * loud, 0.0)
    for leg, _ in PAIRS[:2]:
        gait.turns[leg] = (0.0, 6.0 * loud, 0.0)
    return gait


def _eat(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    """The muzzle on the ground, chewing fast, the food in front of it."""
    bow, front = f.bow_deg, 0.4 * f.bow_deg
    neck, head, x = _down(f, bow, front)
    chew = wave(t_s / 0.36 + start)
    tug = bump(t_s / 1.5 + start) ** 3
    gait = Gait(food=(x + 0.04 * f.length, 0.0, 0.0))
    drop = (f.shoulder[0] - f.hip[0]) * math.sin(math.radians(bow))
    fold = math.degrees(math.acos(max(0.3, 1.0 - drop / f.shoulder[1])))
    fold = fold if f.hoofed else -fold
    for leg, low in PAIRS[:2]:
        gait.turns[leg] = (0.0, fold + bow + front, 0.0)
        gait.turns[low] = (0.0, -2.0 * fold, 0.0)
    for leg, _ in PAIRS[2:]:
        gait.turns[leg] = (0.0, bow, 0.0)
    gait.turns |= {
        q.REAR: (0.0, -bow, 0.0),
        q.FRONT: (0.0, -front, 0.0),
        q.NECK: (5.0 * tug, neck + 9.0 * tug, 0.0),
        q.HEAD: (9.0 * wave(t_s / 1.5 + start), head + 8.0 * (0.5 + 0.5 * chew), 0.0),
        q.JAW: (0.0, -11.0 - 11.0 * chew, 0.0),
        q.TAIL: (1.4 * wag * wave(t_s / 0.7 + start), bow, 0.0),
        q.TIP: (0.8 * wag * wave(t_s / 0.7 + start - 0.15), 0.0, 0.0),
    }
    return gait


def _sleep(f: Frame, t_s: float, start: float, wag: float) -> Gait:
    """On its belly, the head on the ground, the eyes shut, breathing deeply."""
    breath, side = wave(t_s / 1.7 + start), 1.0 if start > 0.5 else -1.0
    neck, head, *_ = reach(f, 0.0, 0.0, f.belly + f.chin, f.nod)
    gait = Gait(lift=None, move=(0.0, -f.belly, 0.0), ear=-8.0 + 4.0 * breath,
                back=62.0 - head - neck if f.hops else 0.0)  # fmt: skip
    for (leg, low), front in zip(PAIRS, (1, 1, 0, 0), strict=True):
        y = (f.shoulder if front else f.hip)[1]
        upper = (1.0 - f.knee_share) * y
        forward = math.degrees(math.acos(max(0.0, min(0.95, (y - f.belly - f.thick) / upper))))
        gait.turns[leg] = (0.0, forward, 0.0)
        if f.hoofed:
            gait.turns[low] = (0.0, -92.0 - forward, 0.0)
        else:  # forward, and the paw turned outward, so that it lies flat
            out = 1.0 if leg in (q.FORE_L, q.HIND_L) else -1.0
            gait.turns[low] = (90.0 * out, 0.0, (forward - 90.0) * out)
    gait.turns |= {
        q.NECK: (14.0 * side, neck + 1.5 * breath, 0.0),
        q.HEAD: (16.0 * side, head - 1.5 * breath, 0.0),
        q.TAIL: (24.0 + 3.0 * breath, _laid(f, f.tail[1] - f.belly), 0.0),
        q.TIP: (18.0, 0.0, 0.0),
    }
    gait.scales = {q.REAR: 1.0 + 0.035 * breath, q.EYES: 0.2, q.FRONT: 1.0 + 0.02 * breath}
    return gait


@lru_cache(maxsize=512)
def _laid(f: Frame, high: float) -> float:
    """The turn in degrees by which a tail whose root is so high comes to lie behind."""
    x, y = f.tail_middle[0] - f.tail[0], f.tail_middle[1] - f.tail[1]
    slope = math.asin(max(0.0, min(0.9, high / (2.2 * math.hypot(x, y)))))
    return 180.0 + 0.45 * math.degrees(slope) - math.degrees(math.atan2(y, x)) % 360.0


@lru_cache(maxsize=512)
def _down(f: Frame, bow: float, front: float) -> tuple[float, float, float]:
    """`reach` to the ground, as far forward as the neck allows."""
    ground = 0.04 * f.shoulder[1]
    for share in (*((-1.2, -1.0, -0.8) if f.hoofed else ()), -0.6, -0.45, -0.3, -0.15, 0.0):
        neck, head, x, y = reach(f, bow, front, ground, share)
        if y <= ground:
            break
    return neck, head, x


@lru_cache(maxsize=2048)
def reach(
    f: Frame, bow: float, front: float, ground: float, share: float
) -> tuple[float, float, float, float]:
    """(neck, head, x, y): turns in degrees that bring the mouth down to a height; where it is.

    The head turns by `share` of the neck; where even the deepest turn stays above, that is taken.
    """
    best = (math.inf, 0.0, 0.0)
    for neck in range(0, 116, 2):
        x, y = f.mouth
        for (px, py), degrees in ((f.head, -neck * share), (f.neck, -neck), (f.bend, -front),
                                  (f.hip, -bow)):  # fmt: skip
            a = math.radians(degrees)
            dx, dy = x - px, y - py
            x, y = (px + dx * math.cos(a) - dy * math.sin(a),
                    py + dx * math.sin(a) + dy * math.cos(a))  # fmt: skip
        if y < best[0]:
            best = (y, float(neck), x)
        if y <= ground:
            break
    return -best[1], -best[1] * share, best[2], best[0]
