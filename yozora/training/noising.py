"""What a network is shown of clean values: noise in the amount of each frame's level."""

# B clips, F latent frames, O outline values a cell, H, W cells

from __future__ import annotations

import torch
from torch import Tensor

from yozora.training.distributed import ALONE, Team

GIVEN_NOISE = 0.3  # most noise on outlines that are given


def noised(
    clean: Tensor,
    level_BF: Tensor,
    context_noise: float,
    shared: float = 0.0,
    team: Team = ALONE,
) -> tuple[Tensor, Tensor]:
    """(x_t, velocity target); known frames (level 0) get a little noise that no one is told of.

    `shared`: of the noise's variance, what a clip's frames have in common.

    The dice fall for the whole team's batch, of which `clean` is this process's part.
    """
    whole, each = team.size * len(clean), clean.shape[2:]
    noise = team.rows(torch.randn(whole, *clean.shape[1:], device=clean.device))
    if shared > 0.0:
        common = team.rows(torch.randn(whole, 1, *each, device=clean.device))
        noise = (1.0 - shared) ** 0.5 * noise + shared**0.5 * common
    t = level_BF[:, :, None, None, None]
    x = (1.0 - t) * clean + t * noise
    if context_noise > 0:
        amount = team.rows(torch.rand(whole, 1, 1, 1, 1, device=clean.device)) * context_noise
        x = torch.where(t > 0, x, clean + amount * noise)
    return x, noise - clean


def worn(outlines_BFOHW: Tensor, team: Team = ALONE) -> Tensor:
    """Outlines that are given, with up to a `GIVEN_NOISE` of noise a clip: as a network makes them.

    What nobody knows stays exactly 0.
    """
    shape = team.size * len(outlines_BFOHW), *outlines_BFOHW.shape[1:]
    noise = torch.randn(shape, device=outlines_BFOHW.device)
    amount = torch.rand(len(noise), 1, 1, 1, 1, device=noise.device) * GIVEN_NOISE
    known = outlines_BFOHW.any(2, keepdim=True)
    return outlines_BFOHW + team.rows(amount * noise) * known
