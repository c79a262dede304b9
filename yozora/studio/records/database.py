"""A database and its transactions: SQLite beside the films, or PostgreSQL for a team."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError

from yozora.studio.errors import Busy, Raced, StudioError
from yozora.studio.settings import nameable

WAIT_S = 5.0  # for another writer before a caller is told to come again
CONNECT_S = 10  # for a server that does not answer


@dataclass
class Database:
    """`read` and `write` are the only transactions; each is one request's or one job's."""

    engine: Engine
    _writing: threading.RLock = field(default_factory=threading.RLock)

    @staticmethod
    def open(url: str) -> Database:
        """`sqlite:///path/studio.db` or `postgresql://user@host/name`. Raises StudioError."""
        try:
            where = make_url(url)
        except (ArgumentError, ValueError) as error:  # a ValueError: of ports that are no numbers
            raise StudioError(
                f"{nameable(url)[:60]!r} names no database: write postgresql://user@host/name"
            ) from error
        if where.drivername == "postgresql":
            where = where.set(drivername="postgresql+psycopg")
        if where.get_backend_name() == "sqlite":
            if where.database in (None, "", ":memory:"):
                raise StudioError(
                    "the database is no file, which all workers could open: write "
                    "sqlite:////folder/studio.db, or leave --database out"
                )
            return Database(_sqlite(str(where.database)))
        if where.get_backend_name() != "postgresql":
            raise StudioError(
                f"a database of the kind {where.drivername[:20]!r} is not spoken: use "
                "postgresql://user@host/name, or leave --database out"
            )
        if "connect_timeout" not in where.query:
            where = where.update_query_dict({"connect_timeout": str(CONNECT_S)})
        try:
            made = create_engine(where, pool_size=8, max_overflow=24, pool_pre_ping=True)
        except (NoSuchModuleError, ImportError) as error:
            raise StudioError(
                "PostgreSQL needs its driver: pip install 'yozora[studio]'"
            ) from error
        return Database(made)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def address(self) -> str:
        """Where it is, without who asks there by which password."""
        url = self.engine.url
        if self.is_sqlite:
            return str(url.database)
        places = {key: value for key, value in url.query.items() if key in ("host", "port")}
        kind = url.get_backend_name()
        return URL.create(
            kind, host=url.host, port=url.port, database=url.database, query=places
        ).render_as_string()

    @contextmanager
    def reached(self) -> Iterator[None]:
        """It is asked within for the first time: raises StudioError, with its address, for whatever
        it complains of."""
        try:
            yield
        except (Busy, DBAPIError) as error:
            first = error.__cause__ if isinstance(error, Busy) else error
            why = " ".join(str(getattr(first, "orig", error)).split())[:160]
            raise StudioError(
                f"the database {self.address} cannot be used ({why}): see that it is there, lets "
                "you write and is held by nobody, or name another one with --database"
            ) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One view of everything, undisturbed by writers. Raises Busy."""
        with told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All of it happens or nothing does. Raises Busy where others write for too long."""
        if not self.is_sqlite:
            with told(), self.engine.begin() as connection:
                yield connection
            return
        # Threads of one process wait here and in turn: SQLite's own waiting sleeps ever longer
        if not self._writing.acquire(timeout=WAIT_S):
            raise Busy
        try:
            with told(), self.engine.execution_options(immediate=True).begin() as connection:
                yield connection
        finally:
            self._writing.release()

    def settle(self) -> None:
        """What was deleted is no longer on the disk, as far as that is ours to say: SQLite's log is
        written back and cut off. PostgreSQL cleans by itself."""
        if not self.is_sqlite:
            return
        with told(), closing(self.engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def told() -> Iterator[None]:
    """A database that cannot be asked now is no fault of the program: `Busy`. Nor are letters that
    no database holds: StudioError."""
    try:
        yield
    except (DataError, UnicodeEncodeError) as error:
        raise StudioError(
            "there are letters in it that cannot be kept (NUL, or half of a pair): leave them out",
            code="invalid_value",
        ) from error
    except IntegrityError as error:  # what was looked up first has changed since
        raise Raced from error
    except DBAPIError as error:
        text = str(error.orig).lower()
        away = error.connection_invalidated or any(
            sign in text
            for sign in ("locked", "busy", "disk", "full", "refused", "deadlock", "timeout",
                         "terminating", "connection")
        )  # fmt: skip
        if not away:
            raise
        raise Busy("the disk is full" if "full" in text else "") from error


def _sqlite(path: str) -> Engine:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"the database {path} cannot be made ({error.strerror}): name another one with "
            "--database"
        ) from error
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": WAIT_S, "check_same_thread": False, "isolation_level": None},
        pool_size=40,
        max_overflow=16,
    )

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
