"""Who is next, who has it, what came of it. Each function is part of one transaction.

Fair between people by start-time fair queueing (Goyal, Vin and Cheng 1996): a job's turn is the
later of the queue's time and its owner's last turn, plus its cost over its owner's weight. A lease
is fenced by its attempt: who comes back after the job was given to another changes nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from yozora.studio.errors import Conflict
from yozora.studio.records import events, facts, ledger
from yozora.studio.records.jobs import Job, Made, Status, as_job, get
from yozora.studio.records.tables import ACCOUNTS, JOBS, OBJECTS, PREVIEWS, WAITS, WORKERS

MOST_LOSSES = 3  # workers that a job may take with it before it is given up
CANCELLED = "cancelled by its owner"


def lease(db: Connection, worker: str, now: int) -> Job | None:
    """The next job, which is the worker's from here on; None where there is nothing to do."""
    if facts.get(db, facts.PAUSED):
        return None
    running = (
        select(JOBS.c.account, func.count().label("n"))
        .where(JOBS.c.status == Status.IN_PROGRESS)
        .group_by(JOBS.c.account)
        .subquery()
    )
    chosen = db.execute(
        select(JOBS.c.id, JOBS.c.turn)
        .join(ACCOUNTS, ACCOUNTS.c.id == JOBS.c.account)
        .outerjoin(running, running.c.account == JOBS.c.account)
        .where(
            JOBS.c.status == Status.QUEUED,
            JOBS.c.held.is_(False),
            JOBS.c.waits == 0,
            or_(
                ACCOUNTS.c.most_running.is_(None),
                func.coalesce(running.c.n, 0) < ACCOUNTS.c.most_running,
            ),
        )
        .order_by(JOBS.c.priority.desc(), JOBS.c.turn, JOBS.c.id)
        .limit(1)
        .with_for_update(of=JOBS, skip_locked=True)
    ).first()
    if chosen is None:
        return None
    changed = db.execute(
        update(JOBS)
        .where(JOBS.c.id == chosen.id, JOBS.c.status == Status.QUEUED)
        .values(
            status=Status.IN_PROGRESS, worker=worker, attempt=JOBS.c.attempt + 1, stop=None,
            started_at=func.coalesce(JOBS.c.started_at, now), phase="preparing",
        )
    )  # fmt: skip
    if changed.rowcount != 1:
        return None
    if chosen.turn > facts.queue_time(db):
        facts.put(db, facts.QUEUE_TIME, chosen.turn)
    return get(db, chosen.id)


def report(
    db: Connection, job: Job, progress: int, phase: str, preview: tuple[int, bytes] | None = None,
    told: dict[str, Any] | None = None,
) -> str | None:  # fmt: skip
    """Say how far a job is; what it is asked to do: None, "cancel", "hold", or "lost" where it is
    another's by now. Progress never falls. `told`: its caption and notes."""
    more = func.max(JOBS.c.progress, progress) if db.dialect.name == "sqlite" else (
        func.greatest(JOBS.c.progress, progress)
    )  # fmt: skip
    changed = db.execute(
        update(JOBS).where(_ours(job)).values(progress=more, phase=phase, **(told or {}))
    )
    if changed.rowcount != 1:
        return "lost"
    if preview is not None:
        db.execute(delete(PREVIEWS).where(PREVIEWS.c.job == job.id))
        db.execute(insert(PREVIEWS).values(job=job.id, step=preview[0], data=preview[1]))
    return str(db.execute(select(JOBS.c.stop).where(JOBS.c.id == job.id)).scalar() or "") or None


def orders(db: Connection, job: Job) -> str | None:
    """What a job is asked to do, as `report` says it."""
    row = db.execute(select(JOBS.c.stop).where(_ours(job))).first()
    return "lost" if row is None else row.stop


def complete(db: Connection, job: Job, made: Made, now: int, keep_ms: int | None) -> bool:
    """A job is done; False where it is another's by now, and what was stored is an orphan."""
    changed = db.execute(
        update(JOBS)
        .where(_ours(job))
        .values(
            status=Status.COMPLETED, progress=100, phase="", worker=None, stop=None,
            completed_at=now, expires_at=None if keep_ms is None else now + keep_ms,
            seconds=made.seconds, width=made.width, height=made.height, fps=made.fps,
            frames=made.frames, packets_sha256=made.packets_sha256, notes=list(made.notes),
            caption=made.caption, worked_ms=made.worked_ms,
        )
    )  # fmt: skip
    if changed.rowcount != 1:
        return False
    for row in made.objects:
        db.execute(insert(OBJECTS).values(account=job.account, job=job.id, created_at=now, **row))
    db.execute(delete(PREVIEWS).where(PREVIEWS.c.job == job.id))
    for one in _waiting(db, job.id):
        db.execute(update(JOBS).where(JOBS.c.id == one).values(waits=JOBS.c.waits - 1))
    events.tell(db, job.account, "video.completed", job.id, now)
    return True


