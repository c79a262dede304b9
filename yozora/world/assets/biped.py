"""What goes on two legs: one skeleton and what it can do, for people, robots and the rest."""

from __future__ import annotations

from collections.abc import Callable

from yozora.world.assets import feats, gestures, strides
from yozora.world.assets.asset import Pose, phase_of
from yozora.world.assets.gestures import MEET_M, PAIR_S, REACH_HEIGHTS, meeting_m
from yozora.world.assets.rig import Rig, Turn, pose_of
from yozora.world.assets.skeleton import (
    ABSENT,
    FOOT_L,
    FOOT_R,
    HIPS,
    LEG_L,
    LEG_R,
    PROPS,
    SHIN_L,
    SHIN_R,
    Build,
    Stance,
)
from yozora.world.assets.strides import RUN_HEIGHTS_S, WALK_HEIGHTS_S

__all__ = [
    "ACTIONS",
    "ACTION_SYNONYMS",
    "MEET_M",
    "PAIR_ACTIONS",
    "PAIR_S",
    "REACH_HEIGHTS",
    "RUN_HEIGHTS_S",
    "WALK_HEIGHTS_S",
    "Build",
    "meeting_m",
    "pose",
]

Move = Callable[[Build, float, float, float], Stance]  # (build, seconds, phase, looseness)

ACTIONS: dict[str, tuple[str, str]] = {
    "stand": ("stands", "standing"),
    "walk": ("walks", "walking"),
    "run": ("runs", "running"),
    "jump": ("jumps", "jumping"),
    "wave": ("waves", "waving"),
    "dance": ("dances", "dancing"),
    "sit": ("sits", "sitting"),
    "clap": ("claps", "clapping"),
    "sleep": ("sleeps", "sleeping"),
    "read": ("reads", "reading"),
    "fly": ("flies", "flying"),
    "float": ("floats", "floating"),
    "fight": ("fights", "fighting"),
    "shake hands": ("shakes hands", "shaking hands"),
    "give": ("gives", "giving"),
    "take": ("takes", "taking"),
}
PAIR_ACTIONS = ("shake hands", "give", "take")  # shown by two who face each other
PERSON_ACTIONS = ("stand", "walk", "run", "jump", "wave", "dance", "sit", "clap", "sleep", "read")
ACTION_SYNONYMS: dict[str, tuple[str, ...]] = {
    "stand": ("waits", "poses", "stays", "looks", "stares", "watches", "listens",
              "stand still", "stand around", "smiles", "breathes", "thinks", "talks", "speaks"),
    "walk": ("strolls", "wanders", "strides", "steps", "marches", "hikes", "ambles", "saunters",
             "goes", "moves", "paces", "struts", "roams", "explores", "travels", "trudges",
              "rides"),
    "run": ("jogs", "sprints", "races", "rushes", "dashes", "hurries", "flees", "charges",
            "chases", "escapes"),
    "jump": ("leaps", "hops", "bounces", "skips", "jump up", "vaults", "bounds"),
    "wave": ("greets", "gestures", "salutes", "beckons", "signals", "wave hello", "wave goodbye",
             "say hello", "say hi", "wave a hand"),
    "dance": ("twirls", "grooves", "parties", "celebrates", "boogies", "waltzes",
              "moonwalks", "performs", "sways"),
    "sit": ("sit down", "squats", "crouches", "kneels", "meditates", "lounges", "is seated"),
    "clap": ("applauds", "cheers", "clap hands", "claps along"),
    "sleep": ("naps", "dozes", "snoozes", "slumbers", "dreams", "rests", "lies", "lie down",
              "reclines", "relaxes", "take a nap"),
    "read": ("studies", "read a book", "leafs", "browses", "hold a book", "learns"),
    "fly": ("soars", "glides", "swoops", "zooms", "hovers"),
    "float": ("drifts", "hovers", "floats weightlessly", "tumbles"),
    "fight": ("battles", "duels", "swing a sword", "attacks", "strikes", "fences", "slashes",
              "spars", "wields a sword"),
    "shake hands": (),
    "give": (),
    "take": (),
}  # fmt: skip
_MOVES: dict[str, Move] = {
    "stand": strides.stand,
    "walk": strides.walk,
    "run": strides.run,
    "jump": strides.jump,
    "wave": strides.wave_arm,
    "dance": strides.dance,
    "sit": gestures.sit,
    "clap": gestures.clap,
    "sleep": gestures.sleep,
    "read": gestures.read,
    "fly": feats.fly,
    "float": feats.float_about,
    "fight": feats.fight,
    "shake hands": gestures.shake_hands,
    "give": gestures.give,
    "take": gestures.take,
}


def actions_of(*names: str) -> dict[str, tuple[str, str]]:
    """These actions' words, and those of pairs."""
    return {name: ACTIONS[name] for name in (*names, *PAIR_ACTIONS)}


def synonyms_of(*names: str) -> dict[str, tuple[str, ...]]:
    """These actions' other words, and those of pairs."""
    return {name: ACTION_SYNONYMS[name] for name in (*names, *PAIR_ACTIONS)}


def strides_of(height_m: float, *names: str) -> dict[str, float]:
    """Metres a second of these actions and of pairs, for somebody of this height."""
    speeds = {"walk": WALK_HEIGHTS_S, "run": RUN_HEIGHTS_S, "fly": feats.FLY_HEIGHTS_S}
    return {name: speeds.get(name, 0.0) * height_m for name in (*names, *PAIR_ACTIONS)}


def pose(
    rig: Rig,
    build: Build,
    action: str,
    t_s: float,
    seed: int,
    stiff: float = 0.0,
    moves: dict[str, Move] | None = None,
) -> Pose:
    """The pose of an action of ACTIONS; `stiff` 0 a person .. 1 a machine that hardly leans.

    `moves` are a kind's own ways of some actions.
    """
    move = (moves or {}).get(action) or _MOVES[action]
    out = move(build, t_s, phase_of(seed), 1.0 - stiff)
    still: Turn = (0.0, 0.0, 0.0)
    for leg, shin, foot in ((LEG_R, SHIN_R, FOOT_R), (LEG_L, SHIN_L, FOOT_L)):
        tilt = sum(out.turns.get(bone, still)[1] for bone in (HIPS, leg, shin))
        out.turns[foot] = (0.0, -out.level * tilt, 0.0)  # ankles keep the soles level
    scales = {**dict.fromkeys(PROPS, ABSENT), **out.shown}
    return pose_of(rig, out.turns, out.move, out.lift, scales, out.shifts)
