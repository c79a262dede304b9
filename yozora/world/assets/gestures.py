"""What people do with their hands and with each other: sit, clap, sleep, read, give and take.

Two who shake hands or hand over a present face each other, `meeting_m` apart, with one clock.
"""

from __future__ import annotations

from yozora.world.assets.rig import Place, bump, smooth, wave
from yozora.world.assets.skeleton import (
    ABSENT,
    ARM_L,
    ARM_R,
    BOOK,
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
    PACK,
    PILLOW,
    PRESENT,
    SHIELD,
    SHIN_L,
    SHIN_R,
    SKIRT_L,
    SKIRT_R,
    STOOL,
    SWORD,
    Build,
    Stance,
    leaning,
    reach,
)
from yozora.world.assets.strides import stand, stream

REACH_HEIGHTS = 0.31  # how far before somebody's middle hands meet, in heights
MEET_M = (0.75, 0.13)  # and how high: metres, and metres for each of height, so that all meet
PAIR_S = 4.0  # a present changes hands in the middle of this time
PRESENT_M = 0.32
_PUMP_S = 0.6


def meeting_m(height_a_m: float, height_b_m: float) -> float:
    """How far apart two of these heights stand when their hands meet."""
    return REACH_HEIGHTS * (height_a_m + height_b_m)


def _meet_y(b: Build) -> float:
    return MEET_M[0] + MEET_M[1] * b.height


def _hands(out: Stance, b: Build, right: Place, left: Place, elbow: Place) -> None:
    out.turns[ARM_R], out.turns[FORE_R] = reach(b, 1, right, elbow)
    out.turns[ARM_L], out.turns[FORE_L] = reach(b, -1, left, elbow)


