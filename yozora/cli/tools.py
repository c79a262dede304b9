"""The editor on the command line: one command a tool, each with the flags of `generate`."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.cli import arguments as read
from yozora.cli import endpoints, laying
from yozora.cli.endpoints import Flag
from yozora.cli.errors import DONE
from yozora.cli.keeping import Keeps
from yozora.cli.making import Show, add_flags, report, wish_of
from yozora.cli.steering import steering_of

if TYPE_CHECKING:
    from yozora.areas import Where
    from yozora.desk import Desk
    from yozora.render import Edit
    from yozora.request import Request

Make = Callable[[argparse.Namespace, "Desk", "Request"], "Edit"]
IN = ("film", {"type": read.file, "metavar": "IN", "help": "a film"})
PROMPT = ("prompt", {"metavar": "PROMPT", "help": "what shall be; what is not said stays"})
SAID = ("--prompt", {"metavar": "TEXT", "help": "what shall be (default: what it shows)"})
FROM = ("--from", {"dest": "start", "type": read.seconds, "metavar": "A", "help": "seconds"})
TO = ("--to", {"dest": "stop", "type": read.seconds, "metavar": "B", "help": "seconds"})
LASTS = "how long, 0.25 to 60 (default: 4)"


def add_to(commands: read.Commands) -> None:
    def command(name: str, help: str, make: Make, *flags: Flag, seconds: str | None = None) -> None:
        one = commands.add_parser(name, help=help, description=help + ".", allow_abbrev=False)
        for flag, settings in flags:
            one.add_argument(flag, **settings)
        add_flags(one, f"{name}.mp4", seconds)
        one.set_defaults(run=run, make=make, error=one.error)

    command(
        "animate", "bring a picture to life", _animate,
        ("film", {"type": read.file, "metavar": "IMAGE", "help": "a picture, or a film"}),
        PROMPT,
        ("--at", {"type": read.seconds, "metavar": "T", "help": "which moment of a film"}),
        ("--end", {"type": read.file, "metavar": "IMAGE", "help": "the picture that it ends in"}),
        seconds=LASTS,
    )  # fmt: skip
    command(
        "extend", "go on with a film, or begin it earlier", _extend, IN,
        ("prompt", {"metavar": "PROMPT", "nargs": "?", "default": "",
                    "help": "what shall be (default: what it shows)"}),
        ("--before", {"action": "store_true", "help": "what came before it"}),
        ("--both", {"action": "store_true", "help": "on both sides"}),
        ("--ending", {"type": read.file, "metavar": "FILM", "help": "the film that it leads to"}),
        seconds=LASTS + ", on each side",
    )  # fmt: skip
    region = _region_flags()
    strength = ("--strength", {"type": read.share, "metavar": "S", "default": 1.0,
                               "help": "1 makes it anew, below 1 reworks it"})  # fmt: skip
    command(
        "retake", "make a stretch of a film, or a part of its picture, again", _retake,
        IN, PROMPT, FROM, TO, *region, strength,
    )  # fmt: skip
    command(
        "insert", "put something new into a part of the picture", _insert,
        IN, PROMPT, FROM, TO, *region, strength,
    )  # fmt: skip
    command(
        "outpaint", "show what lies around a film", _outpaint, IN, SAID,
        ("--place", {"type": read.box, "metavar": "x,y,w,h",
                     "help": "where it lies in the new picture (default: in the middle)"}),
    )  # fmt: skip
    command(
        "reframe", "a film in another shape, on whom it shows", _reframe, IN, SAID,
        ("--on", {"metavar": "WORDS", "type": read.words,
                  "help": "who or what is followed (default: whom it shows)"}),
        ("--whole", {"action": "store_true",
                     "help": "all of it, where need be with something invented around the film"}),
    )  # fmt: skip
    command(
        "recut", "move parts of a film along a new one, and fill between them", _recut, IN, SAID,
        ("--keep", {"action": Keeps, "metavar": "A:B", "type": read.stretch,
                    "help": "a stretch to keep, in seconds"}),
        ("--at", {"action": Keeps, "dest": "keep", "metavar": "T", "type": read.seconds,
                  "help": "where the --keep before it begins (default: after the last one)"}),
        ("--speed", {"action": Keeps, "dest": "keep", "metavar": "X", "type": read.number,
                     "help": "how fast the --keep before it plays: 2, 0.5"}),
        seconds="how long the new film is (default: to the end of the last stretch)",
    )  # fmt: skip
    command(
        "remix", "new words over a film", _remix, IN,
        ("prompt", {"metavar": "PROMPT", "nargs": "?", "default": "",
                    "help": "what shall be; what is not said stays; with --style it may be none"}),
        ("--strength", {"default": "mild", "metavar": "S",
                        "help": "subtle, mild, strong, or 0..1 (default: mild)"}),
        FROM, TO,
    )  # fmt: skip
    command(
        "loop", "let a film run into itself", _loop, IN, SAID, FROM, TO,
        ("--seam", {"default": "normal", "metavar": "LENGTH",
                    "help": "short, normal, long, or seconds (default: normal)"}),
    )  # fmt: skip
    command(
        "blend", "one film into, over or within another", _blend,
        ("film", {"type": read.file, "metavar": "A", "help": "a film"}),
        ("other", {"type": read.file, "metavar": "B", "help": "another film"}),
        SAID,
        ("--curve", {"default": "transition", "metavar": "CURVE",
                     "help": "transition, mix, sample, or FILE.json (default: transition)"}),
        ("--overlap", {"type": read.seconds, "metavar": "S",
                       "help": "for how long (default: 2, a mix all along)"}),
        ("--strength", {"type": read.share, "metavar": "S", "default": 0.6,
                        "help": "how freely it is made there, 0..1 (default: 0.6)"}),
        ("--trim-a", {"type": read.stretch, "metavar": "A:B", "help": "what is used of A"}),
        ("--trim-b", {"type": read.stretch, "metavar": "A:B", "help": "what is used of B"}),
    )  # fmt: skip
    command(
        "storyboard", "cards at times in one film, or a script broken into them", _storyboard,
        ("film", {"type": read.file, "metavar": "FILE", "help": "cards (.yaml), or a script"}),
        ("--yaml", {"type": read.file, "metavar": "OUT.yaml",
                    "help": "write the cards there, to be edited; render nothing"}),
        ("--caption-media", {"action": "store_true",
                             "help": "words for media without text, as text: auto is"}),
        *endpoints.FLAGS,
    )  # fmt: skip
    command(
        "upscale", "a film in a larger size", _upscale, IN,
        ("--times", {"type": read.number, "metavar": "X",
                     "help": "how much larger (default: 2, where there is no --size)"}),
    )  # fmt: skip
    command("interpolate", "a film at another rate, with --fps", _interpolate, IN)
    command(
        "timeline", "render any timeline document", _timeline,
        ("film", {"type": read.file, "metavar": "FILE",
                  "help": "a timeline (.json, .otio), or a film that Yozora made"}),
        SAID,
        ("--write", {"type": read.file, "metavar": "OUT",
                     "help": "write it there as .json or .otio; render nothing"}),
    )  # fmt: skip


def _region_flags() -> list[Flag]:
    return [
        ("--box", {"type": read.box, "metavar": "x,y,w,h",
                   "help": "a part of the picture: pixels, or shares up to 1"}),
        ("--mask", {"type": read.file, "metavar": "FILE", "help": "what is white in it"}),
        ("--region", {"metavar": "WORDS", "type": read.words, "help": "what these words name"}),
        ("--outside", {"action": "store_true", "help": "all but that part"}),
        ("--feather", {"type": read.share, "metavar": "F", "default": 0.02,
                       "help": "how soft its edge is, in heights (default: 0.02)"}),
    ]  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Open, lay out, refuse, render, report."""
    out = arguments.out or Path(f"{arguments.command}.mp4")
    from yozora.desk import Desk
    from yozora.request import check

    if getattr(arguments, "yaml", None) is not None:
        return laying.cards(arguments)
    if getattr(arguments, "write", None) is not None:
        return laying.written(arguments)
    wish = check(wish_of(arguments, getattr(arguments, "prompt", None) or "", out), bare=True)
    if wish.seed is None and arguments.command not in ("timeline", "storyboard"):
        wish = replace(wish, seed=secrets.randbelow(2**31))
    show = Show(sys.stderr if arguments.json else sys.stdout)
    desk = replace(Desk.open(wish.seed or 0, wish.enhance), style=wish.style)
    wished = arguments.make(arguments, desk, wish)
    results = desk.make(wished, show, steering=steering_of(arguments, show))
    if arguments.json:
        print(json.dumps(report(results, show.recaption, show.notes)))
    return DONE


