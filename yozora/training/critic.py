"""A critic for the decoder: it learns to tell decoded frames from rendered ones.

Squared error alone paints the mean of what latents leave open: blur. The critic pulls decoded
frames towards what renders look like (adversarial training as in VQGAN, arXiv 2012.09841; hinge
loss), and its features towards those of the very clip. It looks at k frames that begin anywhere, so
that the joins between latent frames are looked at as everything else is.
"""

# B clips, T pixel frames, k frames a look, Y, X pixels

from __future__ import annotations

import itertools
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from yozora.model.layers import compute_dtype

SIDE = 4  # pixels a side of what the first linear sees: whole edges, not points
WIDTHS = (96, 160, 256)  # channels at SIDE pixels a cell, then at twice as many each
LIKENESS = 4.0  # weight of the features beside the verdict


class Critic(nn.Module):
    """Frames (B, k, 3, Y, X) in -1..1 -> verdicts (B, 1, y, x), and the features on the way."""

    def __init__(self, frames: int) -> None:
        super().__init__()
        self.inside = spectral_norm(nn.Conv2d(frames * 3, WIDTHS[0], SIDE, SIDE))
        pairs = itertools.pairwise(WIDTHS)
        self.down = nn.ModuleList(spectral_norm(nn.Conv2d(a, b, 4, 2, 1)) for a, b in pairs)
        self.same = nn.ModuleList(spectral_norm(nn.Conv2d(n, n, 3, 1, 1)) for n in WIDTHS)
        self.verdict = spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 3, 1, 1))

    def forward(self, video_BkCYX: Tensor) -> tuple[Tensor, list[Tensor]]:
        y = F.leaky_relu(self.inside(video_BkCYX.flatten(1, 2)), 0.2)
        features = []
        for at, same in enumerate(self.same):
            y = F.leaky_relu(y + same(y), 0.2)
            features.append(y)
            if at < len(self.down):
                y = F.leaky_relu(self.down[at](y), 0.2)
        return self.verdict(y), features


class Opponent:
    """The critic, its optimiser and their turn in a training step."""

    def __init__(self, frames: int, device: torch.device, lr: float = 4e-4) -> None:
        self.frames = frames
        self.critic = Critic(frames).to(device)
        self.optimiser = torch.optim.AdamW(
            self.critic.parameters(), lr, betas=(0.5, 0.95), weight_decay=1e-3
        )

    def pull(self, out_BTCYX: Tensor, video_BTCYX: Tensor, share: float) -> Tensor:
        """The gradient for decoded frames, (B, T, 3, Y, X): of 4 times their squared error, and
        of the critic's wish, made `share` times as large. The critic takes a step of its own.

        Relative, so that neither drowns the other while the error falls.
        """
        first = int(torch.randint(out_BTCYX.shape[1] - self.frames + 1, ()))
        seen = slice(first, first + self.frames)
        out, video = out_BTCYX.detach().float(), video_BTCYX.float()
        error = out - video
        plain = error * (8.0 / error.numel())
        fake = out[:, seen].clamp(-1.0, 1.0).requires_grad_()
        half = compute_dtype(fake.device) is torch.bfloat16
        with torch.autocast(fake.device.type, torch.bfloat16, enabled=half):
            self.learn(fake.detach(), video[:, seen])
            self.critic.requires_grad_(False)
            verdict, features = self.critic(fake)
            with torch.no_grad():
                _, meant = self.critic(video[:, seen])
            self.critic.requires_grad_(True)
        unlike = [F.l1_loss(a.float(), b.float()) for a, b in zip(features, meant, strict=True)]
        wish = LIKENESS * torch.stack(unlike).sum() - verdict.float().mean()
        (pull,) = torch.autograd.grad(wish, fake)
        whole = torch.zeros_like(plain)
        whole[:, seen] = pull * (share * plain.norm() / pull.norm().clamp(min=1e-12))
        return plain + whole

    def learn(self, fake: Tensor, real: Tensor) -> None:
        """One step of the critic: hinge loss on both."""
        verdict, _ = self.critic(torch.cat([fake, real]))
        made, true = verdict.float().chunk(2)
        loss = F.relu(1.0 + made).mean() + F.relu(1.0 - true).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.loss = loss.item()

    def state(self) -> dict[str, Any]:
        return {"critic": self.critic.state_dict(), "optimiser": self.optimiser.state_dict()}

    def load(self, state: dict[str, Any]) -> None:
        self.critic.load_state_dict(state["critic"])
        self.optimiser.load_state_dict(state["optimiser"])
