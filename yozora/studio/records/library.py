"""What an account has: its videos in order, bytes in the store, uploaded files, characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from yozora.studio.errors import Conflict, NotFound
from yozora.studio.records.jobs import Job, Status, as_job, check_unneeded
from yozora.studio.records.pages import Page, paged
from yozora.studio.records.tables import BATCHES, CHARACTERS, FILES, JOBS, OBJECTS

VIDEO, LATENTS, THUMBNAIL, SPRITESHEET, FILE = ROLES = (
    "video", "latents", "thumbnail", "spritesheet", "file",
)  # fmt: skip
CHARACTER_PURPOSE = "character"
_FILES = select(FILES, OBJECTS.c.bytes, OBJECTS.c.mime).join(
    OBJECTS, OBJECTS.c.key == FILES.c.object
)


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes in the store."""

    key: str
    account: str
    job: str | None
    role: str
    mime: str
    bytes: int
    sha256: str
    ready: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class File:
    """Something that was uploaded, or written for its owner."""

    id: str
    account: str
    object: str
    filename: str
    purpose: str
    created_at: int
    expires_at: int | None
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    bytes: int = 0
    mime: str = ""

    @property
    def film(self) -> tuple[float, int, int] | None:
        """(seconds, width, height) of a film."""
        if self.seconds is None or self.width is None or self.height is None:
            return None
        return self.seconds, self.width, self.height


@dataclass(frozen=True, slots=True)
class Character:
    id: str
    account: str
    name: str
    file: str
    created_at: int


def videos(
    db: Connection, account: str, limit: int = 20, after: str | None = None, newest: bool = True,
    status: str | None = None, text: str = "",
) -> Page:  # fmt: skip
    """An account's videos; of some status, or with some words in the prompt."""
    mine = [JOBS.c.account == account]
    if status:
        mine.append(JOBS.c.status == status)
    if text:
        mine.append(JOBS.c.title.icontains(text, autoescape=True))
    return paged(db, JOBS, select(JOBS).where(*mine), limit, after, newest, as_job)


def files(
    db: Connection, account: str, limit: int = 20, after: str | None = None, newest: bool = True,
    purpose: str | None = None,
) -> Page:  # fmt: skip
    """An account's files. The pictures of characters are listed where they are asked for."""
    wanted = _FILES.where(FILES.c.account == account)
    wanted = wanted.where(
        FILES.c.purpose == purpose if purpose else FILES.c.purpose != CHARACTER_PURPOSE
    )
    return paged(db, FILES, wanted, limit, after, newest, lambda row: File(**row._mapping))


def add_object(db: Connection, **values: Any) -> None:
    """A row before its bytes (`ready=False`), or after them."""
    db.execute(insert(OBJECTS).values(job=values.pop("job", None), **values))


def ready(db: Connection, key: str, bytes_: int, sha256: str, mime: str) -> None:
    """The bytes of an object are whole."""
    db.execute(
        update(OBJECTS)
        .where(OBJECTS.c.key == key)
        .values(ready=True, bytes=bytes_, sha256=sha256, mime=mime)
    )


def forget_objects(db: Connection, keys: Iterable[str]) -> None:
    db.execute(delete(OBJECTS).where(OBJECTS.c.key.in_(list(keys))))


def object_of(db: Connection, job: Job, role: str) -> Stored:
    """Bytes of a video that is done. Raises NotFound, with what it waits for."""
    row = db.execute(select(OBJECTS).where(OBJECTS.c.job == job.id, OBJECTS.c.role == role)).first()
    if row is None:
        behind = f", behind {job.waits} that must be done before" if job.waits else ""
        held = ", and held: resume it" if job.held else ": ask again when it is completed"
        why = {
            Status.COMPLETED: "it was made without one, or its bytes were removed",
            Status.FAILED: f"it failed: {job.error_message}",
        }.get(job.status, f"it is {job.status} yet{behind}{held}")
        raise NotFound(f"{job.id} has no {role} ({why})", code="content_unavailable")
    return Stored(**row._mapping)


