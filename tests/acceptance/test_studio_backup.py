"""Backups of a team's studio, and into one: PostgreSQL and an object store, both real."""

from __future__ import annotations

import os

import pytest

from tests.fakes import postgres, s3
from tests.fakes.people import SMALL
from tests.fakes.studio import studio
from yozora.studio import backing_up
from yozora.studio.errors import StudioError
from yozora.studio.objects import Objects
from yozora.studio.records.database import Database

pytestmark = pytest.mark.acceptance


@pytest.fixture
def store():
    """An object store, as the environment tells of it."""
    before = dict(os.environ)
    with s3.server() as told:
        os.environ |= told
        yield
    os.environ.clear()
    os.environ |= before


def test_from_this_machine_to_a_team_and_back(tmp_path, store):
    said: list[str] = []
    with postgres.server() as url:
        with studio(tmp_path / "one") as one, one.client() as http:
            video = one.completed(http.post("/v1/videos", json=SMALL), http)["id"]
            film = http.get(f"/v1/videos/{video}/content").content
            first = tmp_path / "first.tar"
            backing_up.back_up(one.state.database, one.state.objects, first, said.append)
        database, objects = Database.open(url), Objects.open("s3://films/restored")
        backing_up.restore(database, objects, first, said.append)
        with pytest.raises(StudioError):
            backing_up.restore(database, objects, first, said.append)
        database.close()
        team = {"database": url, "storage": "s3://films/restored"}
        with studio(tmp_path / "team", workers=0, **team) as one, one.client() as http:
            assert http.get(f"/v1/videos/{video}/content").content == film
            second = tmp_path / "second.tar"
            backing_up.back_up(one.state.database, one.state.objects, second, said.append)
        (tmp_path / "again").mkdir()
        database = Database.open(f"sqlite:///{tmp_path / 'again' / 'studio.db'}")
        objects = Objects.open(tmp_path / "again" / "objects")
        backing_up.restore(database, objects, second, said.append)
        database.close()
        with studio(tmp_path / "again", workers=0) as one, one.client() as http:
            assert http.get(f"/v1/videos/{video}/content").content == film
    assert not any("damaged" in line for line in said)
