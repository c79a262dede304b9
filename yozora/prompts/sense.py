"""Which meaning of a phrase fits where it stands, and what stands around it."""

from __future__ import annotations

from yozora.prompts.account import CLAUSES, Reader
from yozora.prompts.english import Item, column_of
from yozora.prompts.grammar import AUXILIARIES, CLAUSE_OPENERS, POSSESSIVES, PREPOSITIONS
from yozora.prompts.thesaurus import Meaning

PRONOUNS = frozenset(["it", "he", "she", "they"])
VERB_DUE = PRONOUNS | {"that", "who", "which", "then", "is", "are", "was", "were", "being", "to"}
HAVING = frozenset(["has", "have", "having", "had", "wearing", "wears", "wear", "wore", "using"])
SHOWN_AS = frozenset(["shown", "represented", "imagined", "portrayed", "personified", "pictured"])
TRAINING = ("coach", "coaches")  # people where they are somebody's, else vehicles
# What may stand between an article and its noun.
ADJECTIVES = ("number", "colour", "modifier", "unshown", "mood", "hint", "trait", "nobody", "cover")


def due(reader: Reader, number: int, item: Item) -> Meaning:
    """Of several meanings the one that fits: a verb after a subject, else the first."""
    shades = [meaning for meaning in item.meanings if meaning.column == "colour"]
    if shades and noun_after(reader, number) in ("kind", "garment"):
        return shades[0]  # "violet flowers", "a rose dress"
    verbs = [meaning for meaning in item.meanings if meaning.column == "action"]
    before = reader.items[number - 1] if number else None
    others = [meaning for meaning in item.meanings if meaning.column != "action"]
    if verbs and others:
        return verbs[0] if before is not None and _verb_due(reader, before) else others[0]
    worn = next((m for m in item.meanings if m.column == "garment"), None)
    first = item.meanings[0]
    if first.column == "kind" and worn is not None and _is_worn(reader, number):
        return worn  # "a runner with yellow trainers"
    owned = before is not None and before.words[0] in POSSESSIVES
    if owned and item.words[-1] in TRAINING:
        return Meaning("kind", "man", False)  # "her coach": somebody
    if first.column == "kind" and first.value == "spaceship" and _inside(reader, number):
        return Meaning("place", "spaceship", first.exact)
    return item.meanings[0]


def _verb_due(reader: Reader, before: Item) -> bool:
    """Whether the word before announces a verb of a subject that there is."""
    if not reader.drafts or before.negated:
        return False
    word = before.words[0]
    if word.endswith("'s"):
        return False  # "the girl's hands"
    going_on = word in ("and", "to") and bool(reader.drafts[reader.current].verbs)
    named = column_of(before) in ("kind", "garment") or word.endswith("ly")
    return named or going_on or word in VERB_DUE


def _is_worn(reader: Reader, number: int) -> bool:
    """Whether "with" or "wearing" stands before a noun, of somebody who was named before."""
    role, at = role_of(reader, number)
    opener = reader.items[at].words[0] if at >= 0 else ""
    if role == "joined":  # "with a shaved head and yellow trainers"
        role, at = role_of(reader, at)
        opener = reader.items[at].words[0] if at >= 0 else ""
        role = role if column_of(reader.items[number - 1]) == "colour" else ""
    last = reader.drafts[reader.current].kind if reader.drafts else ""
    dressed = last in ("man", "woman", "child", "astronaut", "superhero")
    return dressed and (opener in HAVING or (role == "within" and opener == "with"))


def _inside(reader: Reader, number: int) -> bool:
    """Whether "in", "inside" or "aboard" stands before a noun and its adjectives."""
    for item in reversed(reader.items[:number]):
        if item.kind == "grammar":
            if item.words[0] in (*POSSESSIVES, "of"):
                continue
            return item.words[0] in ("in", "inside", "aboard", "within")
        if item.words[-1] in ("interior", "interiors", "insides"):
            return True
        if column_of(item) not in ADJECTIVES:
            return False
    return False


