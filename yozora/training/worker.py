"""A rendering process: `python -m yozora.training.worker RECIPE.toml KIND N OF FOLDER [TOKENIZER]`.

KIND is pixels or latents. Worker N of OF makes every shard whose index leaves the remainder N,
skips those already there, and ends when the recipe's number of scenes is reached; a shard is whole
or absent, so it can be killed and started again at any moment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from yozora.model.errors import WeightsError
from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe
from yozora.training.recipe_reading import read_recipe
from yozora.training.render_world import Encode, encode_shard, render_shard
from yozora.training.run import hold, make_folder, trains_in
from yozora.training.shards import Shard, shard_paths
from yozora.world.errors import WorldError

KINDS = ("pixels", "latents")


def data_folder(run_folder: Path, kind: str) -> Path:
    """Where a run keeps its shards of pixels or of latents."""
    return run_folder / "data" / kind


def folder_name(index: int) -> str:
    return f"shard-{index:05d}"


def encoder(path: Path) -> Encode:
    """The tokenizer's encoder as a plain function on arrays, on one thread."""
    import torch

    from yozora.model.checkpoint import load_tokenizer
    from yozora.model.layers import compute_dtype

    torch.set_num_threads(1)
    network, _ = load_tokenizer(path)
    network.to(compute_dtype())

    def encode(frames: Any) -> Any:
        with torch.inference_mode():
            video = torch.from_numpy(frames.copy()).permute(0, 3, 1, 2)[None].float() / 127.5 - 1.0
            return network.encode(video)[0].numpy()

    return encode


