"""A timeline laid on an engine's grid: the only file of this room that knows an engine."""

# F latent frames, C channels, H rows of cells, W columns of cells

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Beside, Canvas, Floats, Within
from yozora.engine.canvas import Reference as CanvasReference
from yozora.model.grid import FINE, Grid
from yozora.timeline.assemble import led_frames
from yozora.timeline.beside import beside
from yozora.timeline.checks import validate
from yozora.timeline.compiled import Compiled, Copied
from yozora.timeline.document import (
    TICKS_PER_S,
    Clip,
    Mix,
    Source,
    Span,
    Timeline,
    Words,
    is_kept,
    level_at,
    levels_of,
    sources,
    to_seconds,
)
from yozora.timeline.errors import TimelineError
from yozora.timeline.lattice import Anchor, Lattice, film_frames
from yozora.timeline.material import NOTHING, Asset, Material, picture
from yozora.timeline.regions import (
    Found,
    check_covered,
    check_found,
    free,
    in_cells,
    joins_pixels,
    reworked,
)

LEAST_FPS, MOST_FPS = 1, 240  # of films, whatever the weights make
MOST_SECONDS = 600  # of a film in one go


def compile_timeline(
    timeline: Timeline, grid: Grid, seed: int, material: Material = NOTHING
) -> Compiled:
    """Snap a timeline outward to whole latent frames.

    A latent frame that several spans touch is made at the highest of their levels and under the
    caption of the longest share: invention wins over keeping, so that nothing half known is called
    kept. Frames that are kept and lie in such a one, or whose latents nobody has, are copied.
    Raises TimelineError, and what opening an asset raises.
    """
    validate(timeline)
    return _Layout(timeline, grid, material).compiled(seed)


