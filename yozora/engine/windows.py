"""Which latent frames a decoder is shown at once: always as many, so that a frame's bits do not
depend on what stands around it."""

# F latent frames

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from yozora.engine.protocol import Indices

AT_ONCE = 4  # latent frames decoded at a time


def windows_of(beside_F2: Indices) -> Iterator[tuple[Indices, int]]:
    """(indices of AT_ONCE latent frames with one more on each side, how many of these count).

    `beside_F2`: which latent frame each sees before and after it, itself for none.
    """
    count = len(beside_F2)
    first = 0
    while first < count:
        last = first + 1  # a run goes on while each frame stands beside the next for both of them
        while (
            last < count
            and last - first < AT_ONCE
            and beside_F2[last - 1, 1] == last
            and beside_F2[last, 0] == last - 1
        ):
            last += 1
        inner = np.arange(first, last)
        yield _filled(beside_F2[first, 0], inner, beside_F2[last - 1, 1]), len(inner)
        first = last


def window_of_one(index: int, before: int, after: int) -> Indices:
    """The same for one latent frame alone."""
    return _filled(before, np.array([index]), after)


def _filled(before: int, inner: Indices, after: int) -> Indices:
    spare = np.full(AT_ONCE - len(inner), inner[-1])
    return np.concatenate([[before], inner, [after], spare])
