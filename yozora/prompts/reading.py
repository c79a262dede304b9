"""Reads plain English: what a prompt says in the caption language, and each word's fate.

Up to three subjects with an action each, a second action for the first, two who do something with
each other, or a place with nobody in it: that is all that a caption can hold. What is beyond that
is named, with the nearest thing that it can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yozora.prompts import english, moods, shown
from yozora.prompts.account import Fate, Reader, WordFate
from yozora.prompts.binding import bind
from yozora.prompts.english import Item
from yozora.prompts.errors import PromptError
from yozora.prompts.finishing import action_of, nearest_action, subjects_of
from yozora.prompts.thesaurus import thesaurus
from yozora.world.pairs import PAIRS
from yozora.world.parsing import Said
from yozora.world.phrases import BESIDE, CANONICAL, SEASONAL
from yozora.world.scene import DEEP, SHELTERED, TIMELESS

__all__ = ["Fate", "Reading", "WordFate", "action_of", "nearest_action", "read"]


NOBODY = "with nobody in it"  # what stands for "empty"
HIDDEN = ", where it does not show"  # ends what stands for a season or an hour that a place hides


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt says."""

    said: Said  # numbers as said, also of several kinds: `shown` has one of each
    words: tuple[WordFate, ...]  # every content word, in order
    implied: tuple[str | None, ...]  # by subject: the colour that its word suggests ("crow")
    spare_colour: str | None  # a colour said of nothing there is
    excluded: frozenset[tuple[str, str]]  # (column, value) that must not be added
    notes: tuple[str, ...]  # sentences about what the language cannot hold
    nobody: bool = False  # a place is all that is asked for
    scenery: bool = False  # things of a place are named and nobody: it may be left empty
    leanings: Mapping[str, str] = field(default_factory=dict)  # what moods suggest: column -> value
    loose: tuple[Item, ...] = ()  # verbs of what nobody knows, for whoever is chosen
    leaning: frozenset[int] = frozenset()  # numbers of the words that are shown by leanings alone

    @property
    def shown(self) -> Said:
        """What is said, as a caption can hold it: several kinds are one of each."""
        said, place = self.said, self.said.place
        if len(said.subjects) > 1:
            said = replace(said, subjects=tuple(replace(s, count=1) for s in said.subjects))
        return replace(
            said,
            relation=None if len(said.subjects) == 3 and said.relation in DEEP else said.relation,
            weather=None if place in SHELTERED else said.weather,
            time=None if place in TIMELESS else said.time,
            season=said.season if place is None or place in SEASONAL else None,
        )


def read(prompt: str) -> Reading:
    """What a prompt in plain English says.

    Raises PromptError for a prompt that is empty, too long, or holds control characters.
    """
    text = english.clean(prompt)
    words = english.split_words(text)
    if not any(english.is_content(word) for word in words):
        raise PromptError(
            "The prompt names nothing that can be seen: say who does what and where, for example "
            '"a dog running in the park".'
        )
    reader = bind(english.items(text))
    subjects = subjects_of(reader)
    clauses = _clauses(reader)
    said = Said(
        subjects=subjects,
        relation=reader.relation if len(subjects) > 1 else None,
        place=clauses.get("place"),
        season=clauses.get("season"),
        time=clauses.get("time"),
        weather=clauses.get("weather"),
        style=clauses.get("style"),
        camera=clauses.get("camera"),
    )
    said, leanings, leaning = moods.lean(reader, said)
    deep = len(subjects) == 3 and said.relation in DEEP
    if len(subjects) < 2 or deep or subjects[0].action in PAIRS:
        for item in reader.related:  # there is no relation that could show it
            reader.mark(item, Fate.UNKNOWN, BESIDE[0])
    for item in reader.empty:
        if item.negated and said.subjects:
            continue  # "no people, a dog": who is kept out is told, and the dog is there
        fate = Fate.UNKNOWN if said.subjects else Fate.HONOURED
        reader.mark(item, fate, "with somebody in it" if said.subjects else NOBODY)
    for item in reader.loose[: not said.subjects]:
        meaning = next(m for m in item.meanings if m.column == "action")
        reader.mark_meaning(item, meaning, meaning.value)
        leaning |= set(item.places)
    leaning |= shown.honour(reader, said, leanings)
    content = [place for place, word in enumerate(words) if english.is_content(word)]
    return Reading(
        said=said,
        words=_fates(reader, words),
        implied=tuple(draft.implied for draft in reader.drafts),
        spare_colour=reader.spare_colour,
        excluded=frozenset(reader.excluded),
        notes=tuple(reader.notes),
        nobody=not said.subjects and _is_empty(reader, said),
        scenery=not reader.loose and _is_scenery(reader),
        leanings=leanings,
        loose=tuple(reader.loose),
        leaning=frozenset(n for n, place in enumerate(content) if place in leaning),
    )


def _is_empty(reader: Reader, said: Said) -> bool:
    """Whether nobody is asked for: it was said, or a place was named and nothing that acts."""
    if reader.nobody or said.camera == "forward":
        return True
    if reader.loose or "kind" in moods.columns(reader):
        return False
    return said.place is not None or said.camera in ("forward", "crane up")


def _is_scenery(reader: Reader) -> bool:
    """Whether only things that a place has are named: "a tree", "an apple on a table"."""
    hints = [meaning.column == "hint" for _, meaning in reader.hints]
    return bool(hints) and all(hints)


def _fates(reader: Reader, words: list[str]) -> tuple[WordFate, ...]:
    return tuple(
        reader.fates.get(place) or WordFate(word, Fate.UNKNOWN, thesaurus().nearest(word))
        for place, word in enumerate(words)
        if english.is_content(word)
    )


def _clauses(reader: Reader) -> dict[str, str]:
    """Place, time, season, weather, style and camera, without those that cannot show."""
    said = {column: meaning.value for column, (meaning, _) in reader.clauses.items()}
    if reader.snow is not None:
        column = "weather" if "place" in said or "weather" in said else "place"
        value = "snow" if column == "weather" else "snow field"
        if said.setdefault(column, value) == value:
            reader.mark(reader.snow, Fate.HONOURED, CANONICAL[column][value])
        else:
            reader.mark(reader.snow, Fate.SUBSTITUTED, CANONICAL[column][said[column]])
    place = said.get("place")
    if place in SHELTERED and "weather" in said:
        sentence = "Indoors there is no weather."
        _unshown(reader, "weather", said["weather"], place or "", sentence)
    if place in TIMELESS and "time" in said:
        _unshown(reader, "time", said["time"], place or "", "No hour shows there.")
    if said.get("place", "park") not in SEASONAL and "season" in said:
        sentence = "Seasons show in the open country only."
        _unshown(reader, "season", said["season"], place or "", sentence)
    if "weather" not in said and place not in SHELTERED:  # "not sunny"
        left = [w for w in ("clear", "rain", "snow") if ("weather", w) not in reader.excluded]
        if ("weather", "clear") in reader.excluded and left:
            said["weather"] = left[0]
    return said


def _unshown(reader: Reader, column: str, value: str, where: str, sentence: str) -> None:
    """A clause that the place does not show: its words say nothing."""
    place = CANONICAL["place"][where]
    for item in reader.items:
        meaning = item.meanings[0] if item.meanings else None
        if meaning and meaning.column == column and meaning.value == value and not item.negated:
            reader.mark(item, Fate.UNKNOWN, f"{place}{HIDDEN}")
    reader.note(sentence)
