"""What a render tells while it goes on, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.recipe import Recipe

if TYPE_CHECKING:
    from yozora.engine.protocol import Frames
    from yozora.prompts.recaption import Recaption


@dataclass(frozen=True, slots=True)
class Recaptioned:
    """The words that the model gets, before any sampling."""

    recaption: Recaption


@dataclass(frozen=True, slots=True)
class Noted:
    """Something worth a line: what was snapped, what differs from the recipe."""

    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One network evaluation is done."""

    film: int  # 0, 1, ... of `films`
    films: int
    done: int
    of: int
    preview: Callable[[], Frames]  # a small picture of each latent frame; free until called


@dataclass(frozen=True, slots=True)
class Stored:
    """A film is on disk."""

    result: Result


Event = Recaptioned | Noted | Step | Stored
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One film on disk."""

    path: Path
    latents: Path
    recipe: Recipe
    frames: int
    width: int
    height: int
    fps: float
    wall_s: float  # from request to file
