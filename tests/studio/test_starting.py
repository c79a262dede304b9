"""What a studio is started with is tried before it says that it is up: what cannot be is told in
one sentence, which names it and no password."""

from __future__ import annotations

import math
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.fakes.disk import fill, small_disk
from tests.fakes.postgres import fresh
from yozora.studio.errors import StudioError
from yozora.studio.objects import Objects
from yozora.studio.records.database import Database
from yozora.studio.serving import opened, serve
from yozora.studio.settings import Settings, check, nameable

NOBODY = "127.0.0.1:1"  # no server is there
S3 = {
    "AWS_ENDPOINT_URL": f"http://{NOBODY}", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "hidden",
}  # fmt: skip


def begun(home: Path, *told: str) -> subprocess.CompletedProcess[str]:
    """`yozora studio` on a free port, where it ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "yozora", "studio", f"--port={port}", "--workers=0", *told]
    root = str(Path(__file__).parents[2])
    env = {**os.environ, **S3, "YOZORA_HOME": str(home), "PYTHONPATH": root}
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=env, timeout=120,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (["--port=99999"], "the port 99999"),
        (["--keep-days=-1"], "-1 days"),
        (["--keep-days=-1", "--backup=a.tar"], "-1 days"),
        (["--new-key="], "--new-key"),
        (["--new-key", "a" * 101], "1 to 100"),
        (["--storage=/etc/passwd"], "/etc/passwd"),
        (["--storage=/proc/x"], "/proc/x"),
        (["--storage=/proc"], "the store /proc "),
        (["--storage=http://x"], "'http://x' names no store"),
        (["--storage=memory://"], "'memory://' names no store"),
        (["--storage=s3://films/mine"], "the store s3://films/mine "),
        (["--storage=s3://films/mine", "--backup=a.tar"], "the store s3://films/mine "),
        (["--database=sqlite:////etc/passwd"], "the database /etc/passwd "),
        (["--database=sqlite:////proc/x/y.db"], "/proc/x/y.db"),
        (["--database=postgresql://ada:hidden@[::1"], "names no database"),
        (["--database=postgresql://ada:hidden@h:port/x"], "names no database"),
        (["--database=sqlite://", "--new-key=a"], "--database"),
        ([f"--database=postgresql://ada:hidden@{NOBODY}/x?application_name=hidden"], NOBODY),
        ([f"--database=postgresql://ada:hidden@{NOBODY}/x", "--backup=a.tar"], NOBODY),
    ],
)
def test_what_cannot_be_is_one_sentence_before_it_is_up(tmp_path, told, named):
    done = begun(tmp_path / "home", *told)
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("yozora: ") and named in line and not done.stdout
    assert ": " in line[8:] and "hidden" not in line and "a fault of Yozora" not in line


def test_a_port_that_is_none_is_told_to_programs_too(tmp_path):
    for port in (-1, 0, 65_536, 99_999):
        with pytest.raises(StudioError, match=f"the port {port} is not in 1..65535: choose"):
            serve(Settings(tmp_path, port=port), print)


def test_a_home_that_is_a_file_is_told(tmp_path):
    (tmp_path / "home").write_bytes(b"")
    done = begun(tmp_path / "home")
    assert done.returncode == 2 and "YOZORA_HOME" in done.stderr, done.stderr


def test_a_key_has_a_name_of_up_to_100_letters(tmp_path):
    done = begun(tmp_path, "--new-key", "é" * 100)
    assert done.returncode == 0 and done.stdout.startswith("yz_"), done.stderr
    for name in (" ", "\x1b[2J", "a\nb"):
        done = begun(tmp_path, f"--new-key={name}")
        assert done.returncode == 2 and "1 to 100" in done.stderr, name


@pytest.mark.parametrize("days", [-1.0, -1e-9, 1e-9, 0.005, 36_501.0, 1e300, math.inf, math.nan])
def test_videos_are_kept_for_days_that_can_be(tmp_path, days):
    settings = Settings(tmp_path)
    with pytest.raises(StudioError, match=r"0\.01 to 36500 are possible, or 0: for ever"):
        check(replace(settings, keep_days=days))
    for kept in (None, 0.0, 0.01, 30.0, 36_500.0):
        assert check(replace(settings, keep_days=kept)).keep_days == kept


def test_a_store_that_was_tried_is_as_before(tmp_path):
    store = Objects.open(f"file://{tmp_path}/a%20b")
    store.put("files/a", b"a")
    store.reach()
    assert [key for key, _ in store.everything()] == ["files/a"]
    assert store.folder == tmp_path / "a b" and [*store.folder.iterdir()] == [
        tmp_path / "a b/files"
    ]


def test_a_full_store_can_be_served_from(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        store = Objects.open(disk)
        fill(disk)
        store.reach()


def test_a_database_that_another_holds_is_named(tmp_path):
    settings = Settings(tmp_path)
    opened(settings).database.close()
    path = tmp_path / "studio.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StudioError, match=rf"{path} cannot be used \(database is locked\)"):
            opened(settings)
    opened(settings).database.close()


def test_a_database_in_which_nothing_may_be_made_is_named(tmp_path, postgres):
    url = fresh(postgres, "closed")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE ada LOGIN PASSWORD 'hidden'")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    hers = url.replace("yozora@", "ada:hidden@")
    with pytest.raises(StudioError, match="permission denied") as told:
        opened(Settings(tmp_path, database=hers))
    shown = url.replace("yozora@", "")
    assert f"the database {shown} cannot" in str(told.value) and "hidden" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:hidden@h/x", "postgresql://ada:hid/hidden@h/x", "hidden@h/x",
        "postgresql://ada:hidden?b@h/x", "postgresql://h/x?password=a@hidden",
        "postgresql://h/x?password=hidden", "postgresql:ada:hidden@h/x", "s3://key:hidden@films/mine",
    ],
)  # fmt: skip
def test_no_address_shows_a_password(url):
    assert "hidden" not in nameable(url)


def test_an_address_is_where_it_is():
    assert nameable("s3://films/mine") == "s3://films/mine"
    for url in ("postgresql://ada:hidden@h:5/x?sslmode=require", "postgresql://h:5/x"):
        assert Database.open(url).address == "postgresql://h:5/x"
    here = Database.open("postgresql://ada@/x?host=/run/a&password=hidden")
    assert here.address == "postgresql:///x?host=%2Frun%2Fa"
