"""The poster grid: what comes from a browser is read with care, in order, each act once."""

from __future__ import annotations

from typing import Any

import pytest

from app.components import poster_grid
from app.components.poster_grid import Card, Event, events
from app.movies import by_id
from app.resources import House


def rate(number: int, movie_id: int = 7, stars: float | None = 4) -> dict[str, Any]:
    """A star as the browser tells it."""
    return {"number": number, "kind": "rate", "movie_id": movie_id, "stars": stars}


def test_acts_are_answered_in_their_order_and_only_those_that_are_new() -> None:
    acts = [rate(5, 9), rate(3, 8), rate(4, 7, None), {"number": 6, "kind": "skip", "movie_id": 2, "stars": None}]
    assert events(acts, answered=3) == [
        (4, Event("rate", 7, None)),
        (5, Event("rate", 9, 4.0)),
        (6, Event("skip", 2)),
    ]


@pytest.mark.parametrize(
    "acts",
    [
        None,
        "rate",
        [None, 3, "x", []],
        [{"number": 1, "kind": "rate", "movie_id": 7}],
        [{"number": 1, "kind": "delete", "movie_id": 7, "stars": 4}],
        [{"number": "1", "kind": "rate", "movie_id": 7, "stars": 4}],
        [{"number": 1, "kind": "open", "movie_id": "7"}],
        [{"number": 1, "kind": "rate", "movie_id": 7, "stars": "five"}],
    ],
)
def test_what_makes_no_sense_is_left_out(acts: object) -> None:
    assert events(acts, answered=0) == []


def test_each_act_is_answered_once_though_it_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[Event] = []
    numbers = {"list": 0}

    class Sent:
        acts: Any = None

    def set_answered(key: str, number: int, event: Event) -> None:
        numbers[key] = number

    monkeypatch.setattr(poster_grid.exposure, "answer", answered.append)
    monkeypatch.setattr(poster_grid.session, "answered", numbers.__getitem__)
    monkeypatch.setattr(poster_grid.session, "set_answered", set_answered)
    monkeypatch.setattr(poster_grid.st, "session_state", {"list": Sent})
    for acts in ([rate(1, 7)], [rate(1, 7), rate(2, 8)], [rate(2, 8), rate(3, 9)]):
        Sent.acts = acts
        poster_grid.hear("list")
    assert [event.movie_id for event in answered] == [7, 8, 9]


def test_a_movie_outside_a_list_is_a_card_without_a_rank(opened: House) -> None:
    movie = by_id(1200)
    assert movie is not None
    card = Card.of(movie, stars=3.5, skippable=True)
    assert (card.title, card.year, card.rank, card.change, card.stars) == ("Aliens", 1986, None, None, 3.5)
