"""Nouns: who and what is there, how many, in which colours, and what they wear."""

from __future__ import annotations

from yozora.prompts import english
from yozora.prompts.account import CLAUSES, Draft, Fate, Reader, Verb
from yozora.prompts.english import Item, column_of
from yozora.prompts.mentions import mentioned
from yozora.prompts.merging import PEOPLE, make_room, merged, same
from yozora.prompts.sense import noun_after, role_of
from yozora.prompts.surroundings import does_as_named, passes_by
from yozora.prompts.thesaurus import Meaning, spoken, thesaurus
from yozora.world.pairs import PAIRS
from yozora.world.parsing import MOST_SUBJECTS
from yozora.world.phrases import KINDS

COUNTS = ("", "one", "two", "three")
GROUPS = frozenset(
    [
        "herd",
        "flock",
        "pack",
        "group",
        "swarm",
        "fleet",
        "gang",
        "team",
        "squad",
        "handful",
        "bunch",
    ]
)
CREW = frozenset(["driver", "pilot", "captain", "passenger"])
ADJECTIVAL = frozenset(["giant", "human", "alien", "model", "robotic"])
OF = ("of", "from", "turn", "turns")  # after which a colour is a noun
METALS = ("gold", "silver")  # "mended with gold"
UNSHOWN_THING = "a box"  # in the table: the nearest thing to one that is not shown
# What stands about, lies about and is used, wherever it is not what the prompt is of.
THINGS = frozenset(
    ["box", "ball", "flower", "pendulum", "solar system", "headphones", "balloon", "volcano"]
)
UPON = ("on", "in", "into", "through", "past", "from", "inside", "against", "under", "over")
CARRIED = frozenset(["ball", "balloon", "box", "flower"])
CARRIED_BY = frozenset(["with", "of", "and", "after"])
FILMED = frozenset(["shot", "seen", "filmed", "view", "viewed", "watched", "footage", "captured"])


def take_kind(reader: Reader, number: int, item: Item, meaning: Meaning) -> None:
    """A noun that may be a subject: a new one, one that there is, or none at all."""
    if _is_attribute(reader, number, item):
        drop_colour(reader)
        reader.count = None
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))
        reader.aside.append((item, meaning))
        return
    if merged(reader, number, item, meaning):
        give_colour(reader, reader.drafts[reader.current])
        return
    if (index := same(reader, number, item, meaning.value)) is not None:
        draft = reader.drafts[index]
        reader.current = index
        if role_of(reader, number)[0] in ("head", "joined"):
            reader.topic = index
        draft.items.append((item, meaning))
        reader.count = None
        if reader.colour:
            give_colour(reader, draft)
        _give_waiting(reader, draft)
        _give_passive(reader, draft, role_of(reader, number)[0])
        return
    role, at = role_of(reader, number)
    aside = mentioned(reader, number) or passes_by(reader, number, item)
    if aside or _is_scenery(reader, role, at, meaning):
        drop_colour(reader)
        reader.count = None
        reader.mark(item, Fate.UNKNOWN, spoken(meaning))
        return
    crew = item.words[-1].removesuffix("'s") in CREW and item.words[-1].endswith("'s")
    if role == "purpose" or (crew and any("drive" in KINDS[d.kind].actions for d in reader.drafts)):
        role = "likeness"
    if role == "likeness" or _is_present(reader, role, meaning):
        given = role != "likeness"
        fate = Fate.SUBSTITUTED if given else Fate.UNKNOWN
        gift = item.words[-1] in ("present", "gift", "presents", "gifts")
        fate = Fate.HONOURED if given and gift else fate
        reader.mark(item, fate, "a present" if given else spoken(meaning))
        drop_colour(reader)
        reader.count = None
        return
    _all_of(reader, item, meaning, role, at)


