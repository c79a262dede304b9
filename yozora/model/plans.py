"""Plans: where subjects are, how large and which is the first, before they have a shape (ADR 23).

A plan is the lowest spatial frequencies of a frame's outlines, a cosine transform of both planes:
as many values whatever the picture's size. It is the latent frame of a network of one token.
"""

# F latent frames, P planes, O outline values a cell, H, W cells, K values of a plan

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from yozora.model.grid import FINE, Grid
from yozora.model.outlines import PLANES, in_cells, in_planes

ROWS, COLS = 6, 8  # frequencies down and along: three quarters of the outlines' variance
LOUD = 14.0  # brings the lowest to about two standard deviations, the highest to a fifth of one
USUAL = 0.2  # of the first plane's values above -1: a tenth of a picture is subject

Floats = NDArray[np.float32]


def plan_grid(grid: Grid) -> Grid:
    """The grid of a network that makes plans of pictures on `grid`: a frame is one cell."""
    side = grid.cell_px
    channels = PLANES * ROWS * COLS
    return replace(grid, channels=channels, token_rows=1, token_cols=1, width=side, height=side)


def plan_of(values_FOHW: NDArray[np.floating]) -> Floats:
    """Plans (F, K, 1, 1) of outlines; 0 for a plane that nobody knows, which is 0 throughout."""
    f, _, h, w = values_FOHW.shape
    planes = in_planes(values_FOHW).astype(np.float32)
    known: NDArray[np.bool_] = np.abs(planes).max((2, 3)) > 0.0
    planes = planes + _lift()
    found = _waves(ROWS, FINE * h) @ planes @ _waves(COLS, FINE * w).T / (FINE * h * FINE * w)
    found = found * LOUD * known.reshape(f, PLANES, 1, 1)
    return found.reshape(f, -1, 1, 1).astype(np.float32)


def sketch_of(plan_FK11: NDArray[np.floating], rows: int, columns: int) -> Floats:
    """The way back, without what is finer: outlines (F, O, H, W) of so many cells."""
    f = len(plan_FK11)
    found = plan_FK11.reshape(f, PLANES, ROWS, COLS) / LOUD
    planes = _waves(ROWS, FINE * rows).T @ found @ _waves(COLS, FINE * columns) - _lift()
    return in_cells(np.clip(planes, -1.0, 1.0)).astype(np.float32)


def _waves(count: int, places: int) -> Floats:
    """(count, places): cosines of rising frequency, each of mean square 1."""
    at = (np.arange(places) + 0.5) / places
    waves = np.cos(np.pi * np.arange(count)[:, None] * at) * np.sqrt(2.0)
    waves[0] = 1.0
    return waves.astype(np.float32)


def _lift() -> Floats:
    return np.array([1.0 - USUAL, 0.0], np.float32)[:, None, None]
