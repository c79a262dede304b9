"""A studio in one command: the server in this process, workers in others that end with it."""

from __future__ import annotations

import gc
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import uvicorn

from yozora.studio.api.app import application
from yozora.studio.errors import Busy, StudioError
from yozora.studio.keeping import Keeper
from yozora.studio.objects import Objects
from yozora.studio.records import people
from yozora.studio.records.database import Database
from yozora.studio.records.migrating import alone, migrate
from yozora.studio.records.people import Role
from yozora.studio.settings import Settings, check, make_home
from yozora.studio.spreading import Cluster
from yozora.studio.state import State

RESTART_S = 1.0  # before a worker that ended is started again; doubles to MOST_RESTART_S
MOST_RESTART_S = 30.0
Say = Callable[[str], None]


def opened(settings: Settings) -> State:
    """A studio's state: its database brought forward, its owner there. Raises StudioError."""
    settings = check(settings)
    make_home(settings)
    database = Database.open(settings.database_url)
    with database.reached():
        migrate(database)
    state = State(settings, database, Objects.open(settings.storage_url))
    with database.write() as db:
        alone(db)
        if people.owner(db) is None:
            people.add(db, "owner", Role.OWNER, state.now())
    return state


def serve(settings: Settings, say: Say) -> None:
    """Until it is interrupted. Raises StudioError."""
    check_free(check(settings))
    with opened_first(settings) as state:
        state.objects.reach()
        keeper = Keeper(settings, state.database, state.objects)
        keeper.tick()
        threading.Thread(target=keeper.run, daemon=True).start()
        crew = Cluster(settings, keeper, say) if settings.ray else Crew(settings, keeper, say)
        keeper.on_lost = crew.kill
        crew.start()
        try:
            tell(state, say)
            app = application(state)
            gc.collect()
            gc.freeze()  # what is there for good is not looked through again, 0.1 s a time
            config = uvicorn.Config(
                app, host=settings.host, port=settings.port, log_level="warning",
                access_log=False, server_header=False, timeout_graceful_shutdown=5,
                ws="websockets-sansio",
                h11_max_incomplete_event_size=64 << 10,
            )  # fmt: skip
            uvicorn.Server(config).run()
        finally:
            keeper.stopped.set()
            crew.stop()


def check_free(settings: Settings) -> None:
    """Raises StudioError where somebody listens there already, or nobody can."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except (OSError, ValueError) as error:  # a ValueError: of names that no host can have
        why = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        raise StudioError(
            f"{settings.host[:60]}:{settings.port} cannot be listened at ({why}): end what does, "
            "or choose another --port or --host"
        ) from error


class opened_first:
    """A studio's state, closed again; refuses to be reached from elsewhere without a login."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __enter__(self) -> State:
        self.state = opened(self.settings)
        if not self.settings.is_local:
            with self.state.database.read() as db:
                owner = people.owner(db)
                ready = owner is not None and (
                    owner.password_hash is not None or people.keys(db, owner.id)
                )
            if not ready:
                self.state.database.close()
                raise StudioError(
                    f"{self.settings.host} can be reached from elsewhere, and nobody has a key "
                    "yet: make one first with yozora studio --new-key NAME"
                )
        return self.state

    def __exit__(self, *error: object) -> None:
        self.state.database.close()


def tell(state: State, say: Say) -> None:
    """Where it is, and how its owner comes in."""
    where = state.settings.address
    say(f"studio:  {where}   (API: {where}/v1, base_url of any client)")
    if state.is_open:
        say("login:   none is needed on this machine; keys: yozora studio --new-key NAME")
        return
    with state.database.write() as db:
        owner = people.owner(db)
        assert owner is not None, "opened makes one"
        secret = people.add_link(db, owner.id, state.now())
    say(f"login:   {where}/enter/{secret}   (once, within a day)")


@dataclass
class Crew:
    """Workers as processes of their own. They end when this one does: their input closes."""

    settings: Settings
    keeper: Keeper
    say: Say
    ended: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        for _ in range(self.settings.workers):
            thread = threading.Thread(target=self._keep_one, daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self) -> None:
        """Ask them to leave what they do, and give it back to the queue."""
        self.ended.set()
        for process in list(self.running.values()):
            if process.stdin is not None:
                process.stdin.close()
        for thread in self.threads:
            thread.join(timeout=10)
        for process in list(self.running.values()):
            process.kill()

    def kill(self, name: str) -> None:
        """One that hangs; another is started in its place."""
        process = self.running.get(name)
        if process is not None:
            process.kill()

    def _keep_one(self) -> None:
        wait = RESTART_S
        while not self.ended.is_set():
            name = f"worker-{secrets.token_hex(6)}"
            began = time.monotonic()
            process = subprocess.Popen(command(self.settings, name), stdin=subprocess.PIPE)
            self.running[name] = process
            code = process.wait()
            self.running.pop(name, None)
            self._lost(name)
            if self.ended.is_set():
                return
            self.say(f"note:    {name} ended ({code}), another one is started")
            wait = RESTART_S if time.monotonic() - began > 60 else min(wait * 2, MOST_RESTART_S)
            self.ended.wait(wait)

    def _lost(self, name: str) -> None:
        try:
            self.keeper.lose(name)
        except Busy:
            return  # the keeper finds it


def command(settings: Settings, name: str) -> list[str]:
    """What starts a worker by this name."""
    return [
        sys.executable, "-m", "yozora.studio.work", "--name", name, "--home", str(settings.home),
        "--database", settings.database_url, "--storage", settings.storage_url,
        "--nice", str(settings.nice), "--keep-days", str(settings.keep_days or 0),
    ]  # fmt: skip
