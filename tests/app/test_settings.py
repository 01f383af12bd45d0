"""Settings: a default that needs nothing, and a room of its own for every data set."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings

NAMES = ("MARQUEE_DATA", "MARQUEE_HOME", "DATABASE_URL", "REDIS_URL", "MARQUEE_TMDB_KEY")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting in the environment."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_need_be_set() -> None:
    settings = Settings()
    assert settings.room == Path("var/embedded")
    assert settings.database_url == "sqlite:///var/embedded/marquee.db"
    assert settings.redis is None


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_HOME", "/data")
    monkeypatch.setenv("MARQUEE_DATA", "ml-1m")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://host/name")
    settings = Settings()
    assert settings.models == Path("/data/ml-1m/models")
    assert settings.database_url == "postgresql+psycopg://host/name"


@pytest.mark.parametrize(
    ("data", "room"),
    [
        ("/home/me/my films.csv", "my-films"),
        ("ml-32m", "ml-32m"),
        ("../folder/", "folder"),
        ("/a/../../etc", "etc"),
        ("/", "data"),
        ("..", "data"),
    ],
)
def test_every_data_set_has_a_room_below_home(data: str, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_DATA", data)
    assert Settings().room == Path("var") / room


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_variable_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose writes `${REDIS_URL:-}`."""
    unset = Settings()
    monkeypatch.setenv(name, "")
    assert Settings() == unset


@pytest.mark.parametrize("name", ["HOME", "DATA", "DATABASE", "REDIS"])
def test_other_peoples_variables_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all HOME, which everybody has."""
    unset = Settings()
    monkeypatch.setenv(name, "/somewhere/else")
    assert Settings() == unset
