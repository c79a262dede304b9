"""`yozora studio`: the server, its workers and its keys."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.cli import arguments as read
from yozora.cli.errors import DONE

if TYPE_CHECKING:
    from yozora.studio.settings import Settings


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "studio",
        help="serve /v1/videos and a page, and make what is asked there",
        description="A server that speaks OpenAI's Videos API, and the workers that make videos.",
        allow_abbrev=False,
    )
    add = command.add_argument
    add("--host", default="127.0.0.1", metavar="ADDRESS",
        help="where it listens (default: this machine alone)")  # fmt: skip
    add("--port", type=read.whole, default=8000, metavar="N", help="default: 8000")
    add("--database", default="", metavar="URL",
        help="postgresql://user@host/name (default: SQLite in YOZORA_HOME)")  # fmt: skip
    add("--storage", default="", metavar="WHERE",
        help="a folder, or s3://bucket/prefix (default: in YOZORA_HOME)")  # fmt: skip
    add("--workers", type=read.whole, default=1, metavar="N",
        help="processes that make videos; 0 serves alone (default: 1)")  # fmt: skip
    add("--ray", default="", metavar="ADDRESS",
        help="make videos on the nodes of a Ray cluster, as auto or ray://host:10001")  # fmt: skip
    add("--nice", type=read.whole, default=10, metavar="N",
        help="how far workers step back, 0 to 19 (default: 10)")  # fmt: skip
    add("--keep-days", type=read.number, metavar="D", help="delete videos after so many days")
    add("--login", action="store_true", help="ask for a login on this machine too")
    add("--backup", metavar="FILE.tar", help="write all of a studio into one file, and end")
    add("--restore", metavar="FILE.tar", help="fill a new studio from such a file, and end")
    add("--new-key", metavar="NAME", help="make the owner a key of the API, print it, and end")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted, or make a key."""
    try:
        from yozora.studio.serving import opened, serve
    except ImportError as error:
        arguments.error(f"the studio needs {error.name}, pip install 'yozora[studio]'")
    from yozora.studio.settings import Settings

    if sum(one is not None for one in (arguments.backup, arguments.restore, arguments.new_key)) > 1:
        arguments.error("--backup, --restore and --new-key: take one of them")
    settings = replace(
        Settings.usual(),
        host=arguments.host,
        port=arguments.port,
        database=arguments.database,
        storage=arguments.storage,
        workers=arguments.workers,
        ray=arguments.ray,
        nice=arguments.nice,
        keep_days=arguments.keep_days,
        open_here=not arguments.login,
    )
    if arguments.backup is not None or arguments.restore is not None:
        return _copy(arguments, settings)
    if arguments.new_key is not None:
        from yozora.studio.records import people

        state = opened(settings)
        with state.database.write() as db:
            owner = people.owner(db)
            assert owner is not None, "opened makes one"
            scopes = tuple(sorted(owner.role.scopes))
            key, secret = people.add_key(db, owner.id, arguments.new_key, scopes, state.now())
            people.note(db, owner.id, "made a key", f"{key.id} {', '.join(scopes)}",
                        "the command line", state.now())  # fmt: skip
        print(secret)
        print("note:    it is shown once: keep it", file=sys.stderr)
        return DONE
    serve(settings, lambda line: print(line, file=sys.stderr, flush=True))
    return DONE


def _copy(arguments: argparse.Namespace, settings: Settings) -> int:
    """A backup of a studio that may be running, or a new studio from one."""
    from yozora.studio import backing_up
    from yozora.studio.objects import Objects
    from yozora.studio.records.database import Database

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    if arguments.restore is not None:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database.open(settings.database_url)
    try:
        objects = Objects.open(settings.storage_url)
        if arguments.backup is not None:
            backing_up.back_up(database, objects, Path(arguments.backup), say)
        else:
            backing_up.restore(database, objects, Path(arguments.restore), say)
    finally:
        database.close()
    return DONE
