"""Where subjects are, as the transformer learns it: a part of what it makes, and a thing it tells.

Outlines are values of the state beside the latents (ADR 14): 1 on a subject, -1 off it, noised and
denoised with the picture, so that a shape is settled before its texture. A second plane of them
tells whose shape it is: 1 on the first subject, -1 on another, 0 off both. Where nobody knows them
they are 0 and carry no loss: clips without labels, and known frames, half the time, as at use.
"""

# B batch, F latent frames, P planes, O outline values a cell, H, W cells

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor, nn

from yozora.model.grid import FINE
from yozora.model.outlines import PLANES, values_of
from yozora.training.latent_clips import Batch

HIDDEN = 0.5  # share of clips whose known frames come without outlines
HIDDEN_WHOLE, HIDDEN_SECOND = 0.3, 0.7  # of clips that the outliner sees, to one that is told all


def outlines_of(
    batch: Batch, level_BF: Tensor, rng: random.Random, planes: int = 1
) -> tuple[Tensor, Tensor]:
    """Clean values (B, F, O, H, W) of so many planes, and where they are to be learnt (B, F, 1, H,
    W)."""
    b, f, _, h, w = batch.latents_BFCHW.shape
    device = level_BF.device
    if batch.outline_BFPHW is None or not planes:
        nothing = torch.zeros(b, f, planes * FINE**2, h, w, device=device)
        return nothing, torch.zeros(b, f, 1, h, w, device=device)
    shares = batch.outline_BFPHW.reshape(b * f, *batch.outline_BFPHW.shape[2:])
    cells = values_of(shares)[:, : planes * FINE**2].reshape(b, f, planes * FINE**2, h, w)
    value = torch.from_numpy(np.ascontiguousarray(cells)).to(device).float()
    told = ~value.isnan().any(2, keepdim=True)
    hidden_B = torch.tensor([rng.random() < HIDDEN for _ in range(b)], device=device)
    hidden_BF = hidden_B[:, None] & (level_BF <= 0)
    value = value.nan_to_num() * ~hidden_BF[:, :, None, None, None]
    return value, told.float()


def outline_velocity_loss(error_BFOHW: Tensor, told_BF1HW: Tensor, level_BF: Tensor) -> Tensor:
    """Mean squared error of the outlines' velocity where they are told and noised; else 0."""
    scored = told_BF1HW * (level_BF > 0)[:, :, None, None, None]
    total = (error_BFOHW.float().square().mean(2, keepdim=True) * scored).sum()
    return total / scored.sum().clamp(min=1.0)


def outline_loss(logits_BFHW: Tensor, batch: Batch) -> Tensor:
    """Cross entropy of where subjects are, over the clips whose labels tell it; else 0.

    A clean target for what velocity tells through noise: the shape (ADR 12).
    """
    if batch.outline_BFPHW is None:
        return logits_BFHW.sum() * 0.0  # every parameter has a gradient, for the team's sake
    share = torch.from_numpy(batch.outline_BFPHW[:, :, 0]).to(logits_BFHW.device).float()
    told = ~share.isnan()
    error = nn.functional.binary_cross_entropy_with_logits(
        logits_BFHW, share.nan_to_num(), reduction="none"
    )
    return (error * told).sum() / told.sum().clamp(min=1)


def partly_told(x_BFOHW: Tensor, level_BF: Tensor, rng: random.Random) -> Tensor:
    """What outliner and planner see: of known frames of some clips nothing, of others only the
    first plane, which is all that can be told of a picture (ADR 12)."""
    planes, each = PLANES, x_BFOHW.shape[2] // PLANES
    seen_B = [rng.choices((0, 1, planes), (HIDDEN_WHOLE, HIDDEN_SECOND, 1.0))[0] for _ in x_BFOHW]
    kept = torch.tensor([[p < seen for p in range(planes)] for seen in seen_B])
    kept = kept.repeat_interleave(each, 1).to(x_BFOHW.device)[:, None, :, None, None]
    return x_BFOHW * (kept | (level_BF > 0)[:, :, None, None, None])
