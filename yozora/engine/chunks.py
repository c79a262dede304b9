"""Video as it is made: chunk after chunk, each an extension of what stands just before it.

A chunk sees a little of what is done, and nothing of what comes: so a film may go on without end,
at a cost and in a memory that do not grow, and what is not yet begun may be told anything.
"""

# F latent frames, C channels, H, W cells

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from yozora.engine.canvas import Beside, Canvas, Floats
from yozora.engine.protocol import Cancelled, Engine, Frames, OnStep
from yozora.engine.schedules import ranks
from yozora.model.grid import Grid

CHUNK_S = 1.0  # made at once
CONTEXT_S = 1.0  # of what is done, seen while a chunk is made
TURNED = 0.9  # noise on what is seen, where what is told is another thing
LIVE = "live"  # the quality of what is made so

Sampled = Callable[[Canvas, OnStep], Floats]
Asked = Callable[[int, int], Canvas]


def lengths(grid: Grid) -> tuple[int, int]:
    """Latent frames of a chunk, and of what it sees before it."""
    return grid.latent_frames(CHUNK_S), grid.latent_frames(CONTEXT_S)


def each_chunk(canvas: Canvas, grid: Grid, sampled: Sampled, on_step: OnStep) -> Floats:
    """Latents (F, C, H, W) of a canvas of one shot, made chunk by chunk. `sampled` makes one, steps
    are told as those of all. Kept frames that follow a chunk are seen by it too."""
    size, context = lengths(grid)
    content = canvas.content_FCHW.copy()
    count = len(content)
    level_F = canvas.level.reshape(count, -1).max(1)
    rank_F = ranks(level_F, size, size, size)
    chunks = int(rank_F[level_F > 0].max(initial=-1)) + 1
    for number in range(chunks):
        mine_F = (rank_F == number) & (level_F > 0)
        first, last = int(np.flatnonzero(mine_F)[0]), int(np.flatnonzero(mine_F)[-1]) + 1
        seen = max(0, first - context)
        kept = last
        while kept < min(count, last + context) and level_F[kept] <= 0:
            kept += 1
        part = slice(seen, kept)
        at = mine_F[part].reshape(-1, *(1,) * (canvas.level.ndim - 1))
        chunk = replace(
            canvas,
            content_FCHW=content[part],
            level=np.where(at, canvas.level[part], np.float32(0)),
            caption_F=canvas.caption_F[part],
            shows_F=canvas.shows_F[part],
            within=None if canvas.within is None else canvas.within[part],
            begin=canvas.begin + seen,
            closed=False,
        )
        chunk = turned_to(chunk, first - seen)

        def told(done: int, of: int, clean: Floats, number: int = number, at: slice = part) -> None:
            whole = content.copy()
            whole[at] = clean
            on_step(number * of + done, chunks * of, whole)

        content[first:last] = sampled(chunk, told)[first - seen : last - seen]
    return content


