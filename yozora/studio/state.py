"""What every route is given: the database, the store, the clock, and who came too often."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.requests import HTTPConnection

from yozora.studio.errors import TooMany
from yozora.studio.estimates import Outlook
from yozora.studio.objects import Objects
from yozora.studio.records.database import Database
from yozora.studio.settings import Settings

USUAL_RATE = 6000  # calls a minute
MOST_FAILURES, FAILURES_S = 20, 60.0  # wrong keys from one address, and how long they are held
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


@dataclass
class Failures:
    """Addresses that tried wrong keys; they wait, so that nobody can guess one."""

    seen: dict[str, list[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, address: str) -> None:
        with self.lock:
            if len(self.seen) > MOST_REMEMBERED:
                self.seen.clear()
            self.seen.setdefault(address, []).append(time.monotonic())

    def check(self, address: str) -> None:
        """Raises TooMany."""
        since = time.monotonic() - FAILURES_S
        with self.lock:
            recent = [at for at in self.seen.get(address, []) if at > since]
            if recent:
                self.seen[address] = recent
            else:
                self.seen.pop(address, None)
            if len(recent) >= MOST_FAILURES:
                raise TooMany("too many wrong keys from here: wait a minute", after_s=FAILURES_S)


@dataclass
class Known:
    """Who showed what a moment ago: a key that is taken back holds for `KNOWN_S` more."""

    callers: dict[str, tuple[Any, float]] = field(default_factory=dict)

    def get(self, shown: str) -> Any:
        found = self.callers.get(shown)
        return found[0] if found is not None and time.monotonic() < found[1] else None

    def put(self, shown: str, who: Any) -> None:
        if len(self.callers) > MOST_REMEMBERED:
            self.callers.clear()
        self.callers[shown] = (who, time.monotonic() + KNOWN_S)

    def forget(self) -> None:
        """After a change of people or keys."""
        self.callers.clear()


@dataclass
class State:
    settings: Settings
    database: Database
    objects: Objects
    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    rates: Rates = field(default_factory=Rates)
    failures: Failures = field(default_factory=Failures)
    known: Known = field(default_factory=Known)
    outlook: Outlook = field(init=False)
    streams: asyncio.Semaphore = field(init=False)  # places for films that are watched live

    def __post_init__(self) -> None:
        self.streams = asyncio.Semaphore(self.settings.streams)
        self.outlook = Outlook(self.database, self.settings.workers)

    @property
    def is_open(self) -> bool:
        """Whether whoever sits at this machine needs no login."""
        return self.settings.open_here and self.settings.is_local


def state_of(connection: HTTPConnection) -> State:
    return cast(State, connection.app.state.studio)
