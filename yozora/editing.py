"""Every tool of the editor, on files and words: each opens what it needs and returns an `Edit`.

What a tool means is said in `timeline/tools.py`; here are its knobs in seconds, shares and words.
All raise RequestError, MediaError, PromptError or TimelineError, each a sentence with a remedy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from yozora import assets
from yozora.areas import Where, box_of
from yozora.curves import MOST_JSON_BYTES, curve_of
from yozora.desk import Desk, Footage
from yozora.media import files as media_files
from yozora.prompts.truth import named
from yozora.render import Edit
from yozora.request import (
    MAX_PX,
    Request,
    RequestError,
    file_name,
    moment,
    named_or_number,
    number,
    within,
)
from yozora.steering import as_told
from yozora.storing import read_recipe
from yozora.timeline import otio, reading, tools, writing
from yozora.timeline.document import (
    MOST_SPEED,
    TICKS_PER_S,
    Box,
    Clip,
    Curve,
    Timeline,
    is_kept,
    sources,
    to_seconds,
    to_ticks,
    value_at,
    with_assets,
)

if TYPE_CHECKING:
    from yozora.prompts.recaption import Recaption

STRENGTHS = {"subtle": 0.25, "mild": 0.5, "strong": 0.75}  # of a remix
# Noise levels of a remix's strengths: below 0.75 nothing is seen to change
LEVELS: Curve = ((0.0, 0.0), (0.01, 0.75), (0.25, 0.85), (0.5, 0.98), (0.75, 0.995), (1.0, 1.0))
LEAST_SEAM_S, MOST_SEAM_S = 0.1, 10.0
MOST_TIMES = MAX_PX / 32
_REMEDY = "say what shall be otherwise, or make it again with yozora retake"
LEAST_OVERLAP_S = 0.5
MOST_BLEND = 0.9  # strength above which a blend shows neither film
FORGOTTEN = "a strength so near 1 forgets both films where they are blended: 0.6 shows them"
NO_CHANGE = "a strength of 0 changes nothing: the film stays as it is"


def animate(
    desk: Desk, wish: Request, picture: Path, end: Path | None = None, at_s: float | None = None
) -> Edit:
    """A picture, or a moment of a film, comes to life for `wish.seconds`; perhaps until another."""
    first = desk.footage(picture)
    last = None if end is None else desk.footage(end)
    told = desk.words(wish.prompt, first.told)
    rate = wish.fps or desk.engine.grid.fps
    frame = round(TICKS_PER_S / rate)
    timeline = tools.image_to_video(
        first.still(at_s if at_s is not None else _last(first)),
        told.caption,
        to_ticks(moment(wish.seconds)),
        frame,
        None if last is None else last.still(None if last.file.is_image else 0.0),
    )
    like = None if first.file.is_image else first
    if first.file.is_image and wish.width is None:
        wish = replace(wish, width=even(first.width), height=even(first.height))
        wish = _at_most(wish)
    return desk.edit(timeline, wish, told, like)


def _last(film: Footage) -> float | None:
    """The last frame of a film; a picture has but one."""
    return None if film.file.is_image else max(0.0, film.seconds - float(1 / film.fps))


def _at_most(wish: Request, side: int = 1920) -> Request:
    """A picture's own size, or its shape at the most that a film may have."""
    assert wish.width and wish.height
    scale = min(1.0, side / max(wish.width, wish.height))
    return replace(wish, width=even(wish.width * scale), height=even(wish.height * scale))


def even(side: float) -> int:
    return max(32, round(side / 2) * 2)


