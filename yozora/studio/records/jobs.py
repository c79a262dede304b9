"""Videos, each of which is the job that makes it: asked for, changed, looked up, forgotten.

    queued -> in_progress -> completed | failed          (held and waiting are kinds of queued)

Who does them is said in `leases`. Each function is part of one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, cast, delete, func, insert, select, update

from yozora.studio import wishes
from yozora.studio.errors import Conflict, NotFound, Stopping, about
from yozora.studio.records import facts
from yozora.studio.records.tables import (
    ACCOUNTS,
    JOBS,
    OBJECTS,
    PREVIEWS,
    WAITS,
)

PRIORITIES = range(-10, 11)


class Status(StrEnum):
    """The four that clients know."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (Status.COMPLETED, Status.FAILED)


@dataclass(frozen=True, slots=True)
class Job:
    """A video and the work that makes it."""

    id: str
    account: str
    wish: dict[str, Any]
    title: str
    model: str
    status: Status
    seconds: float
    width: int
    height: int
    seed: int
    cost: float
    created_at: int
    remixed_from: str | None = None
    batch: str | None = None
    held: bool = False
    waits: int = 0
    priority: int = 0
    turn: float = 0.0
    worker: str | None = None
    attempt: int = 0
    losses: int = 0
    stop: str | None = None
    progress: int = 0
    phase: str = ""
    notes: tuple[str, ...] = ()
    caption: str = ""
    error_code: str | None = None
    error_message: str | None = None
    fps: float | None = None
    frames: int | None = None
    packets_sha256: str | None = None
    started_at: int | None = None
    completed_at: int | None = None
    expires_at: int | None = None
    worked_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker stored, in the store already."""

    objects: tuple[dict[str, Any], ...]  # rows of OBJECTS
    seconds: float
    width: int
    height: int
    fps: float
    frames: int
    packets_sha256: str
    notes: tuple[str, ...] = ()
    caption: str = ""
    worked_ms: int = 0


@dataclass(frozen=True, slots=True)
class New:
    """A job to be queued."""

    id: str
    account: str
    wish: dict[str, Any]
    title: str
    model: str
    seconds: float
    width: int
    height: int
    seed: int
    cost: float
    remixed_from: str | None = None
    batch: str | None = None
    priority: int = 0
    held: bool = False
    after: tuple[str, ...] = field(default=())  # jobs that must be done before


def submit(db: Connection, new: New, now: int) -> Job:
    """Queue a job. Raises NotFound for one to wait for that is not there, or is another's."""
    waits = []
    for other in dict.fromkeys(new.after):
        with about("after"):
            before = find(db, other, new.account)
            if before.status is Status.FAILED:
                raise Conflict(f"{other} failed, nothing can be made of it: choose another video")
        if before.status is not Status.COMPLETED:
            waits.append(other)
    turn = _turn(db, new.account, new.cost, "turn" if new.batch is None else "batch_turn")
    row = {
        "id": new.id, "account": new.account, "wish": new.wish, "title": new.title,
        "model": new.model, "seconds": new.seconds, "width": new.width, "height": new.height,
        "seed": new.seed, "cost": new.cost, "remixed_from": new.remixed_from, "batch": new.batch,
        "priority": new.priority, "held": new.held, "status": Status.QUEUED, "turn": turn,
        "waits": len(waits), "notes": [], "created_at": now,
    }  # fmt: skip
    db.execute(insert(JOBS).values(row))
    if waits:
        db.execute(insert(WAITS), [{"job": new.id, "on_job": other} for other in waits])
    return find(db, new.id, new.account)


def _turn(db: Connection, account: str, cost: float, which: str) -> float:
    """A batch's jobs have turns of their own, so that they take none from what their owner asks for
    beside it."""
    last = ACCOUNTS.c[which]
    owner = db.execute(
        select(last.label("turn"), ACCOUNTS.c.weight)
        .where(ACCOUNTS.c.id == account)
        .with_for_update()
    ).one()
    turn = max(facts.queue_time(db), owner.turn) + cost / max(1, owner.weight)
    db.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values({last: turn}))
    return float(turn)


def hold(db: Connection, job: Job) -> Job:
    """Pause it: a running one stops within a step, and begins again when it is resumed."""
    if job.status.is_final:
        raise Conflict(f"{job.id} is {job.status} already: there is nothing to pause")
    if job.stop == "cancel":
        raise Stopping(job.id)
    running = job.status is Status.IN_PROGRESS
    db.execute(
        update(JOBS)
        .where(JOBS.c.id == job.id)
        .values(**({"stop": "hold"} if running else {"held": True}))
    )
    return get(db, job.id)


def resume(db: Connection, job: Job) -> Job:
    """What was paused goes on."""
    if job.status.is_final:
        raise Conflict(f"{job.id} is {job.status} already: there is nothing to resume")
    values = {"held": False} | ({"stop": None} if job.stop == "hold" else {})
    db.execute(update(JOBS).where(JOBS.c.id == job.id).values(values))
    return get(db, job.id)


