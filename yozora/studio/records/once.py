"""Idempotency keys: a request that comes twice is one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from yozora.studio.records.tables import ONCE

KEPT_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Before:
    request_sha256: str
    job: str


def find(db: Connection, account: str, key: str) -> Before | None:
    row = db.execute(select(ONCE).where(ONCE.c.account == account, ONCE.c.key == key)).first()
    return None if row is None else Before(row.request_sha256, row.job)


def remember(db: Connection, account: str, key: str, sha256: str, job: str, now: int) -> None:
    db.execute(
        insert(ONCE).values(
            account=account, key=key, request_sha256=sha256, job=job, created_at=now
        )
    )


def forget_old(db: Connection, now: int) -> None:
    db.execute(delete(ONCE).where(ONCE.c.created_at < now - KEPT_MS))
