"""The text encoder: words of the caption language to vectors. Small, trained with the model."""

# U captions, L words, D channels

from __future__ import annotations

import torch
from torch import Tensor, nn

from yozora.model.layers import Mlp, attend, norm

PAD = 0  # must equal prompts.vocabulary.PAD
LOUD = 10.0  # of a word's own vector: it begins at 0, and should be heard soon
QUESTIONS = 4  # each reads the words of a caption its own way


class TextBlock(nn.Module):
    """Pre-norm self-attention and MLP over the words of one caption."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        self.mlp = Mlp(channels, 4 * channels)
        self.scale_mix = nn.Parameter(torch.ones(channels))
        self.scale_mlp = nn.Parameter(torch.ones(channels))

    def forward(self, x_ULD: Tensor, bias: Tensor) -> Tensor:
        u, length, d = x_ULD.shape
        qkv = self.qkv(norm(x_ULD) * self.scale_mix).view(u, length, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        x = x_ULD + self.out(attend(q, k, v, bias).transpose(1, 2).reshape(u, length, d))
        return x + self.mlp(norm(x) * self.scale_mlp)


class TextEncoder(nn.Module):
    """Word ids (U, L) -> word vectors (U, L, D), one pooled vector (U, D), and the padding bias."""

    def __init__(
        self,
        words: int,
        channels: int,
        out: int,
        blocks: int = 2,
        longest: int = 48,
        bag: bool = False,
    ) -> None:
        """`bag`: each word also adds to the pooled vector what it says by itself."""
        super().__init__()
        if bag:
            self.bag = nn.Embedding(words, out)
            nn.init.zeros_(self.bag.weight)
        self.embed = nn.Embedding(words, channels)
        self.place = nn.Parameter(torch.zeros(longest, channels))
        self.blocks = nn.ModuleList([TextBlock(channels, channels // 64) for _ in range(blocks)])
        self.project = nn.Linear(channels, out)
        self.pool = nn.Linear(channels, out)
        self.ask = nn.Parameter(torch.randn(QUESTIONS, channels) * 0.1)
        self.told = nn.Linear(QUESTIONS * channels, out)
        nn.init.normal_(self.embed.weight, std=0.5)
        nn.init.normal_(self.place, std=0.1)

    def forward(self, ids_UL: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        there = (ids_UL != PAD).to(self.place.dtype)
        bias = (there - 1.0)[:, None, None, :] * 1e4
        x = self.embed(ids_UL) + self.place[: ids_UL.shape[1]]
        for block in self.blocks:
            x = block(x, bias)
        x = norm(x)
        mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1.0)
        # a mean drowns "dog" among commas and cameras: a few questions look for their own words
        scores = x @ self.ask.T + bias[:, 0, 0, :, None]  # (U, L, questions)
        answers = scores.softmax(1).transpose(1, 2) @ x
        pooled = self.pool(mean) + self.told(answers.flatten(1))
        if hasattr(self, "bag"):
            pooled = pooled + LOUD * (self.bag(ids_UL) * there[..., None]).sum(1)
        return self.project(x), pooled, bias
