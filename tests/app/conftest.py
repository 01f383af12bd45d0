"""A house of its own for tests of views: the embedded movies, two quick models beside popularity, an empty database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import resources
from app.resources import House, house
from db import people
from recommender.data.sources import load
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train

TOKEN = "ab" * 16


@pytest.fixture(scope="session")
def trained_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with trained models and no database."""
    home = tmp_path_factory.mktemp("views")
    dataset, store = load("embedded"), ArtifactStore(home / "embedded" / "models")
    for slug in ("ease", "markov"):
        train(slug, dataset, store)
    return home


@pytest.fixture
def opened(trained_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house, open."""
    home = tmp_path / "home"
    shutil.copytree(trained_home, home)
    monkeypatch.setenv("MARQUEE_HOME", str(home))
    for name in ("MARQUEE_DATA", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    resources.close()
    yield house()
    house().database.close()
    resources.close()


@pytest.fixture
def view(opened: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a view by its name, with an address's query: `view("movie", movie="1")`. The visitor's token is TOKEN."""
    monkeypatch.setattr("app.visitor.token", lambda: TOKEN)  # AppTest has no browser, so no cookie

    def open_view(name: str, **query: str) -> AppTest:
        def script(name: str) -> None:
            from importlib import import_module

            import streamlit as st

            from app import navigation, session

            st.navigation(navigation.pages(), position="hidden")
            session.settle_model(["ease", "markov", "popularity"], ["ease"])
            import_module(f"app.views.{name}").render()

        test = AppTest.from_function(script, kwargs={"name": name}, default_timeout=30)
        for key, value in query.items():
            test.query_params[key] = value
        return test.run()

    return open_view


@pytest.fixture
def me(opened: House) -> int:
    """The visitor of `view`, entered already."""
    with opened.database.session() as rows:
        return people.create(rows, TOKEN)[0].id