def extend(
    desk: Desk,
    wish: Request,
    film: Path,
    before: bool = False,
    after: bool = True,
    ending: Path | None = None,
) -> Edit:
    """`wish.seconds` more on each side that is asked, or between a film and the one it ends in."""
    one = desk.footage(film)
    clip, lasts = one.clip(), to_ticks(moment(wish.seconds))
    before_all = before and not after and ending is None
    end = (0, one.frame) if before_all else (one.ticks - one.frame, one.ticks)
    told = desk.asked(wish.prompt, one.caption(*end))  # of a film of several, that of its end
    caption = told.caption if told else one.caption(*end)
    if ending is not None:
        other = desk.footage(ending)
        caption = caption or other.told
        shows = (one.told or caption, other.told or caption)
        made = tools.bridge(clip, other.clip(), caption, lasts, shows, one.frame)
    elif before or after:
        sides = (lasts if before else 0), (lasts if after else 0)
        made = tools.surround(clip, caption, *sides, one.told or None)
    else:
        raise RequestError("nothing is to be added: extend before, after, or on both sides")
    return desk.edit(made, wish, told, one)


def retake(
    desk: Desk,
    wish: Request,
    film: Path,
    start_s: float | None = None,
    stop_s: float | None = None,
    where: Where | None = None,
    strength: float = 1.0,
) -> Edit:
    """A stretch of a film, or a part of its picture, made again."""
    one, strength = desk.footage(film), within("a strength", strength, 0.0, 1.0)
    part, told = one.clip(start_s, stop_s), desk.words(wish.prompt, one.told)
    where = where or Where()
    region, notes = where.region(desk, one), where.notes(desk)
    made = tools.retake(
        one.clip(), told.caption, part.start, part.stop, one.told or None, region, strength
    )
    return _reworked(desk, made, wish, told, one, strength, notes)


def _reworked(
    desk: Desk, made: Timeline, wish: Request, told: Recaption, one: Footage, strength: float,
    notes: Sequence[str] = (),
) -> Edit:  # fmt: skip
    """A rework; of one that changes nothing it is said, and nothing is told of words."""
    if strength == 0.0:
        return desk.edit(made, wish, None, one, [NO_CHANGE])
    return desk.edit(made, wish, told, one, notes)


def insert(
    desk: Desk,
    wish: Request,
    film: Path,
    where: Where,
    start_s: float | None = None,
    stop_s: float | None = None,
    strength: float = 1.0,
) -> Edit:
    """Something new in a part of the picture; what it does not cover is kept."""
    one, strength = desk.footage(film), within("a strength", strength, 0.0, 1.0)
    region, notes = where.region(desk, one), where.notes(desk)
    if region is None:
        raise RequestError("there is no place for it: give a box, a mask or words")
    part = one.clip(start_s, stop_s)
    told = desk.words(wish.prompt, one.told, add=True)
    thing = "" if region.inverted else desk.alone(wish.prompt, one.told)
    made = tools.insert(
        one.clip(), told.caption, region, one.told or None, thing, part.start, part.stop, strength
    )
    return _reworked(desk, made, wish, told, one, strength, notes)


@dataclass(frozen=True, slots=True)
class Keep:
    """A stretch of a film that a re-cut keeps."""

    start_s: float
    stop_s: float
    at_s: float | None = None  # where it begins in the new film; None: after the one before it
    speed: float = 1.0


def recut(
    desk: Desk, wish: Request, film: Path, keep: Sequence[Keep], seconds: float | None = None
) -> Edit:
    """Stretches of a film moved along a new timeline of `seconds`; the rest is invented."""
    one = desk.footage(film)
    told = desk.asked(wish.prompt, one.told)
    parts, at = [], 0
    for stretch in keep:
        if not 1 / MOST_SPEED <= number("a speed", stretch.speed) <= MOST_SPEED:
            raise RequestError(
                f"a speed of {stretch.speed:g} asked, 1/{MOST_SPEED} to {MOST_SPEED} are possible: "
                "choose one between"
            )
        clip = one.clip(stretch.start_s, stretch.stop_s)
        at = at if stretch.at_s is None else one.at(stretch.at_s)
        lasts = max(1, one.at(to_seconds(tools.length(clip)) / stretch.speed))
        parts.append(tools.Part(at, clip, lasts, one.caption(clip.start, clip.stop)))
        at += lasts
    whole = at if seconds is None else one.at(seconds)
    made = tools.recut(parts, told.caption if told else one.told, whole, frame=one.frame)
    return desk.edit(made, wish, told, one)


