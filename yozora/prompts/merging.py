"""Which nouns name one subject: "toy car", "the dog" again, "the older" of two brothers."""

from __future__ import annotations

from yozora.prompts.account import Draft, Fate, Reader
from yozora.prompts.english import Item, column_of
from yozora.prompts.grammar import MEMBERS, POSSESSIVES, RELATIVES, YOUNG
from yozora.prompts.negation import ANIMALS
from yozora.prompts.sense import noun_after, role_of
from yozora.prompts.thesaurus import Meaning

PEOPLE = ("woman", "man", "child")
PERSONS = (*PEOPLE, "knight", "astronaut", "superhero", "robot")
LAID = ("box", "flower", "phone", "headphones", "balloon")  # that somebody holds or drops
MOST_MEMBERS = 3
NOT_MEMBERS = frozenset(["by", "at", "after", "hand", "side", "day", "time"])  # "one by one"
# What may come after "the older" or "the one".
AFTER_MEMBERS = frozenset(
    ["grammar", "stop", "action", "relation", "side", "trait", "mood", "garment", "colour"]
)
ANEW = frozenset(["a", "an", "another", "other", "second", "third", "new", "different", "more"])


def merged(reader: Reader, number: int, item: Item, meaning: Meaning) -> bool:
    """ "toy car", "female welder", "the pilot, a woman", "he is a dachshund": one thing."""
    last = reader.drafts[reader.current] if reader.drafts else None
    if last is None or not number:
        return False
    if "+" in meaning.value:  # "an elephant family"
        if reader.items[number - 1] is not last.items[-1][0] or last.kind in PEOPLE:
            return False
        last.count = 3
        last.items.append((item, Meaning("kind", last.kind, False, True)))
        return True
    beside = reader.items[number - 1] is last.items[-1][0] and last.items[-1][0] is not item
    nameless = not last.items[0][0].words and last.neutral and meaning.value in PEOPLE
    if not beside and not nameless and not _apposed(reader, number, last, meaning):
        return False
    vague = not meaning.exact and meaning.value == "man" and bool(last.items[0][0].words)
    young = last.kind in ANIMALS and item.words[-1].removesuffix("s") in YOUNG
    if young:
        meaning = Meaning("kind", last.kind, False, meaning.plural)
    elif not (vague and last.kind in PEOPLE):
        last.kind = meaning.value
    last.implied = last.implied or meaning.colour
    reader.count = None
    last.items.append((item, meaning))
    last.count = 2 if meaning.plural and (last.count or 1) == 1 else last.count
    return True


def _apposed(reader: Reader, number: int, last: Draft, meaning: Meaning) -> bool:
    """Whether a noun says again what the subject before it is."""
    both = last.kind in PERSONS and meaning.value in PERSONS
    alike = both or last.kind == meaning.value
    role, at = role_of(reader, number)
    if role == "same":
        return alike and not meaning.plural
    noun = last.items[-1][0]
    if role != "head" or at < 1 or reader.items[at - 1] is not noun or meaning.plural:
        return False
    mark = reader.items[at].words[0]
    vague = both and (last.neutral or last.kind not in PEOPLE)
    owned = _owned(reader, noun)
    return vague and (mark == ":" or (mark in ",(-" and (noun.definite or owned)))


def _owned(reader: Reader, noun: Item) -> bool:
    """Whether "our" or "my" stands before a noun: it is as definite as "the"."""
    number = next((n for n, item in enumerate(reader.items) if item is noun), 0)
    return number > 0 and reader.items[number - 1].words[0] in POSSESSIVES


def same(reader: Reader, number: int, item: Item, kind: str) -> int | None:
    """The subject that "the dog" means, where there is a dog."""
    words = item.words
    for index, draft in enumerate(reader.drafts):  # "a couple dances, she ..., the man ..."
        if draft.grouped and draft.kind == kind and len(draft.items) == 1:
            draft.grouped = False
            return index
    people = any(draft.kind in PEOPLE for draft in reader.drafts)
    owned = number > 0 and reader.items[number - 1].words[0] in POSSESSIVES
    related = kind in PEOPLE and words[-1] in RELATIVES and bool(reader.drafts) and not people
    young = words[-1] in ("baby", "young") and _bare(reader, number, item)
    one = (reader.drafts[0].count or 1) == 1 if reader.drafts else False
    met = one and not owned and role_of(reader, number)[0] == "object"  # "a dog meets the baby"
    if related and not met and (item.definite or owned or young):
        only = reader.drafts[0]
        if owned and len(reader.drafts) == 1 and only.kind in ANIMALS:
            only.count = max(2, only.count or 1)  # "an elephant with her baby"
        return 0  # the mother of a herd is one of it
    if not item.definite and not _bare(reader, number, item):
        return None
    for index, draft in enumerate(reader.drafts):
        alike = draft.kind == kind
        named = any(other.words == words for other, _ in draft.items)
        same_colour = reader.colour is None or reader.colour[0] == draft.colour
        vague = kind == "man" and draft.kind in PEOPLE and named
        sure = named or (item.definite and not (owned or kind in PEOPLE))
        if (alike or vague) and same_colour and sure:
            return index
    return None


