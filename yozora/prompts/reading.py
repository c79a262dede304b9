"""Reads plain English: what a prompt says in the caption language, and each word's fate.

Two subjects with an action each, and a second action for the first, is all that a caption can hold:
what is beyond that is named, with the nearest thing that it can say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yozora.prompts import english
from yozora.prompts.account import Draft, Fate, Reader, WordFate
from yozora.prompts.binding import bind
from yozora.prompts.english import Item
from yozora.prompts.errors import PromptError
from yozora.prompts.thesaurus import Meaning, thesaurus
from yozora.world.parsing import Said, SaidSubject
from yozora.world.phrases import CANONICAL, KINDS, SEASONAL
from yozora.world.scene import SHELTERED

__all__ = ["Fate", "Reading", "WordFate", "action_of", "nearest_action", "read"]

GOING, LIVELY, CALM = (
    ("run", "walk", "drive", "ride", "fly", "sail", "swim", "roll", "slide", "launch"),
    (
        "jump",
        "dance",
        "bounce",
        "spin",
        "wave",
        "clap",
        "fight",
        "roar",
        "rear",
        "breathe fire",
        "turn",
        "launch",
        "bloom",
        "sway",
    ),
    ("stand", "sit", "read", "float", "hover", "sway"),
)
LIKE = {"sleep": ("sit",), "clap": ("wave",), "fight": ("run",)}  # nearest of all


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prompt says."""

    said: Said
    words: tuple[WordFate, ...]  # every content word, in order
    implied: tuple[str | None, ...]  # by subject: the colour that its word suggests ("crow")
    spare_colour: str | None  # a colour said of nothing there is
    excluded: frozenset[tuple[str, str]]  # (column, value) that must not be added
    notes: tuple[str, ...]  # sentences about what the language cannot hold


def read(prompt: str) -> Reading:
    """What a prompt in plain English says.

    Raises PromptError for a prompt that is empty, too long, or holds control characters.
    """
    text = english.clean(prompt)
    words = english.split_words(text)
    if not any(english.is_content(word) for word in words):
        raise PromptError(
            "The prompt names nothing that can be seen: say who does what and where, for example "
            '"a dog running in the park".'
        )
    reader = bind(english.items(text))
    _seat_riders(reader)
    subjects = tuple(_subject(reader, draft, index) for index, draft in enumerate(reader.drafts))
    clauses = _clauses(reader)
    return Reading(
        said=Said(
            subjects=subjects,
            relation=reader.relation if len(subjects) == 2 else None,
            place=clauses.get("place"),
            season=clauses.get("season"),
            time=clauses.get("time"),
            weather=clauses.get("weather"),
            style=clauses.get("style"),
            camera=clauses.get("camera"),
        ),
        words=_fates(reader, words),
        implied=tuple(draft.implied for draft in reader.drafts),
        spare_colour=reader.spare_colour,
        excluded=frozenset(reader.excluded),
        notes=tuple(reader.notes),
    )


def _seat_riders(reader: Reader) -> None:
    """ "A girl riding a bicycle" is one subject: the bicycle's rider is part of it."""
    if len(reader.drafts) != 2 or reader.relation is not None:
        return
    rider, ridden = reader.drafts
    rides = any(m.value == "ride" for item in rider.actions for m in item.meanings)
    if rides and "ride" in KINDS[ridden.kind].actions and "ride" not in KINDS[rider.kind].actions:
        for item, _ in rider.items:
            reader.mark(item, Fate.SUBSTITUTED, KINDS[ridden.kind].kind)
        ridden.actions = [*rider.actions, *ridden.actions]
        ridden.colour = ridden.colour or rider.colour
        ridden.count = ridden.count or rider.count
        reader.drafts[:] = [ridden]


def _fates(reader: Reader, words: list[str]) -> tuple[WordFate, ...]:
    return tuple(
        reader.fates.get(place) or WordFate(word, Fate.UNKNOWN, thesaurus().nearest(word))
        for place, word in enumerate(words)
        if english.is_content(word)
    )


