"""What each latent frame of a film sees beside it when it is decoded, and where that is not in the
film: latent frames that lie beyond it."""

# F latent frames, G more beyond the film, N both

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Beside, Canvas, Floats
from yozora.timeline.material import Asset, beside_of


def beside(canvas: Canvas, asset_F: Sequence[Asset | None], source_F: NDArray[np.int64]) -> Beside:
    """What is made sees all that is beside it; what is kept of a film's latents sees what it saw
    there, so that it decodes to the same bits. What is not here any more lies beyond, and what that
    one saw too.

    `asset_F`: the film whose latents a frame keeps, None for others; `source_F`: which of them.
    """
    content = canvas.content_FCHW
    count = len(content)
    index_F2 = Beside.plain(count, content, canvas.closed).index_F2
    for f in canvas.shots:
        index_F2[f, 0], index_F2[f - 1, 1] = f, f - 1
    beyond: list[Floats] = []
    seen: list[tuple[int, int]] = []
    known: dict[tuple[int, int, int], int] = {}

    def found(asset: Asset, wanted: int, shift: int) -> int:
        """Which of N an asset's latent frame is that would lie `shift` frames later in the film."""
        there = wanted + shift
        if 0 <= there < count and asset_F[there] is asset and source_F[there] == wanted:
            return there
        key = id(asset), wanted, shift
        if key not in known:
            known[key] = count + len(beyond)
            seen.append((known[key], known[key]))
            beyond.append(_latents(asset, wanted))
        return known[key]

    for f, asset in enumerate(asset_F):
        if asset is None:
            continue
        shift = f - int(source_F[f])
        for side, wanted in enumerate(_row(asset, int(source_F[f]))):
            at = found(asset, wanted, shift)
            index_F2[f, side] = at
            if at >= count:
                row = [found(asset, one, shift) for one in _row(asset, wanted)]
                seen[at - count] = row[0], row[1]
    index_G2 = np.array(seen, np.int64).reshape(-1, 2)
    return Beside(index_F2, np.stack(beyond) if beyond else content[:0], index_G2)


def _latents(asset: Asset, index: int) -> Floats:
    own = asset.latents_FCHW
    assert own is not None
    is_own = index < len(own)
    found: Floats = own[index] if is_own else beside_of(asset).beyond_GCHW[index - len(own)]
    return found


def _row(asset: Asset, index: int) -> list[int]:
    own = asset.latents_FCHW
    assert own is not None
    around = beside_of(asset)
    rows, at = (around.index_F2, index) if index < len(own) else (around.index_G2, index - len(own))
    return [int(one) for one in rows[at]]
