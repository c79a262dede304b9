"""Probes of single laws: loops close, kept spans stay, words steer, joins hold; and footage."""

# F latent frames, T pixel frames, C, H, W of a latent frame

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from yozora.engine.protocol import Engine, Frames
from yozora.model.judge import Judge
from yozora.timeline import tools
from yozora.timeline.compile import compile_timeline
from yozora.timeline.document import Clip, Timeline, to_ticks
from yozora.timeline.material import NOTHING, Material, Sampled
from yozora.training import measures
from yozora.training.errors import TrainingError
from yozora.training.eval_clips import OnProgress, film_of, held_out_scene, make
from yozora.training.synthetic import synthetic_clip
from yozora.world.captions import caption
from yozora.world.scene import PLACES, Scene

REACH = 1  # latent frames to each side that the decoder sees
EQUAL_DB = 99.0


def loop_seam(engine: Engine, count: int, on_progress: OnProgress) -> float:
    """The step from the last frame to the first over the median step, pooled over closed films."""
    seams, medians = 0.0, 0.0
    for index in range(count):
        scene = _one_action(held_out_scene(index))
        one = measures.seam(make(film_of(scene, engine, index, closed=True), engine))
        seams, medians = seams + one[0], medians + one[1]
        on_progress("loops", index + 1, count)
    return seams / max(medians, 1e-6)


@dataclass(frozen=True, slots=True)
class Kept:
    """What extending did to what was there."""

    latents_same: bool  # kept latents are bit-identical
    beyond_same: bool  # so are decoded frames beyond the decoder's reach of a join
    within_db: float  # the worst of the frames within it


def kept_spans(engine: Engine, extensions: int, on_progress: OnProgress, seed: int = 0) -> Kept:
    """A film extended again and again by a second, each time compared with what it was."""
    grid, k = engine.grid, engine.grid.frames_per_latent
    scene = _one_action(held_out_scene(seed))
    film = _made(film_of(scene, engine, seed), engine)
    before = engine.decode(film.latents_FCHW, beside=film.beside)
    kept = Kept(True, True, EQUAL_DB)
    for n in range(extensions):
        join = len(film.latents_FCHW)
        lasts = to_ticks(1) * film.count // grid.fps
        grown = tools.extend(Clip("film", 0, lasts), caption(scene), to_ticks(1))
        grown = replace(grown, seed=seed + n + 1, width=grid.width, height=grid.height)
        longer = _made(grown, engine, replace(NOTHING, assets={"film": film}))
        after = engine.decode(longer.latents_FCHW, beside=longer.beside)
        safe = (join - REACH) * k
        within = measures.psnr(before[safe:], after[safe : join * k])
        kept = Kept(
            kept.latents_same
            and bool(np.array_equal(longer.latents_FCHW[:join], film.latents_FCHW)),
            kept.beyond_same and bool(np.array_equal(after[:safe], before[:safe])),
            min(kept.within_db, within),
        )
        film, before = longer, after
        on_progress("extensions", n + 1, extensions)
    return kept


def steering(
    engine: Engine, judge: Judge, count: int, on_progress: OnProgress
) -> tuple[float, int]:
    """(median seconds from a new caption to the first frame given to it, films that never are).

    The place changes after three of six seconds; each second of the film, moved on frame by
    frame, is given to the likelier of the two places, and the frame is the middle of that second.
    A film that is given to the new place a second before it is asked for shows no steering.
    """
    fps, delays, never = engine.grid.fps, [], 0
    names = list(PLACES)
    for index in range(count):
        scene = replace(_one_action(held_out_scene(index)), length_s=3.0)
        other = names[(names.index(scene.place) + 1 + index % (len(names) - 1)) % len(names)]
        cards = [
            tools.text_to_video(caption(told), to_ticks(3))
            for told in (scene, replace(scene, place=other))
        ]
        grid = engine.grid
        film = replace(tools.storyboard(cards), seed=index, width=grid.width, height=grid.height)
        frames = make(film, engine)
        found = None
        for middle in (2 * fps, *range(3 * fps, len(frames) - fps // 2 + 1)):
            second = frames[middle - fps // 2 : middle + fps // 2]
            shares = judge.look(second, fps).shares["place"]
            if shares[other] > shares[scene.place]:
                found = middle / fps - 3.0 if middle >= 3 * fps else None
                break
        if found is None:
            never += 1
        delays.append(float("inf") if found is None else found)
        on_progress("steering", index + 1, count)
    return float(np.median(delays)), never


def joins(engine: Engine, frames: Frames) -> tuple[float, float]:
    """(largest change of a latent when a clip is cut before encoding, decibels lost at a cut).

    The loss is of the latent frames beside the cut when halves are decoded apart, against the
    same frames decoded whole.
    """
    k = engine.grid.frames_per_latent
    half = len(frames) // k // 2
    whole = engine.encode(frames)
    parts = [engine.encode(part) for part in (frames[: half * k], frames[half * k :])]
    change = float(np.abs(np.concatenate(parts) - whole).max())
    apart = np.concatenate([engine.decode(part) for part in parts])
    beside = slice((half - 1) * k, (half + 1) * k)
    together = engine.decode(whole)
    loss = measures.psnr(frames[beside], together[beside]) - measures.psnr(
        frames[beside], apart[beside]
    )
    return change, loss


def footage_of(engine: Engine, path: Path | None) -> Frames:
    """Four seconds of a camera's film at the grid's size; without one, a stand-in: moving dead
    leaves, noise and strokes with a sensor's noise. Raises MediaError, TrainingError."""
    grid = engine.grid
    count = 4 * grid.fps
    if path is not None:
        from yozora.media import images, video

        frames = images.fit(video.read_video(path, count).frames_THWC, grid.width, grid.height)
    else:
        rng = np.random.default_rng(11)
        k = 3 * grid.frames_per_latent
        clips = [synthetic_clip(rng, k, grid.height, grid.width) for _ in range(count // k)]
        noisy = np.concatenate(clips) + rng.normal(0.0, 3.0, (count // k * k, 1, 1, 3))
        frames = noisy.round().clip(0, 255).astype(np.uint8)
    k = grid.frames_per_latent
    if len(frames) < k:
        raise TrainingError(f"{path} has {len(frames)} frames: name a film of {k} or more.")
    return frames[: len(frames) // k * k]


def footage_psnr(engine: Engine, frames: Frames) -> float:
    """The tokenizer on a camera's film."""
    return measures.psnr(frames, engine.decode(engine.encode(frames)))


def _one_action(scene: Scene) -> Scene:
    return scene.as_one_act()


def _made(timeline: Timeline, engine: Engine, given: Material | None = None) -> Sampled:
    """A timeline's latents, and how they are decoded."""
    assert timeline.seed is not None

    compiled = compile_timeline(timeline, engine.grid, timeline.seed, given or NOTHING)
    made = engine.generate(
        compiled.canvas,
        steps=None,
        quality="fast",
        negative="",
        on_step=lambda done, of, clean: None,
        cancelled=lambda: False,
    )
    grid = engine.grid
    return Sampled(made, Fraction(grid.fps), grid.frames_per_latent, beside=compiled.beside)
