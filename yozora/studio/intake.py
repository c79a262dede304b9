"""What comes in from outside: uploads, pictures behind addresses, characters."""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from yozora.studio import asked, orders, sandbox
from yozora.studio.asked import Asked
from yozora.studio.errors import StudioError, TooLarge, about
from yozora.studio.fetching import Fetcher
from yozora.studio.records import library
from yozora.studio.records.library import Character
from yozora.studio.records.pages import new_id
from yozora.studio.records.people import Account
from yozora.studio.state import State
from yozora.studio.wishes import Wish

_DATA_URL = re.compile(r"^data:([\w.+-]+/[\w.+-]+)?(;[\w=.+-]+)*(;base64)?,", re.ASCII)
MOST_CLIP_S = 60.0
LINES_MIME = "application/jsonl"
MOST_LINES, MOST_LINES_BYTES, MOST_LINE_BYTES = 50_000, 200 * 10**6, 32 << 20
BATCH_KEPT_MS = 30 * 86_400_000  # the file of a batch, unless more is said


@dataclass(frozen=True, slots=True)
class Intake:
    """For one account. What it takes is written anew by the sandbox; ids are `file_...`."""

    state: State
    account: Account

    def upload(self, file: UploadFile, param: str, purpose: str = "user_data") -> str:
        """The id of an uploaded picture or film. Raises StudioError."""
        kind = "image" if param == "input_reference" else "video" if param == "video" else "any"
        with sandbox.staged() as name:
            given = Path(name) / "given"
            with given.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            return self._keep(given, Path(name), kind, file.filename or "upload", purpose, param)

    def named(self, file_id: str | None, url: str | None) -> str:
        """The id of a picture that is a file already, or lies behind an address."""
        if (file_id is None) == (url is None):
            raise StudioError(
                "an input_reference is a file_id or an image_url: send one of them",
                param="input_reference",
            )
        if file_id is not None:
            with self.state.database.read() as db, about("input_reference"):
                return library.file(db, file_id, self.account.id).id
        assert url is not None
        with about("input_reference"):
            raw = _of_data_url(url) if url.startswith("data:") else Fetcher().get(url)
        with sandbox.staged() as name:
            given = Path(name) / "given"
            given.write_bytes(raw)
            return self._keep(given, Path(name), "image", "picture", "user_data", "input_reference")

    def wish(self, wanted: Asked, file: UploadFile | None = None) -> tuple[Wish, list[str]]:
        """What a create call comes to, with all that it names taken in; and what is to be said of
        it. Raises StudioError."""
        picture = None
        if file is not None:
            picture = self.upload(file, "input_reference")
        elif wanted.input_reference is not None:
            given = wanted.input_reference
            picture = self.named(given.file_id, given.image_url)
        with self.state.database.read() as db, about("characters"):
            cast = [library.character(db, one.id, self.account.id) for one in wanted.characters]
        wish, notes = asked.wish_of(wanted, picture, [one.file for one in cast])
        said = wanted.prompt.casefold()
        notes += [
            f"{one.name!r} is not named in the prompt: it is drawn all the same"
            for one in cast if one.name.casefold() not in said
        ]  # fmt: skip
        return wish, notes

    def file(self, file: UploadFile, purpose: str, keep_s: int | None) -> str:
        """The id of an uploaded file: lines of JSON for a batch, else a picture or a film. Raises
        StudioError."""
        keep_ms = BATCH_KEPT_MS if keep_s is None and purpose == "batch" else None
        keep_ms = keep_ms if keep_s is None else keep_s * 1000
        expires_at = None if keep_ms is None else self.state.now() + keep_ms
        with sandbox.staged() as folder:
            given = Path(folder) / "given"
            with given.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            if purpose == "batch":
                check_lines(given)
                kept, mime, suffix = given, LINES_MIME, ".jsonl"
            else:
                with about("file"):
                    clean = sandbox.cleaned(given, Path(folder))
                kept, mime, suffix = clean.path, clean.mime, clean.path.suffix
            name = _safe(file.filename or "upload", suffix)
            return store(self.state, self.account, kept, mime, name, purpose, expires_at)

    def make_character(self, name: str, file: UploadFile) -> Character:
        """Somebody from a clip, or from a picture: what its middle shows is drawn on."""
        with sandbox.staged() as folder:
            given = Path(folder) / "given"
            with given.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            with about("video"):
                clean = sandbox.cleaned(given, Path(folder))
            picture = clean.path
            if clean.mime.startswith("video/"):
                picture = _middle(clean.path, Path(folder) / "middle.png")
            _check_shown(picture)
            now = self.state.now()
            made = Character(new_id("char", now), self.account.id, name, "", now)

            def then(db: Connection, stored: str) -> None:
                library.add_character(db, replace(made, file=stored))

            store(
                self.state, self.account, picture, "image/png", _safe(name, ".png"),
                library.CHARACTER_PURPOSE, then=then,
            )  # fmt: skip
        return made

    def _keep(
        self, given: Path, folder: Path, kind: str, filename: str, purpose: str, param: str
    ) -> str:
        with about(param):
            clean = sandbox.cleaned(given, folder, kind)
        return self._store(clean.path, clean.mime, _safe(filename, clean.path.suffix), purpose)

    def _store(self, path: Path, mime: str, filename: str, purpose: str) -> str:
        return store(self.state, self.account, path, mime, filename, purpose)


