"""Batches: many videos from one file, a job for each of its lines.

    validating -> in_progress -> finalizing -> completed | cancelled | expired
               -> failed         (cancelling comes before cancelled)

Lines are placed in the order of the file, some at a time; how far that is stands in the batch's own
row, and moves in the transaction that makes the jobs. So no line becomes two. Each function is part
of one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from yozora.studio.errors import Conflict, NotFound
from yozora.studio.records import events, leases
from yozora.studio.records.jobs import Job, Status, as_job
from yozora.studio.records.pages import Page, paged
from yozora.studio.records.tables import BATCH_LINES, BATCHES, JOBS


class State(StrEnum):
    """Those that OpenAI's clients know."""

    VALIDATING = "validating"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


WORKED_ON = (State.VALIDATING, State.IN_PROGRESS, State.FINALIZING, State.CANCELLING)


@dataclass(frozen=True, slots=True)
class Batch:
    id: str
    account: str
    input_file: str
    endpoint: str
    window: str
    status: State
    end_as: State
    created_at: int
    expires_at: int
    output_file: str | None = None
    error_file: str | None = None
    metadata: dict[str, str] | None = None
    errors: list[dict[str, Any]] | None = None
    total: int = 0
    placed: int = 0
    read_bytes: int = 0
    completed: int = 0
    failed: int = 0
    output_expires_s: int | None = None
    in_progress_at: int | None = None
    finalizing_at: int | None = None
    cancelling_at: int | None = None
    ended_at: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was placed: its job, or why there is none."""

    number: int
    custom_id: str
    job: str | None
    answer: dict[str, Any] | None = None  # of one that is over


def add(db: Connection, one: Batch) -> None:
    values = {name: getattr(one, name) for name in Batch.__slots__}
    db.execute(insert(BATCHES).values(values))


def count_unfinished(db: Connection, account: str) -> int:
    found = select(func.count()).where(BATCHES.c.account == account, BATCHES.c.ended_at.is_(None))
    return int(db.execute(found).scalar() or 0)


def find(db: Connection, id_: str, account: str | None) -> Batch:
    """One of an account's own; of anybody's where None. Raises NotFound."""
    mine = BATCHES.c.id == id_
    if account is not None:
        mine = and_(mine, BATCHES.c.account == account)
    row = db.execute(select(BATCHES).where(mine)).first()
    if row is None:
        raise NotFound(f"there is no batch {id_[:60]!r}: check the id", param="batch_id")
    return _batch(row)


def listed(db: Connection, account: str, limit: int, after: str | None) -> Page:
    """The newest first."""
    wanted = select(BATCHES).where(BATCHES.c.account == account)
    return paged(db, BATCHES, wanted, limit, after, True, _batch)


def at_work(db: Connection) -> list[Batch]:
    """Everybody's that are not over, the oldest first."""
    rows = db.execute(
        select(BATCHES)
        .where(BATCHES.c.status.in_(WORKED_ON))
        .order_by(BATCHES.c.created_at, BATCHES.c.id)
    )
    return [_batch(row) for row in rows]


def begin(db: Connection, one: Batch, total: int, now: int) -> bool:
    """Its file is in order."""
    return _move(db, one, State.IN_PROGRESS, total=total, in_progress_at=now)


def refuse(db: Connection, one: Batch, errors: list[dict[str, Any]], now: int) -> bool:
    """Its file is not, and why: nothing of it is made."""
    if not _move(db, one, State.FAILED, errors=errors, end_as=State.FAILED, ended_at=now):
        return False
    events.tell(db, one.account, "batch.failed", one.id, now)
    return True


def cancel(db: Connection, one: Batch, now: int) -> Batch:
    """Raises Conflict for what is over."""
    if one.status is State.CANCELLING:
        return one
    values = {"end_as": State.CANCELLED, "cancelling_at": now}
    if one.status not in (State.VALIDATING, State.IN_PROGRESS) or not _move(
        db, one, State.CANCELLING, **values
    ):
        raise Conflict(f"{one.id} is {one.status} already: there is nothing to cancel")
    return find(db, one.id, one.account)


def expire(db: Connection, one: Batch) -> bool:
    """Its time is over; what is made of it is kept, the rest is stopped."""
    changed = db.execute(
        update(BATCHES)
        .where(BATCHES.c.id == one.id, BATCHES.c.end_as == State.COMPLETED,
               BATCHES.c.status.in_((State.VALIDATING, State.IN_PROGRESS)))
        .values(end_as=State.EXPIRED)
    )  # fmt: skip
    return bool(changed.rowcount == 1)


def advance(db: Connection, one: Batch, lines: Sequence[Line], read_bytes: int) -> bool:
    """These lines were placed, up to this byte of the file; False where somebody else did, or the
    batch was stopped: then none of the transaction may be kept."""
    changed = db.execute(
        update(BATCHES)
        .where(BATCHES.c.id == one.id, BATCHES.c.placed == one.placed,
               BATCHES.c.status == one.status, BATCHES.c.end_as == one.end_as)
        .values(placed=one.placed + len(lines), read_bytes=read_bytes,
                failed=BATCHES.c.failed + sum(line.job is None for line in lines))
    )  # fmt: skip
    if changed.rowcount != 1:
        return False
    rows = [
        {
            "batch": one.id, "number": line.number, "custom_id": line.custom_id, "job": line.job,
            "ended": line.job is None, "good": False, "answer": line.answer,
        }
        for line in lines
    ]  # fmt: skip
    if rows:
        db.execute(insert(BATCH_LINES), rows)
    return True


