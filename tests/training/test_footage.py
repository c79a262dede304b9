"""Real videos become clips: cut at scenes, at the grid's rate and sizes, refusals respected."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.media.video import write_mp4
from yozora.model.grid import Grid
from yozora.training import footage
from yozora.training.errors import TrainingError
from yozora.training.footage_films import films_of
from yozora.training.recipe import DataSettings, Recipe
from yozora.training.shards import Clip, Shard, shard_paths

pytest.importorskip("scenedetect", reason="needs the train extra")

GRID = Grid(fps=12, frames_per_latent=4, cell_px=16, channels=8, width=64, height=48)
SIZES = ((64, 48, 0.5), (48, 64, 0.5))


def film(frames: int, height: int, width: int, seed: int) -> NDArray[np.uint8]:
    """Blobs of one palette that drift: nothing in it is a cut."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    base = rng.integers(30, 225, 3)
    out = np.empty((frames, height, width, 3), np.uint8)
    for t in range(frames):
        wave = 25 * np.sin((x + 2 * t) / 9.0) * np.cos(y / 7.0)
        out[t] = np.clip(base + wave[..., None], 0, 255)
    return out


def recipe_for(path: Path, source: str = "folder") -> Recipe:
    lengths = ((3, 0.5), (1, 0.5))
    data = DataSettings(source=source, path=str(path), sizes=SIZES, lengths=lengths, workers=1)
    return Recipe("footage", grid=GRID, data=data)


def taken(recipe: Recipe, folder: Path) -> tuple[list[tuple[Shard, Clip]], footage.Tally]:
    footage.work(recipe, folder, None, 0, 1, None, None)
    clips = [(s, c) for s in map(Shard, shard_paths(folder)) for c in s.clips]
    tally = footage.Tally()
    for path in (folder / footage.SETTLED).glob("*.json"):
        tally.add(footage.Tally(**json.loads(path.read_text())))
    return clips, tally


