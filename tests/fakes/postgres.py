"""A real PostgreSQL server for a test, in a folder of its own; skipped where there is none."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest


def programs() -> Path | None:
    """Where initdb and postgres lie."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    return Path(places[-1]) if places else None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of an empty database server on this machine alone, without a wall to the disk."""
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        if as_user:
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(
            [f"{bin_}/initdb", "-D", data, "-U", "yozora", "-A", "trust", "-E", "UTF8", "-N"],
            check=True, **quiet, **as_user,
        )  # fmt: skip
        process = subprocess.Popen(
            [f"{bin_}/postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1",
             "-c", "fsync=off"], **quiet, **as_user,
        )  # fmt: skip
        url = f"postgresql://yozora@127.0.0.1:{port}/postgres"
        try:
            _wait(url)
            yield url
        finally:
            process.send_signal(signal.SIGINT)  # fast: whoever is connected yet is sent away
            process.wait(timeout=20)


def fresh(url: str, name: str) -> str:
    """The address of a new, empty database of a server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + f"/{name}"


def _wait(url: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
