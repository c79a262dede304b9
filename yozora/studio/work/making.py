"""A wish and the files that it names become one film: the editor's tools, called by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yozora import boards, editing, styles
from yozora.areas import Where
from yozora.desk import Desk
from yozora.events import Noted, OnEvent, Result
from yozora.media.references import Reference, read_reference, read_style
from yozora.reframing import reframe
from yozora.render import Edit, render
from yozora.request import Request, television
from yozora.storyboards import storyboard
from yozora.studio import wishes
from yozora.studio.wishes import Wish
from yozora.timeline import reading, writing
from yozora.timeline.document import Timeline, assets, with_assets
from yozora.timeline.errors import TimelineError

if TYPE_CHECKING:
    from yozora.engine.finish import Finisher
    from yozora.engine.protocol import Engine

Files = Mapping[str, Path]  # what a wish names, by id


def make(
    wish: Wish,
    files: Files,
    out: Path,
    *,
    engine: Engine,
    finisher: Finisher,
    on_event: OnEvent,
    cancelled: Callable[[], bool],
) -> Result:
    """One film at `out`, its latents beside it. Raises what `render` and the tools raise."""
    request = request_of(wish, files, out)
    if isinstance(wish.tool, wishes.Generate):
        (made,) = render(request, on_event, engine=engine, finisher=finisher, cancelled=cancelled)
        return made
    desk = Desk(engine, wish.settings.seed, wish.settings.enhance, finisher, style=request.style)
    (made,) = desk.make(laid_out(desk, wish, request, files, on_event), on_event, cancelled)
    return made


def request_of(wish: Wish, files: Files, out: Path) -> Request:
    """The settings as the rest of the house takes them."""
    own = wish.settings
    return Request(
        prompt=wish.prompt,
        out=out,
        seconds=4.0 if own.seconds is None else own.seconds,
        width=own.width,
        height=own.height,
        fps=None if own.fps is None else television(Fraction(str(own.fps))),
        seed=own.seed,
        steps=own.steps,
        negative=own.negative,
        quality=own.quality,
        enhance=own.enhance,
        references=tuple(files[one] for one in own.references),
        style=None if own.style is None else styles.named(own.style),
    )


def laid_out(desk: Desk, wish: Wish, request: Request, files: Files, on_event: OnEvent) -> Edit:
    """The timeline of a tool. Raises RequestError, MediaError, PromptError or TimelineError."""
    match wish.tool:
        case wishes.Animate(picture=picture, end=end, at=at):
            return editing.animate(desk, request, files[picture], _of(files, end), at)
        case wishes.Extend(film=film, side=side, ending=ending):
            before, after = side in ("before", "both"), side in ("after", "both")
            return editing.extend(desk, request, files[film], before, after, _of(files, ending))
        case wishes.Retake() as one:
            where = _where(one, files)
            return editing.retake(
                desk, request, files[one.film], one.start, one.stop, where, one.strength
            )
        case wishes.Insert() as one:
            where = _where(one, files)
            return editing.insert(
                desk, request, files[one.film], where, one.start, one.stop, one.strength
            )
        case wishes.Outpaint(film=film, place=place):
            box = None if place is None else (place[0], place[1], place[2], place[3])
            return editing.outpaint(desk, request, files[film], box)
        case wishes.Reframe(film=film, on=on, whole=whole):
            edit, notes = reframe(desk, request, files[film], on, whole)
            for note in notes:
                on_event(Noted(note))
            return edit
        case wishes.Recut(film=film, keep=keep):
            parts = [editing.Keep(one.start, one.stop, one.at, one.speed) for one in keep]
            return editing.recut(desk, request, files[film], parts, wish.settings.seconds)
        case wishes.Remix() as one:
            return editing.remix(desk, request, files[one.film], one.strength, one.start, one.stop)
        case wishes.Loop() as one:
            return editing.loop(desk, request, files[one.film], one.seam, one.start, one.stop)
        case wishes.Blend() as one:
            return _blend(desk, request, one, files)
        case wishes.Storyboard() as one:
            board = boards.of_yaml(wishes.board_of(wish, one, files), request.out.parent)
            return storyboard(desk, request, board)
        case wishes.Upscale(film=film, times=times):
            times = 2.0 if times is None and request.width is None else times
            return editing.enlarge(desk, request, files[film], times)
        case wishes.Interpolate(film=film):
            return editing.enlarge(desk, request, files[film])
        case wishes.Document(timeline=document):
            return _document(desk, request, document, files)
    raise AssertionError(wish.tool.tool)


def _of(files: Files, name: str | None) -> Path | None:
    return None if name is None else files[name]


def _where(tool: wishes.Where, files: Files) -> Where:
    box = None if tool.box is None else (tool.box[0], tool.box[1], tool.box[2], tool.box[3])
    return Where(box, _of(files, tool.mask), tool.region, tool.inverted, tool.feather)


def _blend(desk: Desk, request: Request, one: wishes.Blend, files: Files) -> Edit:
    curve: Any = one.curve
    if not isinstance(curve, str):
        curve = tuple((place, share) for place, share in curve)
    return editing.blend(
        desk,
        request,
        files[one.film],
        files[one.other],
        curve,
        one.overlap,
        one.strength,
        _pair(one.trim_a),
        _pair(one.trim_b),
    )


def _pair(stretch: list[float] | None) -> tuple[float | None, float | None]:
    return (None, None) if stretch is None else (stretch[0], stretch[1])


def _document(desk: Desk, request: Request, document: dict[str, Any], files: Files) -> Edit:
    """A timeline whose assets are ids; nothing else on this machine can be named."""
    timeline = reading.from_dict(document)
    for name in assets(timeline):
        if name not in files:
            raise TimelineError(
                "assets", f"{name[:60]!r} is no video or file of yours", "give an id, as video_..."
            )
    timeline, drawn = _drawn_on(timeline, files)
    named = with_assets(timeline, {name: str(path) for name, path in files.items()})
    path = request.out.with_suffix(".json")
    path.write_text(writing.to_json(named))
    request = replace(request, references=(*drawn, *request.references))
    return editing.document(desk, request, path)


def _drawn_on(timeline: Timeline, files: Files) -> tuple[Timeline, tuple[Reference, ...]]:
    """A timeline without its references, and these, read: they are the film's, whichever span
    names them, and come back to all that is made in it. Raises MediaError."""
    named = dict.fromkeys(one for span in timeline.spans for one in span.references)
    read = {"character": read_reference, "style": read_style}
    drawn = tuple(read[one.role](files[one.asset]) for one in named)
    spans = tuple(replace(span, references=()) for span in timeline.spans)
    return replace(timeline, spans=spans), drawn