def test_a_film_is_cut_at_its_scene_change_and_no_clip_crosses_it(tmp_path):
    two = np.concatenate([film(40, 96, 128, 1), 255 - film(40, 96, 128, 1)])
    write_mp4(tmp_path / "two.mp4", two, 24)
    (tmp_path / "two.txt").write_text("a red ball rolls\na ball of red rolls\n")
    clips, tally = taken(recipe_for(tmp_path), tmp_path / "out")
    assert tally.cuts == 1 and tally.clips == len(clips) >= 4
    for shard, clip in clips:
        frames = shard.read(clip, "frames")
        assert frames.shape[1:] == (48, 64, 3) and len(frames) in (4, 12)
        colours = frames.reshape(len(frames), -1, 3).mean(1)
        assert np.ptp(colours, axis=0).max() < 25
        assert clip.captions == ("a red ball rolls",) * (len(frames) // 4)
        assert clip.short == ("a ball of red rolls",)
    # 80 frames at 24 are 40 at 12: all are used but what is less than one window a shot
    assert 32 <= sum(len(s.read(c, "frames")) for s, c in clips) <= 40


@pytest.mark.parametrize("fps", [6, 12, 25, 30])
def test_films_of_any_rate_last_as_long_at_the_grids(tmp_path, fps):
    from yozora.training.footage_clips import resampled

    pictures = [(i / fps, np.full((2, 2, 3), i, np.uint8)) for i in range(2 * fps)]
    out = [int(p[0, 0, 0]) for p in resampled(pictures, 12)]
    assert abs(len(out) - 24) <= 2
    assert out == sorted(out)
    assert all(abs(value / fps - tick / 12) <= 0.5 / 12 + 1 / fps for tick, value in enumerate(out))


def test_upright_films_get_the_upright_size(tmp_path):
    write_mp4(tmp_path / "tall.mp4", film(24, 160, 90, 3), 12)
    clips, _ = taken(recipe_for(tmp_path), tmp_path / "out")
    assert {s.read(c, "frames").shape[1:3] for s, c in clips} == {(64, 48)}


def test_what_refuses_or_is_broken_is_counted_and_left(tmp_path, capsys):
    for name in ("good", "sidecar", "reserved/a", "damaged"):
        path = tmp_path / f"{name}.mp4"
        path.parent.mkdir(exist_ok=True)
        write_mp4(path, film(16, 48, 64, 5), 12)
    (tmp_path / "sidecar.json").write_text('{"caption": "x", "ai_training": "notAllowed"}')
    (tmp_path / "reserved" / "tdmrep.json").write_text('[{"location": "/", "tdm-reservation": 1}]')
    whole = (tmp_path / "damaged.mp4").read_bytes()
    (tmp_path / "damaged.mp4").write_bytes(whole[: len(whole) // 3])
    (tmp_path / "text.mp4").write_text("no video at all")
    (tmp_path / "empty.webm").touch()
    clips, tally = taken(recipe_for(tmp_path), tmp_path / "out")
    assert tally.films == 6 and len(clips) == tally.clips > 0
    assert sum(tally.refused.values()) == 2
    assert sorted(tally.broken) == ["damaged.mp4", "empty.webm", "text.mp4"]
    line = footage.told(tmp_path / "out")
    assert "1 of 6 films taken" in line and "3 broken" in line
    before = [p.stat().st_mtime_ns for p in shard_paths(tmp_path / "out")]
    taken(recipe_for(tmp_path), tmp_path / "out")
    assert [p.stat().st_mtime_ns for p in shard_paths(tmp_path / "out")] == before


def test_latents_are_made_of_the_cut_clips_and_mirrored(tmp_path):
    write_mp4(tmp_path / "a.mp4", film(16, 48, 64, 5), 12)
    write_mp4(tmp_path / "b.mp4", film(16, 48, 64, 6), 12)
    (tmp_path / "b.txt").write_text("a dog to the left of a box")
    recipe = recipe_for(tmp_path)
    clips, _ = taken(recipe, tmp_path / "pixels")
    tokenizer = tmp_path / "tokenizer"
    tokenizer.write_bytes(b"weights")

    def encode(frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        return frames[::4, ::16, ::16].transpose(0, 3, 1, 2).astype(np.float32) / 256

    arguments = (recipe, tmp_path / "latents", tmp_path / "pixels", 0, 1, encode, tokenizer)
    footage.work(*arguments)
    made = [c for p in shard_paths(tmp_path / "latents") for c in Shard(p).clips]
    told = [c for _, c in clips if "left" in c.captions[0]]
    assert len(made) == 2 * len(clips) - len(told) and told
    assert all(set(c.places) == {"latents"} for c in made)
    assert footage.work(*arguments) == 0  # cached


def test_a_webdataset_gives_the_same_clips_as_a_folder(tmp_path):
    (tmp_path / "films").mkdir()
    for seed, name in enumerate("ab"):
        write_mp4(tmp_path / "films" / f"{name}.mp4", film(16, 48, 64, seed), 12)
        (tmp_path / "films" / f"{name}.json").write_text(json.dumps({"caption": f"film {name}"}))
    folder_clips, _ = taken(recipe_for(tmp_path / "films"), tmp_path / "one")
    with tarfile.open(tmp_path / "shard-0.tar", "w") as tar:
        for path in sorted((tmp_path / "films").iterdir()):
            tar.add(path, path.name)
        refused = io.BytesIO(b'{"tdm-reservation": 1}')
        info = tarfile.TarInfo("c.json")
        info.size = len(refused.getvalue())
        tar.addfile(info, refused)
        tar.add(tmp_path / "films" / "a.mp4", "c.mp4")
    recipe = recipe_for(tmp_path / "shard-*.tar", "webdataset")
    clips, tally = taken(recipe, tmp_path / "two")
    assert tally.films == 3 and sum(tally.refused.values()) == 1

    def shown(rows: list[tuple[Shard, Clip]]) -> set[tuple[bytes, str]]:
        return {(s.read(c, "frames")[:4].tobytes(), c.captions[0]) for s, c in rows}

    assert {told for _, told in shown(clips)} == {"film a", "film b"}
    assert shown(clips) & shown(folder_clips)


@pytest.mark.parametrize(
    ("make", "source", "says"),
    [
        (lambda p: None, "folder", "No videos at"),
        (lambda p: (p / "x.tar").write_text("no"), "webdataset", "no readable .tar"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(tmp_path, make, source, says):
    make(tmp_path)
    path = tmp_path / "*.tar" if source == "webdataset" else tmp_path
    with pytest.raises(TrainingError, match=says):
        films_of(recipe_for(path, source))


def test_a_folder_of_broken_films_ends_in_a_sentence(tmp_path, capsys):
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "v.mp4").write_text("no video")
    recipe = recipe_for(tmp_path / "films")
    folder = tmp_path / "run" / "data" / "pixels"
    footage.work(recipe, folder, None, 0, 1, None, None)
    with pytest.raises(TrainingError, match=r"None of the videos .* 1 broken"):
        footage.wait(recipe, folder, 1, [])
    (tmp_path / "films" / "v.xmp").write_text("DMI-PROHIBITED")
    with pytest.raises(TrainingError, match=r"All 1 videos .* refuse training"):
        footage.start(Path("x.toml"), recipe, tmp_path / "run", "pixels", None)


def test_renders_under_the_same_name_are_not_thrown_away(tmp_path, capsys):
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "v.mp4").write_text("anything")
    renders = tmp_path / "run" / "data" / "pixels" / "shard-00000"
    renders.mkdir(parents=True)
    with pytest.raises(TrainingError, match="holds renders"):
        footage.start(
            Path("x.toml"), recipe_for(tmp_path / "films"), tmp_path / "run", "pixels", None
        )
    assert renders.exists()
