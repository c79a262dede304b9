"""Renders, and beside them what the transformer makes of their latents: what a decoder meets in
films, and what it should show then (docs/adr/0028).

A render's latents are sent back to a level of noise and made again under the render's own words. So
they hold what made latents hold and encoded ones do not, frames that do not quite agree, and there
is still a render that says how it should look.
"""

# T pixel frames, F latent frames, C channels, H, W cells, Y, X pixels

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe
from yozora.training.render_world import drawn, moments, told
from yozora.training.shards import Clip, Shard, ShardWriter

STEPS = 3  # of a rework: more are slower and as unsteady

Frames = NDArray[np.uint8]
Latents = NDArray[np.float32]
Rework = Callable[[Frames, tuple[str, ...], float, int], Latents]  # captions, level, seed


def check_beside(tokenizer: Path) -> None:
    """Raises TrainingError where no transformer is there to rework a tokenizer's latents."""
    if not tokenizer.with_name("transformer.safetensors").is_file():
        raise TrainingError(
            f"There is no transformer beside {tokenizer} to rework its latents: name weights in a "
            "folder that has one, or set tokenizer.reworked to 0."
        )


def reworker(tokenizer: Path) -> Rework:
    """What reworks with the transformer beside a tokenizer, on one thread. Raises WeightsError."""
    import torch

    from yozora.engine.canvas import Canvas
    from yozora.engine.native import NativeEngine

    torch.set_num_threads(1)
    engine = NativeEngine.load(tokenizer.parent)

    def rework(frames: Frames, captions: tuple[str, ...], level: float, seed: int) -> Latents:
        content = engine.encode(frames)
        levels = np.full(len(content), level, np.float32)
        return engine.generate(
            Canvas(content, levels, captions, float(engine.grid.fps), seed),
            steps=STEPS,
            quality="fast",
            negative="",
            on_step=lambda done, of, clean: None,
            cancelled=lambda: False,
        )

    return rework


def rework_shard(
    recipe: Recipe, folder: Path, index: int, renderers: dict[tuple[int, int], Any], rework: Rework
) -> Path:
    """Render shard `index` of a run and rework its latents."""
    rng = random.Random(f"{recipe.data.seed}/{index}/reworked")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    for _ in range(recipe.data.scenes_a_shard):
        scene, renderer, start_s, count = drawn(recipe, rng, renderers)
        frames = renderer.render(
            scene, start_s=start_s, frames=count * recipe.grid.frames_per_latent
        )
        clip = told(recipe, rng, scene, moments(recipe, start_s, count))
        level = rng.uniform(*recipe.tokenizer.rework_from)
        made = rework(frames, clip.captions, level, rng.getrandbits(32))
        writer.add(clip, {"frames": frames, "latents": made})
    return writer.close()


def pair(
    shard: Shard, clip: Clip, rng: np.random.Generator, count: int, side: int, cell_px: int
) -> tuple[Frames, Latents]:
    """A crop of `count` latent frames of a reworked clip: frames (T, side, side, 3), and latents
    (count + 2, C, h, w) with the one before and the one after, which a clip's ends repeat."""
    frames, latents = shard.read(clip, "frames"), shard.read(clip, "latents")
    f, _, h, w = latents.shape
    k, cells = len(frames) // f, side // cell_px
    first = int(rng.integers(0, max(f - count, 0) + 1))
    top, left = (int(rng.integers(0, n - cells + 1)) for n in (h, w))
    seen = np.arange(first - 1, first + count + 1).clip(0, f - 1)
    shown = np.arange(first, first + count).clip(0, f - 1)
    rows, cols = slice(top, top + cells), slice(left, left + cells)
    inner = frames.reshape(f, k, *frames.shape[1:])[shown].reshape(-1, *frames.shape[1:])
    y, x = top * cell_px, left * cell_px
    cut = inner[:, y : y + side, x : x + side]
    return np.ascontiguousarray(cut), latents[seen][:, :, rows, cols].astype(np.float32)
