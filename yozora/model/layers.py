"""The few layers that every network here shares, written for CPUs with bf16 matrix units.

Measured on two cores (docs/log.md): in bf16 with matrix units attention written out is 6 times
faster than the fused call at 64-400 tokens, without them as fast; with exponentials alone and in
parts twice as fast as either at 1,728 (benchmarks/attention.py). In float32 the fused call is as
fast or faster. LayerNorm is 7 times faster than RMSNorm, SiLU 4 times than GELU.
"""

# B batch, T tokens, H heads, D channels, E channels a head, P pairs of channels that rotate

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MOST_SCORES = 1 << 22  # at a time: more are out of the caches, and their memory is mapped each time


def norm(x: Tensor) -> Tensor:
    """LayerNorm over the last axis, without parameters: the modulation supplies those."""
    return F.layer_norm(x, x.shape[-1:])


def attend(q_BHTE: Tensor, k_BHSE: Tensor, v_BHSE: Tensor, bias: Tensor | None = None) -> Tensor:
    """Softmax attention; `bias` is added to the scores and broadcasts to (B, H, T, S)."""
    if q_BHTE.is_cuda or q_BHTE.dtype == torch.float32:
        return F.scaled_dot_product_attention(q_BHTE, k_BHSE, v_BHSE, attn_mask=bias)
    scores = (q_BHTE * (1.0 / math.sqrt(q_BHTE.shape[-1]))) @ k_BHSE.transpose(-1, -2)
    if bias is not None:
        scores = scores + bias
    return scores.softmax(-1) @ v_BHSE


def attend_normed(
    q_BHTE: Tensor, k_BHSE: Tensor, v_BHSE: Tensor, bias: Tensor | None = None
) -> Tensor:
    """`attend` for queries and keys that went through `norm`: no score is above sqrt(E), so none
    needs the largest one taken off before its exponential. `bias` is 0 or below."""
    if q_BHTE.is_cuda or q_BHTE.dtype == torch.float32:
        return attend(q_BHTE, k_BHSE, v_BHSE, bias)
    b, _, t, e = q_BHTE.shape
    heads = max(1, MOST_SCORES // (b * t * k_BHSE.shape[2]))
    parts = []
    for q, k, v in zip(*(one.split(heads, 1) for one in (q_BHTE, k_BHSE, v_BHSE)), strict=True):
        scores = (q * (1.0 / math.sqrt(e))) @ k.transpose(-1, -2)
        weight = (scores if bias is None else scores + bias).exp_()
        parts.append(weight @ v / weight.sum(-1, keepdim=True))
    return parts[0] if len(parts) == 1 else torch.cat(parts, 1)


def sinusoid(value: Tensor, channels: int, max_period: float = 1000.0) -> Tensor:
    """Sinusoidal embedding of numbers in about 0..1: (...) -> (..., channels), float32."""
    half = channels // 2
    frequency = torch.exp(
        torch.arange(half, device=value.device, dtype=torch.float32)
        * (-math.log(max_period) / half)
    )
    angle = value.float()[..., None] * frequency * 1000.0
    return torch.cat([angle.cos(), angle.sin()], -1)


def rotary_angles(position_A: Tensor, pairs: tuple[int, ...], spans: tuple[float, ...]) -> Tensor:
    """Angles of rotary embedding over several axes: positions (..., A) -> (..., P), float32.

    Axis `a` gets `pairs[a]` channel pairs whose wavelengths run geometrically from a quarter of
    one unit's resolution up to `spans[a]`, the longest distance told apart.
    Rotary embedding: arXiv 2104.09864; several axes as in video transformers since 2024.
    """
    parts = []
    for axis, (count, span) in enumerate(zip(pairs, spans, strict=True)):
        power = torch.arange(count, device=position_A.device, dtype=torch.float32)
        slowest = 2.0 * math.pi / span
        fastest = math.pi / (span / 32.0)
        rate = fastest * (slowest / fastest) ** (power / max(count - 1, 1))
        parts.append(position_A[..., axis : axis + 1].float() * rate)
    return torch.cat(parts, -1)


def rotate(x_BHTE: Tensor, cos_TP: Tensor, sin_TP: Tensor) -> Tensor:
    """Rotate channel pairs (first half with second half) by each token's angles."""
    a, b = x_BHTE.chunk(2, -1)
    return torch.cat([a * cos_TP - b * sin_TP, b * cos_TP + a * sin_TP], -1)


class Mlp(nn.Module):
    """Two linears with SiLU between."""

    def __init__(self, channels: int, hidden: int, out: int | None = None) -> None:
        super().__init__()
        self.up = nn.Linear(channels, hidden)
        self.down = nn.Linear(hidden, out or channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.up(x)))


class ResidualBlock(nn.Module):
    """x + conv1x1(ReLU(conv3x3(x))) on (N, C, H, W): without norms, so that contrast is kept."""

    def __init__(self, channels: int, bias: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=bias)
        self.out = nn.Conv2d(channels, channels, 1, bias=bias)
        nn.init.normal_(self.out.weight, std=0.02)
        if self.out.bias is not None:
            nn.init.zeros_(self.out.bias)

    def forward(self, x_NCHW: Tensor) -> Tensor:
        return self.out(F.relu_(self.conv(x_NCHW))).add_(x_NCHW)


def compute_dtype(device: torch.device | str = "cpu") -> torch.dtype:
    """bfloat16 where the machine has units for it, float32 elsewhere."""
    if torch.device(device).type == "cuda":
        return torch.bfloat16
    caps = torch.backends.cpu.get_cpu_capability()
    fast = caps.startswith("AVX512") and torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if fast else torch.float32
