"""Reasons in words: what the visitor liked speaks for a movie; what they disliked never does."""

from __future__ import annotations

import numpy as np
import pytest

from app import reasons
from app.resources import House
from recommender.serving.answers import Person
from recommender.serving.answers import Reason as Moved

ALIENS, TITANIC, TERMINATOR = 1200, 1721, 1240


@pytest.fixture
def person(opened: House) -> Person:
    """Somebody who loves one movie, likes another just so, and cannot stand the third."""
    items = opened.dataset.catalog.index_of([ALIENS, TERMINATOR, TITANIC])
    return Person(items.astype(np.int32), np.array([5, 3, 1], np.float32), np.arange(3), "somebody")


def explained(opened: House, monkeypatch: pytest.MonkeyPatch, *moved: int) -> None:
    """Let the engine say that these movie_ids moved item 7, in this order."""
    items = opened.dataset.catalog.index_of(list(moved))
    found = {7: [Moved(int(item), 1.0 - place / 10) for place, item in enumerate(items)]}
    monkeypatch.setattr(opened.engine, "explain", lambda *_: found)


def test_a_disliked_movie_is_passed_over_for_one_that_was_liked(
    opened: House, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained(opened, monkeypatch, TITANIC, TERMINATOR, ALIENS)
    found = reasons.of(person, "ease", [7])[7]
    assert found.sentence == "because of The Terminator"
    assert [one.title for one in found.liked] == ["The Terminator", "Aliens"]
    assert [(one.title, one.stars) for one in found.disliked] == [("Titanic", 1.0)]


def test_where_only_a_dislike_made_room_it_is_called_one(
    opened: House, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained(opened, monkeypatch, TITANIC)
    assert reasons.of(person, "ease", [7])[7].sentence == "because you rated Titanic low"


def test_what_nothing_moved_has_no_reason(opened: House, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    explained(opened, monkeypatch)
    assert 7 not in reasons.of(person, "ease", [7])


def test_a_list_of_popularity_has_no_reasons(opened: House, person: Person) -> None:
    assert reasons.of(person, "popularity", [7]) == {}


@pytest.mark.parametrize("slug", ["ease", "markov"])
def test_no_list_names_a_disliked_movie_as_if_it_spoke_for_one(opened: House, person: Person, slug: str) -> None:
    items = [int(item) for item in opened.engine.answer(person, [slug], 50)[slug].items]
    sentences = [found.sentence for found in reasons.of(person, slug, items).values()]
    assert sentences
    assert not any(sentence == "because of Titanic" for sentence in sentences)
