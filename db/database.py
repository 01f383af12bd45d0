"""Connecting: SQLite without any set-up, or PostgreSQL; sessions that are one transaction each; migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from db.errors import DatabaseError

MIGRATIONS = Path(__file__).with_name("migrations")
WAIT_SECONDS = 20
"""How long a writer waits for another one before it gives up."""
MIGRATION_LOCK = 0x4D415251
"""Any number, the same in all processes: whoever holds it in PostgreSQL migrates, the others wait."""


class Database:
    """An open database. Threads may share it; processes open their own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction that may write: committed when the block ends, rolled back when it raises."""
        with _in_words(self.engine), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads: on SQLite it neither waits for a writer nor keeps one waiting."""
        with _in_words(self.engine), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection(execution_options={"reading": True})
            yield session

    def migrate(self) -> None:
        """Bring the tables up to date. Of several processes one does it and the others wait.

        Raises DatabaseError when the database was made by a newer Marquee, or cannot be reached or written.
        """
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with _in_words(self.engine), self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            _refuse_newer(connection, ScriptDirectory.from_config(config))
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def connect(url: str) -> Database:
    """Open the database at `url` ("sqlite:///file.db", "postgresql+psycopg://..."); the folder of a file is made.

    Raises DatabaseError for an address that is none, or a folder that cannot be made.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if address.database and address.database != ":memory:":
                Path(address.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(address, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            engine = create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseError(
            "DATABASE_URL is no address of a database; use sqlite:///file.db or postgresql+psycopg://user:password@host/name."
        ) from error
    except OSError as error:
        raise DatabaseError(
            f"The folder for the database cannot be made ({error.strerror}); set MARQUEE_HOME to one that can be written."
        ) from error
    return Database(engine)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    # Full: a commit is on the disk, not only with the operating system, before anybody is told that a rating is safe.
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma foreign_keys = on")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its turn at the start. Taken later, after a read, the turn would be refused at once instead of waited for.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("begin" if reading else "begin immediate")


def _refuse_newer(connection: Connection, script: ScriptDirectory) -> None:
    from alembic.runtime.migration import MigrationContext

    known = {revision.revision for revision in script.walk_revisions()}
    if set(MigrationContext.configure(connection).get_current_heads()) - known:
        raise DatabaseError(
            "This database was made by a newer version of Marquee; update Marquee, or give it another MARQUEE_HOME."
        )


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    """Say in one sentence what an operator can put right; leave everything else as it is."""
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        message = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        where = engine.url.render_as_string(hide_password=True)
        if "readonly" in message or "read-only" in message:
            raise DatabaseError(
                f"The database {where} is read-only, so nothing can be stored; make its folder writable."
            ) from error
        if "file is not a database" in message or "malformed" in message:
            raise DatabaseError(
                f"{where} is not a database of Marquee or is damaged; move it away or restore a copy."
            ) from error
        if "unable to open" in message or "disk is full" in message or "disk I/O" in message:
            raise DatabaseError(
                f"The database {where} cannot be opened or written ({message}); check its folder and disk."
            ) from error
        if (isinstance(error, OperationalError) and error.connection_invalidated) or "connection" in message:
            raise DatabaseError(
                f"The database {where} cannot be reached ({message}); is the server running?"
            ) from error
        if "locked" in message:
            raise DatabaseError("The database is busy with another writer; try again in a moment.") from error
        raise
    except CommandError as error:
        raise DatabaseError(f"The database cannot be brought up to date: {error}.") from error
