"""`yozora train NETWORK --config RECIPE`: data, then the loop, then the weights.

The parts of a run chain through its folder: `tokenizer` leaves tokenizer.safetensors, which
`transformer` encodes its clips with, whose weights `distill` starts from. Each resumes where it
stopped; finished parts return at once.
"""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from yozora.home import home
from yozora.model.checkpoint import weights_folder
from yozora.training import footage
from yozora.training.before import check_run
from yozora.training.distributed import ALONE, Team, join_team, leave_team
from yozora.training.errors import TrainingError
from yozora.training.finish_data import KINDS as FINISHING
from yozora.training.finish_data import to_render as finish_to_render
from yozora.training.judge_data import to_render
from yozora.training.matcher_data import VIEWS
from yozora.training.recipe import Recipe, of_part
from yozora.training.recipe_reading import read_recipe
from yozora.training.renderers import (
    alone_in,
    data_folder,
    start_workers,
    tell_of_fallen,
    wait_for_shards,
)
from yozora.training.run import STOP, home_of, make_folder
from yozora.training.ship import borrowed, same_grid, same_latents, tokenizer_if_any, tokenizer_of
from yozora.training.ship import ship as put_where_generating_looks

SHAPES = ("outliner", "planner")  # trained on outlines, by the transformer's loop


def budget(recipe: Recipe, network: str) -> str:
    """What a run renders in all, in one line, before it starts; "" where that is nothing."""
    data, grid = recipe.data, recipe.grid
    if network == "judge":
        scenes, frames = to_render(recipe.judge, grid.fps)
    elif network == "matcher":
        people = recipe.matcher.individuals
        return f"{recipe.name}: {people:,} individuals, {people * (VIEWS + 1):,} pictures to render"
    elif network in FINISHING:
        scenes, frames = finish_to_render(recipe, network)
    elif network in SHAPES:
        return f"{recipe.name}: {data.scenes:,} scenes whose outlines are drawn"
    elif data.source == "world" and network != "distill":
        mean = sum(n * share for n, share in data.lengths) / sum(s for _, s in data.lengths)
        scenes, frames = data.scenes, round(data.scenes * mean * grid.frames_per_latent)
    else:
        return ""
    return (
        f"{recipe.name}: {scenes:,} scenes, about {frames:,} frames to render "
        f"({frames / grid.fps / 60:,.0f} minutes of video)"
    )


def train(
    network: str,
    config: Path,
    *,
    init_from: Path | None = None,
    grow: bool = False,
    ship: bool = False,
) -> Path:
    """Run one part; returns the weights file it made. Raises `TrainingError`.

    `grow`: of `init_from` only what fits is taken over (`grow.py`).
    """
    recipe = read_recipe(config)
    team = join_team()
    try:
        made = _train(network, config, recipe, team, init_from, grow, ship)
    except BaseException as fault:
        leave_team(failed=True)
        if isinstance(fault, OSError):
            refuse_place(fault, home_of(recipe, home()))
        raise
    leave_team()
    return made


