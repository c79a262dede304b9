"""Accounts, and what proves who somebody is: keys, sessions, one-time links."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from yozora.studio.errors import Conflict, NotFound, StudioError
from yozora.studio.records.pages import Page, new_id, paged
from yozora.studio.records.tables import ACCOUNTS, AUDIT, JOBS, KEYS, LINKS, OBJECTS, SESSIONS

KEY_MARK = "yz_"
LINK_MS = 24 * 3_600_000
SESSION_MS = 14 * 24 * 3_600_000
MOST_KEYS, MOST_SESSIONS = 100, 50  # of one account, that hold
SCOPES = ("videos:read", "videos:write", "files", "webhooks", "admin")


class Role(StrEnum):
    OWNER = "owner"  # everything; there is at least one
    ADMIN = "admin"  # people, quotas, the whole queue
    MEMBER = "member"  # their own videos
    VIEWER = "viewer"  # look at their own, make none
    GONE = "gone"  # nobody any more: what the ledger and the audit log say was done

    @property
    def scopes(self) -> frozenset[str]:
        match self:
            case Role.OWNER | Role.ADMIN:
                return frozenset(SCOPES)
            case Role.MEMBER:
                return frozenset(SCOPES) - {"admin"}
            case Role.VIEWER:
                return frozenset({"videos:read"})
            case Role.GONE:
                return frozenset()


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
    created_at: int
    expires_at: int


def plain(name: str) -> str:
    """A name as it is kept: one form of every letter, no spaces around it."""
    return unicodedata.normalize("NFC", name).strip()


def digest(secret: str) -> str:
    """Of what is random and long: no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(db: Connection, name: str, role: Role, now: int, **limits: Any) -> Account:
    """Raises Conflict for a name that is taken."""
    name = plain(name)
    check_free(db, name)
    id_ = new_id("acct", now)
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


def check_free(db: Connection, name: str, but: str = "") -> None:
    """Raises Conflict for a name that is another's, in small letters or large."""
    like = or_(ACCOUNTS.c.name == name, func.lower(ACCOUNTS.c.name) == name.lower())
    taken = db.execute(select(ACCOUNTS.c.name).where(like, ACCOUNTS.c.id != but)).scalar()
    if taken is not None:
        raise Conflict(f"there is an account {taken[:60]!r} already: choose another name")


def some(db: Connection, limit: int, after: str | None = None) -> Page:
    """Accounts, the oldest first."""
    wanted = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role != Role.GONE)
    return paged(db, ACCOUNTS, wanted, limit, after, False, lambda row: get(db, row.id))


def present(db: Connection, account: str) -> Account:
    """One that is somebody's. Raises NotFound."""
    found = get(db, account)
    if found.role is Role.GONE:
        raise NotFound(f"there is no account {account[:60]!r}: check the id")
    return found


def owner(db: Connection) -> Account | None:
    """The first one that is not switched off; None before the first run."""
    id_ = db.execute(
        select(ACCOUNTS.c.id)
        .where(ACCOUNTS.c.role == Role.OWNER, ACCOUNTS.c.disabled.is_(False))
        .order_by(ACCOUNTS.c.created_at, ACCOUNTS.c.id)
        .limit(1)
    ).scalar()
    return None if id_ is None else get(db, id_)


def change(db: Connection, account: str, **values: Any) -> Account:
    """Raises Conflict for what would leave nobody in charge, and for a name that is taken. Who is
    switched off is logged out."""
    before = present(db, account)
    if values.get("disabled") or values.get("role", Role.OWNER) != Role.OWNER:
        keep_an_owner(db, before)
    if "name" in values:
        check_free(db, values["name"], but=account)
    if values:
        db.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(values))
    if values.get("disabled"):
        end_sessions(db, account)
        end_links(db, account)
    return get(db, account)


def keep_an_owner(db: Connection, leaving: Account) -> None:
    """Raises Conflict where nobody else would be in charge. Two who leave at once wait here."""
    others = select(ACCOUNTS.c.id).where(
        ACCOUNTS.c.role == Role.OWNER, ACCOUNTS.c.disabled.is_(False)
    )
    owners = set(db.execute(others.order_by(ACCOUNTS.c.id).with_for_update()).scalars())
    if owners == {leaving.id}:
        raise Conflict("this is the only owner: make somebody else one first")


def set_password(db: Connection, account: str, kept: str) -> None:
    """`kept`: the hash. Links that were made before open nothing any more."""
    db.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(password_hash=kept))
    end_links(db, account)


def keep_anew(db: Connection, account: str, kept: str) -> None:
    """The same password under another hash."""
    db.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(password_hash=kept))


def has_been_in(db: Connection, account: str) -> bool:
    """Whether somebody uses it: there is a key, a session, or something of theirs."""
    return any(
        db.execute(select(table.c.account).where(table.c.account == account).limit(1)).first()
        for table in (KEYS, SESSIONS, JOBS, OBJECTS)
    )


