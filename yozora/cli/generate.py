"""`yozora generate`: words to a film."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.making import Show, add_flags, report, settings_of, wish_of
from yozora.cli.steering import steering_of

if TYPE_CHECKING:
    from yozora.events import Result


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "generate",
        help="make a film from words",
        description="Make a film from words. Every choice that is left out is made and printed.",
        allow_abbrev=False,
    )
    add = command.add_argument
    add("prompt", nargs="?", metavar="PROMPT", help="what to show: a dog running in the park")
    add_flags(command, "video.mp4; with --from NAME-again.mp4", "length, 0.25 to 60 (default: 4)")
    add(
        "--from",
        dest="recipe",
        type=read.file,
        metavar="FILE",
        help="repeat a film that Yozora made; takes only -o, --json, --reference and --asset",
    )
    add(
        "--asset",
        dest="assets",
        type=read.file,
        action="append",
        metavar="FILE",
        help="with --from: a film or a picture that it was made from, where it is not beside it",
    )
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Refuse, render, report."""
    again = arguments.recipe is not None
    if not again and arguments.prompt is None:
        arguments.error("there is no prompt, write what to show in quotes")
    if not again and arguments.assets:
        arguments.error("--asset is for --from, leave it out")
    settings = settings_of(arguments)
    told = arguments.prompt is not None or arguments.style is not None or arguments.steer
    if again and (told or settings or arguments.size or arguments.no_enhance):
        arguments.error("--from repeats a film as it was, leave out the prompt and its settings")
    from yozora import render
    from yozora.request import check

    show = Show(sys.stderr if arguments.json else sys.stdout)
    results: tuple[Result, ...]
    if again:
        results = (_again(arguments, show),)
    else:
        references, arguments.references = tuple(arguments.references or ()), None
        bare = wish_of(arguments, arguments.prompt, Path("video.mp4"))
        check(replace(bare, references=references))  # refused before a mesh is drawn
        arguments.references = references
        wish = wish_of(arguments, arguments.prompt, Path("video.mp4"))
        results = render.render(wish, show, steering=steering_of(arguments, show))
    if arguments.json:
        print(json.dumps(report(results, show.recaption, show.notes)))
    return DONE


def _again(arguments: argparse.Namespace, show: Show) -> Result:
    """A film made again, never over itself."""
    from yozora import assets, render
    from yozora.cli.references import drawn
    from yozora.media.latents import latents_path
    from yozora.request import RequestError

    first = arguments.recipe
    out = arguments.out or Path(f"{first.stem}-again.mp4")
    recipe = render.read_recipe(first)
    for place in (out, latents_path(out)):
        # False too for a name that is too long
        if os.path.exists(place) and place.samefile(first):
            raise RequestError(f"{place} is the film itself: choose another name with -o")
    files = assets.needed(recipe, first.parent, tuple(arguments.assets or ()))
    references = drawn(tuple(arguments.references or ()))
    return render.repeat(recipe, out, show, references=references, files=files)
