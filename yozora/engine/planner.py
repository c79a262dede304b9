"""Where before shapes: a network of one token a frame makes a clip's plan, and the outliner starts
from its sketch instead of from noise alone (ADR 23)."""

# F latent frames, O outline values a cell, K values of a plan, H, W cells

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from yozora.engine.canvas import Canvas, Floats
from yozora.engine.guidance import Guidance, GuidedFlow
from yozora.engine.sample import fill
from yozora.engine.schedules import windowed
from yozora.model.plans import plan_of, sketch_of
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import Vocabulary

SEED = 1 << 65  # added to a film's: its noise is neither the picture's nor the outlines'
SHIFT = 2.0
STEPS = 16  # a thousandth of a picture's work each
GUIDANCE = Guidance(weight=2.0, between=(0.0, 0.99))
SKETCHED = 0.93  # level from which the outliner goes on: of a sketch place and size show, no shape


@dataclass(frozen=True, slots=True)
class Planner:
    """A network of `model.plans.plan_grid` with the words that it reads."""

    network: Transformer
    vocabulary: Vocabulary

    def sketched(
        self,
        canvas: Canvas,
        known_FOHW: Floats,
        *,
        negative: str = "",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Floats, Floats]:
        """A canvas's outlines (F, O, H, W) with sketches in what is invented of it, and the levels
        (F,) or (F, H, W) to start from. `known_FOHW` as for `Outliner.draw`. Raises `Cancelled`."""
        f, _, h, w = known_FOHW.shape
        level_F = canvas.level.reshape(f, -1).max(1)
        plans = replace(
            canvas, content_FCHW=plan_of(known_FOHW), level=level_F, seed=canvas.seed + SEED,
            references=(),
        )  # fmt: skip
        grid = self.network.grid
        window = grid.latent_frames(grid.window_s)
        flow = GuidedFlow(self.network, self.vocabulary, GUIDANCE, negative)
        levels = windowed(level_F, STEPS, window, SHIFT)
        made = fill(plans, levels, flow, window=window, cancelled=cancelled)
        cells = canvas.level if canvas.level.ndim == 3 else canvas.level[:, None, None]
        invented = np.broadcast_to((cells > SKETCHED)[:, None], known_FOHW.shape)
        outlines = np.where(invented, sketch_of(made, h, w), known_FOHW)
        return outlines, np.minimum(canvas.level, np.float32(SKETCHED))
