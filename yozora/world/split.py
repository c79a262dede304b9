"""What is never trained on: one hash over pairs of attributes.

A model that has seen brown dogs and blue cars should draw a blue dog. To measure that, one pair in
ten is held out of training; evaluation uses only scenes with such a pair. The tables are
(subject, colour), (subject, action), (subject, place), (subject, style), (place, time) and
(place, weather). Natural style, the default of six scenes in ten, is never held out: a subject
without it would be missing, not rare. Where there is no weather or no hour, there is no such pair.
"""

from __future__ import annotations

import hashlib

from yozora.world.scene import SHELTERED, TIMELESS, Scene

# Chosen so that each value keeps most of its partners and each kind one way to go (tested), and so
# that what people ask for most is never held out: women and men walk and run, a dog runs in the
# park, a car drives on the road.
SALT = "yozora wider world 399176"
SHARE = 0.10  # of all pairs

Pair = tuple[str, str, str]  # table, first value, second value


def pair_held_out(pair: Pair) -> bool:
    """Whether training never shows this pair; the same on every machine, for ever."""
    if pair[0] == "subject style" and pair[2] == "natural":
        return False
    digest = hashlib.sha256("|".join((SALT, *pair)).encode()).digest()
    return int.from_bytes(digest[:8], "big") < SHARE * 2.0**64


def pairs(scene: Scene) -> tuple[Pair, ...]:
    """Every pair of attributes that the scene shows."""
    found: list[Pair] = []
    if scene.place not in TIMELESS:
        found.append(("place time", scene.place, scene.time))
    if scene.place not in SHELTERED:
        found.append(("place weather", scene.place, scene.weather))
    for subject in scene.subjects:
        found.append(("subject colour", subject.kind, subject.colour))
        found.append(("subject action", subject.kind, subject.action))
        if subject.then is not None:
            found.append(("subject action", subject.kind, subject.then))
        found.append(("subject place", subject.kind, scene.place))
        found.append(("subject style", subject.kind, scene.style))
    return tuple(found)


def held_out(scene: Scene) -> bool:
    """Whether the scene shows at least one pair that training never shows."""
    return any(pair_held_out(pair) for pair in pairs(scene))
