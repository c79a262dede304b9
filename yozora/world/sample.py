"""Draws scenes: the distribution that the model is trained on and judged by.

Attributes are independent and uniform, with these exceptions: the action is one of the kind's own;
season, count, style and facing have the weights below; a season that does not show is summer and
weather indoors is clear, so that a scene holds nothing unseen; a camera follows only what travels;
and pairs held out by `split.py` never occur in training.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from yozora.world import split
from yozora.world.phrases import KINDS, SEASONAL
from yozora.world.scene import (
    CAMERAS,
    COLOURS,
    INDOORS,
    PLACES,
    RELATIONS,
    SEASONS,
    TIMES,
    WEATHERS,
    Scene,
    Subject,
)

T = TypeVar("T")

SEASON_WEIGHTS = {season: 0.4 if season == "summer" else 0.2 for season in SEASONS}
COUNT_WEIGHTS = {1: 0.80, 2: 0.12, 3: 0.08}  # of a lone kind; two kinds are one each
STYLE_WEIGHTS = {"natural": 0.6, "cartoon": 0.2, "noir": 0.2}
SECOND_SHARE = 0.18  # scenes with a second kind
THEN_SHARE = 0.15  # scenes whose first subject changes its action half way
SIDE_SHARE = 0.60  # seen from the side; the others come towards the camera at an angle
SIDE_SPREAD_DEG = 25.0
FRONT_DEG = (225.0, 315.0)


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


def sample_facing(rng: random.Random) -> float:
    """Degrees as in `Scene.facing`: from the side or obliquely to the viewer, never from behind."""
    if rng.random() < SIDE_SHARE:
        side = rng.choice((0.0, 180.0)) + rng.uniform(-SIDE_SPREAD_DEG, SIDE_SPREAD_DEG)
        return round(side * 2.0) / 2.0 % 360.0  # half degrees: a mirrored angle is exact
    return round(rng.uniform(*FRONT_DEG) * 2.0) / 2.0


def travels(subject: Subject) -> bool:
    """Whether the subject crosses the ground at some time of the clip."""
    moving = KINDS[subject.kind].travels
    return subject.action in moving or subject.then in moving


def camera_choices(subjects: tuple[Subject, ...]) -> tuple[str, ...]:
    """The cameras that such a scene can have: to follow what stays put is to stand still."""
    moving = any(travels(subject) for subject in subjects)
    return tuple(camera for camera in CAMERAS if moving or camera != "follow")


def _weighted(rng: random.Random, weights: Mapping[T, float]) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]


def _subject(rng: random.Random, kind: str) -> Subject:
    return Subject(
        kind=kind,
        colour=rng.choice(list(COLOURS)),
        action=rng.choice(list(KINDS[kind].actions)),
        look=rng.getrandbits(31),
    )


def _draw(rng: random.Random, length_s: float) -> Scene:
    first = _subject(rng, rng.choice(list(KINDS)))
    if rng.random() < THEN_SHARE:
        others = [action for action in KINDS[first.kind].actions if action != first.action]
        first = replace(first, then=rng.choice(others))
    relation = None
    subjects: tuple[Subject, ...]
    if rng.random() < SECOND_SHARE:
        relation = rng.choice(list(RELATIONS))
        other = rng.choice([kind for kind in KINDS if kind != first.kind])
        subjects = (first, _subject(rng, other))
    else:
        subjects = (replace(first, count=_weighted(rng, COUNT_WEIGHTS)),)
    place = rng.choice(list(PLACES))
    return Scene(
        subjects=subjects,
        place=place,
        time=rng.choice(list(TIMES)),
        weather="clear" if place in INDOORS else rng.choice(list(WEATHERS)),
        style=_weighted(rng, STYLE_WEIGHTS),
        camera=rng.choice(camera_choices(subjects)),
        season=_weighted(rng, SEASON_WEIGHTS) if place in SEASONAL else "summer",
        relation=relation,
        facing=sample_facing(rng),
        length_s=length_s,
        seed=rng.getrandbits(31),
    )
