"""The decoder learns from what the transformer makes of renders' latents, and from the renders."""

import dataclasses
import random

import numpy as np
import pytest
import torch

from tests.fakes.weights import GRID, write_tiny_weights
from tests.training.test_decoder_only import recipe_for
from yozora.model.checkpoint import load_tokenizer
from yozora.training.errors import TrainingError
from yozora.training.loop import train
from yozora.training.recipe import DataSettings
from yozora.training.render_world import drawn
from yozora.training.reworks import check_beside, pair, rework_shard, reworker
from yozora.training.shards import Clip, Shard, ShardWriter
from yozora.training.tokenizer_loop import train_tokenizer, unsteadiness

K, CELL = GRID.frames_per_latent, GRID.cell_px
ROWS, COLS = GRID.height // CELL, GRID.width // CELL


def numbered(folder, count: int = 3):
    """A shard of one clip whose every cell says where it is, in latents and in pixels."""
    f, r, c = np.meshgrid(np.arange(count), np.arange(ROWS), np.arange(COLS), indexing="ij")
    number = f * ROWS * COLS + r * COLS + c
    latents = np.repeat(number[:, None], GRID.channels, 1)
    large = number.repeat(K, 0).repeat(CELL, 1).repeat(CELL, 2)
    writer = ShardWriter(folder, "shard-00000")
    frames = np.repeat(large[..., None], 3, 3).astype(np.uint8)
    writer.add(Clip(12.0, ("a dog",) * count), {"frames": frames, "latents": latents})
    shard = Shard(writer.close())
    return shard, shard.clips[0]


@pytest.mark.parametrize(("count", "side"), [(1, CELL), (2, 2 * CELL), (3, 4 * CELL)])
def test_a_pair_shows_the_same_cells_with_a_neighbour_at_each_end(tmp_path, count, side):
    shard, clip = numbered(tmp_path)
    rng = np.random.default_rng(0)
    for _ in range(20):
        frames, latents = pair(shard, clip, rng, count, side, CELL)
        assert frames.shape == (count * K, side, side, 3)
        assert latents.shape == (count + 2, GRID.channels, side // CELL, side // CELL)
        assert np.array_equal(frames[::K, ::CELL, ::CELL, 0], latents[1:-1, 0])
        assert np.array_equal(frames[K - 1 :: K, CELL - 1 :: CELL, CELL - 1 :: CELL, 0],
                              latents[1:-1, 0])  # fmt: skip
        first = latents[:, 0, 0, 0] // (ROWS * COLS)
        assert first.tolist() == [max(first[1] - 1, 0), *first[1:-1], min(first[-2] + 1, 2)]


def test_unsteadiness_is_the_gradient_of_what_changes_from_frame_to_frame():
    error = torch.randn(2, 8, 3, 4, 4, dtype=torch.float64, requires_grad=True)
    (4.0 * error.diff(dim=1).square().sum() / error.numel()).backward()
    assert torch.allclose(unsteadiness(error.detach()), error.grad)
    still = torch.ones(1, 8, 3, 4, 4)
    assert not unsteadiness(still).any(), "an error that stays is steady"


def test_a_shard_of_reworks_holds_renders_and_what_became_of_their_latents(tmp_path):
    write_tiny_weights(tmp_path)
    plain = recipe_for(None)
    recipe = dataclasses.replace(
        plain,
        tokenizer=dataclasses.replace(plain.tokenizer, rework_from=(0.3, 0.3)),
        data=DataSettings(
            scenes_a_shard=2, sizes=((128, 64, 1.0),), lengths=((2, 1.0),), reference_share=0.0
        ),
    )
    coder, _ = load_tokenizer(tmp_path / "tokenizer.safetensors")
    rework = reworker(tmp_path / "tokenizer.safetensors")
    shard = Shard(rework_shard(recipe, tmp_path / "reworks", 0, {}, rework))
    assert len(shard.clips) == 2
    rng = random.Random(f"{recipe.data.seed}/0/reworked")
    scene, *_ = drawn(recipe, rng, {})
    assert shard.clips[0].scene == scene.to_json()
    for clip in shard.clips:
        frames = shard.read(clip, "frames")
        video = torch.from_numpy(frames.copy()).permute(0, 3, 1, 2)[None].float() / 127.5 - 1.0
        with torch.no_grad():
            own = coder.encode(video)[0].numpy()
        made = shard.read(clip, "latents").astype(np.float32)
        assert made.shape == own.shape and np.isfinite(made).all()
        off = np.abs(made - own).mean()
        others = np.abs(made - own[:, :, ::-1, ::-1]).mean()
        assert 0.01 < off < others, "changed, and still of this render"


def test_the_decoder_learns_to_show_the_render(tmp_path):
    write_tiny_weights(tmp_path)
    weights = tmp_path / "tokenizer.safetensors"
    before, _ = load_tokenizer(weights)
    rng = np.random.default_rng(0)
    for index in range(2):
        writer = ShardWriter(tmp_path / "reworks", f"shard-{index:05d}")
        frames = np.full((2 * K, 64, 128, 3), 40, np.uint8)
        latents = rng.standard_normal((2, GRID.channels, ROWS, COLS)) + 1.0
        writer.add(Clip(12.0, ("a dog",) * 2), {"frames": frames, "latents": latents})
        writer.close()
    recipe = recipe_for(before.size)
    run = dataclasses.replace(recipe.tokenizer, steps=40, reworked=1.0, steady=1.0)
    recipe = dataclasses.replace(recipe, tokenizer=run)
    made = train_tokenizer(recipe, tmp_path / "run", tmp_path / "reworks", weights)
    after, _ = load_tokenizer(made)
    seen = torch.from_numpy(latents[None]).float()
    with torch.no_grad():
        old, new = (
            (coder.decode(seen) - (40 / 127.5 - 1.0)).square().mean() for coder in (before, after)
        )
    assert new < 0.5 * old


def test_without_a_transformer_beside_it_there_is_a_sentence(tmp_path):
    write_tiny_weights(tmp_path)
    weights = tmp_path / "tokenizer.safetensors"
    check_beside(weights)
    (tmp_path / "transformer.safetensors").unlink()
    text = (
        f'home = "{tmp_path / "run"}"\nname = "alone"\n[grid]\nwidth = 128\nheight = 64\n'
        "channels = 8\n[data]\nsizes = [[128, 64, 1.0]]\nreference_share = 0.0\n[tokenizer]\n"
        "steps = 1\ncrop = 64\ndecoder_only = true\nreworked = 0.5\n[tokenizer.size]\nfine = 32\n"
        "coarse = 32\nencoder_blocks = [1, 1]\ndecoder_blocks = [1, 1]\nsmooth = 8\n"
    )
    (tmp_path / "alone.toml").write_text(text)
    with pytest.raises(TrainingError, match="no transformer beside"):
        train("tokenizer", tmp_path / "alone.toml", init_from=weights)
    assert not list(tmp_path.glob("run/data/*/*")), "refused before rendering"
