"""Draws scenes: the distribution that the model is trained on and judged by.

Attributes are independent and uniform, with these exceptions: the action is one of the kind's own;
season, count, style, facing and kind have the weights below; half of the scenes of a kind are in
places where it belongs; a season or an hour that does not show is summer or day, and weather where
none reaches is clear, so that a scene holds nothing unseen; a camera follows, or goes forward with,
only what travels (the latter twice as often, for it seldom can); and pairs held out by `split.py`
never occur in training.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from yozora.world import split
from yozora.world.pairs import PAIRS, possible
from yozora.world.phrases import KINDS, SEASONAL
from yozora.world.scene import (
    ACROSS,
    CAMERAS,
    COLOURS,
    PLACES,
    RELATIONS,
    SEASONS,
    SHELTERED,
    TIMELESS,
    TIMES,
    WEATHERS,
    Scene,
    Subject,
)

T = TypeVar("T")

SEASON_WEIGHTS = {season: 0.4 if season == "summer" else 0.2 for season in SEASONS}
COUNT_WEIGHTS = {1: 0.80, 2: 0.12, 3: 0.08}  # of a lone kind; several kinds are one each
STYLE_WEIGHTS = {
    "natural": 0.52, "3d animation": 0.06, "cartoon": 0.06, "noir": 0.06, "watercolour": 0.06,
    "pixel art": 0.06, "papercraft": 0.06, "clay": 0.06, "line drawing": 0.06,
}  # fmt: skip
ASKED_FOR = ("woman", "man", "child", "dog", "cat", "car")  # drawn twice as often as others
NOBODY_SHARE = 0.05  # scenes of a place alone
PAIR_SHARE = 0.07  # of two who do something with each other
SECOND_SHARE = 0.20  # with a second kind
THIRD_SHARE = 0.04  # with a third one too
THEN_SHARE = 0.15  # scenes whose first subject changes its action half way
WORN_SHARE = 0.40  # of lone people: with garments of their own colours
HOME_SHARE = 0.50  # in a place where the first kind belongs
SIDE_SHARE = 0.60  # seen from the side; the others come towards the camera at an angle
SIDE_SPREAD_DEG = 25.0
FRONT_DEG = (225.0, 315.0)
AHEAD_DEG = (52.0, 76.0)  # from the viewer's right: who goes forward is seen half from behind


def sample_scene(
    rng: random.Random, *, length_s: float = 4.0, held_out: bool | None = False
) -> Scene:
    """One scene, drawn with `rng` alone: the same state gives the same scene.

    `held_out=False` draws for training, where no held-out pair occurs; True draws for evaluation,
    where every scene has at least one; None for both, as they come.
    """
    while True:
        scene = _draw(rng, length_s)
        if held_out is None or split.held_out(scene) == held_out:
            return scene


def sample_facing(rng: random.Random, camera: str = "static", pair: bool = False) -> float:
    """Degrees as in `Scene.facing`: from the side or obliquely to the viewer; before a camera that
    goes forward, obliquely away from it; of a pair always from the side."""
    if camera == "forward":
        ahead = rng.uniform(*AHEAD_DEG)
        return round((ahead if rng.random() < 0.5 else 180.0 - ahead) * 2.0) / 2.0
    if pair or rng.random() < SIDE_SHARE:
        spread = SIDE_SPREAD_DEG * (0.6 if pair else 1.0)
        side = rng.choice((0.0, 180.0)) + rng.uniform(-spread, spread)
        return round(side * 2.0) / 2.0 % 360.0  # half degrees: a mirrored angle is exact
    front = round(rng.uniform(*FRONT_DEG) * 2.0) / 2.0
    return 270.5 if front == 270.0 else front  # a mirrored scene faces another way


def travels(subject: Subject) -> bool:
    """Whether the subject crosses the ground at some time of the clip."""
    moving = KINDS[subject.kind].travels
    return subject.action in (*moving, "chase", "flee") or subject.then in moving


def camera_choices(subjects: tuple[Subject, ...]) -> tuple[str, ...]:
    """The cameras that such a scene can have: to follow what stays put is to stand still, and to
    go forward leaves it behind. Alone, a place is crossed by one that goes forward."""
    moving = any(travels(subject) for subject in subjects)
    ahead = not subjects or (len(subjects) == 1 and moving and subjects[0].then is None)
    barred = {"follow": not moving, "forward": not ahead}
    return tuple(camera for camera in CAMERAS if not barred.get(camera, False))


def _weighted(rng: random.Random, weights: Mapping[T, float]) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]


def _kind(rng: random.Random, but: tuple[str, ...] = ()) -> str:
    return _weighted(rng, {k: 2.0 if k in ASKED_FOR else 1.0 for k in KINDS if k not in but})


def _subject(rng: random.Random, kind: str) -> Subject:
    return Subject(
        kind=kind,
        colour=rng.choice(list(COLOURS)),
        action=rng.choice(list(KINDS[kind].actions)),
        look=rng.getrandbits(31),
    )


def _worn(rng: random.Random, kind: str) -> tuple[tuple[str, str], ...]:
    """One garment or two, each in a colour of its own."""
    there = KINDS[kind].garments
    garments = rng.sample(there, rng.choice((1, 1, 2))) if there else []
    return tuple((garment, rng.choice(list(COLOURS))) for garment in sorted(garments))


def _subjects(rng: random.Random) -> tuple[tuple[Subject, ...], str | None]:
    """Who is there, and the relation between them."""
    share = rng.random()
    if share < NOBODY_SHARE:
        return (), None
    if (share := share - NOBODY_SHARE) < PAIR_SHARE:
        return _pair(rng), None
    first = _subject(rng, _kind(rng))
    if rng.random() < THEN_SHARE:
        others = [action for action in KINDS[first.kind].actions if action != first.action]
        first = replace(first, then=rng.choice(others))
    if (share := share - PAIR_SHARE) < SECOND_SHARE:
        other = _subject(rng, _kind(rng, (first.kind,)))
        return (first, other), rng.choice(list(RELATIONS))
    if share < SECOND_SHARE + THIRD_SHARE:
        other = _subject(rng, _kind(rng, (first.kind,)))
        third = _subject(rng, _kind(rng, (first.kind, other.kind)))
        return (replace(first, then=None), other, third), rng.choice(ACROSS)
    count = _weighted(rng, COUNT_WEIGHTS)
    worn = _worn(rng, first.kind) if count == 1 and rng.random() < WORN_SHARE else ()
    return (replace(first, count=count, worn=worn),), None


@functools.cache
def _able(name: str) -> dict[tuple[str, str], float]:
    """The kinds that can do something with each other, and how often they are drawn."""
    return {
        (a, b): float((1 + (a in ASKED_FOR)) * (1 + (b in ASKED_FOR)))
        for a in KINDS
        for b in KINDS
        if possible(name, KINDS[a].poses, KINDS[b].poses)
    }


def _pair(rng: random.Random) -> tuple[Subject, Subject]:
    """Two who do something with each other."""
    name = rng.choice([name for name in PAIRS if _able(name)])
    first, second = _weighted(rng, _able(name))
    one, other = _subject(rng, first), _subject(rng, second)
    return replace(one, action=name), replace(other, action=PAIRS[name].partner)


def _place(rng: random.Random, subjects: tuple[Subject, ...]) -> str:
    homes = KINDS[subjects[0].kind].homes if subjects else ()
    return rng.choice(homes if homes and rng.random() < HOME_SHARE else list(PLACES))


def _draw(rng: random.Random, length_s: float) -> Scene:
    subjects, relation = _subjects(rng)
    place = _place(rng, subjects)
    cameras = camera_choices(subjects)
    camera = _weighted(rng, {name: 2.0 if name == "forward" else 1.0 for name in cameras})
    pair = len(subjects) == 2 and subjects[0].action in PAIRS
    return Scene(
        subjects=subjects,
        place=place,
        time="day" if place in TIMELESS else rng.choice(list(TIMES)),
        weather="clear" if place in SHELTERED else rng.choice(list(WEATHERS)),
        style=_weighted(rng, STYLE_WEIGHTS),
        camera=camera,
        season=_weighted(rng, SEASON_WEIGHTS) if place in SEASONAL else "summer",
        relation=relation,
        facing=sample_facing(rng, camera, pair),
        length_s=length_s,
        seed=rng.getrandbits(31),
    )
