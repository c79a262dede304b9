"""Batches are read, placed, counted and written out here, a little at a time.

How far a batch is stands in the database alone, so whoever is killed leaves nothing half: lines and
their jobs are one transaction, the files and the batch's end another. A transaction is short, and
others get theirs between two of them.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from yozora.studio import batch_lines, orders
from yozora.studio.batch_lines import Read
from yozora.studio.errors import Busy, Conflict, NotFound, StorageFull, StudioError, TooMany, about
from yozora.studio.intake import LINES_MIME, Intake
from yozora.studio.records import batches, library, once, people
from yozora.studio.records.batches import Batch, Line
from yozora.studio.records.batches import State as Stage
from yozora.studio.records.database import told
from yozora.studio.records.pages import new_id
from yozora.studio.records.people import Account
from yozora.studio.state import State

PRIORITY = -5  # of a line that names none: after what people wait for
MOST_AHEAD = 1000  # lines of a batch that wait or run at once
MOST_OF_ONE = 100  # batches of an account that are not over
HOLD_S = 0.02  # a transaction that places lines
READ_AHEAD, READ_S = 50, 1.0  # lines that are read before they are placed
COUNTED, STOPPED, REFUSED, WRITTEN, FORGOTTEN = 50, 20, 200, 500, 500  # lines a transaction
PAUSE_S, LOOK_S = 0.02, 0.5  # between two steps, where there is something to do and where not


class _Stale(Exception):
    """Somebody else went on with the batch: nothing of the transaction is kept."""


@dataclass
class Batches:
    """One of each server; several may share a database."""

    state: State
    ahead: dict[str, deque[Read]] = field(default_factory=dict)

    def run(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                moved = self.tick()
            except Busy:
                moved = False
            stopped.wait(PAUSE_S if moved else LOOK_S)

    def tick(self) -> bool:
        """A step of every batch; whether anything moved. Raises Busy."""
        with self.state.database.read() as db:
            found = batches.at_work(db)
        moved = False
        for one in found:
            try:
                moved = self.step(one) or moved
            except _Stale:
                self.ahead.pop(one.id, None)
            except Busy:
                raise
            except Exception as error:  # one batch does not stop the others
                traceback.print_exception(error, file=sys.stderr)
                self.ahead.pop(one.id, None)
        here = {one.id for one in found}
        self.ahead = {id_: read for id_, read in self.ahead.items() if id_ in here}
        if not moved:
            with self.state.database.write() as db:
                moved = batches.forget_lines(db, FORGOTTEN) > 0
        return moved

    def step(self, one: Batch) -> bool:
        """A little of a batch; whether anything moved. Raises Busy."""
        now = self.state.now()
        if now >= one.expires_at:
            with self.state.database.write() as db:
                batches.expire(db, one)
                one = batches.find(db, one.id, None)
        try:
            if one.status is Stage.VALIDATING:
                return self._validate(one)
            if one.status is Stage.FINALIZING:
                return self._write_out(one)
            return self._go_on(one)
        except NotFound:
            with self.state.database.write() as db:
                sentence = "the input file is not there any more: upload it again"
                fault = batch_lines.error_of("file_not_found", sentence, None)
                return batches.refuse(db, one, [fault], now)

    def _validate(self, one: Batch) -> bool:
        total, errors = batch_lines.checked(self._lines(one, 0))
        with self.state.database.write() as db:
            if errors:
                return batches.refuse(db, one, errors, self.state.now())
            return batches.begin(db, one, total, self.state.now())

    def _lines(self, one: Batch, at: int) -> Iterator[tuple[bytes, int]]:
        with self.state.database.read() as db:
            file = library.file(db, one.input_file, one.account)
        return batch_lines.lines(self.state.objects, file.object, file.bytes, at)

    def _go_on(self, one: Batch) -> bool:
        """Place lines, or stop what was placed; count what is over."""
        unread = one.status is Stage.CANCELLING and one.in_progress_at is None
        moved = False
        if one.end_as in batch_lines.STOPPED:
            with self.state.database.write() as db:
                moved = batches.stop_jobs(db, one, STOPPED, self.state.now()) > 0
            if not unread and one.placed < one.total:
                moved = self._refuse_rest(one)
        elif one.placed < one.total and one.placed - one.completed - one.failed < MOST_AHEAD:
            moved = self._place(one)
        moved = self._count(one) or moved
        with self.state.database.read() as db:
            one = batches.find(db, one.id, None)
        done = one.placed == one.total and one.completed + one.failed == one.total
        if one.status is Stage.CANCELLING and (unread or done):
            return self._write_out(one)
        if done:
            with self.state.database.write() as db:
                return batches.finalize(db, one, self.state.now()) or moved
        return moved

    def _place(self, one: Batch) -> bool:
        """Some lines become jobs, in one transaction that is soon over."""
        with self.state.database.read() as db:
            account = people.get(db, one.account)
        if account.disabled:
            return False
        try:
            self.state.check_disk()
        except StorageFull:
            return False
        ahead = self._read_ahead(one, account)
        placed: list[Line] = []
        with self.state.database.write() as db:
            until = time.monotonic() + HOLD_S
            for read in ahead:
                if placed and time.monotonic() > until:
                    break
                line = self._placed(db, one, account, read)
                if line is None:
                    break
                placed.append(line)
            if placed and not batches.advance(db, one, placed, ahead[len(placed) - 1].end):
                raise _Stale
        for _ in placed:
            ahead.popleft()
        return bool(placed)

    def _read_ahead(self, one: Batch, account: Account) -> deque[Read]:
        """Lines from the first that is not placed on, as far as they were read."""
        ahead = self.ahead.setdefault(one.id, deque())
        if ahead and ahead[0].number != one.placed + 1:
            ahead.clear()
        if ahead:
            return ahead
        intake = Intake(self.state, account)
        until = time.monotonic() + READ_S
        number = one.placed
        for raw, end in self._lines(one, one.read_bytes):
            number += 1
            ahead.append(batch_lines.read(raw, number, end, intake))
            if len(ahead) >= READ_AHEAD or time.monotonic() > until:
                break
        return ahead

    def _placed(self, db: Connection, one: Batch, account: Account, read: Read) -> Line | None:
        """A line with its job, or with its refusal; None where the queue has no room for it yet."""
        refusal = read.refusal
        if read.wish is not None and read.wanted is not None:
            wanted = read.wanted
            priority = wanted.priority if "priority" in wanted.model_fields_set else PRIORITY
            try:
                with told(), db.begin_nested():
                    job = orders.place(
                        db, account, read.wish, wanted.model, self.state.now(), batch=one.id,
                        priority=priority, held=wanted.held, after=tuple(wanted.after),
                        notes=read.notes,
                    )  # fmt: skip
                return Line(read.number, read.custom_id, job.id)
            except TooMany as error:
                if error.code == "queue_full":
                    return None
                refusal = error
            except Busy:
                raise
            except StudioError as error:
                refusal = error
        assert refusal is not None
        return Line(read.number, read.custom_id, None, batch_lines.refused(one, read, refusal))

    def _refuse_rest(self, one: Batch) -> bool:
        """Lines of a batch that was stopped, which were not placed."""
        stopped: list[Line] = []
        read_bytes = one.read_bytes
        for raw, end in self._lines(one, read_bytes):
            read_bytes = end
            stopped.append(batch_lines.unplaced(one, one.placed + len(stopped) + 1, raw))
            if len(stopped) >= REFUSED:
                break
        with self.state.database.write() as db:
            if not batches.advance(db, one, stopped, read_bytes):
                raise _Stale
        return bool(stopped)

    def _count(self, one: Batch) -> bool:
        """Lines whose jobs are over, with what the files shall say of them."""
        with self.state.database.read() as db:
            found = batches.over(db, one, COUNTED)
        if not found:
            return False
        ended = []
        for line, job in found:
            good, answer = batch_lines.outcome(one, line, job)
            ended.append((Line(line.number, line.custom_id, line.job, answer), good))
        with self.state.database.write() as db:
            batches.end_lines(db, one, ended)
        return True

    def _write_out(self, one: Batch) -> bool:
        """The files, then one transaction that makes them the account's and ends the batch."""
        kept: list[tuple[str, dict[str, Any]]] = []
        now = self.state.now()
        with tempfile.TemporaryDirectory(prefix="yozora-batch-") as folder:
            for good, name in ((True, "output"), (False, "error")):
                path = Path(folder) / f"{one.id}_{name}.jsonl"
                if self._answers(one, good, path):
                    id_ = new_id("file", now)
                    key = f"files/{id_}/jsonl"
                    size, sha256 = self.state.objects.put_file(key, path)
                    row = {"key": key, "bytes": size, "sha256": sha256, "filename": path.name}
                    kept.append((name, {"id": id_, **row}))
        expires = None if one.output_expires_s is None else now + one.output_expires_s * 1000
        files = {name: row["id"] for name, row in kept}
        with self.state.database.write() as db:
            if not batches.finish(db, one, files.get("output"), files.get("error"), now):
                raise _Stale  # the bytes are nobody's, and swept away
            for _, row in kept:
                library.add_object(
                    db, key=row["key"], account=one.account, role=library.FILE, mime=LINES_MIME,
                    bytes=row["bytes"], sha256=row["sha256"], ready=True, created_at=now,
                )  # fmt: skip
                library.add_file(
                    db, id=row["id"], account=one.account, object=row["key"],
                    filename=row["filename"], purpose="batch_output", created_at=now,
                    expires_at=expires,
                )  # fmt: skip
        return True

    def _answers(self, one: Batch, good: bool, path: Path) -> int:
        """Write what is said of good lines, or of the others; how many there are."""
        count = number = 0
        with path.open("w", encoding="utf-8") as file:
            while True:
                with self.state.database.read() as db:
                    found = batches.answers(db, one, good, number, WRITTEN)
                if not found:
                    return count
                file.writelines(json.dumps(answer) + "\n" for _, answer in found)
                count, number = count + len(found), found[-1][0]