class _Layout:
    """One timeline on one grid, while it is laid out."""

    def __init__(self, timeline: Timeline, grid: Grid, material: Material) -> None:
        self.timeline, self.grid, self.material = timeline, grid, material
        self.spans = timeline.spans
        if timeline.ticks > MOST_SECONDS * TICKS_PER_S:
            raise TimelineError(
                "spans",
                f"{to_seconds(timeline.ticks):.0f} seconds in all",
                f"{MOST_SECONDS} are the most in one go: use a part of the film",
            )
        self.width, self.height = timeline.width or grid.width, timeline.height or grid.height
        self.canvas_px = grid.nearest_size(self.width, self.height)
        self.rows, self.cols = grid.cells(*self.canvas_px)
        self.rate = Fraction(grid.fps) if timeline.fps is None else timeline.fps
        if not LEAST_FPS <= self.rate <= MOST_FPS:
            raise TimelineError(
                "fps",
                f"{self.rate} frames a second asked, these weights make {grid.fps}",
                f"choose {LEAST_FPS} to {MOST_FPS}",
            )
        for span in self.spans:
            for source in sources(span.content):
                self._check_asset(source)
        self.lattice = Lattice(timeline, grid, list(self._anchors()))
        self.touched = [self.lattice.touched(f) for f in range(self.lattice.latent_frames)]

    def _open(self, source: Source) -> Asset:
        return self.material.asset(source.asset, "content")

    def _check_asset(self, source: Source) -> None:
        asset = self._open(source)
        last = asset.count * TICKS_PER_S / asset.fps
        end = source.stop if isinstance(source, Clip) else source.at or 0
        if end > last + TICKS_PER_S / asset.fps:  # a frame's grace for lengths that were rounded
            raise TimelineError(
                "content",
                f"{asset.name} lasts {float(last / TICKS_PER_S):.3f} s, "
                f"{to_seconds(end):.3f} s of it are asked for",
                "choose a part that it has",
            )

    def compiled(self, seed: int) -> Compiled:
        lattice, touched = self.lattice, self.touched
        shape = (lattice.latent_frames, self.grid.channels, self.rows, self.cols)
        content = np.zeros(shape, np.float32)
        level = np.array([self._level(f) for f in range(len(content))], np.float32)
        joined_F = [any(joins_pixels(self.spans[i]) for i in spans) for spans in touched]
        wanted_F = (level < 1.0) | joined_F
        source_F = np.full(len(content), -1, np.int64)  # latent frame of an asset, or none
        for f in np.flatnonzero(wanted_F).tolist():
            found = self._latent(f)
            if found is not None:
                content[f], source_F[f] = found
                wanted_F[f] = False
        self._encode(content, wanted_F)
        named = {i: self._named(i, content) for i in range(len(self.spans))}
        if any(joined_F):
            level = np.stack([self._cells(f, named) for f in range(len(level))])
            check_covered(self.spans, touched, level)
        canvas = Canvas(
            content_FCHW=content,
            level=level,
            caption_F=tuple(self.spans[spans[0]].caption for spans in touched),
            fps=float(self.grid.fps),
            seed=seed,
            references=self._references(),
            closed=self.timeline.closed,
            shows_F=tuple(self.spans[spans[0]].shows for spans in touched),
            shots=self._shots(),
            within=self._within(named),
        )
        copied = tuple(self._copied(source_F))
        return Compiled(
            canvas=canvas,
            beside=self._beside(canvas, source_F),
            lead=lattice.lead,
            frames=lattice.frames,
            width=self.width,
            height=self.height,
            fps=self.rate,
            count=self._count(),
            copied=copied,
            copied_F=self._copied_latents(copied),
            found=named,
            notes=tuple(dict.fromkeys(self._notes())),
        )

    # What is known --------------------------------------------------------------------------

    def _anchors(self) -> Iterator[Anchor]:
        begin = 0
        for span in self.spans:
            for source in sources(span.content):
                if self._has_latents(source, span) and min(levels_of(span)) < 1.0:
                    assert isinstance(source, Clip)
                    offset = self._frames(source.start - begin) + self._open(source).lead
                    yield Anchor(offset, span.ticks)
            begin += span.ticks

    def _frames(self, ticks: int) -> Fraction:
        return ticks * Fraction(self.grid.fps) / TICKS_PER_S

    def _has_latents(self, source: Source, span: Span) -> bool:
        """Whether an asset's own latents can stand for it: at its own speed and on all of it."""
        if not isinstance(source, Clip) or source.place:
            return False
        latents = self._open(source).latents_FCHW
        fits = latents is not None and latents.shape[1:] == (
            self.grid.channels, self.rows, self.cols,
        )  # fmt: skip
        return fits and source.stop - source.start == span.ticks

    def _level(self, f: int) -> float:
        middle = self.lattice.middle(f)
        return max(
            level_at(self.spans[i], float(self.lattice.into(i, middle))) for i in self.touched[f]
        )

    def _latent(self, f: int) -> tuple[Floats, int] | None:
        """A latent frame that exists, and its place in its asset. Mixes have none: pictures that
        are mixed fade within a latent frame as well; nor has a rework of pictures that were copied
        or led, for their latents only tell of them."""
        if len(self.touched[f]) > 1:
            return None
        (i,) = self.touched[f]
        span, begin = self.spans[i], self.lattice.edges[i][0]
        source = span.content
        if not isinstance(source, Clip) or not self._has_latents(source, span):
            return None
        asset = self._open(source)
        latents = asset.latents_FCHW
        assert latents is not None
        offset = self._frames(source.start - begin) + asset.lead - self.lattice.lead
        at = f + offset / self.lattice.k
        if at.denominator != 1 or not 0 <= at < len(latents):
            return None
        if asset.copied_F is not None and asset.copied_F[int(at)] and self._level(f) > 0.0:
            return None
        return latents[int(at)], int(at)

    def _encode(self, content: Floats, wanted_F: NDArray[np.bool_]) -> None:
        """Pictures of the content through the engine's encoder, a run of latent frames at once."""
        k, f = self.lattice.k, 0
        while f < len(wanted_F):
            stop = f + 1
            if wanted_F[f]:
                while stop < len(wanted_F) and wanted_F[stop]:
                    stop += 1
                shown = [self._shown(p) for p in range(f * k, stop * k)]
                latents = self.material.encode(np.stack(shown))
                content[f:stop] = latents.astype(np.float16)  # as what is sampled
            f = stop

    def _shown(self, p: int) -> NDArray[np.uint8]:
        """What the content shows at a made pixel frame, on the canvas's size."""
        ticks = self.lattice.ticks(p)
        i = self.lattice.span_at(ticks)
        content = self.spans[i].content
        width, height = self.canvas_px
        if content is None:  # beside a join, and made anew
            return np.full((height, width, 3), 128, np.uint8)
        return picture(content, self.lattice.into(i, ticks), self.material, width, height)

    def _named(self, i: int, content: Floats) -> Found:
        region = self.spans[i].region
        if region is None or not isinstance(region.shape, Words):
            return {}
        shown = np.stack([content[f] for f, spans in enumerate(self.touched) if i in spans])
        shares = self.material.find(shown, region.shape.text)
        check_found(self.spans, i, shares)
        return {region.shape.text: shares}

    def _cells(self, f: int, named: dict[int, Found]) -> Floats:
        """Levels (H, W) of a latent frame: the highest that any of its pixel frames asks for."""
        cells = self.rows, self.cols
        size = self.cols * FINE, self.rows * FINE
        level = np.zeros(cells, np.float32)
        for i in self.touched[f]:
            span = self.spans[i]
            for p in self.lattice.pixel_frames(f):
                into = self.lattice.into(i, self.lattice.ticks(p + Fraction(1, 2)))
                asked: Any = level_at(span, float(into))
                if joins_pixels(span):
                    inside = reworked(span, into, *size, self.material, named[i])
                    around = in_cells(free(span, into, *size), *cells)
                    asked = np.maximum(in_cells(inside, *cells) * asked, around)
                level = np.maximum(level, asked, dtype=np.float32)
        return level

    def _within(self, named: dict[int, Found]) -> Within | None:
        """What is laid into regions, and the room that it has there beside what is free."""
        captions = tuple(
            region.caption if region and all(is_kept(self.spans[i]) for i in beside) else ""
            for region, beside in ((self.spans[i].region, rest) for i, *rest in self.touched)
        )
        if not any(captions):
            return None
        size = self.cols * FINE, self.rows * FINE
        share = np.zeros((len(captions), size[1], size[0]), np.float32)
        for f in (f for f, words in enumerate(captions) if words):
            i = self.touched[f][0]
            middle = self.lattice.into(i, self.lattice.middle(f))
            inside = reworked(self.spans[i], middle, *size, self.material, named[i])
            around = in_cells(free(self.spans[i], middle, *size), self.rows, self.cols)
            share[f] = np.where(around.repeat(FINE, 0).repeat(FINE, 1), 0.0, inside)
        return Within(captions, share)

    def _count(self) -> int:
        """Frames of the film; a closed one lasts as long as what is made."""
        if self.timeline.closed:
            return max(1, round(self.lattice.frames * self.rate / self.grid.fps))
        return max(1, round(self.timeline.ticks * self.rate / TICKS_PER_S))

    # What comes of it -----------------------------------------------------------------------

    def _shots(self) -> tuple[int, ...]:
        """Latent frames at which a shot begins."""
        first = [spans[0] for spans in self.touched]
        return tuple(
            f
            for f in range(1, len(first))
            if any(self.spans[i].cut for i in range(first[f - 1] + 1, first[f] + 1))
        )

    def _beside(self, canvas: Canvas, source_F: NDArray[np.int64]) -> Beside:
        kept_F = (canvas.level.reshape(len(source_F), -1).max(1) <= 0.0) & (source_F >= 0)
        asset_F = [
            self._asset_of(spans[0]) if kept else None
            for spans, kept in zip(self.touched, kept_F, strict=True)
        ]
        return beside(canvas, asset_F, source_F)

    def _asset_of(self, i: int) -> Asset | None:
        content = self.spans[i].content
        if content is None or isinstance(content, Mix):
            return None
        return self._open(content)

    def _copied(self, source_F: NDArray[np.int64]) -> Iterator[Copied]:
        """Film frames that are kept and whose latents are not, and those kept in part."""
        for i, span in enumerate(self.spans):
            first, last = film_frames(self.lattice.edges[i], self.rate)
            if joins_pixels(span) and last > first:
                yield Copied(first, last, i)
            elif is_kept(span):
                asset = self._asset_of(i)
                copied = [not self._decodes(n, source_F, asset) for n in range(first, last)]
                n = first
                for is_copied, run in groupby(copied):
                    length = len(list(run))
                    if is_copied:
                        yield Copied(n, n + length, i)
                    n += length

    def _decodes(self, n: int, source_F: NDArray[np.int64], asset: Asset | None) -> bool:
        """Whether a film's frame comes of latents that are kept as they were."""
        copied_F = None if asset is None else asset.copied_F
        return all(
            source_F[f] >= 0 and (copied_F is None or not copied_F[source_F[f]])
            for f in self.lattice.latents_of(n, self.rate)
        )

    def _copied_latents(self, copied: Sequence[Copied]) -> NDArray[np.bool_]:
        """Latent frames of which a picture is copied or led to one: they only tell of it."""
        copied_F = np.zeros(len(self.touched), bool)
        led = led_frames(copied, self.timeline, self.rate, self._count())
        for n in chain(led, *(range(one.first, one.last) for one in copied)):
            copied_F[list(self.lattice.latents_of(n, self.rate))] = True
        return copied_F

    def _references(self) -> tuple[CanvasReference, ...]:
        """References are the clip's, not a frame's, in this engine: each once, in order."""
        wanted = dict.fromkeys(r for span in self.spans for r in span.references)
        return tuple(CanvasReference(self._reference(r.asset), r.role) for r in wanted)

    def _reference(self, asset: str) -> Floats:
        if asset not in self.material.references:
            raise TimelineError("references", f"nobody knows the asset {asset!r}", "give its file")
        return self.material.references[asset]

    def _notes(self) -> Iterator[str]:
        """What was snapped."""
        width, height = self.canvas_px
        if (width, height) != (self.width, self.height):
            yield f"made at {width}x{height}, then fitted to {self.width}x{self.height}"
        if self.rate != self.grid.fps:
            said = self.rate if self.rate.denominator == 1 else f"{float(self.rate):.3f}"
            yield f"made at {self.grid.fps} frames a second, then brought to {said}"
        spare = len(self.touched) * self.lattice.k - self.lattice.frames
        longer = self.lattice.frames - round(
            self.timeline.ticks * Fraction(self.grid.fps) / TICKS_PER_S
        )
        if self.timeline.closed and longer:
            yield f"{longer} frames longer than asked, so that its end meets its beginning"
        elif spare:
            what = "frame" if spare == 1 else "frames"
            yield f"{spare} more {what} made than asked, and dropped"
        for spans in self.touched:
            if len({is_kept(self.spans[i]) for i in spans}) > 1:
                cut = max(self.lattice.edges[i][0] for i in spans)
                yield (
                    f"a cut at {to_seconds(cut):.3f} s falls inside a latent frame, which is made "
                    "anew; the kept frames in it are copied"
                )
