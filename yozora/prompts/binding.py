"""The pass over a prompt's phrases that binds adjectives and verbs to their subjects.

Colours, numbers and participles before a noun wait for it; verbs belong to the subject named last;
"the dog" again means the dog there is.
"""

from __future__ import annotations

from yozora.prompts import english
from yozora.prompts.account import CLAUSES, Draft, Fate, Reader
from yozora.prompts.english import Item, column_of
from yozora.prompts.negation import take_negated
from yozora.prompts.thesaurus import Meaning, spoken, thesaurus
from yozora.world.phrases import CANONICAL, KINDS

PRONOUNS = frozenset(["it", "he", "she", "they"])
VERB_DUE = PRONOUNS | {"that", "who", "which", "then", "is", "are"}
STOPPING = frozenset(["stop", "stops", "stopped", "stopping"])
COUNTS = ("", "one", "two", "three")


def bind(items: list[Item]) -> Reader:
    """Reads all items of a prompt; what it said is then in the reader's fields."""
    reader = Reader(english.with_subject(items))
    for number, item in enumerate(reader.items):
        _take(reader, number, item)
    _close_waiting(reader)
    return reader


def _take(reader: Reader, number: int, item: Item) -> None:
    """Reads one item."""
    if item.kind == "grammar":
        _take_grammar(reader, number, item)
        return
    if item.kind == "stop":
        return
    if item.kind == "unknown":
        _take_unknown(reader, item)
        return
    meaning = due(reader, number, item)
    if item.negated:
        take_negated(reader, item, meaning)
        return
    column = meaning.column
    if column == "kind":
        _take_kind(reader, number, item, meaning)
    elif column == "colour":
        _take_colour(reader, number, item, meaning)
    elif column == "action":
        _take_action(reader, number, item)
    elif column == "number":
        _take_number(reader, number, item, meaning)
    elif column == "relation":
        reader.mark_meaning(item, meaning)
        if not meaning.exact:
            reader.note("Two subjects stand side by side: left of or right of each other.")
        reader.relation = None if meaning.value == "beside" else meaning.value
    elif column == "side" and len(reader.drafts) == 2:
        flip = {"left of": "right of", "right of": "left of"}
        reader.relation = meaning.value if reader.current == 0 else flip[meaning.value]
        reader.mark_meaning(item, meaning)
    elif column == "snow":
        reader.snow = item
        reader.mark_meaning(item, meaning)
    elif column == "garment":
        _take_garment(reader, item, meaning)
    elif column == "cover" and reader.drafts and _clothing(reader) is None and reader.colour:
        _give_colour(reader, reader.drafts[reader.current])
        reader.mark(item, Fate.HONOURED, reader.drafts[reader.current].colour or "")
    elif column in CLAUSES:
        _take_clause(reader, item, meaning)
    elif column == "modifier":
        reader.mark(item, Fate.SUBSTITUTED, "the plain colour")
    else:
        _drop_colour(reader)
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))


def due(reader: Reader, number: int, item: Item) -> Meaning:
    """Of several meanings the one that fits: a verb after a subject, else the first."""
    shades = [meaning for meaning in item.meanings if meaning.column == "colour"]
    if shades and _noun_after(reader, number) in ("kind", "garment"):
        return shades[0]  # "violet flowers", "a rose dress"
    verbs = [meaning for meaning in item.meanings if meaning.column == "action"]
    before = reader.items[number - 1] if number else None
    others = [meaning for meaning in item.meanings if meaning.column != "action"]
    if verbs and others:
        return verbs[0] if before is not None and _verb_due(reader, before) else others[0]
    if (
        column_of(item) == "kind"
        and item.meanings[0].value == "spaceship"
        and _inside(reader, number)
    ):
        return Meaning("place", "spaceship", item.meanings[0].exact)
    return item.meanings[0]


def _verb_due(reader: Reader, before: Item) -> bool:
    """Whether the word before announces a verb of a subject that there is."""
    if not reader.drafts or before.negated:
        return False
    word = before.words[0]
    going_on = word in ("and", "to") and bool(reader.drafts[reader.current].actions)
    named = column_of(before) in ("kind", "garment") or word.endswith("ly")
    return named or going_on or word in VERB_DUE


def _inside(reader: Reader, number: int) -> bool:
    """Whether "in", "inside" or "aboard" stands before a noun and its adjectives."""
    for item in reversed(reader.items[:number]):
        if item.kind == "grammar":
            return item.words[0] in ("in", "inside", "aboard", "within")
        if column_of(item) not in ("number", "colour", "unshown", "modifier"):
            return False
    return False


