"""When models are to be refreshed."""

from __future__ import annotations

from db import Database, jobs, ratings, refreshes


def rate(database: Database, person: int, *movies: int) -> None:
    with database.session() as session:
        for movie in movies:
            ratings.put(session, person, movie, 4.0)


def due(database: Database, every: int) -> bool:
    with database.reading() as session:
        return refreshes.due(session, every)


def test_due_after_so_many_ratings_that_were_given(database: Database, person: int) -> None:
    rate(database, person, 7, 8)
    assert not due(database, 3)
    with database.session() as session:
        ratings.remove(session, person, 7)
        ratings.undo(session, person)
    assert not due(database, 3), "neither taking away nor undoing gives a rating"
    rate(database, person, 9)
    assert due(database, 3)
    assert not due(database, 0), "0 is never"


def test_asking_counts_anew_and_asks_once(database: Database, person: int) -> None:
    rate(database, person, 7, 8)
    for _ in range(2):
        with database.session() as session:
            refreshes.ask(session)
    with database.reading() as session:
        assert [(job.kind, job.model) for job in jobs.active(session)] == [("refresh", None)]
    assert not due(database, 1)
    rate(database, person, 9)
    assert due(database, 1)