def fail(db: Connection, job: Job, code: str, message: str, now: int) -> bool:
    """A job cannot be done, and why; False where it is another's by now."""
    return _fail(db, _ours(job), job.id, job.account, code, message, now)


def release(db: Connection, job: Job, *, held: bool = False, losses: int = 0) -> bool:
    """Back to the queue, at its turn; `losses` more than it had."""
    values: dict[str, Any] = {
        "status": Status.QUEUED, "worker": None, "stop": None, "held": held, "phase": "",
        "losses": JOBS.c.losses + losses,
    }  # fmt: skip
    return bool(db.execute(update(JOBS).where(_ours(job)).values(values)).rowcount == 1)


def lose_worker(db: Connection, worker: str, now: int) -> list[str]:
    """A worker is gone: its jobs go back to the queue, or fail after too many losses."""
    rows = db.execute(
        select(JOBS)
        .where(JOBS.c.worker == worker, JOBS.c.status == Status.IN_PROGRESS)
        .with_for_update()
    ).all()
    for job in map(as_job, rows):
        if job.stop == "cancel":
            fail(db, job, "cancelled", CANCELLED, now)
        elif job.losses + 1 >= MOST_LOSSES:
            fail(db, job, "worker_lost", f"{MOST_LOSSES} workers were lost over it", now)
        else:
            release(db, job, held=job.stop == "hold", losses=1)
    db.execute(delete(WORKERS).where(WORKERS.c.id == worker))
    return [row.id for row in rows]


def cancel(db: Connection, job: Job, now: int) -> Job:
    """Stop it: at once where it waits, within a step where it runs. Raises Conflict."""
    match job.status:
        case Status.QUEUED:
            _fail(db, JOBS.c.id == job.id, job.id, job.account, "cancelled", CANCELLED, now)
        case Status.IN_PROGRESS:
            db.execute(update(JOBS).where(JOBS.c.id == job.id).values(stop="cancel"))
        case _:
            raise Conflict(f"{job.id} is {job.status} already: there is nothing to cancel")
    return get(db, job.id)


def _fail(
    db: Connection, where: Any, job: str, account: str, code: str, message: str, now: int
) -> bool:
    """It failed, and with it all that was to be made of it."""
    if not _failed(db, where, job, account, code, message, now):
        return False
    lost = [job]
    while lost:
        one = lost.pop()
        for other in _waiting(db, one):
            what = f"{one} failed, which it waited for"
            mine = and_(JOBS.c.id == other, JOBS.c.status == Status.QUEUED)
            owner = str(db.execute(select(JOBS.c.account).where(JOBS.c.id == other)).scalar())
            if _failed(db, mine, other, owner, "dependency_failed", what, now):
                lost.append(other)
    return True


def _failed(
    db: Connection, where: Any, job: str, account: str, code: str, message: str, now: int
) -> bool:
    changed = db.execute(
        update(JOBS)
        .where(where)
        .values(
            status=Status.FAILED, worker=None, stop=None, phase="", completed_at=now,
            error_code=code, error_message=message,
        )
    )  # fmt: skip
    if changed.rowcount != 1:
        return False
    db.execute(delete(PREVIEWS).where(PREVIEWS.c.job == job))
    ledger.refund(db, account, job, now)
    events.tell(db, account, "video.failed", job, now)
    return True


def _waiting(db: Connection, job: str) -> list[str]:
    """Those that wait for a job, which wait for it no longer."""
    found = [row.job for row in db.execute(select(WAITS.c.job).where(WAITS.c.on_job == job))]
    db.execute(delete(WAITS).where(WAITS.c.on_job == job))
    return found


def _ours(job: Job) -> Any:
    return and_(
        JOBS.c.id == job.id,
        JOBS.c.status == Status.IN_PROGRESS,
        JOBS.c.worker == job.worker,
        JOBS.c.attempt == job.attempt,
    )
