"""A whole database as rows, and back: from SQLite or PostgreSQL into either.

Tables are read and written as the database itself describes them, so that a copy of an older schema
is written as it was, and brought forward then.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Connection, LargeBinary, MetaData, Table, func, insert, select, text

from yozora.studio.errors import Busy, StudioError
from yozora.studio.records import jobs, leases
from yozora.studio.records.database import Database, told
from yozora.studio.records.jobs import Status
from yozora.studio.records.tables import METADATA

# Of the moment: who works, what is seen of it, who is logged in
PASSING = ("alembic_version", "workers", "previews", "sessions", "links")
# What a studio may have that nobody has used yet: its owner, and how to come in
UNUSED = {"alembic_version": 1, "accounts": 1, "links": 100, "facts": 100}  # rows at most
ROWS_AT_ONCE = 500


@contextmanager
def view(database: Database, scratch: Path) -> Iterator[Connection]:
    """Everything as it is at one moment, while others go on. SQLite is copied into `scratch` first,
    so that its log does not grow meanwhile."""
    if not database.is_sqlite:
        with told(), database.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text("SET TRANSACTION READ ONLY"))
            yield connection
        return
    source, copy = Path(database.engine.url.database or ""), scratch / "studio.db"
    if not source.is_file():
        raise _nothing()
    try:
        uri = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as live, closing(sqlite3.connect(copy)) as to:
            live.backup(to)
    except sqlite3.Error as error:
        raise Busy(str(error)) from error
    opened = Database.open(f"sqlite:///{copy}")
    try:
        with opened.read() as connection:
            yield connection
    finally:
        opened.close()


def revision(connection: Connection) -> str:
    """Of its schema. Raises StudioError for a database without one."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        raise _nothing()
    return found


def _nothing() -> StudioError:
    return StudioError("there is no studio here: check YOZORA_HOME, or --database")


def tables(connection: Connection) -> list[Table]:
    """Those that are copied, in an order in which what is named comes before who names it."""
    return [one for one in _all(connection) if one.name not in PASSING]


def _all(connection: Connection) -> list[Table]:
    """The studio's own; a database may have others."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in (*METADATA.tables, "alembic_version"))
    return found.sorted_tables


def rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """As JSON has them."""
    wanted = select(table).order_by(*table.primary_key.columns)
    if table.name == "objects":
        wanted = wanted.where(table.c.ready.is_(True))  # no bytes have come of the others yet
    raw = [one.name for one in table.columns if isinstance(one.type, LargeBinary)]
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(wanted)
    for row in found:
        values = dict(row._mapping)
        for name in raw:
            values[name] = base64.b64encode(values[name]).decode()
        yield values


def check_empty(connection: Connection) -> None:
    """Raises StudioError where a studio was used already, or is running."""
    for table in _all(connection):
        count = connection.execute(select(func.count()).select_from(table)).scalar() or 0
        if count > UNUSED.get(table.name, 0):
            raise StudioError(
                f"this studio has {table.name} already: restore into a new one, as with another "
                "YOZORA_HOME or --database"
            )


def clear(connection: Connection) -> None:
    """Take a studio away that nobody has used yet, its tables and all. Raises StudioError."""
    check_empty(connection)
    for table in reversed(_all(connection)):
        table.drop(connection)


def fill(connection: Connection, table: Table, lines: Iterable[dict[str, Any]]) -> int:
    """Rows as `rows` gave them, into an empty table: how many."""
    raw = [one.name for one in table.columns if isinstance(one.type, LargeBinary)]
    for one in table.columns:
        if isinstance(one.type, JSON):
            one.type.none_as_null = True
    count, some = 0, []
    for values in lines:
        for name in raw:
            values[name] = base64.b64decode(values[name])
        if connection.dialect.name == "postgresql":  # which has no letter 0
            values = {k: _no_zero(v) for k, v in values.items()}
        some.append(values)
        count += 1
        if len(some) == ROWS_AT_ONCE:
            connection.execute(insert(table), some)
            some = []
    if some:
        connection.execute(insert(table), some)
    return count


def _no_zero(value: Any) -> Any:
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


def settle(connection: Connection, now: int) -> None:
    """After all rows are there: numbers go on where they were; what was being made goes back to the
    queue, for its worker is not here."""
    if connection.dialect.name == "postgresql":
        for table in tables(connection):
            if "number" in table.c:
                last = select(func.coalesce(func.max(table.c.number), 0) + 1).scalar_subquery()
                where = func.pg_get_serial_sequence(table.name, "number")
                connection.execute(select(func.setval(where, last, text("false"))))
    for job in jobs.with_status(connection, Status.IN_PROGRESS):
        if job.stop == "cancel":
            leases.fail(connection, job, "cancelled", leases.CANCELLED, now)
        else:
            leases.release(connection, job, held=job.stop == "hold")


def without_bytes(connection: Connection, deleted: list[str], damaged: list[str]) -> None:
    """Objects whose bytes did not come along, and files that they were. A video that was deleted
    while the copy was made goes as well; one whose bytes are damaged stays, and says so."""
    here = {one.name: one for one in tables(connection)}
    objects, files, characters = here["objects"], here["files"], here["characters"]
    for key in (*deleted, *damaged):
        job = connection.execute(select(objects.c.job).where(objects.c.key == key)).scalar()
        named = select(files.c.id).where(files.c.object == key)
        connection.execute(characters.delete().where(characters.c.file.in_(named)))
        connection.execute(files.delete().where(files.c.object == key))
        connection.execute(objects.delete().where(objects.c.key == key))
        if job is not None and key in deleted:
            connection.execute(objects.delete().where(objects.c.job == job))
            connection.execute(here["jobs"].delete().where(here["jobs"].c.id == job))


def still_there(database: Database, keys: Iterable[str]) -> set[str]:
    """Those of these objects that the studio has now."""
    with database.read() as db:
        (objects,) = (one for one in tables(db) if one.name == "objects")
        look = (select(objects.c.key).where(objects.c.key == key) for key in keys)
        return {str(found) for one in look if (found := db.execute(one).scalar()) is not None}
