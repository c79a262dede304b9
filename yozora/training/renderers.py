"""Processes that fill a data folder, as the training process sees them: started, awaited, heard.

One training process at a time fills a folder; what it starts runs `yozora.training.worker`.
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
from typing import IO

from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe
from yozora.training.run import hold, make_folder, trains_in
from yozora.training.shards import shard_paths


def data_folder(run_folder: Path, kind: str) -> Path:
    """Where a run keeps its shards of pixels or of latents."""
    return run_folder / "data" / kind


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


def tell_of_fallen(folder: Path, processes: list[subprocess.Popen[bytes]]) -> None:
    """After a training that went on without some of its processes: which, and why."""
    fallen = sum(p.poll() not in (None, 0) for p in processes)
    if fallen:
        print(
            f"{fallen} of {len(processes)} processes that fill {folder} ended early"
            f"{last_words(folder)}. What was there was trained on; start again to make the rest.",
            file=sys.stderr,
        )


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