def change(db: Connection, job: Job, **values: Any) -> Job:
    """Another wish, title, priority or length for a job that has not begun. Raises Conflict."""
    changed = db.execute(
        update(JOBS).where(JOBS.c.id == job.id, JOBS.c.status == Status.QUEUED).values(values)
    )
    if changed.rowcount != 1:
        is_over = get(db, job.id).status.is_final
        remedy = "ask for another" if is_over else "cancel it, and ask for another"
        raise Conflict(f"{job.id} {'is over' if is_over else 'has begun'}: {remedy}")
    return get(db, job.id)


def reorder(db: Connection, account: str, ids: Sequence[str]) -> list[Job]:
    """One's own waiting jobs in another order: they share out the turns that they have. Raises
    NotFound or Conflict."""
    found = [find(db, one, account) for one in dict.fromkeys(ids)]
    for job in found:
        if job.status is not Status.QUEUED:
            raise Conflict(f"{job.id} is {job.status}, only those that wait have an order")
    for job, turn in zip(found, sorted(one.turn for one in found), strict=True):
        change(db, job, turn=turn)
    return [get(db, job.id) for job in found]


def remove(db: Connection, job: Job) -> list[str]:
    """Forget a job that is over; the keys whose bytes are to go. Raises Conflict."""
    if job.stop == "cancel":
        raise Stopping(job.id)
    if not job.status.is_final:
        raise Conflict(f"{job.id} is {job.status}: cancel it first, then delete it")
    check_unneeded(db, job.account, job.id)
    keys = [row.key for row in db.execute(select(OBJECTS.c.key).where(OBJECTS.c.job == job.id))]
    db.execute(delete(OBJECTS).where(OBJECTS.c.job == job.id))
    db.execute(delete(JOBS).where(JOBS.c.id == job.id))
    return keys


def check_unneeded(db: Connection, account: str, name: str) -> None:
    """Raises Conflict where one of an account's jobs that is not over is to be made of it."""
    naming = db.execute(
        select(JOBS.c.id, JOBS.c.wish).where(
            JOBS.c.account == account,
            JOBS.c.status.in_((Status.QUEUED, Status.IN_PROGRESS)),
            cast(JOBS.c.wish, Text).contains(name, autoescape=True),
        )
    )
    for job, wish in naming:
        if name in wishes.sources(wishes.Wish.model_validate(wish)):
            raise Conflict(f"{job} is to be made of {name}: wait for it, or cancel it first")


def get(db: Connection, job: str) -> Job:
    return as_job(db.execute(select(JOBS).where(JOBS.c.id == job)).one())


def find(db: Connection, job: str, account: str | None) -> Job:
    """One of an account's own; of anybody's where None. Raises NotFound."""
    mine = JOBS.c.id == job
    if account is not None:
        mine = and_(mine, JOBS.c.account == account)
    row = db.execute(select(JOBS).where(mine)).first()
    if row is None:
        raise missing(job)
    return as_job(row)


def missing(job: str) -> NotFound:
    """For what is somebody else's too."""
    return NotFound(f"there is no video {job[:60]!r}: check the id", param="video_id")


def several(db: Connection, ids: Sequence[str]) -> dict[str, Job]:
    """Those of these that there are."""
    rows = db.execute(select(JOBS).where(JOBS.c.id.in_(ids)))
    return {row.id: as_job(row) for row in rows}


def waiting_for(db: Connection, job: str) -> list[Job]:
    """Those that begin when a job is done."""
    both = select(JOBS).join(WAITS, WAITS.c.job == JOBS.c.id)
    rows = db.execute(both.where(WAITS.c.on_job == job))
    return [as_job(row) for row in rows]


def with_status(db: Connection, status: Status) -> list[Job]:
    """Everybody's."""
    return [as_job(row) for row in db.execute(select(JOBS).where(JOBS.c.status == status))]


def line(db: Connection, account: str, most: int) -> list[Job]:
    """An account's jobs that run, then those that wait, the next one first."""
    states = (Status.IN_PROGRESS, Status.QUEUED)  # in_progress is before queued by name, too
    rows = db.execute(
        select(JOBS)
        .where(JOBS.c.account == account, JOBS.c.status.in_(states))
        .order_by(JOBS.c.status, JOBS.c.priority.desc(), JOBS.c.turn, JOBS.c.id)
        .limit(most)
    )
    return [as_job(row) for row in rows]


def previews(db: Connection, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
    """(step, a WebP that moves) of jobs under way."""
    rows = db.execute(select(PREVIEWS).where(PREVIEWS.c.job.in_(ids)))
    return {row.job: (row.step, row.data) for row in rows}


def count_running(db: Connection, account: str) -> int:
    mine = and_(JOBS.c.account == account, JOBS.c.status == Status.IN_PROGRESS)
    return int(db.execute(select(func.count()).select_from(JOBS).where(mine)).scalar() or 0)


def count_unfinished(db: Connection, account: str) -> int:
    """Jobs of an account that wait or run."""
    states = (Status.QUEUED, Status.IN_PROGRESS)
    found = select(func.count()).where(JOBS.c.account == account, JOBS.c.status.in_(states))
    return int(db.execute(found).scalar() or 0)


def as_job(row: Row[Any]) -> Job:
    values = dict(row._mapping)
    values["status"] = Status(values["status"])
    values["notes"] = tuple(values["notes"])
    return Job(**values)
