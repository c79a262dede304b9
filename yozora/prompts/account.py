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
class Verb:
    """A verb while it waits for its subject to be known."""

    item: Item
    sequel: bool = False  # "then runs": what comes second
    past: bool = False  # "has slipped away": what was before
    passive: bool = False  # "is chased": the subject suffers it
    joined: bool = False  # "and sits": told after another verb
    aside: bool = False  # "as she passes": told of the time, not as what comes next


@dataclass(slots=True)
class Garment:
    """A garment of somebody: as said, and the one that the language has."""

    item: Item
    meaning: Meaning
    colour: str | None


@dataclass(slots=True)
class Draft:
    """A subject while it is being read."""

    kind: str
    items: list[tuple[Item, Meaning]]
    role: str = "head"  # "head" | "object" of a verb | "within": after a preposition | "agent"
    colour: str | None = None
    implied: str | None = None
    count: int | None = None
    number: Item | None = None  # that says the count
    verbs: list[Verb] = field(default_factory=list)
    garments: list[Garment] = field(default_factory=list)
    joined: bool = False  # "a cat and a dog": what they do, both do
    resting: str | None = None  # what it does that has no verb of its own
    posture: str | None = None  # how it is, by where: "on a bench"
    grouped: bool = False  # one of "a couple", not yet named itself
    counted: bool = False  # its number was said
    twin: bool = False  # one of a group that was named together
    behind: int | None = None  # the draft whose object it is
    link: str = ""  # the word that ties it to what is before: "with", "and"

    @property
    def neutral(self) -> bool:
        """Whether its words leave open who it is: "a doctor", but not "a boy" or "a man"."""
        exact = any(m.exact and m.value == self.kind for _, m in self.items)
        return self.kind == "man" and not exact


@dataclass(slots=True)
class Reader:
    """The state of one pass."""

    items: list[Item]
    fates: dict[int, WordFate] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    clauses: dict[str, tuple[Meaning, Item]] = field(default_factory=dict)
    hints: list[tuple[Item, Meaning]] = field(default_factory=list)  # moods, scenery
    auras: list[Meaning] = field(default_factory=list)  # "santa": winter, where none is said
    excluded: set[tuple[str, str]] = field(default_factory=set)
    relation: str | None = None
    related: list[Item] = field(default_factory=list)  # the words that say it, or "next to"
    current: int = -1  # the subject named last
    topic: int = -1  # the subject of the clause
    colour: tuple[str, Item] | None = None  # waiting for its noun
    spare_colour: str | None = None
    count: int | None = None
    number: Item | None = None  # that says the count
    waiting: list[Verb] = field(default_factory=list)  # verbs waiting for their subject
    loose: list[Item] = field(default_factory=list)  # verbs of what nobody knows
    posture: str | None = None  # "on a bench" before anybody is named
    passive: Verb | None = None  # a passive verb that may yet find who does it
    snow: Item | None = None
    after: bool = False
    sequel: bool = False  # "then" was said
    meantime: bool = False  # "as" or "when" was said
    empty: list[Item] = field(default_factory=list)  # "no people", "deserted"
    told: int = -1  # the member of a group that was told of last
    shared: int = 0  # so many verbs were said of all the group
    shared_colour: str | None = None  # and this colour
    aside: list[tuple[Item, Meaning]] = field(default_factory=list)  # nouns that tell of nouns

    @property
    def nobody(self) -> bool:
        """Whether it is said that nobody is there."""
        return bool(self.empty) and not self.drafts

    def mark(self, item: Item, fate: Fate, instead: str) -> None:
        for word, place in zip(item.words, item.places, strict=True):
            self.mark_word(word, place, fate, instead)

    def mark_word(self, word: str, place: int, fate: Fate, instead: str) -> None:
        self.fates[place] = WordFate(word, fate, instead)

    def mark_meaning(self, item: Item, meaning: Meaning, instead: str | None = None) -> None:
        fate = Fate.HONOURED if meaning.exact else Fate.SUBSTITUTED
        self.mark(item, fate, instead or spoken(meaning))

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)
