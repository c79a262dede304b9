"""Garments: who wears what, in which colours, and what only lies about."""

from __future__ import annotations

from yozora.prompts.account import Draft, Fate, Garment, Reader
from yozora.prompts.english import Item, column_of
from yozora.prompts.inflect import verb_forms
from yozora.prompts.nouns import drop_colour, give_colour
from yozora.prompts.sense import role_of
from yozora.prompts.thesaurus import Meaning, spoken
from yozora.world.phrases import KINDS

OWN_GARMENT = "own"  # in the table: what is said of it is said of the subject's own colour
# Who is clothed like a person and has no garment of its own: a garment's colour is all that shows.
CLOTHED = ("robot", "knight")
MAIN = (OWN_GARMENT, "coat", "jacket", "dress", "suit")
# Whoever does this to a garment wears it no more, or not yet.
LOSING = frozenset(
    form
    for base in """forget lose drop throw toss remove find pack unpack wash sell buy steal fold hang
    iron mend sew knit untie pick fetch""".split()  # noqa: SIM905
    for form in verb_forms(base)
)


def covered(reader: Reader) -> bool:
    """Gives the colour of fur, paint or petals to whose they are, if there is such a subject."""
    if not reader.drafts or reader.colour is None:
        return False
    draft = reader.drafts[reader.current]
    if KINDS[draft.kind].wears is not None:
        return False
    give_colour(reader, draft)
    return True


def take_garment(reader: Reader, item: Item, meaning: Meaning) -> None:
    """A garment of whoever was named last; its fate is set when all is read."""
    wearer = None if _lies_about(reader, item) else _wearer(reader)
    if wearer is not None and wearer.kind in CLOTHED:
        if meaning.value in MAIN and reader.colour is not None:
            give_colour(reader, wearer)
            reader.mark(item, Fate.SUBSTITUTED, wearer.kind)
            return
        wearer = None
    if wearer is None:
        drop_colour(reader)
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))
        if reader.drafts and not _lies_about(reader, item):
            reader.note("Only people wear garments.")
        return
    colour = None
    if reader.colour is not None:
        colour, reader.colour = reader.colour[0], None
    reader.mark(item, Fate.UNKNOWN, meaning.value)
    wearer.garments.append(Garment(item, meaning, colour))


def _wearer(reader: Reader) -> Draft | None:
    """Who wears clothes: the subject named last, else the topic."""
    if reader.drafts and reader.drafts[reader.current].kind in CLOTHED:
        return reader.drafts[reader.current]
    for index in (reader.current, reader.topic):
        if reader.drafts and KINDS[reader.drafts[index].kind].wears is not None:
            return reader.drafts[index]
    return None


def _lies_about(reader: Reader, item: Item) -> bool:
    """Whether a garment is not worn: "forgets his backpack", "between two boots"."""
    number = next((n for n, other in enumerate(reader.items) if other is item), 0)
    role, at = role_of(reader, number)
    if role == "object":
        return reader.items[at].words[0] in LOSING
    counted = number > 0 and column_of(reader.items[number - 1]) == "number"
    many = counted and reader.items[number - 1].words[0] not in ("a", "an", "one", "pair")
    several = many and "pair" not in reader.items[number - 1].words
    return several and role == "within" and reader.items[at].words[0] not in ("in", "with")
