"""A timeline laid on an engine's grid: the only file of this room that knows an engine."""

# F latent frames, C channels, H rows of cells, W columns of cells

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from yozora.engine.canvas import Canvas, Floats
from yozora.engine.canvas import Reference as CanvasReference
from yozora.model import grid as grids
from yozora.model.grid import Grid
from yozora.timeline.document import (
    TICKS_PER_S,
    Clip,
    Content,
    Mix,
    Source,
    Still,
    Timeline,
    to_seconds,
    validate,
)
from yozora.timeline.errors import TimelineError

LEAST_FPS, MOST_FPS = 12, 60  # of films, whatever the weights make

LatentsOf = Callable[[str], Floats]  # an asset's normalised latents, (F, C, H, W)


def no_assets(asset: str) -> Floats:
    """For timelines that are invented whole."""
    raise TimelineError("content", f"nobody knows the asset {asset!r}", "give its file")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the engine is given, and what to do with its frames afterwards."""

    canvas: Canvas
    frames: int  # pixel frames at the grid's rate: the decoded ones beyond it are dropped
    width: int  # pixels of the film; the canvas may be another size of about this shape
    height: int
    fps: Fraction  # of the film; the engine makes the grid's
    count: int  # frames of the film, at that rate
    notes: tuple[str, ...]  # what was snapped, in sentences


def compile_timeline(
    timeline: Timeline, grid: Grid, seed: int, latents_of: LatentsOf = no_assets
) -> Compiled:
    """Snap a timeline outward to whole latent frames.

    A latent frame that several spans touch takes the caption and content of the one with the
    largest share and the highest level: invention wins over keeping, so that nothing half known is
    called kept. Raises TimelineError.
    """
    validate(timeline)
    width, height = timeline.width or grid.width, timeline.height or grid.height
    canvas_w, canvas_h = grid.nearest_size(width, height)
    fps = Fraction(grid.fps)
    rate = fps if timeline.fps is None else timeline.fps
    between = LEAST_FPS <= rate <= MOST_FPS or (rate <= grids.MOST_FPS and rate % fps == 0)
    if rate.denominator != 1 or not between:
        raise TimelineError(
            "fps",
            f"{rate} frames a second asked, these weights make {fps}",
            f"choose a whole number of {LEAST_FPS} to {MOST_FPS}, or a multiple of {fps} up to "
            f"{grids.MOST_FPS}",
        )
    notes = []
    if (canvas_w, canvas_h) != (width, height):
        notes.append(f"made at {canvas_w}x{canvas_h}, then fitted to {width}x{height}")
    if rate != fps:
        notes.append(f"made at {fps} frames a second, then brought to {rate}")

    frames = max(1, round(timeline.ticks * fps / TICKS_PER_S))
    latent_frames = -(-frames // grid.frames_per_latent)
    if latent_frames * grid.frames_per_latent != frames:
        spare = latent_frames * grid.frames_per_latent - frames
        what = "frame" if spare == 1 else "frames"
        notes.append(f"{spare} more {what} made than asked, and dropped")
    ticks_a_latent = TICKS_PER_S * grid.frames_per_latent / fps

    rows, cols = grid.cells(canvas_w, canvas_h)
    content = np.zeros((latent_frames, grid.channels, rows, cols), np.float32)
    level = np.zeros(latent_frames, np.float32)
    captions: list[str] = []
    edges = _edges(timeline)
    for f in range(latent_frames):
        start, stop = f * ticks_a_latent, (f + 1) * ticks_a_latent
        shares = [float(_overlap(start, stop, Fraction(a), Fraction(b))) for a, b in edges]
        if max(shares) <= 0.0:  # the film ends a fraction of a frame before this latent frame
            shares[-1] = 1.0
        main = max(range(len(shares)), key=shares.__getitem__)
        touched = [i for i, share in enumerate(shares) if share > 0.0]
        level[f] = max(timeline.spans[i].level for i in touched)
        captions.append(timeline.spans[main].caption)
        holder = next((i for i in (main, *touched) if timeline.spans[i].content), None)
        if level[f] < 1.0 and holder is not None:
            source = timeline.spans[holder].content
            assert source is not None
            begin, end = edges[holder]
            middle = min(max((start + stop) / 2, Fraction(begin)), Fraction(end))
            frame = _look(source, middle - begin, end - begin, ticks_a_latent, latents_of)
            if frame.shape != content.shape[1:]:
                raise TimelineError(
                    f"spans[{holder}].content",
                    f"its latents are {frame.shape}, the film's {content.shape[1:]}",
                    f"ask for the content's own size, or convert it to {canvas_w}x{canvas_h}",
                )
            content[f] = frame
        if len(touched) > 1 and len({timeline.spans[i].level for i in touched}) > 1:
            notes.append(
                f"a cut at {to_seconds(max(edges[i][0] for i in touched)):.3f} s falls inside a "
                f"latent frame, which is made anew at level {level[f]:g}"
            )
    canvas = Canvas(
        content_FCHW=content,
        level=level,
        caption_F=tuple(captions),
        fps=float(fps),
        seed=seed,
        references=_references(timeline, latents_of),
        closed=timeline.closed,
    )
    count = max(1, round(timeline.ticks * rate / TICKS_PER_S))
    return Compiled(canvas, frames, width, height, rate, count, tuple(notes))


def _edges(timeline: Timeline) -> list[tuple[int, int]]:
    edges, at = [], 0
    for span in timeline.spans:
        edges.append((at, at + span.ticks))
        at += span.ticks
    return edges


def _overlap(start: Fraction, stop: Fraction, begin: Fraction, end: Fraction) -> Fraction:
    return min(stop, end) - max(start, begin)


def _look(
    content: Content, into: Fraction, lasts: int, ticks_a_latent: Fraction, latents_of: LatentsOf
) -> Floats:
    """The latent frame (C, H, W) of `content` at `into` ticks of its span."""
    if not isinstance(content, Mix):
        return _frame(content, into, ticks_a_latent, latents_of)
    share = np.float32(
        np.interp(float(into) / lasts, [x for x, _ in content.curve], [s for _, s in content.curve])
    )
    first = _frame(content.first, into, ticks_a_latent, latents_of)
    second = _frame(content.second, into, ticks_a_latent, latents_of)
    return (1 - share) * first + share * second


def _frame(
    source: Source, into: Fraction, ticks_a_latent: Fraction, latents_of: LatentsOf
) -> Floats:
    latents = latents_of(source.asset)
    match source:
        case Clip(_, start, _):
            at = start + into
        case Still(_, moment):
            at = Fraction(moment or 0)
    index = int(at // ticks_a_latent)
    frame: Floats = latents[min(index, len(latents) - 1)]
    return frame


def _references(timeline: Timeline, latents_of: LatentsOf) -> tuple[CanvasReference, ...]:
    """References are the clip's, not a frame's, in this engine: each once, in order."""
    wanted = dict.fromkeys(r for span in timeline.spans for r in span.references)
    return tuple(CanvasReference(latents_of(r.asset)[0], r.role) for r in wanted)
