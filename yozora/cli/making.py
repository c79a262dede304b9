"""What every command that makes films shares: its flags, what it tells, what `--json` prints."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yozora.cli import arguments as read
from yozora.cli.progress import Progress
from yozora.cli.streams import plain
from yozora.recipe import QUALITIES

if TYPE_CHECKING:
    from yozora.events import Event, Result
    from yozora.prompts.reading import WordFate
    from yozora.prompts.recaption import Recaption
    from yozora.request import Request

SETTINGS = ("seconds", "fps", "seed", "steps", "negative", "variations", "quality")


def add_flags(
    command: argparse.ArgumentParser, out: str, seconds: str | None, several: bool = True
) -> None:
    """The flags of `generate`. `seconds`: what is said of that one; None leaves it out. `several`:
    whether there may be variations, and a choice of quality."""
    add = command.add_argument
    add(
        "-o",
        "--out",
        type=read.file,
        metavar="OUT.mp4",
        help=f"the film; its latents go beside it (default: {out})",
    )
    if seconds is not None:
        add("--seconds", type=read.seconds, metavar="S", help=seconds)
    add("--size", type=read.size, metavar="WxH", help="pixels, 32 to 1920 a side")
    add("--fps", type=read.rate, metavar="N", help="a second, 1 to 240; 29.97 and 24000/1001 too")
    add("--seed", type=read.whole, metavar="N", help="same seed, same film (default: drawn)")
    add("--steps", type=read.whole, metavar="N", help="evaluations of the network, 1 to 100")
    add("--style", metavar="NAME", help="a look, where the prompt says none: see yozora styles")
    add("--negative", metavar="TEXT", help="what to steer away from; up to 1.8 times the work")
    if several:
        add("--variations", type=read.whole, metavar="N", help="several films: OUT-1.mp4...")
        add("--quality", choices=QUALITIES, help="few steps, many, or a stream's (default: fast)")
        add("--steer", action="store_true", help="lines on the input change what is not yet done")
    add("--no-enhance", action="store_true", help="add nothing to the prompt")
    add(
        "--reference",
        dest="references",
        type=read.file,
        action="append",
        metavar="FILE",
        help="who or what should appear: a picture, or a mesh (.obj, .glb, .gltf); up to three",
    )
    add("--json", action="store_true", help="print one JSON object; progress goes to stderr")


def settings_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """What was said of a request's settings; what was not is left to it."""
    return {
        name: value for name in SETTINGS if (value := getattr(arguments, name, None)) is not None
    }


def wish_of(arguments: argparse.Namespace, prompt: str, out: Path) -> Request:
    """A request from the shared flags, its references drawn. Raises what drawing a mesh raises."""
    from yozora.cli.references import drawn
    from yozora.request import Request
    from yozora.styles import named

    width, height = arguments.size or (None, None)
    style = None if arguments.style is None else named(arguments.style)
    return Request(
        prompt=prompt,
        out=arguments.out or out,
        width=width,
        height=height,
        enhance=not arguments.no_enhance,
        references=drawn(tuple(arguments.references or ())),
        style=style,
        **settings_of(arguments),
    )


def report(
    results: tuple[Result, ...], recaption: Recaption | None, notes: list[str]
) -> dict[str, Any]:
    """What `--json` prints."""
    from yozora.recipe import to_dict

    return {
        "films": [
            {
                "path": str(result.path),
                "latents": str(result.latents),
                "frames": result.frames,
                "fps": result.fps,
                "width": result.width,
                "height": result.height,
                "wall_s": round(result.wall_s, 3),
                "recipe": to_dict(result.recipe),
            }
            for result in results
        ],
        "words": [] if recaption is None else [_fate(word) for word in recaption.words],
        "notes": notes,
    }


def caption_lines(recaption: Recaption) -> list[str]:
    """The words that the model gets: additions in brackets, what other words became."""
    lines = [f"caption: {recaption.marked or recaption.caption}"]
    if recaption.added:
        lines.append("         [in brackets: added; --no-enhance leaves it out]")
    for word in recaption.words:
        if word.fate.value == "substituted":
            lines.append(f"read:    {word.word} as {word.instead}")
    return lines + [f"note:    {note}" for note in recaption.notes]


def _fate(word: WordFate) -> dict[str, str]:
    return {"word": word.word, "fate": str(word.fate.value), "instead": word.instead or ""}


class Show:
    """Tells a person what happens, and keeps what the report needs."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.recaption: Recaption | None = None
        self.notes: list[str] = []
        self.bar: Progress | None = None

    def __call__(self, event: Event) -> None:
        from yozora import events

        match event:
            case events.Recaptioned(recaption):
                if self.recaption is None or recaption.marked != self.recaption.marked:
                    for line in caption_lines(recaption):
                        self.say(line)
                self.recaption = recaption
            case events.Noted(text):
                self.notes.append(text)
                self.say(f"note:    {text}")
            case events.Step(film, films, done, of, _):
                if self.bar is None:
                    label = "making" if films == 1 else f"making {film + 1} of {films}"
                    self.bar = Progress(label, sys.stderr)
                self.bar.update(done, of)
            case events.Stored(result):
                self.bar = None
                self.say(
                    f"made:    {result.path}  {result.width}x{result.height}, {result.frames} "
                    f"frames at {result.fps:g} a second, seed {result.recipe.timeline.seed}, "
                    f"{result.wall_s:.1f} s"
                )

    def say(self, line: str) -> None:
        print(plain(line), file=self.stream, flush=True)
