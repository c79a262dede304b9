"""A whole studio inside a test: a real server, real workers, a real database; a fake network."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import openai
import uvicorn

from tests.fakes.engine import FakeEngine
from yozora.engine.finish import Finisher
from yozora.studio.api.app import application
from yozora.studio.keeping import Keeper
from yozora.studio.records import people
from yozora.studio.records.people import Role
from yozora.studio.serving import opened
from yozora.studio.settings import Settings
from yozora.studio.state import State
from yozora.studio.work.worker import Worker


@dataclass
class SlowEngine(FakeEngine):
    """Waits before each step while `slow` is set, so that a test can meet a job half-way; at its
    third step for as long as `holds` is."""

    slow: threading.Event = field(default_factory=threading.Event)
    holds: threading.Event = field(default_factory=threading.Event)

    def generate(self, canvas: Any, **settings: Any) -> Any:
        on_step = settings.pop("on_step")

        def slowly(done: int, of: int, clean: Any) -> None:
            on_step(done, of, clean)
            if self.slow.is_set():
                time.sleep(0.15)
            while done == 3 and self.holds.is_set():
                time.sleep(0.02)

        return super().generate(canvas, on_step=slowly, **settings)


@dataclass
class Studio:
    """A running one."""

    state: State
    keeper: Keeper
    url: str
    engine: SlowEngine
    workers: list[Worker]
    owner: str = ""  # the owner's key, where a test made one

    def client(self, key: str | None = None) -> httpx.Client:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20)

    def openai(self, key: str = "any") -> openai.OpenAI:
        """The real client, pointed here."""
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, timeout=20)

    def somebody(self, name: str, role: Role = Role.MEMBER, **limits: Any) -> str:
        """The secret of a new account's key."""
        with self.state.database.write() as db:
            account = people.add(db, name, role, self.state.now(), **limits)
            return people.add_key(db, account.id, "test", tuple(role.scopes), self.state.now())[1]

    def completed(self, answer: httpx.Response, client: httpx.Client) -> dict[str, Any]:
        """A video that was asked for, when it is done."""
        assert answer.status_code == 200, answer.text
        found = self.finished(answer.json()["id"], client)
        assert found["status"] == "completed", found["error"]
        return found

    def finished(self, video: str, client: httpx.Client | None = None) -> dict[str, Any]:
        """A video when it is over."""
        until = time.monotonic() + 30
        with contextlib.ExitStack() as stack:
            http = client or stack.enter_context(self.client())
            while time.monotonic() < until:
                found: dict[str, Any] = http.get(f"/v1/videos/{video}").json()
                if found["status"] in ("completed", "failed"):
                    return found
                time.sleep(0.03)
        raise AssertionError(found)


@contextlib.contextmanager
def studio(folder: Path, workers: int = 1, **settings: Any) -> Iterator[Studio]:
    """Everything in this process, on a port of its own, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    chosen = replace(Settings(folder), port=port, workers=workers, **settings)
    state = opened(chosen)
    keeper = Keeper(chosen, state.database, state.objects)
    engine = SlowEngine()
    crew = [worker(state, engine, f"worker-{n}") for n in range(workers)]
    threads = [threading.Thread(target=one.run, daemon=True) for one in crew]
    server = uvicorn.Server(
        uvicorn.Config(application(state), port=port, log_level="error", ws="websockets-sansio")
    )
    threads.append(threading.Thread(target=server.run, daemon=True))
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        yield Studio(state, keeper, f"http://127.0.0.1:{port}", engine, crew)
    finally:
        server.should_exit = True
        for one in crew:
            one.leaving.set()
            one.stopped.set()
        for thread in threads:
            thread.join(timeout=20)
        state.database.close()


def worker(state: State, engine: FakeEngine, name: str) -> Worker:
    folder = state.settings.staging / name
    return Worker(name, state.database, state.objects, folder, lambda: (engine, Finisher()))
