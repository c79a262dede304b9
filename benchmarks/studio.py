"""How many jobs, pollers and listeners a studio bears, and how long an API call takes meanwhile.

    python benchmarks/studio.py [--jobs 10000] [--pollers 200] [--listeners 50] [--seconds 60]
                                [--database URL] [--nice 19]

First so many jobs are asked for over HTTP and drained by workers that make nothing: each must end
once. Then a real worker makes films on both cores, niced, while pollers ask for a
video once a second, listeners follow its events, and a client calls one route after the other; that
client's calls are timed. Prints one JSON object. The others are a process of their own, on the same
cores as everything else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select

from yozora.studio.records import leases
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Made, Status
from yozora.studio.records.tables import EVENTS, JOBS

MADE = Made((), 4.0, 256, 144, 12.0, 48, "0" * 64)
SMALL = {"model": "yozora-1", "prompt": "a dog runs in a park", "seconds": "4"}


class Client:
    """One kept-alive connection; as little Python as an HTTP client can do with."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, bytes, float]:
        """(status, body, seconds)."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        reader, writer = self.streams
        raw = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n"
        head += f"content-type: application/json\r\ncontent-length: {len(raw)}\r\n\r\n"
        began = time.perf_counter()
        writer.write(head.encode() + raw)
        told = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(told.split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        return int(told.split()[1]), answer, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--pollers", type=int, default=200)
    parser.add_argument("--listeners", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database")
    parser.add_argument("--nice", type=int, default=19)
    parser.add_argument("--port", type=int, default=8765)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/studio/studio.db"
        found: dict[str, Any] = {"database": url.split(":")[0], "nice": arguments.nice}
        with served(folder, url, arguments, workers=0):
            found["queue"] = asyncio.run(drained(arguments, url))
        print(json.dumps(found), file=sys.stderr, flush=True)
        for label, nice in (("idle", None), ("busy", arguments.nice)):
            workers = 0 if nice is None else 1
            with served(folder, url, arguments, workers=workers) as studio:
                found[label] = asyncio.run(pressed(arguments, studio, busy=workers > 0))
            print(json.dumps(found[label]), file=sys.stderr, flush=True)
    print(json.dumps(found))


class served:
    """A studio as a process of its own."""

    def __init__(self, folder: str, url: str, arguments: argparse.Namespace, workers: int) -> None:
        self.command = [
            sys.executable, "-m", "yozora", "studio", "--port", str(arguments.port),
            "--workers", str(workers), "--nice", str(arguments.nice), "--database", url,
        ]  # fmt: skip
        self.env = {**os.environ, "YOZORA_HOME": folder}
        self.port = arguments.port

    def __enter__(self) -> int:
        self.process = subprocess.Popen(self.command, env=self.env, stderr=subprocess.DEVNULL)

        async def up() -> None:
            while True:
                try:
                    status, *_ = await Client(self.port).call("GET", "/healthz")
                    assert status == 200
                    return
                except (OSError, asyncio.IncompleteReadError):
                    await asyncio.sleep(0.1)

        asyncio.run(asyncio.wait_for(up(), 60))
        return self.process.pid

    def __exit__(self, *error: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)


async def drained(arguments: argparse.Namespace, url: str) -> dict[str, Any]:
    """Jobs asked for by eight clients while four workers that make nothing take them."""
    taken: list[str] = []
    over = threading.Event()
    crew = [threading.Thread(target=take, args=(url, taken, over)) for _ in range(2)]
    began = time.perf_counter()
    for one in crew:
        one.start()
    left = iter(range(arguments.jobs))
    asked: list[str] = []

    async def ask() -> None:
        client = Client(arguments.port)
        for seed in left:
            status, raw, _ = await client.call("POST", "/v1/videos", SMALL | {"seed": seed})
            assert status == 200, raw
            asked.append(json.loads(raw)["id"])

    await asyncio.gather(*(ask() for _ in range(8)))
    queued_s = time.perf_counter() - began
    over.set()
    for one in crew:
        await asyncio.to_thread(one.join)
    drained_s = time.perf_counter() - began
    database = Database.open(url)
    with database.read() as db:
        status = Counter(row.status for row in db.execute(select(JOBS.c.status)))
        told = Counter(row.subject for row in db.execute(select(EVENTS.c.subject)))
    database.close()
    return {
        "asked": len(asked), "different": len(set(asked)), "run": len(taken),
        "run_twice": len(taken) - len(set(taken)), "lost": len(set(asked) - set(taken)),
        "completed": status[Status.COMPLETED], "ends_told_once": sum(n == 1 for n in told.values()),
        "queued_a_second": round(len(asked) / queued_s), "all_s": round(drained_s, 1),
    }  # fmt: skip


def take(url: str, taken: list[str], over: threading.Event) -> None:
    """A worker that makes nothing."""
    database, name = Database.open(url), secrets.token_hex(4)
    while True:
        with database.write() as db:
            job = leases.lease(db, name, time.time_ns() // 1_000_000)
        if job is None:
            if over.is_set():
                break
            time.sleep(0.02)
            continue
        taken.append(job.id)
        with database.write() as db:
            assert leases.complete(db, job, MADE, time.time_ns() // 1_000_000, None)
    database.close()


async def pressed(arguments: argparse.Namespace, studio: int, busy: bool) -> dict[str, Any]:
    """Milliseconds of a client's calls among pollers and listeners, and of the polls.

    Beside them how many cores the server and its workers used.
    """
    first = Client(arguments.port)
    made = [json.loads((await first.call("POST", "/v1/videos", SMALL))[1])["id"] for _ in range(4)]
    if busy:  # films enough to keep the cores at it
        for _ in range(round(arguments.seconds / 4)):
            await first.call("POST", "/v1/videos", SMALL)
        while json.loads((await first.call("GET", f"/v1/videos/{made[0]}"))[1])["progress"] < 2:
            await asyncio.sleep(0.2)
    heard = multiprocessing.get_context("spawn").SimpleQueue()
    told = (arguments.port, made, arguments.pollers, arguments.listeners, arguments.seconds, heard)
    others = multiprocessing.get_context("spawn").Process(target=crowd, args=told)
    others.start()
    server, workers = spent(studio)
    calls = await used(arguments.port, made[1], arguments.seconds)
    cores = [
        (b - a) / arguments.seconds for a, b in zip((server, workers), spent(studio), strict=True)
    ]
    polled, events = await asyncio.to_thread(heard.get)
    others.join()
    every = [s for some in calls.values() for s in some]
    return {
        "calls": len(every), **shares("all", every),
        **{name: shares("", some) for name, some in calls.items()},
        "polls": len(polled), **shares("poll", polled), "events_heard": events,
        "server_cores": round(cores[0], 2), "workers_cores": round(cores[1], 2),
        "cores": os.cpu_count(),
    }  # fmt: skip


def spent(studio: int) -> tuple[float, float]:
    """Seconds of a core that a process, and all it has begun, have used; Linux alone tells."""
    parents, seconds = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            one = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid] = int(one[1])
            seconds[pid] = (int(one[11]) + int(one[12])) / os.sysconf("SC_CLK_TCK")

    def is_of(pid: int) -> bool:
        return pid in parents and (parents[pid] == studio or is_of(parents[pid]))

    return seconds.get(studio, 0.0), sum(s for pid, s in seconds.items() if is_of(pid))


async def used(port: int, video: str, seconds: float) -> dict[str, list[float]]:
    """How long a client's calls take, one route after the other, in seconds."""
    found: dict[str, list[float]] = {"retrieve": [], "list": [], "create": [], "models": []}
    client, until = Client(port), time.perf_counter() + seconds
    while time.perf_counter() < until:
        for name, method, path, body in (
            ("retrieve", "GET", f"/v1/videos/{video}", None),
            ("list", "GET", "/v1/videos?limit=20", None),
            ("create", "POST", "/v1/videos", SMALL | {"held": True}),
            ("models", "GET", "/v1/models", None),
        ):
            status, raw, s = await client.call(method, path, body)
            assert status == 200, raw
            found[name].append(s)
            await asyncio.sleep(0.02)
    return found


