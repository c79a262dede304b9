"""`yozora generate`: words to a film."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.progress import Progress
from yozora.cli.streams import plain

if TYPE_CHECKING:
    from yozora.prompts.reading import WordFate
    from yozora.prompts.recaption import Recaption
    from yozora.render import Event, Result


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "generate",
        help="make a film from words",
        description="Make a film from words. Every choice that is left out is made and printed.",
        allow_abbrev=False,
    )
    add = command.add_argument
    add("prompt", nargs="?", metavar="PROMPT", help="what to show: a dog running in the park")
    add(
        "-o",
        "--out",
        type=read.file,
        metavar="OUT.mp4",
        help="the film; its latents go beside it (default: video.mp4; with --from NAME-again.mp4)",
    )
    add("--seconds", type=read.seconds, metavar="S", help="length, 0.25 to 60 (default: 4)")
    add("--size", type=read.size, metavar="WxH", help="pixels, 32 to 1920 a side")
    add("--fps", type=read.whole, metavar="N", help="a second: 12 to 60, or a multiple of 12")
    add("--seed", type=read.whole, metavar="N", help="same seed, same film (default: drawn)")
    add("--steps", type=read.whole, metavar="N", help="evaluations of the network, 1 to 100")
    add("--negative", metavar="TEXT", help="what to steer away from; up to 1.8 times the work")
    add("--variations", type=read.whole, metavar="N", help="several films: OUT-1.mp4, OUT-2.mp4")
    add("--quality", choices=("fast", "best"), help="few steps or many (default: fast)")
    add("--no-enhance", action="store_true", help="add nothing to the prompt")
    add(
        "--reference",
        dest="references",
        type=read.file,
        action="append",
        metavar="FILE",
        help="who or what should appear: a picture, or a mesh (.obj, .glb, .gltf); up to three",
    )
    add(
        "--from",
        dest="recipe",
        type=read.file,
        metavar="FILE",
        help="repeat a film that Yozora made; takes only -o, --json and its --reference",
    )
    add("--json", action="store_true", help="print one JSON object; progress goes to stderr")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Refuse, render, report."""
    settings = {
        name: getattr(arguments, name)
        for name in ("seconds", "fps", "seed", "steps", "negative", "variations", "quality")
        if getattr(arguments, name) is not None
    }
    if arguments.recipe is None and arguments.prompt is None:
        arguments.error("there is no prompt, write what to show in quotes")
    if arguments.recipe is not None and (
        arguments.prompt is not None or settings or arguments.size or arguments.no_enhance
    ):
        arguments.error("--from repeats a film as it was, leave out the prompt and its settings")
    from yozora import render
    from yozora.cli.references import drawn
    from yozora.media.latents import latents_path
    from yozora.request import Request, RequestError, check

    references = tuple(arguments.references or ())
    show = _Show(sys.stderr if arguments.json else sys.stdout)
    if arguments.recipe is not None:
        first = arguments.recipe
        out = arguments.out or Path(f"{first.stem}-again.mp4")
        recipe = render.read_recipe(first)
        for place in (out, latents_path(out)):
            # False too for a name that is too long
            if os.path.exists(place) and place.samefile(first):
                raise RequestError(f"{place} is the film itself: choose another name with -o")
        results: tuple[Result, ...] = (
            render.repeat(recipe, out, show, references=drawn(references)),
        )
    else:
        width, height = arguments.size or (None, None)
        request = Request(
            prompt=arguments.prompt,
            out=arguments.out or Path("video.mp4"),
            width=width,
            height=height,
            enhance=not arguments.no_enhance,
            references=references,
            **settings,
        )
        request = replace(check(request), references=drawn(references))
        results = render.render(request, show)
    if arguments.json:
        print(json.dumps(report(results, show.recaption, show.notes)))
    return DONE


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


class _Show:
    """Tells a person what happens, and keeps what the report needs."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.recaption: Recaption | None = None
        self.notes: list[str] = []
        self.bar: Progress | None = None

    def __call__(self, event: Event) -> None:
        from yozora import render

        match event:
            case render.Recaptioned(recaption):
                if self.recaption is None or recaption.marked != self.recaption.marked:
                    for line in caption_lines(recaption):
                        self.say(line)
                self.recaption = recaption
            case render.Noted(text):
                self.notes.append(text)
                self.say(f"note:    {text}")
            case render.Step(film, films, done, of, _):
                if self.bar is None:
                    label = "making" if films == 1 else f"making {film + 1} of {films}"
                    self.bar = Progress(label, sys.stderr)
                self.bar.update(done, of)
            case render.Stored(result):
                self.bar = None
                self.say(
                    f"made:    {result.path}  {result.width}x{result.height}, {result.frames} "
                    f"frames at {result.fps:g} a second, seed {result.recipe.timeline.seed}, "
                    f"{result.wall_s:.1f} s"
                )

    def say(self, line: str) -> None:
        print(plain(line), file=self.stream, flush=True)
