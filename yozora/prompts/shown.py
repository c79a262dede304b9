"""What is seen anyway: the trees of a park, the stars of a night, a dog's ears, a robot's metal.

`shown.tsv` holds, for each value of a slot, the words for what is to be seen wherever it is chosen.
Such a word is honoured where the reading chooses that value.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping

from yozora.prompts.account import Fate, Reader
from yozora.prompts.inflect import plural
from yozora.world.parsing import Said
from yozora.world.phrases import CANONICAL, SEASONAL
from yozora.world.scene import SHELTERED, TIMELESS

SLOTS = ("place", "time", "weather", "season", "style")
CAMERA = frozenset(["camera", "cameras"])  # "looks at the camera": whatever is shown, it is there


@functools.cache
def table() -> dict[tuple[str, str], frozenset[str]]:
    """(slot, value) -> what is seen where it is chosen, singular and plural."""
    text = importlib.resources.files(__package__).joinpath("shown.tsv").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            slot, value, words = line.split("\t")
            singular = words.split(", ")
            found[slot, value] = frozenset([*singular, *map(plural, singular)])
    return found


def honour(reader: Reader, said: Said, leanings: Mapping[str, str]) -> frozenset[int]:
    """Marks words for what is seen anyway; the places of those that moods alone bring about."""
    sure, likely = _seen(said, leanings)
    own = {id(item) for draft in reader.drafts for item, _ in draft.items}
    own |= {id(verb.item) for draft in reader.drafts for verb in draft.verbs}
    own |= {id(item) for item in (*reader.empty, *reader.related, *reader.loose)}
    leant: set[int] = set()
    for item in reader.items:
        if item.negated or id(item) in own or item.kind not in ("phrase", "unknown"):
            continue
        if {*item.words} <= CAMERA and not _honoured(reader, item.places):
            reader.mark(item, Fate.HONOURED, "camera")
            continue
        for text, places in (
            (" ".join(item.words), item.places),
            (item.words[-1].removesuffix("'s"), item.places[-1:]),  # "cherry trees": trees
        ):
            if _honoured(reader, places):
                break
            told = sure.get(text) or likely.get(text)
            if told is not None:
                words = item.words[-len(places) :]
                for word, place in zip(words, places, strict=True):
                    reader.mark_word(word, place, Fate.HONOURED, told)
                leant.update(places if text not in sure else ())
                break
    return frozenset(leant)


def _honoured(reader: Reader, places: tuple[int, ...]) -> bool:
    fates = [reader.fates.get(place) for place in places]
    return all(fate is not None and fate.fate is Fate.HONOURED for fate in fates)


def _shows(slot: str, place: str | None) -> bool:
    """Whether a place shows weather, hours or seasons at all."""
    if slot == "weather":
        return place not in SHELTERED
    if slot == "time":
        return place not in TIMELESS
    return slot != "season" or place is None or place in SEASONAL


def _seen(said: Said, leanings: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Word -> the phrase that brings it about: of what was said, and of what moods suggest."""
    sure: dict[str, str] = {}
    likely: dict[str, str] = {}
    for subject in said.subjects:
        kind = subject.kind or ""
        sure.update(dict.fromkeys(table().get(("kind", kind), ()), kind))
    if not said.subjects:
        for kind in leanings.get("kind", "").split("+"):
            likely.update(dict.fromkeys(table().get(("kind", kind), ()), kind))
    for slot in SLOTS:
        value = getattr(said, slot) if _shows(slot, said.place) else None
        if value is not None:
            sure.update(dict.fromkeys(table().get((slot, value), ()), CANONICAL[slot][value]))
        elif slot in leanings:
            told = CANONICAL[slot][leanings[slot]]
            likely.update(dict.fromkeys(table().get((slot, leanings[slot]), ()), told))
    return sure, likely
