"""What of a wish can never be made, as far as the wish alone tells it: no file is opened for that.

The rules are those of who makes it, asked with films of any length. What depends on how long, how
large or how fast a film is is found when it is made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yozora import boards
from yozora.curves import curve_of
from yozora.prompts import english
from yozora.prompts.errors import PromptError
from yozora.request import MAX_PROMPT, MAX_PX, MIN_PX, Request, RequestError
from yozora.request import check as check_request
from yozora.studio import wishes
from yozora.studio.errors import StudioError, in_fields
from yozora.studio.wishes import Wish
from yozora.timeline import reading, tools
from yozora.timeline.checks import validate
from yozora.timeline.compile import MOST_SECONDS
from yozora.timeline.document import (
    MAX_TICKS,
    TICKS_PER_S,
    Box,
    Clip,
    Mask,
    Mix,
    Region,
    Span,
    Timeline,
    Words,
    is_kept,
    sources,
    to_seconds,
    to_ticks,
)
from yozora.timeline.errors import TimelineError

LEAST_OVERLAP_S = 0.5  # of a blend; that of yozora.editing, which loads the networks' library
ANY = Clip("film", 0, MAX_TICKS)  # which film it is does not matter
NOWHERE = Path("video.mp4")


def check(wish: Wish) -> None:
    """Raises StudioError for what no worker could make, whatever it is made from."""
    own, tool = wish.settings, wish.tool
    match tool:
        case wishes.Document():
            _document(wish, tool)
        case wishes.Storyboard():
            _storyboard(wish, tool)
        case wishes.Retake() | wishes.Insert():
            _stretch(tool.start, tool.stop, "tool.stop")
            _where(tool)
        case wishes.Remix() | wishes.Loop():
            _stretch(tool.start, tool.stop, "tool.stop")
        case wishes.Recut():
            _recut(wish, tool)
        case wishes.Blend():
            _blend(tool)
        case wishes.Outpaint(place=place):
            size = _size(wish)
            if place is not None:
                with _about("tool.place"):
                    tools.outpaint(ANY, "", _box(place, size))
        case wishes.Reframe(on=on):
            _size(wish)
            _text(on, "tool.on")
        case wishes.Upscale() | wishes.Interpolate() if own.style is not None:
            raise _refused("nothing is made anew here: leave style out, or use remix", "style")


def _refused(said: str, param: str, code: str = "invalid_request") -> StudioError:
    return StudioError(said, param=param, code=code)


@contextmanager
def _about(param: str) -> Iterator[None]:
    """What is refused within is about this field, whatever the rule calls it."""
    try:
        yield
    except TimelineError as error:
        raise _refused(f"{error.fault}: {error.remedy}", param) from error


def _field(place: str) -> str:
    """A place as the rules call it, as the fields of requests are called."""
    return re.sub(r"\[(\d+)\]", r".\1", place)


def _text(text: str, param: str) -> None:
    """Words that can be written, and read, by anybody."""
    strange = (c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t")
    if bad := next(strange, ""):
        raise _refused(
            f"{param} holds the control character U+{ord(bad):04X}: remove it", param,
            "invalid_prompt",
        )  # fmt: skip
    if len(text) > MAX_PROMPT:
        raise _refused(
            f"{param} has {len(text)} characters, {MAX_PROMPT} are the most: say it shorter",
            param, "invalid_prompt",
        )  # fmt: skip


# Parts of a film ------------------------------------------------------------------------------


def _stretch(start: float | None, stop: float | None, param: str) -> None:
    """From the film's beginning, unless told; to its end, which nobody knows here."""
    if stop is not None:
        first, last = to_ticks(start or 0.0), to_ticks(stop)
        part = Span(max(1, last - first), "", 0.0, Clip("film", first, last))
        with _about(param):
            validate(Timeline((part,)))


def _recut(wish: Wish, tool: wishes.Recut) -> None:
    for number, kept in enumerate(tool.keep):
        _stretch(kept.start, kept.stop, f"tool.keep.{number}.stop")
    _length(wish.settings.seconds or tool.seconds, "tool.keep")


def _length(seconds: float, param: str) -> None:
    if seconds > MOST_SECONDS:
        raise _refused(
            f"{seconds:.0f} seconds in all, {MOST_SECONDS} are the most in one go: use a part of "
            "the film", param, "invalid_timeline",
        )  # fmt: skip


def _blend(tool: wishes.Blend) -> None:
    for name, trim in (("trim_a", tool.trim_a), ("trim_b", tool.trim_b)):
        if trim is not None:
            _stretch(trim[0], trim[1], f"tool.{name}")
    if tool.overlap is not None and tool.overlap < LEAST_OVERLAP_S:
        raise _refused(
            f"an overlap of {tool.overlap:g} s is too short for a blend to be seen: overlap "
            f"{LEAST_OVERLAP_S} s or more", "tool.overlap",
        )  # fmt: skip
    if not isinstance(tool.curve, str):
        with _about("tool.curve"):
            curve_of(tuple((place, share) for place, share in tool.curve))


# Parts of a picture ---------------------------------------------------------------------------


def _size(wish: Wish) -> tuple[int, int]:
    own = wish.settings
    if own.width is None or own.height is None:
        raise _refused("there is no size: say that of the new picture, as 512x512", "size")
    return own.width, own.height