def _bare(reader: Reader, number: int, item: Item) -> bool:
    """Whether a single thing is named with no article: "dog runs" after "a dog" is that dog."""
    if any(m.plural for m in item.meanings) or (reader.count or 1) > 1:
        return False
    for before in reversed(reader.items[max(0, number - 3) : number]):
        if before.kind == "stop":
            break
        if before.words[0] in ANEW or before.words[0] in POSSESSIVES:
            return False
        if before.kind == "grammar" or column_of(before) in ("action", "kind"):
            break
    return True


def member(reader: Reader, number: int, item: Item) -> bool:
    """Takes "the one on the left", "the other", "the older": one of several that were named.

    What is said next is said of that one. True if the word was taken so.
    """
    word = item.words[0]
    if word not in MEMBERS or item.negated or not reader.drafts or len(item.words) > 1:
        return False
    following = reader.items[number + 1] if number + 1 < len(reader.items) else None
    before = reader.items[number - 1].words[0] if number else ""
    if following is None or following.words[0] in NOT_MEMBERS or before in ("each", "every", "by"):
        return False
    pronoun = word in ("one", "ones") or (item.definite and word not in ("first", "last"))
    column = column_of(following)
    ends = column in AFTER_MEMBERS
    if not ends or noun_after(reader, number) == "kind" or following.words[0] == "one":
        return False
    if not pronoun and not (item.definite and column in ("grammar", "action")):
        return False
    group = [n for n, draft in enumerate(reader.drafts) if draft.twin]
    paired = len(reader.drafts) == 2 and all(draft.grouped for draft in reader.drafts)
    if paired and reader.drafts[0].kind == reader.drafts[1].kind:  # "brothers, the older ..."
        group = [0, 1]
    if group and reader.told + 1 >= len(group):
        return False
    if not group and (len(reader.drafts) != 1 or (reader.drafts[0].count or 1) < 2):
        return False
    if not group and reader.told < 0:  # one of them alone stays in the group
        group = [0]
        reader.shared = len(reader.drafts[0].verbs)
        reader.shared_colour = reader.drafts[0].colour
    reader.told += 1
    group = group or _split(reader)
    reader.current = reader.topic = group[reader.told]
    reader.count = None
    fate = Fate.SUBSTITUTED if word.endswith(("er", "est")) and "oth" not in word else Fate.HONOURED
    reader.mark(item, fate, reader.drafts[reader.current].kind)
    return True


def _split(reader: Reader) -> list[int]:
    """Makes one draft of each of a group that is all there is."""
    group = reader.drafts[0]
    size = min(MOST_MEMBERS, group.count or 1)
    group.count, group.twin = 1, True
    if group.number is not None:
        reader.mark(group.number, Fate.HONOURED, str(size))
        group.number = None
    for _ in range(size - 1):
        twin = Draft(group.kind, [*group.items], implied=group.implied, count=1, twin=True)
        twin.colour = reader.shared_colour
        reader.drafts.append(twin)
    return list(range(size))


def share_verbs(reader: Reader) -> None:
    """What a group does, each of it does that nothing else is told of."""
    twins = [draft for draft in reader.drafts if draft.twin]
    for twin in twins[1:]:
        twin.verbs = twin.verbs or [*twins[0].verbs[: reader.shared]]


def make_room(reader: Reader, kind: str) -> None:
    """Leaves out a thing that only stands in a phrase, where one more who lives is named.

    "A porter with a trolley, a nurse with a phone, and a boy": the boy is seen before the phone.
    """
    alive = (*PERSONS, *ANIMALS)
    if kind not in alive:
        return
    for index in reversed(range(1, len(reader.drafts))):
        draft = reader.drafts[index]
        stage = draft.role == "within" or (draft.role == "object" and draft.kind in LAID)
        if draft.kind in alive or draft.verbs or not stage:
            continue
        if draft.twin or reader.relation is not None:
            continue
        for item in (*(noun for noun, _ in draft.items), draft.number):
            if item is not None:
                reader.mark(item, Fate.UNKNOWN, " ".join(item.words))
        del reader.drafts[index]
        for other in reader.drafts:
            if other.behind is not None and other.behind >= index:
                other.behind = None if other.behind == index else other.behind - 1
        reader.topic -= reader.topic > index or reader.topic == len(reader.drafts)
        reader.current -= reader.current > index or reader.current == len(reader.drafts)
        return