def _all_of(reader: Reader, item: Item, meaning: Meaning, role: str, at: int) -> None:
    """One further subject, or each of "a couple"."""
    if "+" not in meaning.value:
        _new(reader, item, meaning, role, at)
        return
    values = meaning.value.split("+")
    if len({*values}) == 1:  # "a band", "siblings": several of one kind
        reader.count = reader.count if (reader.count or 1) > 1 else len(values)
        _new(reader, item, Meaning("kind", values[0], meaning.exact, True), role, at)
        return
    number = len(reader.drafts)
    for value in values:
        _new(reader, item, Meaning("kind", value, meaning.exact), role, at)
    for draft in reader.drafts[number:]:
        draft.joined = draft.grouped = True
    reader.current = reader.topic = min(number, len(reader.drafts) - 1)


def _new(reader: Reader, item: Item, meaning: Meaning, role: str, at: int) -> None:
    """A further subject, where there is room for one."""
    clause = role == "joined" and column_of(reader.items[at - 1]) not in ("kind", "garment")
    if len(reader.drafts) == MOST_SUBJECTS and (role == "head" or clause):
        make_room(reader, meaning.value)
    if len(reader.drafts) == MOST_SUBJECTS:
        said = " ".join(item.words)
        reader.note(f'A clip has three subjects at most: "{said}" is not made.')
        for left in (item, reader.number if reader.count else None):
            if left is not None:
                reader.mark(left, Fate.UNKNOWN, " ".join(left.words))
        reader.colour, reader.count = None, None
        return
    if role == "joined":  # "a woman and a man": as the noun before
        before = reader.drafts[reader.current] if reader.drafts else None
        joins = before is not None and column_of(reader.items[at - 1]) in ("kind", "garment")
        role = before.role if joins and before else "head"
    draft = Draft(meaning.value, [(item, meaning)], role, implied=meaning.colour)
    draft.number = reader.number if reader.count else None
    draft.count = reader.count or (2 if meaning.plural else 1)
    draft.counted = reader.count is not None and not _collective(reader.number)
    reader.count = None
    draft.behind = reader.topic if role == "object" and reader.topic >= 0 else None
    draft.link = reader.items[at].words[0] if at >= 0 else ""
    reader.drafts.append(draft)
    reader.current = len(reader.drafts) - 1
    if role == "head" or reader.topic < 0:
        reader.topic = reader.current
    give_colour(reader, draft)
    if draft.colour is None and meaning.colour and _names_colour(item, meaning.colour):
        draft.colour = meaning.colour
    if (named := does_as_named(item, draft.kind)) is not None:
        draft.verbs.append(Verb(named))
    _give_waiting(reader, draft)
    _give_passive(reader, draft, role)


def _collective(number: Item | None) -> bool:
    """Whether a count is a word for a group: "a flock of gulls" tells no number."""
    return number is not None and any(
        m.value == "3" and not m.exact and (len(number.words) > 1 or number.words[0] in GROUPS)
        for m in number.meanings
    )


def _names_colour(item: Item, colour: str) -> bool:
    """Whether a phrase holds its colour itself: "a black bear", not "a crow" or "an ice cream
    van"."""
    forms = thesaurus().forms
    return len(item.words) > 1 and any(
        (m.column, m.value) == ("colour", colour)
        for word in item.words
        for m in forms.get((word,), ())
    )


def _is_attribute(reader: Reader, number: int, item: Item) -> bool:
    """Whether a noun only tells of the noun after it: "dinosaur pajamas", "a car door"."""
    following = reader.items[number + 1] if number + 1 < len(reader.items) else None
    if following is None or following.negated:
        return False
    if following.kind == "unknown" and item.words[-1].endswith("'s"):  # "a sailor's zither"
        return not following.words[0].endswith(("ing", "ed", "ly"))
    if following.kind != "phrase":
        return False
    column = column_of(following)
    if item.words[-1] in ADJECTIVAL and following.words[0] not in ("in", "on", "at"):
        return not any(m.column == "action" for m in following.meanings) or _called(reader, number)
    word = item.words[-1]
    if word.endswith(("'s", "s'")):  # "a wizard's cat", "the teacher's desk"
        things = ("hint", "unshown", "place", "backdrop")
        owned = (
            column in things and not word.endswith(("s'", "en's")) and _is_thing(following, column)
        )
        return noun_after(reader, number) == "kind" or owned
    if any(m.column == "action" for m in following.meanings):
        return False
    alone = len(item.words) == 1 and not any(m.plural for m in item.meanings)
    return alone and _is_thing(following, column) and following.words[0] not in (
        "in", "on", "at", "by", "among", "before", "inside", "aboard", "under"
    )  # fmt: skip


