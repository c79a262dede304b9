"""Verbs: whose they are, by where they stand."""

from __future__ import annotations

from yozora.prompts.account import Draft, Fate, Reader, Verb
from yozora.prompts.english import Item, column_of
from yozora.prompts.grammar import POSSESSIVES, PREPOSITIONS, SUBJECTS
from yozora.prompts.inflect import base_form
from yozora.prompts.postures import WORN_ON
from yozora.prompts.sense import before_verb, due, noun_after, role_of
from yozora.prompts.surroundings import take_wheel
from yozora.prompts.thesaurus import Meaning, spoken
from yozora.world.phrases import KINDS

STOPPING = frozenset(["stop", "stops", "stopped", "stopping"])
ARTICLES = ("a", "an", "of", "between", "his", "its")
TELLING = frozenset(["hand", "hands", "fingers", "feet", "arms"])  # of somebody unnamed
BEINGS = ("be", "is", "are", "was", "were", "being", "been", "get", "gets", "got", "getting")


def take_action(reader: Reader, number: int, item: Item) -> None:
    """Gives a verb to its subject; before any noun, it waits for one."""
    before = reader.items[number - 1] if number else None
    if _is_noun(item, before):
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, number, item)))  # "the rows"
        return
    if before is not None and _is_adjective(reader, number, item, before):
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, number, item)))  # "a patched cloak"
        return
    if before is not None and _is_worn(reader, number, item, before):
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, number, item)))  # "its ears flapping"
        return
    attributive = noun_after(reader, number) == "kind" and (
        before is None
        or column_of(before) in ("number", "colour", "unshown", "stop", "mood", "modifier")
    )
    if before is not None and _is_scenery(reader, number, before):
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, number, item)))  # "trees swaying"
        reader.loose += [item] if before.kind == "unknown" and not reader.drafts else []
        return
    if not reader.drafts and before is not None and column_of(before) == "mood":
        reader.mark(item, Fate.UNKNOWN, spoken(due(reader, number, item)))  # "hope rises"
        return
    if take_wheel(reader, number, item):
        return
    if not reader.drafts or (attributive and item.words[0].endswith("ing")):
        reader.waiting.append(Verb(item))
        return
    had = before is not None and before.words[0] in ("has", "have", "had", "having")
    verb = Verb(item, reader.sequel, had, _is_passive(reader, number), aside=reader.meantime)
    near, _ = before_verb(reader, number)
    verb.joined = near is not None and near.words[0] in ("and", "&")
    give(reader, number, verb)


def _is_noun(item: Item, before: Item | None) -> bool:
    """Whether a verb's form stands where a noun is due: "the rows", "hitches a ride"."""
    whole = len(item.words) > 1 and item.words[1] not in PREPOSITIONS
    if whole or item.words[0].endswith(("ing", "ed", "eep")):
        return False
    article = before is not None and " ".join(before.words) in (*ARTICLES, "giant")
    return article or (item.definite and before is not None and before.kind == "grammar")


def give(reader: Reader, number: int, verb: Verb) -> None:
    """Gives a verb to the subject that the words before it point to."""
    item = verb.item
    before = reader.items[number - 1] if number else None
    draft = _owner(reader, number, item)
    if verb.passive:
        reader.passive = verb
    draft.verbs.append(verb)
    other = reader.drafts[0]
    if other is not draft and other.joined and not other.verbs:
        other.verbs.append(verb)
    elif draft.joined and len(reader.drafts) == 2 and draft is other:
        reader.drafts[1].verbs += [] if reader.drafts[1].verbs else [verb]
    plural = item.words[0] == base_form(item.words[0]) and not item.words[0].endswith("ed")
    earlier = reader.drafts[-2:-1]
    if plural and draft is reader.drafts[-1] and (draft.count or 1) == 1 and earlier:
        told_to = before is not None and before.words[0] in ("to", "can", "will", "not")
        if not earlier[0].verbs and earlier[0].role == "head" and not told_to:
            earlier[0].verbs.append(verb)  # "a cat on the left and a dog stare"
    if reader.after and len(draft.verbs) == 2:
        draft.verbs.reverse()
        draft.verbs[1].sequel = True
    if before is not None and len(draft.verbs) > 1 and _ends(before, item, draft):
        draft.verbs[-2:] = [verb, Verb(before, True)]
    reader.after = reader.sequel = False


def _owner(reader: Reader, number: int, item: Item) -> Draft:
    """Whose verb it is: of the noun beside it, else of the clause's subject."""
    before, relative = before_verb(reader, number)
    last = reader.drafts[reader.current]
    finite = not item.words[0].endswith("ing")
    topic = reader.drafts[reader.topic] if reader.topic >= 0 else last
    if before is not None and any(before is noun for noun, _ in last.items):
        aside = last.role == "within" and not relative and reader.topic >= 0
        return topic if aside and (finite or _rather(topic, last, item)) else last
    if before is not None and before.kind == "grammar" and before.words[0] in (
        *SUBJECTS,
    ):  # fmt: skip
        return reader.drafts[reader.current]
    if before is not None and column_of(before) in ("garment", "colour", "part") and not finite:
        return last
    return reader.drafts[reader.topic if reader.topic >= 0 else reader.current]


