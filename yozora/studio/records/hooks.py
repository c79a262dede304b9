"""Webhooks: who wants to be told, and what is told them; events become deliveries here.

    events -> deliveries: waiting -> delivered | given_up

An event becomes one delivery for each endpoint that wants it, in one transaction, and a delivery
has the same id however often it is sent. Who sends one claims it first: it is due again later, so
that nothing is lost where the sender dies. Each function is part of one transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from yozora.studio.errors import NotFound
from yozora.studio.records import people
from yozora.studio.records.pages import Page, new_id, paged
from yozora.studio.records.tables import DELIVERIES, ENDPOINTS, EVENTS

TYPES = ("video.completed", "video.failed", "batch.completed", "batch.failed", "batch.expired",
         "batch.cancelled")  # fmt: skip
WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"
KEPT_MS = 30 * 86_400_000  # events that were shared out, deliveries that are over


@dataclass(frozen=True, slots=True)
class Endpoint:
    id: str
    account: str
    name: str
    url: str
    event_types: tuple[str, ...]
    secret: str
    old_secret: str | None
    old_secret_until: int | None
    disabled: str | None
    failing_since: int | None
    last_error: str | None
    created_at: int
    updated_at: int

    def secrets(self, now: int) -> tuple[str, ...]:
        """All that a delivery is signed with, the newest first."""
        if self.old_secret is None or now >= (self.old_secret_until or 0):
            return (self.secret,)
        return self.secret, self.old_secret


@dataclass(frozen=True, slots=True)
class Delivery:
    id: str
    endpoint: str
    event: str
    event_type: str
    body: str
    attempts: int
    status: str
    last_status: int | None
    last_error: str | None
    created_at: int
    next_at: int
    ended_at: int | None


def body_of(event: str, type_: str, subject: str, created_at: int) -> str:
    """What is sent, as OpenAI's clients read it."""
    told = {
        "id": event, "object": "event", "created_at": created_at // 1000, "type": type_,
        "data": {"id": subject},
    }  # fmt: skip
    return json.dumps(told, separators=(",", ":"))


def add(db: Connection, one: Endpoint) -> None:
    values = {name: getattr(one, name) for name in Endpoint.__slots__}
    db.execute(insert(ENDPOINTS).values({**values, "event_types": list(one.event_types)}))


def count(db: Connection, account: str) -> int:
    found = select(func.count()).where(ENDPOINTS.c.account == account)
    return int(db.execute(found).scalar() or 0)


def find(db: Connection, id_: str, account: str) -> Endpoint:
    """One of an account's own. Raises NotFound."""
    row = db.execute(
        select(ENDPOINTS).where(ENDPOINTS.c.id == id_, ENDPOINTS.c.account == account)
    ).first()
    if row is None:
        raise NotFound(f"there is no webhook endpoint {id_[:60]!r}: check the id")
    return _endpoint(row)


def endpoints(db: Connection, account: str, limit: int, after: str | None) -> Page:
    """The newest first."""
    wanted = select(ENDPOINTS).where(ENDPOINTS.c.account == account)
    return paged(db, ENDPOINTS, wanted, limit, after, True, _endpoint)


def change(db: Connection, one: Endpoint, **values: Any) -> Endpoint:
    db.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == one.id).values(values))
    return find(db, one.id, one.account)


def remove(db: Connection, one: Endpoint) -> None:
    """With all that was to be sent there."""
    db.execute(delete(DELIVERIES).where(DELIVERIES.c.endpoint == one.id))
    db.execute(delete(ENDPOINTS).where(ENDPOINTS.c.id == one.id))


def deliveries(
    db: Connection, one: Endpoint, limit: int, after: str | None, status: str | None = None
) -> Page:
    """What was sent to an endpoint, or shall be; the newest first."""
    wanted = select(DELIVERIES).where(DELIVERIES.c.endpoint == one.id)
    if status:
        wanted = wanted.where(DELIVERIES.c.status == status)
    return paged(db, DELIVERIES, wanted, limit, after, True, _delivery)


def any_to_share(db: Connection) -> bool:
    found = select(EVENTS.c.number).where(EVENTS.c.shared_out.is_(False)).limit(1)
    return db.execute(found).first() is not None


