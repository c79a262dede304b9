"""What goes on four legs: one skeleton, one way to make a body, and the gaits they share.

Near legs (z > 0) are _R, far ones _L. The body bends between its hind and its front half.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yozora.world import mesh as m
from yozora.world.assets.asset import Pose, phase_of
from yozora.world.assets.rig import Rig, Turn, bump, leap, pose_of, step, wave

REAR, FRONT, NECK, HEAD, TAIL, TIP, EAR_R, EAR_L = range(8)
FORE_R, FORE_L, HIND_R, HIND_L, PAW_R, PAW_L, HOCK_R, HOCK_L = range(8, 16)
WALK_LENGTHS_S, RUN_LENGTHS_S = 0.55, 1.4


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the joints are, in metres; x from the middle of the body, y from the ground."""

    hip: tuple[float, float]  # of the hind legs
    shoulder: tuple[float, float]  # of the front legs
    knee_share: float  # how far up the legs the lower joint is
    out: float  # legs from the middle plane
    neck: tuple[float, float]
    head: tuple[float, float]
    tail: tuple[float, float]
    tail_middle: tuple[float, float]
    ear: tuple[float, float, float]
    paw: float  # length of a foot
    haunch: tuple[float, float]  # what touches the ground when it sits
    length: float

    def rig(self) -> Rig:
        def legs(x: float, y: float) -> list[tuple[float, float, float]]:
            return [(x, y, self.out), (x, y, -self.out)]

        (hx, hy), (sx, sy), share = self.hip, self.shoulder, self.knee_share
        pivots = [
            (hx, hy, 0.0), (0.45 * (hx + sx), 0.5 * (hy + sy), 0.0), (*self.neck, 0.0),
            (*self.head, 0.0), (*self.tail, 0.0), (*self.tail_middle, 0.0),
            self.ear, (self.ear[0], self.ear[1], -self.ear[2]),
            *legs(sx, sy), *legs(hx, hy), *legs(sx, share * sy), *legs(hx, share * hy),
        ]  # fmt: skip
        ends = (0.7 * self.paw, -0.3 * self.paw)
        feet = [(bone, (x + dx, 0.0, z)) for bone, x, z in (
            (PAW_R, sx, self.out), (PAW_L, sx, -self.out), (HOCK_R, hx, self.out),
            (HOCK_L, hx, -self.out)) for dx in ends]  # fmt: skip
        feet += [(REAR, (*self.haunch, 0.0))]
        return Rig(
            (-1, REAR, FRONT, NECK, REAR, TAIL, HEAD, HEAD, FRONT, FRONT, REAR, REAR,
             FORE_R, FORE_L, HIND_R, HIND_L), tuple(pivots), tuple(feet))  # fmt: skip


def trunk(f: Frame, points: Sequence[tuple[float, float, float, float]], colour: m.RGB) -> m.Mesh:
    """A body from rump to chest: (x, y, half height, half width) of each ring."""
    middle = 0.45 * (f.hip[0] + f.shoulder[0])
    return m.tube([(x, y, 0) for x, y, _, _ in points], [p[2] for p in points], colour,
                  [REAR if x < middle else FRONT for x, _, _, _ in points], sectors=10,
                  widths_P=[p[3] for p in points])  # fmt: skip


def legs(f: Frame, thick: float, colour: m.RGB, foot: m.RGB, hoof: bool = False) -> list[m.Mesh]:
    """Four legs with a knee each; `hoof` makes feet short and hard instead of soft."""
    parts: list[m.Mesh] = []
    for side, fore, paw, hind, hock in ((1, FORE_R, PAW_R, HIND_R, HOCK_R),
                                        (-1, FORE_L, PAW_L, HIND_L, HOCK_L)):  # fmt: skip
        z = side * f.out
        for (x, y), upper, lower, fat in ((f.shoulder, fore, paw, 1.25), (f.hip, hind, hock, 1.75)):
            knee, low = f.knee_share * y, 0.3 * f.paw
            bend = 0.0 if upper == fore else -0.2 * f.paw
            parts += [
                m.capsule((x, y, z), (x + bend, knee, z), fat * thick, thick, colour, upper),
                m.capsule((x + bend, knee, z), (x, low, z), 0.95 * thick, 0.75 * thick, colour,
                          lower),
            ]  # fmt: skip
            if hoof:
                parts.append(
                    m.cylinder(
                        (x, 0.5 * f.paw, z),
                        (x + 0.1 * f.paw, 0, z),
                        0.8 * thick,
                        foot,
                        lower,
                        sectors=7,
                        radius_end=1.25 * thick,
                    )
                )
            else:
                parts.append(m.box((f.paw, 0.55 * f.paw, 2.1 * thick),
                                   (x + 0.2 * f.paw, 0.275 * f.paw, z), foot, lower,
                                   top=(0.75, 0.8)))  # fmt: skip
    return parts