def _called(reader: Reader, number: int) -> bool:
    """Whether what follows an adjective is a bare noun at the end of its phrase: "a giant wave"."""
    word = reader.items[number + 1].words[0]
    return not word.endswith(("s", "ing", "ed"))


def _is_thing(item: Item, column: str) -> bool:
    """Whether a phrase names a thing, not how somebody looks ("a man silhouetted")."""
    thing = column == "unshown" and item.meanings[0].value == UNSHOWN_THING
    return thing or column in ("garment", "part", "place", "backdrop") or (
        column == "hint" and not item.words[-1].endswith(("ed", "lit", "ing", "ty", "en"))
    )  # fmt: skip


def _is_scenery(reader: Reader, role: str, at: int, meaning: Meaning) -> bool:
    """Whether a thing is beside the point: "looks into a mirror ball", "filmed from a drone"."""
    seen = role == "within" and at > 0 and reader.items[at].words[0] in ("from", "by")
    if seen and {*reader.items[at - 1].words} & FILMED:
        return True
    if meaning.value not in THINGS:
        return False
    carried = role == "within" and reader.items[at].words[0] in CARRIED_BY
    if not reader.drafts:
        return role == "within" and not meaning.exact
    if role == "object" and len(reader.items[at].words) > 1 and reader.items[at].words[-1] in UPON:
        return True  # "sat on a trunk"
    if role == "within" and column_of(reader.items[at]) != "relation":
        return not (carried and meaning.exact and meaning.value in CARRIED)
    return role in ("head", "joined") and not meaning.exact


def _is_present(reader: Reader, role: str, meaning: Meaning) -> bool:
    """Whether a noun is what somebody gives somebody: "hands her a flower"."""
    if meaning.value not in ("box", "flower", "ball", "balloon", "phone", "headphones"):
        return False
    return any(
        m.value == "give" and m.column == "action"
        for draft in reader.drafts
        for verb in draft.verbs
        for m in verb.item.meanings
    )


def someone(reader: Reader, kind: str, exact: bool = True) -> None:
    """ "she stands at the window": somebody of whom no noun tells."""
    nameless = Item((), (), (), "phrase")
    reader.drafts.append(Draft(kind, [(nameless, Meaning("kind", kind, exact))], count=1))
    reader.current = reader.topic = len(reader.drafts) - 1
    reader.drafts[-1].verbs, reader.waiting = reader.waiting, []


def revive(reader: Reader) -> None:
    """Where nothing else is named, a noun that told of another is the subject: "a dragon egg"."""
    for item, meaning in reader.aside:
        after = reader.items[reader.items.index(item) + 1 :][:1]
        if after and column_of(after[0]) != "place":
            _all_of(reader, item, meaning, "head", 0)
            return


def tell_who(reader: Reader, kind: str, take: bool) -> None:
    """ "he" or "her" tells who an unnamed person is; as a subject it is that person again."""
    order = [*range(len(reader.drafts))][::-1]
    people = [n for n in order if reader.drafts[n].kind in (*PEOPLE, "knight", "astronaut")]
    heads = [n for n in people if reader.drafts[n].role == "head"] or people
    fitting = [n for n in heads if reader.drafts[n].kind == kind and not reader.drafts[n].neutral]
    fitting = fitting or [n for n in people if reader.drafts[n].kind in (kind, "child")]
    neutral = [n for n in heads if reader.drafts[n].neutral and reader.drafts[n].count == 1]
    if not [n for n in fitting if not reader.drafts[n].neutral] and neutral:
        reader.drafts[neutral[0]].kind = kind
        fitting = [neutral[0]]
    if take:
        reader.current = (fitting or [0])[0]
        reader.topic = reader.current


def thing_meant(reader: Reader) -> int:
    """The subject that "it" means: the topic, unless that is a person and something else is not."""
    if reader.drafts[reader.topic].kind not in PEOPLE:
        return reader.topic
    things = [n for n, draft in enumerate(reader.drafts) if draft.kind not in PEOPLE]
    return things[-1] if things else 0