def _where(tool: wishes.Retake | wishes.Insert) -> None:
    _text(tool.region, "tool.region")
    if tool.box is not None:
        param, region = "tool.box", Region(((0.0, _box(tool.box)),))
    elif tool.mask is not None:
        return
    elif tool.region:
        param, region = "tool.region", Region(Words(tool.region))
    elif isinstance(tool, wishes.Insert):
        raise _refused("there is no place for it: give a box, a mask or words", "tool.box")
    else:
        return
    with _about(param):
        tools.retake(ANY, "", 0, TICKS_PER_S, region=region)


def _box(sides: list[float], size: tuple[int, int] | None = None) -> Box:
    """As yozora.areas reads it: shares of the picture where all are at most 1, else pixels, of one
    that is twice as large as they reach where nobody knows its size."""
    x, y, wide, high = sides
    most = max(map(abs, sides))
    width, height = (1, 1) if most <= 1.0 else size or (2 * most, 2 * most)
    return Box(x / width, y / height, wide / width, high / height)


# Whole films ----------------------------------------------------------------------------------


def _document(wish: Wish, tool: wishes.Document) -> None:
    try:
        timeline = reading.from_dict(tool.timeline)
    except TimelineError as error:
        param = re.sub(r"^timeline\.document\b", "timeline", f"timeline.{_field(error.place)}")
        raise _refused(in_fields(str(error)), param, "invalid_timeline") from error
    _settings(wish, timeline)
    _length(to_seconds(timeline.ticks), "timeline.spans")
    for place, name in _named(timeline):
        if not re.fullmatch(wishes.ID, name):
            raise _refused(
                f"{place}: {name[:60]!a} is no id: name a video or a file of yours, as "
                "video_...", place, "invalid_timeline",
            )  # fmt: skip
        if ".references." in place and name.startswith("video_"):
            raise _refused(
                f"{place}: {name} is a video: name a file that is a picture", place,
                "invalid_timeline",
            )  # fmt: skip
    read: set[str] = set()
    for place, text, is_read in _texts(timeline):
        _text(text, place)
        if is_read and text.strip() and text not in read:
            read.add(text)
            try:
                english.clean(text)
            except PromptError as error:
                raise _refused(str(error), place, "invalid_prompt") from error


def _settings(wish: Wish, timeline: Timeline) -> None:
    """What the film is asked to be, as far as its document says it."""
    own = wish.settings
    width, height = timeline.width or own.width, timeline.height or own.height
    drawn = dict.fromkeys(one for span in timeline.spans for one in span.references)
    names = (*(one.asset for one in drawn), *own.references)
    try:
        check_request(
            Request("", NOWHERE, width=width, height=height, fps=timeline.fps,
                    negative=timeline.negative, references=tuple(Path(one) for one in names)),
            bare=True,
        )  # fmt: skip
    except RequestError as error:
        about = error.about or "spans"
        if about == "size":
            about = "width" if width is None or not MIN_PX <= width <= MAX_PX else "height"
        said = in_fields(str(error))
        raise _refused(said, f"timeline.{about}", "invalid_timeline") from error


def _named(timeline: Timeline) -> Iterator[tuple[str, str]]:
    """(where, what) for every film and picture that a document names."""
    for number, span in enumerate(timeline.spans):
        place = f"timeline.spans.{number}"
        mixed = isinstance(span.content, Mix)
        for which, source in zip((".first", ".second"), sources(span.content), strict=False):
            yield f"{place}.content{which if mixed else ''}.asset", source.asset
        if span.region is not None and isinstance(span.region.shape, Mask):
            yield f"{place}.region.mask", span.region.shape.asset
        for i, reference in enumerate(span.references):
            yield f"{place}.references.{i}.asset", reference.asset


def _texts(timeline: Timeline) -> Iterator[tuple[str, str, bool]]:
    """(where, what, whether something is made under it) for the words of a document."""
    for number, span in enumerate(timeline.spans):
        place, region = f"timeline.spans.{number}", span.region
        yield f"{place}.caption", span.caption, not is_kept(span)
        yield f"{place}.shows", span.shows, False
        if region is not None:
            yield f"{place}.region.caption", region.caption, True
            if isinstance(region.shape, Words):
                yield f"{place}.region.words", region.shape.text, False


def _storyboard(wish: Wish, tool: wishes.Storyboard) -> None:
    for number, card in enumerate(tool.cards):
        place = f"tool.cards.{number}"
        for name, text in (("text", card.text), ("camera", card.camera), ("style", card.style)):
            _text(text or "", f"{place}.{name}")
        if any(one.startswith("video_") for one in card.media):
            _stretch(card.from_, card.to, f"{place}.to")
    for name, what in tool.characters.items():
        _text(name, "tool.characters")
        _text(what, "tool.characters")
    files = {name: name for name in wishes.sources(wish)}
    try:
        boards.of_yaml(wishes.board_of(wish, tool, files), NOWHERE.parent)
    except TimelineError as error:
        place = _field(error.place)
        is_whole = place in ("seconds", "document") or place.startswith("line ")
        param = "tool.cards" if is_whole else f"tool.{place}"
        if place == "seconds" and wish.settings.seconds is not None:
            param = "seconds"
        raise _refused(in_fields(str(error)), param, "invalid_timeline") from error
