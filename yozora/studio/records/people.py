"""Accounts, and what proves who somebody is: keys, sessions, one-time links."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from yozora.studio.errors import Conflict, NotFound
from yozora.studio.records.tables import ACCOUNTS, AUDIT, KEYS, LINKS, SESSIONS

KEY_MARK = "yz_"
LINK_MS = 24 * 3_600_000
SESSION_MS = 14 * 24 * 3_600_000
SCOPES = ("videos:read", "videos:write", "files", "webhooks", "admin")


class Role(StrEnum):
    OWNER = "owner"  # everything; there is at least one
    ADMIN = "admin"  # people, quotas, the whole queue
    MEMBER = "member"  # their own videos
    VIEWER = "viewer"  # look at their own, make none

    @property
    def scopes(self) -> frozenset[str]:
        match self:
            case Role.OWNER | Role.ADMIN:
                return frozenset(SCOPES)
            case Role.MEMBER:
                return frozenset(SCOPES) - {"admin"}
            case Role.VIEWER:
                return frozenset({"videos:read"})


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    role: Role
    disabled: bool
    password_hash: str | None
    weight: int
    turn: float
    batch_turn: float
    most_running: int | None
    most_queued: int | None
    most_bytes: int | None
    rate_per_minute: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the API, as far as it may be shown."""

    id: str
    account: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: int
    expires_at: int | None
    used_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class Session:
    account: str
    csrf: str
    expires_at: int


def digest(secret: str) -> str:
    """Of what is random and long: no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(db: Connection, name: str, role: Role, now: int, **limits: Any) -> Account:
    """Raises Conflict for a name that is taken."""
    if db.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.name == name)).first():
        raise Conflict(f"there is an account {name[:60]!r} already: choose another name")
    id_ = f"acct_{secrets.token_hex(12)}"
    db.execute(
        insert(ACCOUNTS).values(
            id=id_, name=name, role=role, disabled=False, weight=limits.pop("weight", 1), turn=0.0,
            batch_turn=0.0, created_at=now, **limits,
        )
    )  # fmt: skip
    return get(db, id_)


def get(db: Connection, account: str) -> Account:
    """Raises NotFound."""
    row = db.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == account)).first()
    if row is None:
        raise NotFound(f"there is no account {account[:60]!r}: check the id")
    values = dict(row._mapping)
    return Account(**{**values, "role": Role(values["role"])})


def named(db: Connection, name: str) -> Account | None:
    id_ = db.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.name == name)).scalar()
    return None if id_ is None else get(db, id_)


def everyone(db: Connection) -> list[Account]:
    ids = db.execute(select(ACCOUNTS.c.id).order_by(ACCOUNTS.c.created_at, ACCOUNTS.c.id))
    return [get(db, row.id) for row in ids]


def owner(db: Connection) -> Account | None:
    """The first one; None before the first run."""
    id_ = db.execute(
        select(ACCOUNTS.c.id)
        .where(ACCOUNTS.c.role == Role.OWNER)
        .order_by(ACCOUNTS.c.created_at, ACCOUNTS.c.id)
        .limit(1)
    ).scalar()
    return None if id_ is None else get(db, id_)


def change(db: Connection, account: str, **values: Any) -> Account:
    """Raises Conflict for what would leave nobody in charge."""
    before = get(db, account)
    loses = values.get("disabled") or values.get("role", before.role) != Role.OWNER
    if before.role is Role.OWNER and loses and _owners(db) == 1:
        raise Conflict("this is the only owner: make somebody else one first")
    db.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(values))
    return get(db, account)


def _owners(db: Connection) -> int:
    found = select(func.count()).where(
        ACCOUNTS.c.role == Role.OWNER, ACCOUNTS.c.disabled.is_(False)
    )
    return int(db.execute(found).scalar() or 0)


def add_key(
    db: Connection, account: str, name: str, scopes: tuple[str, ...], now: int,
    expires_at: int | None = None,
) -> tuple[Key, str]:  # fmt: skip
    """(the key, its secret, which is told once)."""
    secret = KEY_MARK + secrets.token_urlsafe(32)
    id_ = f"key_{secrets.token_hex(12)}"
    db.execute(
        insert(KEYS).values(
            id=id_, account=account, name=name, hash=digest(secret), hint=secret[-4:],
            scopes=list(scopes), created_at=now, expires_at=expires_at,
        )
    )  # fmt: skip
    return key(db, id_), secret


def key(db: Connection, id_: str) -> Key:
    row = db.execute(select(KEYS).where(KEYS.c.id == id_)).first()
    if row is None:
        raise NotFound(f"there is no key {id_[:60]!r}: check the id")
    values = dict(row._mapping)
    values.pop("hash")
    return Key(**{**values, "scopes": tuple(values["scopes"])})


def keys(db: Connection, account: str) -> list[Key]:
    rows = db.execute(
        select(KEYS.c.id).where(KEYS.c.account == account).order_by(KEYS.c.created_at)
    )
    return [key(db, row.id) for row in rows]


def key_of(db: Connection, secret: str, now: int) -> Key | None:
    """The key that a secret is, while it holds."""
    id_ = db.execute(
        select(KEYS.c.id).where(
            KEYS.c.hash == digest(secret),
            KEYS.c.revoked_at.is_(None),
            or_(KEYS.c.expires_at.is_(None), KEYS.c.expires_at > now),
        )
    ).scalar()
    return None if id_ is None else key(db, id_)


def revoke(db: Connection, id_: str, account: str, now: int) -> Key:
    """Raises NotFound for one that is another's."""
    if key(db, id_).account != account:
        raise NotFound(f"there is no key {id_[:60]!r}: check the id")
    db.execute(update(KEYS).where(KEYS.c.id == id_).values(revoked_at=now))
    return key(db, id_)