def _take_grammar(reader: Reader, number: int, item: Item) -> None:
    word = item.words[0]
    if word in PRONOUNS and reader.drafts:
        reader.current = 0
        reader.drafts[0].joined = reader.drafts[0].joined or word == "they"
    if word == "after":
        reader.after = True
    if (
        word in ("and", "&")
        and reader.drafts
        and number
        and column_of(reader.items[number - 1]) == "kind"
    ):
        reader.drafts[reader.current].joined = True


def _take_unknown(reader: Reader, item: Item) -> None:
    _drop_colour(reader)
    reader.count = None
    reader.mark(item, Fate.UNKNOWN, thesaurus().nearest(item.words[0]))


def _take_kind(reader: Reader, number: int, item: Item, meaning: Meaning) -> None:
    before = reader.items[number - 1] if number else None
    last = reader.drafts[reader.current] if reader.drafts else None
    kind = meaning.value
    if before is not None and last is not None and before is last.items[-1][0]:
        last.kind, last.implied = kind, last.implied or meaning.colour  # "toy car", "robot dog"
        last.items.append((item, meaning))
        last.count = last.count or (2 if meaning.plural else None)
        return
    for index, draft in enumerate(reader.drafts):
        same_colour = reader.colour is None or reader.colour[0] == draft.colour
        if item.definite and draft.kind == kind and same_colour:
            reader.current = index
            draft.items.append((item, meaning))
            reader.count = None
            if reader.colour:
                _give_colour(reader, draft)
            _give_waiting(reader, draft)
            return
    if len(reader.drafts) == 2:
        said = " ".join(item.words)
        reader.note(f'A clip has two subjects at most: "{said}" is not made.')
        for left in (item, reader.number if reader.count else None):
            if left is not None:
                reader.mark(left, Fate.UNKNOWN, " ".join(left.words))
        reader.colour, reader.count = None, None
        return
    draft = Draft(kind, [(item, meaning)], implied=meaning.colour)
    draft.number = reader.number if reader.count else None
    draft.count = reader.count or (2 if meaning.plural else 1)
    if meaning.plural and reader.count is None:
        reader.note(f"How many {KINDS[kind].plural} was not said: two.")
    reader.count = None
    reader.drafts.append(draft)
    reader.current = len(reader.drafts) - 1
    _give_colour(reader, draft)
    _give_waiting(reader, draft)


def _give_waiting(reader: Reader, draft: Draft) -> None:
    draft.actions += reader.waiting
    reader.waiting = []


def _give_colour(reader: Reader, draft: Draft) -> None:
    if reader.colour is None:
        return
    value, item = reader.colour
    reader.colour = None
    if draft.colour is None:
        draft.colour = value
    elif draft.colour != value:
        reader.note("A subject has one colour.")
        reader.mark(item, Fate.SUBSTITUTED, draft.colour)


def _drop_colour(reader: Reader) -> None:
    """A colour of something that has none in the language: "a blue sky"."""
    if reader.colour is not None:
        reader.mark(reader.colour[1], Fate.UNKNOWN, reader.colour[0])
        reader.note("Only subjects have a colour of their own.")
        reader.colour = None


def _take_colour(reader: Reader, number: int, item: Item, meaning: Meaning) -> None:
    """A colour waits for the noun after it; with none, it is said of the subject before it."""
    reader.mark_meaning(item, meaning, meaning.value)
    if reader.colour is not None:  # "black and white dog"
        reader.mark(item, Fate.SUBSTITUTED, reader.colour[0])
        reader.note("A subject has one colour.")
        return
    reader.colour = (meaning.value, item)
    following = _noun_after(reader, number)
    if following in ("kind", "garment", "cover", "part", "backdrop", "unknown", *CLAUSES):
        return
    if reader.drafts:
        _give_colour(reader, reader.drafts[reader.current])
    else:
        reader.spare_colour = meaning.value
        reader.colour = None


def _noun_after(reader: Reader, number: int) -> str:
    """The column of the noun that an adjective belongs to, "" where there is none."""
    for item in reader.items[number + 1 :]:
        column = column_of(item)
        if item.kind == "grammar" and item.words[0] in ("and", "or"):
            continue
        if column in ("colour", "unshown", "modifier", "action") and not item.negated:
            if column == "action" and not item.words[0].endswith(("ing", "ed")):
                return ""
            continue
        return "" if column in ("stop", "grammar", "number") else column
    return ""


