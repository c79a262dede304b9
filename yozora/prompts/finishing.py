"""From what was found to what can be said: subjects with actions and garments that they can have.

The fates of nouns, verbs and garments are set here, when it is known who there is.
"""

from __future__ import annotations

from collections.abc import Collection

from yozora.prompts.account import Draft, Fate, Garment, Reader, Verb
from yozora.prompts.english import Item
from yozora.prompts.garments import OWN_GARMENT
from yozora.prompts.merging import PEOPLE
from yozora.prompts.nouns import pair_of
from yozora.prompts.postures import LISTENERS, TOLD, WAITING, posture_of, settle
from yozora.prompts.thesaurus import Meaning
from yozora.prompts.verbs import STOPPING
from yozora.world.pairs import PAIRS, possible
from yozora.world.parsing import SaidSubject
from yozora.world.phrases import GARMENTS, KINDS

GOING, LIVELY, CALM = (
    ("run", "walk", "drive", "ride", "fly", "sail", "swim", "roll", "slide", "launch"),
    (
        "jump", "dance", "bounce", "spin", "wave", "clap", "fight", "roar", "rear",
        "breathe fire", "turn", "swing", "erupt", "launch", "bloom", "sway",
    ),
    ("stand", "sit", "read", "float", "hover", "sway", "smoke"),
)  # fmt: skip
LIKE = {  # nearest of all
    "sleep": ("sit",), "clap": ("wave",), "wave": ("stand",), "chase": ("run",),
    "fly": ("float", "hover"),
    "jump": ("bounce", "run", "fly"),
    "fight": ("breathe fire", "roar", "run", "walk"),
    "meet": ("walk",), "shake hands": ("wave",), "give": ("stand",), "swim": ("float", "walk"),
    "roar": ("stand",), "eat": ("stand",), "drive": ("sit", "walk"), "hover": ("fly",),
    "spin": ("dance", "turn"), "turn": ("walk",), "ride": ("sit",), "sail": ("sit",),
}  # fmt: skip
EITHER = ("people", "persons", "friends", "strangers", "partners", "colleagues", "humans")
SEATED = frozenset(["drive", "ride", "sail"])
MOST_WORN = 2
UPPER = ("coat", "jacket")


def subjects_of(reader: Reader) -> tuple[SaidSubject, ...]:
    """The subjects as far as the prompt says them; numbers are kept as said."""
    _seat_riders(reader)
    pair = _pair(reader)
    if pair is None:
        _hand_on(reader)
    alone = len(reader.drafts) == 1
    for draft in reader.drafts:  # of several kinds there is one each, unless a number was said
        draft.count = draft.count if alone or draft.counted else 1
    found = []
    for index, draft in enumerate(reader.drafts):
        _name(reader, draft, alone)
        action, then = _actions(reader, draft, index, pair)
        colour, worn = _clothes(reader, draft)
        found.append(SaidSubject(draft.kind, colour, action, then, draft.count or 1, worn))
    return tuple(found)


def _name(reader: Reader, draft: Draft, alone: bool) -> None:
    """Sets the fates of a subject's nouns and number."""
    words = KINDS[draft.kind]
    unsaid = draft.number is None and draft.items[0][1].plural
    if alone and unsaid and draft.count == 2:
        reader.note(f"How many {words.plural} was not said: two.")
    if not alone and (unsaid or (draft.count or 1) > 1):
        reader.note("Two kinds in one clip are one of each.")
        if draft.number is not None:
            reader.mark(draft.number, Fate.SUBSTITUTED, "one")
    for item, meaning in draft.items:
        exact = meaning.exact and meaning.value == draft.kind
        told = words.kind if not alone or (draft.count or 1) == 1 else words.plural
        reader.mark(item, Fate.HONOURED if exact else Fate.SUBSTITUTED, told)


