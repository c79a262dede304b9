"""Who works, and whether they still do: a count that moves, so that no clock is trusted."""

from __future__ import annotations

import os
import platform

from sqlalchemy import Connection, insert, select, update

from yozora.studio.records.tables import WORKERS


def enter(db: Connection, worker: str, now: int) -> None:
    about = {"pid": os.getpid(), "machine": platform.machine()}
    db.execute(
        insert(WORKERS).values(
            id=worker, host=platform.node(), about=about, beats=0, started_at=now
        )
    )


def beat(db: Connection, worker: str, now: int) -> None:
    """One more; whoever was taken for lost enters again, without its jobs."""
    changed = db.execute(
        update(WORKERS).where(WORKERS.c.id == worker).values(beats=WORKERS.c.beats + 1)
    )
    if changed.rowcount == 0:
        enter(db, worker, now)


def beats(db: Connection) -> dict[str, int]:
    """Of every worker, how often it has told that it lives."""
    rows = db.execute(select(WORKERS.c.id, WORKERS.c.beats))
    return {row.id: row.beats for row in rows}
