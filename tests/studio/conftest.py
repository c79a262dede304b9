"""One studio for the tests of a file that only ask it things."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest

from tests.fakes.postgres import fresh, server
from tests.fakes.studio import Studio, studio
from yozora.studio.records import people
from yozora.studio.records.database import Database
from yozora.studio.records.migrating import migrate
from yozora.studio.records.people import SCOPES, Role


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio")) as one:
        yield one


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Studio]:
    """A studio of one test alone."""
    with studio(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, tiny_weights: Path) -> Iterator[Studio]:
    """A studio whose streams are made by real (untrained) networks, in processes of their own."""
    before = os.environ.get("YOZORA_WEIGHTS")
    os.environ["YOZORA_WEIGHTS"] = str(tiny_weights)
    try:
        with studio(tmp_path_factory.mktemp("live"), workers=0) as one:
            yield one
    finally:
        os.environ.pop("YOZORA_WEIGHTS")
        if before is not None:
            os.environ["YOZORA_WEIGHTS"] = before


@pytest.fixture
def http(running: Studio) -> Iterator[httpx.Client]:
    with running.client() as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty studio's, of both kinds."""
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    if request.param == "postgresql":
        url = fresh(request.getfixturevalue("postgres"), f"test_{secrets.token_hex(4)}")
    one = Database.open(url)
    migrate(one)
    yield one
    one.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def here(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    """A studio without workers, with both kinds of database: what happens there is done by hand."""
    url = ""
    if request.param == "postgresql":
        url = fresh(request.getfixturevalue("postgres"), f"test_{secrets.token_hex(4)}")
    with studio(tmp_path_factory.mktemp("here"), workers=0, database=url) as one:
        yield one


@pytest.fixture
def who(here: Studio, request: pytest.FixtureRequest) -> tuple[openai.OpenAI, str]:
    """(the client of a new owner, its id)."""
    key = here.somebody(request.node.name, Role.OWNER)
    with here.state.database.read() as db:
        account = people.named(db, request.node.name)
    assert account is not None
    return here.openai(key), account.id


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio that asks everybody who they are, and its owner's key."""
    with studio(tmp_path_factory.mktemp("closed"), open_here=False) as one:
        with one.state.database.write() as db:
            owner = people.owner(db)
            assert owner is not None
            key = people.add_key(db, owner.id, "first", SCOPES, one.state.now())[1]
        one.owner = key
        yield one


@pytest.fixture
def boss(closed: Studio) -> Iterator[httpx.Client]:
    """Its owner, whom nobody's guesses have slowed."""
    closed.state.failures.seen.clear()
    closed.state.guesses.seen.clear()
    with closed.client(closed.owner) as http:
        yield http
