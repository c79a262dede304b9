"""Plans: the lowest frequencies of outlines, as many whatever the picture's size."""

from __future__ import annotations

import numpy as np
import pytest

from yozora.model.grid import FINE, Grid
from yozora.model.outlines import PLANES, shares_of, values_of
from yozora.model.plans import COLS, ROWS, plan_grid, plan_of, sketch_of

VALUES = PLANES * ROWS * COLS


def outlines(rows: int, cols: int, at: tuple[float, float], of: float = 0.2) -> np.ndarray:
    """A disc of the first subject, at a share of the picture's height and width: (1, O, H, W)."""
    y = (np.arange(FINE * rows) + 0.5) / (FINE * rows) - at[0]
    x = (np.arange(FINE * cols) + 0.5) / (FINE * cols) - at[1]
    disc = (y[:, None] ** 2 + x[None] ** 2 < of**2).astype(np.float32)
    return values_of(np.stack([disc, disc])[None])


def middle(values: np.ndarray) -> tuple[float, float]:
    cover = shares_of(values)[0, 0]
    cover = cover * (cover > 0.3)
    y, x = np.indices(cover.shape)
    total = cover.sum()
    return (
        float((cover * (y + 0.5)).sum() / total / len(cover)),
        float((cover * (x + 0.5)).sum() / total / cover.shape[1]),
    )


@pytest.mark.parametrize(("rows", "cols"), [(9, 16), (16, 10), (12, 12), (3, 4)])
def test_a_sketch_is_where_its_subject_was(rows: int, cols: int):
    for at in ((0.4, 0.3), (0.6, 0.7)):
        plan = plan_of(outlines(rows, cols, at))
        assert plan.shape == (1, VALUES, 1, 1) and plan.dtype == np.float32
        sketch = sketch_of(plan, rows, cols)
        assert sketch.shape == (1, PLANES * FINE**2, rows, cols) and np.abs(sketch).max() <= 1.0
        assert np.abs(np.subtract(middle(sketch), at)).max() < 0.05


def test_a_plan_comes_back_from_its_sketch_in_any_size():
    rng = np.random.default_rng(0)
    plan = rng.normal(0.0, 0.1, (4, VALUES, 1, 1)).astype(np.float32)  # small: nothing is cut off
    for rows, cols in ((9, 16), (5, 4)):
        assert np.allclose(plan_of(sketch_of(plan, rows, cols)), plan, atol=1e-5)


def test_what_nobody_knows_is_zero():
    both = outlines(9, 16, (0.5, 0.5))
    first = both.copy()
    first[:, FINE**2 :] = 0.0
    half = VALUES // 2
    assert not plan_of(np.zeros_like(both)).any()
    assert not plan_of(first)[:, half:].any() and plan_of(both)[:, half:].any()
    assert np.array_equal(plan_of(first)[:, :half], plan_of(both)[:, :half])


def test_a_plan_is_one_token_of_any_grid():
    for grid in (Grid(), Grid(cell_px=32, width=512, height=288, token_cols=1)):
        plan = plan_grid(grid)
        assert plan.tokens(plan.width, plan.height) == 1 and plan.channels == VALUES
        assert plan.latent_fps == grid.latent_fps and plan_grid(plan) == plan
