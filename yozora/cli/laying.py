"""Boards and timelines on the command line: read, and written down instead of rendered."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.cli import endpoints
from yozora.cli.errors import DONE
from yozora.cli.making import Show

if TYPE_CHECKING:
    from yozora.boards import Board
    from yozora.desk import Desk


def board(arguments: argparse.Namespace, desk: Desk | None) -> tuple[Board, tuple[str, ...]]:
    """A board with words for its media where they are asked for, and what is to be said of it."""
    see = endpoints.viewer_of(arguments)
    from yozora import boards, captioning

    read, notes = boards.read(arguments.film)
    if not arguments.caption_media and not captioning.wanted(read):
        return read, notes
    from yozora.desk import Desk

    read, more = captioning.told(desk or Desk.open(), read, arguments.caption_media, see)
    return read, (*notes, *more)


def cards(arguments: argparse.Namespace) -> int:
    """A script's cards, or a board's, written down."""
    _check_name(arguments, "--yaml", arguments.yaml, (".yaml", ".yml"))
    from yozora import boards
    from yozora.media import files

    read, notes = board(arguments, None)
    text = boards.to_yaml(boards.seen_from(read, arguments.yaml.parent))
    files.write(arguments.yaml, text.encode())
    length = f"{len(read.cards)} cards of {read.seconds:g} s"
    return _report(arguments, "yaml", arguments.yaml, length, notes)


def written(arguments: argparse.Namespace) -> int:
    """A timeline in another form."""
    _check_name(arguments, "--write", arguments.write, (".json", ".otio"))
    from yozora import editing

    timeline, notes = editing.written(arguments.film, arguments.prompt or "")
    editing.write(timeline, arguments.write)
    length = f"{len(timeline.spans)} spans"
    return _report(arguments, "timeline", arguments.write, length, notes)


def _report(
    arguments: argparse.Namespace, what: str, out: Path, length: str, notes: Sequence[str]
) -> int:
    """Tell what was written down."""
    show = Show(sys.stderr if arguments.json else sys.stdout)
    for note in notes:
        show.say(f"note:    {note}")
    show.say(f"written: {out}, {length}")
    if arguments.json:
        print(json.dumps({what: str(out), "notes": list(notes)}))
    return DONE


def _check_name(arguments: argparse.Namespace, flag: str, out: Path, ends: tuple[str, str]) -> None:
    """Refuse to write over the input, or over what is no document."""
    if out.suffix.lower() not in ends:
        one, other = ends
        arguments.error(f"{flag} is {str(out)[:60]!r}, let its name end in {one} or {other}")
    source: Path = arguments.film
    if out.exists() and source.exists() and out.samefile(source):
        arguments.error(f"{flag} is {str(out)[:60]!r}, which is read, choose another name")
