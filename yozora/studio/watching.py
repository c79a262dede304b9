"""Who watches jobs: one look at the database for all of them, a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from yozora.studio.errors import Busy
from yozora.studio.records import jobs
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Job

LOOK_S = 0.2
ALIVE_S = 15.0  # between two signs of life to a listener to whom nothing is told


@dataclass(frozen=True, slots=True)
class Seen:
    """A job as it is now, and its preview where there is a newer one; None for one that is gone."""

    job: Job | None
    preview: tuple[int, bytes] | None = None


@dataclass
class Watcher:
    """Hands what changed to whom it concerns. One task, however many listen."""

    database: Database
    queues: dict[str, set[asyncio.Queue[Seen]]] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None

    async def watch(self, job: str) -> AsyncIterator[Seen | None]:
        """What becomes of a job, until it is over; None is a sign of life."""
        queue: asyncio.Queue[Seen] = asyncio.Queue(maxsize=8)
        self.queues.setdefault(job, set()).add(queue)
        if job in self.seen:
            queue.put_nowait(self.seen[job])
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._look())
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

    async def close(self) -> None:
        if self.task is not None:
            self.task.cancel()

    async def _look(self) -> None:
        while self.queues:
            names = list(self.queues)
            try:
                found = await run_in_threadpool(self._found, names)
            except Busy:
                found = {}
            for name, seen in found.items():
                if seen != self.seen.get(name):
                    self.seen[name] = seen
                    for queue in self.queues.get(name, ()):
                        if queue.full():
                            queue.get_nowait()  # who is slow misses what is old
                        queue.put_nowait(seen)
            await asyncio.sleep(LOOK_S)

    def _found(self, names: list[str]) -> dict[str, Seen]:
        with self.database.read() as db:
            here = jobs.several(db, names)
            previews = jobs.previews(db, list(here))
        return {name: Seen(here.get(name), previews.get(name)) for name in names}
