"""What makes a document one that can be rendered. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from yozora.timeline.document import (
    MAX_TICKS,
    MOST_SPEED,
    ROLES,
    Box,
    Clip,
    Curve,
    Mask,
    Mix,
    Path,
    Region,
    Source,
    Span,
    Timeline,
    Words,
    levels_of,
    sources,
    to_seconds,
)
from yozora.timeline.errors import TimelineError

MOST_POINTS = 4096  # of a curve
REACH = 8.0  # pictures: how far a box may lie outside the frame, and how large it may be
MOST_WORDS = 200  # characters that name a region


def validate(timeline: Timeline) -> Timeline:
    """The same timeline, or TimelineError with the first fault found."""
    if not timeline.spans:
        raise TimelineError("spans", "there are none", "a film needs at least one span")
    for i, span in enumerate(timeline.spans):
        _check_span(span, f"spans[{i}]")
    for name, pixels in (("width", timeline.width), ("height", timeline.height)):
        if pixels is not None and pixels < 1:
            raise TimelineError(name, f"{pixels} pixels", "give a positive number")
    if timeline.fps is not None and timeline.fps <= 0:
        raise TimelineError("fps", str(timeline.fps), "give a positive number")
    if timeline.seed is not None and not 0 <= timeline.seed < 2**63:
        raise TimelineError("seed", f"{timeline.seed} is outside 0..2^63-1", "give a smaller one")
    return timeline


def _check_span(span: Span, place: str) -> None:
    if not 1 <= span.ticks <= MAX_TICKS:
        raise TimelineError(
            f"{place}.ticks", "not a length", "let a span last from one tick to a day"
        )
    if not isinstance(span.level, float | int):
        check_curve(span.level, f"{place}.level")
    for level in levels_of(span):
        if not 0.0 <= level <= 1.0:  # false for NaN too
            raise TimelineError(
                f"{place}.level", f"{level} is outside 0..1", "use 0 to keep and 1 to invent"
            )
    if span.content is None:
        if min(levels_of(span)) < 1.0:
            raise TimelineError(
                f"{place}.content", "nothing to keep", "give a clip or a still, or use level 1"
            )
        if span.region is not None:
            raise TimelineError(
                f"{place}.region", "there is nothing around it", "give content, or no region"
            )
    for source in sources(span.content):
        _check_source(source, span.ticks, f"{place}.content")
    if isinstance(span.content, Mix):
        check_curve(span.content.curve, f"{place}.content.curve")
    if span.region is not None:
        _check_region(span.region, f"{place}.region")
    for i, reference in enumerate(span.references):
        if not reference.asset:
            raise TimelineError(f"{place}.references[{i}].asset", "empty", "name the picture")
        if reference.role not in ROLES:
            raise TimelineError(
                f"{place}.references[{i}].role", repr(reference.role), f"use one of {ROLES}"
            )


def _check_source(source: Source, ticks: int, place: str) -> None:
    if not source.asset:
        raise TimelineError(f"{place}.asset", "empty", "name the film or the image")
    if isinstance(source, Clip):
        if not 0 <= source.start < source.stop <= 2 * MAX_TICKS:
            raise TimelineError(
                place,
                f"the range {_said(source.start)} to {_said(source.stop)} is empty",
                "let start be 0 or more and stop come after it",
            )
        lasts = source.stop - source.start
        if lasts > MOST_SPEED * ticks or ticks > MOST_SPEED * lasts:
            raise TimelineError(
                place,
                f"the clip lasts {_said(lasts)}, its span {_said(ticks)}",
                f"play it at most {MOST_SPEED} times as fast or as slow",
            )
    elif source.at is not None and source.at < 0:
        raise TimelineError(
            f"{place}.at", f"{_said(source.at)} is before the film", "give 0 or more"
        )
    if source.place:
        _check_path(source.place, f"{place}.place")


def _check_region(region: Region, place: str) -> None:
    match region.shape:
        case Mask(asset):
            if not asset:
                raise TimelineError(f"{place}.mask", "empty", "name the image or the film")
        case Words(text):
            if not text.strip() or len(text) > MOST_WORDS:
                raise TimelineError(
                    f"{place}.words",
                    f"{len(text)} characters",
                    f"name what is meant in 1 to {MOST_WORDS}, as 'the dog'",
                )
        case path:
            _check_path(path, f"{place}.box")
    if not 0.0 <= region.feather <= 1.0:
        raise TimelineError(
            f"{place}.feather", f"{region.feather} is outside 0..1", "use 0 for a hard edge"
        )


def _check_path(path: Path, place: str) -> None:
    _check_places([at for at, _ in path], place)
    for _, box in path:
        if not all(math.isfinite(v) and abs(v) <= REACH for v in _sides(box)):
            raise TimelineError(place, "a box is out of reach", f"stay within {REACH:g} pictures")
        if not (box.width > 0.0 and box.height > 0.0):
            raise TimelineError(place, "a box is empty", "give it a width and a height above 0")
    boxes = [box for _, box in path]
    sides = (
        (max(box.x + box.width for box in boxes), min(box.x for box in boxes)),
        (max(box.y + box.height for box in boxes), min(box.y for box in boxes)),
    )
    if any(last <= 0.0 or first >= 1.0 for last, first in sides):
        raise TimelineError(
            place, "it never comes into the picture", "let it cover some of 0 to 1 both ways"
        )


def _said(ticks: int) -> str:
    return f"{round(to_seconds(ticks), 3):g} s"


def _sides(box: Box) -> Iterable[float]:
    return box.x, box.y, box.width, box.height


def check_curve(curve: Curve, place: str) -> None:
    """Raises TimelineError for what is no curve over 0..1 with values in 0..1."""
    _check_places([x for x, _ in curve], place)
    if not all(0.0 <= value <= 1.0 for _, value in curve):
        raise TimelineError(
            place, "not a curve over 0..1", "give values of 0 to 1 at places of 0 to 1"
        )


def _check_places(places: list[float], place: str) -> None:
    rising = all(a <= b for a, b in pairwise(places))
    if not places or not rising or not all(0.0 <= x <= 1.0 for x in places):
        raise TimelineError(
            place, "not a curve over 0..1", "give (place, value) pairs in rising order of place"
        )
    if len(places) > MOST_POINTS:
        raise TimelineError(place, f"{len(places)} points", f"{MOST_POINTS} are the most")
