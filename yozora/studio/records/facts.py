"""Single values that the studio remembers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from yozora.studio.records.tables import FACTS

PAUSED, QUEUE_TIME = "paused", "queue_time"


def get(db: Connection, name: str) -> Any:
    """None for what was never put."""
    return db.execute(select(FACTS.c.value).where(FACTS.c.name == name)).scalar()


def put(db: Connection, name: str, value: Any) -> None:
    """Where two put it for the first time at once, the later one's stays."""
    insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    row = insert(FACTS).values(name=name, value=value)
    db.execute(row.on_conflict_do_update(index_elements=[FACTS.c.name], set_={"value": value}))


def queue_time(db: Connection) -> float:
    """The turn of the job that was begun last."""
    return float(get(db, QUEUE_TIME) or 0.0)
