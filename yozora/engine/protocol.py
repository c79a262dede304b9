"""What an engine is to the rest of the house: the same verbs for our model and for open weights."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Beside, Canvas, Floats
from yozora.engine.steering import OnStep, Steered
from yozora.model.grid import Grid

Frames = NDArray[np.uint8]  # (T, H, W, 3)
Indices = NDArray[np.int64]


class Cancelled(Exception):
    """The caller asked to stop; nothing was written."""


class Engine(Protocol):
    """Noise to video."""

    @property
    def name(self) -> str: ...
    @property
    def grid(self) -> Grid: ...
    @property
    def weights_sha256(self) -> str: ...
    @property
    def latents_id(self) -> str:
        """What tells latents that it can read from those of other weights."""
        ...

    @property
    def words(self) -> Collection[str]:
        """Those of captions that the weights know."""
        ...

    @property
    def reference_px(self) -> int:
        """Side of the square pictures that it takes as references; 0: it takes none."""
        ...

    def generate(
        self,
        canvas: Canvas,
        *,
        steps: int | None,
        quality: str,
        negative: str,
        on_step: OnStep,
        cancelled: Callable[[], bool],
        steered: Steered = ...,
    ) -> Floats:
        """Latents (F, C, H, W), rounded to float16; raises `Cancelled` within a step, and turns to
        what `steered` asks for."""
        ...

    def encode(self, frames: Frames) -> Floats:
        """Frames whose count is a multiple of k, on the grid's size, to normalised latents."""
        ...

    def decode(
        self, latents_FCHW: Floats, closed: bool = False, beside: Beside | None = None
    ) -> Frames:
        """Latents to frames (F * k, H, W, 3). `beside`: what each sees before and after it; as they
        lie, unless told."""
        ...

    def find(self, latents_FCHW: Floats, words: str) -> Floats:
        """How much of what a caption names is in each part of each cell, 0..1:
        (F, FINE * H, FINE * W)."""
        ...

    def tell(self, latents_FCHW: Floats, cancelled: Callable[[], bool] = lambda: False) -> str:
        """A caption of what latents show, as far as the weights can tell; raises `Cancelled`."""
        ...

    def preview(self, latents_FCHW: Floats) -> Frames:
        """A small picture of each latent frame (F, rows, columns, 3): a linear map, no network."""
        ...
