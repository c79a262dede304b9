"""Outlines as networks have them: where subjects are, as values of cells beside or instead of
latents (ADR 14, 20, 21).

A plane tells a share of subject, 0 to 1, of FINE by FINE parts of each cell. As values: the first
plane is 1 on a subject and -1 off it, the second 1 on the first subject, -1 on another and 0 off
both; where nobody knows, all are 0.
"""

# F latent frames, P planes, H, W cells

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from yozora.model.grid import FINE, Grid

PLANES = 2  # of a network that makes outlines alone
Cell = TypeVar("Cell", np.bool_, np.float32)


def outline_grid(grid: Grid) -> Grid:
    """The grid of a network that makes the outlines of pictures on `grid`: the same cells, two of
    them a token where a row has an even number, with the planes' values for channels."""
    whole = grid.width // grid.cell_px % 2 == 0
    return replace(grid, channels=PLANES * FINE**2, token_rows=1, token_cols=2 if whole else 1)


def values_of(shares_FPYX: NDArray[np.floating]) -> NDArray[np.floating]:
    """Shares (F, 2, FINE * H, FINE * W) to values (F, 2 * FINE**2, H, W), of the same type."""
    cover, first = shares_FPYX[:, 0], shares_FPYX[:, 1]
    return in_cells(np.stack([2 * cover - 1, 2 * first - cover], 1))


def shares_of(values_FOHW: NDArray[np.floating]) -> NDArray[np.floating]:
    """The way back: what subjects cover, and the first of them, (F, 2, FINE * H, FINE * W)."""
    planes = in_planes(values_FOHW)
    cover = np.clip((planes[:, 0] + 1) / 2, 0, 1)
    return np.stack([cover, np.clip((planes[:, 1] + cover) / 2, 0, 1)], 1)


def in_cells(planes_FPYX: NDArray[np.floating]) -> NDArray[np.floating]:
    """Planes of values (F, P, FINE * H, FINE * W) as cells have them: (F, P * FINE**2, H, W)."""
    f, p, y, x = planes_FPYX.shape
    cells = planes_FPYX.reshape(f, p, y // FINE, FINE, x // FINE, FINE).transpose(0, 1, 3, 5, 2, 4)
    return np.ascontiguousarray(cells).reshape(f, p * FINE**2, y // FINE, x // FINE)


def in_planes(values_FOHW: NDArray[np.floating]) -> NDArray[np.floating]:
    """The way back: (F, PLANES, FINE * H, FINE * W)."""
    f, _, h, w = values_FOHW.shape
    parts = values_FOHW.reshape(f, PLANES, FINE, FINE, h, w).transpose(0, 1, 4, 2, 5, 3)
    return parts.reshape(f, PLANES, FINE * h, FINE * w)


def coarse(outline_FPHW: NDArray[np.floating]) -> NDArray[np.float32]:
    """The share of each cell that subjects cover, (F, H, W), from the shares of its parts."""
    f, _, h, w = outline_FPHW.shape
    return outline_FPHW[:, 0].reshape(f, h // FINE, FINE, w // FINE, FINE).mean((2, 4), np.float32)


def grown(cells_FHW: NDArray[Cell], around: int = 1) -> NDArray[Cell]:
    """Each cell's largest value among its own and those of so many cells around it."""
    _, rows, columns = cells_FHW.shape
    wide = np.pad(cells_FHW, ((0, 0), (around, around), (around, around)))
    reach = range(2 * around + 1)
    parts = [wide[:, i : i + rows, j : j + columns] for i in reach for j in reach]
    largest: NDArray[Cell] = np.max(parts, axis=0)
    return largest