def _rather(topic: Draft, last: Draft, item: Item) -> bool:
    """Whether a participle suits the clause's subject and not a thing beside it: "a woman in a car
    singing"."""
    wanted = {
        m.value for m in item.meanings if m.column == "action" and m.only in (None, last.kind)
    }
    alive = "walk" in KINDS[topic.kind].actions and "walk" not in KINDS[last.kind].actions
    return alive and (not wanted & KINDS[last.kind].actions.keys() or wanted == {"stand"})


def _ends(before: Item, item: Item, draft: Draft) -> bool:
    """Whether a verb is the end of another: "stops running" is to run, then to stand."""
    own = any(verb.item is before for verb in draft.verbs)
    return own and before.words[0] in STOPPING and item.words[0].endswith("ing")


def _is_passive(reader: Reader, number: int) -> bool:
    """ "is kicked by", "chased by": the subject suffers what somebody else does."""
    word = reader.items[number].words[0]
    if word.endswith("ing") or (word.endswith("s") and not word.endswith("ss")):
        return False
    at = number - 1
    while at >= 0 and (reader.items[at].words[0].endswith("ly")):
        at -= 1
    being = at >= 0 and reader.items[at].words[0] in BEINGS
    for item in reader.items[number + 1 :]:
        if item.kind == "stop" and item.words[0] != ",":
            break
        if item.kind == "grammar" and item.words[0] == "by":
            return being or word.endswith(("ed", "en", "t"))
        if column_of(item) in ("action", "stop"):
            break
    return False


def _is_adjective(reader: Reader, number: int, item: Item, before: Item) -> bool:
    """Whether a participle tells of a noun that is no subject: "in a patched cloak"."""
    word = item.words[-1]
    if len(item.words) > 1 or not word.endswith(("ed", "en", "ing")):
        return False
    column = column_of(before)
    opened = before.words[0] in (*POSSESSIVES, *PREPOSITIONS) and before.kind == "grammar"
    adjective = column in ("number", "colour", "unshown", "modifier", "mood") or item.definite
    things = ("garment", "part", "hint", "place", "backdrop", "seat", "cover")
    return (opened or adjective) and noun_after(reader, number) in things


def _is_worn(reader: Reader, number: int, item: Item, before: Item) -> bool:
    """Whether a verb is what a part or a garment does: "with its ears flapping"."""
    if item.words[0] not in WORN_ON or not item.words[0].endswith("ing") or not reader.drafts:
        return False
    if before.kind not in ("phrase", "unknown") or column_of(before) in ("kind", "action", "mood"):
        return False
    role, at = role_of(reader, number - 1)
    return role == "within" and reader.items[at].words[0] == "with"


def _is_scenery(reader: Reader, number: int, before: Item) -> bool:
    """Whether a verb is said of something that is no subject: "trees swaying"."""
    telling = bool(reader.drafts) and set(before.words) & TELLING and column_of(before) == "part"
    if telling and not reader.drafts[reader.current].items[0][0].words:
        return False  # "hands kneading dough": somebody's
    if before.negated or (column_of(before) == "garment" and reader.drafts):
        return False
    noun = column_of(before) in ("backdrop", "part", "hint", "unshown", "place")
    if (noun or before.kind == "unknown") and reader.drafts:
        return role_of(reader, number - 1)[0] == "head"  # not "a man with a cane walks"
    noun = noun and column_of(before) not in ("place", "unshown")
    strange = before.kind == "unknown" and not before.words[0].endswith(("ly", "ing"))
    return noun or strange


def take_strange(reader: Reader, number: int, item: Item) -> bool:
    """A word that stands where a verb is due and looks like one: somebody does something.

    Who does what nobody knows stands; True if the word is taken so.
    """
    word = item.words[0]
    before, _ = before_verb(reader, number)
    if not reader.drafts or before is None or len(word) < 4 or word.endswith(("ly", "ss")):
        return False
    draft = reader.drafts[reader.current]
    noun = any(before is known for known, _ in draft.items)
    pronoun = before.words[0] in SUBJECTS
    after_is = reader.items[number - 1].words[0] in ("is", "are")
    shaped = word.endswith("ing") or (word.endswith("s") and (noun or pronoun) and not after_is)
    single = (draft.count or 1) == 1 or word.endswith("ing")
    if not (noun or pronoun) or not shaped or not single:
        return False
    if not {"stand", "walk"} <= KINDS[draft.kind].actions.keys():
        return False  # what a thing does that nobody knows cannot be seen
    meaning = Meaning("action", "stand", False)
    verb = Item(item.words, item.places, (meaning,), "phrase")
    give(reader, number, Verb(verb, reader.sequel))
    return True
