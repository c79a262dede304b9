"""kill -9, fifty times, of the server and of its worker: every job ends once, nothing is left."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from yozora.media.video import packets_sha256
from yozora.studio.objects import Objects
from yozora.studio.records import library
from yozora.studio.records.database import Database
from yozora.studio.records.tables import EVENTS, JOBS

pytestmark = pytest.mark.acceptance
POINTS = 50
BODY = {"model": "yozora-1", "prompt": "a dog runs in a park", "seconds": 1, "size": "64x32"}


class Process:
    """`yozora studio`, that can be killed and begun again on what it left."""

    def __init__(self, home: Path, weights: Path, port: int) -> None:
        self.env = {
            **os.environ, "YOZORA_HOME": str(home), "YOZORA_WEIGHTS": str(weights),
            "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        self.command = [sys.executable, "-m", "yozora", "studio", "--port", str(port)]
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.env, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 90
        while True:
            try:
                if self.http.get("/healthz").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            assert self.process.poll() is None and time.monotonic() < until
            time.sleep(0.05)

    def worker(self) -> int | None:
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        return int(found[0]) if found else None

    def kill_server(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.start()

    def kill_worker(self) -> None:
        worker = self.worker()
        if worker is not None:
            os.kill(worker, signal.SIGKILL)


def test_whoever_is_killed_whenever(tmp_path, tiny_weights):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    dice, asked = random.Random(7), []
    studio = Process(tmp_path, tiny_weights, port)
    try:
        for point in range(POINTS):
            for _ in range(dice.randrange(3)):
                key = f"{point}-{len(asked)}"
                answer = studio.http.post("/v1/videos", json=BODY, headers={"idempotency-key": key})
                asked.append(answer.json()["id"])
            if asked and dice.random() < 0.4:
                body = {"prompt": "it jumps", "seconds": 1, "video": {"id": asked[-1]}}
                answer = studio.http.post("/v1/videos/extensions", json=body)
                if answer.status_code == 200:  # not where that one failed already
                    asked.append(answer.json()["id"])
            time.sleep(dice.uniform(0.0, 2.5))
            (studio.kill_server if dice.random() < 0.4 else studio.kill_worker)()
        over, until = {}, time.monotonic() + 900
        while len(over) < len(asked) and time.monotonic() < until:
            for one in asked:
                if one not in over:
                    found = studio.http.get(f"/v1/videos/{one}").json()
                    if found["status"] in ("completed", "failed"):
                        over[one] = found
            time.sleep(0.3)
        assert len(over) == len(asked)
        for one, found in over.items():
            if found["status"] == "failed":
                assert found["error"]["code"] in ("worker_lost", "dependency_failed"), found
                continue
            film = tmp_path / "film.mp4"
            film.write_bytes(studio.http.get(f"/v1/videos/{one}/content").content)
            assert packets_sha256(film) == recorded(tmp_path, one)
        studio.kill_server()  # who begins sweeps what is nobody's
        time.sleep(3)
    finally:
        studio.process.kill()
        studio.process.wait()
    database = Database.open(f"sqlite:///{tmp_path}/studio/studio.db")
    with database.read() as db:
        told = Counter(row.subject for row in db.execute(select(EVENTS.c.subject)))
        known = library.known_keys(db)
    stored = {key for key, _ in Objects.open(tmp_path / "studio" / "objects").everything()}
    assert told == Counter(asked), "each end is told once"
    assert stored == known, "no orphans, and nothing that is missing"
    completed = sum(found["status"] == "completed" for found in over.values())
    assert completed >= 0.8 * len(asked), Counter(found["status"] for found in over.values())


def recorded(home: Path, video: str) -> str:
    database = Database.open(f"sqlite:///{home}/studio/studio.db")
    with database.read() as db:
        found = db.execute(select(JOBS.c.packets_sha256).where(JOBS.c.id == video)).scalar()
    database.close()
    return str(found)
