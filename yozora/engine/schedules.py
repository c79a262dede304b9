"""Schedules: start levels -> a matrix (steps + 1, frames) of noise levels.

Laws (tests/engine/test_schedules.py): the first row equals the start levels, no column rises,
the last row is 0. A kept frame is a column of zeros. Sampling regimes as one matrix:
Diffusion Forcing, arXiv 2407.01392.
"""

# S steps, F latent frames

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Floats

CONTEXT = 3  # kept latent frames that a gap is not without


def shifted(u: Floats, shift: float) -> Floats:
    """Time shift, SD3 (arXiv 2403.03206) eq. 23: more of the steps at high noise for shift > 1."""
    return (shift * u / (1.0 + (shift - 1.0) * u)).astype(np.float32)


def together(level_F: Floats, steps: int, shift: float = 1.0) -> Floats:
    """All frames fall at once: (steps + 1, F)."""
    assert steps >= 1
    curve = shifted(np.linspace(1.0, 0.0, steps + 1, dtype=np.float32), shift)
    return checked(curve[:, None] * level_F[None, :], level_F)


def in_turn(
    level_F: Floats,
    steps: int,
    chunk: int,
    lag: float = 1.0,
    shift: float = 1.0,
    first: int | None = None,
    reach: int | None = None,
) -> Floats:
    """Chunks of `chunk` invented frames fall one after another, a staircase; the first chunk may
    be of another length. No chunk lies over more than `reach` frames, kept ones between included.

    Chunk i starts `lag * steps` steps after chunk i - 1: lag 1 finishes each before the next
    begins, lag 0 is `together`. Kept frames (level 0) belong to no chunk.
    """
    assert steps >= 1 and chunk >= 1 and 0.0 <= lag <= 1.0
    rank_F = ranks(level_F, chunk, first or chunk, reach)
    delay = max(round(lag * steps), 0)
    rows = steps + delay * int(rank_F.max(initial=0)) + 1
    row_S1 = np.arange(rows, dtype=np.float32)[:, None]
    u = np.clip(1.0 - (row_S1 - delay * rank_F[None, :]) / steps, 0.0, 1.0).astype(np.float32)
    return checked(shifted(u, shift) * level_F[None, :], level_F)


def windowed(level: Floats, steps: int, window: int, shift: float = 1.0) -> Floats:
    """For a network that sees `window` frames: all at once where they fit; else a window first,
    then by halves of one, so that as many frames again are in sight. `level`: (F,) or (F, H, W).

    Of kept frames `CONTEXT` stay in sight from the start, or all that a smaller window leaves.
    """
    level_F = level if level.ndim == 1 else level.max(axis=(1, 2))
    found = np.flatnonzero(level_F > 0)
    invented, spread = len(found), int(np.ptp(found)) + 1 if len(found) else 0
    first = max(window - CONTEXT, 1) if bool((level_F <= 0).any()) else window
    if invented <= first and spread <= window:
        return together(level_F, steps, shift)
    chunk = max(window // 2, 1)
    if spread == invented:  # one gap: chunks as even as can be
        rest = invented - first
        chunk = -(-rest // -(-rest // chunk))
    return in_turn(level_F, steps, chunk, shift=shift, first=first, reach=window)


def ranks(level_F: Floats, chunk: int, first: int, reach: int | None) -> NDArray[np.int64]:
    """The chunk each frame belongs to, counted over frames that are not kept."""
    rank_F = np.zeros(len(level_F), np.int64)
    rank, begun, held = 0, 0, 0  # the chunk at hand, its first frame, how many it has
    for frame in np.flatnonzero(level_F > 0).tolist():
        full = held == (chunk if rank else first)
        if held and (full or (reach is not None and frame - begun >= reach)):
            rank, held = rank + 1, 0
        begun = begun if held else frame
        rank_F[frame], held = rank, held + 1
    return rank_F


def checked(levels_SF: Floats, level_F: Floats) -> Floats:
    levels_SF = np.minimum(levels_SF.astype(np.float32), level_F)  # rounding may exceed 1
    levels_SF[0], levels_SF[-1] = level_F, 0.0
    assert bool((np.diff(levels_SF, axis=0) <= 0).all()), "a level rises"
    return levels_SF
