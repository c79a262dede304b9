"""Outlines as values of cells: there and back, and whose shape they tell."""

import numpy as np
import pytest

from yozora.model.grid import FINE, Grid
from yozora.model.outlines import coarse, outline_grid, shares_of, values_of


def test_there_and_back() -> None:
    rng = np.random.default_rng(0)
    cover = rng.random((3, FINE * 2, FINE * 4)).astype(np.float32)
    shares = np.stack([cover, cover * rng.random(cover.shape).astype(np.float32)], 1)
    values = values_of(shares)
    assert values.shape == (3, 2 * FINE**2, 2, 4)
    assert values.dtype == np.float32 and np.abs(values).max() <= 1.0
    np.testing.assert_allclose(shares_of(values), shares, atol=1e-6)


def test_each_part_stands_in_its_own_cell() -> None:
    shares = np.zeros((1, 2, FINE * 2, FINE * 4), np.float32)
    shares[0, :, FINE + 1, 2 * FINE + 3] = 1.0  # the first subject
    shares[0, 0, 0, 0] = 1.0  # another
    values = values_of(shares)
    part = FINE * 1 + 3
    assert values[0, part, 1, 2] == 1.0 and values[0, FINE**2 + part, 1, 2] == 1.0
    assert values[0, 0, 0, 0] == 1.0 and values[0, FINE**2, 0, 0] == -1.0
    assert (values[0, : FINE**2] == 1.0).sum() == 2
    assert np.count_nonzero(values[0, FINE**2 :]) == 2
    assert coarse(shares)[0, 1, 2] == pytest.approx(1 / FINE**2)


@pytest.mark.parametrize(("width", "columns"), [(256, 2), (240, 1)])
def test_the_grid_has_the_same_cells_and_whole_tokens(width: int, columns: int) -> None:
    grid = Grid(width=width, token_cols=1, channels=128)
    shapes = outline_grid(grid)
    assert shapes.cells(width, 144) == grid.cells(width, 144)
    assert (shapes.channels, shapes.token_cols) == (2 * FINE**2, columns)
    assert outline_grid(shapes) == shapes
