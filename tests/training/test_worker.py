"""A data folder holds whole shards, of one tokenizer, and one process at a time fills it."""

import subprocess
import sys
from pathlib import Path

import pytest

from yozora.training.errors import TrainingError
from yozora.training.loop import train
from yozora.training.renderers import (
    alone_in,
    clear,
    last_words,
    open_log,
    tell_of_fallen,
    wait_for_shards,
)

TINY = Path(__file__).parents[2] / "runs" / "tiny.toml"


def recipe_in(home: Path, text: str = "") -> Path:
    """The tiny recipe with a folder of its own."""
    path = home / "tiny.toml"
    path.write_text(f'home = "{home / "run"}"\n{text}{TINY.read_text()}')
    return path


@pytest.mark.parametrize(("network", "kind"), [("tokenizer", "pixels"), ("judge", "judge")])
def test_a_second_start_leaves_the_first_ones_halves_of_shards(tmp_path, network, kind):
    data = tmp_path / "run" / "data" / kind
    with alone_in(data):
        (data / ".shard-00001.77.partial").mkdir(parents=True)
        with pytest.raises(TrainingError, match="Another process"):
            train(network, recipe_in(tmp_path))
        assert (data / ".shard-00001.77.partial").exists()
        assert not list(data.glob("**/*.log"))
    with alone_in(data):
        pass


def test_renderers_that_die_are_told_of_by_this_runs_words_alone(tmp_path):
    folder = tmp_path / "data" / "pixels"
    folder.mkdir(parents=True)
    log = tmp_path / "worker-pixels-0.log"
    log.write_text("-- renderers of process 1 --\nan old reason\n")
    (tmp_path / "worker-latents-0.log").write_text("of other data\n")
    open_log(log).close()
    assert "without a word" in last_words(folder)
    with open_log(log) as file:
        command = [sys.executable, "-c", "raise SystemExit('no OpenGL here')"]
        process = subprocess.Popen(command, stderr=file)
    with pytest.raises(TrainingError, match="ends with: no OpenGL here"):
        wait_for_shards(folder, 1, [process], 0.05)
    assert "an old reason" in log.read_text()


def test_latents_of_another_tokenizer_are_put_aside(tmp_path):
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    first.write_bytes(b"one")
    second.write_bytes(b"two")
    folder = tmp_path / "latents"
    clear(folder, first)
    (folder / "shard-00000").mkdir()
    clear(folder, first)
    assert (folder / "shard-00000").exists()
    clear(folder, second)
    assert not (folder / "shard-00000").exists()
    (aside,) = tmp_path.glob("latents-*")
    assert (aside / "shard-00000").exists()


def test_halves_of_shards_are_cleared_and_whole_ones_stay(tmp_path):
    folder = tmp_path / "pixels"
    (folder / ".shard-00001.77.partial").mkdir(parents=True)
    (folder / "shard-00000").mkdir()
    clear(folder, None)
    assert [p.name for p in folder.iterdir()] == ["shard-00000"]


def test_renderers_that_fell_are_told_of(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data" / "pixels"
    folder.mkdir(parents=True)
    whole = [subprocess.Popen(["true"]), subprocess.Popen(["sleep", "60"])]
    whole[0].wait()
    tell_of_fallen(folder, whole)
    whole[1].kill()
    whole[1].wait()
    assert not capfd.readouterr().err
    with open_log(tmp_path / "worker-pixels-0.log") as log:
        fallen = subprocess.Popen(["sh", "-c", "echo no room; exit 3"], stdout=log)
    fallen.wait()
    tell_of_fallen(folder, [fallen])
    told = capfd.readouterr().err
    assert told.startswith("1 of 1 processes") and "no room" in told
