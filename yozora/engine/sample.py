"""The one sampling loop: fill in what the canvas does not know.

Every tool is this loop. Its step is of second order: it also uses what the step before thought of
the clean latents (DPM-Solver++ 2M, arXiv 2211.01095), which costs no call. At each step the network
sees the frames whose level changes and clean context around them, up to a window of frames, with
times counted from the window's start; so clips of any length cost what their windows cost.
"""

# F latent frames, C channels, H, W cells, S steps

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Canvas, Floats
from yozora.engine.protocol import Cancelled, OnStep
from yozora.engine.steering import Steered, Turned, unsteered

GHOSTS = 2  # frames a closed clip repeats at each end: wider than the decoder's reach of one
TURN = 0.381966  # of a closed clip, by which each step begins later: the golden section's, so that
# beginnings are spread evenly after any number of steps


class Velocity(Protocol):
    """The flow of a window: what turns noise into content, per latent frame.

    `x` (f, C, H, W) at levels `now` (f,), to be carried to `then` (f,); `caption` the caption of
    each frame; `against` what guidance leads each away from, "" for no words; (): all from none.
    Returns the average velocity over that interval, (f, C, H, W).
    """

    def __call__(
        self,
        x: Floats,
        now: Floats,
        then: Floats,
        caption: tuple[str, ...],
        against: tuple[str, ...] = (),
    ) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Source:
    """What reworked content was made of: an edit follows the difference of two velocities.

    FlowEdit (arXiv 2412.08629) with one noise throughout, as a term of the velocity: what the
    straight way back to the content has over what the network would do under the content's own
    caption. Guidance leads away from that caption, not from no words, so that it pulls at what the
    two differ by alone. Where both captions are one, the content comes back as it is.
    """

    caption_F: tuple[str, ...]  # "" where nobody knows
    plain: Velocity  # the network without guidance
    given_FOHW: Floats | None = None  # what the network sees beside the content
    free_FHW: Floats | None = None  # how far each cell is led, 0..1; None: all the way

    def led_F(self, canvas: Canvas) -> NDArray[np.bool_]:
        """The frames that are led from what they show."""
        level_F = canvas.level.reshape(len(self.caption_F), -1).max(1)
        return np.array([bool(caption) for caption in self.caption_F]) & (level_F < 1.0)

    def leads(
        self,
        canvas: Canvas,
        noise: Floats,
        now: Floats,
        then: Floats,
        index: NDArray[np.int64],
        x: Floats,
    ) -> Floats:
        """The term for the frames at `index`, (f, C, H, W); 0 where nothing is led."""
        led_F = self.led_F(canvas) & (now > 0)
        out = np.zeros_like(x[index])
        if not led_F[index].any():
            return out
        level = now[:, None, None, None]
        path = (1.0 - level) * canvas.content_FCHW + level * noise
        shown = np.where(led_F[:, None, None, None], path, x).astype(np.float32)[index]
        if self.given_FOHW is not None:
            shown = np.concatenate([shown, self.given_FOHW[index]], 1)
        own = zip(self.caption_F, canvas.caption_F, strict=True)
        told = [one or other for one, other in own]
        v = self.plain(shown, now[index], then[index], tuple(told[i] for i in index))
        straight = (noise - canvas.content_FCHW)[index]
        return np.where(led_F[index][:, None, None, None], straight - v[:, : x.shape[1]], out)

    def holds(self, canvas: Canvas, noise: Floats, index: NDArray[np.int64], v: Floats) -> Floats:
        """The velocity of the frames at `index`, in cells that are not free nearer to the way back
        to the content."""
        if self.free_FHW is None:
            return v
        led_F = self.led_F(canvas)[:, None, None]
        free = np.where(led_F, self.free_FHW, 1.0).astype(np.float32)[index][:, None]
        return free * v + (1.0 - free) * (noise - canvas.content_FCHW)[index]


def turned_from(canvas: Canvas, source: Source | None) -> tuple[str, ...]:
    """What guidance leads each frame away from; () where that is no words for all."""
    turns = canvas.turns_F or ("",) * len(canvas.caption_F)
    if source is not None:
        pairs = zip(source.led_F(canvas), source.caption_F, turns, strict=True)
        turns = tuple(shows if led else turn for led, shows, turn in pairs)
    return turns if any(turns) else ()


COMMON = 1 << 127  # the counter's frame of what all frames have in common: beyond every clip


def noise_for(canvas: Canvas, shared: float = 0.0) -> Floats:
    """White noise of the seed: frame by frame, so that a longer clip starts like a shorter one.

    `shared`: of its variance, what all frames have in common (arXiv 2305.10474, mixed noise).
    Drawing moves the counter's low words, so the frame stands in a high one: counters side by side
    would give each frame the noise of the one before, a few values along.
    """

    def drawn(frame: int) -> Floats:
        dice = np.random.Generator(np.random.Philox(key=canvas.seed, counter=frame << 128))
        return dice.standard_normal(canvas.content_FCHW.shape[1:], dtype=np.float32)

    own = np.stack([drawn(canvas.begin + f) for f in range(len(canvas.content_FCHW))])
    if shared <= 0.0:
        return own
    mixed = np.sqrt(1.0 - shared) * own + np.sqrt(shared) * drawn(COMMON)
    return mixed.astype(np.float32)