def _give_waiting(reader: Reader, draft: Draft) -> None:
    draft.verbs += reader.waiting
    reader.waiting = []


def _give_passive(reader: Reader, draft: Draft, role: str) -> None:
    """ "kicked by a boy": the boy does it."""
    if reader.passive is None or role != "agent":
        return
    verb, reader.passive = reader.passive, None
    for other in reader.drafts:
        if verb in other.verbs:
            other.verbs.remove(verb)
            draft.behind = None
            other.behind, other.role = reader.drafts.index(draft), "object"
    draft.verbs.append(Verb(verb.item))


# -- colours and numbers ---------------------------------------------------------------------------


def give_colour(reader: Reader, draft: Draft) -> None:
    """Gives the colour that waits to a subject."""
    if reader.colour is None:
        return
    value, item = reader.colour
    reader.colour = None
    if draft.colour is None:
        draft.colour = value
    elif draft.colour != value:
        reader.note("A subject has one colour.")
        reader.mark(item, Fate.SUBSTITUTED, draft.colour)


def drop_colour(reader: Reader) -> None:
    """A colour of something that has none in the language: "a blue sky"."""
    if reader.colour is not None:
        reader.mark(reader.colour[1], Fate.UNKNOWN, reader.colour[0])
        reader.note("Only subjects have a colour of their own.")
        reader.colour = None


def take_colour(reader: Reader, number: int, item: Item, meaning: Meaning) -> None:
    """A colour waits for the noun after it; with none, it is said of the subject before it."""
    reader.mark_meaning(item, meaning, meaning.value)
    if reader.colour is not None:  # "black and white dog"
        reader.mark(item, Fate.SUBSTITUTED, reader.colour[0])
        reader.note("A subject has one colour.")
        return
    reader.colour = (meaning.value, item)
    following = noun_after(reader, number)
    before = reader.items[number - 1] if number else None
    metal = before is not None and before.words[0] == "with" and item.words[0] in METALS
    if following == "" and before is not None and (metal or before.words[0] in OF):
        drop_colour(reader)  # "a pile of gold", "the lights turn green"
        return
    things = ("part", "unshown", "hint", "backdrop", "unknown")
    if following == "" and before and column_of(before) in things and before.words[-1][-1] == "s":
        drop_colour(reader)  # "its lights blue and white"
        return
    after = reader.items[number + 1] if number + 1 < len(reader.items) else None
    if following == "" and after and column_of(after) in ("unshown", "hint", "part", "absent"):
        drop_colour(reader)  # "red lights everywhere"
        return
    if following in ("kind", "garment", "cover", "part", "backdrop", "unknown", *CLAUSES):
        return
    if following in ("relation", "side", "snow") and before is None:
        return
    if reader.drafts and following == "":
        give_colour(reader, reader.drafts[reader.current])
    elif reader.drafts:
        drop_colour(reader)
    else:
        reader.spare_colour = meaning.value
        reader.colour = None


def take_number(reader: Reader, number: int, item: Item, meaning: Meaning) -> None:
    """How many of the noun after it."""
    count = max(1, int(meaning.value))  # none of a kind is no subject: one is made
    following = noun_after(reader, number)
    if item.words[0] in english.FUNCTION_WORDS and len(item.words) == 1:
        reader.count = None if following != "kind" else count
    elif following == "kind":
        reader.count, reader.number = count, item
        reader.mark_meaning(item, meaning, COUNTS[count])
        _note_number(reader, item, meaning)
    elif (after := reader.items[number + 1 : number + 2]) and column_of(after[0]) == "number":
        whole = COUNTS[max(1, int(after[0].meanings[0].value))]  # "two million": one number
        reader.mark(item, Fate.SUBSTITUTED, whole)
    else:
        reader.mark(item, Fate.UNKNOWN, COUNTS[count] if len(item.words[0]) < 4 else "")


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


def pair_of(item: Item) -> str | None:
    """The action of two that a verb may mean."""
    return next((m.value for m in item.meanings if m.value in PAIRS and m.column == "action"), None)