def work(
    recipe: Recipe, run_folder: Path, kind: str, number: int, of: int, tokenizer: Path | None
) -> int:
    """Make this worker's shards; returns how many it made."""
    folder = data_folder(run_folder, kind)
    folder.mkdir(parents=True, exist_ok=True)
    encode = encoder(tokenizer) if tokenizer else None
    if recipe.data.source != "world":
        from yozora.training import footage

        pixels = data_folder(run_folder, "pixels") if kind == "latents" else None
        return footage.work(recipe, folder, pixels, number, of, encode, tokenizer)
    renderers: dict[tuple[int, int], Any] = {}
    shards = -(-recipe.data.scenes // recipe.data.scenes_a_shard)
    made, parent = 0, os.getppid()
    for index in range(number, shards, of):
        if os.getppid() != parent:  # the training process was killed
            break
        if (folder / folder_name(index) / "clips.jsonl").exists():
            continue
        if kind == "pixels" and (folder / f".made-{index:05d}").exists():
            continue
        began = time.monotonic()
        rendered = data_folder(run_folder, "pixels") / folder_name(index)
        if encode is not None and (rendered / "clips.jsonl").exists():
            encode_shard(recipe, Shard(rendered), folder, index, encode)
        else:
            render_shard(recipe, folder, index, renderers, encode, keep_frames=kind == "pixels")
        made += 1
        if kind == "pixels" and recipe.data.ring:
            (folder / f".made-{index:05d}").touch()
            prune(folder, recipe.data.ring)
        print(f"shard {index} of {shards}: {time.monotonic() - began:.1f} s", flush=True)
    return made


def prune(folder: Path, keep: int) -> None:
    """Remove the oldest shards but the first, down to `keep`; who reads one may go on doing so."""
    shards = sorted(shard_paths(folder)[1:], key=lambda path: path.stat().st_mtime_ns)
    for path in shards[: max(len(shards) + 1 - keep, 0)]:
        gone = path.with_name(f".{path.name}.gone")
        try:
            os.replace(path, gone)
        except OSError:  # another worker was first
            continue
        shutil.rmtree(gone, ignore_errors=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One process a data folder: who begins sweeps away halves of shards, and they may be being
    written. Raises `TrainingError` where another is at work."""
    make_folder(folder.parent)
    lock = hold(folder.parent / f".{folder.name}.lock", trains_in(folder.parents[1]))
    try:
        yield
    finally:
        lock.close()


def clear(folder: Path, tokenizer: Path | None) -> None:
    """Make a data folder ready: no halves of shards, and no latents of another tokenizer.

    Latents that another tokenizer made are put aside under its hash, not deleted.
    """
    from yozora.model.checkpoint import sha256_of  # torch: renderers of pixels need none

    stamp = folder / "tokenizer.sha256"
    if tokenizer is not None:
        now = sha256_of(tokenizer)
        before = stamp.read_text() if stamp.exists() else now
        if before != now:
            aside(folder, before)
            mine = folder.with_name(f"{folder.name}-{now[:12]}")
            if mine.exists():  # this tokenizer was here before
                os.replace(mine, folder)
    make_folder(folder)
    for path in folder.glob("shard-*"):
        if not path.is_dir():
            raise TrainingError(f"{path} is a file where a folder should be: move it away.")
    if tokenizer is not None:
        stamp.write_text(sha256_of(tokenizer))
    for partial in folder.glob(".shard-*.partial"):
        shutil.rmtree(partial, ignore_errors=True)


def aside(folder: Path, stamp: str) -> None:
    """Move latents out of the way, under the hash of the tokenizer that made them."""
    other = folder.with_name(f"{folder.name}-{stamp[:12]}")
    number = 2
    while other.exists():
        other = folder.with_name(f"{folder.name}-{stamp[:12]}-{number}")
        number += 1
    os.replace(folder, other)


def start_workers(
    recipe_path: Path, recipe: Recipe, run_folder: Path, kind: str, tokenizer: Path | None
) -> list[subprocess.Popen[bytes]]:
    """Start the recipe's workers, nice'd, logging beside the data."""
    folder = data_folder(run_folder, kind)
    clear(folder, tokenizer)
    processes = []
    for number in range(recipe.data.workers):
        command = [sys.executable, "-m", "yozora.training.worker", str(recipe_path), kind]
        command += [str(number), str(recipe.data.workers), str(run_folder)]
        if tokenizer is not None:
            command.append(str(tokenizer))
        log = open_log(run_folder / f"worker-{kind}-{number}.log")
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "LP_NUM_THREADS": "0"}
        processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
        log.close()
    return processes


def open_log(path: Path) -> IO[bytes]:
    """A renderer's log to go on with, after a line that tells this run's words from older ones."""
    try:
        log = path.open("ab")
    except OSError as fault:
        raise TrainingError(f"{path} cannot be written ({fault.strerror}): move it away.") from None
    log.write(f"{mark()}\n".encode())
    log.flush()
    return log


def mark() -> str:
    return f"-- renderers of process {os.getpid()} --"


def last_words(folder: Path) -> str:
    """What the newest log of this process's renderers says last, or a guess where none does."""
    logs = [*folder.glob("worker-*.log"), *folder.parents[1].glob(f"worker-{folder.name}-*.log")]
    for log in sorted(logs, key=lambda path: path.stat().st_mtime, reverse=True):
        _, marked, words = log.read_text(errors="replace").rpartition(f"{mark()}\n")
        lines = words.strip().splitlines()
        if marked and lines:
            return f", and {log} ends with: {lines[-1][:200]}"
    return " and without a word: set data.workers to 1 or more, or render the shards beforehand"


def wait_for_shards(
    folder: Path, count: int, processes: list[subprocess.Popen[bytes]], poll_s: float = 0.5
) -> None:
    """Until `count` shards are whole; raises `TrainingError` when the workers die before."""
    while len(shard_paths(folder)) < count:
        if all(p.poll() is not None for p in processes):
            if len(shard_paths(folder)) >= min(count, 1) and not any(
                p.returncode for p in processes
            ):
                return
            raise TrainingError(
                f"The rendering processes ended without making {count} shards in {folder}"
                f"{last_words(folder)}."
            )
        time.sleep(poll_s)


def main(argv: list[str]) -> int:
    recipe_path, kind, number, of, run_folder, *rest = argv
    assert kind in KINDS
    os.nice(5)
    tokenizer = Path(rest[0]) if rest else None
    try:
        recipe = read_recipe(Path(recipe_path))
        work(recipe, Path(run_folder), kind, int(number), int(of), tokenizer)
    except (TrainingError, WeightsError, WorldError) as fault:
        print(fault, file=sys.stderr)  # the last words, which the training process passes on
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
