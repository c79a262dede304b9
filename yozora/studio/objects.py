"""Bytes by key: films, pictures and uploads, in a folder or in an object store.

A key is `jobs/VIDEO/ATTEMPT/name` or `files/FILE/name`; the database says which are in use.
"""

from __future__ import annotations

import errno
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import HTTPStore, LocalStore, MemoryStore, from_url

from yozora.studio.errors import Busy, NotFound, StorageFull, StudioError
from yozora.studio.settings import nameable

FULL = (errno.ENOSPC, errno.EDQUOT)
PART = 1 << 20  # bytes that are held at once
SOON: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
PROBES = "probes"  # under which no film is


@dataclass
class Objects:
    """The store. Every method raises Busy where it cannot be reached, NotFound for no such key,
    StorageFull where there is no room for more."""

    store: Any
    folder: Path | None = None  # of a store on this machine
    url: str = ""  # of a store elsewhere

    @staticmethod
    def open(where: str | Path) -> Objects:
        """A folder, or `s3://bucket/prefix` (settings from the environment, as AWS_...). Raises
        StudioError."""
        text = str(where)
        if text.startswith("file://"):
            text = unquote(urlsplit(text).path)
        if "://" not in text:
            return Objects._of(Path(text).absolute())
        try:
            store = from_url(text)
        except Exception as error:  # obstore has a class for every store's own complaints
            why = nameable(_reason(error))
            raise StudioError(
                f"{nameable(text)[:60]!r} names no store ({why}): write s3://bucket/prefix, and "
                "give its keys as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            ) from error
        if isinstance(store, HTTPStore | MemoryStore):
            raise StudioError(
                f"{nameable(text)[:60]!r} names no store that keeps films for all workers: write "
                "s3://bucket/prefix, or name a folder"
            )
        return Objects(store, url=text)

    @staticmethod
    def _of(folder: Path) -> Objects:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return Objects(LocalStore(folder, automatic_cleanup=True), folder)
        except (OSError, ValueError, BaseError) as error:  # a ValueError: of letters no name has
            why = getattr(error, "strerror", None) or _reason(error)
            raise StudioError(
                f"{str(folder)[:200]!r} cannot hold films ({why}): name another folder with "
                "--storage"
            ) from error

    @property
    def address(self) -> str:
        """Where it is, without who asks there by which password."""
        return nameable(self.url) or str(self.folder)

    def reach(self, writing: bool = True) -> None:
        """Try it once, and soon: raises StudioError, with its address, where it cannot be listed,
        or written to; a full one can be served from."""
        tried = Objects(from_url(self.url, retry_config=SOON)) if self.url else self
        key = f"{PROBES}/{secrets.token_hex(8)}"
        try:
            for _ in tried.everything(PROBES):
                break
            if writing:
                tried.put(key, b"a small thing")
                tried.delete(key)
        except StorageFull:
            return
        except StudioError as error:
            by = ", with the keys and the endpoint in AWS_..." if self.url else ""
            raise StudioError(
                f"the store {self.address} cannot be used ({_reason(error.__cause__ or error)}): "
                f"see that it is there and lets you write{by}, or name another one with --storage"
            ) from error

    def put_file(self, key: str, path: Path) -> tuple[int, str]:
        """Store a file whole, or not at all: (bytes, sha256)."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as file:
            while part := file.read(PART):
                digest.update(part)
                size += len(part)
        with _told(key), path.open("rb") as file:
            obstore.put(self.store, key, file)
        return size, digest.hexdigest()

    def put(self, key: str, data: bytes) -> tuple[int, str]:
        with _told(key):
            obstore.put(self.store, key, data)
        return len(data), hashlib.sha256(data).hexdigest()

    def get(self, key: str) -> bytes:
        with _told(key):
            return bytes(obstore.get(self.store, key).bytes())

    def fetch(self, key: str, path: Path) -> Path:
        """A copy of an object as a file."""
        with _told(key):
            found = obstore.get(self.store, key)
            with path.open("wb") as file:
                for part in found.stream(min_chunk_size=PART):
                    file.write(part)
        return path

    def part(self, key: str, start: int, stop: int) -> bytes:
        """Bytes [start, stop) of an object."""
        with _told(key):
            return bytes(obstore.get_range(self.store, key, start=start, end=stop))

    async def parts(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Bytes [start, stop) of an object, a part at a time."""
        for at in range(start, stop, PART):
            with _told(key):
                part = await obstore.get_range_async(
                    self.store, key, start=at, end=min(at + PART, stop)
                )
            yield bytes(part)

    def delete(self, key: str) -> None:
        """No error where it is gone already."""
        try:
            with _told(key):
                obstore.delete(self.store, key)
        except NotFound:
            return

    def everything(self, under: str = "") -> Iterator[tuple[str, float]]:
        """(key, when it was written, in Unix seconds) of everything."""
        with _told(under):
            for some in obstore.list(self.store, under or None):
                for one in some:
                    yield one["path"], one["last_modified"].timestamp()


def _reason(error: BaseException) -> str:
    """What the system said, which obstore tells in the pages that it adds for its authors; else
    what the store answered, which it tells at the end of its line."""
    line, _, pages = str(error).partition("\n")
    said = re.search(r'(?:message|error): "([^"]+)"', pages)
    return (said[1] if said else line.partition(" - ")[2] or line)[:200]


class _told:
    """What a store complains of, as the studio's own errors."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None or isinstance(error, StudioError) or not isinstance(error, Exception):
            return
        if isinstance(error, FileNotFoundError) or type(error).__name__ == "NotFoundError":
            raise NotFound(f"{self.key} is not in the store", code="content_unavailable") from error
        if any(f"(os error {code})" in str(error) for code in FULL) or (
            isinstance(error, OSError) and error.errno in FULL
        ):
            raise StorageFull from error
        if isinstance(error, OSError) or type(error).__module__.startswith("obstore"):
            raise Busy(f"the store: {_reason(error)[:120]}") from error
