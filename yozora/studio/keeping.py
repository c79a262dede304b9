"""What keeps the studio tidy while it runs: lost workers, expired videos, orphaned bytes."""

from __future__ import annotations

import os
import platform
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from yozora.studio.batches import Batches
from yozora.studio.errors import Busy, Conflict
from yozora.studio.hooks import Hooks
from yozora.studio.objects import Objects
from yozora.studio.records import hooks, jobs, leases, library, once, people, workers
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Status
from yozora.studio.records.workers import Sign
from yozora.studio.settings import Settings
from yozora.studio.state import State

LOST_S = 15.0  # without a beat: a worker is lost
TICK_S = 1.0
SWEEP_S = 600.0
UPLOADING_S = 3600.0  # a file may take to come in


def is_dead(sign: Sign) -> bool:
    """Whether a worker of this machine has no process any more; of others nobody knows."""
    if sign.host != platform.node() or not sign.pid:
        return False
    try:
        os.kill(sign.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@dataclass
class Keeper:
    """`tick` once a second, from one thread of a server; several servers may each have one."""

    settings: Settings
    database: Database
    objects: Objects
    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    steady: Callable[[], float] = time.monotonic
    beats: dict[str, tuple[int, float]] = field(default_factory=dict)  # (count, when it moved)
    on_lost: Callable[[str], None] = lambda worker: None
    swept: float = float("-inf")
    stopped: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        state = State(self.settings, self.database, self.objects, self.now)
        self.hooks, self.batches = Hooks(state), Batches(state)

    def run(self) -> None:
        """Until `stopped`; webhooks and batches, which may take long, have threads of their own."""
        for other in (self.hooks.run, self.batches.run):
            threading.Thread(target=other, args=(self.stopped,), daemon=True).start()
        while not self.stopped.wait(TICK_S):
            try:
                self.tick()
            except Busy:
                continue

    def tick(self) -> None:
        """Raises Busy."""
        self.find_lost()
        self.expire()
        if self.steady() - self.swept > SWEEP_S:
            self.swept = self.steady()
            self.sweep()

    def find_lost(self) -> list[str]:
        """Workers whose beats stood still for `LOST_S` of this machine's own steady time: the clock
        on the wall may jump as it likes."""
        with self.database.read() as db:
            signs = workers.signs(db)
        self.beats = {one: seen for one, seen in self.beats.items() if one in signs}
        lost = []
        for worker, sign in signs.items():
            before = self.beats.get(worker)
            if is_dead(sign):
                lost.append(worker)
            elif before is None or before[0] != sign.beats:
                self.beats[worker] = (sign.beats, self.steady())
            elif self.steady() - before[1] > LOST_S:
                lost.append(worker)
        for worker in lost:
            self.lose(worker)
        return lost

    def lose(self, worker: str) -> None:
        """A worker is gone: its jobs go to others, its folder goes."""
        with self.database.write() as db:
            leases.lose_worker(db, worker, self.now())
        self.on_lost(worker)
        shutil.rmtree(self.settings.staging / worker, ignore_errors=True)

    def expire(self) -> None:
        """Videos and files whose time is over, and their bytes."""
        with self.database.read() as db:
            old = library.expired(db, self.now())
            files = library.expired_files(db, self.now())
        for job in old:
            try:
                with self.database.write() as db:
                    keys = jobs.remove(db, job)
            except Conflict:
                continue  # something is made of it yet
            for key in keys:
                self.objects.delete(key)
        for file in files:
            try:
                with self.database.write() as db:
                    key = library.remove_file(db, file)
            except Conflict:
                continue  # somebody began to use it
            self.objects.delete(key)

    def sweep(self) -> list[str]:
        """Bytes without a row: of workers that died before they could tell, of uploads that broke
        off. What is being made or sent now is left alone."""
        with self.database.write() as db:
            once.forget_old(db, self.now())
            people.forget_old(db, self.now())
            hooks.forget_old(db, self.now())
        found = list(self.objects.everything())  # before the rows, so that none is missed
        with self.database.read() as db:
            known = library.known_keys(db)
            at_work = {
                f"jobs/{job.id}/{job.attempt}/" for job in jobs.with_status(db, Status.IN_PROGRESS)
            }
        orphans = []
        for key, written_s in found:
            if key in known or any(key.startswith(prefix) for prefix in at_work):
                continue
            if key.startswith("files/") and self.now() / 1000 - written_s < UPLOADING_S:
                continue
            self.objects.delete(key)
            orphans.append(key)
        self._sweep_uploads()
        return orphans

    def _sweep_uploads(self) -> None:
        """Rows whose bytes never came."""
        with self.database.write() as db:
            library.forget_unready(db, self.now() - round(UPLOADING_S * 1000))
