"""How fast jobs were done."""

from __future__ import annotations

import statistics

from sqlalchemy import Connection, select

from yozora.studio.records.jobs import Status
from yozora.studio.records.tables import JOBS

USUAL_S = 4.0  # of wall a unit of work, before any job is done
LEARNED_FROM = 20  # jobs


def pace(db: Connection, model: str) -> float:
    """Seconds of wall a unit of work: the median of the last jobs of a model."""
    rows = db.execute(
        select(JOBS.c.worked_ms, JOBS.c.cost)
        .where(
            JOBS.c.status == Status.COMPLETED, JOBS.c.model == model, JOBS.c.worked_ms.is_not(None)
        )
        .order_by(JOBS.c.completed_at.desc())
        .limit(LEARNED_FROM)
    ).all()
    paces = [row.worked_ms / 1000 / row.cost for row in rows if row.cost > 0]
    return statistics.median(paces) if paces else USUAL_S
