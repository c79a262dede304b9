"""How long a job takes, learned from those that are done; and what it costs."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate

from yozora.studio.errors import Busy
from yozora.studio.records import paces
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Job, Status
from yozora.studio.wishes import Generate, Wish

OWN_PX = 256 * 144  # what the starter weights make; larger sizes are finished from it
QUALITY = {"fast": 1.0, "best": 4.0, "live": 1.0}
MICROS_A_UNIT = 1_000_000  # a credit is a second of film at the weights' own size, fast
LEAST_POLL_MS, MOST_POLL_MS = 500, 10_000
STALE_S = 1.0  # after which the queue is looked at again


def work(wish: Wish, seconds: float, width: int, height: int) -> float:
    """Units of work: seconds of film, heavier where it is larger, made in more steps or steered
    away from something."""
    own = wish.settings
    steps = QUALITY[own.quality] if own.steps is None else own.steps / 6
    drawn = seconds * max(0.25, steps) * (1.6 if own.negative else 1.0)
    finished = seconds * 0.15 * width * height / OWN_PX
    tool = 0.5 if isinstance(wish.tool, Generate) else 1.0  # reading what a film is made from
    return round(drawn + finished + tool, 3)


def price_micros(cost: float) -> int:
    """Credits, in millionths."""
    return round(cost * MICROS_A_UNIT)


@dataclass(frozen=True, slots=True)
class Estimate:
    """In seconds of wall time from now."""

    starts_s: float
    done_s: float

    @property
    def poll_ms(self) -> int:
        """When a client should ask again: a few times in what is left."""
        return round(min(MOST_POLL_MS, max(LEAST_POLL_MS, self.done_s * 250)))


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue at one moment: places in the order in which they are taken, and the work before
    each."""

    pace_s: dict[str, float]  # of wall a unit of work, by model
    usual_s: float
    running: float  # units left of what is being made
    places: list[tuple[int, float]]
    before: list[float]

    @staticmethod
    def seen(database: Database) -> Queue:
        with database.read() as db:
            rows = paces.waiting(db)
            running = paces.running(db)
            known = paces.known(db)
        rows.sort()
        before = list(accumulate((cost for *_, cost in rows), initial=0.0))
        places = [(rank, turn) for rank, turn, _ in rows]
        return Queue(known, known.get("", paces.USUAL_S), running, places, before)

    def of(self, job: Job, workers: int) -> Estimate:
        """When a job begins and when it is done."""
        pace = self.pace_s.get(job.model, self.usual_s)
        left = job.cost * pace * (100 - job.progress) / 100
        if job.status.is_final:
            return Estimate(0.0, 0.0)
        if job.status is Status.IN_PROGRESS:
            return Estimate(0.0, left)
        first = self.before[bisect_left(self.places, (-job.priority, job.turn))]
        wait = (self.running + first) * pace / max(1, workers)
        return Estimate(wait, wait + left)


@dataclass
class Outlook:
    """Estimates from a look at the queue that is seldom older than a second; who asks waits for it
    once at most."""

    database: Database
    workers: int
    steady: Callable[[], float] = time.monotonic
    _queue: Queue | None = None
    _at: float = 0.0
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def of(self, job: Job) -> Estimate:
        """Raises Busy on the first look alone."""
        if self._queue is None:
            self.look()
            assert self._queue is not None
        elif self.steady() - self._at > STALE_S and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look, daemon=True).start()
        return self._queue.of(job, self.workers)

    def look(self) -> None:
        """Raises Busy."""
        self._queue, self._at = Queue.seen(self.database), self.steady()

    def _look(self) -> None:
        try:
            self.look()
        except Busy:
            pass  # the last look holds on
        finally:
            self._at = self.steady()
            self._looking.release()
