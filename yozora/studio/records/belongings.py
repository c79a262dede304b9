"""All that is somebody's, table by table: to be handed over, and to be forgotten.

What is forgotten leaves the ledger and the audit log as they are, under a name that is nobody's.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, func, insert, or_, select, update

from yozora.studio.records import ledger, people
from yozora.studio.records.jobs import Status
from yozora.studio.records.people import Role
from yozora.studio.records.tables import (
    ACCOUNTS,
    AUDIT,
    BATCHES,
    CHARACTERS,
    DELIVERIES,
    ENDPOINTS,
    EVENTS,
    FILES,
    JOBS,
    KEYS,
    LEDGER,
    LINKS,
    OBJECTS,
    ONCE,
    SESSIONS,
)

# Whose rows go, in an order in which none is left that names one that is gone
OWN: tuple[Table, ...] = (
    CHARACTERS, FILES, OBJECTS, JOBS, BATCHES, ONCE, KEYS, SESSIONS, LINKS, ENDPOINTS, EVENTS,
)  # fmt: skip
KEPT = (LEDGER, AUDIT)  # under another name
# What is told of them: the file of the export, the table, and what of it is nobody's to know
TOLD: dict[str, tuple[Table, tuple[str, ...]]] = {
    "videos.json": (JOBS, ("account", "turn", "worker", "attempt", "losses", "stop")),
    "files.json": (FILES, ("account",)),
    "characters.json": (CHARACTERS, ("account",)),
    "batches.json": (BATCHES, ("account",)),
    "webhooks.json": (ENDPOINTS, ("account", "secret", "old_secret")),
    "keys.json": (KEYS, ("account", "hash")),
    "sessions.json": (SESSIONS, ("account", "hash", "csrf")),
    "ledger.json": (LEDGER, ("account",)),
    "objects.json": (OBJECTS, ("account", "ready")),
}


def told_of(db: Connection, account: str) -> dict[str, Any]:
    """The account itself, without its password."""
    row = db.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == account)).one()
    balance = ledger.balance(db, account)
    found = dict(row._mapping) | {"credits": None if balance is None else balance / 1e6}
    found["has_password"] = found.pop("password_hash") is not None
    del found["turn"], found["batch_turn"]
    return found


def rows(
    db: Connection, name: str, account: str, limit: int, after: Any = None
) -> list[tuple[Any, dict[str, Any]]]:
    """(the row's key, what is told of it) of one file of `TOLD`, those that follow `after`."""
    table, hidden = TOLD[name]
    (key,) = table.primary_key.columns
    wanted = select(table).where(table.c.account == account).order_by(key).limit(limit)
    if after is not None:
        wanted = wanted.where(key > after)
    found = []
    for row in db.execute(wanted):
        values = dict(row._mapping)
        found.append((values[key.name], {k: v for k, v in values.items() if k not in hidden}))
    return found


def audit_about(
    db: Connection, account: str, limit: int, after: int | None = None
) -> list[tuple[int, dict[str, Any]]]:
    """Lines of the audit log that it wrote, or that are about it: of these not who wrote them."""
    wanted = select(AUDIT).where(_about(account)).order_by(AUDIT.c.number).limit(limit)
    if after is not None:
        wanted = wanted.where(AUDIT.c.number > after)
    found = []
    for row in db.execute(wanted):
        values = dict(row._mapping)
        if values["account"] != account:
            values |= {"account": None, "address": ""}
        found.append((row.number, values))
    return found


def usage(db: Connection, account: str) -> dict[str, Any]:
    """How many jobs there are in each state, what they came to, and how much room it takes."""
    counted = db.execute(
        select(JOBS.c.status, func.count().label("n"), func.sum(JOBS.c.seconds).label("seconds"),
               func.sum(JOBS.c.worked_ms).label("worked"))
        .where(JOBS.c.account == account)
        .group_by(JOBS.c.status)
    ).all()  # fmt: skip
    done = next((row for row in counted if row.status == Status.COMPLETED), None)
    stored = db.execute(
        select(OBJECTS.c.role, func.sum(OBJECTS.c.bytes).label("bytes"))
        .where(OBJECTS.c.account == account)
        .group_by(OBJECTS.c.role)
    )
    by_role = {row.role: int(row.bytes) for row in stored}
    return {
        "videos": dict.fromkeys(map(str, Status), 0) | {row.status: row.n for row in counted},
        "film_seconds": round(float(done.seconds), 3) if done else 0.0,
        "worked_seconds": round(int(done.worked or 0) / 1000, 3) if done else 0.0,
        "bytes": sum(by_role.values()),
        "bytes_by_role": by_role,
    }


def forget(db: Connection, account: str, now: int) -> tuple[str, list[str]]:
    """Erase an account and all that it has: (the name that is nobody's, keys whose bytes are to
    go). Who works on one of its jobs finds that it is lost. Raises Conflict for the last owner."""
    before = people.present(db, account)
    if before.role is Role.OWNER:
        people.keep_an_owner(db, before)
    unfinished = and_(
        JOBS.c.account == account, JOBS.c.status.in_((Status.QUEUED, Status.IN_PROGRESS))
    )
    for job in db.execute(select(JOBS.c.id).where(unfinished)).scalars().all():
        ledger.refund(db, account, job, now)
    keys = list(db.execute(select(OBJECTS.c.key).where(OBJECTS.c.account == account)).scalars())
    theirs = select(ENDPOINTS.c.id).where(ENDPOINTS.c.account == account)
    db.execute(delete(DELIVERIES).where(DELIVERIES.c.endpoint.in_(theirs)))
    for table in OWN:
        db.execute(delete(table).where(table.c.account == account))
    nobody = f"gone_{secrets.token_hex(12)}"
    db.execute(
        insert(ACCOUNTS).values(
            id=nobody, name=nobody, role=Role.GONE, disabled=True, weight=1, turn=0.0,
            created_at=before.created_at,
        )
    )  # fmt: skip
    db.execute(update(LEDGER).where(LEDGER.c.account == account).values(account=nobody))
    db.execute(
        update(AUDIT)
        .where(_about(account))
        .values(subject=func.replace(AUDIT.c.subject, account, nobody))
    )
    own = AUDIT.c.account == account
    db.execute(update(AUDIT).where(own).values(account=nobody, address=""))
    # of a time when nobody was known yet, as with a link: whence it came is theirs as well
    unknown = and_(AUDIT.c.account.is_(None), AUDIT.c.subject.startswith(nobody, autoescape=True))
    db.execute(update(AUDIT).where(unknown).values(address=""))
    db.execute(delete(ACCOUNTS).where(ACCOUNTS.c.id == account))
    return nobody, keys


def _about(account: str) -> Any:
    return or_(AUDIT.c.account == account, AUDIT.c.subject.startswith(account, autoescape=True))
