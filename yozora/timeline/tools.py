"""Every tool of the editor: a plain function that returns a timeline. Times are ticks.

A known stretch keeps its content at level 0, a gap invents at level 1, and what lies between
reworks what is there. `caption` says what is made; `shows`, where somebody knows it, what the
content shows. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from yozora.timeline.checks import validate
from yozora.timeline.document import (
    Box,
    Clip,
    Curve,
    Mix,
    Path,
    Reference,
    Region,
    Source,
    Span,
    Still,
    Timeline,
    is_kept,
    to_seconds,
)
from yozora.timeline.errors import TimelineError
from yozora.timeline.joins import eased, led

TRANSITION: Curve = ((0.0, 0.0), (0.25, 0.1), (0.75, 0.9), (1.0, 1.0))
MIX: Curve = ((0.0, 0.5), (1.0, 0.5))
SAMPLE: Curve = ((0.0, 0.0), (0.5, 0.6), (1.0, 0.0))
SEAMS = {"short": 2 / 3, "normal": 4 / 3, "long": 2.0}  # seconds of a loop's seam
CURVES = {"transition": TRANSITION, "mix": MIX, "sample": SAMPLE}


def gap(caption: str, ticks: int, references: tuple[Reference, ...] = ()) -> Timeline:
    """A stretch to invent; nothing when `ticks` is 0."""
    spans = (Span(ticks, caption, references=references),) if ticks else ()
    return Timeline(spans)


def show(
    source: Source, caption: str, ticks: int | None = None, level: float | Curve = 0.0
) -> Timeline:
    """A stretch of known content; a still needs its length said, a clip has one of its own."""
    if ticks is None:
        assert isinstance(source, Clip), "a still lasts as long as it is told"
        ticks = length(source)
    return Timeline((Span(ticks, caption, level, source),))


def cut(clip: Clip, start: int, stop: int) -> Clip:
    """Part of a clip; times count from the clip's own start."""
    return replace(clip, start=clip.start + start, stop=clip.start + stop)


def length(clip: Clip) -> int:
    return clip.stop - clip.start


def kept(clip: Clip, caption: str, start: int, stop: int) -> Timeline:
    """Part of a clip as it is; nothing where the part is empty."""
    return show(cut(clip, start, stop), caption) if stop > start else Timeline(())


def text_to_video(caption: str, ticks: int, references: tuple[Reference, ...] = ()) -> Timeline:
    """All of it invented."""
    return validate(gap(caption, ticks, references))


def image_to_video(
    still: Still, caption: str, ticks: int, still_ticks: int, end: Still | None = None
) -> Timeline:
    """A picture that comes to life: `still_ticks` of it, one frame, then the rest; perhaps until
    another picture ends it."""
    after = show(end, caption, still_ticks) if end is not None else Timeline(())
    between = gap(caption, ticks - still_ticks * (1 if end is None else 2))
    whole = show(still, caption, still_ticks) + between + after
    return validate(led(whole, still_ticks))


def extend(clip: Clip, caption: str, ticks: int, shows: str | None = None) -> Timeline:
    """What comes after a clip."""
    return validate(show(clip, _or(shows, caption)) + gap(caption, ticks))


def lead_in(clip: Clip, caption: str, ticks: int, shows: str | None = None) -> Timeline:
    """What came before a clip."""
    return validate(gap(caption, ticks) + show(clip, _or(shows, caption)))


def surround(
    clip: Clip, caption: str, before: int, after: int, shows: str | None = None
) -> Timeline:
    """What came before a clip and what comes after it."""
    whole = gap(caption, before) + show(clip, _or(shows, caption)) + gap(caption, after)
    return validate(whole)


def bridge(
    first: Clip,
    second: Clip,
    caption: str,
    ticks: int,
    shows: tuple[str, str] | None = None,
    frame: int = 0,
) -> Timeline:
    """What leads from one clip to another: several clips may so meet in one ending. `frame` as for
    `led`."""
    one, other = shows or (caption, caption)
    whole = show(first, one) + gap(caption, ticks) + show(second, other)
    return validate(led(whole, frame))


def retake(
    clip: Clip,
    caption: str,
    start: int,
    stop: int,
    shows: str | None = None,
    region: Region | None = None,
    level: float = 1.0,
) -> Timeline:
    """The stretch `[start, stop)` of a clip made again between what surrounds it; in a region of
    the picture alone, or reworked at a level below 1."""
    if not 0 <= start < stop <= length(clip):
        raise TimelineError(
            "retake",
            f"{said(start)} to {said(stop)} is not inside the clip, which lasts "
            f"{said(length(clip))}",
            "choose a part of the clip",
        )
    if level == 0.0:  # nothing is made: what is seen is all that may be told of it
        return validate(show(clip, shows or ""))
    told = _or(shows, caption)
    anew = Span(stop - start, caption, level, None)
    if region is not None or level < 1.0:
        known = "" if level >= 1.0 else told
        anew = replace(anew, content=cut(clip, start, stop), region=region, shows=known)
    before, after = kept(clip, told, 0, start), kept(clip, told, stop, length(clip))
    return validate(before + Timeline((anew,)) + after)


