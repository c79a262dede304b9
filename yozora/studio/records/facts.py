"""Single values that the studio remembers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from yozora.studio.records.tables import FACTS

PAUSED, QUEUE_TIME = "paused", "queue_time"


def get(db: Connection, name: str) -> Any:
    """None for what was never put."""
    return db.execute(select(FACTS.c.value).where(FACTS.c.name == name)).scalar()


def put(db: Connection, name: str, value: Any) -> None:
    if db.execute(update(FACTS).where(FACTS.c.name == name).values(value=value)).rowcount == 0:
        db.execute(insert(FACTS).values(name=name, value=value))


def queue_time(db: Connection) -> float:
    """The turn of the job that was begun last."""
    return float(get(db, QUEUE_TIME) or 0.0)
