"""Who goes takes all with them, and leaves nothing: the export of an account, and its end."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from yozora.studio.errors import Busy, NotFound
from yozora.studio.objects import Objects
from yozora.studio.records import belongings
from yozora.studio.records.database import Database
from yozora.studio.state import State

AT_ONCE = 200  # rows
Rows = list[tuple[Any, dict[str, Any]]]  # (key, row)
Find = Callable[[Connection, Any], Rows]  # those that follow a key
README = """This is all that the studio has of this account.

account.json     the account
videos.json      its videos, as they were asked for and as they are; their bytes are in videos/
files.json       what it uploaded; the bytes are in files/
objects.json     the bytes of both: their kind, size and sha256, by the key that files.json names
ledger.json      credits, in millionths
audit.json       what it did, and what others did with it
and characters.json, batches.json, webhooks.json, keys.json, sessions.json without their secrets.
Times are milliseconds of Unix time.
"""


class _Sink(io.RawIOBase):
    """Where a ZIP is written to and taken from, a part at a time."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        some, self.parts = b"".join(self.parts), []
        return some


async def export(state: State, account: str) -> AsyncIterator[bytes]:
    """A ZIP of all that an account has, a part at a time. What is deleted meanwhile is left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        with state.database.read() as db:
            told = belongings.told_of(db, account)
        archive.writestr("account.json", json.dumps(told, indent=1))
        for name in (*belongings.TOLD, "audit.json"):
            with archive.open(name, "w") as entry:
                before = b"[\n"
                async for some in _pages(state.database, _rows(name, account)):
                    for row in some:
                        entry.write(before + json.dumps(row).encode())
                        before = b",\n"
                    yield sink.taken()
                entry.write(b"[]\n" if before == b"[\n" else b"\n]\n")
        async for some in _pages(state.database, _rows("objects.json", account)):
            for row in some:
                async for _ in _written(state.objects, archive, row):
                    yield sink.taken()
    yield sink.taken()


def _rows(name: str, account: str) -> Find:
    def found(db: Connection, after: Any) -> Rows:
        if name == "audit.json":
            return [*belongings.audit_about(db, account, AT_ONCE, after)]
        return belongings.rows(db, name, account, AT_ONCE, after)

    return found


async def _pages(database: Database, find: Find) -> AsyncIterator[list[dict[str, Any]]]:
    """Rows, some at a time, each time in a transaction of its own: a download may take hours."""
    after = None

    def look() -> Rows:
        with database.read() as db:
            return find(db, after)

    while some := await run_in_threadpool(look):
        after = some[-1][0]
        yield [row for _, row in some]


async def _written(
    objects: Objects, archive: zipfile.ZipFile, row: dict[str, Any]
) -> AsyncIterator[None]:
    """One object into the archive, a part at a time."""
    parts = objects.parts(row["key"], 0, row["bytes"])
    try:
        first = await anext(parts, b"")
    except NotFound:
        return
    entry = zipfile.ZipInfo(_name(row))
    entry.compress_type = zipfile.ZIP_STORED  # films and pictures are compressed
    entry.file_size = row["bytes"]
    with archive.open(entry, "w") as target:
        target.write(first)
        yield
        async for part in parts:
            target.write(part)
            yield


def _name(row: dict[str, Any]) -> str:
    """`videos/ID/video.mp4`, `files/ID.png`: the end of a key, without its attempt."""
    parts = [re.sub(r"[^\w.-]", "_", part) for part in row["key"].split("/")]
    if parts[0] == "jobs":
        return f"videos/{parts[1]}/{parts[-1]}"
    return f"files/{'.'.join(parts[1:])}"


def erase(state: State, account: str, deed: Callable[[Connection, str], None]) -> str:
    """Forget an account and all that it has; the name that is nobody's. `deed` writes the line of
    the audit log, in the same transaction. Raises Conflict for the last owner."""
    with state.database.write() as db:
        nobody, keys = belongings.forget(db, account, state.now())
        deed(db, nobody)
    state.known.forget()
    for key in keys:
        try:
            state.objects.delete(key)
        except Busy:
            continue  # the keeper sweeps it later
    state.database.settle()
    state.rates.forget(account)
    return nobody
