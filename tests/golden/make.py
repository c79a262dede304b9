"""The golden picture of the shipped weights: `python -m tests.golden.make` after new weights.

One second from a fixed caption, seed and number of steps: its twelve frames as one PNG. In float32,
so that machines with and without bf16 units agree.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Canvas
from yozora.engine.native import NativeEngine
from yozora.media.images import contact_sheet, save_png

GOLDEN = Path(__file__).parent / "frames.png"
CAPTION = (
    "a brown dog runs in a park in summer by day , clear weather , natural style , "
    "the camera follows"
)


def picture() -> NDArray[np.uint8]:
    """The weights' frames now, side by side."""
    engine = NativeEngine.load()
    engine.tokenizer.float(), engine.transformer.float()
    if engine.outliner is not None:
        engine.outliner.network.float()
        if engine.outliner.planner is not None:
            engine.outliner.planner.network.float()
    if engine.interpolator is not None:
        engine.interpolator.float()
    grid = engine.grid
    frames = grid.latent_frames(1.0)
    rows, cols = grid.cells(grid.width, grid.height)
    canvas = Canvas(
        np.zeros((frames, grid.channels, rows, cols), np.float32),
        np.ones(frames, np.float32),
        (CAPTION,) * frames,
        float(grid.fps),
        seed=0,
    )
    video = engine.decode(engine.generate(canvas, steps=4))
    return contact_sheet(list(video), columns=4, gap_px=0)


if __name__ == "__main__":
    save_png(GOLDEN, picture())
