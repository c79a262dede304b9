"""Glowing signs: boards with a few broad strokes that look like writing from afar."""

from __future__ import annotations

import random

from yozora.world.mesh import Mesh, merge
from yozora.world.places.solids import Block, Panel, blocks, panels
from yozora.world.places.stage import Colour

# Characters of no script, each as strokes (x0, x1, y0, y1) in a square of side 1.
_STROKES: tuple[tuple[tuple[float, float, float, float], ...], ...] = (
    ((0.0, 1.0, 0.80, 1.0), (0.4, 0.6, 0.0, 0.8), (0.1, 0.9, 0.36, 0.54)),
    ((0.0, 0.2, 0.0, 1.0), (0.8, 1.0, 0.0, 1.0), (0.2, 0.8, 0.80, 1.0), (0.2, 0.8, 0.40, 0.58)),
    ((0.4, 0.6, 0.0, 1.0), (0.0, 1.0, 0.55, 0.75), (0.0, 0.2, 0.1, 0.55), (0.8, 1.0, 0.1, 0.55)),
    ((0.0, 1.0, 0.82, 1.0), (0.0, 1.0, 0.0, 0.18), (0.15, 0.85, 0.41, 0.59)),
    ((0.0, 1.0, 0.6, 0.8), (0.2, 0.4, 0.0, 1.0), (0.65, 0.85, 0.0, 0.6)),
    ((0.0, 0.2, 0.0, 1.0), (0.2, 1.0, 0.8, 1.0), (0.8, 1.0, 0.0, 0.8), (0.2, 0.8, 0.0, 0.18)),
)


def sign_board(
    rng: random.Random, back: Colour, ink: Colour, wide: float, tall: float, glow: float = 1.0
) -> Mesh:
    """A board that faces the viewer, standing at the origin, with a column of characters.

    One time in two the board itself shines and the strokes are dark.
    """
    dark = (0.06, 0.05, 0.10)
    shines = rng.random() < 0.5
    plate, stroke = (back, (0.10, 0.06, 0.12)) if shines else (dark, ink)
    rim = back if not shines else (1.0, 0.95, 0.86)
    edge = 0.1 * min(wide, 1.0)
    rows: list[Block] = [
        (rim, glow, (wide, tall, 0.16), (0.0, 0.0, 0.0)),
        (plate, 0.85 * glow if shines else 0.0, (wide - 2 * edge, tall - 2 * edge, 0.2),
         (0.0, edge, 0.0)),
    ]  # fmt: skip
    count = max(2, min(4, round(tall / wide * 1.05)))
    pitch = (tall - 3 * edge) / count
    side = min(0.62 * wide, 0.74 * pitch)
    flat: list[Panel] = []
    before = -1
    for k in range(count):
        pick = (before + rng.randrange(1, len(_STROKES))) % len(_STROKES)
        before = pick
        low = 1.5 * edge + pitch * k + (pitch - side) / 2
        for x0, x1, y0, y1 in _STROKES[pick]:
            flat.append((-side / 2 + x0 * side, -side / 2 + x1 * side,
                         low + y0 * side, low + y1 * side, 0.12, stroke,
                         0.0 if shines else glow))  # fmt: skip
    return merge(blocks(rows, below=True), panels(flat))
