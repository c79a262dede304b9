"""Films of several shots: each is sampled for itself, one after another."""

# F latent frames, C channels, H, W cells

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from yozora.engine.canvas import Canvas, Floats
from yozora.engine.protocol import OnStep

Sampled = Callable[[Canvas, OnStep, int], Floats]


def each_shot(canvas: Canvas, sampled: Sampled, on_step: OnStep) -> Floats:
    """Latents (F, C, H, W) of all shots. `sampled` makes one, of which it gets the number of the
    first frame too; steps are told as those of all.

    A shot of which everything is kept costs nothing. Shots have seeds of their own.
    """
    shots = split(canvas)
    made: list[Floats] = []
    taken = 0  # steps of the shots that are done
    for number, (first, last, shot) in enumerate(shots):
        if not shot.level.any():
            made.append(shot.content_FCHW)
            continue
        listener = _Listener(
            on_step,
            taken,
            sum(bool(later.level.any()) for _, _, later in shots[number + 1 :]),
            np.concatenate([shot.content_FCHW[:0], *made]),
            canvas.content_FCHW[last:],
        )
        made.append(sampled(shot, listener, first))
        taken = listener.taken
    return np.concatenate(made)


@dataclass
class _Listener:
    """Tells the steps of a shot as steps of the film; how many those after it take is a guess."""

    on_step: OnStep
    taken: int
    ahead: int  # shots after this one that are made
    before_FCHW: Floats
    after_FCHW: Floats

    def __post_init__(self) -> None:
        self.begun = self.taken

    def __call__(self, done: int, of: int, clean_FCHW: Floats) -> None:
        self.taken = self.begun + of
        whole = np.concatenate([self.before_FCHW, clean_FCHW, self.after_FCHW])
        self.on_step(self.begun + done, self.begun + of * (1 + self.ahead), whole)


def split(canvas: Canvas) -> list[tuple[int, int, Canvas]]:
    """(first, last, canvas) of each shot; a film of one shot is itself."""
    if not canvas.shots:
        return [(0, len(canvas.caption_F), canvas)]
    starts = [0, *canvas.shots]
    ends = [*canvas.shots, len(canvas.caption_F)]
    return [
        (
            first,
            last,
            replace(
                canvas,
                content_FCHW=canvas.content_FCHW[first:last],
                level=canvas.level[first:last],
                caption_F=canvas.caption_F[first:last],
                shows_F=canvas.shows_F[first:last],
                within=None if canvas.within is None else canvas.within[first:last],
                seed=canvas.seed + number,
                closed=False,
                shots=(),
            ),
        )
        for number, (first, last) in enumerate(zip(starts, ends, strict=True))
    ]
