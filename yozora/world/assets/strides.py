"""How two legs walk, run, jump, dance, stand and wave."""

from __future__ import annotations

import math

from yozora.world.assets.rig import bump, leap, smooth, step, wave
from yozora.world.assets.skeleton import (
    ARM_L,
    ARM_R,
    CAPE_1,
    CAPE_2,
    CAPE_3,
    CHEST,
    FORE_L,
    FORE_R,
    HAIR,
    HEAD,
    HEM_L,
    HEM_R,
    HIPS,
    LEG_L,
    LEG_R,
    SHIN_L,
    SHIN_R,
    SKIRT_L,
    SKIRT_R,
    Build,
    Stance,
    reach,
)

WALK_HEIGHTS_S, RUN_HEIGHTS_S = 0.55, 1.4
_WALK_DEG, _RUN_DEG = 27.0, 46.0
_LEGS = ((LEG_R, SHIN_R, SKIRT_R, HEM_R), (LEG_L, SHIN_L, SKIRT_L, HEM_L))


def stream(stance: Stance, back_deg: float, flutter_deg: float, u: float) -> None:
    """Cape and scarf blow backward, with a wave that runs down them once a turn of `u`."""
    for i, (bone, share) in enumerate(((CAPE_1, 0.6), (CAPE_2, 0.22), (CAPE_3, 0.18))):
        ripple = flutter_deg * wave(u - 0.22 * i)
        stance.turns[bone] = (
            0.5 * ripple,
            -share * back_deg + (0.35 + 0.4 * i) * ripple,
            0.3 * ripple,
        )


def stride(b: Build, t_s: float, start: float, loose: float, run: bool) -> Stance:
    """Walking or running at WALK_HEIGHTS_S or RUN_HEIGHTS_S heights a second."""
    out = Stance(level=0.6 if run else 0.92)
    turns = out.turns
    swing = _RUN_DEG if run else _WALK_DEG
    speed = (RUN_HEIGHTS_S if run else WALK_HEIGHTS_S) * b.height
    stance = 0.36 if run else 0.54
    sweep = 2.0 * b.hip * math.sin(math.radians(swing)) / stance  # metres a cycle
    u = t_s * speed / sweep + start
    for (leg, shin, skirt, hem), v in zip(_LEGS, (u, u + 0.5), strict=True):
        hip, knee = step(v, swing, 105.0 if run else 52.0, stance)
        hip += (10.0 if run else 3.0) * (knee < -5.0)
        turns[leg] = (0.0, hip, 0.0)
        turns[shin] = (0.0, knee - (9.0 if run else 4.0), 0.0)
        turns[skirt] = (0.0, (0.86 if run else 0.72) * hip, 0.0)
        turns[hem] = (0.0, 0.35 * knee - 8.0 * run + 9.0 * wave(v + 0.4), 0.0)
    ahead = -wave(u + 0.25)  # of the right arm
    far, bend = (62.0, 95.0) if run else (34.0, 16.0)
    turns[ARM_R] = (0.0, far * ahead - 8.0 * run, -8.0)
    turns[ARM_L] = (0.0, -far * ahead - 8.0 * run, 8.0)
    turns[FORE_R] = (0.0, bend + 14.0 * ahead, 0.0)
    turns[FORE_L] = (0.0, bend - 14.0 * ahead, 0.0)
    turns[HIPS] = (7.0 * loose * wave(u + 0.25), -8.0 * loose * run, 0.0)
    turns[CHEST] = (-13.0 * loose * wave(u + 0.25), -12.0 * loose * run - 2.0, 0.0)
    turns[HEAD] = (6.0 * loose * wave(u + 0.25), 12.0 * loose * run, 0.0)
    turns[HAIR] = (0.0, (-38.0 if run else -9.0) + 8.0 * wave(2.0 * u), 0.0)
    stream(out, 72.0 if run else 32.0, 15.0 if run else 8.0, 2.0 * u)
    out.lift = 0.055 * b.height * bump(2.0 * u - 0.2) if run else 0.0
    return out


