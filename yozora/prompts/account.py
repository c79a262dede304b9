"""What the pass over a prompt finds: each word's fate, and the subjects and clauses so far."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from yozora.prompts.english import Item
from yozora.prompts.thesaurus import Meaning, spoken

CLAUSES = ("place", "time", "season", "weather", "style", "camera")


class Fate(enum.Enum):
    """What became of a word of the prompt."""

    HONOURED = "honoured"  # the caption says it
    SUBSTITUTED = "substituted"  # the caption says the nearest thing instead
    UNKNOWN = "not known"  # the caption does not say it; `instead` is the nearest thing to say


@dataclass(frozen=True, slots=True)
class WordFate:
    """One content word of the prompt and what stands for it in the caption language."""

    word: str
    fate: Fate
    instead: str


@dataclass(slots=True)
class Draft:
    """A subject while it is being read."""

    kind: str
    items: list[tuple[Item, Meaning]]
    colour: str | None = None
    implied: str | None = None
    count: int | None = None
    number: Item | None = None  # that says the count
    actions: list[Item] = field(default_factory=list)
    joined: bool = False  # "a cat and a dog": what they do, both do


@dataclass(slots=True)
class Reader:
    """The state of one pass."""

    items: list[Item]
    fates: dict[int, WordFate] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    clauses: dict[str, tuple[str, Item]] = field(default_factory=dict)
    excluded: set[tuple[str, str]] = field(default_factory=set)
    relation: str | None = None
    current: int = -1
    colour: tuple[str, Item] | None = None  # waiting for its noun
    spare_colour: str | None = None
    count: int | None = None
    number: Item | None = None  # that says the count
    waiting: list[Item] = field(default_factory=list)  # verbs waiting for their subject
    snow: Item | None = None
    after: bool = False

    def mark(self, item: Item, fate: Fate, instead: str) -> None:
        for word, place in zip(item.words, item.places, strict=True):
            self.fates[place] = WordFate(word, fate, instead)

    def mark_meaning(self, item: Item, meaning: Meaning, instead: str | None = None) -> None:
        fate = Fate.HONOURED if meaning.exact else Fate.SUBSTITUTED
        self.mark(item, fate, instead or spoken(meaning))

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)
