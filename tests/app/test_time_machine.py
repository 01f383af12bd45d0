"""The time machine under My ratings: its sentence, and the steps that it sends to the browser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from streamlit.testing.v1 import AppTest

from app import movies
from app.components import time_machine
from app.resources import House
from db import ratings
from db.ratings import Entry
from recommender.serving.answers import Person
from recommender.serving.replay import Moment

View = Callable[..., AppTest]
LOVED = [1, 2, 3, 6, 10]


def machines(page: AppTest) -> list:
    return [one for one in page.get("bidi_component") if "time_machine" in one.proto.component_name]


def rate(house: House, me: int, movie_ids: list[int]) -> None:
    with house.database.session() as rows:
        ratings.put_many(rows, me, [Entry(movie, 4.0, 1_000_000_000 + place) for place, movie in enumerate(movie_ids)])


def somebody(house: House) -> Person:
    items = house.dataset.catalog.index_of(LOVED).astype(np.int32)
    return Person(items, np.array([5, 1, 4, 4.5, 3], np.float32), np.arange(5, dtype=np.int64), "somebody")


def moments(person: Person, ranks: list[int | None], fallback: str | None = None) -> list[Moment]:
    """One moment per rating with the given ranks; the first falls back for the given reason."""
    following = [*map(int, person.items[1:]), None]
    return [
        Moment(place + 1, np.array([9, 8], np.int32), following[place], rank, None if place else fallback)
        for place, rank in enumerate(ranks)
    ]


def test_it_opens_with_a_sentence_and_follows_the_model(view: View, opened: House, me: int) -> None:
    rate(opened, me, LOVED)
    for model, name in (("ease", "EASE"), ("markov", "Markov"), ("popularity", "Popularity")):
        page = view("my_ratings", model=model)
        assert not page.exception
        assert len(machines(page)) == 1
        (said,) = [part.value for part in page.markdown if "of your next movies" in part.value]
        assert said.startswith(f"{name} put **")
        assert "of 4** of your next movies into its first 100; best call: " in said


def test_two_ratings_are_no_history_yet(view: View, opened: House, me: int) -> None:
    rate(opened, me, LOVED[:2])
    page = view("my_ratings")
    assert not page.exception
    assert machines(page) == []


def test_the_sentence_counts_only_what_the_model_itself_ranked(opened: House) -> None:
    person, card = somebody(opened), opened.cards["ease"]
    titles = [movies.by_item(int(item)).title for item in person.items]
    said = time_machine.sentence(card, person, moments(person, [1, 100, 101, 7, None], "too little"))
    assert said.startswith("EASE put **2 of 3** of your next movies into its first 100; best call: ")
    assert titles[4] in said
    assert "at rank **7**, when you had just rated" in said
    assert titles[3] in said


def test_a_model_that_never_had_a_list_of_its_own_says_so(opened: House) -> None:
    person, card = somebody(opened), opened.cards["ease"]
    alone = moments(person, [3], "one rating is too few for this model")
    assert time_machine.sentence(card, person, alone) == (
        "EASE has shown you popularity so far: one rating is too few for this model."
    )


def test_every_step_goes_to_the_browser_with_every_title_once(opened: House) -> None:
    person = somebody(opened)
    data = time_machine.data(opened.cards["ease"], person, moments(person, [5, 6, 7, 8, None]))
    assert [(step["known"], step["rated"], step["stars"], step["rank"]) for step in data["steps"]] == [
        (1, 1, 5.0, 5),
        (2, 2, 1.0, 6),
        (3, 3, 4.0, 7),
        (4, 6, 4.5, 8),
        (5, 10, 3.0, None),
    ]
    assert [step["next"] for step in data["steps"]] == [2, 3, 6, 10, None]
    titles = [movie_id for movie_id, _ in data["titles"]]
    used = {movie_id for step in data["steps"] for movie_id in (step["rated"], *step["items"])}
    assert sorted(titles) == sorted(used)
