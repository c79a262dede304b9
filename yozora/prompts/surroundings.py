"""Places that are told in passing: by a verb or an hour, by a year to come, by who drives.

"crosses a road" is on a road, "the city at night" is a city, 2150 is the future, and who drives
through a city, among its traffic and its people, is on a road.
"""

from __future__ import annotations

from yozora.prompts.account import Draft, Reader, Verb
from yozora.prompts.english import Item, column_of
from yozora.prompts.grammar import POSSESSIVES, PREPOSITIONS
from yozora.prompts.postures import forms_of
from yozora.prompts.thesaurus import Meaning, thesaurus
from yozora.world.phrases import KINDS

DRIVING = forms_of("drive cruise motor speed race ride")
WHEEL = forms_of("drive cruise motor")
STEERED = ("car", "bus", "truck")
CITIES = frozenset("city cities town downtown street streets centre center traffic".split())  # noqa: SIM905
CITY_PLACES = ("street", "road", "building", "market")  # what another age has otherwise
# Who and what is to be seen on any road: with somebody who drives there they are no subjects.
PASSERS_BY = frozenset(
    """
    pedestrian pedestrians passer-by passers-by passerby passersby people crowd crowds commuter
    commuters shopper shoppers traffic walkers
    """.split()  # noqa: SIM905
)
CALLED = frozenset([("fighting", "fish"), ("jumping", "spider"), ("swimming", "instructor")])
# "the interior of a castle", "the edge of a forest": the place is what these are of.
PARTS = frozenset(
    """
    interior interiors inside insides corner middle centre center heart edge edges depths back
    front top bottom outskirts entrance ruins rest part
    """.split()  # noqa: SIM905
)


def told_by(item: Item) -> Meaning | None:
    """The place that a verb or an hour tells by the way: "crossing a road", "city at night"."""
    column = column_of(item)
    if len(item.words) < 2 or column not in ("action", "time"):
        return None
    words = item.words
    ends = range(len(words) - 1, 0, -1)
    parts = (
        [words[at:] for at in reversed(ends)] if column == "action" else [words[:n] for n in ends]
    )
    forms = thesaurus().forms
    for part in parts:
        meanings = forms.get(part, ())
        if meanings and meanings[0].column == "place" and part[0] not in PREPOSITIONS:
            return Meaning("place", meanings[0].value, False)
    return None


def of_which(reader: Reader, number: int) -> Item | None:
    """The word for a part, "interior" or "edge", that stands with "of" before a place."""
    at = number - 1
    while at >= 0 and reader.items[at].words[0] in ("a", "an", *POSSESSIVES):
        at -= 1
    if at < 1 or reader.items[at].words != ("of",):
        return None
    part = reader.items[at - 1]
    return part if part.words[-1] in PARTS else None


def is_ahead(item: Item, meaning: Meaning) -> bool:
    """Whether a place is a year to come: "2150", "year 3000"."""
    return meaning.value == "future city" and item.words[-1].isdigit()


def road_through(reader: Reader, number: int, item: Item, meaning: Meaning) -> Meaning:
    """The place where who drives through a city is: on a road."""
    if meaning.value != "street" or not {*item.words} & CITIES:
        return meaning
    before = reader.items[:number]
    while before and (before[-1].kind == "grammar" or column_of(before[-1]) == "number"):
        before = before[:-1]
    drives = bool(before) and before[-1].words[0] in DRIVING
    if item.words[0] in DRIVING or (drives and _steers(reader)):
        return Meaning("place", "road", False)
    return meaning


def _steers(reader: Reader) -> bool:
    return not reader.drafts or reader.drafts[reader.current].kind in STEERED


def take_wheel(reader: Reader, number: int, item: Item) -> bool:
    """ "driving through the city": a car drives, where nobody is named who does."""
    drives = any(m.value == "drive" and m.column == "action" for m in item.meanings)
    if reader.drafts or not drives or item.words[0] not in WHEEL:
        return False
    if "camera" in reader.clauses:
        return False  # "first person view driving through Tokyo"
    for other in reader.items[number + 1 :]:
        if column_of(other) == "kind" and not {*other.words} & PASSERS_BY:
            return False
    nameless = Item((), (), (), "phrase")
    reader.drafts.append(Draft("car", [(nameless, Meaning("kind", "car", False))], count=1))
    reader.current = reader.topic = 0
    reader.drafts[0].verbs = [*reader.waiting, Verb(item)]
    reader.waiting = []
    return True


def passes_by(reader: Reader, number: int, item: Item) -> bool:
    """Whether a noun names those whom a driver passes: "with traffic and pedestrians"."""
    if not {*item.words} & PASSERS_BY or not reader.drafts:
        return False
    driven = any(
        draft.kind in STEERED and any("drive" in _values(verb.item) for verb in draft.verbs)
        for draft in reader.drafts
    )
    before = {word for other in reader.items[max(0, number - 6) : number] for word in other.words}
    acts = any(column_of(other) == "action" for other in reader.items[number + 1 : number + 2])
    return driven and not acts and bool(before & {"with", "past", "among", "amid", "between"})


def _values(item: Item) -> set[str]:
    return {m.value for m in item.meanings if m.column == "action"}


def does_as_named(item: Item, kind: str) -> Item | None:
    """The verb of a noun that tells what it does: "erupting volcano", "dancing couple".

    Not that of one which is called so whatever it does: "flying car", "racing car".
    """
    first = item.words[0]
    if len(item.words) != 2 or not first.endswith("ing") or first in kind:
        return None
    meanings = thesaurus().forms.get((first,), ())
    verbs = tuple(m for m in meanings if m.column == "action" and m.only in (None, kind))
    common = [m for m in verbs if m.only is None]
    if not common or not common[0].exact or common[0].value not in KINDS[kind].actions:
        return None
    if item.words in CALLED or common[0].value in ("stand", "run", "fly", "sail"):
        return None
    return Item((first,), item.places[:1], verbs, "phrase")
