"""What happened, told in the transaction in which it did; nothing else makes webhooks."""

from __future__ import annotations

from sqlalchemy import Connection, insert

from yozora.studio.records.pages import new_id
from yozora.studio.records.tables import EVENTS


def tell(db: Connection, account: str, type_: str, subject: str, now: int) -> None:
    """`type_` as clients subscribe to it: video.completed, video.failed, batch.completed..."""
    row = {
        "id": new_id("evt", now), "account": account, "type": type_,
        "subject": subject, "created_at": now, "shared_out": False,
    }  # fmt: skip
    db.execute(insert(EVENTS).values(row))