def fill(
    canvas: Canvas,
    levels_SF: Floats,
    velocity: Velocity,
    *,
    window: int,
    given_FOHW: Floats | None = None,
    source: Source | None = None,
    shared_noise: float = 0.0,
    on_step: OnStep = lambda done, of, clean: None,
    cancelled: Callable[[], bool] = lambda: False,
    steered: Steered = unsteered,
) -> Floats:
    """Run the schedule; returns latents (F, C, H, W) rounded to float16, kept ones bit-identical.

    `given_FOHW`: what the network sees beside each frame's own values, always clean.
    `source`: what the content is, so that it is led from there to its caption.
    `shared_noise`: as the network was taught, see `noise_for`. `on_step` gets
    the current estimate of the clean latents. Raises `Cancelled` before the next network call once
    `cancelled()` is true, and `Turned` once `steered()` has a wish.
    """
    content, noise = canvas.content_FCHW, noise_for(canvas, shared_noise)
    cell_level = canvas.level if canvas.level.ndim == 3 else canvas.level[:, None, None]
    start = levels_SF[0][:, None, None, None]
    x = ((1.0 - start) * content + start * noise).astype(np.float32)
    clean = x.copy()
    before = Before(np.full(len(x), np.nan, np.float32), x)
    against = turned_from(canvas, source)
    steps = levels_SF.shape[0] - 1
    for step in range(steps):
        if cancelled():
            raise Cancelled
        now, then = levels_SF[step], levels_SF[step + 1]
        if (steer := steered()) is not None:
            raise Turned(steer, now, x, clean)
        first, last = moving(now, then, window, canvas.closed)
        if last > first:
            index, lead = sight(len(now), first, last, canvas.closed, step)
            caption = tuple(canvas.caption_F[i] for i in index)
            inner = slice(lead, lead + last - first)
            shown = x[index]
            if given_FOHW is not None:
                shown = np.concatenate([shown, given_FOHW[index]], 1)
            away = tuple(against[i] for i in index) if against else ()
            v = velocity(shown, now[index], then[index], caption, away)[inner, : x.shape[1]]
            seen = index[inner]
            if source is not None:
                v = v + source.leads(canvas, noise, now, then, index, x)[inner]
                v = source.holds(canvas, noise, seen, v)
            clean[seen] = x[seen] - now[seen, None, None, None] * v
            x[seen] += (then - now)[seen, None, None, None] * v
            x += bend(now, then, before)[:, None, None, None] * (clean - before.clean_FCHW)
            moved = (now != then) & (now < 1.0)
            before = Before(np.where(moved, now, np.nan), clean.copy())
        # cells that start below their frame's level follow their own content until it falls there
        held = (cell_level[:, None] < then[:, None, None, None]) | (cell_level[:, None] <= 0)
        level = then[:, None, None, None]
        x = np.where(held, (1.0 - level) * content + level * noise, x).astype(np.float32)
        kept = then <= 0
        clean[kept] = x[kept]
        on_step(step + 1, steps, clean.copy())
    out = x.astype(np.float16).astype(np.float32)
    keep = np.broadcast_to(cell_level[:, None] <= 0, out.shape)
    return np.where(keep, content, out).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Before:
    """The step before: its levels (F,), NaN where a frame did not move, and its clean latents."""

    level_F: Floats
    clean_FCHW: Floats


def bend(now: Floats, then: Floats, before: Before) -> Floats:
    """How much of the change in the clean latents a step adds, by frame: 0 is a straight step.

    In log signal-to-noise, log((1 - t) / t): the change since the step before, prolonged to the
    middle of this one. Nothing where there was no step before, or at pure noise and at the end.
    """
    old = before.level_F
    known = (now != then) & (then > 0.0) & (now < 1.0) & (old > now)
    a, b, c = (np.where(known, t, 0.5).astype(np.float64) for t in (old, now, then))
    step = np.where(known, snr(c) - snr(b), 1.0)
    share = np.where(known, step / np.where(known, snr(b) - snr(a), 1.0), 0.0)
    return (0.5 * share * (1.0 - c) * -np.expm1(-step)).astype(np.float32)


def snr(level: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log1p(-level) - np.log(level)


def moving(now: Floats, then: Floats, window: int, closed: bool = False) -> tuple[int, int]:
    """[first, last) of the frames the network sees: all that change, and clean ones around them.

    A gap's two sides share what the window has left. Frames that are still pure noise behind the
    changing ones stay out of sight. A closed clip goes on at its other end: counted on, below 0 or
    beyond its last frame.
    """
    frames = len(now)
    changing = np.flatnonzero(now != then)
    if changing.size == 0:
        return 0, 0
    first, last = int(changing[0]), int(changing[-1]) + 1
    before, after = 0, 0  # clean frames taken on each side
    while last - first < min(window, frames):
        left = (closed or first > 0) and now[(first - 1) % frames] <= 0
        right = (closed or last < frames) and now[last % frames] <= 0
        if left and (before <= after or not right):
            first, before = first - 1, before + 1
        elif right:  # what the gap must run into
            last, after = last + 1, after + 1
        else:
            break
    return first, last


def sight(
    frames: int, first: int, last: int, closed: bool, step: int
) -> tuple[NDArray[np.int64], int]:
    """Indices of the frames the network sees, and how many ghosts lead them.

    A closed clip seen whole begins elsewhere at each step, so that no place is its end: rotary
    positions are not periodic, and what drifts would otherwise jump at one seam. Ghosts of the
    other end at each side let the ends of the moment meet.
    """
    index = np.arange(first, last) % frames
    if not (closed and last - first == frames):
        return index, 0
    index = np.roll(index, -round(step * TURN * frames))
    ghosts = min(GHOSTS, frames)
    return np.concatenate([index[-ghosts:], index, index[:ghosts]]), ghosts
