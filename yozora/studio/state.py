"""What every route is given: the database, the store, the clock, and who came too often."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.requests import HTTPConnection

from yozora.studio.errors import TooMany
from yozora.studio.estimates import Outlook
from yozora.studio.objects import Objects
from yozora.studio.records.database import Database
from yozora.studio.room import check_disk
from yozora.studio.settings import Settings

USUAL_RATE = 6000  # calls a minute
MOST_FAILURES, FAILURES_S = 20, 60.0  # from one address, and how long they are held
MOST_GUESSES, GUESSES_S = 10, 900.0  # at one name's password
MOST_REMEMBERED = 10_000
KNOWN_S = 2.0


@dataclass
class Rates:
    """Token buckets, one an account."""

    buckets: dict[str, tuple[float, float]] = field(default_factory=dict)  # (tokens, when)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, who: str, per_minute: int | None) -> None:
        """Raises TooMany."""
        most = per_minute or USUAL_RATE
        now = time.monotonic()
        with self.lock:
            tokens, then = self.buckets.get(who, (float(most), now))
            tokens = min(float(most), tokens + (now - then) * most / 60)
            if tokens < 1:
                wait = (1 - tokens) * 60 / most
                raise TooMany(f"more than {most} calls a minute: slow down", after_s=wait)
            self.buckets[who] = (tokens - 1, now)

    def forget(self, who: str) -> None:
        with self.lock:
            self.buckets.pop(who, None)


@dataclass
class Failures:
    """Who failed to prove who they are, by address or by name; after so many they wait, so that
    nobody can guess."""

    most: int = MOST_FAILURES
    within_s: float = FAILURES_S
    seen: dict[str, deque[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, who: str) -> None:
        """One more. Raises TooMany where there were too many already.

        Passwords are counted before they are looked at, and forgiven where they are right: who
        tries many at once gets no more than who tries them in turn."""
        now = time.monotonic()
        with self.lock:
            recent = self.seen.pop(who, deque())
            while recent and recent[0] <= now - self.within_s:
                recent.popleft()
            self.seen[who] = recent  # the last of the dict is who failed last
            while len(self.seen) > MOST_REMEMBERED:
                del self.seen[next(iter(self.seen))]
            if len(recent) >= self.most:
                wait = recent[0] + self.within_s - now
                raise TooMany(
                    f"too many wrong keys or passwords: wait {max(1, round(wait))} s", after_s=wait
                )
            recent.append(now)

    def forgive(self, who: str) -> None:
        """What was counted last was no failure."""
        with self.lock:
            if recent := self.seen.get(who):
                recent.pop()


@dataclass
class Known:
    """Who showed what a moment ago: a key that is taken back holds for `KNOWN_S` more."""

    callers: dict[str, tuple[Any, float]] = field(default_factory=dict)
    changes: int = 0

    def get(self, shown: str) -> Any:
        found = self.callers.get(shown)
        return found[0] if found is not None and time.monotonic() < found[1] else None

    def put(self, shown: str, who: Any, changes: int) -> None:
        """`changes`: as they were before it was looked up who this is."""
        if changes != self.changes:
            return
        if len(self.callers) > MOST_REMEMBERED:
            self.callers.clear()
        self.callers[shown] = (who, time.monotonic() + KNOWN_S)

    def forget(self) -> None:
        """After a change of people or keys, which is one of this server: of others' it learns
        when the time is over."""
        self.changes += 1
        self.callers.clear()


@dataclass
class State:
    settings: Settings
    database: Database
    objects: Objects
    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    rates: Rates = field(default_factory=Rates)
    failures: Failures = field(default_factory=Failures)  # by address
    guesses: Failures = field(default_factory=lambda: Failures(MOST_GUESSES, GUESSES_S))  # by name
    known: Known = field(default_factory=Known)
    streaming: Counter[str] = field(default_factory=Counter)  # films watched live, by account
    outlook: Outlook = field(init=False)
    streams: asyncio.Semaphore = field(init=False)  # places for films that are watched live

    def __post_init__(self) -> None:
        self.streams = asyncio.Semaphore(self.settings.streams)
        self.outlook = Outlook(self.database, self.settings.workers)

    def check_disk(self) -> None:
        """Raises StorageFull where nothing more is to be taken in."""
        check_disk(self.settings.home, self.objects.folder)

    @property
    def is_open(self) -> bool:
        """Whether whoever sits at this machine needs no login."""
        return self.settings.open_here and self.settings.is_local


def state_of(connection: HTTPConnection) -> State:
    return cast(State, connection.app.state.studio)
