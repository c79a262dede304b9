"""What two subjects do with each other: one chases, meets, greets or gives, the other answers.

The first subject's action is the pair's name, the second's is its partner's; each shows one of its
own asset's poses. Who takes part, where the two stand and which way they look follow from that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

FASTEST = ("run", "drive", "ride", "fly", "swim", "sail", "roll", "walk")  # what a chase looks like


@dataclass(frozen=True, slots=True)
class Pair:
    """An action of two. Verbs as in `phrases.ACTIONS`, with what stands before the second noun."""

    forms: tuple[str, str, str]  # "chase", "chases", "chasing"
    partner: str  # the second subject's action
    first: tuple[str, ...]  # poses of an asset that show it, the best first
    second: tuple[str, ...]
    face: bool  # the two look at each other; else both go the same way


PAIRS: dict[str, Pair] = {
    "chase": Pair(("chase", "chases", "chasing"), "flee", FASTEST, FASTEST, False),
    "meet": Pair(("meet", "meets", "meeting"), "be met", ("walk",), ("walk",), True),
    "shake hands": Pair(
        ("shake hands with", "shakes hands with", "shaking hands with"),
        "have hands shaken", ("shake hands",), ("shake hands",), True,
    ),
    "give": Pair(
        ("give a present to", "gives a present to", "giving a present to"),
        "be given", ("give",), ("take",), True,
    ),
}  # fmt: skip
PARTNERS: dict[str, Pair] = {pair.partner: pair for pair in PAIRS.values()}
OWN_POSES = frozenset({"shake hands", "give", "take"})  # of assets, shown by pairs alone
GREETING = "wave"  # once they have met


def pose_of(action: str, able: Collection[str]) -> str:
    """The asset's own action that shows one half of a pair; any other action as it is."""
    if action in PAIRS:
        choices = PAIRS[action].first
    elif action in PARTNERS:
        choices = PARTNERS[action].second
    else:
        return action
    return next((pose for pose in choices if pose in able), action)


def possible(name: str, first: Collection[str], second: Collection[str]) -> bool:
    """Whether two subjects with these actions can do it."""
    pair = PAIRS[name]
    both = bool({*pair.first} & {*first}) and bool({*pair.second} & {*second})
    return both and (name != "meet" or (GREETING in first and GREETING in second))