def walk(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Arms and legs swing in turn."""
    return stride(b, t_s, start, loose, run=False)


def run(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Leaning forward, with both feet off the ground between steps."""
    return stride(b, t_s, start, loose, run=True)


def jump(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Crouches, leaps with both arms up, lands."""
    out = Stance(level=0.75)
    turns = out.turns
    crouch, height, stretch = leap(t_s / 1.15 + start)
    for leg, shin, skirt, hem in _LEGS:
        tuck = 28.0 * stretch * (1.0 if leg == LEG_R else -0.3)
        turns[leg] = (0.0, 58.0 * crouch + tuck, 0.0)
        turns[shin] = (0.0, -104.0 * crouch - 40.0 * stretch, 0.0)
        turns[skirt] = (0.0, 40.0 * crouch + 0.5 * tuck, 0.0)
        turns[hem] = (0.0, -45.0 * crouch - 12.0 * stretch, 0.0)
    arm = -55.0 * crouch + 165.0 * stretch
    turns[ARM_R], turns[ARM_L] = (0.0, arm, -16.0), (0.0, arm, 16.0)
    turns[FORE_R] = turns[FORE_L] = (0.0, 20.0, 0.0)
    turns[HIPS] = (0.0, -16.0 * crouch, 0.0)
    turns[CHEST] = (0.0, -24.0 * crouch * loose + 8.0 * stretch, 0.0)
    turns[HAIR] = (0.0, -45.0 * stretch, 0.0)
    stream(out, 12.0 + 40.0 * stretch, 10.0 * stretch, t_s / 0.6)
    out.lift = 0.48 * b.height * height
    return out


def dance(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """One arm after the other thrown up, with a kick and a turn of the hips."""
    out = Stance()
    turns = out.turns
    u = t_s / 1.05 + start
    up_R, up_L = bump(u), bump(u + 0.5)
    turns[ARM_R] = (0.0, -24.0 * up_R, -22.0 - 128.0 * up_R)
    turns[ARM_L] = (0.0, -24.0 * up_L, 22.0 + 128.0 * up_L)
    turns[FORE_R] = (0.0, 75.0 * (1.0 - up_R), -15.0)
    turns[FORE_L] = (0.0, 75.0 * (1.0 - up_L), 15.0)
    for (leg, shin, skirt, hem), v in zip(_LEGS, (up_L, up_R), strict=True):
        kick, side = smooth(2.0 * v - 1.0), -1.0 if leg == LEG_R else 1.0
        turns[leg] = (0.0, 48.0 * kick, 0.0)
        turns[shin] = (0.0, -70.0 * kick, 0.0)
        turns[skirt] = (0.0, 47.0 * kick, 7.0 * side)
        turns[hem] = (0.0, -34.0 * kick, 9.0 * side * (1.0 + wave(u + 0.3)))
    turns[HIPS] = (38.0 * wave(u), 0.0, 7.0 * loose * wave(u + 0.25))
    turns[CHEST] = (-14.0 * wave(u), 0.0, -15.0 * loose * wave(u + 0.25))
    turns[HEAD] = (0.0, 6.0 * wave(2.0 * u), 12.0 * wave(u + 0.25))
    turns[HAIR] = (20.0 * wave(u + 0.2), -10.0, 14.0 * wave(u))
    stream(out, 24.0, 14.0, u)
    out.lift = 0.05 * b.height * bump(2.0 * u)
    return out


def stand(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Breathes and looks about."""
    out = Stance()
    turns = out.turns
    u = t_s / 3.2 + start
    breath = wave(u)
    turns[CHEST] = (0.0, 1.8 * breath, 1.5 * loose * wave(0.5 * u))
    turns[HEAD] = (9.0 * wave(0.5 * u + 0.3), 2.0 * breath, 0.0)
    turns[ARM_R], turns[ARM_L] = (0.0, 3.0 * breath, -9.0), (0.0, -3.0 * breath, 9.0)
    turns[FORE_R] = turns[FORE_L] = (0.0, 9.0 + 2.0 * breath, 0.0)
    turns[HAIR] = (0.0, -2.0 * breath, 0.0)
    turns[HEM_R] = turns[HEM_L] = (0.0, 3.0 * wave(u + 0.3), 0.0)
    stream(out, 14.0, 5.0, t_s / 1.6 + start)
    return out


def wave_arm(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """The right arm up, outward and forward, so that it is seen from all sides, to and fro."""
    out = stand(b, t_s, start, loose)
    v, long = wave(t_s / 0.72 + start), b.shoulder - b.wrist
    hand = (long * (0.56 + 0.30 * v), b.shoulder + long * (0.82 - 0.1 * v * v),
            b.shoulder_out + long * (0.42 + 0.3 * v))  # fmt: skip
    out.turns[ARM_R], out.turns[FORE_R] = reach(b, 1, hand, (0.5, -0.8, 0.8))
    out.turns[CHEST] = (0.0, 2.0 * v, (5.0 + 3.0 * v) * loose)
    out.turns[HEAD] = (-10.0, 0.0, -6.0 * v)
    return out