def refuse_place(fault: OSError, folder: Path) -> None:
    """A sentence for what the disk does not do in a run's folder. Raises `TrainingError`."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        raise TrainingError(
            f"The disk under {folder} is full: free some space, and give the same command again."
        ) from None
    at = str(fault.filename or "")
    if at.startswith(str(folder)):
        raise TrainingError(
            f"{at} cannot be used ({(fault.strerror or str(fault)).lower()}): move it away, or "
            "give the recipe another name."
        ) from None


def _train(
    network: str,
    config: Path,
    recipe: Recipe,
    team: Team,
    init_from: Path | None,
    grow: bool,
    ship: bool,
) -> Path:
    if team.size > 1 and network not in ("transformer", *SHAPES):
        raise TrainingError(
            "Only transformer, outliner and planner train in several processes: train the "
            f"{network} without torchrun, on one accelerator."
        )
    if init_from is not None and not os.path.isfile(init_from):
        raise TrainingError(f"There are no weights at {init_from}: check --init-from.")
    folder = home_of(recipe, home())
    make_folder(folder)
    recipe = of_part(recipe, network)
    if grow and (init_from is None or network not in ("transformer", "outliner", "judge")):
        raise TrainingError(
            "--grow takes over what fits of other weights of transformer, outliner or judge: name "
            "them with --init-from."
        )
    check_run(network, recipe, folder, init_from, ship, grow)
    if team.first and (told := budget(recipe, network)):
        print(told, flush=True)
    if team.first and network in ("transformer", "distill") and (told := borrowed(folder)):
        print(f"{recipe.name}: {told}", flush=True)
    if network == "tokenizer":
        made = _tokenizer(config, recipe, folder, init_from)
    elif network == "transformer":
        made = _transformer(config, recipe, folder, init_from, grow, team)
    elif network in SHAPES:
        made = _shapes(network, config, recipe, folder, init_from, grow, team)
    elif network == "distill":
        made = _distill(recipe, folder, init_from)
    elif network == "judge":
        from yozora.training.judge_loop import train_judge

        data = folder / "data" / "judge"
        made = train_judge(recipe, folder / "judge", data, init_from, grow)
    elif network == "matcher":
        from yozora.training.matcher import train_matcher

        made = train_matcher(recipe, folder / network, folder / "data" / network, init_from)
    elif network in FINISHING:
        made = _finishing(network, config, recipe, folder, init_from)
    else:
        raise TrainingError(f"No network is called {network!r}.")
    if ship and team.first:
        put_where_generating_looks(made, folder, weights_folder())
    return made


def _tokenizer(config: Path, recipe: Recipe, folder: Path, init: Path | None) -> Path:
    from yozora.training.tokenizer_loop import train_tokenizer

    reworked = init is not None and recipe.tokenizer.reworked > 0.0
    kind, source = ("reworks", init) if reworked else ("pixels", None)
    with _clips(config, recipe, folder, kind, source, 2, ALONE) as data:
        return train_tokenizer(recipe, folder / "tokenizer", data, init)


def _finishing(network: str, config: Path, recipe: Recipe, folder: Path, init: Path | None) -> Path:
    from yozora.training.finish_loop import train_finish

    tokenizer = None
    if network == "upsampler" and recipe.upsampler.soft_share > 0.0:
        tokenizer = tokenizer_if_any(folder, recipe.grid)
    with _clips(config, recipe, folder, network, tokenizer, 2, ALONE) as data:
        return train_finish(network, recipe, folder / network, data, init)


@contextmanager
def _clips(
    config: Path,
    recipe: Recipe,
    folder: Path,
    kind: str,
    tokenizer: Path | None,
    first: int,
    team: Team,
) -> Iterator[Path]:
    """A folder with `first` shards in it, and processes that make more until the end."""
    data = data_folder(folder, kind)
    processes: list[subprocess.Popen[bytes]] = []
    with ExitStack() as at_the_end:
        if team.first:
            at_the_end.enter_context(alone_in(data))
        if team.first and recipe.data.source == "world":
            processes = start_workers(config, recipe, folder, kind, tokenizer)
        elif team.first:
            processes = footage.start(config, recipe, folder, kind, tokenizer)
        for process in processes:
            at_the_end.callback(process.terminate)
        if team.first and recipe.data.source == "world":
            wait_for_shards(data, first, processes)
        elif team.first:
            footage.wait(recipe, data, first, processes)
        team.wait()
        STOP.listen()
        yield data
        tell_of_fallen(data, processes)
        if team.first and recipe.data.source != "world":
            print(footage.told(data), flush=True)


def _transformer(
    config: Path, recipe: Recipe, folder: Path, init: Path | None, grow: bool, team: Team
) -> Path:
    from yozora.training.transformer_loop import train_transformer

    tokenizer = tokenizer_of(folder)  # asked once: another may appear while clips are rendered
    same_grid(tokenizer, recipe.grid, "The transformer cannot be trained")
    with _clips(config, recipe, folder, "latents", tokenizer, 1, team) as data:
        return train_transformer(recipe, folder / "transformer", data, tokenizer, init, grow)


def _shapes(
    network: str,
    config: Path,
    recipe: Recipe,
    folder: Path,
    init: Path | None,
    grow: bool,
    team: Team,
) -> Path:
    from yozora.training.transformer_loop import train_transformer

    with _clips(config, recipe, folder, "outlines", None, 1, team) as data:
        return train_transformer(recipe, folder / network, data, None, init, grow, kind=network)


def _distill(recipe: Recipe, folder: Path, init: Path | None) -> Path:
    from yozora.training.distill_loop import train_distill

    STOP.listen()
    teacher = init or folder / "transformer" / "transformer.safetensors"
    if not teacher.exists():
        raise TrainingError(
            f"No transformer at {teacher}: train it first with yozora train transformer "
            "--config ..., or name one with --init-from."
        )
    tokenizer = tokenizer_of(folder)
    same_grid(tokenizer, recipe.grid, "Nothing can be distilled")
    same_grid(teacher, recipe.grid, "Nothing can be distilled")
    same_latents(teacher, tokenizer, "Nothing can be distilled")
    data = data_folder(folder, "latents")
    return train_distill(recipe, folder / "distill", data, tokenizer, teacher)
