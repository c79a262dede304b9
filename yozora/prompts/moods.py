"""Moods and ideas -> slots: "loneliness" is one person at night in the rain.

`moods.tsv` holds, for each group of words, what they suggest for slots that the prompt leaves open.
What a firm line ("=") suggests is part of the reading, who feels it included where the prompt names
nobody; what another line suggests only guides the choices of enhancement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from yozora.prompts.account import CLAUSES, Fate, Reader
from yozora.prompts.english import Item
from yozora.prompts.thesaurus import Meaning
from yozora.world.pairs import PAIRS
from yozora.world.parsing import Said, SaidSubject
from yozora.world.phrases import CANONICAL, KINDS, SEASONAL
from yozora.world.scene import SHELTERED, TIMELESS

SPACEFARING = frozenset(["solar system", "rocket", "spaceship", "astronaut"])
HEAVENS = frozenset(["star", "stars", "moon", "sun", "asteroid", "asteroids", "comet", "comets"])


def suggestions(meaning: Meaning) -> dict[str, str]:
    """What a mood or a piece of scenery suggests: {"time": "night", "weather": "rain"}."""
    parts = [part.split("=", 1) for part in meaning.value.split(";")]
    return {column: value for column, value in parts if column != "all"}


def columns(reader: Reader) -> frozenset[str]:
    """The slots that the moods of a prompt suggest anything for."""
    return frozenset(column for _, meaning in reader.hints for column in suggestions(meaning))


def lean(reader: Reader, said: Said) -> tuple[Said, Mapping[str, str], frozenset[int]]:
    """The account with what firm moods say, what others suggest, and the words shown by those.

    Sets the fates of moods: substituted by what they bring about, or by what is there already.
    """
    leanings: dict[str, str] = {}
    shown: set[int] = set()
    bare = not said.subjects and not reader.nobody
    firm = [
        (item, meaning)
        for item, meaning in reader.hints
        if (meaning.exact and (meaning.column == "hint" or bare)) or _among(said, item)
    ]
    for item, meaning in firm:
        said = _firmly(reader, said, item, meaning)
    for aura in reader.auras:
        for column, value in suggestions(aura).items():
            if _open(reader, said, {}, column, value):
                said = _with(said, column, value)
    for item, meaning in reader.hints:
        wanted = _suited(said, item, suggestions(meaning))
        told: list[str] = []
        leant = False
        for column, value in wanted.items():
            held = _value(said, leanings, column)
            if held != value and not _open(reader, said, leanings, column, value):
                if not told and column == "place":
                    break  # what goes with a place goes with it alone
                continue
            if held is None:
                leanings[column] = value
            leant = leant or leanings.get(column) == value
            if _shows(said, column):
                told.append(_phrase(column, value))
        if told:
            reader.mark(item, Fate.SUBSTITUTED, " , ".join(told))
            shown.update(item.places if leant else ())
        else:
            column, value = next(iter(wanted.items()))
            reader.mark(item, Fate.UNKNOWN, _phrase(column, value))
    return said, leanings, frozenset(shown)


def _firmly(reader: Reader, said: Said, item: Item, meaning: Meaning) -> Said:
    """The account with what a firm mood says: of a feeling who has it and what they do, of
    scenery, and where the table says so, all."""
    wanted = _suited(said, item, suggestions(meaning))
    everything = meaning.column == "hint" or "all" in meaning.value
    for column, value in wanted.items():
        if everything or column in ("kind", "action"):
            aside = column == "weather" and said.place in SHELTERED  # seen through a window
            if _open(reader, said, {}, column, value) or (aside and said.weather is None):
                said = _with(said, column, value)
    return said


def _shows(said: Said, column: str) -> bool:
    """Whether a place shows weather or hours at all."""
    if column == "weather":
        return said.place not in SHELTERED
    return column != "time" or said.place not in TIMELESS


def _suited(said: Said, item: Item, wanted: dict[str, str]) -> dict[str, str]:
    """Stars and the moon, beside what flies among them, are of space, not of the night."""
    return {"place": "space"} if _among(said, item) else wanted


def _among(said: Said, item: Item) -> bool:
    spacefaring = bool(said.subjects) and said.subjects[0].kind in SPACEFARING
    return spacefaring and bool(set(item.words) & HEAVENS)


def _value(said: Said, leanings: Mapping[str, str], column: str) -> str | None:
    """What a slot holds, as said or as another mood suggests."""
    if column in CLAUSES:
        held = getattr(said, column)
    else:
        held = getattr(said.subjects[0], column) if said.subjects else None
    return held or leanings.get(column)


def _open(reader: Reader, said: Said, leanings: Mapping[str, str], column: str, value: str) -> bool:
    """Whether a slot may still take a value: nothing is said of it and it would show."""
    if _value(said, leanings, column) is not None or (column, value) in reader.excluded:
        return False
    place = said.place or leanings.get("place")
    if column == "kind":
        return not said.subjects and not reader.nobody and not reader.loose
    if column == "action":
        kind = said.subjects[0].kind if said.subjects else leanings.get("kind")
        two = len(said.subjects) == 2 and not said.subjects[1].action
        pair = value in PAIRS and (two or (not said.subjects and "+" in (kind or "")))
        return kind is not None and (pair or value in KINDS[kind.split("+")[0]].actions)
    if column == "weather" and place in SHELTERED:
        return False
    if column == "time" and place in TIMELESS:
        return False
    if column == "season" and place is not None and place not in SEASONAL:
        return False
    if column == "place" and value in SHELTERED and said.weather is not None:
        return False
    if column == "place" and value in TIMELESS and said.time is not None:
        return False
    return not (column == "place" and said.season is not None and value not in SEASONAL)


def _with(said: Said, column: str, value: str) -> Said:
    """The account with one more slot."""
    if column in CLAUSES:
        clause = {column: value}
        return replace(said, **clause)  # type: ignore[arg-type]
    if column == "kind":
        return replace(
            said, subjects=tuple(SaidSubject(kind, count=1) for kind in value.split("+"))
        )
    first, *others = said.subjects
    change = {column: value}
    return replace(said, subjects=(replace(first, **change), *others))  # type: ignore[arg-type]


def _phrase(column: str, value: str) -> str:
    value = value.replace("+", " , ")
    return CANONICAL[column][value] if column in CANONICAL else value
