"""What upsampler and interpolator are taught: renders of a moment in two sizes, and runs of frames
at a high rate. Scenes are those of training, without held-out pairs; seeds are their own.

Where a tokenizer is there, small pictures are also kept as it gives them back: what the upsampler
sees in use.
"""

# T frames, Y, X pixels, k pixel frames a latent frame

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from yozora.model.upsampler import FACTOR
from yozora.training.recipe import InterpolatorRun, Recipe, UpsamplerRun
from yozora.training.shards import Clip, Shard, ShardWriter, shard_paths
from yozora.world.sample import sample_scene
from yozora.world.scene import Scene

if TYPE_CHECKING:
    from yozora.world.renderer import Renderer

Frames = NDArray[np.uint8]  # (T, Y, X, 3)
Redraw = Callable[[Frames], Frames]  # frames through the tokenizer and back
KINDS = ("upsampler", "interpolator")
PARTS = 4  # pictures rendered a frame of the grid, for the interpolator
STRETCH = 2  # frames of the grid that one of its clips lasts
NEARER = (1, 1, 2, 5)  # drawn: pictures around are so many times nearer than frames of the grid


def settings_of(recipe: Recipe, kind: str) -> UpsamplerRun | InterpolatorRun:
    return recipe.upsampler if kind == "upsampler" else recipe.interpolator


