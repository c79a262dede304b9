"""From the schema that a database has to the one that this Yozora speaks."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from yozora.studio.errors import StudioError
from yozora.studio.records.database import Database

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_265_646  # of PostgreSQL: one studio begins, others wait


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(SCRIPTS))
    made.attributes["connection"] = connection
    return made


def alone(connection: Connection) -> None:
    """Until the transaction ends, no other studio is where this is; SQLite's writers always are."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def migrate(database: Database, to: str = "head") -> None:
    """Bring a database forward, all of it or nothing. Raises StudioError for one that a newer
    Yozora wrote."""
    with database.write() as connection:
        forward(connection, to)


def forward(connection: Connection, to: str = "head") -> None:
    """As a part of a transaction. Raises StudioError."""
    alone(connection)
    known = {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()}
    now = MigrationContext.configure(connection).get_current_revision()
    if now is not None and now not in known:
        raise StudioError(
            f"the database is of a newer Yozora (schema {now}): install that, or restore a "
            "backup from before"
        )
    if to not in ("head", *known):
        raise StudioError(f"the backup is of a newer Yozora (schema {to[:40]}): install that")
    command.upgrade(config(connection), to)
