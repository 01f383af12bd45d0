"""A worker that cannot begin says so in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.process.conftest import Room

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize("arguments", [(), ("--once",)])
def test_a_missing_data_set_is_one_line(room: Room, arguments: tuple[str, ...]) -> None:
    process = room.run(*arguments, MARQUEE_DATA="/nowhere/at/all")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output.startswith("There is no data set /nowhere/at/all.")
    assert len(output.strip().splitlines()) == 1, output


@pytest.mark.parametrize("arguments", [(), ("--once",)])
def test_a_database_of_a_newer_marquee_is_one_line(room: Room, arguments: tuple[str, ...]) -> None:
    with room.database().session() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    process = room.run(*arguments)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "newer version of Marquee" in output
    assert len(output.strip().splitlines()) == 1, output


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("REDIS_URL", "nonsense", "REDIS_URL is no address of a Redis server"),
        ("MARQUEE_HOME", "/dev/null", "cannot be written"),
        ("MARQUEE_REFRESH_AFTER", "many", "MARQUEE_REFRESH_AFTER is no number of ratings"),
        ("MARQUEE_MODELS", "clasic", "no model called clasic"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is no address of a database"),
        ("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "cannot be reached"),
    ],
)
def test_a_wrong_setting_is_one_line(room: Room, tmp_path: Path, variable: str, value: str, said: str) -> None:
    process = room.run(**({"DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere.db"} | {variable: value}))
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2, output
    assert said in output
    assert len(output.strip().splitlines()) == 1, output
