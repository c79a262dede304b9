"""What a prompt leaves open, chosen plausibly: moods first, then one draw from what is fitting."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

from yozora.prompts.english import Item
from yozora.prompts.finishing import action_of
from yozora.prompts.reading import Reading
from yozora.world.captions import MAX_WORDS, caption_said
from yozora.world.pairs import PAIRS
from yozora.world.parsing import Said, SaidSubject, tokens
from yozora.world.phrases import KINDS, SEASONAL
from yozora.world.scene import (
    ACROSS,
    COLOURS,
    PLACES,
    RELATIONS,
    SHELTERED,
    STYLES,
    TIMELESS,
    WEATHERS,
)

Barred = frozenset[tuple[str, str]]

# Where a kind is at home whose asset does not say.
SETTINGS: dict[str, tuple[str, ...]] = {
    "ground": ("park", "street", "forest"),
    "water": ("beach",),
    "air": ("park", "desert", "beach"),
}
TIME_ODDS = {"day": 0.60, "sunset": 0.20, "dawn": 0.10, "night": 0.10}
SEASON_ODDS = {"summer": 0.4, "spring": 0.2, "autumn": 0.2, "winter": 0.2}
STILL_ODDS = 0.3  # of a calm action against 1 for one that moves


def enhanced(reading: Reading, rng: random.Random) -> Said:
    """The account completed: every choice is one draw from what is plausible and not excluded."""
    before, barred, leanings = reading.shown, reading.excluded, reading.leanings
    full = _subjects(reading, rng)
    pair = PAIRS.get(full[0].action or "") if len(full) == 2 else None
    place = before.place or leanings.get("place")
    place = place or _place(full[0].kind if full else None, before, leanings, barred, rng)
    if place == "studio":
        full = _at_rest(full, before.subjects, barred, rng)
    weather = None
    if place not in SHELTERED:
        weather = before.weather or leanings.get("weather") or _first(WEATHERS, "weather", barred)
    season = None
    if place in SEASONAL:
        odds = {"winter": 1.0} if weather == "snow" else SEASON_ODDS
        season = before.season or leanings.get("season") or _pick(odds, "season", barred, rng)
    time = before.time or leanings.get("time") or _pick(TIME_ODDS, "time", barred, rng)
    relation = before.relation
    if len(full) > 1 and relation is None and pair is None:
        relation = rng.choice(list(RELATIONS) if len(full) == 2 else ACROSS)
    what = replace(
        before,
        subjects=full,
        relation=None if pair else relation,
        place=place,
        season=season,
        time=None if place in TIMELESS else time,
        weather=weather,
        style=before.style or leanings.get("style") or _first(STYLES, "style", barred),
        camera=_camera(before, leanings, full, barred),
    )
    return fitted(what)


def fitted(what: Said) -> Said:
    """The account without the garments that would make its caption too long."""
    while len(tokens(caption_said(what))) > MAX_WORDS:
        last = max(n for n, subject in enumerate(what.subjects) if subject.worn)
        subjects = list(what.subjects)
        subjects[last] = replace(subjects[last], worn=subjects[last].worn[:-1])
        what = replace(what, subjects=tuple(subjects))
    return what


def _subjects(reading: Reading, rng: random.Random) -> tuple[SaidSubject, ...]:
    """Who is there: as said, as a mood suggests, nobody where a place is asked for, or anybody."""
    before, barred, leanings = reading.shown, reading.excluded, reading.leanings
    subjects = before.subjects
    empty = reading.nobody or (reading.scenery and "place" in leanings)
    if not subjects and empty:
        return ()
    if not subjects and "kind" in leanings:
        subjects = tuple(SaidSubject(kind=kind, count=1) for kind in leanings["kind"].split("+"))
    if not subjects:
        subjects = (SaidSubject(kind=_kind(reading, rng), count=1),)
    pair = len(subjects) == 2 and (subjects[0].action or leanings.get("action")) in PAIRS
    implied = (*reading.implied, None, None, None)
    full = []
    for number, subject in enumerate(subjects):
        action = subject.action
        if number == 0 and action is None:
            action = leanings.get("action") or _loose(reading, subject.kind or "")
            able = action in KINDS[subject.kind or ""].actions or (pair and action in PAIRS)
            action = action if able else None
        colour = implied[number] or (reading.spare_colour if number == 0 else None)
        full.append(
            _full_subject(replace(subject, action=action), colour, barred, rng, pair and number > 0)
        )
    return tuple(full)


def _at_rest(
    full: tuple[SaidSubject, ...], told: tuple[SaidSubject, ...], barred: Barred, rng: random.Random
) -> tuple[SaidSubject, ...]:
    """The subjects without a going action that nobody said: on a pedestal no car drives."""
    settled = []
    for number, subject in enumerate(full):
        words = KINDS[subject.kind or ""]
        said = told[number].action if number < len(told) else None
        calm = [action for action in words.actions if action not in words.travels]
        if subject.action in words.travels and subject.action != said and calm:
            action = _pick(dict.fromkeys(calm, 1.0), "action", barred, rng)
            subject = replace(subject, action=action)
        settled.append(subject)
    return tuple(settled)


def _loose(reading: Reading, kind: str) -> str | None:
    """The action that is said of something unknown, if the kind has it."""
    found = [action_of(kind, item)[0] for item in reading.loose]
    return found[0] if found else None


def _camera(
    before: Said, leanings: Mapping[str, str], full: tuple[SaidSubject, ...], barred: Barred
) -> str:
    """The camera that was said, as far as the subjects can be followed or led."""
    moving = any(
        {s.action, s.then} & KINDS[s.kind or ""].travels or s.action == "chase" for s in full
    )
    if before.camera is not None:
        camera = before.camera
    elif "camera" in leanings:
        camera = leanings["camera"]
    else:
        camera = "follow" if moving else "static" if full else "forward"
    if ("camera", camera) in barred and before.camera is None:
        camera = "push in" if camera == "static" else "static"
    if camera == "follow" and not moving:
        return "static"  # to follow what stays put is to stand still
    if camera == "forward" and full and not (moving and len(full) == 1 and full[0].then is None):
        return "follow" if moving else "push in"  # it would leave them behind
    return camera


def _pick(odds: Mapping[str, float], column: str, barred: Barred, rng: random.Random) -> str:
    """One draw; where that is excluded another, so that what is not stays what it was."""
    allowed = {value: odd for value, odd in odds.items() if (column, value) not in barred}
    drawn = rng.choices(list(odds), list(odds.values()))[0]
    if drawn in allowed or not allowed:
        return drawn
    return rng.choices(list(allowed), list(allowed.values()))[0]


def _first(values: Iterable[str], column: str, barred: Barred) -> str:
    """The first of the values, the most common, unless it is excluded."""
    values = list(values)
    return next((value for value in values if (column, value) not in barred), values[0])


def _kind(reading: Reading, rng: random.Random) -> str:
    """A kind that belongs to the place, and can do what was said of something unknown."""
    place, barred = reading.shown.place, reading.excluded
    homely = [kind for kind in KINDS if place is None or place in _homes(kind)]
    if reading.leanings and place is None and not reading.loose:
        homely = ["woman", "man", "child"]  # a mood is somebody's
    able = [kind for kind in homely if _does(reading, kind)] or [
        kind for kind in KINDS if _does(reading, kind)
    ]
    free = [kind for kind in able or homely if ("kind", kind) not in barred]
    return _pick(dict.fromkeys(free or KINDS, 1.0), "kind", barred, rng)


def _does(reading: Reading, kind: str) -> bool:
    return all(action_of(kind, item)[1] or _is_near(kind, item) for item in reading.loose[:1])


def _is_near(kind: str, item: Item) -> bool:
    wanted = next(m.value for m in item.meanings if m.column == "action")
    return wanted in KINDS[kind].actions


def _homes(kind: str) -> tuple[str, ...]:
    return KINDS[kind].homes or SETTINGS[KINDS[kind].setting]


def _place(
    kind: str | None,
    before: Said,
    leanings: Mapping[str, str],
    barred: Barred,
    rng: random.Random,
) -> str:
    """A place where the kind is at home and where the season and weather that were said show."""
    places = list(_homes(kind)) if kind else list(PLACES)
    if before.season is not None or "season" in leanings:
        places = [p for p in places if p in SEASONAL] or sorted(SEASONAL)
    if before.weather is not None or "weather" in leanings:
        places = [p for p in places if p not in SHELTERED] or ["park", "street"]
    if before.time is not None or "time" in leanings:
        places = [p for p in places if p not in TIMELESS] or places
    places = [p for p in places if ("place", p) not in barred]
    places = places or [p for p in PLACES if p not in SHELTERED]
    return _pick(dict.fromkeys(places, 1.0), "place", barred, rng)


def _full_subject(
    subject: SaidSubject, implied: str | None, barred: Barred, rng: random.Random, partner: bool
) -> SaidSubject:
    """The subject with a colour and an action; the partner of a pair has no action of its own."""
    words = KINDS[subject.kind or ""]
    natural = (implied,) if implied else words.natural_colours
    free = [c for c in natural if ("colour", c) not in barred]
    free = free or [c for c in COLOURS if ("colour", c) not in barred] or list(COLOURS)
    colour = rng.choice(natural)
    colour = colour if colour in free else rng.choice(free)
    odds = {
        action: 1.0
        if action in words.travels
        else 0.6
        if action not in ("stand", "sit", "sleep")
        else STILL_ODDS
        for action in words.actions
    }
    action = _pick(odds, "action", barred, rng)
    return replace(
        subject,
        colour=subject.colour or colour,
        action=None if partner else subject.action or action,
        worn=tuple(
            (garment, shade or rng.choice(list(COLOURS))) for garment, shade in subject.worn
        ),
    )
