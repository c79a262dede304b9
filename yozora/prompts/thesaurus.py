"""Plain English words -> the caption language: the tables beside this file, inflected.

A line of a table says what its words mean, exactly ("=") or as the nearest thing there is ("~").
`clips.tsv` holds style, camera, weather, hours, colours, numbers, `places.tsv` places and scenery,
`people.tsv` people and clothes, `things.tsv` animals and things, `verbs.tsv` what they do and
`actions.tsv` what each of them does by it ("flip" of a cook, of a cat), with the seats they take;
`scenes.tsv` more of the clip and what goes with a word ("santa": winter), `feelings.tsv` and
`moods.tsv` moods and ideas, `thesaurus.tsv` all else; `folk.tsv`, `creatures.tsv`, `venues.tsv` and
`stuff.tsv` hold whole fields of further nouns. Subjects' own synonyms and actions come from
their assets, so a new asset brings its words along.
"""

from __future__ import annotations

import difflib
import functools
import importlib.resources
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from yozora.prompts.grammar import RIGHT
from yozora.prompts.inflect import base_form, plural, verb_forms
from yozora.world.phrases import (
    ACTIONS,
    CANONICAL,
    GARMENTS,
    KIND_VARIANTS,
    KINDS,
    PAIRED,
    PHRASES,
    article,
)

