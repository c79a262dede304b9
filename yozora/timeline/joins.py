"""How what is made meets what is kept: levels and content beside a join. Standard library only."""

from __future__ import annotations

from dataclasses import replace

from yozora.timeline.document import (
    Curve,
    Mix,
    Span,
    Still,
    Timeline,
    is_kept,
    to_seconds,
)

# Measured in docs/log.md, 2026-11-22
LED: Curve = ((0.0, 0.75), (0.5, 1.0), (1.0, 0.75))  # levels of a gap within a film
TURN, TURN_S = (0.3, 0.7), 4 / 3  # of one from film to film: at its ends and in its middle
FREE_S = 4.0  # of such a gap that has the time to invent something between
EASED = 1 / 3  # of a blend's strength, where it runs into what is kept


def led(timeline: Timeline, frame: int) -> Timeline:
    """Gaps between kept frames begin near those before them and end near those after: what joins
    starts from both. `frame`: how long one lasts; 0 leaves gaps bare. What is cut is not led."""
    spans = list(timeline.spans)
    around = zip(spans, spans[1:], spans[2:], strict=False)
    for i, (before, between, after) in enumerate(around, 1):
        ends = _still(before, frame), _still(after)
        bare = between.content is None and not (between.cut or after.cut)
        if frame and bare and ends[0] is not None and ends[1] is not None:
            one_film = ends[0].asset == ends[1].asset
            level = LED if one_film else turning(between.ticks)
            spans[i] = replace(between, content=Mix(ends[0], ends[1]), level=level)
    return replace(timeline, spans=tuple(spans))


def turning(ticks: int) -> Curve:
    """Levels of a gap in which one film turns into another. A short one is that turn, in sight; a
    long one has the time to invent what lies between."""
    seconds = to_seconds(ticks)
    free = min(max((seconds - TURN_S) / (FREE_S - TURN_S), 0.0), 1.0)
    low, high = TURN
    high += free * (1.0 - high)
    rise = min(0.5, TURN_S / 2 / seconds)
    middle = ((rise, high),) if rise == 0.5 else ((rise, high), (1.0 - rise, high))
    return ((0.0, low), *middle, (1.0, low))


def _still(span: Span, from_end: int | None = None) -> Still | None:
    """One frame of what is kept as it is: the first, or one so many ticks before its end."""
    content = span.content
    if content is None or isinstance(content, Mix) or not is_kept(span):
        return None
    if isinstance(content, Still):
        return content
    at = content.start if from_end is None else content.stop - from_end
    return Still(content.asset, at)


def eased(strength: float, before: bool, after: bool) -> float | Curve:
    """A level that is lower where a rework begins or ends beside what is kept."""
    if not before and not after:
        return strength
    low = EASED * strength
    first, last = low if before else strength, low if after else strength
    return ((0.0, first), (0.5, strength), (1.0, last))
