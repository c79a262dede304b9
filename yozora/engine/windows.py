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
        after = beside_F2[last - 1, 1]
        spare = np.full(AT_ONCE - len(inner), last - 1)
        yield np.concatenate([[beside_F2[first, 0]], inner, [after], spare]), len(inner)
        first = last