def pose(f: Frame, rig: Rig, action: str, t_s: float, seed: int, wag: float) -> Pose:
    """stand, sit, walk, run and jump; `wag` in degrees is how far the tail swings."""
    start, long = phase_of(seed), f.length
    tall = f.shoulder[1]
    turns: dict[int, Turn] = {}
    lift, ear = 0.0, 0.0
    pairs = ((FORE_R, PAW_R), (FORE_L, PAW_L), (HIND_R, HOCK_R), (HIND_L, HOCK_L))
    if action == "walk":
        swing, stance = 27.0, 0.56
        sweep = 2.0 * tall * math.sin(math.radians(swing)) / stance
        u = t_s * WALK_LENGTHS_S * long / sweep + start
        for (leg, low), shift in zip(pairs, (0.0, 0.5, 0.62, 0.12), strict=True):
            hip, knee = step(u + shift, swing, 50.0, stance)
            turns[leg], turns[low] = (0.0, hip, 0.0), (0.0, knee, 0.0)
        turns[REAR] = (0.0, 1.5 * wave(2.0 * u), 2.0 * wave(u))
        turns[NECK] = (0.0, 5.0 * wave(2.0 * u + 0.2), 0.0)
        turns[HEAD] = (4.0 * wave(u), -3.0 * wave(2.0 * u), 0.0)
        turns[TAIL] = (wag * wave(u), 6.0 * wave(2.0 * u), 0.0)
        turns[TIP] = (0.6 * wag * wave(u - 0.15), 0.0, 0.0)
        ear = 7.0 * wave(2.0 * u)
    elif action == "run":  # a gallop: gather, stretch, and both pairs land one after the other
        swing, stance = 48.0, 0.34
        sweep = 2.0 * tall * math.sin(math.radians(swing)) / stance
        u = t_s * RUN_LENGTHS_S * long / sweep + start
        for (leg, low), shift in zip(pairs, (0.0, 0.11, 0.5, 0.60), strict=True):
            hip, knee = step(u + shift, swing, 88.0, stance)
            turns[leg], turns[low] = (0.0, hip, 0.0), (0.0, knee, 0.0)
        rock = wave(u + 0.42)
        turns[REAR] = (0.0, 8.0 * rock, 0.0)
        turns[FRONT] = (0.0, -15.0 * wave(u + 0.22), 0.0)
        turns[NECK] = (0.0, -16.0 - 9.0 * rock, 0.0)
        turns[HEAD] = (0.0, 9.0, 0.0)
        turns[TAIL] = (0.3 * wag * wave(u), 14.0 + 20.0 * wave(u + 0.1), 0.0)
        turns[TIP] = (0.0, 10.0 * wave(u - 0.1), 0.0)
        lift, ear = 0.20 * tall * bump(u + 0.12), -38.0 + 22.0 * wave(u)
    elif action == "jump":
        crouch, height, stretch = leap(t_s / 1.15 + start)
        rise = wave(0.5 * ((t_s / 1.15 + start) % 1.0 - 0.28) / 0.24) if stretch > 0.0 else 0.0
        for (leg, low), front in zip(pairs, (1, 1, 0, 0), strict=True):
            reach = (58.0 if front else -48.0) * stretch
            fold = 46.0 if front else 52.0
            turns[leg] = (0.0, fold * crouch + reach, 0.0)
            turns[low] = (0.0, -1.9 * fold * crouch - (38.0 if front else 8.0) * stretch, 0.0)
        turns[REAR] = (0.0, 24.0 * rise, 0.0)
        turns[FRONT] = (0.0, -10.0 * stretch, 0.0)
        turns[NECK] = (0.0, -24.0 * crouch + 8.0 * stretch, 0.0)
        turns[TAIL] = (0.0, 38.0 * crouch - 24.0 * stretch, 0.0)
        lift, ear = 0.72 * tall * height + 0.08 * long * height, -40.0 * stretch
    elif action == "sit":
        u = t_s / 2.6 + start
        # The haunch and the front paws touch the ground: the pitch follows from the bones.
        long_m, rise_m = f.shoulder[0] - f.haunch[0], tall - f.haunch[1]
        up = math.degrees(math.asin(min(0.95, tall / math.hypot(long_m, rise_m)))
                          - math.atan2(rise_m, long_m))  # fmt: skip
        a = math.radians(up)
        hip_m = (f.hip[0] - f.haunch[0]) * math.sin(a) + (f.hip[1] - f.haunch[1]) * math.cos(a)
        shin_m = f.knee_share * f.hip[1]
        fold = math.degrees(math.acos(max(-0.9, min(0.9, (hip_m - shin_m) / (f.hip[1] - shin_m)))))
        turns[REAR] = (0.0, up, 0.0)
        for (leg, low), front in zip(pairs, (1, 1, 0, 0), strict=True):
            turns[leg] = (0.0, -up if front else fold - up, 0.0)
            turns[low] = (0.0, 0.0 if front else -fold, 0.0)
        turns[NECK] = (5.0 * wave(0.5 * u), -0.55 * up + 3.0 * wave(u), 0.0)
        turns[HEAD] = (16.0 * wave(0.5 * u + 0.2), -0.4 * up, 0.0)
        turns[TAIL] = (1.7 * wag * wave(t_s / 0.55 + start), -0.9 * up, 0.0)
        turns[TIP] = (0.7 * wag * wave(t_s / 0.55 + start - 0.15), 0.0, 0.0)
    else:
        u = t_s / 2.8 + start
        turns[FRONT] = (0.0, 1.5 * wave(u), 0.0)
        turns[NECK] = (0.0, 4.0 * wave(u), 0.0)
        turns[HEAD] = (15.0 * wave(0.5 * u), 3.0 * wave(u + 0.2), 0.0)
        turns[TAIL] = (1.6 * wag * wave(t_s / 0.6 + start), 0.0, 0.0)
        turns[TIP] = (0.8 * wag * wave(t_s / 0.6 + start - 0.15), 0.0, 0.0)
        ear = 3.0 * wave(u)
    turns[EAR_R], turns[EAR_L] = (0.0, 0.3 * ear, ear), (0.0, 0.3 * ear, -ear)
    return pose_of(rig, turns, lift=lift)