def _animate(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    return editing.animate(desk, wish, arguments.film, arguments.end, arguments.at)


def _extend(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    before = arguments.before or arguments.both
    after = arguments.both or not arguments.before
    return editing.extend(desk, wish, arguments.film, before, after, arguments.ending)


def _retake(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    return editing.retake(
        desk, wish, arguments.film, arguments.start, arguments.stop, _where(arguments),
        arguments.strength,
    )  # fmt: skip


def _where(arguments: argparse.Namespace) -> Where:
    from yozora.areas import Where

    return Where(
        arguments.box, arguments.mask, arguments.region or "", arguments.outside, arguments.feather
    )


def _insert(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    if not (arguments.box or arguments.mask or arguments.region):
        arguments.error("there is no place for it, give one with --box, --mask or --region")
    from yozora import editing

    return editing.insert(
        desk, wish, arguments.film, _where(arguments), arguments.start, arguments.stop,
        arguments.strength,
    )  # fmt: skip


def _outpaint(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    return editing.outpaint(desk, wish, arguments.film, arguments.place)


def _reframe(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import reframing

    edit, notes = reframing.reframe(desk, wish, arguments.film, arguments.on or "", arguments.whole)
    for note in notes:
        print(f"note:    {note}", file=sys.stderr)
    return edit


def _recut(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    if not arguments.keep:
        arguments.error("nothing is kept, give a stretch with --keep 0:2")
    keep = []
    for one in arguments.keep:
        start, stop = one["--keep"]
        keep.append(editing.Keep(start, stop, one.get("--at"), one.get("--speed", 1.0)))
    return editing.recut(desk, wish, arguments.film, keep, arguments.seconds)


def _named(arguments: argparse.Namespace, flag: str, names: dict[str, float]) -> str | float:
    """A word of a scale, or a number."""
    text = getattr(arguments, flag)
    if text in names:
        return str(text)
    try:
        return read.number(text)
    except argparse.ArgumentTypeError:
        known = ", ".join(names)
        return float(arguments.error(f"--{flag} is {text[:40]!r}, write {known} or a number"))


def _remix(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    if not arguments.prompt and arguments.style is None:
        arguments.error("there is no prompt, write what shall be in quotes, or give a --style")
    strength = _named(arguments, "strength", editing.STRENGTHS)
    return editing.remix(desk, wish, arguments.film, strength, arguments.start, arguments.stop)


def _loop(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing
    from yozora.timeline import tools

    seam = _named(arguments, "seam", tools.SEAMS)
    return editing.loop(desk, wish, arguments.film, seam, arguments.start, arguments.stop)


def _blend(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    return editing.blend(
        desk,
        wish,
        arguments.film,
        arguments.other,
        arguments.curve,
        arguments.overlap,
        arguments.strength,
        arguments.trim_a or (None, None),
        arguments.trim_b or (None, None),
    )


def _storyboard(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import storyboards

    board, notes = laying.board(arguments, desk)
    for note in notes:
        print(f"note:    {note}", file=sys.stderr)
    return storyboards.storyboard(desk, wish, board)


def _upscale(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    times = arguments.times
    if times is not None and wish.width is not None:
        arguments.error("--times and --size say the same, leave one out")
    return editing.enlarge(
        desk, wish, arguments.film, 2.0 if times is None and wish.width is None else times
    )


def _interpolate(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    if wish.fps is None:
        arguments.error("there is no rate, give one with --fps 60")
    return editing.enlarge(desk, wish, arguments.film)


def _timeline(arguments: argparse.Namespace, desk: Desk, wish: Request) -> Edit:
    from yozora import editing

    return editing.document(desk, wish, arguments.film)
