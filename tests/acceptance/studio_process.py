"""`yozora studio` as a process of its own, that can be killed and begun again on what it left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
from sqlalchemy import select

from yozora.studio.records.database import Database
from yozora.studio.records.tables import JOBS


class Process:
    """On a port of its own, with one worker."""

    def __init__(self, home: Path, weights: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.home = home
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

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def over(self, asked: list[str], within_s: float) -> dict[str, dict[str, object]]:
        """Those that are completed or failed, when all are or the time is."""
        found: dict[str, dict[str, object]] = {}
        until = time.monotonic() + within_s
        while len(found) < len(asked) and time.monotonic() < until:
            for one in asked:
                if one not in found:
                    now = self.http.get(f"/v1/videos/{one}").json()
                    if now["status"] in ("completed", "failed"):
                        found[one] = now
            time.sleep(0.3)
        return found

    def database(self) -> Database:
        return Database.open(f"sqlite:///{self.home}/studio/studio.db")

    def packets(self, video: str) -> str:
        """What was recorded of a film's packets when it was made."""
        database = self.database()
        with database.read() as db:
            found = db.execute(select(JOBS.c.packets_sha256).where(JOBS.c.id == video)).scalar()
        database.close()
        return str(found)
