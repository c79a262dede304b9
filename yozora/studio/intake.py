"""What comes in from outside: uploads, pictures behind addresses, characters."""

from __future__ import annotations

import base64
import binascii
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import UploadFile

from yozora.studio import orders, sandbox
from yozora.studio.errors import StudioError
from yozora.studio.fetching import Fetcher
from yozora.studio.records import library
from yozora.studio.records.library import Character
from yozora.studio.records.people import Account
from yozora.studio.state import State

_DATA_URL = re.compile(r"^data:([\w.+-]+/[\w.+-]+)?(;[\w=.+-]+)*(;base64)?,", re.ASCII)
MOST_CLIP_S = 60.0


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
            with self.state.database.read() as db:
                return library.file(db, file_id, self.account.id).id
        assert url is not None
        raw = _of_data_url(url) if url.startswith("data:") else Fetcher().get(url)
        with sandbox.staged() as name:
            given = Path(name) / "given"
            given.write_bytes(raw)
            return self._keep(given, Path(name), "image", "picture", "user_data", "image_url")

    def character(self, id_: str) -> str:
        """The id of the picture that a character is drawn on."""
        with self.state.database.read() as db:
            return library.character(db, id_, self.account.id).file

    def make_character(self, name: str, file: UploadFile) -> Character:
        """Somebody from a clip, or from a picture: what its middle shows is drawn on."""
        with sandbox.staged() as folder:
            given = Path(folder) / "given"
            with given.open("wb") as target:
                shutil.copyfileobj(file.file, target)
            clean = sandbox.cleaned(given, Path(folder))
            picture = clean.path
            if clean.mime.startswith("video/"):
                picture = _middle(clean.path, Path(folder) / "middle.png")
            stored = self._store(picture, "image/png", f"{name}.png", "character")
        made = Character(orders.new_id("char"), self.account.id, name, stored, self.state.now())
        with self.state.database.write() as db:
            library.add_character(db, made)
        return made

    def _keep(
        self, given: Path, folder: Path, kind: str, filename: str, purpose: str, param: str
    ) -> str:
        try:
            clean = sandbox.cleaned(given, folder, kind)
        except StudioError as error:
            error.param = error.param or param
            raise
        return self._store(clean.path, clean.mime, _safe(filename, clean.path.suffix), purpose)

    def _store(self, path: Path, mime: str, filename: str, purpose: str) -> str:
        return store(self.state, self.account, path, mime, filename, purpose)


def store(
    state: State, account: Account, path: Path, mime: str, filename: str, purpose: str,
    expires_at: int | None = None,
) -> str:  # fmt: skip
    """A file of somebody's, its row before its bytes: the id. Raises TooMany, Busy."""
    id_ = orders.new_id("file")
    key = f"files/{id_}/{Path(filename).suffix.lstrip('.') or 'bin'}"
    size = path.stat().st_size
    with state.database.write() as db:
        orders.check_room(db, account, size)
        library.add_object(
            db, key=key, account=account.id, role=library.FILE, mime=mime, bytes=size, sha256="",
            ready=False, created_at=state.now(),
        )  # fmt: skip
    written, sha256 = state.objects.put_file(key, path)
    with state.database.write() as db:
        library.ready(db, key, written, sha256, mime)
        library.add_file(
            db, id=id_, account=account.id, object=key, filename=filename, purpose=purpose,
            created_at=state.now(), expires_at=expires_at,
        )  # fmt: skip
    return id_


def _safe(filename: str, suffix: str) -> str:
    """A name without a path or anything that a header or a shell would read."""
    stem = Path(filename.replace("\\", "/")).stem
    plain = re.sub(r"[^\w .()-]", "_", stem)[:80].strip(" .") or "upload"
    return plain + suffix


def _of_data_url(url: str) -> bytes:
    found = _DATA_URL.match(url)
    if found is None or ";base64," not in url[: found.end()]:
        raise StudioError(
            "the data URL cannot be read: write data:image/png;base64,...", param="image_url"
        )
    try:
        return base64.b64decode(url[found.end() :], validate=True)
    except (binascii.Error, ValueError) as error:
        raise StudioError("the data URL is no base64: encode it anew", param="image_url") from error


def _middle(film: Path, target: Path) -> Path:
    from yozora.media.film import Film
    from yozora.media.images import save_png

    with Film(film) as found:
        if found.count / float(found.fps) > MOST_CLIP_S:
            raise StudioError("the clip is longer than a minute: send 2 to 4 s", param="video")
        save_png(target, found.frame(found.count // 2))
    return target
