"""What a kind of subject is: its words, its shape and its motion, in one frozen value.

A file of this folder that defines `ASSET` (or `ASSETS`, a tuple) adds kinds to the world; nothing
else has to change. Every asset faces +x, stands on y = 0 and is measured in metres.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yozora.world.mesh import RGB, Mesh
from yozora.world.scene import COLOURS


@dataclass(frozen=True, slots=True)
class Look:
    """Which individual of a kind it is; everything else about it is drawn from the seed."""

    seed: int
    colour: str  # a key of COLOURS
    worn: tuple[tuple[str, str], ...] = ()  # (garment, colour) beside what `colour` is said of

    @property
    def rgb(self) -> RGB:
        return COLOURS[self.colour]

    def draw(self, topic: str) -> random.Random:
        """A source of chance of this individual's own; topics do not disturb each other."""
        return random.Random(f"{topic}:{self.seed}")


@dataclass(frozen=True, slots=True)
class Pose:
    """Where each bone's part of the mesh is at one moment."""

    bones_B44: NDArray[np.float32]  # from rest to the subject's own frame; column vectors


@dataclass(frozen=True, slots=True)
class Asset:
    """A kind of subject. `build` and `pose` are pure functions."""

    kind: str  # "dog"
    plural: str  # "dogs"
    synonyms: tuple[str, ...]  # plain English that means it: "puppy", "hound"
    actions: dict[str, tuple[str, str]]  # "run": ("runs", "running"); the first is the calmest
    action_synonyms: dict[str, tuple[str, ...]]  # "run": ("gallops", "sprints", "races")
    natural_colours: tuple[str, ...]  # what it has when nobody says a colour
    wears: str | None  # "coat": "a man in a red coat"; None: "a red car"
    height_m: float  # of the resting mesh, for framing
    length_m: float  # along x
    setting: str  # where it belongs: "ground" | "water" | "air"
    build: Callable[[Look], Mesh]  # at rest, bones 0..B-1, bone 0 carries the whole
    pose: Callable[[str, float, Look], Pose]  # (action, seconds since it began, look)
    stride_m_s: dict[str, float]  # speed along +x by action; 0 stays in place
    near: str = ""  # the kind that weights without this one know and that is most like it
    homes: tuple[str, ...] = ()  # places where it belongs; half of its scenes are there
    shown_deg: float | None = None  # the facing that shows it best; a scene's turns it but a little
    vast: float = 1.0  # alone under the sky, how many times smaller all around it is drawn


@lru_cache(maxsize=4096)
def phase_of(seed: int) -> float:
    """Where in its cycle an individual starts, 0..1: two dogs side by side are not in step."""
    return random.Random(f"phase:{seed}").random()


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """From colour a (share 0) to colour b (share 1)."""
    x, y, z = (p + (q - p) * share for p, q in zip(a, b, strict=True))
    return (x, y, z)


def shade(colour: RGB, factor: float) -> RGB:
    """The colour darker (factor < 1) or brighter, within 0..1."""
    x, y, z = (min(1.0, max(0.0, c * factor)) for c in colour)
    return (x, y, z)


def contrast(colour: RGB, dark: RGB = (0.05, 0.04, 0.04), light: RGB = (0.92, 0.9, 0.85)) -> RGB:
    """Whichever of the two is seen better on the colour."""
    return dark if 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2] > 0.25 else light
