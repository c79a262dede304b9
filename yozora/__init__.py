"""Yozora: text to video by a model of its own, on any machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yozora.live import Live
    from yozora.render import Event, Result
    from yozora.request import Request
    from yozora.steering import Steering

__version__ = "0.1.0"


def generate(
    prompt: str,
    out: str | Path = "video.mp4",
    *,
    seconds: float = 4.0,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    seed: int | None = None,
    steps: int | None = None,
    negative: str = "",
    variations: int = 1,
    quality: str = "fast",
    enhance: bool = True,
    references: Sequence[str | Path] = (),
    style: str | None = None,
    on_event: Callable[[Event], Any] = lambda event: None,
    steering: Steering | None = None,
) -> tuple[Result, ...]:
    """Make films from words; what `yozora generate` does. `size` is (width, height) in
    pixels, `fps` the frames a second, `references` pictures of who or what should appear,
    three at most, `style` the name of a look (`yozora styles`); `steering` takes new words while a
    film is made.

    Returns one Result a variation: its path, recipe, frames, size. Raises RequestError, MediaError,
    WeightsError or PromptError, each a sentence with a remedy.
    """
    from yozora.render import render
    from yozora.request import RequestError, file_name

    if not callable(on_event):
        raise RequestError("on_event cannot be called: give a function of one event")
    told = {"seed": seed, "steps": steps, "negative": negative, "enhance": enhance}
    request = _wish(
        prompt, file_name(out), size, style, references, fps=fps, seconds=seconds,
        variations=variations, quality=quality, **told,
    )  # fmt: skip
    return render(request, on_event, steering=steering)


def stream(
    prompt: str,
    *,
    seconds: float | None = None,
    size: tuple[int, int] | None = None,
    fps: int | None = None,
    seed: int | None = None,
    steps: int | None = None,
    negative: str = "",
    enhance: bool = True,
    references: Sequence[str | Path] = (),
    style: str | None = None,
    on_event: Callable[[Event], Any] = lambda event: None,
) -> Live:
    """A film that is made while it is watched, without an end where `seconds` is None: an iterator
    of frames (height, width, 3), uint8, with `steer`, `pause`, `resume` and `stop`.

    Raises RequestError, MediaError, WeightsError or PromptError, each a sentence with a remedy.
    """
    from yozora.desk import Desk
    from yozora.live import Live

    told = {"seed": seed, "steps": steps, "negative": negative, "enhance": enhance}
    wish = _wish(prompt, Path("live.mp4"), size, style, references, fps=fps, **told)
    return Live(Desk.open(wish.seed or 0, enhance), wish, seconds, on_event)


def _wish(
    prompt: str,
    out: Path,
    size: object,
    style: object,
    references: Sequence[str | Path],
    **settings: Any,
) -> Request:
    """A request from what Python was told; `check` reads the rest. Raises RequestError."""
    from yozora.request import Request, RequestError, sides
    from yozora.styles import named

    if not isinstance(style, str | None):
        raise RequestError("style is no text: give a name, as 'film noir'")
    width, height = sides(size)
    return Request(
        prompt=prompt,
        out=out,
        width=width,
        height=height,
        references=references,  # type: ignore[arg-type]  # `check` makes paths of them
        style=None if style is None else named(style),
        **settings,
    )