def sit(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """On a stool, hands on the knees, one foot swinging."""
    out = Stance()
    u, tall = t_s / 1.6 + start, b.height
    kick = 24.0 * bump(u)
    for leg, shin, skirt, hem, up in ((LEG_R, SHIN_R, SKIRT_R, HEM_R, kick),
                                      (LEG_L, SHIN_L, SKIRT_L, HEM_L, 0.0)):  # fmt: skip
        out.turns[leg] = (0.0, 86.0, 0.0)
        out.turns[shin] = (0.0, -84.0 + up, 0.0)
        out.turns[skirt] = (0.0, 93.0, 0.0)
        out.turns[hem] = (0.0, -83.0 + 0.7 * up, 0.0)
    out.turns[CHEST] = (0.0, -3.0 + 2.0 * wave(0.5 * u), 2.0 * loose * wave(0.5 * u))
    out.turns[HEAD] = (10.0 * wave(0.4 * u), 3.0 * wave(u), 0.0)
    knees = (0.7 * (b.hip - b.knee), b.hip + 0.07 * tall, 1.1 * b.hip_out)
    _hands(out, b, knees, (knees[0], knees[1], -knees[2]), (-0.5, -0.5, 0.7))
    stream(out, 10.0, 4.0, u)
    out.shown[STOOL] = 1.0
    return out


def clap(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Both hands before the face, far apart and together, with a bob of the knees."""
    out = Stance()
    u, tall = t_s / 0.5 + start, b.height
    apart = bump(u) ** 0.8
    x, y = (0.29 - 0.19 * apart) * tall, b.shoulder + (0.1 - 0.14 * apart) * tall
    z = (0.02 + 0.32 * apart) * tall
    _hands(out, b, (x, y, z), (x, y, -z), (-0.2, -1.0, 0.8))
    bob = 14.0 * bump(u)
    for leg, shin, skirt in ((LEG_R, SHIN_R, SKIRT_R), (LEG_L, SHIN_L, SKIRT_L)):
        out.turns[leg], out.turns[shin] = (0.0, bob, 0.0), (0.0, -2.0 * bob, 0.0)
        out.turns[skirt] = (0.0, 0.6 * bob, 0.0)
    out.turns[CHEST] = (0.0, 4.0 - 8.0 * bump(u), 4.0 * loose * wave(0.5 * u))
    out.turns[HEAD] = (0.0, 5.0 * wave(u), 7.0 * wave(0.5 * u))
    out.turns[HAIR] = (0.0, -6.0 + 6.0 * wave(u), 0.0)
    stream(out, 18.0, 8.0, u)
    return out


def sleep(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """On the back, the head on a pillow, one knee up, hands on a belly that rises and falls."""
    out = Stance(lift=None, level=0.0)
    u, tall = t_s / 2.6 + start, b.height
    breath = bump(u)
    out.move = (0.0, 0.125 * tall - b.hip, 0.0)
    out.turns[HIPS] = (0.0, 90.0, 0.0)
    out.turns[CHEST] = (0.0, -6.0 - 4.0 * breath, 0.0)
    out.turns[HEAD] = (0.0, -10.0, 0.0)
    out.turns[LEG_R], out.turns[SHIN_R] = (0.0, 48.0 + 3.0 * breath, 0.0), (0.0, -88.0, 0.0)
    out.turns[SKIRT_R], out.turns[HEM_R] = (0.0, 46.0 + 3.0 * breath, 0.0), (0.0, -62.0, 0.0)
    out.turns[SKIRT_L], out.turns[LEG_L] = (0.0, 8.0, 0.0), (0.0, 2.0, 0.0)
    out.turns[HAIR] = (0.0, 30.0, 0.0)
    x, y = (0.11 + 0.05 * breath) * tall, b.waist + 0.03 * tall
    _hands(out, b, (x, y, 0.03 * tall), (x, y + 0.03 * tall, -0.03 * tall), (-0.6, -0.4, 1.0))
    stream(out, -10.0, 0.0, u)
    out.shown[PILLOW] = 1.0
    out.shown[PACK] = ABSENT
    return out


def read(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Holds a large open book before the chest, nods along, and turns a page now and then."""
    out = stand(b, t_s, start, loose)
    u, tall = t_s / 2.2 + start, b.height
    x, y = 0.21 * tall, b.shoulder - (0.05 - 0.01 * wave(u)) * tall
    turn = smooth(6.0 * (u % 1.0) - 4.2) * smooth(6.0 - 6.0 * (u % 1.0))
    right = (x - 0.03 * tall * turn, y + 0.07 * tall * turn, (0.13 - 0.2 * turn) * tall)
    _hands(out, b, right, (x, y, -0.13 * tall), (-0.5, -1.0, 0.3))
    out.turns[HEAD] = (8.0 * wave(u), -17.0 + 4.0 * wave(2.0 * u), 0.0)
    out.shifts[BOOK] = (0.25 * tall, y - b.shoulder, 0.0)
    out.turns[BOOK] = (0.0, -28.0, 0.0)
    out.shown[BOOK] = 1.0
    return out


def shake_hands(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """The right arm stretched forward, pumping up and down; one clock for whoever it is."""
    out = stand(b, t_s, start, loose)
    pump = wave(t_s / _PUMP_S)
    lean = -9.0 * loose - 3.0 * pump
    meet = (REACH_HEIGHTS * b.height, _meet_y(b) + 0.14 * pump, 0.0)
    out.turns[CHEST] = (0.0, lean, 0.0)
    hand = leaning(b, meet, lean)
    out.turns[ARM_R], out.turns[FORE_R] = reach(b, 1, hand, (-0.3, -1.0, 0.3))
    out.turns[HEAD] = (0.0, 8.0 + 5.0 * wave(t_s / (2.0 * _PUMP_S)), 0.0)
    for leg, skirt, far in ((LEG_R, SKIRT_R, 17.0), (LEG_L, SKIRT_L, -15.0)):
        out.turns[leg], out.turns[skirt] = (0.0, far, 0.0), (0.0, 0.8 * far, 0.0)
    out.shown[SWORD] = out.shown[SHIELD] = ABSENT
    return out


def _present(out: Stance, b: Build, at: Place, size: float, hold: float) -> None:
    """Both hands at a present's sides, and it between them; `hold` 0: the arms hang."""
    half = 0.5 * PRESENT_M + 0.02 * b.height
    rest = 0.06 * b.height, b.wrist, 1.25 * b.shoulder_out
    x, y, z = (r + hold * (p - r) for r, p in zip(rest, (at[0], at[1], half), strict=True))
    _hands(out, b, (x, y, z), (x, y, -z), (-0.3, -1.0, 0.5))
    out.shifts[PRESENT] = (at[0], at[1] - b.shoulder, 0.0)
    out.shown[PRESENT] = max(size, ABSENT)
    out.shown[SWORD] = out.shown[SHIELD] = ABSENT


def _near(b: Build) -> Place:
    return (0.23 * b.height, b.shoulder - 0.11 * b.height, 0.0)


def give(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Holds a present, stretches it forward and lets go of it at half of PAIR_S."""
    out = stand(b, t_s, start, loose)
    u = t_s / PAIR_S % 1.0
    out_there = smooth((u - 0.14) / 0.26)
    lean = -9.0 * out_there * smooth((0.75 - u) / 0.2) * loose
    meet = leaning(b, (REACH_HEIGHTS * b.height, _meet_y(b), 0.0), lean)
    near = _near(b)
    at = tuple(n + out_there * (m - n) for n, m in zip(near, meet, strict=True))
    hold = 1.0 - smooth((u - 0.56) / 0.14) + smooth((u - 0.88) / 0.12)
    size = 1.0 if u < 0.5 else smooth((u - 0.94) / 0.06)
    if u > 0.8:
        at = near
    out.turns[CHEST] = (0.0, lean, 0.0)
    _present(out, b, (at[0], at[1], 0.0), size, hold)
    return out


def take(b: Build, t_s: float, start: float, loose: float) -> Stance:
    """Stretches both arms forward; from half of PAIR_S on they hold a present, and bring it in."""
    out = stand(b, t_s, start, loose)
    u = t_s / PAIR_S % 1.0
    hold = smooth((u - 0.12) / 0.25) - smooth((u - 0.93) / 0.07)
    home = smooth((u - 0.54) / 0.18)
    lean = -9.0 * smooth((u - 0.1) / 0.25) * (1.0 - home) * loose
    meet = leaning(b, (REACH_HEIGHTS * b.height, _meet_y(b), 0.0), lean)
    at = tuple(m + home * (n - m) for n, m in zip(_near(b), meet, strict=True))
    size = 0.0 if u < 0.5 else 1.0 - smooth((u - 0.93) / 0.06)
    glad = 5.0 * wave(t_s / 0.5) * home * (1.0 - smooth((u - 0.9) / 0.1))
    out.turns[CHEST] = (0.0, lean, 0.0)
    out.turns[HEAD] = (0.0, -8.0 * home, glad)
    _present(out, b, (at[0], at[1], 0.0), size, hold)
    return out
