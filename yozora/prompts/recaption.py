"""Plain English -> a full caption: what was said is kept, what was left out is added and marked.

"a dog running in the park" -> "a brown dog runs in a park in summer by day , clear weather ,
natural style , the camera follows". The same prompt and seed give the same caption.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from yozora.prompts.account import Fate, WordFate
from yozora.prompts.negation import made_all_the_same
from yozora.prompts.reading import Reading, read
from yozora.world.captions import caption, caption_said, said
from yozora.world.pairs import PAIRS
from yozora.world.parsing import Said, SaidSubject, tokens
from yozora.world.phrases import CANONICAL, KINDS, SEASONAL
from yozora.world.sample import sample_facing
from yozora.world.scene import (
    COLOURS,
    PLACES,
    RELATIONS,
    SHELTERED,
    STYLES,
    TIMELESS,
    WEATHERS,
    Scene,
    Subject,
)

__all__ = ["Fate", "Recaption", "WordFate", "recaption", "scene_of"]

# Where a kind is at home whose asset does not say.
SETTINGS: dict[str, tuple[str, ...]] = {
    "ground": ("park", "street", "forest"),
    "water": ("beach",),
    "air": ("park", "desert", "beach"),
}
TIME_ODDS = {"day": 0.60, "sunset": 0.20, "dawn": 0.10, "night": 0.10}
SEASON_ODDS = {"summer": 0.4, "spring": 0.2, "autumn": 0.2, "winter": 0.2}
STILL_ODDS = 0.3  # of a calm action against 1 for one that moves


@dataclass(frozen=True, slots=True)
class Recaption:
    """A prompt in the caption language, with an account of how it came about."""

    caption: str
    scene: Scene | None  # None when the caption leaves something unsaid
    words: tuple[WordFate, ...]  # every content word of the prompt, in order
    added: tuple[str, ...]  # phrases that nobody said
    notes: tuple[str, ...] = ()  # sentences for the user
    marked: str = ""  # the caption with [what was added] in brackets


def recaption(prompt: str, seed: int, enhance: bool = True) -> Recaption:
    """The caption that a prompt is rendered by.

    With `enhance` every attribute that the prompt leaves open is chosen, plausibly, by `seed`;
    without, the caption holds only what was said.
    Raises PromptError for a prompt that cannot be read.
    """
    reading = read(prompt)
    notes = [*reading.notes, *_named(reading.words)]
    if not enhance:
        text = caption_said(reading.said)
        if not reading.said.subjects and reading.spare_colour:
            text = " , ".join(part for part in (reading.spare_colour, text) if part)
        if not text:
            notes.append("Nothing in the prompt is known: the caption is empty.")
        notes += made_all_the_same(reading.excluded, reading.said)
        return Recaption(text, None, reading.words, (), tuple(notes), text)
    rng = random.Random(f"{seed}:{' '.join(prompt.split())}")
    full = _enhanced(reading, rng)
    scene = scene_of(full, rng)
    text = caption(scene)
    if not reading.said.subjects:
        notes.append("No subject was known, so one was chosen.")
    notes += made_all_the_same(reading.excluded, full)
    return Recaption(
        caption=text,
        scene=scene,
        words=reading.words,
        added=added_phrases(reading.said, said(scene)),
        notes=tuple(notes),
        marked=mark_added(caption_said(reading.said), text),
    )


def scene_of(what: Said, rng: random.Random) -> Scene:
    """The scene that a complete account tells of; looks, facing and layout are drawn."""
    assert what.place and what.style and what.camera
    pair = PAIRS.get(what.subjects[0].action or "") if len(what.subjects) == 2 else None
    subjects = tuple(
        Subject(
            kind=s.kind or "",
            colour=s.colour or "",
            action=s.action or (pair.partner if pair else ""),
            then=s.then,
            count=s.count or 1,
            look=rng.getrandbits(31),
            worn=tuple(
                (garment, colour or rng.choice(list(COLOURS))) for garment, colour in s.worn
            ),
        )
        for s in what.subjects
    )
    return Scene(
        subjects=subjects,
        place=what.place,
        time=what.time or "day",
        weather=what.weather or "clear",
        style=what.style,
        camera=what.camera,
        season=what.season or "summer",
        relation=what.relation,
        facing=sample_facing(rng, what.camera, pair is not None),
        seed=rng.getrandbits(31),
    )


def mark_added(before: str, after: str) -> str:
    """The text after, with the words that the text before lacks in brackets."""
    old, new = tokens(before), tokens(after)
    parts: list[str] = []
    for tag, _, _, start, end in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        words = " ".join(new[start:end])
        if words:
            parts.append(words if tag == "equal" else f"[{words}]")
    return " ".join(parts)


def _named(words: tuple[WordFate, ...]) -> list[str]:
    """A sentence for every word that is not shown."""
    unknown = dict.fromkeys(
        w for w in words if w.fate is Fate.UNKNOWN and w.word not in w.instead.split()
    )
    return [
        f'"{w.word}" is not known, so it is not shown; a word near it that is: "{w.instead}".'
        for w in unknown
    ]


def added_phrases(before: Said, after: Said) -> tuple[str, ...]:
    """Phrases of the account after that the account before does not have."""
    found: list[str] = []
    for index, subject in enumerate(after.subjects):
        old = before.subjects[index] if index < len(before.subjects) else SaidSubject()
        found += [subject.colour] if subject.colour and old.colour is None else []
        found += [subject.kind] if subject.kind and old.kind is None else []
        found += [subject.action] if subject.action and old.action is None else []
    for column in ("relation", "place", "season", "time", "weather", "style", "camera"):
        value = getattr(after, column)
        if value is not None and getattr(before, column) is None:
            found.append(CANONICAL[column][value])
    return tuple(found)


# -- what is added ---------------------------------------------------------------------------------


def _enhanced(reading: Reading, rng: random.Random) -> Said:
    """The account completed: every choice is one draw from what is plausible and not excluded."""
    before = reading.said
    barred = reading.excluded
    subjects = before.subjects or (SaidSubject(kind=_kind(before.place, barred, rng), count=1),)
    implied = (*reading.implied, None, None)
    full = tuple(
        _full_subject(
            subject, implied[n] or (reading.spare_colour if n == 0 else None), barred, rng
        )
        for n, subject in enumerate(subjects)
    )
    place = before.place or _place(full[0].kind or "", before, barred, rng)
    relation = before.relation
    if len(full) == 2 and relation is None:
        relation = rng.choice(list(RELATIONS))
    weather = None
    if place not in SHELTERED:
        weather = before.weather or _first(WEATHERS, "weather", barred)
    season = None
    if place in SEASONAL:
        odds = {"winter": 1.0} if weather == "snow" else SEASON_ODDS
        season = before.season or _pick(odds, "season", barred, rng)
    moving = any({s.action, s.then} & KINDS[s.kind or ""].travels for s in full)
    camera = before.camera or ("follow" if moving else "static")
    if ("camera", camera) in barred and before.camera is None:
        camera = "push in" if camera == "static" else "static"
    if camera == "follow" and not moving:
        camera = "static"  # to follow what stays put is to stand still
    return replace(
        before,
        subjects=full,
        relation=relation,
        place=place,
        season=season,
        time=None if place in TIMELESS else before.time or _pick(TIME_ODDS, "time", barred, rng),
        weather=weather,
        style=before.style or _first(STYLES, "style", barred),
        camera=camera,
    )


def _pick(
    odds: Mapping[str, float], column: str, barred: frozenset[tuple[str, str]], rng: random.Random
) -> str:
    allowed = {value: odd for value, odd in odds.items() if (column, value) not in barred}
    allowed = allowed or dict(odds)
    return rng.choices(list(allowed), list(allowed.values()))[0]


def _first(values: Iterable[str], column: str, barred: frozenset[tuple[str, str]]) -> str:
    """The first of the values, the most common, unless it is excluded."""
    values = list(values)
    return next((value for value in values if (column, value) not in barred), values[0])


def _kind(place: str | None, barred: frozenset[tuple[str, str]], rng: random.Random) -> str:
    homely = [kind for kind in KINDS if place is None or place in _homes(kind)]
    homely = [kind for kind in homely if ("kind", kind) not in barred]
    return _pick(dict.fromkeys(homely or KINDS, 1.0), "kind", barred, rng)


def _homes(kind: str) -> tuple[str, ...]:
    return KINDS[kind].homes or SETTINGS[KINDS[kind].setting]


def _place(kind: str, before: Said, barred: frozenset[tuple[str, str]], rng: random.Random) -> str:
    """A place where the kind is at home and where the season and weather that were said show."""
    places = list(_homes(kind))
    if before.season is not None:
        places = [p for p in places if p in SEASONAL] or sorted(SEASONAL)
    if before.weather is not None:
        places = [p for p in places if p not in SHELTERED] or ["park", "street"]
    if before.time is not None:
        places = [p for p in places if p not in TIMELESS] or places
    places = [p for p in places if ("place", p) not in barred]
    places = places or [p for p in PLACES if p not in SHELTERED]
    return _pick(dict.fromkeys(places, 1.0), "place", barred, rng)


def _full_subject(
    subject: SaidSubject,
    implied: str | None,
    barred: frozenset[tuple[str, str]],
    rng: random.Random,
) -> SaidSubject:
    words = KINDS[subject.kind or ""]
    natural = (implied,) if implied else words.natural_colours
    free = [c for c in natural if ("colour", c) not in barred]
    free = free or [c for c in COLOURS if ("colour", c) not in barred] or list(COLOURS)
    colour = rng.choice(free)
    odds = {
        action: 1.0
        if action in words.travels
        else 0.6
        if action not in ("stand", "sit", "sleep")
        else STILL_ODDS
        for action in words.actions
    }
    action = _pick(odds, "action", barred, rng)
    return replace(subject, colour=subject.colour or colour, action=subject.action or action)
