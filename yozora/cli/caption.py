"""`yozora caption`: what a film or a picture shows, in the words that the weights read."""

from __future__ import annotations

import argparse
import json
import sys

from yozora.cli import arguments as read
from yozora.cli import endpoints
from yozora.cli.errors import DONE
from yozora.cli.making import Show
from yozora.cli.streams import plain


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "caption",
        help="tell what a film or a picture shows",
        description="Tell what a film or a picture shows, in words that every tool reads.",
        allow_abbrev=False,
    )
    command.add_argument("film", type=read.file, metavar="FILE", help="a film or a picture")
    command.add_argument("--at", type=read.seconds, metavar="S", help="which moment of a film")
    for flag, settings in endpoints.FLAGS:
        command.add_argument(flag, **settings)
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    see = endpoints.viewer_of(arguments)
    from yozora import captioning
    from yozora.desk import Desk

    found = captioning.seen(Desk.open(), arguments.film, arguments.at, see)
    show = Show(sys.stderr)
    for note in found.notes:
        show.say(f"note:    {note}")
    if arguments.json:
        told = {"caption": found.caption, "origin": found.origin, "notes": list(found.notes)}
        print(json.dumps(told))
    else:
        print(plain(found.caption))
    return DONE
