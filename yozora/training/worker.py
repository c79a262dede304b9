"""A rendering process: `python -m yozora.training.worker RECIPE.toml KIND N OF FOLDER [TOKENIZER]`.

KIND is pixels, latents, reworks, outlines, upsampler or interpolator. Worker N of OF makes every
shard whose index leaves the remainder N, skips those already there, and ends when the recipe's
number of scenes is reached; a shard is whole or absent, so it can be killed and started again at
any moment.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from yozora.model.errors import WeightsError
from yozora.training import finish_data, footage
from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe
from yozora.training.recipe_reading import read_recipe
from yozora.training.render_world import Encode, encode_shard, outline_shard, render_shard
from yozora.training.renderers import data_folder
from yozora.training.reworks import rework_shard, reworker
from yozora.training.shards import Shard, shard_paths
from yozora.world.errors import WorldError

KINDS = ("pixels", "latents", "reworks", "outlines", *finish_data.KINDS)


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
    if kind in finish_data.KINDS:
        return finish_data.work(recipe, folder, kind, number, of, tokenizer)
    rework = reworker(tokenizer) if tokenizer and kind == "reworks" else None
    encode = encoder(tokenizer) if tokenizer and rework is None else None
    if recipe.data.source != "world":
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
        if kind == "outlines":
            outline_shard(recipe, folder, index, renderers)
        elif rework is not None:
            rework_shard(recipe, folder, index, renderers, rework)
        elif encode is not None and (rendered / "clips.jsonl").exists():
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
