"""Welcome: a first set to rate, and tastes to borrow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from app import first_set, personas
from app.movies import by_id
from app.resources import House
from db import people, ratings
from recommender.data import Catalog, Interactions
from recommender.data.dataset import Dataset
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine

View = Callable[..., AppTest]


def test_somebody_new_is_asked_for_three(view: View) -> None:
    page = view("for_you")
    assert not page.exception
    assert page.title[0].value == "Which of these have you seen?"
    assert any("Rate **three movies**" in part.value for part in page.markdown)


def test_a_persona_fills_the_list_with_one_undoable_import(view: View, opened: House) -> None:
    page = view("for_you")
    page.button(key="be_horror_fan").click().run()
    assert not page.exception
    assert page.title[0].value != "Which of these have you seen?"
    assert "Horror fan" in page.toast[0].value
    with opened.database.session() as rows:
        person = rows.query(people.Person).one()
        mine = ratings.of(rows, person.id)
        horror = [rating for rating in mine if (movie := by_id(rating.movie_id)) and "Horror" in movie.genres]
        assert {rating.stars >= 4 for rating in horror} == {True}
        assert len(horror) >= personas.FEWEST
        assert min(rating.stars for rating in mine) <= 1.5
        assert len(ratings.undo(rows, person.id)) == len(mine)


def test_the_personas_asked_for_are_offered(opened: House) -> None:
    names = {cast.persona.name for cast in personas.casts()}
    assert {"Horror fan", "Nineties child", "Film-noir detective", "Ghibli dreamer"} <= names
    for cast in personas.casts():
        movies = [movie.movie_id for movie, _ in cast.ratings]
        assert len(set(movies)) == len(movies) >= 5


def test_a_catalogue_without_facts_offers_no_persona(
    opened: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = Catalog.from_frame(pl.DataFrame({"movie_id": [1, 2, 3], "title": ["A", "B", "C"]}))
    log = Interactions.from_columns([1, 1, 1], [0, 1, 2], [4, 4, 4], [1, 2, 3])
    engine = Engine(bare, log, ArtifactStore(tmp_path / "none"))
    rooms = House(opened.settings, Dataset("bare", bare, log), opened.database, engine, opened.titles, {})
    monkeypatch.setattr("app.movies.house", lambda: rooms)
    monkeypatch.setattr("app.personas.house", lambda: rooms)
    monkeypatch.setattr("app.first_set.house", lambda: rooms)
    assert personas.casts() == ()
    assert [movie.title for movie in first_set.next_movies(12, {2})] == ["A", "C"]


def test_the_first_set_is_known_and_mixed(opened: House) -> None:
    asked = first_set.next_movies(12, set())
    assert len({movie.item for movie in asked}) == 12
    assert len({genre for movie in asked for genre in movie.genres}) >= 10
    without = {movie.movie_id for movie in asked[:6]}
    assert not without & {movie.movie_id for movie in first_set.next_movies(12, without)}