def _seat_riders(reader: Reader) -> None:
    """ "A girl riding a bicycle" is one subject: the bicycle's rider is part of it."""
    if len(reader.drafts) < 2 or reader.relation is not None:
        return
    rider, ridden = reader.drafts[:2]
    rides = any(
        m.value == "ride" and m.only is None for verb in rider.verbs for m in verb.item.meanings
    )
    if rider.kind in PEOPLE and rides and "ride" in KINDS[ridden.kind].actions:
        for item, _ in rider.items:
            reader.mark(item, Fate.SUBSTITUTED, KINDS[ridden.kind].kind)
        ridden.verbs = [*rider.verbs, *ridden.verbs]
        ridden.colour = ridden.colour or rider.colour
        ridden.count = ridden.count or rider.count
        reader.drafts[:2] = [ridden]


# -- what two do with each other -------------------------------------------------------------------


def _pair(reader: Reader) -> str | None:
    """The action of two that the first subject now does with the second, if there is one."""
    for index, draft in enumerate(reader.drafts):
        for verb in sorted(draft.verbs, key=lambda verb: pair_of(verb.item) == "meet"):
            name = pair_of(verb.item)
            if name is None or not _leads(draft, verb):
                continue
            other = _partner(reader, index, name, verb)
            if other is None:
                continue
            one, two = (other, draft) if verb.passive else (draft, other)
            if not possible(name, KINDS[one.kind].poses, KINDS[two.kind].poses):
                continue
            if any(d.verbs for d in reader.drafts if d is not one and d is not two):
                continue
            _leave_two(reader, one, two)
            extras = [v for v in (*one.verbs, *two.verbs) if v is not verb]
            one.verbs, two.verbs = [verb], []
            for extra in extras:
                same = pair_of(extra.item) is not None
                reader.mark(extra.item, Fate.SUBSTITUTED if same else Fate.UNKNOWN, name)
            meant = next(m for m in verb.item.meanings if m.value == name)
            fate = Fate.HONOURED if meant.exact else Fate.SUBSTITUTED
            reader.mark(verb.item, fate, PAIRS[name].forms[0])
            return name
    return None


def _leads(draft: Draft, verb: Verb) -> bool:
    """Whether a verb is what its subject does first, or all that it does beside waiting."""
    before = draft.verbs[: draft.verbs.index(verb)]
    return all(
        pair_of(other.item) or action_of(draft.kind, other.item)[0] == "stand" for other in before
    )


def _partner(reader: Reader, index: int, name: str, verb: Verb) -> Draft | None:
    """Who it is done with: the verb's object, who is joined by "and", or one of several."""
    draft = reader.drafts[index]
    others = [other for other in reader.drafts if other is not draft]
    objects = [other for other in others if other.behind == index and other.role == "object"]
    agents = [other for other in others if other.role in ("agent", "within")]
    mutual = name in ("meet", "shake hands")
    if objects:
        living = [other for other in objects if other.kind in (*PEOPLE, "robot")]
        return (living if name == "give" and living else objects)[0]
    if mutual and (draft.count or 1) > 1:
        twin = Draft(draft.kind, [*draft.items], count=1, implied=draft.implied)
        twin.colour = draft.colour
        if draft.items[0][0].words[-1] in EITHER:
            twin.kind = "woman"
        if draft.number is not None:
            reader.mark(draft.number, Fate.HONOURED, "two")
        draft.count, draft.number = 1, None
        reader.drafts.insert(index + 1, twin)
        return twin
    if agents and (verb.passive or name != "chase"):
        return agents[0]
    if mutual and others:
        return others[0]
    if name == "chase" and others and _names_again(reader, verb):
        return others[-1]
    if name == "give" and others:
        return next((other for other in others if other.kind in (*PEOPLE, "robot")), None)
    return None


def _names_again(reader: Reader, verb: Verb) -> bool:
    """Whether "it" or "him" stands after a verb: somebody who was named before."""
    at = next((n for n, item in enumerate(reader.items) if item is verb.item), len(reader.items))
    return any(item.words[0] in ("it", "him", "her", "them") for item in reader.items[at + 1 :][:1])