def used(db: Connection, key_: Key, now: int) -> None:
    db.execute(update(KEYS).where(KEYS.c.id == key_.id).values(used_at=now))


def add_link(db: Connection, account: str, now: int, lasts_ms: int = LINK_MS) -> str:
    """A secret that opens a session once."""
    secret = secrets.token_urlsafe(32)
    db.execute(
        insert(LINKS).values(
            hash=digest(secret), account=account, created_at=now, expires_at=now + lasts_ms
        )
    )
    return secret


def take_link(db: Connection, secret: str, now: int) -> str | None:
    """The account that a link is for, once; None where it was used, or is too old."""
    changed = db.execute(
        update(LINKS)
        .where(LINKS.c.hash == digest(secret), LINKS.c.used_at.is_(None), LINKS.c.expires_at > now)
        .values(used_at=now)
    )
    if changed.rowcount != 1:
        return None
    return str(db.execute(select(LINKS.c.account).where(LINKS.c.hash == digest(secret))).scalar())


def add_session(db: Connection, account: str, now: int) -> tuple[str, Session]:
    """(the secret of the cookie, the session)."""
    secret = secrets.token_urlsafe(32)
    made = Session(account, secrets.token_urlsafe(24), now + SESSION_MS)
    db.execute(
        insert(SESSIONS).values(
            hash=digest(secret), account=account, csrf=made.csrf, created_at=now,
            expires_at=made.expires_at,
        )
    )  # fmt: skip
    return secret, made


def session(db: Connection, secret: str, now: int) -> Session | None:
    row = db.execute(
        select(SESSIONS).where(SESSIONS.c.hash == digest(secret), SESSIONS.c.expires_at > now)
    ).first()
    return None if row is None else Session(row.account, row.csrf, row.expires_at)


def end_session(db: Connection, secret: str) -> None:
    db.execute(SESSIONS.delete().where(SESSIONS.c.hash == digest(secret)))


def note(
    db: Connection, account: str | None, deed: str, subject: str, address: str, now: int
) -> None:
    """A line of the audit log."""
    db.execute(
        insert(AUDIT).values(
            account=account, deed=deed, subject=subject, address=address, created_at=now
        )
    )


def audit(db: Connection, most: int = 100, before: int | None = None) -> list[dict[str, Any]]:
    """The newest lines first."""
    wanted = select(AUDIT).order_by(AUDIT.c.number.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(AUDIT.c.number < before)
    return [dict(row._mapping) for row in db.execute(wanted)]
