"""The tables that migrations make are the tables that the code declares; and what stands in the way is said in a sentence."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from db import Database, DatabaseError, connect, meta
from db.tables import Base

ROOT = Path(__file__).parents[2]


def test_migrations_and_declarations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    with database.session() as session:
        assert session.scalar(text("select count(*) from movies")) == 200


def test_three_processes_may_migrate_at_once(url: str) -> None:
    program = "import sys; from db import connect; connect(sys.argv[1]).migrate()"
    processes = [subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]


def test_a_database_from_a_newer_version_is_refused(database: Database) -> None:
    with database.session() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseError, match="newer version of Marquee"):
        database.migrate()


def test_a_database_of_another_data_set_is_refused(database: Database) -> None:
    with database.session() as session:
        meta.claim(session, "embedded")
        meta.claim(session, "embedded")
    with pytest.raises(DatabaseError, match="embedded, not of ml-1m"), database.session() as session:
        meta.claim(session, "ml-1m")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"these are my notes, dear reader\n" * 200)
    with pytest.raises(DatabaseError, match="not a database of Marquee"):
        connect(f"sqlite:///{path}").migrate()
    assert path.read_bytes().startswith(b"these are my notes")


@pytest.mark.parametrize("address", ["mysql://here", "nonsense", "postgresql+nodriver://x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL"):
        connect(address)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseError, match="cannot be reached") as caught:
        connect("postgresql+psycopg://me:secret@127.0.0.1:1/none").migrate()
    assert "secret" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match="MARQUEE_HOME"):
        connect(f"sqlite:///{tmp_path}/file/marquee.db")


WITHOUT_RIGHTS = """
import os, sys
from db import connect
connect("sqlite://").migrate()  # imports everything while this process may still read it
if os.getuid() == 0:
    os.setuid(65534)
connect(sys.argv[1]).migrate()
"""
"""Root may write anywhere, so the process gives its rights up first."""


def test_a_read_only_folder_is_named() -> None:
    with tempfile.TemporaryDirectory(prefix="marquee-read-only-") as folder:
        url = f"sqlite:///{folder}/marquee.db"
        database = connect(url)
        database.migrate()
        database.close()
        Path(folder, "marquee.db").chmod(0o444)
        Path(folder).chmod(0o555)
        failed = subprocess.run([sys.executable, "-c", WITHOUT_RIGHTS, url], cwd=ROOT, capture_output=True, text=True)
        Path(folder).chmod(0o755)
    last = failed.stderr.strip().splitlines()[-1]
    assert last.startswith("db.errors.DatabaseError: "), failed.stderr
    assert "read-only" in last or "cannot be opened or written" in last


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    database = connect(f"sqlite:///{path}")
    database.migrate()
    database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(DatabaseError, match="not a database of Marquee or is damaged"):
        connect(f"sqlite:///{path}").migrate()