def remix(
    desk: Desk,
    wish: Request,
    film: Path,
    strength: str | float = "mild",
    start_s: float | None = None,
    stop_s: float | None = None,
) -> Edit:
    """New words over a film, or over a stretch of it: what they do not change stays."""
    one = desk.footage(film)
    level = value_at(
        LEVELS, within("a strength", named_or_number("strength", strength, STRENGTHS), 0.0, 1.0)
    )
    part = one.clip(start_s, stop_s)
    told = desk.words(wish.prompt, one.told)
    if told.caption == one.told:
        why = "; ".join(note.rstrip(".") for note in named(told.words, ()))
        what = f"these words change nothing of what {one.file.name} shows"
        raise RequestError(f"{what} ({why}): {_REMEDY}" if why else f"{what}: {_REMEDY}")
    made = tools.remix(one.clip(), told.caption, level, one.told, part.start, part.stop)
    return _reworked(desk, made, wish, told, one, level)


def loop(
    desk: Desk,
    wish: Request,
    film: Path,
    seam: str | float = "normal",
    start_s: float | None = None,
    stop_s: float | None = None,
) -> Edit:
    """A stretch of a film that runs into itself, over a seam that is added."""
    one = desk.footage(film)
    lasts = named_or_number("seam", seam, tools.SEAMS)
    lasts = within("a seam", lasts, LEAST_SEAM_S, MOST_SEAM_S, " s", "1.3")
    told = desk.asked(wish.prompt, one.told)
    caption = told.caption if told else one.told
    clip = one.clip(start_s, stop_s)
    made = tools.loop(clip, caption, to_ticks(lasts), one.told or None, one.frame)
    return desk.edit(made, wish, told, one)


def blend(
    desk: Desk,
    wish: Request,
    first: Path,
    second: Path,
    curve: str | Path | Curve = "transition",
    overlap_s: float | None = None,
    strength: float = 0.6,
    first_s: tuple[float | None, float | None] = (None, None),
    second_s: tuple[float | None, float | None] = (None, None),
) -> Edit:
    """One film into, over or within another, along an influence curve; both may be trimmed."""
    strength = within("a strength", strength, 0.0, 1.0)
    one, other = desk.footage(first), desk.footage(second)
    a, b = one.clip(*first_s), other.clip(*second_s)
    least = min(tools.length(a), tools.length(b))
    shape = curve_of(curve)
    usual = least if shape == tools.MIX else min(least, to_ticks(2.0))
    over = usual if overlap_s is None else to_ticks(moment(overlap_s))
    told = desk.asked(wish.prompt, one.told)
    caption = told.caption if told else one.told or other.told
    shows = (one.told or caption, other.told or caption)
    if over < to_ticks(LEAST_OVERLAP_S):
        raise RequestError(
            f"an overlap of {to_seconds(over):g} s is too short for a blend to be seen: overlap "
            f"{LEAST_OVERLAP_S} s or more, with films that last as long"
        )
    notes = [FORGOTTEN] if strength > MOST_BLEND else []
    made = tools.blend(a, b, caption, over, strength, shape, shows)
    return desk.edit(made, wish, told, one, [*notes, *_left_out(made, ((one, a), (other, b)))])


def _left_out(made: Timeline, given: Sequence[tuple[Footage, Clip]]) -> Iterator[str]:
    """What of two films a blend does not show."""
    parts = [one for span in made.spans for one in sources(span.content) if isinstance(one, Clip)]
    for film, clip in given:
        used = sum(tools.length(one) for one in parts if one.asset == clip.asset)
        if (left := tools.length(clip) - used) > film.frame:
            yield f"{to_seconds(left):.2g} s of {film.file.name} are left out by this curve"