def store(
    state: State, account: Account, path: Path, mime: str, filename: str, purpose: str,
    expires_at: int | None = None, then: Callable[[Connection, str], None] | None = None,
) -> str:  # fmt: skip
    """A file of somebody's, its row before its bytes: the id. `then` is of the transaction that
    makes it theirs. Raises TooMany, StorageFull, Busy."""
    state.check_disk()
    now = state.now()
    id_ = new_id("file", now)
    key = f"files/{id_}/{Path(filename).suffix.lstrip('.') or 'bin'}"
    size, facts = path.stat().st_size, _facts(path) if mime.startswith("video/") else {}
    with state.database.write() as db:
        orders.check_room(db, account, size)
        library.add_object(
            db, key=key, account=account.id, role=library.FILE, mime=mime, bytes=size, sha256="",
            ready=False, created_at=now,
        )  # fmt: skip
    written, sha256 = state.objects.put_file(key, path)
    with state.database.write() as db:
        library.ready(db, key, written, sha256, mime)
        library.add_file(
            db, id=id_, account=account.id, object=key, filename=filename, purpose=purpose,
            created_at=now, expires_at=expires_at, **facts,
        )  # fmt: skip
        if then is not None:
            then(db, id_)
    return id_


def check_lines(path: Path) -> None:
    """JSON objects, one a line, in UTF-8. Raises StudioError."""
    if path.stat().st_size > MOST_LINES_BYTES:
        raise TooLarge(f"the file is larger than {MOST_LINES_BYTES // 10**6} MB: send two")
    count = 0
    with path.open("rb") as file:
        for number in itertools.count(1):
            raw = file.readline(MOST_LINE_BYTES + 1)
            if not raw:
                break
            if len(raw) > MOST_LINE_BYTES:
                raise TooLarge(f"line {number} is too long: upload what it holds as a file")
            if not raw.strip():
                continue
            count += 1
            if count > MOST_LINES:
                raise TooLarge(f"the file has more than {MOST_LINES:,} lines: send two")
            try:
                is_object = isinstance(json.loads(raw.decode()), dict)
            except (ValueError, RecursionError):
                is_object = False
            if not is_object:
                raise StudioError(
                    f"line {number} is no JSON object in UTF-8: write {{...}} on one line",
                    code="invalid_jsonl", param="file",
                )  # fmt: skip
    if not count:
        raise StudioError("there is no line in the file: write some", param="file")


def _safe(filename: str, suffix: str) -> str:
    """A name without a path or anything that a header or a shell would read."""
    stem = Path(filename.replace("\\", "/")).stem
    plain = re.sub(r"[^\w .()-]", "_", stem)[:80].strip(" .") or "upload"
    return plain + suffix


def _of_data_url(url: str) -> bytes:
    found = _DATA_URL.match(url)
    if found is None or ";base64," not in url[: found.end()]:
        raise StudioError("the data URL cannot be read: write data:image/png;base64,...")
    try:
        return base64.b64decode(url[found.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise StudioError("the data URL is no base64: encode it anew") from error


def _facts(film: Path) -> dict[str, Any]:
    """Of what the sandbox wrote."""
    from yozora.media.film import Film

    with Film(film) as found:
        lasts = round(found.count / float(found.fps), 3)
        return {"seconds": lasts, "width": found.width, "height": found.height}


def _check_shown(picture: Path) -> None:
    """Raises StudioError where there is nobody to draw on."""
    from yozora.media.errors import MediaError
    from yozora.media.references import read_reference

    try:
        read_reference(picture)
    except MediaError as error:
        sentence = str(error).replace(str(picture), "the clip's middle")
        raise StudioError(sentence, code="invalid_media", param="video") from error


def _middle(film: Path, target: Path) -> Path:
    from yozora.media.film import Film
    from yozora.media.images import save_png

    with Film(film) as found:
        if found.count / float(found.fps) > MOST_CLIP_S:
            raise StudioError("the clip is longer than a minute: send a shorter one", param="video")
        save_png(target, found.frame(found.count // 2))
    return target
