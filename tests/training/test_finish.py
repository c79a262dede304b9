"""Training of upsampler and interpolator: it lowers the loss, resumes, and refuses in sentences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.test_worker import TINY
from yozora.model.checkpoint import load_interpolator, load_upsampler
from yozora.model.errors import WeightsError
from yozora.model.interpolator import InterpolatorSize
from yozora.model.upsampler import UpsamplerSize
from yozora.training.before import check_run
from yozora.training.errors import TrainingError
from yozora.training.finish_data import FinishClips, between_batch, two_size_batch, worn
from yozora.training.finish_loop import train_finish
from yozora.training.loop import budget
from yozora.training.optim import OptimiserSettings
from yozora.training.recipe import InterpolatorRun, Recipe, UpsamplerRun
from yozora.training.recipe_reading import read_recipe
from yozora.training.shards import Clip, ShardWriter
from yozora.training.ship import check_ship

RATES = OptimiserSettings(muon_lr=0.01, adam_lr=3e-3, warmup=5)


def picture(rng: np.random.Generator, side: int, shift: float = 0.0) -> np.ndarray:
    """Bright discs on dark, drawn at any size: edges that a plain enlargement blurs."""
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    out = np.full((side, side, 3), 40.0)
    for colour in ((230, 60, 50), (60, 220, 90), (240, 240, 120)):
        cy, cx = rng.uniform(0.2, 0.8, 2)
        out[(y - cy) ** 2 + (x - cx - shift) ** 2 < 0.03] = colour
    return out


def drawn(seed: int, side: int, shift: float = 0.0, fine: int = 4) -> np.ndarray:
    """With `fine` x `fine` samples a pixel: uint8 (side, side, 3)."""
    large = picture(np.random.default_rng(seed), side * fine, shift)
    return large.reshape(side, fine, side, fine, 3).mean((1, 3)).round().astype(np.uint8)


def write_shards(folder: Path, kind: str, shards: int = 2, clips: int = 6) -> None:
    for index in range(shards):
        writer = ShardWriter(folder, f"shard-{index:05d}")
        for number in range(clips):
            seed = 100 * index + number
            if kind == "upsampler":
                small = np.repeat(drawn(seed, 32)[None], 3, 0)
                arrays = {"small": small, "large": drawn(seed, 64, fine=2)[None]}
            else:
                arrays = {"frames": np.stack([drawn(seed, 32, 0.03 * t) for t in range(9)])}
            writer.add(Clip(fps=12, captions=()), arrays)
        writer.close()


def recipe(home: Path, steps: int) -> Recipe:
    up = UpsamplerRun(UpsamplerSize(16, 2, 1), RATES, steps=steps, batch=4, crop=32, soft_share=0.2)
    size = InterpolatorSize(16, 32, 1, 1, 24)
    between = InterpolatorRun(size, RATES, steps=steps, batch=4, crop=32)
    return Recipe(
        "finish-test", upsampler=up, interpolator=between, threads=1, home=str(home),
        log_every_s=1e9,
    )  # fmt: skip


def logged(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("kind", ["upsampler", "interpolator"])
def test_training_beats_the_plain_way_and_resumes(tmp_path: Path, kind: str) -> None:
    data, folder = tmp_path / "data", tmp_path / kind
    write_shards(data, kind)
    made = train_finish(kind, recipe(tmp_path, 60), folder, data)
    rows = logged(folder)
    assert rows[0]["gain_db"] > 0.0 and np.isfinite(rows[0]["loss"])
    assert "db" in rows[-1] and np.isfinite(rows[-1]["db"])
    network, header = (load_upsampler if kind == "upsampler" else load_interpolator)(made)
    assert header.facts and header.facts["steps"] == 60
    assert all(p.isfinite().all() for p in network.parameters())
    train_finish(kind, recipe(tmp_path, 70), folder, data)  # goes on from the sixtieth
    assert [row["step"] for row in logged(folder) if "step" in row] == [60, 70]
    assert torch.load(folder / "state.pt", weights_only=True)["steps"] == 70
    other = load_interpolator if kind == "upsampler" else load_upsampler
    with pytest.raises(WeightsError, match=f"holds an? {kind}"):
        other(made)


def test_batches_are_of_what_is_there(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for kind in ("upsampler", "interpolator"):
        write_shards(tmp_path / kind, kind, shards=1)
    run = UpsamplerRun(UpsamplerSize(around=1), batch=3, crop=24, soft_share=1.0)
    windows, wanted = two_size_batch(FinishClips(tmp_path / "upsampler"), run, rng)
    assert windows.shape == (3, 3, 24, 24, 3) and wanted.shape == (3, 48, 48, 3)
    large = wanted.float().view(3, 24, 2, 24, 2, 3).mean((2, 4))
    assert (windows[:, 1].float() - large).abs().mean() < 12, "the same place in both sizes"
    between = InterpolatorRun(batch=5, crop=96)  # more than the pictures have
    before, after, middle, time = between_batch(
        FinishClips(tmp_path / "interpolator"), between, rng
    )
    assert before.shape == after.shape == middle.shape == (5, 32, 32, 3)
    assert ((time > 0) & (time < 1)).all()
    soft = worn(np.full((3, 8, 8, 3), 99, np.uint8), rng)
    assert soft.shape == (3, 8, 8, 3) and abs(soft.mean() - 99) < 2


@pytest.mark.parametrize("kind", ["upsampler", "interpolator"])
def test_what_cannot_be_is_said_before_rendering(tmp_path: Path, kind: str) -> None:
    told = read_recipe(TINY)
    assert f"{told.name}: 8 scenes" in budget(told, kind)
    films = tmp_path / "films.toml"
    films.write_text('[data]\nsource = "folder"\npath = "x"\n')
    with pytest.raises(TrainingError, match="renders alone"):
        check_run(kind, read_recipe(films), tmp_path, None, False)
    write_shards(tmp_path / "data", kind)
    made = train_finish(kind, recipe(tmp_path, 1), tmp_path / kind, tmp_path / "data")
    check_run(kind, recipe(tmp_path, 2), tmp_path, made, False)
    with pytest.raises(TrainingError, match="another size"):
        check_run(kind, told, tmp_path / "elsewhere", made, False)
    check_ship(kind, tmp_path, told.grid, None, tmp_path)  # fits any weights beside it


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("[upsampler]\nscenes = 0", "upsampler.scenes", "1 to"),
        ("[upsampler]\ncrop = 8", "upsampler.crop", "16 to"),
        ("[upsampler]\nsoft_share = 2.0", "upsampler.soft_share", "0 to 1"),
        ("[upsampler.size]\naround = 2", "upsampler.size.around", "0 to 1"),
        ("[upsampler.size]\nwidth = 0", "upsampler.size.width", "1 to"),
        ("[upsampler]\nminutes = 0", "upsampler.minutes", "set one"),
        ("[upsampler]\nbatch = 4096\ncrop = 2048", "upsampler.batch", "fewer crops"),
        ("[interpolator]\nmoments = 0", "interpolator.moments", "1 to"),
        ("[interpolator]\ncrops = 0", "interpolator.crops", "1 to"),
        ("[interpolator]\nema = 1.5", "interpolator.ema", "0 to 1"),
        ("[interpolator.size]\ncoarse_blocks = 999", "size.coarse_blocks", "0 to 128"),
        ("[interpolator.optimiser]\nclip = 0.0", "interpolator.optimiser.clip", "above 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(TrainingError) as told:
        read_recipe(path)
    assert place in str(told.value) and remedy in str(told.value)
