"""Untrained networks of the real kinds, small enough that a test makes them in a second."""

from __future__ import annotations

from pathlib import Path

import torch

from yozora.model.checkpoint import Header, save
from yozora.model.grid import Grid
from yozora.model.interpolator import Interpolator, InterpolatorSize
from yozora.model.tokenizer import Tokenizer, TokenizerSize
from yozora.model.transformer import Transformer, TransformerSize
from yozora.model.upsampler import Upsampler, UpsamplerSize
from yozora.prompts.vocabulary import words

GRID = Grid(channels=8, width=128, height=64)


def write_tiny_weights(folder: Path, seed: int = 0) -> None:
    """`tokenizer.safetensors` and `transformer.safetensors`, as training would leave them."""
    torch.manual_seed(seed)
    coder_size = TokenizerSize(32, 32, (1, 1), (1, 1), 8)
    coder = Tokenizer(GRID, coder_size)
    header = Header("tokenizer", GRID, coder_size.to_dict())
    save(folder / "tokenizer.safetensors", header, coder.state_dict(), small=True)
    size = TransformerSize(width=64, blocks=2, text_width=64, cross_every=2)
    network = Transformer(GRID, size, len(words()))
    for name, value in network.named_parameters():
        if value.ndim > 1 and not value.any():  # zero at the start of training: let it act
            torch.nn.init.normal_(value, std=0.02)
        assert value.isfinite().all(), name
    header = Header("transformer", GRID, size.to_dict(), words(), {"distilled": False})
    save(folder / "transformer.safetensors", header, network.state_dict(), small=True)


def write_finishing_weights(folder: Path, seed: int = 0) -> None:
    """`upsampler.safetensors` and `interpolator.safetensors`, untrained but never idle."""
    torch.manual_seed(seed)
    up, between = UpsamplerSize(16, 1), InterpolatorSize(16, 16, 1, 1, 16)
    for name, network, size in (
        ("upsampler", Upsampler(up), up),
        ("interpolator", Interpolator(between), between),
    ):
        for value in network.parameters():
            torch.nn.init.normal_(value, std=0.05)
        header = Header(name, GRID, size.to_dict())
        save(folder / f"{name}.safetensors", header, network.state_dict(), small=True)
