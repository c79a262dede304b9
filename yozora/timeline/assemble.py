"""The film from what was made and what is kept: pictures that are kept are copied, never decoded,
and what is made runs into them."""

# H rows, W columns

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, repeat, takewhile
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from yozora.engine.canvas import Floats
from yozora.timeline.compiled import Compiled, Copied
from yozora.timeline.document import TICKS_PER_S, Timeline, edges, is_kept
from yozora.timeline.lattice import film_frames
from yozora.timeline.material import Material, Picture, Shown, picture
from yozora.timeline.regions import joins_pixels, made_share

if TYPE_CHECKING:
    from yozora.engine.finish import Finish, Finisher
    from yozora.model.grid import Grid

SLOW_S, FAST_S = 1.0, 0.25  # over which light and colour, and all else, run into each other
COARSE_PX = 32  # of what counts as light and colour
MOST_SHIFT = 16.0  # 8-bit steps


Made = Callable[[int, int], Iterator[Picture]]  # the frames [first, last) as they were made


def finished(
    compiled: Compiled,
    grid: Grid,
    finisher: Finisher,
    recorded: Mapping[str, str] | None,
    source: Shown | None,
) -> Finish:
    """How frames become a film of the size and rate asked: the engine's, or those of a film that is
    shown as it is. `recorded`: what a film's recipe tells of it. Raises WeightsError."""
    from yozora.engine.finish import Asked, plan

    rows, cols = compiled.canvas.content_FCHW.shape[2:]
    asked = Asked(
        width=compiled.width,
        height=compiled.height,
        rate=compiled.fps,
        count=compiled.count,
        made_width=cols * grid.cell_px,
        made_height=rows * grid.cell_px,
        made_rate=Fraction(grid.fps),
        closed=compiled.canvas.closed,
        lead=compiled.lead,
    )
    if source is not None:
        asked = replace(
            asked,
            made_width=source.asset.width,
            made_height=source.asset.height,
            made_rate=source.asset.fps,
            lead=Fraction(0),
        )
    return plan(asked, finisher, recorded)


def assembled(
    made: Made, compiled: Compiled, timeline: Timeline, material: Material
) -> Iterator[Picture]:
    """The film's frames (H, W, 3), in order. Of what was made, no more is asked for than shows.

    A stretch that is copied shows its own pictures; those that were made beside it take on its
    light and colour, and at the join itself its picture, less and less away from it. Where
    parts are kept, they lie over what was made. Raises what reading an asset raises.
    """
    if not compiled.copied:
        yield from made(0, compiled.count)
        return
    copied_N = [_copied(n, compiled.copied) for n in range(compiled.count)]
    needed_N = [_shows(n, copied_N, timeline) for n in range(compiled.count)]
    join = _Join(compiled.fps)
    if compiled.canvas.closed:  # each end is beside the other
        join.edge, join.over = (
            _edge(n, copied_N[n], made, compiled, timeline, material) for n in (-1, 0)
        )
    n = 0
    for is_needed, run in groupby(needed_N):
        last = n + len(list(run))
        frames = made(n, last) if is_needed else repeat(None, last - n)
        for frame in frames:
            copied = copied_N[n]
            if copied is None:
                assert frame is not None
                decoded = is_kept(timeline.spans[_span_at(n, timeline, compiled.fps)])
                yield from join.add_kept(frame, None) if decoded else join.add_made(frame)
            else:
                yield from join.add_kept(*_kept(n, copied, frame, compiled, timeline, material))
            n += 1
    yield from join.rest()


def led_frames(
    copied: Sequence[Copied], timeline: Timeline, fps: Fraction, count: int
) -> Iterator[int]:
    """The frames that `assembled` changes beside those that it copies: what is seen there is not
    what their latents decode to."""

    def is_made(n: int) -> bool:
        return _copied(n, copied) is None and not is_kept(
            timeline.spans[_span_at(n, timeline, fps)]
        )

    slow = _slow(fps)
    for one in copied:
        if joins_pixels(timeline.spans[one.span]):
            continue
        for way in (
            range(one.last, one.last + slow - 1),
            range(one.first - 1, one.first - slow, -1),
        ):
            beside = (n % count for n in way if timeline.closed or 0 <= n < count)
            yield from takewhile(is_made, beside)


def _slow(fps: Fraction) -> int:
    """Frames over which light and colour run into each other."""
    return max(1, round(SLOW_S * fps))


def _copied(n: int, copied: Sequence[Copied]) -> Copied | None:
    return next((one for one in copied if one.first <= n < one.last), None)


def _span_at(n: int, timeline: Timeline, fps: Fraction) -> int:
    """The span that a frame of the film lies in."""
    stretches = [film_frames(edge, fps) for edge in edges(timeline)]
    return next((i for i, (_, last) in enumerate(stretches) if n < last), len(stretches) - 1)


