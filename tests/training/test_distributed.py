"""Two processes train as one does, and go on from each other's checkpoints."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from yozora.training.recipe import Recipe
from yozora.training.recipe_reading import read_recipe
from yozora.training.shards import Clip, ShardWriter
from yozora.training.transformer_loop import train_transformer

ROOT = Path(__file__).parents[2]
STEPS = 6
CODE = """
import os
import sys
from dataclasses import replace
from pathlib import Path
from tests.training.test_distributed import recipe_of
from yozora.training.distributed import join_team, leave_team
from yozora.training.transformer_loop import train_transformer
run, data, *steps = sys.argv[1:]
join_team()
for count in steps:
    train_transformer(recipe_of(int(count)), Path(run), Path(data))
leave_team()
os._exit(0)  # as the command does: see `yozora.cli.main.main`
"""


def recipe_of(steps: int) -> Recipe:
    """The tiny recipe, one log line a step."""
    tiny = read_recipe(ROOT / "runs" / "tiny.toml")
    transformer = replace(tiny.transformer, steps=steps, batch_tokens=288)
    return replace(tiny, transformer=transformer, log_every_s=0.0, save_every_s=1e9)


def write_clips(folder: Path) -> None:
    """Two shards of latents that have something to learn."""
    rng = np.random.default_rng(1)
    folder.mkdir(parents=True)
    for index in range(2):
        writer = ShardWriter(folder, f"shard-{index:05d}")
        for _ in range(6):
            clip = Clip(12, ("a red ball rolls",) * 3, scene='{"style": "natural"}')
            latents = rng.normal(rng.normal(0, 2, (1, 8, 1, 1)), 0.3, (3, 8, 3, 4))
            look = rng.normal(0, 1, (1, 8, 2, 2))
            writer.add(clip, {"latents": latents, "looks": look})
        writer.close()


def torchrun(run: Path, data: Path, *steps: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    command += ["--master-addr", "127.0.0.1", "--master-port", str(port), "--no-python"]
    command += [sys.executable, "-c", CODE, str(run), str(data), *map(str, steps)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    if sys.platform == "linux":
        environment["GLOO_SOCKET_IFNAME"] = "lo"
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def losses(run: Path) -> list[float]:
    rows = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["loss"] for row in rows]


@pytest.mark.acceptance  # minutes, where the machine is slow
@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch without distributed")
def test_two_processes_train_as_one(tmp_path):
    data = tmp_path / "data"
    write_clips(data)
    one, two = tmp_path / "one", tmp_path / "two"
    train_transformer(recipe_of(STEPS), one, data)
    torchrun(two, data, STEPS, STEPS + 2)  # the second sitting resumes from the first
    train_transformer(recipe_of(STEPS + 2), one, data)
    assert losses(two) == pytest.approx(losses(one), rel=0.02)
    states = [torch.load(run / "state.pt", weights_only=True)["optimiser"] for run in (one, two)]
    for name, whole in states[0]["masters"].items():
        other = states[1]["masters"][name]
        assert whole.shape == other.shape
        moved = (whole - other).norm() / whole.norm().clamp(min=1.0)
        assert moved < 0.02, name
    # and one process goes on from what two have left
    train_transformer(recipe_of(STEPS + 3), two, data)
    assert len(losses(two)) == STEPS + 3
    assert not list(two.glob(".*.partial"))
