"""Yozora: text to video by a model of its own, on any machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yozora.render import Event, Result

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
) -> tuple[Result, ...]:
    """Make films from words; what `yozora generate` does. `size` is (width, height) in
    pixels, `fps` the frames a second, `references` pictures of who or what should appear,
    three at most, `style` the name of a look (`yozora styles`).

    Returns one Result a variation: its path, recipe, frames, size. Raises RequestError, MediaError,
    WeightsError or PromptError, each a sentence with a remedy.
    """
    from yozora.render import render
    from yozora.request import Request, RequestError, file_name, sides
    from yozora.styles import named

    if not callable(on_event):
        raise RequestError("on_event cannot be called: give a function of one event")
    if not isinstance(style, str | None):
        raise RequestError("style is no text: give a name, as 'film noir'")
    width, height = sides(size)
    request = Request(
        prompt=prompt,
        out=file_name(out),
        seconds=seconds,
        width=width,
        height=height,
        fps=fps,
        seed=seed,
        steps=steps,
        negative=negative,
        variations=variations,
        quality=quality,
        enhance=enhance,
        references=references,  # type: ignore[arg-type]  # `check` makes paths of them
        style=None if style is None else named(style),
    )
    return render(request, on_event)
