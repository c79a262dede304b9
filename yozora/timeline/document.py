"""The timeline: spans of time, each with a caption, a noise level and perhaps content.

One document is every tool's result, the job's identity, the recipe inside the MP4 and the list of
what a film was made from. Times are integer ticks of 1/120000 s, exact for 24, 25, 30, 60, 23.976
and 29.97 frames a second; ranges are half-open. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from yozora.timeline.errors import TimelineError

TICKS_PER_S = 120_000
MAX_TICKS = TICKS_PER_S * 86_400  # of a span: a day
VERSION = 1
ROLES = ("character", "style")  # what a reference picture stands for
# Version 1 keeps these keys for later tools; they must be empty lists until then.
RESERVED = ("choice_points", "variables", "sound_tracks")


@dataclass(frozen=True, slots=True)
class Clip:
    """Part of a film."""

    asset: str  # the film's identity: a sha256, or a path that the caller resolves
    start: int  # ticks, from the film's first frame
    stop: int  # ticks, not included


@dataclass(frozen=True, slots=True)
class Still:
    """A picture held for the whole span: an image, or one moment of a film."""

    asset: str
    at: int | None = None  # ticks into a film; None for an image


Source = Clip | Still


@dataclass(frozen=True, slots=True)
class Mix:
    """Two sources laid over each other; the share of the second follows an influence curve."""

    first: Source
    second: Source
    # (place in the span 0..1, share of `second` 0..1), straight between points
    curve: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))


Content = Clip | Still | Mix


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that a span should draw on without showing it."""

    asset: str
    role: str = "character"  # one of ROLES


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the film under one caption and one start level."""

    ticks: int  # length
    caption: str
    level: float = 1.0  # where the noise starts: 1 invent, 0 keep, between: rework
    content: Content | None = None  # what is kept or reworked; None where all is invented
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A film to be made. `None` leaves a choice to the engine's weights."""

    spans: tuple[Span, ...]
    closed: bool = False  # the last frame runs into the first
    width: int | None = None  # pixels
    height: int | None = None
    fps: Fraction | None = None  # frames a second
    seed: int | None = None  # of the noise; None: drawn when rendered
    negative: str = ""  # what to steer away from

    @property
    def ticks(self) -> int:
        """Length of the whole film."""
        return sum(span.ticks for span in self.spans)

    def __add__(self, later: Timeline) -> Timeline:
        """The two films one after the other, with the first one's settings."""
        return replace(self, spans=self.spans + later.spans)


def to_ticks(seconds: float | Fraction) -> int:
    """Seconds to the nearest tick."""
    return round(Fraction(seconds) * TICKS_PER_S)


def to_seconds(ticks: int) -> float:
    return ticks / TICKS_PER_S


def assets(timeline: Timeline) -> tuple[str, ...]:
    """Every asset that the film draws on, once, in order of appearance."""
    found: dict[str, None] = {}
    for span in timeline.spans:
        for source in sources(span.content):
            found[source.asset] = None
        for reference in span.references:
            found[reference.asset] = None
    return tuple(found)


def sources(content: Content | None) -> Iterator[Source]:
    """The clips and stills in a span's content: none, one or two."""
    match content:
        case None:
            return
        case Mix(first, second):
            yield first
            yield second
        case Clip() | Still():
            yield content


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
            f"{place}.ticks", "not a length", f"a span lasts 1 to {MAX_TICKS} ticks"
        )
    if not 0.0 <= span.level <= 1.0:  # false for NaN too
        raise TimelineError(
            f"{place}.level", f"{span.level} is outside 0..1", "use 0 to keep and 1 to invent"
        )
    if span.content is None and span.level < 1.0:
        raise TimelineError(
            f"{place}.content", "nothing to keep", "give a clip or a still, or use level 1"
        )
    for source in sources(span.content):
        if not source.asset:
            raise TimelineError(f"{place}.content.asset", "empty", "name the film or the image")
        if isinstance(source, Clip):
            if not 0 <= source.start < source.stop:
                raise TimelineError(
                    f"{place}.content",
                    f"the range {source.start}..{source.stop} is empty",
                    "let start be 0 or more and stop come after it",
                )
            if source.stop - source.start != span.ticks:
                raise TimelineError(
                    f"{place}.content",
                    f"the clip lasts {source.stop - source.start} ticks, its span {span.ticks}",
                    "make them equal",
                )
    if isinstance(span.content, Mix):
        _check_curve(span.content.curve, f"{place}.content.curve")
    for i, reference in enumerate(span.references):
        if reference.role not in ROLES:
            raise TimelineError(
                f"{place}.references[{i}].role", repr(reference.role), f"use one of {ROLES}"
            )


def _check_curve(curve: tuple[tuple[float, float], ...], place: str) -> None:
    places = [x for x, _ in curve]
    values = [v for point in curve for v in point]
    if not curve or sorted(places) != places or not all(0.0 <= v <= 1.0 for v in values):
        raise TimelineError(
            place, "not a curve over 0..1", "give (place, share) pairs in rising order of place"
        )


def identity(timeline: Timeline) -> str:
    """sha256 of the canonical JSON: equal documents, equal identity, on every machine."""
    return hashlib.sha256(to_json(timeline).encode()).hexdigest()


def to_json(timeline: Timeline) -> str:
    """Canonical JSON: sorted keys, no spaces, every field present."""
    return json.dumps(to_dict(timeline), sort_keys=True, separators=(",", ":"))


def to_dict(timeline: Timeline) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "version": VERSION,
        "spans": [_span_to_dict(span) for span in timeline.spans],
        "closed": timeline.closed,
        "width": timeline.width,
        "height": timeline.height,
        "fps": None if timeline.fps is None else str(timeline.fps),
        "seed": timeline.seed,
        "negative": timeline.negative,
        **{name: [] for name in RESERVED},
    }


def _span_to_dict(span: Span) -> dict[str, Any]:
    return {
        "ticks": span.ticks,
        "caption": span.caption,
        "level": float(span.level),
        "content": None if span.content is None else _content_to_dict(span.content),
        "references": [{"asset": r.asset, "role": r.role} for r in span.references],
    }


def _content_to_dict(content: Content) -> dict[str, Any]:
    match content:
        case Clip(asset, start, stop):
            return {"kind": "clip", "asset": asset, "start": start, "stop": stop}
        case Still(asset, at):
            return {"kind": "still", "asset": asset, "at": at}
        case Mix(first, second, curve):
            return {
                "kind": "mix",
                "first": _content_to_dict(first),
                "second": _content_to_dict(second),
                "curve": [[float(x), float(share)] for x, share in curve],
            }
