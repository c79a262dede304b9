"""Who works, and whether they still do: a count that moves, so that no clock is trusted."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from yozora.studio.records.tables import JOBS, WORKERS


def enter(db: Connection, worker: str, now: int, pid: int | None = None) -> None:
    about = {"pid": os.getpid() if pid is None else pid, "machine": platform.machine()}
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


@dataclass(frozen=True, slots=True)
class Sign:
    """Of life."""

    beats: int  # how often it told that it lives
    host: str
    pid: int


def signs(db: Connection) -> dict[str, Sign]:
    """Every worker's."""
    rows = db.execute(select(WORKERS.c.id, WORKERS.c.beats, WORKERS.c.host, WORKERS.c.about))
    return {row.id: Sign(row.beats, row.host, int(row.about.get("pid", 0))) for row in rows}


def everyone(db: Connection) -> list[dict[str, Any]]:
    """Every worker, those that began first before the others; `video`: what it makes, or None."""
    rows = db.execute(
        select(WORKERS, JOBS.c.id.label("video"))
        .outerjoin(JOBS, JOBS.c.worker == WORKERS.c.id)
        .order_by(WORKERS.c.started_at, WORKERS.c.id)
    )
    return [
        {
            "id": row.id, "host": row.host, "pid": int(row.about.get("pid", 0)),
            "machine": row.about.get("machine", ""), "started_at": row.started_at,
            "video": row.video,
        }
        for row in rows
    ]  # fmt: skip