def shards_of(recipe: Recipe, kind: str) -> int:
    settings = settings_of(recipe, kind)
    return -(-settings.scenes // settings.scenes_a_shard)


def to_render(recipe: Recipe, kind: str) -> tuple[int, int]:
    """(scenes, about how many frames of the grid's size) in all: a large one counts as four."""
    run = settings_of(recipe, kind)
    each = 3 + FACTOR**2 if kind == "upsampler" else STRETCH * PARTS + 1
    return run.scenes, run.scenes * run.moments * each


def work(
    recipe: Recipe, folder: Path, kind: str, number: int, of: int, tokenizer: Path | None
) -> int:
    """Make every `of`-th shard that is missing; returns how many were made."""
    made, parent, shards = 0, os.getppid(), shards_of(recipe, kind)
    renderers: tuple[Renderer, ...] = ()
    redraw: Redraw | None = None
    for index in range(number, shards, of):
        if os.getppid() != parent:  # the training process was killed
            break
        if (folder / f"shard-{index:05d}" / "clips.jsonl").exists():
            continue
        began = time.monotonic()
        if not renderers:
            renderers = open_renderers(recipe, kind)
            redraw = redrawn_by(tokenizer) if tokenizer is not None else None
        render_shard(recipe, folder, kind, index, renderers, redraw)
        made += 1
        print(f"shard {index} of {shards}: {time.monotonic() - began:.1f} s", flush=True)
    return made


def open_renderers(recipe: Recipe, kind: str) -> tuple[Renderer, ...]:
    """One of the grid's size; for the upsampler another of twice that, drawn with as many samples
    a pixel."""
    from yozora.world.renderer import Renderer  # needs OpenGL; training on shards does not

    grid = recipe.grid
    if kind == "interpolator":
        return (Renderer(grid.width, grid.height, fps=PARTS * grid.fps),)
    large = FACTOR * grid.width, FACTOR * grid.height
    return Renderer(grid.width, grid.height, fps=grid.fps), Renderer(*large, fps=grid.fps)


def render_shard(
    recipe: Recipe,
    folder: Path,
    kind: str,
    index: int,
    renderers: tuple[Renderer, ...],
    redraw: Redraw | None = None,
) -> Path:
    """Render shard `index` of a run; the same recipe and index give the same clips."""
    run, grid = settings_of(recipe, kind), recipe.grid
    rng = random.Random(f"{kind}/{recipe.data.seed}/{index}")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    last = run.scenes - index * run.scenes_a_shard
    for _ in range(min(run.scenes_a_shard, last)):
        scene = sample_scene(rng)
        for _ in range(run.moments):
            if kind == "interpolator":
                start_s = rng.uniform(0.0, scene.length_s - STRETCH / grid.fps)
                frames = renderers[0].render(scene, start_s, STRETCH * PARTS + 1)
                arrays = {"frames": frames}
            else:
                start_s, arrays = two_sizes(recipe, rng, scene, renderers, redraw)
            clip = Clip(fps=grid.fps, captions=(), scene=scene.to_json(), start_s=start_s)
            writer.add(clip, arrays)
    return writer.close()


def two_sizes(
    recipe: Recipe,
    rng: random.Random,
    scene: Scene,
    renderers: tuple[Renderer, ...],
    redraw: Redraw | None,
) -> tuple[float, dict[str, Frames]]:
    """(a moment, its picture in twice the size and the small ones before, then and after it)."""
    grid, (small, large) = recipe.grid, renderers
    k = max(3, grid.frames_per_latent)
    if redraw is not None and rng.random() < 0.5 and k % grid.frames_per_latent == 0:
        first_s = rng.uniform(0.0, scene.length_s - k / grid.fps)
        at = rng.randrange(1, k - 1)
        frames = small.render(scene, first_s, k)
        moment_s = first_s + at / grid.fps
        around = slice(at - 1, at + 2)
        return moment_s, {
            "small": frames[around],
            "soft": redraw(frames)[around],
            "large": large.render(scene, moment_s, 1),
        }
    step_s = 1.0 / (grid.fps * rng.choice(NEARER))
    moment_s = rng.uniform(step_s, scene.length_s - step_s)
    seen = [small.render(scene, moment_s + i * step_s, 1) for i in (-1, 0, 1)]
    return moment_s, {"small": np.concatenate(seen), "large": large.render(scene, moment_s, 1)}


def redrawn_by(tokenizer: Path) -> Redraw:
    """Frames (a multiple of k) through a tokenizer and back, on one thread."""
    from yozora.model.checkpoint import load_tokenizer
    from yozora.model.layers import compute_dtype

    torch.set_num_threads(1)
    network, _ = load_tokenizer(tokenizer)
    network.to(compute_dtype())

    def redraw(frames: Frames) -> Frames:
        with torch.inference_mode():
            video = torch.from_numpy(frames.copy()).permute(0, 3, 1, 2)[None].float() / 127.5 - 1.0
            made = network.decode(network.encode(video))[0].float()
            made = ((made + 1.0) * 127.5).round().clamp(0, 255).to(torch.uint8)
            return made.permute(0, 2, 3, 1).numpy()

    return redraw


# -- reading ---------------------------------------------------------------------------------------


class FinishClips:
    """Rendered clips; takes in new shards as they appear. The first shard measures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[Path] = set()
        self.clips: list[tuple[Shard, Clip]] = []
        self.measured: list[tuple[Shard, Clip]] = []
        self.refresh()

    def refresh(self) -> None:
        for path in shard_paths(self.folder):
            if path not in self.seen:
                self.seen.add(path)
                shard = Shard(path)
                rows = [(shard, clip) for clip in shard.clips]
                (self.measured if path.name == "shard-00000" else self.clips).extend(rows)

    def draw(self, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        """One clip's arrays; of the measuring shard where there is no other."""
        rows = self.clips or self.measured
        shard, clip = rows[int(rng.integers(len(rows)))]
        return {kind: shard.read(clip, kind) for kind in clip.places}

    def held_back(self) -> Iterator[dict[str, NDArray[Any]]]:
        """The measuring shard's clips."""
        for shard, clip in self.measured or self.clips:
            yield {kind: shard.read(clip, kind) for kind in clip.places}


def two_size_batch(clips: FinishClips, run: UpsamplerRun, rng: np.random.Generator) -> Any:
    """(windows (B, A, S, S, 3) uint8, pictures (B, 2S, 2S, 3) uint8) of crops of S pixels.

    Of several crops that one is taken which has most contrast: most of a picture is plain.
    """
    around = run.size.around
    small_B, large_B = [], []
    for _ in range(run.batch):
        arrays = clips.draw(rng)
        soft = rng.random() < run.soft_share
        kept = arrays["soft"] if soft and "soft" in arrays else arrays["small"]
        side = min(run.crop, *kept.shape[1:3])
        corners = [corner(kept, side, rng) for _ in range(run.crops)]
        apart = [contrast(arrays["small"][1], *at, side) for at in corners]
        y0, x0 = corners[int(np.argmax(apart))]
        window = kept[1 - around : 2 + around, y0 : y0 + side, x0 : x0 + side]
        if soft and "soft" not in arrays:
            window = worn(window, rng)
        if around and rng.random() < run.lone_share:  # a film's ends, and cuts
            window = np.repeat(window[around : around + 1], 2 * around + 1, 0)
        y1, x1 = FACTOR * y0, FACTOR * x0
        large = arrays["large"][0, y1 : y1 + FACTOR * side, x1 : x1 + FACTOR * side]
        if around and rng.random() < 0.5:
            window = window[::-1]
        window, large = turned(window, large, rng)
        small_B.append(window)
        large_B.append(large)
    return torch.from_numpy(np.stack(small_B)), torch.from_numpy(np.stack(large_B))


def turned(
    window_TYX3: Frames, large_YX3: Frames, rng: np.random.Generator
) -> tuple[Frames, Frames]:
    """Both in one of the eight ways in which a square can lie, their three colours in one of six
    orders: an edge is an edge whichever way it runs, so one crop teaches what 48 would."""
    down, along, across = rng.random(3) < 0.5
    order = rng.permutation(3)
    turns = []
    for picture in (window_TYX3, large_YX3):
        picture = picture[..., :: -1 if down else 1, :: -1 if along else 1, order]
        turns.append(picture.swapaxes(-3, -2) if across else picture)
    return turns[0], turns[1]


def worn(window_TYX3: Frames, rng: np.random.Generator) -> Frames:
    """As a tokenizer would have it: softer by a drawn amount, and a little noise."""
    x = window_TYX3.astype(np.float32)
    share = float(rng.uniform(0.0, 0.25))
    for axis in (1, 2):
        ahead = np.concatenate([x.take(range(1, x.shape[axis]), axis), x.take([-1], axis)], axis)
        back = np.concatenate([x.take([0], axis), x.take(range(x.shape[axis] - 1), axis)], axis)
        x = (1.0 - 2.0 * share) * x + share * (ahead + back)
    x += rng.normal(0.0, rng.uniform(0.0, 3.0), x.shape).astype(np.float32)
    return x.round().clip(0, 255).astype(np.uint8)


def between_batch(clips: FinishClips, run: InterpolatorRun, rng: np.random.Generator) -> Any:
    """(before, after, wanted: (B, S, S, 3) uint8; times (B,)) of crops of S pixels.

    Of several crops that one is taken which changes most: most of a picture stands still.
    """
    rows = []
    for _ in range(run.batch):
        video = clips.draw(rng)["frames"]
        gap = int(rng.choice((PARTS // 2, PARTS, PARTS, STRETCH * PARTS)))
        first = int(rng.integers(0, len(video) - gap))
        at = int(rng.integers(1, gap))
        three = video[[first, first + at, first + gap]]
        found = [crop_of(three, run.crop, rng) for _ in range(run.crops)]
        crop = max(found, key=lambda c: np.abs(c[0].astype(np.int16) - c[2]).mean())
        if rng.random() < 0.5:
            crop = crop[:, :, ::-1]
        if rng.random() < 0.5:
            crop, at = crop[::-1], gap - at
        rows.append((crop, at / gap))
    crops = torch.from_numpy(np.stack([crop for crop, _ in rows]))
    return crops[:, 0], crops[:, 2], crops[:, 1], torch.tensor([time for _, time in rows])


def corner(video: Frames, side: int, rng: np.random.Generator) -> tuple[int, int]:
    """Where a crop of `side` pixels begins: (row, column)."""
    rows, cols = (int(rng.integers(0, n - side + 1)) for n in video.shape[1:3])
    return rows, cols


def contrast(frame_YX3: Frames, y0: int, x0: int, side: int) -> float:
    """Mean difference of neighbours in every other row of a crop."""
    crop = frame_YX3[y0 : y0 + side : 2, x0 : x0 + side].astype(np.int16)
    return float(np.abs(np.diff(crop, axis=1)).mean())


def crop_of(video: Frames, side: int, rng: np.random.Generator) -> Frames:
    side = min(side, *video.shape[1:3])
    y0, x0 = corner(video, side, rng)
    return video[:, y0 : y0 + side, x0 : x0 + side]
