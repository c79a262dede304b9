"""A studio in one file, and a studio from it: rows and bytes, whatever they were kept in.

    studio.tar      head.json                 the form, the schema, when
                    tables/NAME.jsonl         a row a line
                    objects/KEY               films, pictures and files
                    end.json                  how many rows, and the sha256 of every table

Made while the studio runs: the rows are those of one moment, and bytes never change under their
key. `end.json` comes last, so that half a backup is none. Who reads it reads all of the studio:
the file is its owner's alone, and says nothing that opens a door but hashes and webhooks' secrets.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from yozora.studio.errors import NotFound, StudioError
from yozora.studio.objects import PART, Objects
from yozora.studio.records import copying
from yozora.studio.records.database import Database
from yozora.studio.records.migrating import forward

FORMAT = 1
MOST_LINE = 256 << 20  # bytes: a row with a whole timeline in it
_KEY = re.compile(r"^(jobs|files)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$")
Say = Callable[[str], None]


def back_up(database: Database, objects: Objects, target: Path, say: Say) -> None:
    """Write a backup, whole or not at all. Raises StudioError, Busy."""
    if target.exists():
        raise StudioError(f"{target.name} is there already: choose another name")
    if not target.parent.is_dir():
        raise StudioError(f"there is no folder {str(target.parent)[-200:]!r}: make it first")
    half = target.with_name(f".{target.name}.half")
    try:
        with _disk(), tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    _write(database, objects, tar, Path(scratch), say)
                file.flush()
                os.fsync(file.fileno())
            half.rename(target)
    finally:
        half.unlink(missing_ok=True)


def _write(
    database: Database, objects: Objects, tar: tarfile.TarFile, scratch: Path, say: Say
) -> None:
    end: dict[str, Any] = {"tables": {}, "deleted": [], "damaged": []}
    kept: list[dict[str, Any]] = []
    with copying.view(database, scratch) as db:
        head = {
            "format": FORMAT,
            "schema": copying.revision(db),
            "made_at": time.time_ns() // 10**6,
        }
        _add(tar, "head.json", head)
        for table in copying.tables(db):
            path = scratch / "rows"
            digest, count = hashlib.sha256(), 0
            with path.open("wb") as file:
                for row in copying.rows(db, table):
                    line = json.dumps(row).encode() + b"\n"
                    digest.update(line)
                    file.write(line)
                    count += 1
                    if table.name == "objects":
                        kept.append({k: row[k] for k in ("key", "bytes", "sha256")})
            tar.add(path, f"tables/{table.name}.jsonl", filter=_nobodys)
            end["tables"][table.name] = {"rows": count, "sha256": digest.hexdigest()}
    (scratch / "studio.db").unlink(missing_ok=True)
    copied = 0
    for one in kept:
        path = scratch / "object"
        try:
            objects.fetch(one["key"], path)
        except NotFound:
            end["deleted"].append(one["key"])
            continue
        if _size_and_sha256(path) != (one["bytes"], one["sha256"]):
            end["damaged"].append(one["key"])
            continue
        tar.add(path, f"objects/{one['key']}", filter=_nobodys)
        copied += one["bytes"]
    lost = copying.still_there(database, end["deleted"])  # their rows are there, their bytes not
    end["damaged"] += sorted(lost)
    end["deleted"] = [key for key in end["deleted"] if key not in lost]
    _add(tar, "end.json", end)
    rows = sum(one["rows"] for one in end["tables"].values())
    whole = len(kept) - len(end["deleted"]) - len(end["damaged"])
    say(f"{rows} rows, {whole} objects, {copied / 2**20:.1f} MiB")
    for key in end["damaged"]:
        say(f"note:    {key} is damaged or missing in the store, and not in the backup")


def restore(database: Database, objects: Objects, source: Path, say: Say) -> None:
    """A studio from a backup, whole or not at all, where there is none yet. Raises StudioError,
    Busy."""
    if not source.is_file():
        raise StudioError(f"there is no file {source.name}: check the path")
    try:
        with _disk(), tarfile.open(source, "r:") as tar:
            _read(database, objects, tar, say)
    except (tarfile.TarError, EOFError, KeyError, TypeError) as error:
        raise _damaged() from error


def _read(database: Database, objects: Objects, tar: tarfile.TarFile, say: Say) -> None:
    head, end = _object(tar, "head.json"), _object(tar, "end.json")
    if head["format"] != FORMAT:
        raise StudioError("the backup is of a newer Yozora: install that")
    for name, told in end["tables"].items():
        with _member(tar, f"tables/{name}.jsonl") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != told["sha256"]:
                raise _damaged()
    with database.read() as db:
        copying.check_empty(db)
    if next(objects.everything(), None) is not None:
        raise StudioError("the store has something in it already: choose an empty --storage")
    absent = {*end["deleted"], *end["damaged"]}
    put: list[str] = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for row in _lines(tar, "objects"):
                if not _KEY.match(row["key"]):
                    raise _damaged()
                if row["key"] not in absent:
                    put.append(row["key"])
                    _put(objects, tar, row, Path(scratch) / "object")
        with database.write() as db:
            copying.clear(db)
            forward(db, str(head["schema"]))
            count = 0
            for table in copying.tables(db):
                if table.name in end["tables"]:
                    count += copying.fill(db, table, _lines(tar, table.name))
            if count != sum(told["rows"] for told in end["tables"].values()):
                raise _damaged()
            copying.without_bytes(db, end["deleted"], end["damaged"])
            forward(db)
            copying.settle(db, time.time_ns() // 10**6)
    except BaseException:
        for key in put:
            objects.delete(key)
        raise
    say(f"{count} rows, {len(put)} objects")


def _put(objects: Objects, tar: tarfile.TarFile, row: dict[str, Any], path: Path) -> None:
    with _member(tar, f"objects/{row['key']}") as source, path.open("wb") as file:
        shutil.copyfileobj(source, file, PART)
    if _size_and_sha256(path) != (row["bytes"], row["sha256"]):
        raise _damaged()
    objects.put_file(row["key"], path)


def _lines(tar: tarfile.TarFile, name: str) -> Iterator[dict[str, Any]]:
    with _member(tar, f"tables/{name}.jsonl") as file:
        while line := file.readline(MOST_LINE):
            yield _of_json(line)


def _object(tar: tarfile.TarFile, name: str) -> dict[str, Any]:
    with _member(tar, name) as file:
        return _of_json(file.read(MOST_LINE))


def _of_json(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _damaged() from error
    if not isinstance(value, dict):
        raise _damaged()
    return value


def _member(tar: tarfile.TarFile, name: str) -> tarfile.ExFileObject:
    found = tar.getmember(name)
    file = tar.extractfile(found) if found.isreg() else None
    if file is None:
        raise _damaged()
    return cast(tarfile.ExFileObject, file)


def _damaged() -> StudioError:
    return StudioError("this is no whole backup of a studio: take another one")


def _add(tar: tarfile.TarFile, name: str, value: dict[str, Any]) -> None:
    raw = json.dumps(value).encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(raw), 0o600
    tar.addfile(info, io.BytesIO(raw))


def _nobodys(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Of no person and no machine."""
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _size_and_sha256(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StudioError(
            f"it cannot be read or written ({why}): make room, or check it"
        ) from error