def _shows(n: int, copied_N: list[Copied | None], timeline: Timeline) -> bool:
    """Whether something of the frame that was made is seen, or what it lacks beside one."""
    here = copied_N[n]
    around = copied_N[max(n - 1, 0) : n + 2]
    return here is None or None in around or joins_pixels(timeline.spans[here.span])


def _kept(
    n: int,
    copied: Copied,
    made: Picture | None,
    compiled: Compiled,
    timeline: Timeline,
    material: Material,
) -> tuple[Picture, Picture | None]:
    """A copied frame, and what was made in its place where that counts."""
    span = timeline.spans[copied.span]
    into = _into(timeline, compiled, copied, n)
    size = compiled.width, compiled.height
    assert span.content is not None
    kept = picture(span.content, into, material, *size)
    if not joins_pixels(span):
        return kept, made
    assert made is not None
    share = made_share(span, into, *size, material, compiled.found[copied.span])
    return _over(kept, made, share), None


def _edge(
    n: int,
    copied: Copied | None,
    made: Made,
    compiled: Compiled,
    timeline: Timeline,
    material: Material,
) -> _Edge | None:
    """What a copied frame at an end of a closed film is to those at its other end."""
    if copied is None:
        return None
    n %= compiled.count
    kept, in_place = _kept(n, copied, next(made(n, n + 1)), compiled, timeline, material)
    return None if in_place is None else _Edge.of(kept, in_place)


def _into(timeline: Timeline, compiled: Compiled, copied: Copied, n: int) -> Fraction:
    """A film's frame as a place 0..1 in its span, counted in whole frames from its first."""
    begin, end = edges(timeline)[copied.span]
    first = round(begin * compiled.fps / TICKS_PER_S)
    return min((n - first) * TICKS_PER_S / compiled.fps / (end - begin), Fraction(1))


def _over(kept: Picture, made: Picture, share_HW: Floats) -> Picture:
    """What is made over what is kept; where nothing is made, the very pixels that are kept."""
    share = share_HW[..., None]
    mixed = share * made + (1.0 - share) * kept
    return np.asarray(np.where(share > 0.0, mixed.round(), kept), np.uint8)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A kept frame beside one that was made, and the light and colour that this one lacked."""

    kept: Floats
    lack: Floats

    @staticmethod
    def of(kept: Picture, made: Picture) -> _Edge:
        return _Edge(kept.astype(np.float32), light_and_colour(kept.astype(np.float32) - made))


class _Join:
    """Holds back what was made until it is known what follows."""

    def __init__(self, fps: Fraction) -> None:
        self.slow = _slow(fps)
        self.fast = max(1, round(FAST_S * fps))
        self.held: deque[Picture] = deque()
        self.edge: _Edge | None = None  # of the last kept frame
        self.over: _Edge | None = None  # of the one that a closed film begins with
        self.since = 0  # made frames since the last kept one

    def add_made(self, frame: Picture) -> Iterator[Picture]:
        if self.edge is not None:
            self.since += 1
            frame = self._led(frame, self.edge, self.since)
            if self.since >= self.slow:
                self.edge = None
        self.held.append(frame)
        if len(self.held) > self.slow:
            yield self.held.popleft()

    def add_kept(self, kept: Picture, made: Picture | None) -> Iterator[Picture]:
        """A kept frame, and what was made in its place, unless that lacks nothing."""
        edge = None if made is None else _Edge.of(kept, made)
        yield from self._before(edge)
        self.edge, self.since = edge, 0
        yield kept

    def rest(self) -> Iterator[Picture]:
        yield from self._before(self.over)

    def _before(self, edge: _Edge | None) -> Iterator[Picture]:
        """What was held back, up to a kept frame."""
        while self.held:
            frame = self.held.popleft()
            yield frame if edge is None else self._led(frame, edge, len(self.held) + 1)

    def _led(self, frame: Picture, edge: _Edge, apart: int) -> Picture:
        """A made frame, `apart` frames from a kept one: in its light, and soon in its place."""
        slow = max(0.0, 1.0 - apart / self.slow)
        fast = max(0.0, 1.0 - apart / self.fast)
        if not slow:
            return frame
        lit = frame + np.float32(slow) * edge.lack
        if fast:
            lit += np.float32(fast) * (edge.kept - lit)
        return np.asarray(lit.round().clip(0, 255), np.uint8)


def light_and_colour(lack: Floats) -> Floats:
    """What is coarse and slight of a difference: what is more is another content, which would
    leave its ghost."""
    height, width = lack.shape[:2]
    small = max(1, width // COARSE_PX), max(1, height // COARSE_PX)
    coarse: NDArray[np.float32] = np.empty_like(lack)
    for channel in range(3):
        image = Image.fromarray(lack[..., channel])
        reduced = image.resize(small, Image.Resampling.BOX)
        coarse[..., channel] = np.asarray(reduced.resize((width, height), Image.Resampling.BICUBIC))
    return np.clip(coarse, -MOST_SHIFT, MOST_SHIFT)
