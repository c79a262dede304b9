"""Who watches or asks for jobs: one look at the database for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from yozora.studio.errors import Busy
from yozora.studio.records import facts, jobs
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Job

T = TypeVar("T")
LOOK_S = 0.2
ALIVE_S = 15.0  # between two signs of life to a listener to whom nothing is told
GATHER_S = 0.01  # in which those come together who ask for jobs
MOST_IN_LINE = 50  # jobs of one account that are told at once


@dataclass(frozen=True, slots=True)
class Seen:
    """A job as it is now, and its preview where there is a newer one; None for one that is gone."""

    job: Job | None
    preview: tuple[int, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An account's jobs that run or wait, the next one first; and whether there are more."""

    jobs: tuple[Job, ...]
    previews: dict[str, tuple[int, bytes]]
    has_more: bool
    paused: bool  # the whole queue


@dataclass
class Lookups:
    """Single jobs for very many who ask. The way to another thread and back takes longer than a
    row: SQLite's is read at once, and of PostgreSQL all at once that came together."""

    database: Database
    waiting: dict[str, list[asyncio.Future[Job | None]]] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None

    async def job(self, name: str) -> Job | None:
        """A job as it is now; None where there is none. Raises Busy."""
        if self.database.is_sqlite:  # a row of a file here, which no writer holds up
            return self._found([name]).get(name)
        mine: asyncio.Future[Job | None] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(name, []).append(mine)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._look())
        return await mine

    async def _look(self) -> None:
        while self.waiting:
            await asyncio.sleep(GATHER_S)
            asked, self.waiting = self.waiting, {}
            found: dict[str, Job] = {}
            fault: Exception | None = None
            try:
                found = await run_in_threadpool(self._found, list(asked))
            except Exception as error:  # theirs who asked
                fault = error
            for name, futures in asked.items():
                for one in futures:
                    if one.done():  # gone in the meantime
                        continue
                    if fault is None:
                        one.set_result(found.get(name))
                    else:
                        one.set_exception(fault)

    def _found(self, names: list[str]) -> dict[str, Job]:
        with self.database.read() as db:
            return jobs.several(db, names)


@dataclass
class Watcher:
    """Hands what changed to whom it concerns. One task, however many listen."""

    database: Database
    queues: dict[str, set[asyncio.Queue[Seen]]] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    lines: dict[str, set[asyncio.Queue[Line]]] = field(default_factory=dict)
    seen_lines: dict[str, Line] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None

    async def watch(self, job: str) -> AsyncIterator[Seen | None]:
        """What becomes of a job, until it is over; None is a sign of life."""
        queue: asyncio.Queue[Seen] = asyncio.Queue(maxsize=8)
        self.queues.setdefault(job, set()).add(queue)
        if job in self.seen:
            queue.put_nowait(self.seen[job])
        self._begin()
        try:
            while True:
                try:
                    seen = await asyncio.wait_for(queue.get(), ALIVE_S)
                except TimeoutError:
                    yield None
                    continue
                yield seen
                if seen.job is None or seen.job.status.is_final:
                    return
        finally:
            self.queues[job].discard(queue)
            if not self.queues[job]:
                del self.queues[job]
                self.seen.pop(job, None)

    async def line(self, account: str) -> AsyncIterator[Line | None]:
        """All that an account has under way, each time that it changes; None is a sign of life."""
        queue: asyncio.Queue[Line] = asyncio.Queue(maxsize=1)
        self.lines.setdefault(account, set()).add(queue)
        if account in self.seen_lines:
            queue.put_nowait(self.seen_lines[account])
        self._begin()
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), ALIVE_S)
                except TimeoutError:
                    yield None
        finally:
            self.lines[account].discard(queue)
            if not self.lines[account]:
                del self.lines[account]
                self.seen_lines.pop(account, None)

    def _begin(self) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._look())

    async def close(self) -> None:
        if self.task is not None:
            self.task.cancel()

    async def _look(self) -> None:
        while self.queues or self.lines:
            try:
                found, lines = await run_in_threadpool(
                    self._found, list(self.queues), list(self.lines)
                )
            except Busy:
                found, lines = {}, {}
            for name, seen in found.items():
                if seen != self.seen.get(name) and name in self.queues:
                    self.seen[name] = seen
                    _tell(self.queues[name], seen)
            for account, line in lines.items():
                if line != self.seen_lines.get(account) and account in self.lines:
                    self.seen_lines[account] = line
                    _tell(self.lines[account], line)
            await asyncio.sleep(LOOK_S)

    def _found(
        self, names: list[str], accounts: list[str]
    ) -> tuple[dict[str, Seen], dict[str, Line]]:
        with self.database.read() as db:
            here = jobs.several(db, names)
            lines = {one: jobs.line(db, one, MOST_IN_LINE + 1) for one in accounts}
            waiting = [job.id for line in lines.values() for job in line]
            previews = jobs.previews(db, [*here, *waiting])
            paused = bool(facts.get(db, facts.PAUSED))
        return (
            {name: Seen(here.get(name), previews.get(name)) for name in names},
            {
                account: Line(
                    tuple(line[:MOST_IN_LINE]),
                    {job.id: previews[job.id] for job in line if job.id in previews},
                    len(line) > MOST_IN_LINE, paused,
                )
                for account, line in lines.items()
            },
        )  # fmt: skip


def _tell(listeners: set[asyncio.Queue[T]], what: T) -> None:
    """Who is slow misses what is old."""
    for queue in listeners:
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(what)
