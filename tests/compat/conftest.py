"""A running studio, and hands that do for a client what it cannot do itself."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.fakes.studio import Studio, studio
from yozora.media.video import write_mp4
from yozora.studio.records.database import WAIT_S
from yozora.studio.records.people import Role

NUMBERS = itertools.count()


class Hands(ThreadingHTTPServer):
    """`/hook` takes webhooks, `/delivered` shows them, `/busy` keeps the database from the studio
    until a caller was told so."""

    daemon_threads = True

    def __init__(self, database: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.database = database
        self.delivered: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def keep_busy(self) -> None:
        """Hold the database as another writer would, for longer than a caller waits."""
        held = sqlite3.connect(self.database, timeout=30, isolation_level=None,
                               check_same_thread=False)  # fmt: skip
        held.execute("BEGIN IMMEDIATE")

        def let_go() -> None:
            held.rollback()
            held.close()

        threading.Timer(2 * WAIT_S + 2, let_go).start()  # for its turn, then for the lock


class _Answering(BaseHTTPRequestHandler):
    server: Hands

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        said: Any = {}
        match self.path:
            case "/hook":
                headers = {name.lower(): value for name, value in self.headers.items()}
                self.server.delivered.append({"headers": headers, "body": raw})
            case "/delivered":
                said = self.server.delivered
            case "/busy":
                self.server.keep_busy()
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Hands]]:
    folder = tmp_path_factory.mktemp("studio")
    with studio(folder) as running:
        hands = Hands(folder / "studio.db")
        keeping = threading.Thread(target=running.keeper.run, daemon=True)  # webhooks, batches
        keeping.start()
        threading.Thread(target=hands.serve_forever, daemon=True).start()
        yield running, hands
        running.keeper.stopped.set()
        keeping.join(timeout=20)
        hands.shutdown()
        hands.server_close()


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a picture and a film of somebody's own."""
    folder = tmp_path_factory.mktemp("material")
    frames = np.full((24, 72, 128, 3), 220, np.uint8)
    for n, frame in enumerate(frames):
        frame[20:60, 20 + n : 70 + n] = 200, 60, 30  # something before a plain backdrop
    Image.fromarray(frames[0]).save(folder / "picture.png")
    write_mp4(folder / "film.mp4", list(frames), 24)
    return folder


def told(running: Studio, hands: Hands, material: Path, folder: Path) -> dict[str, str]:
    """What a driver is given: each has accounts of its own."""
    number = str(next(NUMBERS))
    return {
        "url": running.url,
        "hands": hands.url,
        "hook": f"{hands.url}/hook",
        "picture": str(material / "picture.png"),
        "film": str(material / "film.mp4"),
        "folder": str(folder),
        "guide": str(Path(__file__).parents[2] / "docs" / "migrate-from-sora.md"),
        "pager": running.somebody("pager" + number),
        "viewer": running.somebody("viewer" + number, Role.VIEWER),
        "few": running.somebody("few" + number, most_queued=0),
        "slow": running.somebody("slow" + number, rate_per_minute=30),
    }
