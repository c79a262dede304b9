"""What every training loop shares: its folder, its clock, its log, and checkpoints.

A run is its folder: `recipe.json` (every value), `log.jsonl`, `sheet-*.png`, `state.pt` (all that
resuming needs) and the exported weights. A checkpoint is written beside the old one and renamed
over it, so a kill at any moment leaves a whole one.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import torch
from torch import Tensor

from yozora.media import files
from yozora.model.checkpoint import sha256_of
from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe

Clock = Callable[[], float]
State = dict[str, Any]  # of a checkpoint


def home_of(recipe: Recipe, home: Path) -> Path:
    """The folder of a run: the recipe's own, or `home`/runs/NAME."""
    return Path(recipe.home) if recipe.home else home / "runs" / recipe.name


def make_folder(folder: Path) -> None:
    """Raises `TrainingError` where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise TrainingError(
            f"Cannot write to {folder} ({fault.strerror}): set home in the recipe, "
            "or YOZORA_HOME, to a folder that can be written."
        ) from None


def hold(lock: Path, busy: str, place: str = "set home in the recipe to") -> IO[str]:
    """One process at a time in a folder: two would tear each other's files. Until it is closed.

    Raises `TrainingError` where another process holds it, with the sentence `busy`; `place`: how
    to name another folder.
    """
    try:
        file = lock.open("a")
    except OSError as fault:
        raise TrainingError(
            f"{lock} cannot be opened ({fault.strerror}): delete it, or {place} "
            "a folder that can be written."
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise TrainingError(busy) from None
    return file


def held(lock: Path) -> bool:
    """Whether another process holds it now; nothing is made."""
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: many may ask at once
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def trains_in(folder: Path) -> str:
    """The sentence for a folder that another process holds."""
    return f"Another process trains in {folder}: wait for it, or give this recipe another name."


def dice(recipe: Recipe, part: str, steps: int, init: Path | None = None) -> int:
    """The seed of all that a loop draws from here on, below 2^63.

    A run that starts from other weights draws other numbers than the run that made those: clips and
    noise seen twice are learnt by heart, and look like progress.
    """
    start = sha256_of(init) if init is not None else ""
    told = f"{recipe.seed}/{part}/{steps}/{start}"
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big") >> 1


@dataclass
class Progress:
    """Where a loop stands: by the clock, or by steps where the recipe counts those."""

    minutes: float
    steps: int  # 0: the clock decides
    done_steps: int = 0
    done_s: float = 0.0  # of training, over all sittings

    @property
    def share(self) -> float:
        """0 at the start, 1 at the end."""
        if self.steps:
            return min(1.0, self.done_steps / self.steps)
        return min(1.0, self.done_s / max(self.minutes * 60.0, 1e-9)) if self.minutes else 1.0

    @property
    def over(self) -> bool:
        return self.share >= 1.0

    def falling(self, from_share: float, floor: float) -> float:
        """Learning-rate factor: 1, then a straight line down to `floor`."""
        if self.share <= from_share:
            return 1.0
        rest = (self.share - from_share) / max(1e-9, 1.0 - from_share)
        return 1.0 + (floor - 1.0) * rest


@dataclass
class Stop:
    """Whether somebody asked the process to end: SIGTERM waits for the step and a checkpoint."""

    asked: bool = False

    def listen(self) -> None:
        """From now on SIGTERM asks; a second one ends the process at once."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self.ask)

    def ask(self, number: int, frame: Any) -> None:
        self.asked = True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


STOP = Stop()  # of the process: signals have no other owner


def refuse_other_shape(told: Path, now: dict[str, Any], part: str) -> None:
    """A run goes on with the grid and the size that it was begun with. Raises `TrainingError`."""
    kind = "transformer" if part == "distill" else part

    def shape(recipe: dict[str, Any]) -> str:
        of = recipe.get(kind, {})
        size = of.get("size", of.get("width"))
        return json.dumps([recipe.get("grid"), size], sort_keys=True)

    try:
        then = shape(json.loads(told.read_text()))
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError, AttributeError, RecursionError):  # no JSON, or no table
        raise TrainingError(
            f"{told} cannot be read: restore it, or move it away if that folder was begun with "
            "this recipe's grid and size."
        ) from None
    if then != shape(json.loads(json.dumps(now))):
        raise TrainingError(
            f"{told.parent} was begun with another grid or size: give the recipe another name, "
            "or delete that folder."
        )