def created(
    state: State, account: Account, input_file: str, window: str, window_ms: int,
    metadata: dict[str, str] | None, output_expires_s: int | None, key: str | None, sha256: str,
) -> Batch:  # fmt: skip
    """A new batch, or the one that the same request made before. Raises StudioError."""
    now = state.now()
    with state.database.write() as db:
        before = None if key is None else once.find(db, account.id, key)
        if before is not None:
            if before.request_sha256 != sha256:
                raise Conflict(
                    "this idempotency key came with another request before: use a new one",
                    code="idempotency_key_reused",
                )
            return batches.find(db, before.job, account.id)
        with about("input_file_id"):
            file = library.file(db, input_file, account.id)
        if file.purpose != "batch":
            raise StudioError(
                f"{file.id} is of the purpose {file.purpose!r}: upload it with purpose=batch",
                param="input_file_id",
            )
        if batches.count_unfinished(db, account.id) >= MOST_OF_ONE:
            raise TooMany(f"{MOST_OF_ONE} batches are not over yet: wait for one, or cancel it")
        one = Batch(
            new_id("batch", now), account.id, file.id, batch_lines.ENDPOINT, window,
            Stage.VALIDATING, Stage.COMPLETED, now, now + window_ms, metadata=metadata,
            output_expires_s=output_expires_s,
        )  # fmt: skip
        batches.add(db, one)
        if key is not None:
            once.remember(db, account.id, key, sha256, one.id, now)
    return one