def _subject(reader: Reader, draft: Draft, index: int) -> SaidSubject:
    """A subject with actions that its kind has; the fates of its nouns and verbs are set here."""
    count = draft.count or 1
    if len(reader.drafts) == 2 and count > 1:
        reader.note("Two kinds in one clip are one of each.")
        if draft.number is not None:
            reader.mark(draft.number, Fate.SUBSTITUTED, "one")
    for item, meaning in draft.items:
        exact = meaning.exact and meaning.value == draft.kind
        fate = Fate.HONOURED if exact else Fate.SUBSTITUTED
        single = len(reader.drafts) == 2 or count == 1
        words = KINDS[draft.kind]
        reader.mark(item, fate, words.kind if single else words.plural)
    actions: list[str] = []
    most = 2 if index == 0 else 1
    for item in draft.actions:
        action, exact = action_of(draft.kind, item)
        if action in actions or len(actions) < most:
            reader.mark(item, Fate.HONOURED if exact else Fate.SUBSTITUTED, action)
            actions += [action] if action not in actions else []
        else:
            said = " ".join(item.words)
            reader.mark(item, Fate.UNKNOWN, said)
            number = ("one action", "two actions")[most - 1]
            which = ("first", "second")[index]
            reader.note(f'The {which} subject has {number} at most: "{said}" is not made.')
    return SaidSubject(
        kind=draft.kind,
        colour=draft.colour,
        action=actions[0] if actions else None,
        then=actions[1] if len(actions) > 1 else None,
        count=1 if len(reader.drafts) == 2 else count,
    )


def action_of(kind: str, item: Item) -> tuple[str, bool]:
    """The kind's action for a verb, and whether the verb means just that."""
    verbs: list[Meaning] = [m for m in item.meanings if m.column == "action"]
    own = [m for m in verbs if m.only == kind and m.value in KINDS[kind].actions]
    common = [m for m in verbs if m.only is None] or verbs
    if own:  # a ball that lies stands, a cat that lies sleeps: the kind's own word comes first
        return own[0].value, own[0].exact and common[0].exact
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
    actions = able or KINDS[kind].actions
    return next((action for action in order if action in actions), next(iter(actions)))


def _clauses(reader: Reader) -> dict[str, str]:
    """Place, time, season, weather, style and camera, without those that cannot show."""
    said = {column: value for column, (value, _) in reader.clauses.items()}
    if reader.snow is not None:
        column = "weather" if "place" in said or "weather" in said else "place"
        value = "snow" if column == "weather" else "snow field"
        if said.setdefault(column, value) == value:
            reader.mark(reader.snow, Fate.HONOURED, CANONICAL[column][value])
        else:
            reader.mark(reader.snow, Fate.SUBSTITUTED, CANONICAL[column][said[column]])
    if said.get("place") in SHELTERED and "weather" in said:
        sentence = "Indoors there is no weather."
        _unshown(reader, "weather", said.pop("weather"), said["place"], sentence)
    if said.get("place", "park") not in SEASONAL and "season" in said:
        sentence = "Seasons show in the park and in the forest only."
        _unshown(reader, "season", said.pop("season"), said["place"], sentence)
    if "weather" not in said and said.get("place") not in SHELTERED:  # "not sunny"
        left = [w for w in ("clear", "rain", "snow") if ("weather", w) not in reader.excluded]
        if ("weather", "clear") in reader.excluded and left:
            said["weather"] = left[0]
    return said


def _unshown(reader: Reader, column: str, value: str, where: str, sentence: str) -> None:
    """A clause that the place does not show: its words say nothing."""
    place = CANONICAL["place"][where]
    for item in reader.items:
        meaning = item.meanings[0] if item.meanings else None
        if meaning and meaning.column == column and meaning.value == value and not item.negated:
            reader.mark(item, Fate.UNKNOWN, f"{place}, where it does not show")
    reader.note(sentence)
