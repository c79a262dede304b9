"""What heroes, astronauts and knights do besides: pose, fly, bounce, float, swing a sword."""

from __future__ import annotations

import math

from yozora.world.assets.rig import bump, smooth, through, wave
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
    HIPS,
    LEG_L,
    LEG_R,
    SHIELD,
    SHIN_L,
    SHIN_R,
    SKIRT_L,
    SKIRT_R,
    SWORD,
    Build,
    Stance,
    reach,
    wield,
)
from yozora.world.assets.strides import stand, stream, stride

FLY_HEIGHTS_S = 1.5
MOON_HEIGHTS_S = 0.30


def fists_on_hips(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Stands with the legs apart, the chest out, both fists on the hips, the cape in the wind."""
    out = stand(b, t_s, start, loose)
    breath = wave(t_s / 2.6 + start)
    hip = (0.035 * b.height, b.hip + 0.075 * b.height, 0.105 * b.height)
    out.turns[ARM_R], out.turns[FORE_R] = reach(b, 1, hip, (-0.45, -0.2, 1.0))
    out.turns[ARM_L], out.turns[FORE_L] = reach(b, -1, (hip[0], hip[1], -hip[2]), (-0.45, -0.2, 1))
    out.turns[LEG_R], out.turns[LEG_L] = (0.0, 7.0, -9.0), (0.0, -7.0, 9.0)
    out.turns[CHEST] = (0.0, 6.0 + 2.5 * breath, 0.0)
    out.turns[HEAD] = (10.0 * wave(t_s / 5.0 + start), 2.0, 0.0)
    stream(out, 42.0, 12.0, t_s / 1.1 + start)
    return out


def fly(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """High above the ground, the body slanted, one fist ahead below the face, the cape behind."""
    out = Stance(lift=None, level=0.0)
    u = t_s / 1.4 + start
    out.move = (-0.1 * b.height, 1.55 * b.height - b.hip + 0.045 * b.height * wave(u), 0.0)
    out.turns[HIPS] = (0.0, -66.0 + 3.0 * wave(u + 0.2), 7.0 * wave(0.5 * u))
    out.turns[CHEST] = (0.0, 10.0, 0.0)
    out.turns[HEAD] = (0.0, 54.0, 0.0)
    out.turns[ARM_R], out.turns[FORE_R] = (0.0, 146.0 + 4.0 * wave(u), 0.0), (0.0, 6.0, 0.0)
    out.turns[ARM_L], out.turns[FORE_L] = (0.0, -14.0, 10.0), (0.0, 18.0, 0.0)
    out.turns[LEG_R], out.turns[SHIN_R] = (0.0, -4.0 + 5.0 * wave(u), 0.0), (0.0, -6.0, 0.0)
    out.turns[LEG_L], out.turns[SHIN_L] = (0.0, 12.0 - 5.0 * wave(u), 0.0), (0.0, -34.0, 0.0)
    out.turns[HAIR] = (0.0, -24.0 + 8.0 * wave(2.0 * u), 0.0)
    for i, (bone, back) in enumerate(((CAPE_1, 16.0), (CAPE_2, 0.0), (CAPE_3, -6.0))):
        ripple = wave(t_s / 0.55 + start - 0.25 * i)
        out.turns[bone] = (0.0, -back + (5.0 + 6.0 * i) * ripple, 5.0 * ripple)
    return out


def bounce_walk(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Walks as on the moon: slowly, high, and softly from foot to foot."""
    share = MOON_HEIGHTS_S / 0.55
    out = stride(b, t_s * share, start, loose, run=False)
    u = t_s * 0.55 + start
    out.turns[ARM_R] = (0.0, 30.0 * wave(u), -26.0 - 14.0 * bump(2.0 * u))
    out.turns[ARM_L] = (0.0, -30.0 * wave(u), 26.0 + 14.0 * bump(2.0 * u))
    out.turns[FORE_R] = out.turns[FORE_L] = (0.0, 38.0, 0.0)
    out.turns[CHEST] = (0.0, -8.0, 5.0 * wave(u))
    out.lift = 0.15 * b.height * bump(2.0 * u)
    return out


def float_about(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Weightless: turns slowly about, arms and legs adrift."""
    out = Stance(lift=None, level=0.2)
    u = t_s / 5.0 + start
    out.move = (0.0, (0.38 + 0.06 * wave(0.7 * u)) * b.height, 0.0)
    out.turns[HIPS] = (34.0 * wave(0.8 * u), 30.0 * wave(u + 0.1), 24.0 * wave(u + 0.35))
    out.turns[CHEST] = (0.0, -8.0 + 4.0 * wave(u), 0.0)
    out.turns[HEAD] = (12.0 * wave(u), 8.0, 0.0)
    out.turns[ARM_R] = (0.0, 32.0 + 24.0 * wave(1.3 * u), -58.0 - 22.0 * wave(u))
    out.turns[ARM_L] = (0.0, 32.0 - 24.0 * wave(1.3 * u), 58.0 - 22.0 * wave(u))
    out.turns[FORE_R] = out.turns[FORE_L] = (0.0, 34.0, 0.0)
    out.turns[LEG_R] = (0.0, 38.0 + 14.0 * wave(1.2 * u), -16.0)
    out.turns[LEG_L] = (0.0, 4.0 - 14.0 * wave(1.2 * u), 16.0)
    out.turns[SHIN_R], out.turns[SHIN_L] = (0.0, -58.0, 0.0), (0.0, -34.0, 0.0)
    return out


def guard(out: Stance, b: Build, bob: float) -> Stance:
    """The sword upright before the right shoulder, the shield before the left."""
    tall = b.height
    sword = (0.17 * tall, b.waist + (0.03 + 0.015 * bob) * tall, b.shoulder_out + 0.06 * tall)
    shield = (0.16 * tall, b.waist + (0.04 - 0.015 * bob) * tall, -b.shoulder_out + 0.0 * tall)
    out.turns[ARM_R], out.turns[FORE_R] = reach(b, 1, sword, (-0.6, -1.0, 0.6))
    out.turns[ARM_L], out.turns[FORE_L] = reach(b, -1, shield, (-0.6, -1.0, 0.6))
    way = (0.42 + 0.07 * bob, 1.0, -0.12)
    out.turns[SWORD] = wield(out.turns[ARM_R], out.turns[FORE_R], way)
    out.turns[SHIELD] = (0.0, 0.0, -22.0)
    return out


def stand_guard(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """On guard, breathing."""
    return guard(stand(b, t_s, start, loose), b, wave(t_s / 3.0 + start))


def march(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Walks with sword and shield before the chest."""
    return guard(stride(b, t_s, start, loose, run=False), b, wave(t_s / 0.7 + start))


def charge(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Runs with sword and shield before the chest."""
    return guard(stride(b, t_s, start, loose, run=True), b, 2.0 * wave(t_s / 0.45 + start))


def fight(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Great swings of the sword from above the head, with a lunge, behind a raised shield."""
    out = Stance()
    tall, u = b.height, (t_s / 1.15 + start) % 1.0
    cut = through(u, [(0.0, 0.0), (0.34, 0.0), (0.56, 1.0), (0.72, 1.0)])  # 0 raised .. 1 down
    turns = out.turns
    high = (-0.06 * tall, b.neck + 0.16 * tall, b.shoulder_out + 0.06 * tall)
    low = (0.32 * tall, b.waist + 0.02 * tall, b.shoulder_out - 0.1 * tall)
    over = (0.12 * tall * 4.0 * cut * (1.0 - cut), 0.12 * tall * 4.0 * cut * (1.0 - cut))
    hand = (high[0] + cut * (low[0] - high[0]) + over[0],
            high[1] + cut * (low[1] - high[1]) + over[1],
            high[2] + cut * (low[2] - high[2]))  # fmt: skip
    turns[ARM_R], turns[FORE_R] = reach(b, 1, hand, (-0.3, -0.4, 1.0))
    guard_at = (0.2 * tall, b.shoulder - (0.02 + 0.1 * cut) * tall, -0.7 * b.shoulder_out)
    turns[ARM_L], turns[FORE_L] = reach(b, -1, guard_at, (-0.3, -1.0, 0.6))
    turn = math.radians(142.0 - 162.0 * cut)  # of the blade, from ahead
    turns[SWORD] = wield(turns[ARM_R], turns[FORE_R], (math.cos(turn), math.sin(turn), 0.0))
    turns[SHIELD] = (0.0, 0.0, -22.0)
    lunge = smooth(cut)
    turns[LEG_R], turns[SHIN_R] = (0.0, -14.0 - 14.0 * lunge, -6.0), (0.0, -10.0, 0.0)
    turns[LEG_L], turns[SHIN_L] = (0.0, 20.0 + 26.0 * lunge, 6.0), (0.0, -24.0 - 24.0 * lunge, 0.0)
    turns[SKIRT_R], turns[SKIRT_L] = (
        (0.0, -14.0 - 8.0 * lunge, 0.0),
        (0.0, 18.0 + 18.0 * lunge, 0.0),
    )
    turns[HIPS] = (16.0 - 30.0 * cut, -4.0 - 6.0 * lunge, 0.0)
    turns[CHEST] = (14.0 - 26.0 * cut, 10.0 - 30.0 * cut, 0.0)
    turns[HEAD] = (-20.0 + 30.0 * cut, 8.0 * cut, 0.0)
    turns[HAIR] = (0.0, -30.0 * cut, 0.0)
    return out
