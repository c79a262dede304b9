"""Every tool of the editor: a plain function that returns a timeline. Times are ticks.

A known stretch keeps its content at level 0, a gap invents at level 1, and what lies between
reworks what is there. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yozora.timeline.document import Clip, Mix, Reference, Source, Span, Still, Timeline, validate
from yozora.timeline.errors import TimelineError


def gap(caption: str, ticks: int, references: tuple[Reference, ...] = ()) -> Timeline:
    """A stretch to invent; nothing when `ticks` is 0."""
    spans = (Span(ticks, caption, references=references),) if ticks else ()
    return Timeline(spans)


def show(source: Source, caption: str, ticks: int | None = None, level: float = 0.0) -> Timeline:
    """A stretch of known content; a still needs its length said."""
    if isinstance(source, Clip):
        ticks = source.stop - source.start
    assert ticks is not None, "a still lasts as long as it is told"
    return Timeline((Span(ticks, caption, level, source),))


def cut(clip: Clip, start: int, stop: int) -> Clip:
    """Part of a clip; times count from the clip's own start."""
    return replace(clip, start=clip.start + start, stop=clip.start + stop)


def length(clip: Clip) -> int:
    return clip.stop - clip.start


def text_to_video(caption: str, ticks: int, references: tuple[Reference, ...] = ()) -> Timeline:
    """All of it invented."""
    return validate(gap(caption, ticks, references))


def image_to_video(still: Still, caption: str, ticks: int, still_ticks: int) -> Timeline:
    """A picture that comes to life: `still_ticks` of it (one latent frame), then the rest."""
    return validate(show(still, caption, still_ticks) + gap(caption, ticks - still_ticks))


def extend(clip: Clip, caption: str, ticks: int) -> Timeline:
    """What comes after a clip."""
    return validate(show(clip, caption) + gap(caption, ticks))


def lead_in(clip: Clip, caption: str, ticks: int) -> Timeline:
    """What came before a clip."""
    return validate(gap(caption, ticks) + show(clip, caption))


def retake(clip: Clip, caption: str, start: int, stop: int) -> Timeline:
    """The stretch `[start, stop)` of a clip made again between what surrounds it."""
    if not 0 <= start < stop <= length(clip):
        raise TimelineError(
            "retake", f"{start}..{stop} is not inside the clip", "choose a part of the clip"
        )
    before = show(cut(clip, 0, start), caption) if start else Timeline(())
    after = show(cut(clip, stop, length(clip)), caption) if stop < length(clip) else Timeline(())
    return validate(before + gap(caption, stop - start) + after)


def remix(clip: Clip, caption: str, strength: float) -> Timeline:
    """A clip reworked under another caption: strength 0 keeps it, 1 forgets it."""
    return validate(show(clip, caption, level=strength))


def loop(clip: Clip, caption: str, ticks: int) -> Timeline:
    """A clip and `ticks` more that lead from its end back to its start."""
    return replace(extend(clip, caption, ticks), closed=True)


def blend(
    first: Clip,
    second: Clip,
    caption: str,
    ticks: int,
    strength: float = 0.7,
    curve: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0)),
) -> Timeline:
    """One clip turning into another over `ticks`, along an influence curve."""
    if not 0 < ticks <= min(length(first), length(second)):
        raise TimelineError(
            "blend",
            f"an overlap of {ticks} ticks does not fit clips of {length(first)} and "
            f"{length(second)}",
            "overlap less, or use longer clips",
        )
    head = length(first) - ticks
    over = Mix(cut(first, head, length(first)), cut(second, 0, ticks), curve)
    before = show(cut(first, 0, head), caption) if head else Timeline(())
    rest = length(second) - ticks
    after = show(cut(second, ticks, length(second)), caption) if rest else Timeline(())
    return validate(before + Timeline((Span(ticks, caption, strength, over),)) + after)


def storyboard(cards: Sequence[Timeline]) -> Timeline:
    """Cards one after the other, with the first card's settings."""
    if not cards:
        raise TimelineError("cards", "there are none", "a storyboard needs at least one card")
    whole = cards[0]
    for card in cards[1:]:
        whole = whole + card
    return validate(whole)


def recut(parts: Sequence[tuple[int, Clip]], caption: str, ticks: int) -> Timeline:
    """Parts of clips placed on a longer timeline, `(start, clip)` each; the rest is invented."""
    whole, at = Timeline(()), 0
    for start, clip in sorted(parts, key=lambda part: part[0]):
        if start < at:
            raise TimelineError(
                "recut", f"a part at {start} starts before the one before it ends", "move it later"
            )
        whole = whole + gap(caption, start - at) + show(clip, caption)
        at = start + length(clip)
    if at > ticks:
        raise TimelineError("recut", f"the parts last until {at}", f"ask for {at} ticks or more")
    return validate(whole + gap(caption, ticks - at))
