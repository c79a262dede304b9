"""`yozora train NETWORK --config RECIPE`: data, then the loop, then the weights.

The parts of a run chain through its folder: `tokenizer` leaves tokenizer.safetensors, which
`transformer` encodes its clips with, whose weights `distill` starts from. Each resumes where it
stopped; finished parts return at once.
"""

from __future__ import annotations

from pathlib import Path

from yozora.home import home
from yozora.model.checkpoint import weights_folder
from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe, read_recipe
from yozora.training.run import home_of
from yozora.training.worker import data_folder, start_workers, wait_for_shards


def budget(recipe: Recipe) -> str:
    """What a run will render, in one line, before it starts."""
    data, grid = recipe.data, recipe.grid
    mean = sum(n * share for n, share in data.lengths) / sum(s for _, s in data.lengths)
    frames = data.scenes * mean * grid.frames_per_latent
    return (
        f"{recipe.name}: {data.scenes} scenes, about {frames:,.0f} frames to render "
        f"({frames / grid.fps / 60:,.0f} minutes of video)"
    )


def train(network: str, config: Path, *, init_from: Path | None = None, ship: bool = False) -> Path:
    """Run one part; returns the weights file it made. Raises `TrainingError`."""
    recipe = read_recipe(config)
    folder = home_of(recipe, home())
    folder.mkdir(parents=True, exist_ok=True)
    print(budget(recipe), flush=True)
    if network == "tokenizer":
        made = _tokenizer(config, recipe, folder, init_from)
    elif network == "transformer":
        made = _transformer(config, recipe, folder, init_from)
    elif network == "distill":
        made = _distill(recipe, folder, init_from)
    elif network == "judge":
        from yozora.training.judge_loop import train_judge

        made = train_judge(recipe, folder / "judge", folder / "data" / "judge")
    else:
        raise TrainingError(f"No network is called {network!r}.")
    if ship:
        target = weights_folder() / made.name
        target.write_bytes(made.read_bytes())
    return made


def _tokenizer(config: Path, recipe: Recipe, folder: Path, init: Path | None) -> Path:
    from yozora.training.tokenizer_loop import train_tokenizer

    processes = start_workers(config, recipe, folder, "pixels", None)
    data = data_folder(folder, "pixels")
    try:
        wait_for_shards(data, 2, processes)
        return train_tokenizer(recipe, folder / "tokenizer", data, init)
    finally:
        for process in processes:
            process.terminate()


def tokenizer_of(folder: Path) -> Path:
    """The run's own tokenizer, else the one that ships."""
    own = folder / "tokenizer" / "tokenizer.safetensors"
    if own.exists():
        return own
    shipped = weights_folder() / "tokenizer.safetensors"
    if not shipped.exists():
        raise TrainingError(
            f"No tokenizer in {folder}: train it first with yozora train tokenizer --config ..."
        )
    return shipped


def _transformer(config: Path, recipe: Recipe, folder: Path, init: Path | None) -> Path:
    from yozora.training.transformer_loop import train_transformer

    processes = start_workers(config, recipe, folder, "latents", tokenizer_of(folder))
    data = data_folder(folder, "latents")
    try:
        wait_for_shards(data, 1, processes)
        return train_transformer(recipe, folder / "transformer", data, init)
    finally:
        for process in processes:
            process.terminate()


def _distill(recipe: Recipe, folder: Path, init: Path | None) -> Path:
    from yozora.training.distill_loop import train_distill

    teacher = init or folder / "transformer" / "transformer.safetensors"
    return train_distill(recipe, folder / "distill", data_folder(folder, "latents"), teacher)
