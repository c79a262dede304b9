"""Attention over normed queries and keys is softmax attention, whole or in parts."""

from __future__ import annotations

import pytest
import torch

from yozora.model.layers import attend, attend_normed, norm


def tokens(heads: int, count: int, seed: int, dtype: torch.dtype) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(2, heads, count, 64, generator=rng).to(dtype)


def exact(q, k, v, bias):
    scores = q.double() @ k.double().transpose(-1, -2) / 8.0
    return (scores if bias is None else scores + bias).softmax(-1) @ v.double()


@pytest.mark.parametrize(("dtype", "most"), [(torch.bfloat16, 0.02), (torch.float32, 1e-5)])
@pytest.mark.parametrize(
    ("heads", "asked", "seen"),
    [(6, 30, 70), (5, 1, 3), (6, 600, 900), (2, 1500, 1500)],  # at once, in twos, one by one
)
@pytest.mark.parametrize("is_padded", [False, True])
def test_it_is_softmax_attention(dtype, most, heads, asked, seen, is_padded):
    q, k = norm(tokens(heads, asked, 1, dtype)), norm(tokens(heads, seen, 2, dtype))
    k[:, :, 0] = q[:, :, 0]  # as large a score as there is
    v = tokens(heads, seen, 3, dtype)
    there = torch.arange(seen) < max(1, seen // 2)
    bias = torch.where(there, 0.0, -1e4).to(dtype)[None, None, None] if is_padded else None
    found, wanted = attend_normed(q, k, v, bias), exact(q, k, v, bias)
    assert found.dtype == dtype
    assert (found.double() - wanted).abs().max() < most * wanted.abs().max()
    assert (attend(q, k, v, bias).double() - wanted).abs().max() < most * wanted.abs().max()


def test_its_gradients_are_softmax_attentions():
    q, k, v = (tokens(6, 600, seed, torch.bfloat16).requires_grad_() for seed in range(3))
    pull = tokens(6, 600, 4, torch.bfloat16)
    one, other = (
        torch.autograd.grad((way(norm(q), norm(k), v) * pull).sum(), (q, k, v))
        for way in (attend_normed, attend)
    )
    for mine, theirs in zip(one, other, strict=True):
        apart = (mine.float() - theirs.float()).norm() / theirs.float().norm()
        assert apart < 0.03
