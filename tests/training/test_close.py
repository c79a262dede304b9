"""Close windows: part of a picture, told where it lies, with a subject in it."""

import random
import shutil

import numpy as np
import pytest
import torch

from yozora.model.grid import FINE, Grid
from yozora.model.transformer import Transformer, TransformerSize, Window
from yozora.training.latent_clips import around
from yozora.training.recipe_reading import read_recipe
from yozora.training.transformer_loop import Velocity

GRID = Grid(channels=4)
STATE = GRID.channels + FINE**2
ROWS, COLS = 6, 8  # of the whole picture, in cells
TOP, LEFT, DOWN, ALONG = 2, 4, 3, 4  # of the window


def network(blocks: int = 2) -> Transformer:
    torch.manual_seed(0)
    made = Transformer(GRID, TransformerSize(width=64, blocks=blocks, text_width=64), 40)
    for p in made.parameters():
        if not p.any():
            torch.nn.init.normal_(p, std=0.05)
    return made


def window(top: int, left: int) -> Window:
    return Window(*(torch.tensor([float(n)]) for n in (top, left, ROWS, COLS)))


def velocity(made: Transformer, x: torch.Tensor, of: Window | None) -> torch.Tensor:
    level, ids = torch.full((len(x), 1), 0.5), torch.tensor([[3, 4]] * len(x))
    caption = torch.arange(len(x))[:, None]
    with torch.no_grad():
        return Velocity(made)(x, level, ids, caption, torch.zeros(1), None, of)[0]


def test_a_windows_tokens_have_the_places_that_they_have_in_the_whole() -> None:
    made, second = network(), torch.tensor([0.0, 1.0 / 3.0])
    q = GRID.token_cols
    inside = np.zeros((ROWS // GRID.token_rows, COLS // q), bool)
    inside[TOP : TOP + DOWN, LEFT // q : (LEFT + ALONG) // q] = True
    pick = torch.from_numpy(inside.ravel())
    whole = made.positions(ROWS, COLS, second)[0].view(2, -1, 3)[:, pick]
    part = made.positions(DOWN, ALONG, second, window(TOP, LEFT))[0].view(2, -1, 3)
    torch.testing.assert_close(part, whole)
    torch.testing.assert_close(
        made.placed(DOWN, ALONG, window(TOP, LEFT))[0, 0], made.placed(ROWS, COLS)[0, 0][pick]
    )


def test_the_whole_as_a_window_changes_nothing_and_another_place_does() -> None:
    made, x = network(), torch.randn(2, 1, STATE, ROWS, COLS)
    plain = velocity(made, x, None)
    torch.testing.assert_close(velocity(made, x, window(0, 0)), plain)
    moved = velocity(made, x[..., :DOWN, :ALONG], window(0, 0))
    assert (moved - velocity(made, x[..., :DOWN, :ALONG], window(TOP, LEFT))).abs().max() > 1e-3


def test_windows_hold_a_subject_begin_with_a_whole_token_and_lie_anywhere_around_it() -> None:
    subject = np.zeros((1, 9, 16), np.float16)
    subject[0, 4:6, 9:11] = 0.5
    rng, seen = random.Random(0), set()
    for _ in range(300):
        top, left = around(rng, subject, (6, 8), (1, 2))
        assert 0 <= top <= 3 and 0 <= left <= 8 and left % 2 == 0
        assert subject[:, top : top + 6, left : left + 8].any()
        seen.add((top, left))
    assert len(seen) >= 10
    free = {around(rng, np.zeros((1, 9, 16), np.float16), (6, 8), (1, 2)) for _ in range(300)}
    assert len(free) > len(seen), "without a subject it lies anywhere"


@pytest.mark.acceptance  # minutes, where the machine is slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="fusing needs a C++ compiler")
def test_fused_blocks_learn_the_same() -> None:
    plain, fused = network(), network()
    fused.fuse()
    x = torch.randn(2, 1, STATE, ROWS, COLS)
    grads = []
    for made in (plain, fused):
        level, ids = torch.full((2, 1), 0.5), torch.tensor([[3, 4]] * 2)
        out, _ = Velocity(made)(x, level, ids, torch.arange(2)[:, None], torch.zeros(1), None)
        out.square().mean().backward()
        grads.append([out, *(p.grad for p in made.parameters() if p.grad is not None)])
    for one, other in zip(*grads, strict=True):
        torch.testing.assert_close(one, other, rtol=2e-3, atol=2e-5)


def test_recipes_read_close_windows(tmp_path) -> None:
    path = tmp_path / "close.toml"
    path.write_text(
        "[transformer]\nclose_cells = [4, 6]\nfuse = true\n"
        "stages = [{ minutes = 1.0, frames = [[1, 1.0]], close = 0.5 }]\n"
    )
    settings = read_recipe(path).transformer
    assert (settings.close_cells, settings.fuse, settings.stages[0].close) == ((4, 6), True, 0.5)
