"""A network's way from its first step, or its last checkpoint, to the end of its minutes.

What the loops of one network and one optimiser share; what they learn from stays with them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from yozora.model.layers import compute_dtype
from yozora.training.optim import Optimiser, OptimiserSettings
from yozora.training.recipe import Recipe
from yozora.training.run import Progress, Run, dice


def save_state(run: Run, optimiser: Optimiser, progress: Progress, **more: Any) -> None:
    """A checkpoint, with what else a loop goes on with."""
    run.save(
        {
            "optimiser": optimiser.state_dict(),
            "steps": progress.done_steps,
            "seconds": progress.done_s,
            "buffers": dict(optimiser.network.named_buffers()),
            **more,
        }
    )


class Timed(Protocol):
    """A part of the recipe that ends by the clock, or by steps."""

    @property
    def minutes(self) -> float: ...
    @property
    def steps(self) -> int: ...
    @property
    def optimiser(self) -> OptimiserSettings: ...


class Course:
    """One sitting or several: folder, clock, optimiser, and the seed of what is drawn from here on.

    Making one begins or resumes the run of a folder, before a network is made; `take` gives it the
    network. Then `step` and `save` while not `over`, and a `checkpoint` at the end.
    """

    def __init__(
        self, recipe: Recipe, folder: Path, part: str, settings: Timed, init: Path | None = None
    ) -> None:
        torch.manual_seed(recipe.seed)
        torch.set_num_threads(recipe.threads)
        self.recipe, self.settings = recipe, settings
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.run = Run(folder, recipe)
        self.progress = Progress(settings.minutes, settings.steps)
        self.state = self.run.load()
        if self.state is not None:
            self.progress.done_steps = self.state["steps"]
            self.progress.done_s = self.state["seconds"]
        self.seed = dice(recipe, part, self.progress.done_steps, init)

    def take(self, network: nn.Module, ema: float) -> None:
        """Put the network where it is trained, with what the checkpoint says about it."""
        network.to(self.device, compute_dtype(self.device))
        self.optimiser = Optimiser(network, self.settings.optimiser, ema)
        if self.state is not None:
            self.optimiser.load_state_dict(self.state["optimiser"])
        torch.manual_seed(self.seed)
        self._began_s = time.monotonic() - self.progress.done_s

    @property
    def over(self) -> bool:
        return self.progress.over

    def step(self, level_until: float, floor: float) -> None:
        """One step along the gradients that are there.

        The rates are whole until a share of the way, then fall in a straight line to `floor`.
        """
        self.optimiser.step(self.progress.falling(level_until, floor))
        self.progress.done_steps += 1
        self.progress.done_s = time.monotonic() - self._began_s

    @property
    def logs(self) -> bool:
        """Whether a line is due; the last step always has one."""
        return self.run.due("log", self.recipe.log_every_s) or self.over

    def log(self, **values: Any) -> None:
        """A line that begins with the step and the minutes."""
        progress = self.progress
        self.run.log(step=progress.done_steps, minutes=progress.done_s / 60, **values)

    def save(self, export: Callable[[], object] | None = None, **more: Any) -> None:
        """A checkpoint and the weights where they are due; ends the loop where that was asked."""
        if self.run.due("save", self.recipe.save_every_s):
            self.checkpoint(**more)
            if export is not None:
                export()
            self.run.stop_if_asked()

    def checkpoint(self, **more: Any) -> None:
        """All that resuming needs, with what else a loop goes on with."""
        save_state(self.run, self.optimiser, self.progress, **more)

    def facts(self, **more: Any) -> dict[str, Any]:
        """How long it has learnt, for the header of its weights."""
        minutes = round(self.progress.done_s / 60, 1)
        return {"steps": self.progress.done_steps, "minutes": minutes, **more}

    def averaged(self) -> dict[str, Tensor]:
        """The averaged weights, float32."""
        return {name: value.float() for name, value in self.optimiser.ema_state().items()}