def _take_number(reader: Reader, number: int, item: Item, meaning: Meaning) -> None:
    count = max(1, int(meaning.value))  # none of a kind is no subject: one is made
    if item.words[0] in english.FUNCTION_WORDS and len(item.words) == 1:
        reader.count = None if _noun_after(reader, number) != "kind" else count
    elif _noun_after(reader, number) == "kind":
        reader.count, reader.number = count, item
        reader.mark_meaning(item, meaning, COUNTS[count])
        _note_number(reader, item, meaning)
    elif (after := reader.items[number + 1 : number + 2]) and column_of(after[0]) == "number":
        whole = COUNTS[max(1, int(after[0].meanings[0].value))]  # "two million": one number
        reader.mark(item, Fate.SUBSTITUTED, whole)
    else:
        reader.mark(item, Fate.UNKNOWN, COUNTS[count])


def _note_number(reader: Reader, item: Item, meaning: Meaning) -> None:
    """Says so where another number is made than the one that was said."""
    said = english.quantity(item.words[0])
    made = COUNTS[max(1, int(meaning.value))]
    if said is not None and said < 0:
        reader.note(f'Less than none cannot be made: "{item.words[0]}" is read as {made}.')
    elif said is not None and said < 3 and said % 1:
        reader.note(f'Subjects are made whole: "{item.words[0]}" is read as {made}.')
    elif meaning.value == "0":
        reader.note('None of a kind cannot be made, so one is: "no" before a word keeps it out.')
    elif not meaning.exact:
        reader.note("Three of a kind is the most.")


def _take_action(reader: Reader, number: int, item: Item) -> None:
    before = reader.items[number - 1] if number else None
    attributive = _noun_after(reader, number) == "kind" and (
        before is None or column_of(before) in ("number", "colour", "unshown", "stop")
    )
    if before is not None and _is_scenery(before):
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, number, item)))  # "trees swaying"
        return
    if not reader.drafts or (attributive and item.words[0].endswith("ing")):
        reader.waiting.append(item)
        return
    draft = reader.drafts[reader.current]
    draft.actions.append(item)
    other = reader.drafts[0]
    if other is not draft and other.joined and not other.actions:
        other.actions.append(item)
    elif draft.joined and len(reader.drafts) == 2 and not reader.drafts[1].actions:
        reader.drafts[1].actions.append(item)
    if reader.after and len(draft.actions) == 2:
        draft.actions.reverse()
    if before is not None and before in draft.actions and _ends(before, item):
        draft.actions[-2:] = [item, before]
    reader.after = False


def _ends(verb: Item, item: Item) -> bool:
    """Whether a verb is the end of another: "stops running" is to run, then to stand."""
    return verb.words[0] in STOPPING and item.words[0].endswith("ing")


def _is_scenery(item: Item) -> bool:
    noun = column_of(item) == "backdrop" and not item.negated
    return noun or (item.kind == "unknown" and not item.words[0].endswith("ly"))


def _close_waiting(reader: Reader) -> None:
    if reader.colour is not None and reader.drafts:
        _give_colour(reader, reader.drafts[reader.current])
    if reader.drafts:
        _give_waiting(reader, reader.drafts[reader.current])
    for item in reader.waiting:
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, 0, item)))


def _clothing(reader: Reader) -> str | None:
    return KINDS[reader.drafts[reader.current].kind].wears if reader.drafts else None


def _take_garment(reader: Reader, item: Item, meaning: Meaning) -> None:
    worn = _clothing(reader)
    if worn is None:
        _drop_colour(reader)
        reader.mark(item, Fate.UNKNOWN, f"a colour of {spoken(meaning)}")
        return
    if reader.colour:
        _give_colour(reader, reader.drafts[reader.current])
    exact = meaning.exact and meaning.value == worn
    reader.mark(item, Fate.HONOURED if exact else Fate.SUBSTITUTED, worn)


def _take_clause(reader: Reader, item: Item, meaning: Meaning) -> None:
    column, value = meaning.column, meaning.value
    _drop_colour(reader)
    if column not in reader.clauses:
        reader.clauses[column] = (value, item)
        reader.mark_meaning(item, meaning)
    elif reader.clauses[column][0] == value:
        reader.mark_meaning(item, meaning)
    else:
        reader.mark(item, Fate.SUBSTITUTED, CANONICAL[column][reader.clauses[column][0]])
        reader.note(f"A clip has one {column}.")
