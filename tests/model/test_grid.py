"""The grid: sizes that fit it, whole latent frames."""

import pytest

from yozora.model.grid import Grid

GRID = Grid()


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ((256, 144), (256, 144)),
        ((1920, 1080), (256, 144)),
        ((144, 256), (160, 256)),
        ((500, 500), (192, 192)),
    ],
)
def test_the_shapes_that_training_shows_are_found(asked, made):
    assert GRID.nearest_size(*asked) == made


@pytest.mark.parametrize("asked", [(251, 143), (32, 1920), (1920, 32), (33, 33), (640, 480)])
def test_any_shape_lands_on_the_grid_at_about_the_default_area(asked):
    width, height = GRID.nearest_size(*asked)
    step_h, step_w = GRID.step_px
    assert width % step_w == 0 and height % step_h == 0
    assert 0.85 <= width * height / (GRID.width * GRID.height) <= 1.15


def test_latent_frames_cover_the_length():
    assert GRID.latent_frames(4.0) == 12
    assert GRID.latent_frames(4.01) == 13
    assert GRID.latent_frames(0.01) == 1