# When a form has several meanings ("rocks"), the reader tries them in this order of columns, and
# the verb first where a verb is due.
PRIORITY = (
    *("number", "snow", "relation", "side", "style", "camera", "weather", "time", "season"),
    *(
        "place",
        "kind",
        "colour",
        "garment",
        "cover",
        "backdrop",
        "part",
        "action",
        "trait",
        "nobody",
        "mood",
        "hint",
        "absent",
        "unshown",
        "modifier",
        "aura",  # an hour, a season or a weather that goes with a word, whatever else it means
        "seat",  # what somebody sits or lies on: beside whatever else it is
    ),
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase of plain English says in the caption language."""

    column: str  # one of PRIORITY
    value: str  # a value of that column; for `unshown`, the nearest phrase of the language
    exact: bool  # False: the nearest thing there is
    plural: bool = False  # of kinds: several are meant
    colour: str | None = None  # of kinds: what colour it has when none is said
    only: str | None = None  # of actions: the kind whose own word it is


Phrase = tuple[str, ...]
Meanings = tuple[Meaning, ...]
RANK = {column: rank for rank, column in enumerate(PRIORITY)}
TABLES = (  # of equal columns the first line counts
    *("scenes.tsv", "clips.tsv", "places.tsv", "people.tsv", "things.tsv", "verbs.tsv"),
    *("actions.tsv", "thesaurus.tsv", "feelings.tsv", "moods.tsv"),
    *("folk.tsv", "creatures.tsv", "venues.tsv", "stuff.tsv"),
)
SEVERAL = ("garment", "part", "backdrop", "hint", "absent", "place", "seat")  # with plurals
DOERS = {  # of whom a line of verbs is told: "stand/people"
    "people": "man woman child",
    "beasts": "dog cat horse rabbit bear lion cow elephant",
    "wheels": "car bus truck train",
}
PROFESSIONS = ("logist", "inist", "anist", "icist", "ician", "arian", "smith", "woman", "sman")
OWNERS = ("an", "his", "her", "their")  # stand as "a" within a verb's phrase
PARTICLES = frozenset(  # after these a verb's phrase names no thing of somebody's
    [
        *("up", "down", "in", "on", "at", "to", "by", "off", "out", "over", "around", "along"),
        *("away", "past", "through", "for", "with", "back", "into", "together", "onto", "from"),
        *("of", "across", "forward", "towards", "toward", "under", "above", "after", "behind"),
        *("before", "about", "home", "slowly", "fast", "still", "and", "each", "his", "her"),
        *("its", "another", "sun"),
    ]
)


NEAR = 0.85  # of the letters of two words: one may be meant for the other


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Every known form; `longest` is the number of words of the longest phrase."""

    forms: dict[Phrase, tuple[Meaning, ...]]
    longest: int
    words: frozenset[str]  # that any form holds

    def match(self, words: list[str], at: int) -> tuple[tuple[Meaning, ...], int]:
        """The longest known phrase at a position: its meanings and length; ((), 0) if none."""
        for length in range(min(self.longest, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + length])
            found = self.forms.get(phrase) or (length > 2 and self.forms.get(owned(phrase)))
            if found:
                return found, length
        return (), 0

    def find(self, word: str) -> tuple[Meaning, ...]:
        """The meanings of one word, also as a compound ("sheepdog") or with a slip of the pen."""
        if found := self.forms.get((word,)):
            return found
        bare = word.removesuffix("'s").removesuffix("ish").removesuffix("-like")
        if bare != word and (found := self.forms.get((bare,))):
            return _inexact(found)
        single = bare.removesuffix("s")
        if len(single) > 6 and single.endswith(PROFESSIONS):
            who = "woman" if single.endswith("woman") else "man"
            return (Meaning("kind", who, False, single != bare),)
        for start in range(3, len(word) - 2):
            tail = self.forms.get((word[start:].lstrip("-"),), ())
            before = self.forms.get((word[:start].rstrip("-"),), ())
            whole = "-" in word or (before and before[0].column in ("kind", "colour", "hint"))
            kinds = tuple(m for m in tail if m.column in ("kind", "place"))
            if kinds and whole:
                return _inexact(kinds)
        if len(word) > 4 and word not in RIGHT and (close := self.meant(word)):
            return self.forms[(close,)]
        return ()

    def closest(self, word: str) -> str | None:
        """The known word that is most alike in letters to one that starts as it does."""
        near = _words_by_start().get(word[:3], ())
        alike = [known for known in near if abs(len(known) - len(word)) < 4]
        close = difflib.get_close_matches(word, alike, n=1, cutoff=0.6)
        return close[0] if close else None

    def meant(self, word: str) -> str | None:
        """The known word that a word is with a slip of the pen."""
        index = _words_by_gap(word[0])
        near = {known for gap in (word, *_gaps(word)) for known in index.get(gap, ())}
        alike = sorted(known for known in near if len(known) > 2 and _slip(word, known))
        close = difflib.get_close_matches(word, alike, n=1, cutoff=0.76)
        return close[0] if close else None

    def nearest(self, word: str) -> str:
        """What to say instead of an unknown word: what one of nearly the same letters says, or ""
        where none is so near that it could be meant."""
        close = self.closest(word) if word.isalpha() else None
        if close is None or self.forms[(close,)][0].column == "number":
            return ""
        alike = difflib.SequenceMatcher(None, word, close).ratio()
        return spoken(self.forms[(close,)][0]) if alike >= NEAR and len(word) > 4 else ""


def _slip(word: str, meant: str) -> bool:
    """Whether one word is the other with a slip of the pen: letters exchanged, doubled, left out
    or, in a long word, one wrong."""
    if word[0] != meant[0] or abs(len(word) - len(meant)) > 1:
        return False
    if sorted(word) == sorted(meant):
        return True
    longer, shorter = sorted((word, meant), key=len, reverse=True)
    dropped = [longer[:n] + longer[n + 1 :] for n in range(len(longer))]
    if len(longer) > len(shorter):
        at = dropped.index(shorter) if shorter in dropped else -1
        doubled = at >= 0 and longer[at] in longer[max(0, at - 1) : at] + longer[at + 1 : at + 2]
        return at >= 0 and (doubled or len(longer) > 6 or (longer[at] in "aeiou" and at > 1))
    wrong = sum(a != b for a, b in zip(word, meant, strict=True))
    return wrong == 1 and len(word) > 9


def spoken(meaning: Meaning) -> str:
    """A meaning in words of the caption language."""
    if meaning.column in CANONICAL:
        return CANONICAL[meaning.column].get(meaning.value, "next to")
    if meaning.column in ("mood", "hint", "aura"):
        column, value = meaning.value.split(";")[0].split("=")
        value = value.split("+")[0]
        return CANONICAL[column][value] if column in CANONICAL else value
    if meaning.column == "absent":
        return CANONICAL["style"]["natural"]
    if meaning.column == "snow":
        return CANONICAL["weather"]["snow"]
    if meaning.column == "kind":
        return one_of(meaning.value.split("+")[0])
    if meaning.column == "side":
        return CANONICAL["relation"][meaning.value]
    if meaning.column in ("garment", "backdrop"):
        return "clothes" if meaning.value == "own" else one_of(meaning.value)
    if meaning.column == "part" and meaning.value in GARMENTS:
        return one_of(meaning.value)
    if meaning.column in ("cover", "part", "modifier"):
        return "a colour"
    return meaning.value


def one_of(noun: str) -> str:
    """A noun with its article, if it has one: "a dog", "an elephant", "boots"."""
    paired = noun in PAIRED or (noun in KINDS and KINDS[noun].plural == f"pairs of {noun}")
    return noun if paired else f"{article(noun)} {noun}"


def owned(phrase: Phrase) -> Phrase:
    """ "wave her hand" as the table holds it, "wave a hand": it does not matter whose."""
    return (phrase[0], *("a" if word in OWNERS else word for word in phrase[1:]))


def _inexact(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    return tuple(Meaning(m.column, m.value, False, m.plural, m.colour, m.only) for m in meanings)


def _gaps(word: str) -> frozenset[str]:
    """The word with each of its letters but the first left out in turn."""
    return frozenset(word[:at] + word[at + 1 :] for at in range(1, len(word)))


@functools.cache
def _words_by_start() -> dict[str, list[str]]:
    """Known words of three letters and more by their first three."""
    table: dict[str, list[str]] = {}
    for word in sorted(form[0] for form in thesaurus().forms if len(form) == 1):
        if len(word) > 2:
            table.setdefault(word[:3], []).append(word)
    return table


@functools.cache
def _words_by_gap(first: str) -> dict[str, list[str]]:
    """Known words with a first letter, by themselves and by what is left without another."""
    table: dict[str, list[str]] = {}
    for form in thesaurus().forms:
        if len(form) == 1 and len(form[0]) > 3 and form[0][0] == first:
            for gap in (form[0], *_gaps(form[0])):
                table.setdefault(gap, []).append(form[0])
    return table


@functools.cache
def thesaurus() -> Thesaurus:
    """The table of this version, read once."""
    here = importlib.resources.files(__package__)
    lines = "\n".join(here.joinpath(name).read_text("utf-8") for name in TABLES)
    return build([*_from_language(), *read_table(lines), *_from_assets()])


def read_table(text: str) -> Iterator[tuple[Phrase, Meanings]]:
    """Every form that the table gives, in its order."""
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        column, value, sign, words = line.split("\t")
        assert column in RANK and sign in "=~", line
        colour = ""
        only: list[str] = []
        if column in ("kind", "backdrop"):
            value, _, colour = value.partition("/")
        elif column == "action":
            value, _, whose = value.partition("/")
            only = DOERS.get(whose, whose).split()
        meant = Meaning(column, value, sign == "=", colour=colour or None)
        whose_own = tuple(replace(meant, only=kind) for kind in only)
        for word in words.split(", "):
            for phrase, meanings in inflected(word, meant):
                yield phrase, whose_own or meanings


def inflected(word: str, meaning: Meaning) -> Iterator[tuple[Phrase, Meanings]]:
    """A base form and its inflections."""
    means = (meaning,)
    yield key(word), means
    if meaning.column == "kind":
        several = Meaning("kind", meaning.value, meaning.exact, True, meaning.colour)
        yield key(plural(word)), (several,)
    elif meaning.column == "action":
        for form in verb_forms(word):
            yield key(form), means
            first, _, rest = form.partition(" ")
            if rest and rest.split()[0] not in PARTICLES and not rest.startswith(("a ", "an ")):
                yield key(f"{first} a {rest}"), means
    elif meaning.column in SEVERAL or (meaning.column == "unshown" and meaning.value == "a box"):
        yield key(plural(word)), means


def key(text: str) -> Phrase:
    """A phrase as the reader meets it: lower case, without "the"."""
    words = text.lower().split()
    return tuple(word for word in words if word != "the") if "the" in words else tuple(words)


def build(forms: Iterable[tuple[Phrase, Meanings]]) -> Thesaurus:
    """Collects meanings by form: of equal columns the first counts.

    Most phrases have the meanings of one line, which they share; the rest is for the others.
    """
    table: dict[Phrase, Meanings] = {}
    for phrase, meanings in forms:
        present = table.get(phrase)
        if present is None:
            table[phrase] = meanings if phrase else ()
        elif present is not meanings:
            table[phrase] = joined(present, meanings)
    for phrase, meanings in table.items():
        if len(phrase) > 1 and meanings[0].column == "action" and meanings[0].only:
            own = {m.only for m in meanings}  # "swim through" of who is no fish: to swim
            rest = (m for m in table.get(phrase[:1], ()) if m.column == "action")
            meanings += tuple(m for m in rest if m.only not in own)
        if len(meanings) > 1:
            table[phrase] = tuple(
                sorted(meanings, key=lambda m: (RANK[m.column], m.only is not None))
            )
    words = frozenset(word for phrase in table for word in phrase)
    return Thesaurus(table, max(len(phrase) for phrase in table), words)


def joined(present: Meanings, more: Meanings) -> Meanings:
    """Meanings of a phrase with those of a later line."""
    out = list(present)
    for meaning in more:
        same = [m for m in out if m.column == meaning.column and m.only == meaning.only]
        if not same:
            out.append(meaning)
        elif meaning.exact and same[0].value == meaning.value and same[0].only:
            out[out.index(same[0])] = meaning  # a kind's own word for it
    return tuple(out)


def _from_language() -> Iterator[tuple[Phrase, Meanings]]:
    """The caption language's own phrases. A verb that only some kinds have for an action ("a ball
    lies") is theirs alone."""
    odd: dict[str, list[str]] = {}
    for words in KINDS.values():
        for action, forms in words.actions.items():
            for form in forms:
                if action in ACTIONS and form not in ACTIONS[action]:
                    odd.setdefault(form, []).append(words.kind)
    for phrase, (column, value) in PHRASES.items():
        several = any(
            " ".join(phrase) in (w.plural, *(many for _, many in KIND_VARIANTS.get(w.kind, ())))
            for w in KINDS.values()
        )
        if own := odd.get(" ".join(phrase)):
            for kind in own:
                yield phrase, (Meaning(column, value, True, only=kind),)
        elif column in RANK and column != "garment":
            means = Meaning(column, value, True, several and column == "kind")
            yield key(" ".join(phrase)), (means,)
    for garment in GARMENTS:
        yield from inflected(garment, Meaning("garment", garment, True))


def _from_assets() -> Iterator[tuple[Phrase, Meanings]]:
    """What the assets know of plain English; where the table says otherwise, it counts."""
    for words in KINDS.values():
        for synonym in words.synonyms:
            yield from inflected(synonym, Meaning("kind", words.kind, True))
        for action, synonyms in words.action_synonyms.items():
            for synonym in synonyms:
                own = Meaning("action", action, True, only=words.kind)
                if synonym not in ("is", "are"):
                    yield from inflected(base_form(synonym), own)
