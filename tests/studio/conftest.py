"""One studio for the tests of a file that only ask it things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.studio import Studio, studio
from yozora.studio.records.database import Database
from yozora.studio.records.migrating import migrate


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio(tmp_path_factory.mktemp("studio")) as one:
        yield one


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    one = Database.open(f"sqlite:///{tmp_path / 'studio.db'}")
    migrate(one)
    yield one
    one.close()
