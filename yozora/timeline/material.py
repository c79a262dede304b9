"""What a timeline draws on, opened: pictures in their own size and rate, and latents if known."""

# F latent frames, H rows, W columns

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from yozora.engine.canvas import Beside, Floats
from yozora.media.images import fit
from yozora.timeline.document import (
    TICKS_PER_S,
    Clip,
    Content,
    Mix,
    Source,
    Still,
    Timeline,
    box_at,
    is_kept,
    value_at,
)
from yozora.timeline.errors import TimelineError

Picture = NDArray[np.uint8]  # (H, W, 3)


class Asset(Protocol):
    """A film or an image. An image has one frame."""

    @property
    def name(self) -> str:
        """What a person calls it, for sentences."""
        ...

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def fps(self) -> Fraction: ...
    @property
    def count(self) -> int:
        """Its frames."""
        ...

    @property
    def latents_FCHW(self) -> Floats | None:
        """Normalised latents from its first frame on, where the engine that renders made it."""
        ...

    @property
    def lead(self) -> Fraction:
        """Pixel frames at the engine's rate by which its latents begin before its first frame."""
        ...

    @property
    def copied_F(self) -> NDArray[np.bool_] | None:
        """Of which latent frames the pictures are copies, not decoded; None: of none."""
        ...

    @property
    def beside(self) -> Beside | None:
        """What each latent frame sees beside it when it is decoded; None: as they lie."""
        ...

    def frame(self, index: int) -> Picture:
        """One of its frames; the nearest where there is none."""
        ...


def beside_of(asset: Asset) -> Beside:
    """What each of an asset's latent frames sees beside it."""
    assert asset.latents_FCHW is not None
    return asset.beside or Beside.plain(len(asset.latents_FCHW), asset.latents_FCHW)


@dataclass(frozen=True, slots=True)
class Sampled:
    """A film that exists as latents alone: what was just made, before it is a file."""

    latents_FCHW: Floats
    fps: Fraction  # of the engine's grid
    frames_per_latent: int
    name: str = "film"
    width: int = 0
    height: int = 0
    lead: Fraction = Fraction(0)
    copied_F: NDArray[np.bool_] | None = None
    beside: Beside | None = None

    @property
    def count(self) -> int:
        return len(self.latents_FCHW) * self.frames_per_latent

    def frame(self, index: int) -> Picture:
        raise AssertionError("its latents are used as they are")


@dataclass(frozen=True, slots=True)
class Material:
    """All that a timeline names, and what an engine does with pictures."""

    assets: Mapping[str, Asset]
    encode: Callable[[NDArray[np.uint8]], Floats]  # (T, H, W, 3) -> (F, C, H, W)
    # (latents, words) -> how much of what the words name is in each part of a cell,
    # (F, FINE * H, FINE * W), 0..1
    find: Callable[[Floats, str], Floats]
    references: Mapping[str, Floats]  # latents of a still (C, H, W)

    def asset(self, name: str, place: str) -> Asset:
        """Raises TimelineError for one that nobody gave."""
        if name not in self.assets:
            raise TimelineError(place, f"nobody knows the asset {name!r}", "give its file")
        return self.assets[name]


def no_encoder(frames: NDArray[np.uint8]) -> Floats:
    raise AssertionError("nothing is to be encoded where nothing is given")


def nowhere(latents_FCHW: Floats, words: str) -> Floats:
    raise AssertionError("nothing is to be found where nothing is given")


NOTHING = Material({}, no_encoder, nowhere, {})  # for timelines that are invented whole


@dataclass(frozen=True, slots=True)
class Shown(Sequence[Picture]):
    """The frames of a clip, one after another, none of them held."""

    asset: Asset
    first: int
    frames: int

    def __len__(self) -> int:
        return self.frames

    def __getitem__(self, index: int) -> Picture:  # type: ignore[override]
        return self.asset.frame(self.first + index)


def shown_whole(timeline: Timeline, material: Material) -> Shown | None:
    """The frames of a timeline that is one clip as it was, at its own speed; None for another."""
    if len(timeline.spans) != 1 or not is_kept(timeline.spans[0]) or timeline.closed:
        return None
    clip = timeline.spans[0].content
    if not isinstance(clip, Clip) or clip.stop - clip.start != timeline.ticks:
        return None
    asset = material.asset(clip.asset, "content")
    first = frame_at(clip.start, asset)
    return Shown(asset, first, max(1, frame_at(clip.stop, asset) - first))


def frame_index(source: Source, asset: Asset, into: Fraction) -> int:
    """Which frame of an asset is shown at `into` 0..1 of its span."""
    match source:
        case Still(_, at, _):
            return frame_at(at or 0, asset)
        case Clip(_, start, stop, _):
            first = round(start * asset.fps / TICKS_PER_S)
            return first + int(into * (stop - start) * asset.fps / TICKS_PER_S)


def frame_at(ticks: int, asset: Asset) -> int:
    """The frame that begins nearest to a moment of an asset."""
    return round(ticks * asset.fps / TICKS_PER_S)


def picture(
    content: Content, into: Fraction, material: Material, width: int, height: int
) -> Picture:
    """What a span's content shows at `into` 0..1 of it, on a frame of (height, width).

    What it leaves free of the frame is the nearest of its pixels.
    """
    if isinstance(content, Mix):
        share = value_at(content.curve, float(into))
        if share in (0.0, 1.0):
            alone = content.second if share else content.first
            return picture(alone, into, material, width, height)
        one = picture(content.first, into, material, width, height)
        other = picture(content.second, into, material, width, height)
        mixed = (1.0 - share) * one.astype(np.float32) + share * other
        return np.asarray(mixed.round(), np.uint8)
    asset = material.asset(content.asset, "content")
    shown = asset.frame(frame_index(content, asset, into))
    if not content.place:
        return np.asarray(fit(shown[None], width, height)[0], np.uint8)
    return placed(shown, covered(content, into, width, height), width, height)


Pixels = tuple[int, int, int, int]  # left, top, right, bottom


def covered(source: Source, into: Fraction, width: int, height: int) -> Pixels:
    """The pixels of a frame that a source covers; it may reach beyond the frame."""
    if not source.place:
        return 0, 0, width, height
    box = box_at(source.place, float(into))
    left, top = round(box.x * width), round(box.y * height)
    wide, high = max(1, round(box.width * width)), max(1, round(box.height * height))
    return left, top, left + wide, top + high


def placed(shown: Picture, where: Pixels, width: int, height: int) -> Picture:
    """A picture scaled into `where` of a frame; around it the nearest of its pixels."""
    left, top, right, bottom = where
    inner = (max(left, 0), max(top, 0), min(right, width), min(bottom, height))
    if inner[0] >= inner[2] or inner[1] >= inner[3]:  # out of sight
        return np.full((height, width, 3), shown.mean((0, 1)).round(), np.uint8)
    rows, cols = shown.shape[:2]
    per_x, per_y = cols / (right - left), rows / (bottom - top)
    cut = (
        (inner[0] - left) * per_x,
        (inner[1] - top) * per_y,
        min((inner[2] - left) * per_x, cols),
        min((inner[3] - top) * per_y, rows),
    )
    size = inner[2] - inner[0], inner[3] - inner[1]
    whole = cut == (0, 0, cols, rows) and size == (cols, rows)
    image = Image.fromarray(shown)
    part = shown if whole else np.asarray(image.resize(size, Image.Resampling.LANCZOS, box=cut))
    around = (inner[1], height - inner[3]), (inner[0], width - inner[2]), (0, 0)
    return np.asarray(np.pad(part, around, mode="edge"), np.uint8)
