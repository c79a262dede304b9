"""`yozora studio`: the server, its workers, its keys and its backups."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.cli import arguments as read
from yozora.cli.errors import DONE

if TYPE_CHECKING:
    from yozora.studio.objects import Objects
    from yozora.studio.records.database import Database
    from yozora.studio.settings import Settings

MOST_NAME = 100  # characters, as in the API


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
    add("--nice", type=read.whole, default=19, metavar="N",
        help="how far workers step back, 0 to 19 (default: 19)")  # fmt: skip
    add("--keep-days", type=read.number, metavar="D",
        help="delete videos after so many days, 0.01 to 36500 (default: 0, for ever)")  # fmt: skip
    add("--login", action="store_true", help="ask for a login on this machine too")
    add("--backup", metavar="FILE.tar", help="write all of a studio into one file, and end")
    add("--restore", metavar="FILE.tar", help="fill a new studio from such a file, and end")
    add("--new-key", type=key_name, metavar="NAME",
        help="make the owner a key of the API, print it, and end")  # fmt: skip
    command.set_defaults(run=run, error=command.error)


def key_name(text: str) -> str:
    """What a key is for, as it is kept."""
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= MOST_NAME or not name.isprintable():
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is no name, write 1 to {MOST_NAME} letters that can be seen"
        )
    return name


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; or back up, restore, or make a key."""
    from yozora.studio.settings import Settings, check

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
    check(settings)
    deeds = {"backup": _back_up, "restore": _restore, "new_key": _new_key}
    asked = [name for name in deeds if getattr(arguments, name) is not None]
    if len(asked) > 1:
        arguments.error("--backup, --restore and --new-key: take one of them")
    try:
        if asked:
            deeds[asked[0]](settings, getattr(arguments, asked[0]))
            return DONE
        from yozora.studio.serving import serve
    except ModuleNotFoundError as error:
        arguments.error(f"the studio needs {error.name}, pip install 'yozora[studio]'")
    serve(settings, _say)
    return DONE


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _new_key(settings: Settings, name: str) -> None:
    from yozora.studio.records import people
    from yozora.studio.serving import opened

    state = opened(settings)
    with state.database.write() as db:
        owner = people.owner(db)
        assert owner is not None, "opened makes one"
        key, secret = people.add_key(db, owner.id, name, people.SCOPES, state.now())
        deed = f"{key.id} {', '.join(key.scopes)}"
        people.note(db, owner.id, "made a key", deed, "the command line", state.now())
    print(secret)
    _say("note:    it is shown once: keep it")


def _back_up(settings: Settings, target: str) -> None:
    """Of a studio that may be running."""
    from yozora.studio import backing_up

    with _kept(settings) as (database, objects):
        backing_up.back_up(database, objects, Path(target), _say)


def _restore(settings: Settings, source: str) -> None:
    from yozora.studio import backing_up
    from yozora.studio.settings import make_home

    make_home(settings)
    with _kept(settings, writing=True) as (database, objects):
        backing_up.restore(database, objects, Path(source), _say)


@contextmanager
def _kept(settings: Settings, writing: bool = False) -> Iterator[tuple[Database, Objects]]:
    from yozora.studio.objects import Objects
    from yozora.studio.records.database import Database

    database = Database.open(settings.database_url)
    try:
        with database.reached(), database.read():
            pass
        objects = Objects.open(settings.storage_url)
        objects.reach(writing)
        yield database, objects
    finally:
        database.close()
