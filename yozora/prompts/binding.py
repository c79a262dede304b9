"""The pass over a prompt's phrases that gives each to what it belongs to.

Nouns are taken by `nouns.py`, verbs by `verbs.py`; what is said of the clip is taken here.
"""

from __future__ import annotations

from yozora.prompts import garments, nouns, postures, surroundings, verbs
from yozora.prompts.account import CLAUSES, Fate, Reader
from yozora.prompts.english import Item, column_of
from yozora.prompts.grammar import SEQUELS, SUBJECTS, THIRD
from yozora.prompts.merging import member, share_verbs
from yozora.prompts.negation import take_negated
from yozora.prompts.sense import due, noun_after
from yozora.prompts.thesaurus import Meaning, spoken, thesaurus
from yozora.world.phrases import CANONICAL

BODY = frozenset(
    """
    eyes eye hair nose ear ears tail wing wings leg legs arm arms forearm forearms hand hands
    finger fingers head heads face faces mouth lips wheels wheel paw paws hoof hooves shoulder
    shoulders knee knees foot feet chin cheek cheeks forehead neck chest waist hip beak fin fins
    petals
    """.split()  # noqa: SIM905
)
# "after which", "after a moment": what is told next comes second; "after sitting": it came first
SINCE = frozenset(["which", "that", "a", "moment", "while", "this", "some", "few", "it", "one"])
ASIDE = frozenset(["as", "when", "while", "where", "because", "if", "though", "although"])
FIRMER = ("style", "camera", "time", "weather")  # an exact word counts before a near one
# Where somebody is who is outside of such a place.
OUTSIDE = {"spaceship": "space", "living room": "street", "building": "street",
           "library": "street", "classroom": "street", "market": "street"}  # fmt: skip
FLIP = {
    "left of": "right of", "right of": "left of", "in front of": "behind", "behind": "in front of",
}  # fmt: skip


def bind(items: list[Item]) -> Reader:
    """Reads all items of a prompt; what it said is then in the reader's fields."""
    reader = Reader(items)
    for number, item in enumerate(reader.items):
        _take(reader, number, item)
    _close(reader)
    return reader


def _take(reader: Reader, number: int, item: Item) -> None:
    """Reads one item."""
    if member(reader, number, item):
        return
    if item.kind == "grammar":
        _take_grammar(reader, number, item)
    elif item.kind == "stop":
        reader.meantime = False
        if item.words[0] in ".;!?":
            reader.passive = None
    elif item.kind == "unknown":
        _take_unknown(reader, number, item)
    else:
        _take_phrase(reader, number, item)


