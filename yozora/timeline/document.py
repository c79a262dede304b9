"""The timeline: spans of time, each with a caption, a noise level and perhaps content.

One document is every tool's result, the job's identity, the recipe inside the MP4 and the list of
what a film was made from. Times are integer ticks of 1/120000 s, exact for 24, 25, 30, 60, 23.976
and 29.97 frames a second; ranges are half-open. Places within a picture are fractions of it, so
that nothing here knows an engine's grid. Standard library only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

TICKS_PER_S = 120_000
MAX_TICKS = TICKS_PER_S * 86_400  # of a span: a day
VERSION = 1
ROLES = ("character", "style")  # what a reference picture stands for
# Version 1 keeps these keys for later tools; they must be empty lists until then.
RESERVED = ("choice_points", "variables", "sound_tracks")
MOST_SPEED = 16  # times as fast as it was, or as slow

# (place in the span 0..1, value) in rising order of place, straight between points, held outside
Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of a picture, from its upper left corner; it may reach outside."""

    x: float
    y: float
    width: float
    height: float


Path = tuple[tuple[float, Box], ...]  # where a box is over a span, as a curve


@dataclass(frozen=True, slots=True)
class Clip:
    """Part of a film, played over the whole span: over another length, at another speed."""

    asset: str  # the film's identity: a sha256, or a path that the caller resolves
    start: int  # ticks, from the film's first frame
    stop: int  # ticks, not included
    place: Path = ()  # where in the picture; what it leaves free is invented. (): it covers all


@dataclass(frozen=True, slots=True)
class Still:
    """A picture held for the whole span: an image, or one moment of a film."""

    asset: str
    at: int | None = None  # ticks into a film; None for an image
    place: Path = ()


Source = Clip | Still


@dataclass(frozen=True, slots=True)
class Mix:
    """Two sources laid over each other; the share of the second follows an influence curve."""

    first: Source
    second: Source
    curve: Curve = ((0.0, 0.0), (1.0, 1.0))  # share of `second`, 0..1


Content = Clip | Still | Mix


@dataclass(frozen=True, slots=True)
class Mask:
    """What is white in an image, or in a film that runs with the span from its first frame."""

    asset: str


@dataclass(frozen=True, slots=True)
class Words:
    """What these words name in the span's content: found by the engine."""

    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """The part of the picture that a span's level is for; the rest is kept."""

    shape: Path | Mask | Words  # a moving box, a mask, or what words name
    inverted: bool = False  # all but that
    feather: float = 0.02  # of the picture's height, over which what is made runs into what is kept
    caption: str = ""  # a thing alone that is laid into it; "": what the span's caption makes there


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that a span should draw on without showing it."""

    asset: str
    role: str = "character"  # one of ROLES


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the film under one caption."""

    ticks: int  # length
    caption: str
    level: float | Curve = 1.0  # where the noise starts: 1 invent, 0 keep, between: rework
    content: Content | None = None  # what is kept or reworked; None where all is invented
    references: tuple[Reference, ...] = ()
    region: Region | None = None  # None: the whole picture
    shows: str = ""  # what the content shows, in words: a rework changes that into the caption
    cut: bool = False  # a shot begins: what is made here knows nothing of what was before


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


def edges(timeline: Timeline) -> list[tuple[int, int]]:
    """Where each span begins and ends, in ticks of the film."""
    found, at = [], 0
    for span in timeline.spans:
        found.append((at, at + span.ticks))
        at += span.ticks
    return found


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


def assets(timeline: Timeline) -> tuple[str, ...]:
    """Every asset that the film draws on, once, in order of appearance."""
    found: dict[str, None] = {}
    for span in timeline.spans:
        for source in sources(span.content):
            found[source.asset] = None
        if span.region is not None and isinstance(span.region.shape, Mask):
            found[span.region.shape.asset] = None
        for reference in span.references:
            found[reference.asset] = None
    return tuple(found)


def with_assets(timeline: Timeline, names: dict[str, str]) -> Timeline:
    """The same film with its assets under other names; those that `names` lacks keep theirs."""

    def name(asset: str) -> str:
        return names.get(asset, asset)

    def source(one: Source) -> Source:
        return replace(one, asset=name(one.asset))

    def content(one: Content | None) -> Content | None:
        match one:
            case None:
                return None
            case Mix(first, second):
                return replace(one, first=source(first), second=source(second))
            case Clip() | Still():
                return source(one)

    def region(one: Region | None) -> Region | None:
        if one is None or not isinstance(one.shape, Mask):
            return one
        return replace(one, shape=Mask(name(one.shape.asset)))

    spans = (
        replace(
            span,
            content=content(span.content),
            region=region(span.region),
            references=tuple(
                replace(r, asset=names.get(r.asset, r.asset)) for r in span.references
            ),
        )
        for span in timeline.spans
    )
    return replace(timeline, spans=tuple(spans))


def value_at(curve: Curve, place: float) -> float:
    """A curve's value at a place in the span, 0..1."""
    if len(curve) == 1 or place <= curve[0][0]:
        return curve[0][1]
    after = bisect_right(curve, place, key=lambda point: point[0])
    if after == len(curve):
        return curve[-1][1]
    (x0, y0), (x1, y1) = curve[after - 1], curve[after]
    return y0 + (y1 - y0) * (place - x0) / (x1 - x0)


def box_at(path: Path, place: float) -> Box:
    """Where a moving box is at a place in the span, 0..1."""
    sides = (
        value_at(tuple((at, getattr(box, side)) for at, box in path), place)
        for side in ("x", "y", "width", "height")
    )
    return Box(*sides)


def level_at(span: Span, place: float) -> float:
    """A span's start level at a place in it, 0..1."""
    return span.level if isinstance(span.level, float | int) else value_at(span.level, place)


def levels_of(span: Span) -> tuple[float, ...]:
    """Every level that a span's curve is drawn through; the one it has throughout."""
    if isinstance(span.level, float | int):
        return (span.level,)
    return tuple(value for _, value in span.level)


def is_kept(span: Span) -> bool:
    """Whether all of it is kept as it is: nothing in it is made."""
    whole = all(level <= 0.0 for level in levels_of(span))
    return whole and not any(source.place for source in sources(span.content))
