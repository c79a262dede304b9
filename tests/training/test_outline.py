"""The network is told, and tells, where subjects are."""

import random

import numpy as np
import torch

from yozora.model.grid import FINE, Grid
from yozora.model.transformer import Transformer, TransformerSize
from yozora.training.latent_clips import Batch
from yozora.training.noising import GIVEN_NOISE, worn
from yozora.training.outlines import (
    outline_loss,
    outline_velocity_loss,
    outlines_of,
    partly_told,
)
from yozora.training.transformer_loop import Velocity

GRID = Grid(channels=4)
H, W = 2, 4  # cells


def batch(outline: np.ndarray | None) -> Batch:
    count = 1 if outline is None else len(outline)
    captions = (("a",),) * count
    both = None if outline is None else np.stack([outline, outline], 2)  # a lone subject
    return Batch(np.zeros((count, 1, 4, H, W), np.float16), captions, outline_BFPHW=both)


def test_each_part_of_a_token_stands_where_its_picture_does() -> None:
    made = Transformer(GRID, TransformerSize(width=64, blocks=1, text_width=64), 8)
    picture = torch.arange(FINE * H * FINE * W).view(1, 1, 1, FINE * H, FINE * W)
    rows, cols = FINE * GRID.token_rows, FINE * GRID.token_cols
    tokens = picture.view(1, 1, FINE * H // rows, rows, FINE * W // cols, cols)
    tokens = tokens.permute(0, 1, 2, 4, 3, 5).reshape(1, 1, -1, rows * cols)
    assert torch.equal(made.from_tokens(tokens, FINE * H, FINE * W, FINE), picture)


def test_outlines_are_part_of_the_state() -> None:
    """Each part of a cell has its own value, and what nobody knows is 0 and costs nothing."""
    rng, level = random.Random(0), torch.ones(2, 1)
    share = np.zeros((2, 1, FINE * H, FINE * W), np.float16)
    share[0, 0, 1, 2], share[1, 0, 5] = 1.0, np.nan
    value, told = outlines_of(batch(share), level, rng)
    assert value.shape == (2, 1, FINE**2, H, W) and told.shape == (2, 1, 1, H, W)
    assert value[0, 0, FINE + 2, 0, 0] == 1.0 and (value[0] == 1.0).sum() == 1
    assert told[0].all() and not told[1, :, :, 1].any() and told[1, :, :, 0].all()
    assert not value[1, :, :, 1, :][:, FINE : 2 * FINE].any()
    error = torch.ones_like(value)
    assert outline_velocity_loss(error, told, level) == 1.0
    assert outline_velocity_loss(error, told, torch.zeros(2, 1)) == 0.0
    value, told = outlines_of(batch(None), torch.ones(1, 1), rng)
    assert not value.any() and not told.any()


def test_a_second_plane_tells_the_first_subject_from_others() -> None:
    rng, level = random.Random(0), torch.ones(1, 1)
    shares = np.zeros((1, 1, 2, FINE * H, FINE * W), np.float16)
    shares[..., 0, 0, 0] = shares[..., 1, 0, 0] = 1.0  # the first
    shares[..., 0, 0, 1] = 1.0  # another
    shares[..., 0, 0, 2], shares[..., 1, 0, 2] = 1.0, 0.5  # both in one part
    given = Batch(np.zeros((1, 1, 4, H, W), np.float16), (("a",),), outline_BFPHW=shares)
    value, _ = outlines_of(given, level, rng, planes=2)
    assert value.shape == (1, 1, 2 * FINE**2, H, W)
    assert value[0, 0, FINE**2 :, 0, 0].tolist() == [1.0, -1.0, 0.0, 0.0] + [0.0] * 12
    assert torch.equal(value[:, :, : FINE**2], outlines_of(given, level, rng)[0])
    size = TransformerSize(width=64, blocks=1, text_width=64, outlines=2)
    assert Transformer(GRID, size, 8).state == 4 + 2 * FINE**2


def test_known_frames_come_with_outlines_and_without() -> None:
    rng, level = random.Random(0), torch.zeros(64, 1)
    value, _ = outlines_of(batch(np.ones((64, 1, FINE * H, FINE * W), np.float16)), level, rng)
    whole = value.flatten(1).all(1)
    assert 16 < whole.sum() < 48 and not value[~whole].any()
    value, _ = outlines_of(batch(np.ones((64, 1, FINE * H, FINE * W), np.float16)), level + 1, rng)
    assert value.all()


def test_what_no_label_tells_costs_nothing() -> None:
    logits = torch.randn(2, 1, FINE * H, FINE * W)
    assert outline_loss(logits, batch(None)) == 0
    told = np.zeros((2, 1, FINE * H, FINE * W), np.float16)
    told[0, 0, 1, 1] = 1.0
    first = outline_loss(logits[:1], batch(told[:1]))
    told[1] = np.nan
    assert torch.equal(outline_loss(logits, batch(told)), first)
    sure = torch.from_numpy(told[:1].astype(np.float32)) * 40 - 20
    assert outline_loss(sure, batch(told[:1])) < 1e-6


def test_outlines_are_learnt_from_what_is_hidden_in_noise() -> None:
    """A square somewhere in the latents: its outline is told better and better."""
    torch.manual_seed(0)
    made = Velocity(Transformer(GRID, TransformerSize(width=64, blocks=2, text_width=64), 8))
    optimiser = torch.optim.AdamW(made.parameters(), 3e-3)
    losses = []
    for _ in range(60):
        cells = torch.zeros(32, 1, H, W)
        cells.view(32, -1)[torch.arange(32), torch.randint(H * W, (32,))] = 1.0
        x = 0.6 * cells[:, :, None].expand(-1, -1, 4, -1, -1) * 4 + 0.4 * torch.randn(
            32, 1, 4, H, W
        )
        x = torch.cat([x, torch.randn(32, 1, FINE**2, H, W)], 2)
        level, ids = torch.full((32, 1), 0.4), torch.full((32, 2), 3)
        out = made(x, level, ids, torch.arange(32)[:, None], torch.zeros(1), None)[1]
        fine = cells.repeat_interleave(FINE, 2).repeat_interleave(FINE, 3)
        loss = outline_loss(out, batch(fine.numpy().astype(np.float16)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]


def test_outlines_that_are_given_are_nearly_clean_and_the_unknown_stays_unknown() -> None:
    torch.manual_seed(0)
    value = torch.ones(64, 1, FINE**2, H, W)
    value[:, :, :, 1] = 0.0
    apart = worn(value) - value
    assert not apart[:, :, :, 1].any()
    spread = apart[:, :, :, 0].flatten(1).std(1)
    assert spread.min() > 0.0 and 0.5 * GIVEN_NOISE < spread.max() < 1.3 * GIVEN_NOISE


def test_the_outliner_sees_known_frames_whole_in_part_and_not_at_all() -> None:
    """As films bring them; and what is noised it always sees."""
    x = torch.ones(200, 2, 2 * FINE**2, H, W)
    level = torch.tensor([[0.0, 0.5]]).expand(200, 2)
    seen = partly_told(x, level, random.Random(0))
    assert seen[:, 1].all()
    planes = seen[:, 0].view(200, 2, -1).mean(2)
    told = {tuple(row) for row in planes.tolist()}
    assert told == {(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)}
    assert 0.4 < planes[:, 1].mean() < 0.6 and planes[:, 0].mean() > 0.75
