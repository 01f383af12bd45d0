"""Released movies stand behind the catalogue: in the lists of models that can place them, and in nobody's way."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.models.base import Recommender
from recommender.serving.answers import Person
from recommender.serving.engine import Engine
from tests.models.planted import GENRES, PEOPLE_OF_TASTE, WORDS, Planted
from tests.serving.conftest import Open, Somebody, Train, seated


def released(*tastes: int) -> Catalog:
    """A new movie for each of these tastes."""
    rows = [
        {
            "movie_id": 10**12 + n,
            "title": f"{WORDS[taste]} reborn",
            "genres": GENRES[taste],
            "directors": PEOPLE_OF_TASTE[taste][:1],
            "cast": PEOPLE_OF_TASTE[taste],
        }
        for n, taste in enumerate(tastes)
    ]
    return Catalog.from_frame(pl.DataFrame(rows))


def with_released(person: Person, item: int, version: str = "later") -> Person:
    """The person after rating one movie more."""
    return Person(
        np.append(person.items, item).astype(np.int32),
        np.append(person.ratings, 5).astype(np.float32),
        np.append(person.timestamps, 10**9),
        version,
    )


@pytest.fixture
def engine(open_engine: Open, publish: Train) -> Engine:
    """A house with a model that places movies and one that cannot."""
    for slug in ("contentknn", "ease"):
        publish(slug)
    return open_engine()


@pytest.fixture
def own(planted: Planted, engine: Engine) -> int:
    """A released movie of the walker's taste; the item after it is of the other one."""
    engine.release(released(0, 1), np.array([True, True]), "two")
    return len(planted.catalog)


def test_a_released_movie_is_in_the_lists_of_models_that_place_it_and_in_no_other(
    engine: Engine, own: int, walker: Person
) -> None:
    answers = engine.answer(walker, ["contentknn", "ease", "popularity"], k=100)
    assert own in answers["contentknn"].items[:8]
    assert own + 1 in answers["contentknn"].items[8:]
    for slug in ("ease", "popularity"):
        assert (answers[slug].items < own).all()
        assert engine.ranks(walker, slug, own) is None
    placed = answers["contentknn"].items.tolist()
    assert engine.ranks(walker, "contentknn", own) == placed.index(own) + 1
    assert engine.ranks(walker, "contentknn", own + 2) is None
    assert all(np.isfinite(answer.scores).all() for answer in answers.values())
    assert engine.problems() == []


def test_somebody_new_gets_popularity_without_released_movies(engine: Engine, own: int, person: Somebody) -> None:
    answer = engine.answer(person([]), ["contentknn"], k=100)["contentknn"]
    assert answer.fallback is not None
    assert (answer.items < own).all()


def test_what_was_withdrawn_is_shown_to_nobody_and_no_item_changes_its_meaning(
    engine: Engine, own: int, walker: Person
) -> None:
    engine.release(released(0, 1), np.array([False, True]), "one")
    items = engine.answer(walker, ["contentknn"], k=100)["contentknn"].items
    assert own not in items
    assert own + 1 in items
    assert engine.ranks(walker, "contentknn", own) is None
    assert engine.explain(walker, "contentknn", [own]) == {}
    assert engine.releases.everything.index_of([10**12, 10**12 + 1]).tolist() == [own, own + 1]


def test_ratings_of_released_movies_are_not_read_and_take_them_off_the_list(
    engine: Engine, own: int, walker: Person
) -> None:
    later = with_released(walker, own)
    before = engine.answer(walker, ["contentknn", "ease"], k=100)
    after = engine.answer(later, ["contentknn", "ease"], k=100)
    assert own not in after["contentknn"].items
    assert [item for item in before["contentknn"].items if item != own] == after["contentknn"].items.tolist()
    assert np.array_equal(before["ease"].scores, after["ease"].scores)
    last = engine.replay(later, "ease")[-1]
    assert (last.known, last.following) == (len(walker.items), None)
    assert engine.ranks(later, "contentknn", own) is None
    only = with_released(Person(*(column[:0] for column in (walker.items, walker.ratings, walker.timestamps)), ""), own)
    assert engine.answer(only, ["contentknn"])["contentknn"].fallback == "you have not rated anything yet"


def test_a_released_movie_is_explained_by_leaving_out_as_any_other(engine: Engine, own: int, walker: Person) -> None:
    found = engine.explain(walker, "contentknn", [own, own + 1])
    assert {reason.item for reason in found[own]} <= {*walker.items.tolist()}
    assert found[own][0].effect > 0
    assert engine.explain(walker, "ease", [own]) == {}
    assert engine.weigh(walker, "contentknn", own) is None
    assert engine.similar("contentknn", own, 5) is None


def test_a_release_costs_no_model_its_answer(
    engine: Engine, own: int, walker: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> Recommender:
        raise MarqueeError("No text model is installed.")

    monkeypatch.setattr(seated(engine, "contentknn"), "place", refuse)
    items = engine.answer(walker, ["contentknn"], k=100)["contentknn"].items
    assert (items < own).all()
    assert len(items)
    assert "No text model is installed" in caplog.text
