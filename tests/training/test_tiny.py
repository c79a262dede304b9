"""The tiny recipe, as a person runs it: end to end, killed in the middle, and stopped politely."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from yozora.model.checkpoint import load_transformer
from yozora.training.shards import Shard, shard_paths

ROOT = Path(__file__).parents[2]
TINY = ROOT / "runs" / "tiny.toml"


class Desk:
    """A person's machine: a home, and commands in it."""

    def __init__(self, home: Path) -> None:
        self.home, self.run = home, home / "runs" / "tiny"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "YOZORA_HOME": str(home),
            "YOZORA_WEIGHTS": str(home / "weights"),
            "OMP_NUM_THREADS": "1",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "yozora", *words]

    def does(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
        return done.stdout

    def starts(self, *words: str) -> subprocess.Popen[bytes]:
        """In a process group of its own, so that a kill takes the renderers too."""
        return subprocess.Popen(
            self.command(*words),
            env=self.environment,
            cwd=self.home,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def steps(self, part: str) -> list[int]:
        text = (self.run / part / "log.jsonl").read_text()
        return [row["step"] for line in text.splitlines() if "step" in (row := json.loads(line))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """With the tokenizer trained."""
    desk = Desk(tmp_path_factory.mktemp("home"))
    (desk.home / "weights").mkdir()
    desk.does("train", "tokenizer", "--config", str(TINY), "--ship")
    yield desk


def recipe(desk: Desk, steps: int, save_every_s: float) -> Path:
    """The tiny recipe with other steps for the transformer."""
    text = re.sub(r"(\[transformer\]\nsteps) = \d+", rf"\1 = {steps}", TINY.read_text())
    path = desk.home / f"tiny-{steps}.toml"
    path.write_text(f"save_every_s = {save_every_s}\nlog_every_s = 0.2\n" + re.sub(
        r"^log_every_s.*\n", "", text, flags=re.M))  # fmt: skip
    return path


def until(ready: object, what: str, limit_s: float = 90.0) -> None:
    assert callable(ready)
    began = time.monotonic()
    while not ready():
        assert time.monotonic() - began < limit_s, what
        time.sleep(0.05)


@pytest.mark.acceptance  # minutes, where the machine is slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_goes_on_after_its_end_in_the_middle(desk, how):
    folder = desk.run / "transformer"
    done = max(desk.steps("transformer")) if (folder / "log.jsonl").exists() else 0
    endless = str(recipe(desk, 10**6, 0.3))
    process = desk.starts("train", "transformer", "--config", endless)
    try:
        state = folder / "state.pt"
        stamp = state.stat().st_mtime_ns if state.exists() else 0
        until(lambda: state.exists() and state.stat().st_mtime_ns > stamp, "no checkpoint")
        until(lambda: max(desk.steps("transformer"), default=0) > done + 2, "no steps")
    finally:
        os.killpg(process.pid, how)
    code = process.wait(60)
    assert code == (130 if how == signal.SIGTERM else -signal.SIGKILL)
    kept = torch.load(state, weights_only=True)  # whole, whenever the end came
    assert kept["steps"] > 0
    if (folder / "transformer.safetensors").exists():
        load_transformer(folder / "transformer.safetensors")
    for path in shard_paths(desk.run / "data" / "latents"):
        for clip in Shard(path).clips:
            assert Shard(path).read(clip, "latents").size
    more = kept["steps"] + 5
    before = len(desk.steps("transformer"))
    desk.does("train", "transformer", "--config", str(recipe(desk, more, 120.0)))
    after = desk.steps("transformer")[before:]
    assert after and min(after) > kept["steps"] and max(after) == more
    assert torch.load(state, weights_only=True)["steps"] == more


@pytest.mark.acceptance  # minutes, where the machine is slow
def test_the_whole_recipe_ends_in_a_film(desk):
    desk.does("train", "transformer", "--config", str(TINY))
    desk.does("train", "distill", "--config", str(TINY), "--ship")
    told = desk.does("train", "outliner", "--config", str(TINY), "--ship")
    assert "12 scenes whose outlines are drawn" in told and "outliner: " in told
    told = desk.does("train", "planner", "--config", str(TINY), "--ship")
    assert "12 scenes whose outlines are drawn" in told and "planner: " in told
    shards = shard_paths(desk.run / "data" / "outlines")
    assert {k for path in shards for clip in Shard(path).clips for k in clip.places} == {"outline"}
    network, header = load_transformer(desk.home / "weights" / "transformer.safetensors")
    assert header.facts and header.facts["distilled"]
    assert all(p.isfinite().all() for p in network.parameters())
    how = ("--seconds", "0.7", "--seed", "1", "--json")
    assert json.loads(desk.does("generate", "a red ball rolls", "-o", "film.mp4", *how))
    assert (desk.home / "film.mp4").stat().st_size > 500
    shapes = desk.home / "weights" / "outliner.safetensors"
    plans = shapes.with_name("planner.safetensors")
    for path in (shapes, plans):
        network, _ = load_transformer(path, path.stem)
        assert all(p.isfinite().all() for p in network.parameters())
    plans.rename(desk.home / "aside.safetensors")  # without plan or shapes, other films
    assert json.loads(desk.does("generate", "a red ball rolls", "-o", "other.mp4", *how))
    shapes.unlink()
    assert json.loads(desk.does("generate", "a red ball rolls", "-o", "third.mp4", *how))
    one, two, three = (
        load_file(desk.home / f"{name}.latents.safetensors") for name in ("film", "other", "third")
    )
    assert any((one[key] != two[key]).any() for key in one)
    assert any((two[key] != three[key]).any() for key in two)
    left = [p for p in desk.run.rglob("*") if p.name.endswith(".partial")]
    assert not [p for p in left if p.parent.name in ("tokenizer", "distill")]


@pytest.mark.acceptance  # minutes, where the machine is slow
@pytest.mark.parametrize("network", ["upsampler", "interpolator"])
def test_what_finishes_films_is_trained_on_renders(desk, network):
    said = desk.does("train", network, "--config", str(TINY), "--ship")
    assert "8 scenes" in said and "measured" in said
    assert (desk.home / "weights" / f"{network}.safetensors").stat().st_size > 10_000
    shards = shard_paths(desk.run / "data" / network)
    assert len(shards) == 2
    kinds = {kind for path in shards for clip in Shard(path).clips for kind in clip.places}
    wanted = {"small", "large", "soft"} if network == "upsampler" else {"frames"}
    assert kinds == wanted, "with what the run's tokenizer gives back"
    again = desk.does("train", network, "--config", str(TINY))  # its steps are done
    assert "loss" not in again
