"""From a film to clips: resampled to the grid's rate, cut where the scene changes, sized.

Cuts are PySceneDetect's (content changes against their surroundings, so that a moving camera is no
cut); a shot becomes windows of the lengths in `data.lengths`; the frame is the one of `data.sizes`
whose shape is nearest, filled by resizing and cropping around the middle.
"""

# T frames, H, W pixels

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yozora.media.errors import MediaError
from yozora.training.footage_films import Film, captions_of, opened
from yozora.training.footage_tally import Tally
from yozora.training.recipe import DataSettings, Recipe
from yozora.training.render_world import Encode, weighted
from yozora.training.shards import Clip, Shard, ShardWriter

Picture = NDArray[np.uint8]  # (H, W, 3)
SIDES = re.compile(r"\b(left|right)\b", re.IGNORECASE)  # captions that a mirror image belies
CUT_LAG = 2  # frames that the detector looks past a cut


def take(
    writer: ShardWriter, recipe: Recipe, film: Film, encode: Encode | None, tally: Tally
) -> None:
    """Add a film's clips to a shard, with an encoder as latents, each also mirrored."""
    from yozora.media.video import stream_video

    grid, data = recipe.grid, recipe.data
    rng = random.Random(f"{data.seed}/{film.name}")
    chosen: list[tuple[int, int]] = []

    def size(width: int, height: int) -> tuple[int, int]:
        chosen.append(nearest_size(data, width, height))
        return cover(width, height, *chosen[0])

    clips = 0
    try:
        captions = captions_of(film)
        with opened(film) as file:
            pictures = stream_video(file, film.name, size)
            cropped = (cropped_to(p, *chosen[0]) for p in resampled(pictures, grid.fps))
            for shot, first, frames in windows(cropped, recipe, rng):
                clips += 1
                tally.cuts += shot > 0 and first == 0
                tally.seconds += len(frames) / grid.fps
                add(writer, recipe, frames, captions, encode)
    except (MediaError, OSError):
        tally.broken.append(film.name)
    else:
        tally.short += clips == 0
    tally.clips += clips


def nearest_size(data: DataSettings, width: int, height: int) -> tuple[int, int]:
    """The size of the recipe whose aspect is nearest, as a ratio."""

    def off(size: tuple[int, int, float]) -> float:
        ratio = (size[0] / size[1]) / (width / height)
        return max(ratio, 1.0 / ratio)

    best = min(data.sizes, key=off)
    return best[0], best[1]


def cover(width: int, height: int, to_width: int, to_height: int) -> tuple[int, int]:
    """The smallest size of the same aspect that covers the asked one."""
    scale = max(to_width / width, to_height / height)
    return max(round(width * scale), to_width), max(round(height * scale), to_height)


def cropped_to(picture_HWC: Picture, width: int, height: int) -> Picture:
    """The middle."""
    y = (picture_HWC.shape[0] - height) // 2
    x = (picture_HWC.shape[1] - width) // 2
    return np.ascontiguousarray(picture_HWC[y : y + height, x : x + width])


def resampled(pictures: Iterable[tuple[float, Picture]], fps: float) -> Iterator[Picture]:
    """One picture every 1/fps seconds: the last one shown by then; films of any rate.

    A gap of more than two seconds (a broken clock) is not filled.
    """
    ticks, last_s, last = 0, 0.0, None
    for at_s, picture in pictures:
        if last is not None and at_s - last_s > 2.0:
            ticks = round(at_s * fps)
        while last is not None and (ticks + 0.5) / fps <= at_s:
            yield last
            ticks += 1
        last_s, last = at_s, picture
    if last is not None:
        yield last


def windows(
    pictures: Iterable[Picture], recipe: Recipe, rng: random.Random
) -> Iterator[tuple[int, int, Picture]]:
    """(shot, first frame in it, frames (T, H, W, 3)): windows that no cut crosses.

    Lengths are drawn as the recipe says while the shot lasts; its rest becomes the longest that
    fits. Holds one window at a time, so that films may be long.
    """
    from scenedetect import FrameTimecode
    from scenedetect.detectors import AdaptiveDetector

    k = recipe.grid.frames_per_latent
    lengths = sorted(n * k for n, _ in recipe.data.lengths)
    detector = AdaptiveDetector(min_scene_len=k, window_width=CUT_LAG)
    held: list[Picture] = []
    shot, start, first = 0, 0, 0  # frame number of held[0], and of the shot's first
    wanted = weighted(rng, recipe.data.lengths)[0] * k
    for number, picture in enumerate(pictures):
        held.append(picture)
        timecode = FrameTimecode(number, float(recipe.grid.fps))
        for cut in detector.process_frame(timecode, np.ascontiguousarray(picture[:, :, ::-1])):
            at = int(cut.frame_num) - start
            for begin, rest in rest_of(held[:at], lengths):
                yield shot, start + begin - first, rest
            held, start, first = held[at:], start + at, start + at
            shot += 1
        if len(held) >= wanted + CUT_LAG + 1:
            yield shot, start - first, np.stack(held[:wanted])
            held, start = held[wanted:], start + wanted
            wanted = weighted(rng, recipe.data.lengths)[0] * k
    for begin, rest in rest_of(held, lengths):
        yield shot, start + begin - first, rest


def rest_of(held: list[Picture], lengths: list[int]) -> Iterator[tuple[int, Picture]]:
    """The end of a shot in windows, the longest first; less than the shortest is dropped."""
    begin = 0
    while fitting := [n for n in lengths if n <= len(held) - begin]:
        yield begin, np.stack(held[begin : begin + fitting[-1]])
        begin += fitting[-1]


def add(
    writer: ShardWriter,
    recipe: Recipe,
    frames: Picture,
    captions: tuple[str, ...],
    encode: Encode | None,
) -> None:
    """One clip as pixels, or as latents and those of its mirror image."""
    count = len(frames) // recipe.grid.frames_per_latent
    text = captions[0] if captions else ""
    clip = Clip(fps=recipe.grid.fps, captions=(text,) * count, short=captions[1:])
    if encode is None:
        writer.add(clip, {"frames": frames})
    else:
        add_latents(writer, clip, frames, encode)


def add_latents(writer: ShardWriter, clip: Clip, frames: Picture, encode: Encode) -> None:
    arrays: dict[str, NDArray[Any]] = {"latents": encode(frames)}
    writer.add(clip, arrays)
    if not any(SIDES.search(text) for text in (*clip.captions, *clip.short)):
        writer.add(clip, {"latents": encode(frames[:, :, ::-1])})


def encode_again(writer: ShardWriter, pixels: Shard, encode: Encode) -> None:
    """Latents of a shard whose films were cut before."""
    for clip in pixels.clips:
        frames = pixels.read(clip, "frames")
        add_latents(writer, dataclasses.replace(clip, places={}), frames, encode)