def turned_to(chunk: Canvas, first: int) -> Canvas:
    """A chunk whose own frames begin at `first`, under another caption than what stands before it.

    It would take what it sees for what it is told: a car stays yellow beside yellow cars. So all of
    it turns away from what was told before, and what it sees is reworked with it under the new
    words; nobody sees what becomes of that: it stays in the film as it is.
    """
    new = chunk.caption_F[first]
    known = chunk.shows_F or ("",) * len(chunk.caption_F)
    shown = [shows or told for shows, told in zip(known, chunk.caption_F, strict=True)][:first]
    other = [bool(was) and was != new for was in shown]
    if not any(other):
        return chunk
    level = chunk.level.copy()
    level[:first][np.array(other)] = TURNED
    told = [new if turns else was for turns, was in zip(other, chunk.caption_F, strict=False)]
    shows = ["" if turns else was for turns, was in zip(other, known, strict=False)]
    last = next(was for turns, was in zip(other[::-1], shown[::-1], strict=True) if turns)
    own = [last if told == new else "" for told in chunk.caption_F[first:]]
    return replace(
        chunk,
        level=level,
        caption_F=(*told, *chunk.caption_F[first:]),
        shows_F=(*shows, *known[first:]),
        turns_F=(*(was if turns else "" for turns, was in zip(other, shown, strict=True)), *own),
    )


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was made, and the frames that it lets be shown."""

    first: int  # which latent frame of the film its first one is
    latents_FCHW: Floats
    frames: Frames  # of the latent frames whose neighbours are known by now


def endless(
    engine: Engine,
    asked: Asked,
    *,
    count: int | None = None,
    negative: str = "",
    steps: int | None = None,
    turned: Callable[[], bool] = lambda: False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Chunk]:
    """Chunks of a film of `count` latent frames, without an end where None.

    `asked(first, last)`: the canvas of the film's latent frames [first, last), content aside; it is
    asked anew each time a chunk begins. Where `turned` becomes true the chunk at hand is dropped
    and begun again as is asked by then; where `stopped` does, the film ends before it. The last
    latent frame of a chunk is shown with the next one: decoding takes its neighbour.
    """
    size, context = lengths(engine.grid)
    done = 0
    before: Floats | None = None  # what was made last: context, and one more frame
    frames: Frames | None = None  # that were shown last
    while (count is None or done < count) and not stopped():
        last = done + size if count is None else min(done + size, count)
        seen = max(0, done - context)
        canvas = asked(seen, last)
        content = canvas.content_FCHW.copy()
        if before is not None:
            content[: done - seen] = before[len(before) - (done - seen) :]
        level = np.zeros(len(content), np.float32)
        level[done - seen :] = 1.0
        try:
            made = engine.generate(
                replace(canvas, content_FCHW=content, level=level, begin=seen),
                steps=steps,
                quality=LIVE,
                negative=negative,
                on_step=lambda done, of, clean: None,
                cancelled=lambda: turned() or stopped(),
            )[done - seen :]
        except Cancelled:
            continue
        joined = made if before is None else np.concatenate([before, made])
        hidden = 0 if before is None else len(before) - 1  # shown already, but for the last
        frames = _decoded(engine, joined, hidden, last == count, frames)
        yield Chunk(done, made, frames)
        before = joined[-(context + 1) :]
        done = last
    if before is not None and done != count:  # stopped
        frames = _decoded(engine, before, len(before) - 1, True, frames)
        yield Chunk(done, before[:0], frames)


def _decoded(
    engine: Engine, latents_FCHW: Floats, first: int, ends: bool, before: Frames | None
) -> Frames:
    """Frames of all latent frames from `first` on but the last, which `ends` shows too. `before`:
    those that were shown last."""
    last = len(latents_FCHW) if ends else len(latents_FCHW) - 1
    inner = latents_FCHW[first:last]
    count = len(inner)
    if not count:
        rows, cols = latents_FCHW.shape[2:]
        px = engine.grid.cell_px
        return np.zeros((0, rows * px, cols * px, 3), np.uint8)
    lead = min(first, 2)  # what the first one sees, and what that one sees
    outer = [*latents_FCHW[first - lead : first], *latents_FCHW[last:]]
    index_F2 = Beside.plain(count, inner).index_F2
    index_G2 = Beside.plain(len(outer), inner).index_F2 + count
    if lead:
        index_F2[0, 0], index_G2[lead - 1] = count + lead - 1, (count, 0)
    if not ends:
        index_F2[-1, 1], index_G2[-1] = count + lead, (count - 1, count + lead)
    beyond = np.stack(outer) if outer else inner[:0]
    shown: list[Frames | None] = [None] * len(outer)
    k = engine.grid.frames_per_latent
    if lead and before is not None and len(before) >= k and k > 2:  # of two one may be eased
        shown[lead - 1] = before[-k:]
    return engine.decode(inner, beside=Beside(index_F2, beyond, index_G2, tuple(shown)))