def share_out(db: Connection, now: int, most: int = 100) -> int:
    """Make deliveries of events that nobody looked at yet; how many events there were."""
    events = db.execute(
        select(EVENTS)
        .where(EVENTS.c.shared_out.is_(False))
        .order_by(EVENTS.c.number)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if not events:
        return 0
    owners = {event.account for event in events}
    rows = db.execute(
        select(ENDPOINTS).where(ENDPOINTS.c.account.in_(owners), ENDPOINTS.c.disabled.is_(None))
    )
    wanting = [_endpoint(row) for row in rows]
    made = [
        {
            "id": new_id("wh", now), "endpoint": one.id, "event": event.id,
            "event_type": event.type, "attempts": 0, "status": WAITING, "created_at": now,
            "next_at": now,
            "body": body_of(event.id, event.type, event.subject, event.created_at),
        }
        for event in events for one in wanting
        if one.account == event.account and event.type in one.event_types
    ]  # fmt: skip
    if made:
        db.execute(insert(DELIVERIES), made)
    numbers = [event.number for event in events]
    db.execute(update(EVENTS).where(EVENTS.c.number.in_(numbers)).values(shared_out=True))
    return len(events)


def due(
    db: Connection, now: int, most: int, to_one: int, of_one: int,
    busy: frozenset[str] = frozenset(), busy_accounts: frozenset[str] = frozenset(),
) -> list[str]:  # fmt: skip
    """Deliveries that shall be sent now: no more than `to_one` endpoint and `of_one` account, and
    none where enough is under way, so that slow receivers take no turn of others."""
    order = (DELIVERIES.c.next_at, DELIVERIES.c.created_at, DELIVERIES.c.id)
    number = func.row_number()
    ranked = (
        select(
            DELIVERIES.c.id,
            DELIVERIES.c.next_at,
            number.over(partition_by=DELIVERIES.c.endpoint, order_by=order).label("to_one"),
            number.over(partition_by=ENDPOINTS.c.account, order_by=order).label("of_one"),
        )
        .join(ENDPOINTS, ENDPOINTS.c.id == DELIVERIES.c.endpoint)
        .where(
            DELIVERIES.c.status == WAITING,
            DELIVERIES.c.next_at <= now,
            DELIVERIES.c.endpoint.not_in(busy),
            ENDPOINTS.c.account.not_in(busy_accounts),
        )
        .subquery()
    )
    rows = db.execute(
        select(ranked.c.id)
        .where(ranked.c.to_one <= to_one, ranked.c.of_one <= of_one)
        .order_by(ranked.c.next_at, ranked.c.id)
        .limit(most)
    )
    return [row.id for row in rows]


def claim(db: Connection, id_: str, now: int, until: int) -> tuple[Delivery, Endpoint] | None:
    """A delivery to be sent: it is due again at `until`, unless it is told before what came of it.
    None where somebody else has it."""
    changed = db.execute(
        update(DELIVERIES)
        .where(DELIVERIES.c.id == id_, DELIVERIES.c.status == WAITING, DELIVERIES.c.next_at <= now)
        .values(attempts=DELIVERIES.c.attempts + 1, next_at=until)
    )
    if changed.rowcount != 1:
        return None
    one = db.execute(select(DELIVERIES).where(DELIVERIES.c.id == id_)).one()
    target = db.execute(select(ENDPOINTS).where(ENDPOINTS.c.id == one.endpoint)).one()
    return _delivery(one), _endpoint(target)


def delivered(db: Connection, one: Delivery, status: int, now: int) -> None:
    """It arrived; so whoever receives there is well again."""
    _lock(db, one.endpoint)
    _tell(db, one, status=DELIVERED, last_status=status, last_error=None, ended_at=now)
    db.execute(
        update(ENDPOINTS)
        .where(ENDPOINTS.c.id == one.endpoint)
        .values(failing_since=None, last_error=None)
    )


def failed(
    db: Connection, one: Delivery, why: str, status: int | None, next_at: int | None, now: int
) -> None:
    """It did not arrive: once more at `next_at`, or it is given up (None)."""
    _lock(db, one.endpoint)
    told: dict[str, Any] = {"last_status": status, "last_error": why}
    if next_at is None:
        _tell(db, one, status=GIVEN_UP, ended_at=now, **told)
    else:
        _tell(db, one, next_at=next_at, **told)
    db.execute(
        update(ENDPOINTS)
        .where(ENDPOINTS.c.id == one.endpoint)
        .values(failing_since=func.coalesce(ENDPOINTS.c.failing_since, now), last_error=why)
    )


def switch_off(db: Connection, endpoint: str, why: str, now: int) -> None:
    """Nothing more is sent there, until its owner says otherwise; the audit log knows of it."""
    changed = db.execute(
        update(ENDPOINTS)
        .where(ENDPOINTS.c.id == endpoint, ENDPOINTS.c.disabled.is_(None))
        .values(disabled=why)
    )
    if changed.rowcount != 1:
        return
    db.execute(
        update(DELIVERIES)
        .where(DELIVERIES.c.endpoint == endpoint, DELIVERIES.c.status == WAITING)
        .values(status=GIVEN_UP, ended_at=now, last_error="the endpoint was switched off")
    )
    people.note(db, None, "webhook.switched_off", endpoint, "", now)


def failing_since(db: Connection, endpoint: str) -> int | None:
    """None where what was sent last arrived, and for an endpoint that is gone."""
    found = select(ENDPOINTS.c.failing_since).where(ENDPOINTS.c.id == endpoint)
    return db.execute(found).scalar()


def forget_old(db: Connection, now: int) -> None:
    before = now - KEPT_MS
    db.execute(delete(EVENTS).where(EVENTS.c.shared_out.is_(True), EVENTS.c.created_at < before))
    db.execute(delete(DELIVERIES).where(DELIVERIES.c.ended_at < before))


def _lock(db: Connection, endpoint: str) -> None:
    """Before its deliveries: who tells of one, and who switches it off with all of them, would
    else each wait for what the other holds."""
    db.execute(select(ENDPOINTS.c.id).where(ENDPOINTS.c.id == endpoint).with_for_update())


def _tell(db: Connection, one: Delivery, **values: Any) -> None:
    """Of a delivery that nobody else has claimed since."""
    db.execute(
        update(DELIVERIES)
        .where(
            DELIVERIES.c.id == one.id,
            DELIVERIES.c.status == WAITING,
            DELIVERIES.c.attempts == one.attempts,
        )
        .values(values)
    )


def _endpoint(row: Any) -> Endpoint:
    values = dict(row._mapping)
    return Endpoint(**{**values, "event_types": tuple(values["event_types"])})


def _delivery(row: Any) -> Delivery:
    return Delivery(**row._mapping)
