"""`yozora styles`: the looks that --style knows, and one's own."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.streams import plain

if TYPE_CHECKING:
    from yozora.prompts.styles import Preset


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "styles",
        help="list, add and remove looks for --style",
        description="List the looks that --style knows; add or remove one of your own.",
        allow_abbrev=False,
    )
    add = command.add_argument
    which = command.add_mutually_exclusive_group()
    which.add_argument("--add", metavar="NAME", help="keep a look of your own, with --words")
    which.add_argument("--remove", metavar="NAME", help="take one of your own away")
    add("--words", metavar="TEXT", help="how it looks: style, hour, weather, season, camera")
    add("--palette", metavar="COLOURS", help="of subjects whose colour nobody says: red, lime")
    add("--negative", metavar="TEXT", help="what to steer away from")
    add("--reference", type=read.file, metavar="FILE", help="a picture of the look")
    add("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    from yozora import styles
    from yozora.prompts.styles import Preset

    given = [n for n in ("words", "palette", "negative", "reference") if getattr(arguments, n)]
    if given and arguments.add is None:
        arguments.error(f"--{given[0]} is for --add, leave it out, or name the style with --add")
    if arguments.add is not None:
        if arguments.words is None:
            arguments.error("a style needs words, give them with --words")
        palette = tuple((arguments.palette or "").replace(",", " ").split())
        wish = Preset(
            arguments.add, arguments.words, palette, arguments.negative or "", arguments.reference
        )
        preset, notes = styles.add(wish)
        return _tell(arguments, "added", (preset,), notes)
    if arguments.remove is not None:
        return _tell(arguments, "removed", (styles.remove(arguments.remove),), ())
    found, notes = styles.known()
    return _tell(arguments, "styles", tuple(found.values()), notes)


def _tell(
    arguments: argparse.Namespace, what: str, presets: tuple[Preset, ...], notes: tuple[str, ...]
) -> int:
    if arguments.json:
        print(json.dumps({what: [_raw(preset) for preset in presets], "notes": list(notes)}))
        return DONE
    widest = max(len(preset.name) for preset in presets)
    for preset in presets:
        more = [f"colours {', '.join(preset.palette)}"] if preset.palette else []
        more += [f"without {preset.negative}"] if preset.negative else []
        more += [f"after {preset.reference.name}"] if preset.reference else []
        told = "; ".join([preset.words, *more, _from(preset)])
        lead = "" if what == "styles" else f"{what}: "
        print(plain(f"{lead}{preset.name:{widest}}  {told}"))
    for note in notes:
        print(plain(f"note:    {note}"))
    return DONE


def _from(preset: Preset) -> str:
    return "your own" if preset.own else "built in"


def _raw(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "words": preset.words,
        "palette": list(preset.palette),
        "negative": preset.negative,
        "reference": str(preset.reference or ""),
        "from": _from(preset),
    }
