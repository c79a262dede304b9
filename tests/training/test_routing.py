"""Token routing: some tokens of a training step pass the middle blocks by; none when generating."""

from __future__ import annotations

import random
from collections import Counter

import pytest
import torch

from yozora.model.grid import FINE, Grid
from yozora.model.transformer import ROUTED, Transformer, TransformerSize
from yozora.training.transformer_loop import Velocity, kept_tokens

GRID = Grid(channels=4)
H, W, F = 4, 8, 2
TOKENS = GRID.tokens(W * GRID.cell_px, H * GRID.cell_px)
HERE = torch.device("cpu")


def test_the_share_that_is_asked_passes_by_and_each_token_in_turn() -> None:
    rng, seen = random.Random(0), Counter[int]()
    for _ in range(400):
        kept = kept_tokens(rng, 72, 0.5, HERE)
        assert kept is not None and len(kept) == 36
        assert (kept[1:] > kept[:-1]).all() and kept[0] >= 0 and kept[-1] < 72
        seen.update(kept.tolist())
    assert len(seen) == 72 and all(0.35 < count / 400 < 0.65 for count in seen.values())


@pytest.mark.parametrize(("share", "count"), [(0.001, None), (0.0, None), (0.25, 54), (1.0, 1)])
def test_nothing_is_routed_for_nothing_and_something_is_always_kept(
    share: float, count: int | None
) -> None:
    kept = kept_tokens(random.Random(0), 72, share, HERE)
    assert (kept if kept is None else len(kept)) == count


@pytest.mark.parametrize("blocks", [2, sum(ROUTED) - 1, sum(ROUTED) + 1])
def test_routed_steps_train_a_network_of_any_depth(blocks: int) -> None:
    torch.manual_seed(0)
    network = Transformer(
        GRID, TransformerSize(width=64, blocks=blocks, text_width=64, cross_every=1), 8
    )
    velocity, rng = Velocity(network), random.Random(0)
    adam = torch.optim.Adam(network.parameters(), 5e-3)
    x, level = torch.randn(2, F, GRID.channels + FINE**2, H, W), torch.full((2, F), 0.5)
    target = -0.5 * x + 0.3
    captions, seconds = torch.zeros(2, F, dtype=torch.int64), torch.arange(F) / 3
    losses = []
    for _ in range(12):
        kept = kept_tokens(rng, TOKENS, 0.5, HERE)
        out, outline = velocity(
            x, level, torch.tensor([[3, 4]]), captions, seconds, None, None, kept
        )
        loss = (out - target).square().mean() + 0.01 * outline.square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(float(loss))
    assert losses[-1] < 0.8 * losses[0]
    with torch.no_grad():  # and the whole network has learnt it, though it never saw all tokens
        out, _ = velocity(x, level, torch.tensor([[3, 4]]), captions, seconds, None)
    assert float((out - target).square().mean()) < 0.85 * losses[0]