def _leave_two(reader: Reader, one: Draft, two: Draft) -> None:
    """A pair is alone: a third is named and left out."""
    for draft in reader.drafts:
        if draft is not one and draft is not two:
            said = " ".join(draft.items[0][0].words)
            reader.note(f'Two who do something with each other are alone: "{said}" is not made.')
            for item in (*(i for i, _ in draft.items), *(v.item for v in draft.verbs)):
                reader.mark(item, Fate.UNKNOWN, " ".join(item.words))
    reader.drafts[:] = [one, two]
    reader.relation = None


def _hand_on(reader: Reader) -> None:
    """ "A boy flies a kite": the kite flies and the boy stands; who is done something to, too."""
    for index, draft in enumerate(reader.drafts):
        for verb in draft.verbs[:1]:
            actions = [m for m in verb.item.meanings if m.column == "action"]
            wanted = {m.value for m in actions if m.only is None}
            moved = [d for d in reader.drafts if d.behind == index and not d.verbs]
            moved = [d for d in moved if wanted & set(KINDS[d.kind].actions)]
            if not moved or wanted & set(KINDS[draft.kind].actions):
                continue
            if any(m.only == draft.kind and m.value == "sit" for m in actions):
                moved[0].verbs.append(verb)  # "a man drives a car": he sits, it drives
                continue
            for owner in [d for d in reader.drafts if any(v is verb for v in d.verbs)]:
                owner.verbs = [v for v in owner.verbs if v is not verb]
                seated = wanted & SEATED and "sit" in KINDS[owner.kind].actions
                owner.resting = "sit" if seated else "stand"
            moved[0].verbs.append(verb)
    settle(reader)
    busy = any(draft.verbs for draft in reader.drafts)
    for draft in reader.drafts:
        told = draft.kind in LISTENERS and (draft.role in ("object", "agent") or draft.link in TOLD)
        if busy and told and not draft.verbs:
            draft.resting = draft.resting or "stand"


# -- actions ---------------------------------------------------------------------------------------


def _actions(
    reader: Reader, draft: Draft, index: int, pair: str | None
) -> tuple[str | None, str | None]:
    """What a subject does, and then does: the first verb, and a second that goes on from it."""
    if pair is not None:
        return (pair, None) if index == 0 else (None, None)
    resting = draft.resting if draft.resting in KINDS[draft.kind].actions else None
    posture = posture_of(draft)
    resting = posture if resting in (None, "stand") and not draft.verbs and posture else resting
    if not draft.verbs and resting:
        return resting, None
    actions: list[str] = [resting] if resting else []
    verbs = sorted(draft.verbs, key=lambda verb: verb.past)
    for number, verb in enumerate(verbs):
        action, exact = action_of(draft.kind, verb.item)
        if not exact and action == "stand" and posture:
            action = posture  # "talking on a bench"
        elif not exact and _says_nothing(draft.kind, verb.item):
            reader.mark(verb.item, Fate.UNKNOWN, action)
            continue
        halts = verb.item.words[0] in STOPPING and bool({*actions} & {*GOING})
        more = exact or (verb.joined and {action, *actions} & {"stand"} == set())
        next_told = more and not verb.aside and _goes_on(verb, verbs[number - 1])
        follows = verb.sequel or halts or next_told
        if action in actions or not actions or (follows and len(actions) < 2 and index == 0):
            fate = Fate.HONOURED if exact else Fate.SUBSTITUTED
            reader.mark(verb.item, fate, action)
            actions += [action] if action not in actions else []
            continue
        said = " ".join(verb.item.words)
        if not follows:
            reader.mark(verb.item, Fate.UNKNOWN, action)  # "looks around" of somebody who walks
            continue
        reader.mark(verb.item, Fate.UNKNOWN, said)
        most = ("one action", "two actions")[index == 0]
        which = ("first", "second", "third")[index]
        reader.note(f'The {which} subject has {most} at most: "{said}" is not made.')
    return (*actions, None, None)[0], (*actions, None, None)[1]