def _take_phrase(reader: Reader, number: int, item: Item) -> None:
    """Reads a phrase that the thesaurus knows."""
    meaning = due(reader, number, item)
    if item.negated:
        take_negated(reader, item, meaning)
        return
    column = meaning.column
    postures.take_seat(reader, number, item)
    by_the_way = surroundings.told_by(item)
    if by_the_way is not None and "place" not in reader.clauses:
        by_the_way = surroundings.road_through(reader, number, item, by_the_way)
        reader.clauses["place"] = (by_the_way, item)
    reader.auras += [other for other in item.meanings if other.column == "aura"]
    if column == "kind":
        nouns.take_kind(reader, number, item, meaning)
    elif column == "colour":
        nouns.take_colour(reader, number, item, meaning)
    elif column == "action":
        verbs.take_action(reader, number, item)
    elif column == "number":
        nouns.take_number(reader, number, item, meaning)
    elif column in ("relation", "side"):
        _take_relation(reader, number, item)
    elif column == "snow":
        reader.snow = item
        reader.mark_meaning(item, meaning)
    elif column == "garment":
        if any(m.column == "cover" for m in item.meanings) and garments.covered(reader):
            reader.mark(item, Fate.HONOURED, reader.drafts[reader.current].colour or "")
        else:
            garments.take_garment(reader, item, meaning)
    elif column == "cover" and garments.covered(reader):
        reader.mark(item, Fate.HONOURED, reader.drafts[reader.current].colour or "")
    elif item.words == ("clear",) and noun_after(reader, number) in ("kind", "garment", "part"):
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))  # "a clear poncho" is no fine weather
    elif column in CLAUSES:
        _take_clause(reader, item, meaning)
    elif column == "modifier":
        reader.mark(item, Fate.SUBSTITUTED, "the plain colour")
    elif column == "nobody":
        reader.empty.append(item)
    elif column == "trait":
        _take_trait(reader, number, item)
    else:
        if noun_after(reader, number) != "kind":
            nouns.drop_colour(reader)
            reader.count = None
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))
        if column == "part" and not reader.drafts and set(item.words) & verbs.TELLING:
            whose = [THIRD[i.words[0]] for i in reader.items[:number][-3:] if i.words[0] in THIRD]
            kind = whose[-1] if whose else "man"  # "her wet hands"; "hands kneading dough"
            nouns.someone(reader, kind, exact=bool(whose))
        if column == "part" and reader.drafts and set(item.words) & BODY:
            shown = reader.drafts[reader.current].kind  # whoever is shown has hands and a face
            reader.mark(item, Fate.SUBSTITUTED, shown)
        of_noun = noun_after(reader, number) in ("kind", "garment", "part")
        if of_noun and meaning.value.startswith("time="):
            return  # "a dark coat" is no night
        if column in ("mood", "hint"):
            reader.hints.append((item, meaning))


def _take_trait(reader: Reader, number: int, item: Item) -> None:
    """What every one of the subjects is: "alone", "asleep", "wooden" of what is drawn so."""
    meaning = item.meanings[0]
    reader.mark(item, Fate.SUBSTITUTED, meaning.value)
    if reader.drafts or noun_after(reader, number) == "kind":
        reader.mark(item, Fate.HONOURED, meaning.value)


def _take_relation(reader: Reader, number: int, item: Item) -> None:
    """How the subject before stands to the one after, or where in the picture it is."""
    meaning = next((m for m in item.meanings if m.column == "relation"), None)
    side = next((m for m in item.meanings if m.column == "side"), None)
    if side is not None and item.words[-1] in THIRD and _others_follow(reader, number):
        reader.relation = reader.relation or FLIP[side.value]  # "behind her two men"
        reader.related.append(item)
        reader.mark_meaning(item, side)
        nouns.tell_who(reader, THIRD[item.words[-1]], take=False)
        return
    if side is not None and (meaning is None or noun_after(reader, number) not in ("kind",)):
        if len(reader.drafts) >= 2:
            first = reader.current == 0
            reader.relation = reader.relation or (side.value if first else FLIP[side.value])
            reader.related.append(item)
            reader.mark_meaning(item, side)
        elif _others_follow(reader, number):
            reader.relation = (
                reader.relation or side.value
            )  # "a cat on the left and a rabbit on the right"
            reader.related.append(item)
            reader.mark_meaning(item, side)
        else:
            reader.mark(item, Fate.UNKNOWN, spoken(side))
        return
    assert meaning is not None
    following = reader.items[number + 1].words[0] if number + 1 < len(reader.items) else ""
    if noun_after(reader, number) != "kind" and following not in THIRD:
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))  # "in front of a mirror"
        return
    reader.related.append(item)
    reader.mark_meaning(item, meaning)
    if reader.drafts and meaning.value != "beside" and reader.relation is None:
        reader.relation = meaning.value


def _others_follow(reader: Reader, number: int) -> bool:
    return any(column_of(item) == "kind" and not item.negated for item in reader.items[number:])


