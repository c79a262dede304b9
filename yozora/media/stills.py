"""Pictures that stand for a film: a thumbnail, a sheet of its frames, a preview that moves."""

# T frames, H rows, W columns

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from yozora.media.film import Film, Picture
from yozora.media.images import contact_sheet, fit

THUMBNAIL_PX = 640  # the longer side, at most
TILE_PX = 192  # of a sheet: the width of one frame
COLUMNS = 10
TILES_A_SECOND, MOST_TILES = 4, 100
PREVIEW_PX = 256  # the longer side


def thumbnail(path: Path) -> bytes:
    """A WebP of the frame in a film's middle. Raises MediaError."""
    with Film(path) as film:
        picture = Image.fromarray(film.frame(film.count // 2))
    picture.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
    return _coded(picture, "WEBP", quality=82)


def moments(count: int, seconds: float) -> list[int]:
    """The frames on a sheet: `TILES_A_SECOND`, a row of them at least, evenly spread."""
    tiles = min(count, MOST_TILES, max(COLUMNS, math.ceil(seconds * TILES_A_SECOND)))
    return [count * (2 * i + 1) // (2 * tiles) for i in range(tiles)]


def spritesheet(path: Path) -> bytes:
    """A JPEG of a film's frames at `moments`, `COLUMNS` in a row, row by row, each `TILE_PX` wide.
    Raises MediaError."""
    with Film(path) as film:
        high = max(1, round(TILE_PX * film.height / film.width))
        shown = moments(film.count, film.count / float(film.fps))
        tiles = [fit(film.frame(index)[None], TILE_PX, high)[0] for index in shown]
    sheet = Image.fromarray(contact_sheet(tiles, columns=min(COLUMNS, len(tiles)), gap_px=0))
    return _coded(sheet, "JPEG", quality=80)


def moving(frames_THWC: NDArray[np.uint8] | Sequence[Picture], fps: float) -> bytes:
    """A small WebP that moves, of a few frames."""
    pictures = [Image.fromarray(frame) for frame in frames_THWC]
    scale = PREVIEW_PX / max(pictures[0].size)
    size = round(pictures[0].width * scale), round(pictures[0].height * scale)
    first, *others = (one.resize(size, Image.Resampling.BICUBIC) for one in pictures)
    lasts_ms = max(20, round(1000 / fps))
    return _coded(
        first, "WEBP", save_all=True, append_images=others, duration=lasts_ms, loop=0,
        quality=60, method=0,
    )  # fmt: skip


def _coded(picture: Image.Image, form: str, **settings: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, form, **settings)
    return target.getvalue()
