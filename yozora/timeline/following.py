"""A path of crops that follows somebody: smooth, never too fast, never out of the picture.

Places and sizes are shares of the source's picture.
"""

# N moments, L values along a line

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Floats
from yozora.timeline.document import Box, Path

THERE = 0.5  # share of a part from which what is looked for is in it
LEAST = 0.003  # of the picture, that it is there at all
SMOOTH_S = 0.6  # over which the path is smoothed: the deviation of its window
MOST_SPEED = 0.35  # pictures a second
ROOM = 1.1  # times what is followed: of a crop that shows it whole
PLACES = 6  # decimals of a place: what rests, rests
USUAL = 0.9  # share of the moments at which it fits that


@dataclass(frozen=True, slots=True)
class Sight:
    """Where something is at a moment: its middle and its extent."""

    x: float
    y: float
    width: float
    height: float


def sight_of(share_HW: Floats) -> Sight | None:
    """Where most of what was found is; None where there is next to nothing."""
    mass = np.where(share_HW > THERE, share_HW, 0.0)
    if float((mass > 0).mean()) < LEAST:
        return None
    (left, x, right), (top, y, bottom) = (_quantiles(mass.sum(axis)) for axis in (0, 1))
    return Sight(x, y, right - left, bottom - top)


def _quantiles(mass_L: NDArray[np.floating]) -> tuple[float, float, float]:
    """Where a mass along a line begins, has its middle and ends, in shares of it.

    By its tenths, as if it were even: a little of it elsewhere counts for little.
    """
    edges = np.linspace(0.0, 1.0, len(mass_L) + 1)
    risen = np.concatenate([[0.0], np.cumsum(mass_L)]) / mass_L.sum()
    low, middle, high = (float(np.interp(q, risen, edges)) for q in (0.1, 0.5, 0.9))
    return low - (high - low) / 8, middle, high + (high - low) / 8


def crop_size(
    seen: Sequence[Sight | None], aspect: float, room: float = 0.0
) -> tuple[float, float]:
    """Width and height of the crops, the same throughout: as much as the picture has of that shape,
    and more, beyond the picture, where what is followed would have less room.

    `aspect`: the new picture's shape over the source's; `room`: times what is followed.
    """
    width, height = (aspect, 1.0) if aspect <= 1.0 else (1.0, 1.0 / aspect)
    there = [one for one in seen if one is not None]
    if there:
        wide = float(np.quantile([one.width for one in there], USUAL)) * room
        high = float(np.quantile([one.height for one in there], USUAL)) * room
        times = max(1.0, min(wide, 1.0) / width, min(high, 1.0) / height)
        width, height = width * times, height * times
    return width, height


def crops(seen: Sequence[Sight | None], step_s: float, width: float, height: float) -> list[Box]:
    """A crop at each moment, `step_s` apart. Where it is larger than the picture it lies around the
    middle; where nothing is seen it rests where it was."""
    if not any(one is not None for one in seen):
        xs = ys = np.full(len(seen), 0.5)
    else:
        known = [i for i, one in enumerate(seen) if one is not None]
        there = [one for one in seen if one is not None]
        xs = np.interp(range(len(seen)), known, [one.x for one in there])
        ys = np.interp(range(len(seen)), known, [one.y for one in there])
    lefts = _line(xs - width / 2, step_s, width)
    tops = _line(ys - height / 2, step_s, height)
    corners = zip(lefts.round(PLACES).tolist(), tops.round(PLACES).tolist(), strict=True)
    return [Box(x, y, width, height) for x, y in corners]


def _line(wanted_N: NDArray[np.floating], step_s: float, size: float) -> NDArray[np.floating]:
    """The beginnings of crops along one side."""
    if size >= 1.0:
        return np.full(len(wanted_N), (1.0 - size) / 2)
    inside = np.clip(_smooth(_without_jumps(wanted_N), SMOOTH_S / step_s), 0.0, 1.0 - size)
    most = MOST_SPEED * step_s
    # Each way is bounded, and lags; their mean is bounded too, and lags neither way
    return (_bounded(inside, most) + _bounded(inside[::-1], most)[::-1]) / 2


def _without_jumps(values_N: NDArray[np.floating]) -> NDArray[np.floating]:
    """The median of each three: one moment that was seen wrongly counts for nothing."""
    wide = np.concatenate([values_N[:1], values_N, values_N[-1:]])
    return np.asarray(np.median(np.stack([wide[:-2], wide[1:-1], wide[2:]]), axis=0))


def _smooth(values_N: NDArray[np.floating], deviation: float) -> NDArray[np.floating]:
    """A Gaussian window. Beyond its ends a path goes on turned about them, so that what moves
    evenly is not held back there."""
    n = len(values_N)
    if n == 1:
        return values_N
    before, after = 2 * values_N[0] - values_N[:0:-1], 2 * values_N[-1] - values_N[-2::-1]
    wide = np.concatenate([before, values_N, after])
    apart = np.arange(n)[:, None] + n - 1 - np.arange(len(wide))
    weight = np.exp(-0.5 * (apart / deviation) ** 2)
    return np.asarray((weight @ wide) / weight.sum(1))


def _bounded(values_N: NDArray[np.floating], most: float) -> NDArray[np.floating]:
    out = values_N.copy()
    for i in range(1, len(out)):
        out[i] = out[i - 1] + np.clip(out[i] - out[i - 1], -most, most)
    return out


def places(boxes: Sequence[Box], pixels: tuple[int, int]) -> Path:
    """Where a clip lies in the new picture of so many pixels, for its crops to fill it: a path over
    the span, from moments in the middles of equal parts of it."""

    def place(box: Box) -> Box:
        spare = [size / px for size, px in zip((box.width, box.height), pixels, strict=True)]
        # a pixel that rounding would leave free would be invented
        x = min(box.x, 1.0 - box.width - spare[0]) if box.width < 1.0 else box.x
        y = min(box.y, 1.0 - box.height - spare[1]) if box.height < 1.0 else box.y
        x, y = (max(x, 0.0) if box.width < 1.0 else x), (max(y, 0.0) if box.height < 1.0 else y)
        return Box(-x / box.width, -y / box.height, 1.0 / box.width, 1.0 / box.height)

    found = [place(box) for box in boxes]
    if all(one == found[0] for one in found):
        return ((0.0, found[0]),)
    return tuple(((i + 0.5) / len(found), one) for i, one in enumerate(found))