def _says_nothing(kind: str, item: Item) -> bool:
    """Whether a verb says nothing that a thing could be seen to do: "a car being washed"."""
    able = KINDS[kind].actions
    common = [m for m in item.meanings if m.column == "action" and m.only in (None, kind)]
    still = not common or common[0].value not in able
    calm = all(m.value == "stand" for m in common)
    return "walk" not in able and still and calm and item.words[0] not in WAITING


def _goes_on(verb: Verb, before: Verb) -> bool:
    """Whether a verb tells the next thing, not the same: both are finite."""
    return not verb.item.words[0].endswith("ing") or before.item.words[0].endswith("ing")


def action_of(kind: str, item: Item) -> tuple[str, bool]:
    """The kind's action for a verb, and whether the verb means just that."""
    verbs: list[Meaning] = [m for m in item.meanings if m.column == "action"]
    own = [m for m in verbs if m.only == kind and m.value in KINDS[kind].actions]
    common = [m for m in verbs if m.only is None] or verbs
    if own:  # a ball that lies stands, a cat that lies sleeps: the kind's own word comes first
        alike = common[0].exact and common[0].value == own[0].value
        return own[0].value, alike or (own[0].exact and common[0].exact)
    if common and common[0].exact and common[0].value in KINDS[kind].actions:
        return common[0].value, True
    wanted = common[0].value
    action = nearest_action(kind, wanted)
    return action, action == wanted and common[0].exact


def nearest_action(kind: str, wanted: str, able: Collection[str] = ()) -> str:
    """The action of a kind that is most like a wanted one: going, lively or calm as it is.

    Of `able` alone, where that is given.
    """
    groups = [group for group in (GOING, LIVELY, CALM) if wanted in group] or [CALM]
    order = [
        wanted,
        *LIKE.get(wanted, ()),
        *groups[0],
        *LIVELY,
        *(CALM if groups[0] is not CALM else ()),
        *CALM,
        *GOING,
    ]
    if groups[0] is CALM:
        order = [wanted, *LIKE.get(wanted, ()), *CALM, *GOING, *LIVELY]
    actions = able or KINDS[kind].actions
    return next((action for action in order if action in actions), next(iter(actions)))


# -- clothes ---------------------------------------------------------------------------------------


def _clothes(reader: Reader, draft: Draft) -> tuple[str | None, tuple[tuple[str, str | None], ...]]:
    """A subject's own colour, and the garments that it wears beside with theirs."""
    words = KINDS[draft.kind]
    worn: dict[str, str | None] = {}
    colour = draft.colour
    own = False
    spare: str | None = None
    for garment in draft.garments:
        name = _shown_as(draft.kind, garment)
        exact = garment.meaning.exact and name == garment.meaning.value
        fate = Fate.HONOURED if exact else Fate.SUBSTITUTED
        if name is None or (name != words.wears and name not in worn and len(worn) == MOST_WORN):
            reader.mark(garment.item, Fate.UNKNOWN, words.wears or words.kind)
            if name is None and words.wears and draft.colour is None:
                spare = spare or garment.colour  # "a woman in purple tights"
            if name is not None:
                reader.note("A person wears two garments at most beside their own.")
            continue
        reader.mark(garment.item, fate, name)
        if name == words.wears:
            colour = garment.colour if garment.colour and not own else colour
            own = own or garment.colour is not None
        elif name not in worn:
            worn[name] = garment.colour
    return colour or spare, tuple(sorted(worn.items()))


def _shown_as(kind: str, garment: Garment) -> str | None:
    """What a garment is drawn as on a kind of wearer."""
    words = KINDS[kind]
    value = garment.meaning.value
    if value in words.garments:
        return value
    if value in UPPER and "jacket" in words.garments:
        return "jacket"
    if value == OWN_GARMENT:
        return words.wears
    others = ("boots", "trousers", "hat", "scarf", "backpack")
    return words.wears if value in GARMENTS and value not in others else None
