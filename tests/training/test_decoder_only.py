"""Training the decoder alone leaves the latents as they are, to the last bit."""

import dataclasses

import numpy as np
import pytest
import torch

from tests.fakes.weights import GRID, write_tiny_weights
from yozora.model.checkpoint import load_tokenizer
from yozora.training.errors import TrainingError
from yozora.training.optim import OptimiserSettings
from yozora.training.recipe import DataSettings, Recipe, TokenizerRun
from yozora.training.shards import Clip, ShardWriter
from yozora.training.tokenizer_loop import train_tokenizer


@pytest.fixture
def shards(tmp_path):
    rng = np.random.default_rng(0)
    for index in range(2):
        writer = ShardWriter(tmp_path / "pixels", f"shard-{index:05d}")
        frames = rng.integers(0, 256, (4, 64, 128, 3), np.uint8)
        writer.add(Clip(12.0, ("a dog",)), {"frames": frames})
        writer.close()
    return tmp_path / "pixels"


def recipe_for(size) -> Recipe:
    run = TokenizerRun(
        size=size,
        optimiser=OptimiserSettings(warmup=1),
        steps=8,  # and an average that follows: int8 rows hide the first steps
        ema=0.5,
        batch=1,
        frames=1,
        crop=64,
        decoder_only=True,
    )
    return Recipe("decoder", grid=GRID, data=DataSettings(), tokenizer=run, threads=1)


def test_the_latents_stay_and_the_pictures_change(tmp_path, shards):
    write_tiny_weights(tmp_path)
    before, _ = load_tokenizer(tmp_path / "tokenizer.safetensors")
    recipe = recipe_for(before.size)
    made = train_tokenizer(recipe, tmp_path / "run", shards, tmp_path / "tokenizer.safetensors")
    after, _ = load_tokenizer(made)
    video = torch.rand(1, 4, 3, 64, 128) * 2 - 1
    with torch.no_grad():
        z = before.encode(video)
        assert torch.equal(z, after.encode(video))
        assert not torch.allclose(before.decode(z), after.decode(z), atol=1e-3)


def test_without_weights_to_start_from_there_is_a_sentence(tmp_path, shards):
    write_tiny_weights(tmp_path)
    before, _ = load_tokenizer(tmp_path / "tokenizer.safetensors")
    recipe = dataclasses.replace(recipe_for(before.size))
    with pytest.raises(TrainingError, match="--init-from"):
        train_tokenizer(recipe, tmp_path / "run", shards)
