"""Credits, in millionths: rows are appended, never changed, and a balance is their sum.

An account without a grant has no balance and no limit. What a job costs is reserved when it is
queued, and given back where it fails.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select

from yozora.studio.records.tables import LEDGER


def grant(db: Connection, account: str, micros: int, now: int) -> None:
    """More credits, or fewer; the first grant begins the counting."""
    _append(db, account, micros, "grant", None, now)


def reserve(db: Connection, account: str, job: str, micros: int, now: int) -> None:
    """What a job costs, where the account's credits are counted."""
    if balance(db, account) is not None:
        _append(db, account, -micros, "reserve", job, now)


def refund(db: Connection, account: str, job: str, now: int) -> None:
    """What is reserved for a job, back; once."""
    settle(db, account, job, 0, now, "refund")


def settle(
    db: Connection, account: str, job: str, micros: int, now: int, reason: str = "settle"
) -> None:
    """What was reserved comes to this in the end."""
    held = db.execute(select(func.sum(LEDGER.c.micros)).where(LEDGER.c.job == job)).scalar()
    if held is not None and -int(held) != micros:
        _append(db, account, -int(held) - micros, reason, job, now)


def rows(
    db: Connection, account: str, most: int, before: int | None = None
) -> list[dict[str, Any]]:
    """The newest first."""
    wanted = select(LEDGER).where(LEDGER.c.account == account)
    if before is not None:
        wanted = wanted.where(LEDGER.c.number < before)
    found = db.execute(wanted.order_by(LEDGER.c.number.desc()).limit(most))
    return [dict(row._mapping) for row in found]


def balance(db: Connection, account: str) -> int | None:
    """None where credits are not counted."""
    granted = select(LEDGER.c.number).where(LEDGER.c.account == account).limit(1)
    if db.execute(granted).first() is None:
        return None
    total = select(func.coalesce(func.sum(LEDGER.c.micros), 0)).where(LEDGER.c.account == account)
    return int(db.execute(total).scalar() or 0)


def _append(
    db: Connection, account: str, micros: int, reason: str, job: str | None, now: int
) -> None:
    db.execute(
        insert(LEDGER).values(
            account=account, micros=micros, reason=reason, job=job, created_at=now
        )
    )
