"""Scenes of the world -> shards of clips, by one process a core.

Each clip is a crop in time of a four-second scene, so that a window may start anywhere; many
short clips of different scenes teach more an hour than few long ones. Once a tokenizer exists the
pixels never reach the disk: a clip is encoded where it is rendered, twice, as it is and mirrored.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yozora.model.grid import FINE
from yozora.model.outlines import coarse
from yozora.training.recipe import Recipe
from yozora.training.shards import Clip, Shard, ShardWriter
from yozora.world.captions import acts, caption, paraphrase
from yozora.world.sample import sample_scene
from yozora.world.scene import Scene

Frames = NDArray[np.uint8]
Encode = Callable[[Frames], NDArray[np.float32]]  # (T, H, W, 3) -> (F, C, H, W), normalised


@dataclass(frozen=True, slots=True)
class Shown:
    """A rendered clip of F latent frames and what is known about it."""

    scene: Scene
    frames: Frames  # (T, H, W, 3)
    outline: NDArray[np.floating] | None  # shares that subjects cover, and the first of them:
    # (F, 2, FINE * rows, FINE * cols)
    apart: Frames | None  # the first subject alone, (Y, X, 3)

    def mirrored(self) -> Shown:
        """Its mirror image, with left and right exchanged in the scene's words too."""
        outline = None if self.outline is None else self.outline[..., ::-1]
        return Shown(self.scene.mirrored(), self.frames[:, :, ::-1], outline, self.apart)


def timed_captions(scene: Scene, seconds: list[float]) -> tuple[str, ...]:
    """The caption of each moment: a second action takes the first one's place half way."""
    parts = acts(caption(scene))
    return tuple(parts[int(s * len(parts) / scene.length_s)] for s in seconds)


def weighted(rng: random.Random, rows: Any) -> Any:
    """One row of a table whose last column is its weight."""
    return rng.choices(rows, [row[-1] for row in rows])[0]


def render_shard(
    recipe: Recipe,
    folder: Path,
    index: int,
    renderers: dict[tuple[int, int], Any],
    encode: Encode | None,
    keep_frames: bool,
) -> Path:
    """Render shard `index` of a run; the same recipe and index give the same clips.

    `renderers` is this process's cache of one `Renderer` a size.
    """
    grid, data = recipe.grid, recipe.data
    rng = random.Random(f"{data.seed}/{index}")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    for _ in range(data.scenes_a_shard):
        scene, renderer, start_s, frames_latent = drawn(recipe, rng, renderers)
        frames = renderer.render(
            scene, start_s=start_s, frames=frames_latent * grid.frames_per_latent
        )
        middles = moments(recipe, start_s, frames_latent, 0.5)
        outline = renderer.subject_share(scene, middles, grid.cell_px // FINE)
        picture = None
        if scene.subjects and rng.random() < data.reference_share:
            picture = renderer.reference(scene.subjects[0], data.reference_px)
        shown = Shown(scene, frames, outline, picture)
        store(writer, recipe, rng, shown, start_s, encode, keep_frames)
    return writer.close()


def outline_shard(
    recipe: Recipe, folder: Path, index: int, renderers: dict[tuple[int, int], Any]
) -> Path:
    """Shard `index` of outlines alone: of other scenes than the pictures', places left out."""
    rng = random.Random(f"{recipe.data.seed}/outlines/{index}")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    for _ in range(recipe.data.scenes_a_shard):
        scene, renderer, start_s, frames_latent = drawn(recipe, rng, renderers)
        middles = moments(recipe, start_s, frames_latent, 0.5)
        outline = renderer.subject_share(scene, middles, recipe.grid.cell_px // FINE, bare=True)
        seconds = moments(recipe, start_s, frames_latent)
        for shown, shares in ((scene, outline), (scene.mirrored(), outline[..., ::-1])):
            clip = told(recipe, rng, shown, seconds)
            writer.add(clip, {"outline": shares})
    return writer.close()


def drawn(
    recipe: Recipe, rng: random.Random, renderers: dict[tuple[int, int], Any]
) -> tuple[Scene, Any, float, int]:
    """A scene, the renderer of its size, where in it a clip begins, and its latent frames."""
    from yozora.world.renderer import Renderer  # needs OpenGL; training on shards does not

    grid, data = recipe.grid, recipe.data
    scene = sample_scene(rng)
    width, height, _ = weighted(rng, data.sizes)
    frames_latent, _ = weighted(rng, data.lengths)
    whole = grid.latent_frames(scene.length_s)
    frames_latent = min(frames_latent, whole)
    start_s = rng.randrange(0, whole - frames_latent + 1) / grid.latent_fps
    if (width, height) not in renderers:
        renderers[width, height] = Renderer(width, height, fps=grid.fps)
    return scene, renderers[width, height], start_s, frames_latent


def moments(recipe: Recipe, start_s: float, frames_latent: int, within: float = 0.0) -> list[float]:
    """Seconds of each latent frame: its beginning, or so far `within` it (0 to 1)."""
    return [start_s + (f + within) / recipe.grid.latent_fps for f in range(frames_latent)]


def told(recipe: Recipe, rng: random.Random, scene: Scene, seconds: list[float]) -> Clip:
    """A clip's line in a shard: its words at each latent frame, and its scene."""
    short: tuple[str, ...] = ()
    if scene.then is None:
        short = tuple(paraphrase(scene, rng) for _ in range(recipe.data.paraphrases))
    return Clip(
        fps=recipe.grid.fps,
        captions=timed_captions(scene, seconds),
        short=short,
        scene=scene.to_json(),
        start_s=seconds[0],
    )


def encode_shard(recipe: Recipe, pixels: Shard, folder: Path, index: int, encode: Encode) -> Path:
    """Latents of a shard whose pixels are on disk already."""
    rng = random.Random(f"{recipe.data.seed}/{index}/again")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    for clip in pixels.clips:
        assert clip.scene is not None
        kept = {kind: pixels.read(clip, kind) for kind in clip.places}
        scene = Scene.from_json(clip.scene)
        shown = Shown(scene, kept["frames"], kept.get("outline"), kept.get("references"))
        store(writer, recipe, rng, shown, clip.start_s, encode, False)
    return writer.close()


def store(
    writer: ShardWriter,
    recipe: Recipe,
    rng: random.Random,
    rendered: Shown,
    start_s: float,
    encode: Encode | None,
    keep_frames: bool,
) -> None:
    """Add a rendered clip, and where encoding is cheap its mirror image, to a shard."""
    grid = recipe.grid
    count = len(rendered.frames) // grid.frames_per_latent
    seconds = moments(recipe, start_s, count)
    for shown in (rendered, rendered.mirrored()) if encode is not None else (rendered,):
        arrays: dict[str, NDArray[Any]] = {}
        if keep_frames:
            arrays["frames"] = shown.frames
        if encode is not None:
            arrays["latents"] = encode(shown.frames)
        if shown.outline is not None:
            arrays["subject"], arrays["outline"] = coarse(shown.outline), shown.outline
        if shown.apart is not None and encode is not None:
            arrays["looks"] = encode(np.repeat(shown.apart[None], grid.frames_per_latent, 0))
        elif shown.apart is not None:
            arrays["references"] = shown.apart
        writer.add(told(recipe, rng, shown.scene, seconds), arrays)