def over(db: Connection, one: Batch, most: int) -> list[tuple[Line, Job | None]]:
    """Lines whose jobs are over, or gone, and that were not counted yet."""
    final = JOBS.c.status.in_((Status.COMPLETED, Status.FAILED))
    rows = db.execute(
        select(BATCH_LINES.c.number, BATCH_LINES.c.custom_id, BATCH_LINES.c.job)
        .outerjoin(JOBS, JOBS.c.id == BATCH_LINES.c.job)
        .where(
            BATCH_LINES.c.batch == one.id, BATCH_LINES.c.ended.is_(False),
            or_(JOBS.c.id.is_(None), final),
        )
        .order_by(BATCH_LINES.c.number)
        .limit(most)
    ).all()  # fmt: skip
    lines = [Line(row.number, row.custom_id, row.job) for row in rows]
    found = db.execute(select(JOBS).where(JOBS.c.id.in_([line.job for line in lines])))
    here = {row.id: as_job(row) for row in found}
    return [(line, here.get(str(line.job))) for line in lines]


def end_lines(db: Connection, one: Batch, ended: Sequence[tuple[Line, bool]]) -> None:
    """Count lines that are over, each once, with what is to be said of them."""
    good = bad = 0
    for line, is_good in ended:
        changed = db.execute(
            update(BATCH_LINES)
            .where(
                BATCH_LINES.c.batch == one.id, BATCH_LINES.c.number == line.number,
                BATCH_LINES.c.ended.is_(False),
            )
            .values(ended=True, good=is_good, answer=line.answer)
        )  # fmt: skip
        if changed.rowcount == 1:
            good, bad = good + is_good, bad + (not is_good)
    db.execute(
        update(BATCHES)
        .where(BATCHES.c.id == one.id)
        .values(completed=BATCHES.c.completed + good, failed=BATCHES.c.failed + bad)
    )


def stop_jobs(db: Connection, one: Batch, most: int, now: int) -> int:
    """Cancel some of the jobs that are not over; how many were asked."""
    rows = db.execute(
        select(JOBS)
        .where(
            JOBS.c.batch == one.id, JOBS.c.status.in_((Status.QUEUED, Status.IN_PROGRESS)),
            or_(JOBS.c.stop.is_(None), JOBS.c.stop != "cancel"),
        )
        .limit(most)
    ).all()  # fmt: skip
    for row in rows:
        leases.cancel(db, as_job(row), now)
    return len(rows)


def finalize(db: Connection, one: Batch, now: int) -> bool:
    """All its lines are over."""
    return _move(db, one, State.FINALIZING, finalizing_at=now)


def finish(
    db: Connection, one: Batch, output: str | None, errors: str | None, now: int
) -> bool:  # fmt: skip
    """Its files are written."""
    values = {"output_file": output, "error_file": errors, "ended_at": now}
    if not _move(db, one, one.end_as, **values):
        return False
    events.tell(db, one.account, f"batch.{one.end_as}", one.id, now)
    return True


def answers(
    db: Connection, one: Batch, good: bool, after: int, most: int
) -> list[tuple[int, dict[str, Any]]]:
    """(number, what is said of it) of lines that are over, from the one that follows `after`."""
    rows = db.execute(
        select(BATCH_LINES.c.number, BATCH_LINES.c.answer)
        .where(
            BATCH_LINES.c.batch == one.id, BATCH_LINES.c.good.is_(good),
            BATCH_LINES.c.number > after,
        )
        .order_by(BATCH_LINES.c.number)
        .limit(most)
    )  # fmt: skip
    return [(row.number, row.answer) for row in rows]


def forget_lines(db: Connection, most: int) -> int:
    """Some lines of batches whose files are written; how many there were."""
    done = select(BATCHES.c.id).where(BATCHES.c.ended_at.is_not(None))
    rows = db.execute(
        select(BATCH_LINES.c.batch, BATCH_LINES.c.number)
        .where(BATCH_LINES.c.batch.in_(done))
        .limit(most)
    ).all()
    for batch in {row.batch for row in rows}:
        numbers = [row.number for row in rows if row.batch == batch]
        db.execute(
            delete(BATCH_LINES).where(
                BATCH_LINES.c.batch == batch, BATCH_LINES.c.number.in_(numbers)
            )
        )
    return len(rows)


def _move(db: Connection, one: Batch, to: State, **values: Any) -> bool:
    """To another state; False where it is in another one by now."""
    changed = db.execute(
        update(BATCHES)
        .where(BATCHES.c.id == one.id, BATCHES.c.status == one.status,
               BATCHES.c.end_as == one.end_as)
        .values(status=to, **values)
    )  # fmt: skip
    return bool(changed.rowcount == 1)


def _batch(row: Any) -> Batch:
    values = dict(row._mapping)
    status, end_as = State(values["status"]), State(values["end_as"])
    return Batch(**{**values, "status": status, "end_as": end_as})