def _take_grammar(reader: Reader, number: int, item: Item) -> None:
    word = item.words[0]
    before = reader.items[number - 1] if number else None
    if word in THIRD and word in SUBJECTS and not reader.drafts and not item.negated:
        nouns.someone(reader, THIRD[word])
    elif word in THIRD and reader.drafts:
        nouns.tell_who(reader, THIRD[word], take=word in SUBJECTS)
    elif word in SUBJECTS and reader.drafts:
        reader.current = 0 if word == "they" else nouns.thing_meant(reader)
        reader.topic = reader.current
        reader.drafts[0].joined = reader.drafts[0].joined or word == "they"
    elif word == "both" and len(reader.drafts) >= 2:
        reader.drafts[0].joined = True
    following = reader.items[number + 1].words[0] if number + 1 < len(reader.items) else ""
    if word == "after" and following not in SINCE:
        reader.after = True
    if word in SEQUELS or (word == "after" and following in SINCE):
        reader.sequel = True
    reader.meantime = (reader.meantime or word in ASIDE) and word not in SEQUELS
    joins = word in ("and", "&") and before is not None
    if joins and reader.drafts and before and column_of(before) in ("kind", "garment"):
        reader.drafts[reader.current].joined = True


def _take_unknown(reader: Reader, number: int, item: Item) -> None:
    if not item.negated and verbs.take_strange(reader, number, item):
        return
    if not item.words[0].endswith("ly") and noun_after(reader, number) != "kind":
        nouns.drop_colour(reader)
        reader.count = None
    reader.mark(item, Fate.UNKNOWN, thesaurus().nearest(item.words[0]))


def _take_clause(reader: Reader, item: Item, meaning: Meaning) -> None:
    column = meaning.column
    nouns.drop_colour(reader)
    number = reader.items.index(item)
    before = reader.items[number - 1] if number else None
    if column == "place":
        at = [i for i in reader.items[max(0, number - 2) : number] if i.words[0] not in ("a", "an")]
        meaning = _outside(meaning, at[-1] if at else None)
        meaning = surroundings.road_through(reader, number, item, meaning)
    present = reader.clauses.get(column)
    nearer = present is not None and present[1] is before and meaning.exact >= present[0].exact
    if column == "place" and present is not None:
        if (part := surroundings.of_which(reader, number)) is present[1]:
            before, nearer = part, True  # "the interior of a castle"
        elif surroundings.is_ahead(item, meaning):
            nearer = present[0].value in surroundings.CITY_PLACES
            before = present[1] if nearer else before  # "Lagos in 2056"
    if column == "place" and before is not None and nearer:
        reader.mark(before, Fate.SUBSTITUTED, CANONICAL[column][meaning.value])
        del reader.clauses[column]  # "a supermarket car park": the latter is the place
        present = None
    if present is None or present[0].value == meaning.value:
        reader.clauses.setdefault(column, (meaning, item))
        reader.mark_meaning(item, meaning)
        return
    old, told = present
    inside = column == "place" and before is not None and before.words[0] in ("in", "inside")
    if meaning.exact and not old.exact and (column in FIRMER or inside):
        reader.clauses[column] = (meaning, item)  # "a wide shot, the camera pans left"
        reader.mark_meaning(item, meaning)
        item, old = told, meaning
    reader.mark(item, Fate.SUBSTITUTED, CANONICAL[column][old.value])
    if meaning.exact or old is not meaning:
        reader.note(f"A clip has one {column}.")


def _outside(meaning: Meaning, before: Item | None) -> Meaning:
    """ "outside a bakery" is a street, "outside a space station" is space."""
    if before is None or before.words[0] != "outside" or meaning.value not in OUTSIDE:
        return meaning
    return Meaning("place", OUTSIDE[meaning.value], False)


def _close(reader: Reader) -> None:
    """Gives what still waits to the last subject."""
    share_verbs(reader)
    if not reader.drafts and not reader.empty and reader.aside:
        nouns.revive(reader)
    if reader.colour is not None and reader.drafts:
        nouns.give_colour(reader, reader.drafts[reader.current])
    if reader.drafts:
        reader.drafts[reader.current].verbs += reader.waiting
        reader.waiting = []
    reader.loose += [verb.item for verb in reader.waiting]
    for verb in reader.waiting:
        reader.mark(verb.item, Fate.UNKNOWN, spoken(due(reader, 0, verb.item)))
