"""The transformer's block: what tokens tell each other, what they read, what each makes of it."""

# B batch, F latent frames, N tokens a frame, D channels, H heads, E channels a head
# U captions, L words, G groups of tokens that read one caption, S tokens in all

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from yozora.model.layers import Mlp, attend_normed, norm, rotate

HEAD = 64  # channels a head


@dataclass(frozen=True, slots=True)
class TextContext:
    """Encoded captions, made once a clip: words (U, L, D), pooled (U, D), padding bias."""

    words_ULD: Tensor
    pooled_UD: Tensor
    bias: Tensor


class Block(nn.Module):
    """Modulated self-attention, cross-attention where asked, modulated MLP."""

    def __init__(self, width: int, cross: bool) -> None:
        super().__init__()
        self.heads = width // HEAD
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.mlp = Mlp(width, 4 * width)
        self.table = nn.Parameter(torch.randn(6, width) * 0.02)
        self.cross_q = nn.Linear(width, width) if cross else None
        self.cross_kv = nn.Linear(width, 2 * width) if cross else None
        self.cross_out = nn.Linear(width, width) if cross else None

    def attended(
        self,
        x_BSD: Tensor,
        mod: Modulation,
        cos: Tensor,
        sin: Tensor,
        memory: Memory | None = None,
    ) -> Tensor:
        """x and what its tokens tell each other."""
        return mod.gated(x_BSD, self.self_attention(mod.shifted(x_BSD, 0), cos, sin, memory), 2)

    def thought(self, x_BSD: Tensor, mod: Modulation) -> Tensor:
        """x and what each token makes of itself."""
        return mod.gated(x_BSD, self.mlp(mod.shifted(x_BSD, 3)), 5)

    def self_attention(
        self, x_BSD: Tensor, cos: Tensor, sin: Tensor, memory: Memory | None = None
    ) -> Tensor:
        b, s, d = x_BSD.shape
        q, k, v = self.qkv(x_BSD).view(b, s, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        q, k = rotate(norm(q), cos, sin), rotate(norm(k), cos, sin)
        if memory is not None:
            k, v = memory.joined(k, v)
        return self.out(attend_normed(q, k, v).transpose(1, 2).reshape(b, s, d))

    def told(self, x_GND: Tensor, text: TextContext, caption_G: Tensor | None) -> Tensor:
        """x and what G groups of tokens each read in their caption; None: group i reads i."""
        assert self.cross_q and self.cross_kv and self.cross_out
        g, n, d = x_GND.shape
        u, length, _ = text.words_ULD.shape
        q = norm(self.cross_q(norm(x_GND)).view(g, n, self.heads, HEAD).transpose(1, 2))
        kv = self.cross_kv(text.words_ULD).view(u, length, 2, self.heads, HEAD)
        k, v = kv.permute(2, 0, 3, 1, 4)
        bias = text.bias
        if caption_G is not None:
            k, v, bias = k[caption_G], v[caption_G], bias[caption_G]
        y = attend_normed(q, norm(k), v, bias).transpose(1, 2).reshape(g, n, d)
        return x_GND + self.cross_out(y)


class Memory:
    """Keys and values of tokens that stand, in one block: the first call writes them, each later
    one, on other tokens, sees them. What the first row of a batch saw is what all see."""

    def __init__(self, stand_S: Tensor) -> None:
        """`stand_S`: where they are among the tokens of the first call."""
        self.stand_S = stand_S
        self.seen: tuple[Tensor, Tensor] | None = None

    def joined(self, k_BHSE: Tensor, v_BHSE: Tensor) -> tuple[Tensor, Tensor]:
        if self.seen is None:
            self.seen = k_BHSE[:1, :, self.stand_S], v_BHSE[:1, :, self.stand_S]
            return k_BHSE, v_BHSE
        before = (one.expand(len(k_BHSE), -1, -1, -1) for one in self.seen)
        pairs = zip(before, (k_BHSE, v_BHSE), strict=True)
        k, v = (torch.cat(pair, 2) for pair in pairs)
        return k, v


@dataclass(frozen=True, slots=True)
class Modulation:
    """One block's shifts, scales and gates: each frame's for its tokens, one for references."""

    frames_BF16D: Tensor
    references_B16D: Tensor | None
    tokens: int  # a frame

    def shifted(self, x_BSD: Tensor, at: int) -> Tensor:
        """norm(x) scaled by 1 + row `at` + 1 and moved by row `at`."""
        m, ref = self.frames_BF16D, self.references_B16D
        b, f, n = m.shape[0], m.shape[1], self.tokens
        y = norm(x_BSD)
        head = y[:, : f * n].view(b, f, n, -1)
        head = torch.addcmul(m[:, :, :, at], head, 1.0 + m[:, :, :, at + 1])
        head = head.reshape(b, f * n, -1)
        if ref is None:
            return head
        return torch.cat([head, ref[:, :, at] + y[:, f * n :] * (1.0 + ref[:, :, at + 1])], 1)

    def gated(self, x_BSD: Tensor, y_BSD: Tensor, at: int) -> Tensor:
        """x + y times row `at`."""
        m, ref = self.frames_BF16D, self.references_B16D
        b, f, n = m.shape[0], m.shape[1], self.tokens
        shape = (b, f, n, x_BSD.shape[-1])
        x, y = x_BSD[:, : f * n].view(shape), y_BSD[:, : f * n].view(shape)
        head = torch.addcmul(x, y, m[:, :, :, at]).reshape(b, f * n, -1)
        if ref is None:
            return head
        return torch.cat([head, x_BSD[:, f * n :] + y_BSD[:, f * n :] * ref[:, :, at]], 1)