def forget_unready(db: Connection, before: int) -> None:
    """Rows from before a moment whose bytes never came."""
    db.execute(delete(OBJECTS).where(OBJECTS.c.ready.is_(False), OBJECTS.c.created_at < before))


def stored(db: Connection, key: str) -> Stored | None:
    row = db.execute(select(OBJECTS).where(OBJECTS.c.key == key)).first()
    return None if row is None else Stored(**row._mapping)


def known_keys(db: Connection) -> set[str]:
    """Of every object that has a row; all else in the store is nobody's."""
    return {row.key for row in db.execute(select(OBJECTS.c.key))}


def used_bytes(db: Connection, account: str) -> int:
    found = select(func.coalesce(func.sum(OBJECTS.c.bytes), 0)).where(OBJECTS.c.account == account)
    return int(db.execute(found).scalar() or 0)


def add_file(db: Connection, **values: Any) -> None:
    db.execute(insert(FILES).values(**values))


def file(db: Connection, id_: str, account: str) -> File:
    """One of an account's own. Raises NotFound."""
    row = db.execute(_FILES.where(FILES.c.id == id_, FILES.c.account == account)).first()
    if row is None:
        raise NotFound(f"there is no file {id_[:60]!r}: upload it first", param="file_id")
    return File(**row._mapping)


def remove_file(db: Connection, one: File) -> str:
    """Forget a file; the key whose bytes are to go. Raises Conflict where it is in use."""
    drawn = db.execute(select(CHARACTERS.c.id).where(CHARACTERS.c.file == one.id)).scalar()
    if drawn is not None:
        raise Conflict(f"{one.id} is what {drawn} is drawn on: delete the character instead")
    read = select(BATCHES.c.id).where(BATCHES.c.input_file == one.id, BATCHES.c.ended_at.is_(None))
    if (batch := db.execute(read).scalar()) is not None:
        raise Conflict(f"{one.id} is read by {batch} yet: cancel the batch first")
    check_unneeded(db, one.account, one.id)
    db.execute(delete(FILES).where(FILES.c.id == one.id))
    db.execute(delete(OBJECTS).where(OBJECTS.c.key == one.object))
    return one.object


def expired_files(db: Connection, now: int, most: int = 100) -> list[File]:
    """Files whose time is over, but for those that are in use."""
    in_use = select(BATCHES.c.input_file).where(BATCHES.c.ended_at.is_(None))
    drawn = select(CHARACTERS.c.file)
    rows = db.execute(
        _FILES.where(FILES.c.expires_at <= now, FILES.c.id.not_in(in_use), FILES.c.id.not_in(drawn))
        .order_by(FILES.c.expires_at)
        .limit(most)
    )
    return [File(**row._mapping) for row in rows]


def add_character(db: Connection, one: Character) -> None:
    db.execute(
        insert(CHARACTERS).values(
            id=one.id, account=one.account, name=one.name, file=one.file,
            created_at=one.created_at,
        )
    )  # fmt: skip


def character(db: Connection, id_: str, account: str) -> Character:
    """One of an account's own. Raises NotFound."""
    row = db.execute(
        select(CHARACTERS).where(CHARACTERS.c.id == id_, CHARACTERS.c.account == account)
    ).first()
    if row is None:
        raise NotFound(f"there is no character {id_[:60]!r}: make it first", param="character_id")
    return Character(**row._mapping)


def characters(
    db: Connection, account: str, limit: int = 20, after: str | None = None, newest: bool = True
) -> Page:
    """An account's own."""
    wanted = select(CHARACTERS).where(CHARACTERS.c.account == account)
    return paged(db, CHARACTERS, wanted, limit, after, newest, lambda r: Character(**r._mapping))


def remove_character(db: Connection, one: Character) -> str:
    """Forget a character and its picture; the key whose bytes are to go."""
    db.execute(delete(CHARACTERS).where(CHARACTERS.c.id == one.id))
    return remove_file(db, file(db, one.file, one.account))


def expired(db: Connection, now: int, most: int = 100) -> list[Job]:
    """Videos whose time is over."""
    rows = db.execute(
        select(JOBS).where(JOBS.c.expires_at <= now).order_by(JOBS.c.expires_at).limit(most)
    )
    return [as_job(row) for row in rows]
