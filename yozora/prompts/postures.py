"""What is done without a verb of one's own: sitting on a bench, walking beside who walks.

Where nothing is said or implied, nothing is read: only what a reader would see before their eyes.
"""

from __future__ import annotations

from yozora.prompts.account import Draft, Reader
from yozora.prompts.english import Item
from yozora.prompts.inflect import verb_forms
from yozora.prompts.merging import PEOPLE
from yozora.prompts.sense import role_of
from yozora.world.phrases import KINDS


def forms_of(bases: str) -> frozenset[str]:
    """Every form of the verbs."""
    return frozenset(form for base in bases.split() for form in verb_forms(base))


ON = ("in", "on", "inside", "aboard", "from", "upon", "atop", "onboard")
AT = (*ON, "at", "by", "around", "round", "behind")
LISTENERS = (*PEOPLE, "knight", "astronaut", "robot")
TOLD = ("to", "for", "by")  # after which stands who is meant
# Whoever is taken along goes along: "a girl walking her dog", "a boy leads a horse".
LEADING = forms_of("walk lead herd follow guide escort accompany drag tow race shepherd parade jog")
# What becomes of a ball.
ROLLED = forms_of("kick roll bowl push putt pass shoot")
BOUNCED = forms_of(
    "throw toss catch serve hit juggle dribble bounce spike volley smash bat fling chuck pitch drop"
    " head return"
)
LAUNCHED = forms_of("release launch pop free lose fly")  # a balloon that is let go
# Verbs by which also a thing is seen to stay where it is.
WAITING = forms_of(
    "wait stay park stop rest lie remain hang pose idle tower loom stand sit perch land halt pause"
    " sleep lean linger hover dock anchor moor appear display balance"
)
# What parts and clothes do, not whoever has them: "with its ears flapping".
WORN_ON = forms_of(
    "flap flutter blow billow flow stream trail wag twitch swish glow shine gleam glint dangle hang"
    " ripple whip wave spin turn beat whirl sparkle glitter drip flicker blink bristle curl fly"
    " tremble swing bob bounce float"
)


def take_seat(reader: Reader, number: int, item: Item) -> None:
    """ "on a bench", "in a taxi", "at a desk": whoever was named last sits or lies there."""
    meaning = next((m for m in item.meanings if m.column == "seat"), None)
    if meaning is None or item.negated:
        return
    role, at = role_of(reader, number)
    if role != "within" or reader.items[at].words[0] not in (ON if meaning.exact else AT):
        return
    if not reader.drafts:
        reader.posture = reader.posture or meaning.value
        return
    named = reader.drafts[reader.current]
    for draft in reader.drafts if named.joined else [named]:
        if draft is named or draft.joined or draft.link == "and":
            draft.posture = draft.posture or meaning.value


def posture_of(draft: Draft) -> str | None:
    """How a subject is by where it is, if it can be so."""
    value = draft.posture
    if value == "sleep" and (draft.kind not in PEOPLE or draft.verbs):
        value = "sit"
    return value if value in KINDS[draft.kind].actions else None


def settle(reader: Reader) -> None:
    """Gives those who have no verb what follows from what the others do."""
    if reader.posture and reader.drafts and reader.drafts[0].posture is None:
        reader.drafts[0].posture = reader.posture
    for index, draft in enumerate(reader.drafts):
        if draft.verbs or draft.resting or index == 0:
            continue
        doers = [other for other in reader.drafts[:index] if other.verbs]
        if not doers:
            continue
        draft.resting = _drawn_along(reader, draft, doers[-1])


def _drawn_along(reader: Reader, draft: Draft, doer: Draft) -> str | None:
    """What a subject does because of what another does: is led, is thrown, comes along."""
    first = doer.verbs[0].item
    head = first.words[0]
    able = KINDS[draft.kind].actions
    object_of = draft.role == "object" and draft.behind == reader.drafts.index(doer)
    wanted: tuple[str, ...] = ()
    if object_of and draft.kind == "ball":
        wanted = ("roll",) if head in ROLLED else ("bounce",) if head in BOUNCED else ()
    elif object_of and draft.kind == "balloon":
        wanted = ("fly",) if head in LAUNCHED else ("float",)
    elif object_of and head in LEADING:
        wanted = ("run", "walk") if head in forms_of("race jog") else ("walk",)
    elif draft.link == "with" and "walk" in able:
        wanted = tuple(m.value for m in first.meanings if m.column == "action")
        wanted = () if "stand" in wanted else wanted
    return next((action for action in wanted if action in able), None)