def insert(
    clip: Clip,
    caption: str,
    region: Region,
    shows: str | None = None,
    thing: str = "",
    start: int = 0,
    stop: int | None = None,
    level: float = 1.0,
) -> Timeline:
    """Something new in a region of a clip over `[start, stop)`, all of it unless told: the `thing`
    alone, in words, laid into the region, around which all is kept. `caption`: what the picture
    then shows."""
    stop = length(clip) if stop is None else stop
    return retake(clip, caption, start, stop, shows, replace(region, caption=thing), level)


def remix(
    clip: Clip,
    caption: str,
    strength: float | Curve,
    shows: str = "",
    start: int = 0,
    stop: int | None = None,
) -> Timeline:
    """The stretch `[start, stop)` of a clip, all of it unless told, reworked under another caption:
    strength 0 keeps it, 1 forgets it."""
    stop = length(clip) if stop is None else stop
    part = cut(clip, start, stop)
    over = Timeline((Span(length(part), caption, strength, part, shows=shows),))
    if is_kept(over.spans[0]):
        return validate(show(clip, shows))
    return validate(kept(clip, shows, 0, start) + over + kept(clip, shows, stop, length(clip)))


def outpaint(
    clip: Clip, caption: str, place: Box | Path, feather: float = 0.02, shows: str | None = None
) -> Timeline:
    """A clip on a larger picture, or a moving part of it on another: what lies outside of it is
    invented. `place`: where the clip lies in the new picture."""
    path = ((0.0, place),) if isinstance(place, Box) else place
    span = Span(length(clip), caption, 0.0, replace(clip, place=path), shows=_or(shows, ""))
    return validate(Timeline((span,)))


def loop(
    clip: Clip, caption: str, ticks: int, shows: str | None = None, frame: int = 0
) -> Timeline:
    """A clip and `ticks` more that lead from its end back to its start. `frame` as for `led`."""
    known = show(clip, _or(shows, caption))
    seam = led(known + gap(caption, ticks) + known, frame).spans[1:-1]
    return validate(replace(known + Timeline(seam), closed=True))


def blend(
    first: Clip,
    second: Clip,
    caption: str,
    ticks: int,
    strength: float = 0.7,
    curve: Curve = TRANSITION,
    shows: tuple[str, str] | None = None,
) -> Timeline:
    """Two clips laid over each other for `ticks`, along an influence curve.

    Where the curve ends with the second clip, that one goes on, and the first led there; where it
    ends with the first, the second was lent in the middle of it; where it neither begins nor ends
    with one of them alone, nothing but the mix is shown.
    """
    if not 0 < ticks <= min(length(first), length(second)):
        raise TimelineError(
            "blend",
            f"an overlap of {said(ticks)} does not fit films of {said(length(first))} and "
            f"{said(length(second))}",
            "overlap more than 0 s" if ticks <= 0 else "overlap less, or use longer films",
        )
    one, other = shows or (caption, caption)
    begins, ends = curve[0][1], curve[-1][1]
    lends = ends < 0.25
    spare = length(first) - ticks
    head = 0 if begins > 0.25 else spare // 2 if lends else spare
    over = Mix(cut(first, head, head + ticks), cut(second, 0, ticks), curve)
    after = Timeline(())
    if lends:
        after = kept(first, one, head + ticks, length(first))
    elif ends > 0.75:
        after = kept(second, other, ticks, length(second))
    before = kept(first, one, 0, head)
    level = eased(strength, bool(before.spans), bool(after.spans))
    return validate(before + Timeline((Span(ticks, caption, level, over),)) + after)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of content placed on a longer timeline."""

    at: int  # ticks of the film, where it begins
    source: Source
    ticks: int  # how long it lasts there: another length than its own is another speed
    caption: str = ""  # what it shows


def recut(
    parts: Sequence[Part],
    caption: str,
    ticks: int,
    references: tuple[Reference, ...] = (),
    frame: int = 0,
) -> Timeline:
    """Parts of clips placed on a longer timeline; the rest is invented. `frame` as for `led`."""
    whole, at = Timeline(()), 0
    for part in sorted(parts, key=lambda part: part.at):
        if part.at < at:
            raise TimelineError(
                "recut",
                f"a part at {said(part.at)} starts before the one before it ends, at {said(at)}",
                "move it later",
            )
        whole = whole + gap(caption, part.at - at, references)
        whole = whole + show(part.source, part.caption or caption, part.ticks)
        at = part.at + part.ticks
    if at > ticks:
        raise TimelineError(
            "recut", f"the parts last until {said(at)}", f"ask for {said(at)} or more"
        )
    return validate(led(whole + gap(caption, ticks - at, references), frame))


def storyboard(cards: Sequence[Timeline], frame: int = 0) -> Timeline:
    """Cards one after the other, with the first card's settings. `frame` as for `led`."""
    if not cards:
        raise TimelineError("cards", "there are none", "a storyboard needs at least one card")
    whole = cards[0]
    for card in cards[1:]:
        whole = whole + card
    return validate(led(whole, frame))


def said(ticks: int) -> str:
    """A time as a person reads it."""
    return f"{round(to_seconds(ticks), 3):g} s"


def _or(shows: str | None, caption: str) -> str:
    return caption if shows is None else shows
