"""Both databases: the schema is the one that the code speaks, and writers wait for each other."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from yozora.studio.errors import Busy, Raced, StudioError
from yozora.studio.records import jobs, leases, people
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Made, New, Status
from yozora.studio.records.migrating import config, migrate
from yozora.studio.records.people import Role
from yozora.studio.records.tables import ACCOUNTS, METADATA

MADE = Made((), 4.0, 256, 144, 12.0, 48, "0" * 64)


def test_migrations_lead_to_the_tables(database):
    with database.read() as db:
        assert compare_metadata(MigrationContext.configure(db), METADATA) == []


def test_migrating_again_changes_nothing_and_a_newer_schema_is_refused(database):
    migrate(database)
    with database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StudioError, match="newer"):
        migrate(database)


def test_revisions_are_one_line():
    scripts = ScriptDirectory.from_config(config())
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) >= 1


def test_many_workers_take_every_job_once(database):
    with database.write() as db:
        owner = people.add(db, "ada", Role.MEMBER, 1)
        for n in range(60):
            wish = {"tool": {"tool": "generate"}}
            new = New(f"video_{n}", owner.id, wish, "a dog", "yozora-1", 4.0, 256, 144, n, 1.0)
            jobs.submit(db, new, 1)
    taken: list[str] = []

    def work(name: str) -> None:
        while True:
            with database.write() as db:
                job = leases.lease(db, name, 2)
            if job is None:
                return
            taken.append(job.id)
            with database.write() as db:
                assert leases.complete(db, job, MADE, 3, None)

    crew = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for one in crew:
        one.start()
    for one in crew:
        one.join(timeout=60)
    with database.read() as db:
        left = jobs.with_status(db, Status.QUEUED) + jobs.with_status(db, Status.IN_PROGRESS)
    # One that finds all rows locked by others may leave early; none is ever taken twice
    while left:
        work("last")
        with database.read() as db:
            left = jobs.with_status(db, Status.QUEUED)
    assert sorted(taken) == sorted(f"video_{n}" for n in range(60))


def test_a_database_that_another_process_holds_is_busy_and_comes_back(tmp_path):
    path = tmp_path / "studio.db"
    one = Database.open(f"sqlite:///{path}")
    migrate(one)
    hold = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
    hold += "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None and other.stdin is not None
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(Busy), one.write():
        raise AssertionError("it was not held")
    with one.read() as db:  # readers go on
        assert people.owner(db) is None
    other.stdin.close()
    other.wait(timeout=10)
    with one.write() as db:
        people.add(db, "ada", Role.OWNER, 1)
    one.close()


def test_the_server_starts_without_the_networks():
    code = "import sys, yozora.studio.serving; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_who_do_the_same_at_once_are_told_to_come_again(database):
    """As two calls that both looked first, and found nothing."""
    with database.write() as db:
        people.add(db, "first", Role.MEMBER, 1)
        row = dict(db.execute(select(ACCOUNTS)).first()._mapping)
    with pytest.raises(Raced), database.write() as db:
        db.execute(insert(ACCOUNTS).values(row | {"id": "acct_other"}))
    with database.read() as db:
        assert len(db.execute(select(ACCOUNTS)).all()) == 1
