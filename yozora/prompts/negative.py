"""Reads a negative prompt: a list of things to steer away from, of which each is said once.

A caption holds two subjects and one clause of a sort; a list of what to avoid holds any number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from yozora.prompts import english
from yozora.prompts.account import CLAUSES, Reader
from yozora.prompts.binding import bind
from yozora.prompts.english import Item
from yozora.prompts.errors import PromptError
from yozora.prompts.finishing import action_of
from yozora.prompts.negation import CLASSES
from yozora.prompts.sense import due
from yozora.prompts.thesaurus import Meaning, spoken
from yozora.world.phrases import CANONICAL, KINDS

BETWEEN = ("modifier", "unshown", "action", "number")  # may stand between a colour and its noun


@dataclass(slots=True)
class _Thing:
    colour: str = ""
    kind: str = ""
    action: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.colour, self.kind or self.action) if part)

    def alone(self) -> frozenset[tuple[str, str]]:
        """Its column and value, where it is one thing: no colour of something."""
        told = {(name, getattr(self, name)) for name in ("colour", "kind", "action")}
        told = {(column, value) for column, value in told if value}
        return frozenset(told if len(told) == 1 else ())


@dataclass(slots=True)
class _List:
    """What was named so far, in order."""

    things: list[_Thing] = field(default_factory=list)
    clauses: set[tuple[str, str]] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    nearest: dict[str, str] = field(default_factory=dict)
    colour: str = ""  # waiting for its noun

    def flush(self) -> None:
        self.things += [_Thing(colour=self.colour)] if self.colour else []
        self.colour = ""

    def subject(self) -> _Thing | None:
        """The subject named last."""
        return next((thing for thing in reversed(self.things) if thing.kind), None)


@dataclass(frozen=True, slots=True)
class Negative:
    """A negative prompt in the caption language."""

    said: str = ""  # what it names, parted by commas; "" for nothing
    strange: tuple[str, ...] = ()  # its words that the language has nothing for
    nearest: tuple[tuple[str, str], ...] = ()  # its words, and the nearest that is said instead
    values: frozenset[tuple[str, str]] = frozenset()  # (column, value) of what is one thing alone:
    # "red" and "dog", and neither of "red dog"


def told_negative(text: str) -> tuple[Negative, tuple[str, ...]]:
    """`read_negative`, and sentences on what it cannot say; nothing, where nobody can read it."""
    try:
        read = read_negative(text) if text else Negative()
    except PromptError:
        return Negative(), (
            "the negative prompt names nothing that can be seen, so it is left out",
        )
    strange = [f'"{word}"' for word in read.strange]
    notes = [f"{', '.join(strange)} of the negative prompt is not known"] if strange else []
    notes += [f'"{said}" of the negative prompt is read as {near}' for said, near in read.nearest]
    if text and not read.said:
        notes.append("nothing of the negative prompt is known, so it is left out")
    return read, tuple(notes)


def read_negative(text: str) -> Negative:
    """What a negative prompt names: "red, a blurry dog" is "red , dog".

    Raises PromptError as `read` does.
    """
    reader = bind(english.items(english.clean(text)))
    found = _List()
    for number, item in enumerate(reader.items):
        _take(found, reader, number, item)
    found.flush()
    phrases = [str(thing) for thing in found.things]
    for column in CLAUSES:
        phrases += [CANONICAL[column][value] for c, value in sorted(found.clauses) if c == column]
    return Negative(
        said=" , ".join(dict.fromkeys(phrases)),
        strange=tuple(dict.fromkeys(found.strange)),
        nearest=tuple(found.nearest.items()),
        values=frozenset(found.clauses).union(*(thing.alone() for thing in found.things)),
    )


def _take(found: _List, reader: Reader, number: int, item: Item) -> None:
    meaning = due(reader, number, item) if item.kind == "phrase" else None
    column = meaning.column if meaning else item.kind
    if column == "backdrop" and item.negated:
        column = "kind"  # "no trees" in a negative prompt means what it would keep out
    subject = found.subject()
    if meaning is not None and column == "kind":
        kinds = CLASSES.get(item.words[-1], tuple(dict.fromkeys(meaning.value.split("+"))))
        found.things += [_Thing(found.colour, kind) for kind in kinds]
        found.colour = ""
        if not meaning.exact and len(kinds) == 1:
            found.nearest[" ".join(item.words)] = meaning.value
        return
    if column in ("garment", "cover") and found.colour and subject and not subject.colour:
        subject.colour, found.colour = found.colour, ""  # "a woman in a red dress"
        return
    if column not in BETWEEN:
        found.flush()
    if meaning is not None and not meaning.exact and column in ("colour", "action", *CLAUSES):
        found.nearest[" ".join(item.words)] = spoken(meaning)
    if meaning is None:
        found.strange += item.words if column == "unknown" else ()
    elif column == "colour":
        _take_colour(found, reader.items[number - 1] if number else None, meaning.value)
    elif column == "action":
        found.things.append(_Thing(action=_action(subject, item, meaning)))
    elif column == "snow":
        found.clauses |= {("weather", "snow"), ("place", "snow field")}
    elif column in CLAUSES:
        found.clauses.add((column, meaning.value))
    elif column not in ("number", "modifier"):
        found.strange += item.words


def _take_colour(found: _List, before: Item | None, colour: str) -> None:
    subject = found.subject()
    said_of = before is not None and before.words[0] in ("is", "are")
    if said_of and subject is not None and not subject.colour:
        subject.colour = colour
    else:
        found.colour = colour


def _action(subject: _Thing | None, item: Item, meaning: Meaning) -> str:
    if subject is None or subject.kind not in KINDS:
        return meaning.value
    return action_of(subject.kind, item)[0]
