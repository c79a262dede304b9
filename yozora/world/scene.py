"""What a scene is: frozen data that says everything a renderer or a caption needs.

A scene is drawn by `sample.py`, told in words by `captions.py` and shown by `renderer.py`.
The vocabulary of every attribute lives here; subjects' own words live in `assets/`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from yozora.world.pairs import PAIRS, Pair

# Each table: the value as data -> the words that a caption uses for it.
COLOURS: dict[str, tuple[float, float, float]] = {  # linear-ish RGB in 0..1, as seen at noon
    "red": (0.80, 0.07, 0.06),
    "orange": (0.95, 0.42, 0.04),
    "yellow": (0.96, 0.84, 0.08),
    "green": (0.10, 0.55, 0.14),
    "cyan": (0.10, 0.75, 0.80),
    "blue": (0.08, 0.20, 0.80),
    "purple": (0.42, 0.12, 0.66),
    "pink": (0.97, 0.48, 0.68),
    "brown": (0.36, 0.19, 0.08),
    "black": (0.035, 0.035, 0.04),
    "white": (0.95, 0.95, 0.93),
    "grey": (0.45, 0.46, 0.48),
    "gold": (0.83, 0.60, 0.14),
    "silver": (0.74, 0.77, 0.82),
    "beige": (0.84, 0.73, 0.55),
    "lime": (0.62, 0.90, 0.12),
}
METALS = frozenset({"gold", "silver"})  # they shine

PLACES: dict[str, str] = {
    "park": "in a park",
    "street": "on a city street with neon signs",
    "desert": "in a desert",
    "beach": "on a beach",
    "snow field": "in a snow field",
    "forest": "in a forest",
    "library": "in a library",
    "spaceship": "inside a spaceship",
    "castle": "at a castle",
    "road": "on a road through a city",
    "future city": "in a city of the future",
    "building": "inside a new building",
    "studio": "on a pedestal in a studio",
    "space": "in outer space",
    "sea bed": "under water",
    "mountains": "in the mountains",
    "farm": "on a farm",
    "living room": "in a living room",
    "classroom": "in a classroom",
    "market": "at a market",
}
INDOORS = frozenset({"library", "spaceship", "building", "studio", "living room", "classroom"})
SHELTERED = INDOORS | {"space", "sea bed"}  # no weather reaches them
TIMELESS = frozenset({"spaceship", "studio", "space"})  # no hour shows there

TIMES: dict[str, str] = {
    "dawn": "at dawn",
    "day": "by day",
    "sunset": "at sunset",
    "night": "at night",
}
SEASONS: dict[str, str] = {
    "spring": "in spring",
    "summer": "in summer",
    "autumn": "in autumn",
    "winter": "in winter",
}
WEATHERS: dict[str, str] = {
    "clear": "clear weather",
    "cloudy": "cloudy sky",
    "rain": "rain",
    "snow": "falling snow",
    "fog": "fog",
}
STYLES: dict[str, str] = {
    "natural": "natural style",
    "cartoon": "cartoon style",
    "noir": "film noir style",
    "3d animation": "3d animation style",
    "watercolour": "watercolour style",
    "pixel art": "pixel art style",
    "papercraft": "papercraft style",
    "clay": "clay stop-motion style",
    "line drawing": "line drawing style",
}
CAMERAS: dict[str, str] = {
    "static": "static camera",
    "follow": "the camera follows",
    "pan left": "the camera pans left",
    "pan right": "the camera pans right",
    "push in": "the camera pushes in",
    "pull out": "the camera pulls out",
    "orbit": "the camera orbits",
    "crane up": "the camera rises",
    "handheld": "handheld camera",
    "forward": "the camera moves forward",
}
RELATIONS: dict[str, str] = {  # of each subject to the next, as the camera sees them
    "left of": "to the left of",
    "right of": "to the right of",
    "in front of": "in front of",
    "behind": "behind",
}
ACROSS = ("left of", "right of")  # the relations of three
DEEP = ("in front of", "behind")
MIRROR = {
    "pan left": "pan right",
    "pan right": "pan left",
    "left of": "right of",
    "right of": "left of",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of thing in a scene; `count` alike instances of it stand side by side."""

    kind: str  # an asset: "dog", "woman"
    colour: str  # a key of COLOURS: its coat, paint, clothes or petals
    action: str  # one of its asset's actions
    then: str | None = None  # a second action, from half of the clip on
    count: int = 1  # 1..3
    look: int = 0  # seed of the instance: age, skin, build, face, hair, clothes, coat, gait
    worn: tuple[tuple[str, str], ...] = ()  # (garment, colour), two at most, of a lone person


@dataclass(frozen=True, slots=True)
class Scene:
    """A clip as data. Equal scenes render to equal pixels."""

    subjects: tuple[Subject, ...]  # none; one; two or three joined by `relation`; a pair
    place: str
    time: str
    weather: str
    style: str
    camera: str
    season: str = "summer"
    relation: str | None = None  # of each subject to the next; None of a pair (`pairs.py`)
    facing: float = 0.0  # degrees about the vertical: 0 faces right, 180 left, 270 the viewer
    length_s: float = 4.0
    seed: int = 0  # layout of the place, particles, phases

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces; `from_json` gives back an equal scene."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Scene:
        raw: dict[str, Any] = json.loads(text)
        for s in raw["subjects"]:
            s["worn"] = tuple((garment, colour) for garment, colour in s.get("worn", ()))
        raw["subjects"] = tuple(Subject(**s) for s in raw["subjects"])
        return Scene(**raw)

    @property
    def pair(self) -> Pair | None:
        """What its two subjects do with each other; None where each acts for itself."""
        return PAIRS.get(self.subjects[0].action) if len(self.subjects) == 2 else None

    @property
    def then(self) -> str | None:
        """The second action of its first subject, if there is one."""
        return self.subjects[0].then if self.subjects else None

    def as_one_act(self) -> Scene:
        """The scene without a second action."""
        if self.then is None:
            return self
        first, *others = self.subjects
        return replace(self, subjects=(replace(first, then=None), *others))

    def digest(self) -> str:
        """sha256 of the canonical JSON: the scene's identity."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def mirrored(self) -> Scene:
        """The scene whose render is this one's with left and right exchanged."""
        return replace(
            self,
            camera=MIRROR.get(self.camera, self.camera),
            relation=MIRROR.get(self.relation, self.relation) if self.relation else None,
            facing=(180.0 - self.facing) % 360.0,
        )