ACTIONS: dict[str, tuple[str, str]] = {
    "stand": ("stands", "standing"),
    "sit": ("sits", "sitting"),
    "walk": ("walks", "walking"),
    "run": ("runs", "running"),
    "jump": ("jumps", "jumping"),
}
ACTION_SYNONYMS: dict[str, tuple[str, ...]] = {
    "stand": ("waits", "rests", "stays", "looks", "watches", "stares", "stand still",
              "sniffs", "listens", "poses"),
    "sit": ("sit down", "crouches", "begs", "squats", "rests on its haunches"),
    "walk": ("trots", "wanders", "strolls", "prowls", "goes", "moves", "steps", "roams",
             "explores", "ambles", "marches", "patrols"),
    "run": ("gallops", "sprints", "races", "dashes", "chases", "charges", "rushes", "speeds",
            "bolts", "flees", "hunts", "plays"),
    "jump": ("leaps", "hops", "bounces", "bounds", "skips", "pounces", "frolics",
             "jump up"),
}  # fmt: skip
STRIDES = {"walk": WALK_LENGTHS_S, "run": RUN_LENGTHS_S}  # body lengths a second


def strides(actions: dict[str, tuple[str, str]], length_m: float) -> dict[str, float]:
    """Speeds in m/s of something this long."""
    return {action: STRIDES.get(action, 0.0) * length_m for action in actions}
