"""A team's studio: PostgreSQL, an object store, two servers and two workers; all of them real."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import httpx
import pytest

from tests.fakes import postgres, s3
from yozora.media.video import packets_sha256

pytestmark = pytest.mark.acceptance
BODY = {"model": "yozora-1", "prompt": "a dog runs in a park", "seconds": 1, "size": "64x32"}


def served(port, workers, home, environment, url):
    command = [
        sys.executable, "-m", "yozora", "studio", "--port", str(port), "--workers", str(workers),
        "--database", url, "--storage", "s3://films/studio",
    ]  # fmt: skip
    return subprocess.Popen(command, env=environment | {"YOZORA_HOME": str(home)})


def finished(http, video):
    until = time.monotonic() + 240
    while time.monotonic() < until:
        found = http.get(f"/v1/videos/{video}").json()
        if found["status"] in ("completed", "failed"):
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_two_servers_and_their_workers_share_everything(tmp_path, tiny_weights):
    with postgres.server() as url, s3.server() as store:
        environment = {**os.environ, **store, "YOZORA_WEIGHTS": str(tiny_weights)}
        environment["OMP_NUM_THREADS"] = "1"
        frees = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        ports = [one.getsockname()[1] for one in frees]
        for one in frees:
            one.close()
        crew = [
            served(port, 1, tmp_path / f"home{n}", environment, url) for n, port in enumerate(ports)
        ]
        try:
            here, there = (
                httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) for port in ports
            )
            for http in (here, there):
                until = time.monotonic() + 90
                while time.monotonic() < until:
                    try:
                        if http.get("/healthz").status_code == 200:
                            break
                    except httpx.HTTPError:
                        time.sleep(0.1)
            first = [
                here.post("/v1/videos", json=BODY | {"seed": n}).json()["id"] for n in range(6)
            ]
            remixed = there.post(f"/v1/videos/{first[0]}/remix", json={"prompt": "in a desert"})
            asked = [*first, remixed.json()["id"]]
            for one in asked:
                found = finished(there, one)
                assert found["status"] == "completed", found["error"]
                film = tmp_path / "film.mp4"
                film.write_bytes(here.get(f"/v1/videos/{one}/content").content)
                assert packets_sha256(film)
                part = there.get(f"/v1/videos/{one}/content", headers={"range": "bytes=4-7"})
                assert (part.status_code, part.content) == (206, b"ftyp")
            assert there.delete(f"/v1/videos/{asked[1]}").json()["deleted"]
            assert here.get(f"/v1/videos/{asked[1]}").status_code == 404
            crew[0].kill()  # its worker goes with it; the other's goes on
            crew[0].wait()
            more = there.post("/v1/videos", json=BODY).json()["id"]
            assert finished(there, more)["status"] == "completed"
        finally:
            for one in crew:
                one.kill()
                one.wait()
