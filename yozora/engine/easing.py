"""Where two latent frames meet, a film jumps: each is steadier in itself than beside the next
(ADR 28). Frames beside such a jump are drawn anew between their neighbours.

What follows a meeting is eased: the first half of a latent frame's pictures, between the last of
the one before and its own next. Where that one does not see it, because it is kept as it was beside
another, the last half of those before it are.
"""

# F latent frames, G more beyond the film, N both, k pixel frames a latent frame, T = F * k

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Beside
from yozora.engine.protocol import Frames

Frame = NDArray[np.uint8]
Between = Callable[[Frame, Frame, list[float]], list[Frame]]  # pictures at times 0..1 between two
BEGINS, WHOLLY = 1.2, 1.6  # a jump over the steps beside it: from where it is eased, and wholly


def eased(
    frames: Frames, k: int, beside: Beside, decoded: Callable[[int], Frames], between: Between
) -> Frames:
    """Frames (T, H, W, 3) with their jumps eased; `decoded(n)`: the k frames of one beyond."""
    half, count = k // 2, len(frames) // k
    around = np.concatenate([beside.index_F2, beside.index_G2])
    out = frames.copy()
    known: dict[int, Frames] = {}

    def shown(n: int) -> Frames:
        if n < count:
            return out[n * k : (n + 1) * k]
        if n not in known:
            known[n] = decoded(n)
        return known[n]

    if not half:
        return out
    for f, (before, _) in enumerate(beside.index_F2.tolist()):
        if before != f:
            ends = shown(before) if before >= count else frames[before * k : (before + 1) * k]
            own = frames[f * k : (f + 1) * k]
            out[f * k : f * k + half] = _met(ends, own, half, between)
    for f, (_, after) in enumerate(beside.index_F2.tolist()):
        if after != f and around[after, 0] != f:
            own = out[f * k : (f + 1) * k].copy()
            backwards = _met(shown(after)[::-1], own[::-1], half, between)
            out[(f + 1) * k - half : (f + 1) * k] = backwards[::-1]
    return out


def _met(ends: Frames, own: Frames, half: int, between: Between) -> list[Frame]:
    """The first `half` of `own`, which follow the last of `ends`."""
    jump = _step(ends[-1], own[0])
    beside = (_step(ends[-2], ends[-1]) + _step(own[0], own[1])) / 2
    share = min(max((jump / max(beside, 1e-6) - BEGINS) / (WHOLLY - BEGINS), 0.0), 1.0)
    first = list(own[:half])
    if share == 0.0:
        return first
    drawn = between(ends[-1], own[half], [n / (half + 1) for n in range(1, half + 1)])
    mixed = [share * new.astype(np.float32) + (1.0 - share) * old
             for new, old in zip(drawn, first, strict=True)]  # fmt: skip
    return [one.round().astype(np.uint8) for one in mixed]


def _step(one: Frame, other: Frame) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())
