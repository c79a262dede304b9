"""Which latent frames a decoder is shown at once: always as many, so that a frame's bits do not
depend on what stands around it."""

# F latent frames

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from yozora.engine.protocol import Indices

AT_ONCE = 4  # latent frames decoded at a time


def windows_of(
    count: int, closed: bool = False, beside_F2: Indices | None = None
) -> Iterator[tuple[Indices, int]]:
    """(indices of AT_ONCE latent frames with one more on each side, how many of these count).

    `beside_F2`: which latent frame stands before and after each, itself for none. Without it: as
    they lie, and in a closed film the last before the first.
    """
    if beside_F2 is None:
        index = np.arange(count)
        beside_F2 = np.stack([index - 1, index + 1], 1)
        beside_F2 = beside_F2 % count if closed else beside_F2.clip(0, count - 1)
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
        spare = np.full(AT_ONCE - len(inner), after)
        yield np.concatenate([[beside_F2[first, 0]], inner, [after], spare]), len(inner)
        first = last
