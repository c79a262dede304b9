"""What the network sees of a timeline: content, start level, caption and references per frame."""

# F latent frames, C channels, H rows of cells, W columns of cells

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture the clip should draw on, already in latents."""

    content_CHW: Floats  # normalised latents of a still
    role: str  # "character" or "style"


@dataclass(frozen=True, slots=True)
class Beside:
    """What each latent frame sees before and after it when it is decoded."""

    index_F2: NDArray[np.int64]  # itself for nothing; from F on: one of those beyond the film
    beyond_GCHW: Floats  # latent frames that are seen and not shown: what a kept one stood beside
    index_G2: NDArray[np.int64]  # what these see themselves, as far as that is known: or themselves
    shown_G: tuple[NDArray[np.uint8] | None, ...] = ()  # their pictures, where they are known

    @staticmethod
    def plain(count: int, like_FCHW: Floats, closed: bool = False) -> Beside:
        """As they lie: the next ones, and at an end itself, or in a closed film the other end."""
        index = np.arange(count)
        around = np.stack([index - 1, index + 1], 1)
        around = around % count if closed else around.clip(0, count - 1)
        return Beside(around, like_FCHW[:0], around[:0])

    @staticmethod
    def told(
        latents_FCHW: Floats,
        index_F2: NDArray[np.int64],
        beyond_GCHW: Floats | None,
        index_G2: NDArray[np.int64] | None,
    ) -> Beside:
        """As it was kept, with what was left out as it is where nothing is known."""
        beyond = latents_FCHW[:0] if beyond_GCHW is None else beyond_GCHW
        own = np.arange(len(latents_FCHW), len(latents_FCHW) + len(beyond))
        return Beside(index_F2, beyond, np.stack([own, own], 1) if index_G2 is None else index_G2)


@dataclass(frozen=True, slots=True)
class Within:
    """Things that are laid into parts of the picture, each made under a caption of its own."""

    caption_F: tuple[str, ...]  # what is laid into each frame; "" for nothing
    share_FYX: Floats  # where it has room, 0..1 of FINE by FINE parts of each cell

    def __getitem__(self, frames: slice) -> Within:
        return Within(self.caption_F[frames], self.share_FYX[frames])


@dataclass(frozen=True, slots=True)
class Canvas:
    """A timeline on an engine's grid.

    `level` is a *start level* and nothing else: 0 keep, 1 invent, between rework. It is per latent
    frame, `[F]`, or per cell, `[F, H, W]`. Content is normalised latents, zeros where invented.
    """

    content_FCHW: Floats
    level: Floats
    caption_F: tuple[str, ...]
    fps: float  # pixel frames a second, of the engine's grid
    seed: int
    references: tuple[Reference, ...] = ()
    closed: bool = False  # the last frame runs into the first
    shows_F: tuple[str, ...] = ()  # captions of the content, "" where nobody knows; (): nowhere
    shots: tuple[int, ...] = ()  # frames that know nothing of those before them, nor these of them
    begin: int = 0  # which latent frame of its film the first one is: each has its own noise
    within: Within | None = None  # what is laid into parts of it
    turns_F: tuple[str, ...] = ()  # captions that frames turn away from without being led; "": none

    def __post_init__(self) -> None:
        frames = self.content_FCHW.shape[0]
        assert self.level.shape in ((frames,), (frames, *self.content_FCHW.shape[2:]))
        assert len(self.caption_F) == frames
        assert float(self.level.min()) >= 0.0 and float(self.level.max()) <= 1.0
        assert bool(np.isfinite(self.content_FCHW).all())
