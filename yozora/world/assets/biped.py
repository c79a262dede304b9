"""What goes on two legs: one skeleton and its gaits, for people and for robots.

Right is the near side (z > 0) of somebody who faces +x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from yozora.world.assets.asset import Pose, phase_of
from yozora.world.assets.rig import Rig, Turn, bump, leap, pose_of, smooth, step, wave

HIPS, CHEST, HEAD, ARM_R, ARM_L, FORE_R, FORE_L = range(7)
LEG_R, LEG_L, SHIN_R, SHIN_L, SKIRT_R, SKIRT_L, HAIR, FOOT_R, FOOT_L = range(7, 16)

ACTIONS: dict[str, tuple[str, str]] = {
    "stand": ("stands", "standing"),
    "walk": ("walks", "walking"),
    "run": ("runs", "running"),
    "jump": ("jumps", "jumping"),
    "wave": ("waves", "waving"),
    "dance": ("dances", "dancing"),
}
ACTION_SYNONYMS: dict[str, tuple[str, ...]] = {
    "stand": ("waits", "poses", "rests", "stays", "looks", "stares", "watches", "listens",
              "stand still", "stand around", "smiles", "breathes", "thinks", "talks", "speaks"),
    "walk": ("strolls", "wanders", "strides", "steps", "marches", "hikes", "ambles", "saunters",
             "goes", "moves", "paces", "struts", "roams", "explores", "travels", "trudges", "rides"),
    "run": ("jogs", "sprints", "races", "rushes", "dashes", "hurries", "flees", "charges",
            "chases", "escapes"),
    "jump": ("leaps", "hops", "bounces", "skips", "jump up", "vaults", "bounds"),
    "wave": ("greets", "gestures", "salutes", "beckons", "signals", "wave hello", "wave goodbye",
             "say hello", "say hi", "wave a hand"),
    "dance": ("twirls", "grooves", "parties", "celebrates", "boogies", "waltzes", "cheers",
              "moonwalks", "performs", "sways"),
}  # fmt: skip
WALK_HEIGHTS_S, RUN_HEIGHTS_S = 0.55, 1.4
_WALK_DEG, _RUN_DEG = 27.0, 46.0


@dataclass(frozen=True, slots=True)
class Build:
    """Where the joints are, in metres above the ground and out from the middle."""

    height: float
    neck: float
    shoulder: float
    waist: float
    hip: float
    knee: float
    elbow: float
    wrist: float
    shoulder_out: float
    hip_out: float
    foot_length: float

    @property
    def ankle(self) -> float:
        return 0.045 * self.height

    def rig(self) -> Rig:
        out, leg, toe = self.shoulder_out, self.hip_out, 0.7 * self.foot_length
        return Rig(
            (-1, HIPS, CHEST, CHEST, CHEST, ARM_R, ARM_L, HIPS, HIPS, LEG_R, LEG_L,
             HIPS, HIPS, HEAD, SHIN_R, SHIN_L),
            ((0, self.hip, 0), (0, self.waist, 0), (0, self.neck, 0),
             (0, self.shoulder, out), (0, self.shoulder, -out),
             (0, self.elbow, out), (0, self.elbow, -out),
             (0, self.hip, leg), (0, self.hip, -leg), (0, self.knee, leg), (0, self.knee, -leg),
             (0, self.hip, leg), (0, self.hip, -leg),
             (-0.05 * self.height, self.neck + 0.1 * self.height, 0),
             (0, self.ankle, leg), (0, self.ankle, -leg)),
            tuple((bone, (x, 0.0, z)) for bone, z in ((FOOT_R, leg), (FOOT_L, -leg))
                  for x in (toe, toe - self.foot_length)),
        )  # fmt: skip


def pose(rig: Rig, build: Build, action: str, t_s: float, seed: int, stiff: float = 0.0) -> Pose:
    """The pose of an action of ACTIONS; `stiff` 0 a person .. 1 a machine that hardly leans."""
    tall, start = build.height, phase_of(seed)
    loose = 1.0 - stiff
    turns: dict[int, Turn] = {}
    lift = 0.0
    if action in ("walk", "run"):
        run = action == "run"
        swing = _RUN_DEG if run else _WALK_DEG
        speed = (RUN_HEIGHTS_S if run else WALK_HEIGHTS_S) * tall
        stance = 0.36 if run else 0.54
        sweep = 2.0 * build.hip * math.sin(math.radians(swing)) / stance  # metres a cycle
        u = t_s * speed / sweep + start
        for leg, shin, skirt, v in ((LEG_R, SHIN_R, SKIRT_R, u), (LEG_L, SHIN_L, SKIRT_L, u + 0.5)):
            hip, knee = step(v, swing, 105.0 if run else 52.0, stance)
            hip += (10.0 if run else 3.0) * (knee < -5.0)
            turns[leg] = (0.0, hip, 0.0)
            turns[shin] = (0.0, knee - (9.0 if run else 4.0), 0.0)
            turns[skirt] = (0.0, 0.75 * hip, 0.0)
        swing_R = -wave(u + 0.25)
        reach, bend = (62.0, 95.0) if run else (32.0, 16.0)
        turns[ARM_R] = (0.0, reach * swing_R - 8.0 * run, -7.0)
        turns[ARM_L] = (0.0, -reach * swing_R - 8.0 * run, 7.0)
        turns[FORE_R] = (0.0, bend + 14.0 * swing_R, 0.0)
        turns[FORE_L] = (0.0, bend - 14.0 * swing_R, 0.0)
        turns[HIPS] = (7.0 * loose * wave(u + 0.25), -8.0 * loose * run, 0.0)
        turns[CHEST] = (-13.0 * loose * wave(u + 0.25), -12.0 * loose * run - 2.0, 0.0)
        turns[HEAD] = (6.0 * loose * wave(u + 0.25), 12.0 * loose * run, 0.0)
        turns[HAIR] = (0.0, (-38.0 if run else -9.0) + 8.0 * wave(2.0 * u), 0.0)
        lift = 0.055 * tall * bump(2.0 * u - 0.2) if run else 0.0
    elif action == "jump":
        crouch, height, stretch = leap(t_s / 1.15 + start)
        for leg, shin, skirt in ((LEG_R, SHIN_R, SKIRT_R), (LEG_L, SHIN_L, SKIRT_L)):
            tuck = 28.0 * stretch * (1.0 if leg == LEG_R else -0.3)
            turns[leg] = (0.0, 58.0 * crouch + tuck, 0.0)
            turns[shin] = (0.0, -104.0 * crouch - 40.0 * stretch, 0.0)
            turns[skirt] = (0.0, 35.0 * crouch + 0.5 * tuck, 0.0)
        arm = -55.0 * crouch + 165.0 * stretch
        turns[ARM_R], turns[ARM_L] = (0.0, arm, -16.0), (0.0, arm, 16.0)
        turns[FORE_R] = turns[FORE_L] = (0.0, 20.0, 0.0)
        turns[HIPS] = (0.0, -16.0 * crouch, 0.0)
        turns[CHEST] = (0.0, -24.0 * crouch * loose + 8.0 * stretch, 0.0)
        turns[HAIR] = (0.0, -45.0 * stretch, 0.0)
        lift = 0.48 * tall * height
    elif action == "dance":
        u = t_s / 1.05 + start
        up_R, up_L = bump(u), bump(u + 0.5)
        turns[ARM_R] = (0.0, -24.0 * up_R, -22.0 - 128.0 * up_R)
        turns[ARM_L] = (0.0, -24.0 * up_L, 22.0 + 128.0 * up_L)
        turns[FORE_R] = (0.0, 75.0 * (1.0 - up_R), -15.0)
        turns[FORE_L] = (0.0, 75.0 * (1.0 - up_L), 15.0)
        for leg, shin, skirt, v in ((LEG_R, SHIN_R, SKIRT_R, up_L), (LEG_L, SHIN_L, SKIRT_L, up_R)):
            kick = smooth(2.0 * v - 1.0)
            turns[leg] = (0.0, 48.0 * kick, 0.0)
            turns[shin] = (0.0, -70.0 * kick, 0.0)
            turns[skirt] = (0.0, 34.0 * kick, -8.0 if leg == LEG_R else 8.0)
        turns[HIPS] = (38.0 * wave(u), 0.0, 7.0 * loose * wave(u + 0.25))
        turns[CHEST] = (-14.0 * wave(u), 0.0, -15.0 * loose * wave(u + 0.25))
        turns[HEAD] = (0.0, 6.0 * wave(2.0 * u), 12.0 * wave(u + 0.25))
        turns[HAIR] = (20.0 * wave(u + 0.2), -10.0, 14.0 * wave(u))
        lift = 0.05 * tall * bump(2.0 * u)
    else:
        u = t_s / 3.2 + start
        breath = wave(u)
        turns[CHEST] = (0.0, 1.8 * breath, 1.5 * loose * wave(0.5 * u))
        turns[HEAD] = (9.0 * wave(0.5 * u + 0.3), 2.0 * breath, 0.0)
        turns[ARM_R], turns[ARM_L] = (0.0, 3.0 * breath, -9.0), (0.0, -3.0 * breath, 9.0)
        turns[FORE_R] = turns[FORE_L] = (0.0, 9.0 + 2.0 * breath, 0.0)
        turns[HAIR] = (0.0, -2.0 * breath, 0.0)
        if action == "wave":
            v = wave(t_s / 0.72 + start)
            turns[ARM_R] = (0.0, -36.0 - 25.0 * v, -156.0 + 12.0 * v)
            turns[FORE_R] = (0.0, -20.0 * v, -26.0 * v)
            turns[CHEST] = (0.0, 0.0, 5.0 * loose + 2.0 * v)
            turns[HEAD] = (-10.0, 0.0, -6.0)
    # Ankles keep the soles level; a runner's and a leaper's toes point down on the way up.
    level = {"run": 0.6, "jump": 0.75}.get(action, 0.92)
    still: Turn = (0.0, 0.0, 0.0)
    for leg, shin, foot in ((LEG_R, SHIN_R, FOOT_R), (LEG_L, SHIN_L, FOOT_L)):
        tilt = sum(turns.get(bone, still)[1] for bone in (HIPS, leg, shin))
        turns[foot] = (0.0, -level * tilt, 0.0)
    return pose_of(rig, turns, lift=lift)