@dataclass
class Run:
    """One loop's folder and clocks."""

    folder: Path
    recipe: Recipe
    clock: Clock = time.monotonic
    last: dict[str, float] = field(default_factory=dict)
    writes: bool = True  # of several processes one does

    def __post_init__(self) -> None:
        if not self.writes:
            return
        make_folder(self.folder)
        told = self.folder / "recipe.json"
        now = dataclasses.asdict(self.recipe)
        refuse_other_shape(told, now, self.folder.name)
        self.lock = hold(self.folder / ".lock", trains_in(self.folder))
        files.write(told, json.dumps(now, indent=1).encode())

    def due(self, what: str, every_s: float) -> bool:
        """True at most once every so many seconds; the first call starts the wait."""
        now = self.clock()
        if what == "save" and STOP.asked:
            return True
        if now - self.last.setdefault(what, now) < every_s:
            return False
        self.last[what] = now
        return True

    def log(self, **values: Any) -> None:
        """One line for people, one for programs. A loss that is no number ends the run."""
        if not self.writes:
            return
        if not math.isfinite(values.get("loss", 0.0)):
            raise TrainingError(
                f"The loss is {values['loss']}: lower the learning rates, and delete "
                f"{self.folder / 'state.pt'} unless it is older than that."
            )
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(values) + "\n")
        shown = "  ".join(
            f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in values.items()
        )
        print(shown, flush=True)

    def say(self, line: str) -> None:
        """A line for people."""
        if self.writes:
            print(line, flush=True)

    def stop_if_asked(self, agree: Callable[[bool], bool] = bool) -> None:
        """Ends the loop, just after a checkpoint, where a signal asked for it.

        `agree`: how several processes make one answer of theirs.
        """
        if agree(STOP.asked):
            raise KeyboardInterrupt

    def save(self, state: dict[str, Any], name: str = "state.pt") -> None:
        if not self.writes:
            return
        partial = self.folder / f".{name}.partial"
        try:
            torch.save(state, partial)
            os.replace(partial, self.folder / name)
        except (OSError, RuntimeError) as fault:
            raise TrainingError(
                f"The checkpoint cannot be written to {self.folder} ({str(fault)[:80]}): free some "
                "space, and give the same command again."
            ) from None
        finally:
            with suppress(OSError):  # Ctrl-C leaves nothing either
                partial.unlink(missing_ok=True)

    def load(self, name: str = "state.pt") -> State | None:
        """The last checkpoint, or None for a fresh start."""
        return read_checkpoint(self.folder / name)


def read_checkpoint(path: Path, mapped: bool = False) -> State | None:
    """What `Run.save` wrote, or None; `mapped` leaves its tensors in the file.

    Raises `TrainingError` for what is damaged or something else.
    """
    if not path.exists():
        return None
    try:
        state: State = torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
        known = _is_checkpoint(state)
    except Exception as fault:
        raise TrainingError(
            f"The checkpoint {path} cannot be read ({type(fault).__name__}): "
            "delete it to start afresh, or restore it."
        ) from None
    if not known:
        raise TrainingError(
            f"{path} is no checkpoint of this version: delete it to start afresh, or restore it."
        )
    return state


def _is_checkpoint(state: Any) -> bool:
    """Whether it has the parts that every loop goes on from."""
    optimiser = state["optimiser"]
    held = [optimiser[name] for name in ("masters", "ema", "first", "second")]
    counts = state["steps"], state["seconds"], optimiser["steps_done"]
    return (
        all(isinstance(v, Tensor) for values in held for v in values.values())
        and all(isinstance(count, int | float) and 0 <= count < math.inf for count in counts)
        and all(isinstance(v, Tensor) for v in state.get("buffers", {}).values())
    )