def noun_after(reader: Reader, number: int) -> str:
    """The column of the noun that an adjective belongs to, "" where there is none."""
    for item in reader.items[number + 1 :]:
        column = column_of(item)
        if item.kind == "grammar" and item.words[0] in ("and", "or", *POSSESSIVES):
            continue
        if column in (*ADJECTIVES, "action") and column != "number" and not item.negated:
            if column == "action" and not item.words[0].endswith(("ing", "ed")):
                return ""
            continue
        if column == "number" and item.words[0] in ("a", "an"):
            continue
        return "" if column in ("stop", "grammar", "number") else column
    return ""


def role_of(reader: Reader, number: int) -> tuple[str, int]:
    """What a noun is in its clause, and the place of the item that says so.

    "head", "object" of a verb, "within" a phrase after a preposition, "agent" after "by" or
    "likeness" after "like", which is no subject at all.
    """
    at = number - 1
    inside = _in_phrase(reader, number)
    while at >= 0:
        item = reader.items[at]
        word = item.words[0]
        column = column_of(item)
        if item.kind == "grammar":
            if word == "by":
                return "agent", at
            if word in ("like", "as") and _compares(reader, at):
                return "likeness", at
            if word in ("is", "are", "was", "were", "be", "he's", "she's", "it's") and at > 0:
                there = reader.items[at - 1].words[0] in ("there", "here")
                return ("head" if there else "same"), at
            if word == "for" and (at == 0 or column_of(reader.items[at - 1]) != "action"):
                return "purpose", at  # "an animation for kids"
            if word in ("to", "with", "of", "for", *PREPOSITIONS, "off", "at", "than"):
                return "within", at
            if word in ("and", "or", "&"):
                return "joined", at
            if word in CLAUSE_OPENERS or word in ("there", "here"):
                return "head", at
            if word not in POSSESSIVES and word not in ("another", "other", "own", "same", "just"):
                return ("object" if word in HAVING else "head"), at
        elif column in CLAUSES and inside:
            pass  # "a calm woman", "a dark, rainy robot": an adjective of the noun
        elif column == "stop" or column in CLAUSES or column in ("snow", "garment"):
            return "head", at
        elif column == "relation":
            return "within", at
        elif column == "action":
            attributive = reader.waiting and reader.waiting[-1].item is item
            article = at > 0 and reader.items[at - 1].words[-1] in ("a", "an", *POSSESSIVES)
            if not attributive and not article:  # "a calm woman"
                return "object", at
        elif column == "kind":
            return "object", at  # "robots dogs"
        at -= 1
    return "head", at


def _in_phrase(reader: Reader, number: int) -> bool:
    """Whether an article stands before a noun with one word between: "a calm woman"."""
    return number >= 2 and reader.items[number - 2].words[0] in ("a", "an", *POSSESSIVES)


def _compares(reader: Reader, at: int) -> bool:
    """Whether "like" or "as" compares: "like a lion", "small as ants", not "as visitors walk"."""
    if reader.items[at].words[0] == "like":
        return True
    before = reader.items[at - 1] if at else None
    if before is not None and before.words[0] in SHOWN_AS:
        return False
    if before is not None and before.words[0] in ("dressed", "disguised", "costumed"):
        return True  # "a dog dressed as a pirate"
    return before is not None and column_of(before) in ("unshown", "colour", "mood", "unknown")


def before_verb(reader: Reader, number: int) -> tuple[Item | None, bool]:
    """What stands before a verb, adverbs and auxiliaries aside, and whether "who" did."""
    relative = False
    for item in reversed(reader.items[:number]):
        word = item.words[0]
        if item.kind == "grammar" and word in AUXILIARIES:
            relative = relative or word in ("who", "that", "which")
            continue
        if word.endswith("ly") or column_of(item) in ("mood",):
            continue
        return item, relative
    return None, relative
