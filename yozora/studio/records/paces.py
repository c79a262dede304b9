"""What estimates are made from: how fast jobs were done, and what is to be done."""

from __future__ import annotations

import statistics

from sqlalchemy import Connection, func, select

from yozora.studio.records.jobs import Status
from yozora.studio.records.tables import JOBS

USUAL_S = 4.0  # of wall a unit of work, before any job is done
LEARNED_FROM = 50  # jobs


def known(db: Connection) -> dict[str, float]:
    """Seconds of wall a unit of work, by model: the median of the last jobs; of all under ""."""
    rows = db.execute(
        select(JOBS.c.worked_ms, JOBS.c.cost, JOBS.c.model)
        .where(JOBS.c.status == Status.COMPLETED, JOBS.c.worked_ms > 0, JOBS.c.cost > 0)
        .order_by(JOBS.c.completed_at.desc())
        .limit(LEARNED_FROM)
    ).all()
    paces: dict[str, list[float]] = {}
    for row in rows:
        for name in ("", row.model):
            paces.setdefault(name, []).append(row.worked_ms / 1000 / row.cost)
    return {name: statistics.median(some) for name, some in paces.items()}


def waiting(db: Connection) -> list[tuple[int, float, float]]:
    """(rank, turn, cost) of every job that may be taken: the least is next."""
    rows = db.execute(
        select(JOBS.c.priority, JOBS.c.turn, JOBS.c.cost).where(
            JOBS.c.status == Status.QUEUED, JOBS.c.held.is_(False), JOBS.c.waits == 0
        )
    )
    return [(-row.priority, row.turn, row.cost) for row in rows]


def running(db: Connection) -> float:
    """Units of work that are left of what is being made."""
    left = JOBS.c.cost * (100 - JOBS.c.progress) / 100.0
    found = select(func.coalesce(func.sum(left), 0.0)).where(JOBS.c.status == Status.IN_PROGRESS)
    return float(db.execute(found).scalar() or 0.0)
