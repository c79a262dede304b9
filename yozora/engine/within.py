"""A thing laid into a part of a picture: its shape is made as a film of its own, then brought to
the size and place of that part; around the shape all is kept (ADR 25)."""

# F latent frames, O outline values a cell, H, W cells, Y, X parts of cells, FINE a side of each

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from yozora.engine.canvas import Canvas, Floats, Within
from yozora.model.grid import FINE
from yozora.model.outlines import grown, values_of

FILLED = 0.95  # of the part's width or height, whichever a shape meets first
THERE = 0.5  # share of a part of a cell from which a shape, or room for it, is there
TOUCHED = 0.02  # of a cell: what a shape covers less of is kept
AROUND = 1  # cells around a shape that are reworked with it: its edge, its shadow
EDGED = 0.4  # level of these: they stay in the light of what is around them

Shapes = Callable[[Canvas], Floats]  # shares (F, Y, X) that the subjects of a film of words cover


@dataclass(frozen=True, slots=True)
class Laid:
    """Where things lie in a canvas: shares of each part of a cell."""

    canvas: Canvas  # with their captions where they are made, and all around them kept
    cover_FYX: Floats

    @property
    def are_not_all(self) -> bool:
        """Whether more is made than what is laid in."""
        level_FN = self.canvas.level.reshape(len(self.cover_FYX), -1)
        return bool((level_FN.max(1) > 0.0)[~_frames(self.canvas.within)].any())

    def among(self, known_FOHW: Floats) -> Floats:
        """Outlines (F, O, H, W): the things' where they are made, `known_FOHW` elsewhere."""
        own = values_of(np.stack([self.cover_FYX] * 2, 1)).astype(np.float32)
        level = self.canvas.level
        cells = level if level.ndim == 3 else level[:, None, None]
        laid_F = _frames(self.canvas.within)
        made = (cells > 0.0) & laid_F[:, None, None]
        return np.where(made[:, None], own, known_FOHW).astype(np.float32)


def laid(canvas: Canvas, within: Within, shapes: Shapes) -> Laid:
    """What is laid into a canvas, its shape made by `shapes` and brought to its place."""
    rows, columns = canvas.content_FCHW.shape[2:]
    cover = np.zeros_like(within.share_FYX)
    first = 0
    for words, run in groupby(within.caption_F):
        last = first + len(list(run))
        if words:
            room = within.share_FYX[first:last]
            alone = shapes(_alone(canvas, words, first, last))
            cover[first:last] = placed(alone, room)
        first = last
    laid_F = _frames(within)
    level = np.broadcast_to(
        canvas.level if canvas.level.ndim == 3 else canvas.level[:, None, None],
        (len(laid_F), rows, columns),
    )
    own = (_in_cells(within.share_FYX) > 0.0) & laid_F[:, None, None]
    touched = _in_cells(cover) > TOUCHED
    most = np.where(grown(touched, AROUND), np.where(touched, 1.0, EDGED), 0.0)
    captions = zip(within.caption_F, canvas.caption_F, strict=True)
    return Laid(
        replace(
            canvas,
            level=np.where(own, np.minimum(level, most), level).astype(np.float32),
            caption_F=tuple(own or other for own, other in captions),
        ),
        cover,
    )


def _alone(canvas: Canvas, words: str, first: int, last: int) -> Canvas:
    """A film of nothing but words, as long as a stretch of a canvas."""
    return Canvas(
        np.zeros_like(canvas.content_FCHW[first:last]),
        np.ones(last - first, np.float32),
        (words,) * (last - first),
        canvas.fps,
        canvas.seed,
        begin=canvas.begin + first,
    )


def placed(shape_FYX: Floats, room_FYX: Floats) -> Floats:
    """Shapes brought into the room that there is: as large as fits, each in the middle of its
    frame's room, of one scale where that is of one size. All of the room where there is no shape.
    """
    found = [_bounds(frame) for frame in shape_FYX]
    known = [f for f, one in enumerate(found) if one is not None]
    if not known:
        return room_FYX.copy()
    sides = np.array([found[f] for f in known], np.float64)
    wide, high = np.median(sides[:, 2] - sides[:, 0]), np.median(sides[:, 3] - sides[:, 1])
    out = np.zeros_like(room_FYX)
    for f, room in enumerate(room_FYX):
        into = _bounds(room)
        if into is None:
            continue
        whence = min(known, key=lambda one: abs(one - f))
        own = found[whence]
        assert own is not None
        scale = FILLED * min((into[2] - into[0]) / wide, (into[3] - into[1]) / high)
        left, top = (
            (own[i] + own[i + 2]) / 2 - (into[i] + into[i + 2]) / 2 / scale for i in (0, 1)
        )
        moved = Image.fromarray(shape_FYX[whence], mode="F").transform(
            (room.shape[1], room.shape[0]),
            Image.Transform.AFFINE,
            (1 / scale, 0.0, left, 0.0, 1 / scale, top),
            Image.Resampling.BILINEAR,
            fillcolor=0.0,
        )
        out[f] = np.asarray(moved, np.float32).clip(0.0, 1.0) * room
    return out


def _bounds(share_YX: Floats) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what is there; None where nothing is."""
    is_there = share_YX > THERE
    across, down = np.flatnonzero(is_there.any(0)), np.flatnonzero(is_there.any(1))
    if not len(across):
        return None
    return int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1


def _frames(within: Within | None) -> NDArray[np.bool_]:
    assert within is not None
    return np.array([bool(words) for words in within.caption_F])


def _in_cells(share_FYX: Floats) -> Floats:
    f, y, x = share_FYX.shape
    return share_FYX.reshape(f, y // FINE, FINE, x // FINE, FINE).mean((2, 4))