def crowd(
    port: int, videos: list[str], pollers: int, listeners: int, seconds: float, heard: Any
) -> None:
    """All the others, in a process of their own, so that nobody's clock waits for their work."""
    heard.put(asyncio.run(crowded(port, videos, pollers, listeners, seconds)))


async def crowded(
    port: int, videos: list[str], pollers: int, listeners: int, seconds: float
) -> tuple[list[float], int]:
    """(how long each poll took, in seconds; how many events were heard)."""
    until = time.perf_counter() + seconds
    polled: list[float] = []
    heard = [0]

    async def poll(number: int) -> None:
        client = Client(port)
        await asyncio.sleep(number / pollers)
        while time.perf_counter() < until:
            _, _, s = await client.call("GET", f"/v1/videos/{videos[number % len(videos)]}")
            polled.append(s)
            await asyncio.sleep(max(0.0, 1.0 - s))

    async def listen(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        path = f"/v1/videos/{videos[number % len(videos)]}/events"
        writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
        while (left := until - time.perf_counter()) > 0:
            try:
                line = await asyncio.wait_for(reader.readline(), left)
                heard[0] += b"event: video" in line
            except (TimeoutError, ValueError):
                continue
            if reader.at_eof():
                break
        writer.close()

    await asyncio.gather(*(poll(n) for n in range(pollers)), *(listen(n) for n in range(listeners)))
    return polled, heard[0]


def shares(name: str, seconds: list[float]) -> dict[str, float]:
    """Percentiles in milliseconds."""
    ordered = sorted(seconds)
    mark = f"{name}_" if name else ""
    return {
        f"{mark}p{p}_ms": round(1000 * ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 1)
        for p in (50, 95, 99)
    }


if __name__ == "__main__":
    main()
