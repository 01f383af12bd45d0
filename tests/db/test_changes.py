"""Changes as those hear them who learn from every one: all, in order, none missed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from db import Database, changes, people, ratings
from db.changes import Change
from db.ratings import Entry


def heard(database: Database, number: int = 0) -> list[Change]:
    with database.reading() as session:
        return changes.after(session, number)


def test_every_change_of_everybody_in_order(database: Database, person: int) -> None:
    with database.session() as session:
        other = people.create(session)[0].id
        assert changes.last(session) == 0
        ratings.put(session, person, 7, 4.5, at=10)
        ratings.put(session, other, 8, 1.0, at=20)
        ratings.put(session, person, 7, 2.0, at=30)
        ratings.remove(session, other, 8)
        ratings.undo(session, other)
        ratings.put(session, person, 9, 3.0, at=40)
    told = heard(database)
    assert [(c.person_id, c.movie_id, c.stars, c.at, c.teaches) for c in told] == [
        (person, 7, 4.5, 10, True),
        (other, 8, 1.0, 20, True),
        (person, 7, 2.0, 30, True),
        (other, 8, None, None, False),
        (other, 8, 1.0, 20, False),
        (person, 9, 3.0, 40, True),
    ]
    numbers = [change.number for change in told]
    assert numbers == sorted({*numbers})
    assert heard(database, numbers[2]) == told[3:]
    assert heard(database, numbers[-1]) == []
    with database.reading() as session:
        assert changes.last(session) == numbers[-1]
        mine = changes.before(session, person, numbers[-1])
    assert [(c.movie_id, c.stars, c.at) for c in mine] == [(7, 4.5, 10), (7, 2.0, 30)]


def test_of_an_import_only_the_last_teach(database: Database, person: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST_TAUGHT", 3)
    with database.session() as session:
        ratings.put(session, person, 50, 4.0)
        ratings.put_many(session, person, [Entry(movie, 4.0, movie) for movie in range(1, 11)])
        ratings.put(session, person, 60, 4.0)
    told = heard(database)
    assert [change.movie_id for change in told if change.teaches] == [50, 8, 9, 10, 60]
    assert len(told) == 12, "the others are still read of the person"
    assert [change.movie_id for change in heard(database, told[4].number) if change.teaches] == [8, 9, 10, 60]


def test_whoever_has_read_up_to_a_number_has_missed_none(database: Database, person: int) -> None:
    """A second writer cannot commit a later number while an earlier one is still open."""
    with database.session() as session:
        other = people.create(session)[0].id
    numbered, told = Event(), []

    def second() -> None:
        assert numbered.wait(60)
        with database.session() as session:
            ratings.put(session, other, 8, 4.0)

    with ThreadPoolExecutor(1) as pool:
        with database.session() as session:
            ratings.put(session, person, 7, 4.0)
            waiting = pool.submit(second)
            numbered.set()
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)
            told += heard(database)
        waiting.result()
    assert told == []
    assert [change.movie_id for change in heard(database)] == [7, 8]
