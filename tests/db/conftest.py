"""Every database test runs twice: on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from db import Database, connect, movies, people
from tests.postgres import server

MOVIES = [{"movie_id": i, "title": f"Movie {i}", "year": 1900 + i} for i in range(1, 201)]
_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running server, with a place for the name of the database."""
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/marquee.db"
    pattern: str = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    engine = create_engine(pattern.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return pattern.format(database=name)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated database with 200 movies."""
    database = connect(url)
    database.migrate()
    with database.session() as session:
        movies.seed(session, MOVIES)
    yield database
    database.close()


@pytest.fixture
def person(database: Database) -> int:
    """Somebody who has just arrived."""
    with database.session() as session:
        return people.create(session)[0].id