def add_key(
    db: Connection, account: str, name: str, scopes: tuple[str, ...], now: int,
    expires_at: int | None = None,
) -> tuple[Key, str]:  # fmt: skip
    """(the key, its secret, which is told once). Raises StudioError, Conflict."""
    unknown = sorted(set(map(str, scopes)) - set(SCOPES))
    if unknown or not scopes:
        raise StudioError(
            f"{unknown[0][:40]!r} is no scope: take of {', '.join(SCOPES)}" if unknown else
            f"a key without scopes opens nothing: take of {', '.join(SCOPES)}",
            param="scopes", code="invalid_value",
        )  # fmt: skip
    hold = select(func.count()).where(KEYS.c.account == account, *_holds(now))
    if int(db.execute(hold).scalar() or 0) >= MOST_KEYS:
        raise Conflict(f"there are {MOST_KEYS} keys, the most: revoke one first")
    secret = KEY_MARK + secrets.token_urlsafe(32)
    id_ = new_id("key", now)
    db.execute(
        insert(KEYS).values(
            id=id_, account=account, name=name, hash=digest(secret), hint=secret[-4:],
            scopes=sorted(set(scopes)), created_at=now, expires_at=expires_at,
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
            *_holds(now),
        )
    ).scalar()
    return None if id_ is None else key(db, id_)


def _holds(now: int) -> tuple[Any, Any]:
    """Of a key: neither revoked nor run out."""
    return KEYS.c.revoked_at.is_(None), or_(KEYS.c.expires_at.is_(None), KEYS.c.expires_at > now)


def revoke(db: Connection, id_: str, account: str, now: int) -> Key:
    """It opens nothing from here on. Raises NotFound for one that is another's."""
    own_key(db, id_, account)
    holds = and_(KEYS.c.id == id_, KEYS.c.revoked_at.is_(None))
    db.execute(update(KEYS).where(holds).values(revoked_at=now))
    return key(db, id_)


def own_key(db: Connection, id_: str, account: str) -> Key:
    """Raises NotFound for one that is another's."""
    found = key(db, id_)
    if found.account != account:
        raise NotFound(f"there is no key {id_[:60]!r}: check the id")
    return found


def used(db: Connection, key_: Key, now: int) -> None:
    db.execute(update(KEYS).where(KEYS.c.id == key_.id).values(used_at=now))


def add_link(db: Connection, account: str, now: int, lasts_ms: int = LINK_MS) -> str:
    """A secret that opens a session once; those that were made before open none any more."""
    end_links(db, account)
    secret = secrets.token_urlsafe(32)
    db.execute(
        insert(LINKS).values(
            hash=digest(secret), account=account, created_at=now, expires_at=now + lasts_ms
        )
    )
    return secret


def end_links(db: Connection, account: str) -> None:
    db.execute(delete(LINKS).where(LINKS.c.account == account))


def take_link(db: Connection, secret: str, now: int) -> str | None:
    """The account that a link is for, once; None where it was used, or is too old."""
    opens = and_(
        LINKS.c.hash == digest(secret), LINKS.c.used_at.is_(None), LINKS.c.expires_at > now
    )
    account = db.execute(select(LINKS.c.account).where(opens)).scalar()
    if db.execute(update(LINKS).where(opens).values(used_at=now)).rowcount != 1:
        return None
    return None if get(db, str(account)).disabled else str(account)


def add_session(db: Connection, account: str, now: int) -> tuple[str, Session]:
    """(the secret of the cookie, the session). Of too many the oldest end."""
    secret = secrets.token_urlsafe(32)
    made = Session(account, secrets.token_urlsafe(24), now, now + SESSION_MS)
    db.execute(
        insert(SESSIONS).values(
            hash=digest(secret), account=account, csrf=made.csrf, created_at=now,
            expires_at=made.expires_at,
        )
    )  # fmt: skip
    newest = (
        select(SESSIONS.c.hash)
        .where(SESSIONS.c.account == account)
        .order_by(SESSIONS.c.created_at.desc(), SESSIONS.c.hash)
        .limit(MOST_SESSIONS)
    )
    keep = list(db.execute(newest).scalars())
    old = and_(SESSIONS.c.account == account, SESSIONS.c.hash.not_in(keep))
    db.execute(delete(SESSIONS).where(old))
    return secret, made


def session(db: Connection, secret: str, now: int) -> Session | None:
    row = db.execute(
        select(SESSIONS).where(SESSIONS.c.hash == digest(secret), SESSIONS.c.expires_at > now)
    ).first()
    return None if row is None else Session(row.account, row.csrf, row.created_at, row.expires_at)


def end_session(db: Connection, secret: str) -> None:
    db.execute(delete(SESSIONS).where(SESSIONS.c.hash == digest(secret)))


def end_sessions(db: Connection, account: str, but: str = "") -> None:
    """All of an account's; but that whose cookie has this secret."""
    others = and_(SESSIONS.c.account == account, SESSIONS.c.hash != digest(but))
    db.execute(delete(SESSIONS).where(others))


def forget_old(db: Connection, now: int) -> None:
    """Sessions and links whose time is over."""
    db.execute(delete(SESSIONS).where(SESSIONS.c.expires_at <= now))
    db.execute(delete(LINKS).where(LINKS.c.expires_at <= now))


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
