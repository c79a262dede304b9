"""New words in the middle of a render: what is done stays, what is still noisy turns to them.

A frame that is still noisy goes on from what it would become, noised again as far as the change
takes, with the same noise and the same shapes. What it would become is too blurred to be led from
one caption to another as a remix is: that turned a yellow car orange, and a dog purple.
"""

# F latent frames, O outline values a cell, C channels, H, W cells

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Canvas, Floats
from yozora.model.outlines import in_cells, in_planes

TURNED = 0.98  # noise from which new words are heard whole; at 0.95 a blue car has yellow doors
REDRAWN = 0.9  # noise on the shapes that go on


@dataclass(frozen=True, slots=True)
class Steer:
    """What is asked for of the frames from `first` on that are not done."""

    change: Callable[[str], str] = lambda caption: caption  # from an old caption to the new one
    place: tuple[float, float] | None = None  # of the first subject's middle, in shares
    first: int = 0  # latent frame
    heard: Callable[[int], None] = lambda first: None  # the first latent frame that it reached


OnStep = Callable[[int, int, Floats], None]  # (steps done, steps in all, clean estimate FCHW)
Steered = Callable[[], Steer | None]  # asked before each step; each wish is given once


class Turned(Exception):
    """A render is to go on as it was steered."""

    def __init__(self, steer: Steer, now_F: Floats, x_FCHW: Floats, clean_FCHW: Floats) -> None:
        self.steer, self.now_F, self.x_FCHW, self.clean_FCHW = steer, now_F, x_FCHW, clean_FCHW
        self.noisy_F = (now_F > 0) & (np.arange(len(now_F)) >= steer.first)


class Counted:
    """Tells steps on, those before a turn counted: progress never goes back."""

    def __init__(self, on_step: OnStep) -> None:
        self.on_step, self.before, self.done = on_step, 0, 0

    def __call__(self, done: int, of: int, clean_FCHW: Floats) -> None:
        self.done = done
        self.on_step(self.before + done, self.before + of, clean_FCHW)

    def turned(self) -> None:
        self.before, self.done = self.before + self.done, 0


def unsteered() -> Steer | None:
    return None


def later(steered: Steered, frames: int) -> Steered:
    """The same wishes for what begins so many latent frames after the film."""

    def asked() -> Steer | None:
        steer = steered()
        if steer is None:
            return None
        heard = steer.heard
        return replace(
            steer,
            first=max(0, steer.first - frames),
            heard=lambda first: heard(first + frames),
        )

    return asked


def turned(canvas: Canvas, turn: Turned) -> Canvas:
    """The canvas to go on with: what is done is kept, the rest starts from what it would become."""
    steer, now_F = turn.steer, turn.now_F
    if turn.noisy_F.any():
        steer.heard(int(np.flatnonzero(turn.noisy_F)[0]))
    count = len(now_F)
    begun_F = turn.noisy_F & (now_F < 1)
    level_F = np.where(begun_F, np.maximum(now_F, np.float32(TURNED)), now_F)
    cells = canvas.level if canvas.level.ndim == 3 else canvas.level[:, None, None]
    kept = np.broadcast_to((cells <= 0)[:, None], canvas.content_FCHW.shape)
    made = np.where((now_F <= 0)[:, None, None, None], turn.x_FCHW, turn.clean_FCHW)
    made = made.astype(np.float16).astype(np.float32)
    level = level_F.astype(np.float32)
    if canvas.level.ndim == 3:
        level = np.where(canvas.level > 0, level[:, None, None], np.float32(0))
    told = [
        steer.change(caption) if noisy else caption
        for caption, noisy in zip(canvas.caption_F, turn.noisy_F, strict=True)
    ]
    return replace(
        canvas,
        content_FCHW=np.where(kept, canvas.content_FCHW, made),
        level=level,
        caption_F=tuple(told),
        shows_F=("",) * count,
    )


def redrawn(canvas: Canvas) -> Canvas:
    """The same for shapes: those that were drawn go on, for what is begun."""
    level = canvas.level
    return replace(canvas, level=np.where(level < 1.0, np.minimum(level, REDRAWN), level))


def moved(outlines_FOHW: Floats, place: tuple[float, float], chosen_F: NDArray[np.bool_]) -> Floats:
    """Outlines with the first subject's middle, over all chosen frames, at a place in shares.

    Its way through the picture is the same, elsewhere; other subjects stay.
    """
    planes = in_planes(outlines_FOHW).copy()
    cover, first = planes[:, 0], planes[:, 1]
    mine = (first > 0) & (cover > 0) & chosen_F[:, None, None]
    if not mine.any():  # whose shape it is nobody knows: then all of it is meant
        mine = (cover > 0) & (first >= 0) & chosen_F[:, None, None]
    if not mine.any():
        return outlines_FOHW
    rows, cols = mine.shape[1:]
    _, row, col = np.nonzero(mine)
    down = round(place[1] * rows - 0.5 - float(row.mean()))
    along = round(place[0] * cols - 0.5 - float(col.mean()))
    for plane, off in ((cover, -1.0), (first, 0.0)):
        theirs = np.where(mine, off, plane)
        carried = _shifted(np.where(mine, plane, np.nan), down, along)
        plane[:] = np.where(np.isnan(carried), theirs, carried)
    return in_cells(planes).astype(np.float32)


def _shifted(plane_FYX: Floats, down: int, along: int) -> Floats:
    """Moved by so many places; NaN where nothing comes from."""
    out = np.full_like(plane_FYX, np.nan)
    rows, cols = plane_FYX.shape[1:]
    if abs(down) < rows and abs(along) < cols:
        out[:, max(0, down) : rows + min(0, down), max(0, along) : cols + min(0, along)] = (
            plane_FYX[:, max(0, -down) : rows - max(0, down), max(0, -along) : cols - max(0, along)]
        )
    return out