def outpaint(
    desk: Desk, wish: Request, film: Path, place: tuple[float, float, float, float] | None = None
) -> Edit:
    """A film on a larger or another picture of `wish`'s size, its surroundings invented."""
    one = desk.footage(film)
    if wish.width is None or wish.height is None:
        raise RequestError("there is no size: say that of the new picture, as --size 512x512")
    width, height = wish.width, wish.height
    scale = min(width / one.width, height / one.height)
    wide, high = one.width * scale / width, one.height * scale / height
    box = Box((1 - wide) / 2, (1 - high) / 2, wide, high)
    if place is not None:
        box = box_of(place, width, height)
    told = desk.asked(wish.prompt, one.told)
    caption = told.caption if told else one.told
    return desk.edit(tools.outpaint(one.clip(), caption, box, shows=one.told), wish, told, one)


def enlarge(desk: Desk, wish: Request, film: Path, times: float | None = None) -> Edit:
    """A film at another size or rate, its pictures its own: upscale and interpolate."""
    if desk.style is not None:
        raise RequestError("nothing is made anew here: leave --style out, or use yozora remix")
    one = desk.footage(film)
    if times is not None:
        times = within("times", times, 1.0, MOST_TIMES, example="2; --size makes a film smaller")
        wish = replace(wish, width=even(one.width * times), height=even(one.height * times))
    clip = one.clip()
    return desk.edit(Timeline(tools.show(clip, one.told).spans), wish, None, one)


def written(path: Path, caption: str = "") -> tuple[Timeline, tuple[str, ...]]:
    """The timeline in a file, its assets by name, and what it has that a timeline cannot hold.

    Of a JSON document, of OpenTimelineIO (.otio; its gaps are invented under their names, or under
    `caption`), or of a film that Yozora made.
    """
    path = file_name(path, "a timeline", "film.json")
    if path.suffix.lower() == ".mp4":
        recipe = read_recipe(path)
        return with_assets(as_told(recipe), {one.sha256: one.name for one in recipe.assets}), ()
    text = media_files.read_text(path, MOST_JSON_BYTES)
    if path.suffix.lower() == ".otio":
        return otio.from_otio(text, caption)
    return reading.from_json(text), ()


def write(timeline: Timeline, path: Path) -> None:
    """A timeline as a JSON document, or as OpenTimelineIO (.otio). Raises MediaError and
    RequestError."""
    path = file_name(path, "the document", "film.json")
    is_otio = path.suffix.lower() == ".otio"
    if not is_otio and path.suffix.lower() != ".json":
        raise RequestError(
            f"{str(path)[:60]!r} is no timeline's name: write name.json or name.otio"
        )
    text = otio.to_otio(timeline, path.stem) if is_otio else writing.to_json(timeline)
    media_files.write(path, f"{text}\n".encode())


def document(desk: Desk, wish: Request, path: Path) -> Edit:
    """Any timeline from a file. Its assets are paths from its own folder; its captions are words,
    to which nothing is added.

    The request's size, rate and seed come before the document's own.
    """
    path = file_name(path, "a timeline", "film.json")
    timeline, files = assets.identified(written(path, wish.prompt)[0], path.parent)
    desk.files.update(files)
    told: dict[str, Recaption] = {}
    spans = []
    for span in timeline.spans:
        caption = span.caption
        if caption.strip() and not is_kept(span):
            told.setdefault(caption, desk.words(caption, bare=True))
            caption = told[caption].caption
        region = span.region
        if region is not None and region.caption.strip():
            region = replace(region, caption=desk.words(region.caption, bare=True).caption)
        spans.append(replace(span, caption=caption, region=region))
    wish = replace(
        wish,
        width=wish.width or timeline.width,
        height=wish.height or timeline.height,
        fps=wish.fps or timeline.fps,
        seed=timeline.seed if wish.seed is None else wish.seed,
        negative=wish.negative or timeline.negative,
    )
    timeline = replace(timeline, spans=tuple(spans))
    first = next(iter(told.values()), None)
    if len(told) == 1:
        return desk.edit(timeline, wish, first)
    notes = [f"{words[:40]!r}: {note}" for words, one in told.items() for note in one.notes]
    return desk.edit(timeline, wish, None, None, notes)
