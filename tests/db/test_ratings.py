"""Ratings and their events: the state always follows from the events, and undo is the inverse of every change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import Database, DatabaseError, people, ratings, skips
from db.ratings import Entry

STARS = st.integers(1, 10).map(lambda halves: halves / 2)


def state(database: Database, person: int) -> dict[int, tuple[float, float]]:
    with database.reading() as session:
        return {rating.movie_id: (rating.stars, rating.at) for rating in ratings.of(session, person)}


def test_put_change_remove_undo(database: Database, person: int) -> None:
    with database.session() as session:
        assert ratings.put(session, person, 7, 4.5).before is None
        assert ratings.put(session, person, 7, 2.0).before == 4.5
        assert ratings.remove(session, person, 7) is not None
        assert ratings.remove(session, person, 7) is None
        assert ratings.of(session, person) == []
        assert [change.after for change in ratings.undo(session, person)] == [2.0]
        assert [change.after for change in ratings.undo(session, person)] == [4.5]
        assert [change.after for change in ratings.undo(session, person)] == [None]
        assert ratings.undo(session, person) == []
        assert len(ratings.events(session, person)) == 6


@pytest.mark.parametrize("stars", [0, 0.25, 5.5, -1, float("nan"), 3.3])
def test_stars_that_are_none_are_refused(database: Database, person: int, stars: float) -> None:
    with pytest.raises(DatabaseError, match="in halves"), database.session() as session:
        ratings.put(session, person, 7, stars)


def test_an_unknown_movie_or_person_is_refused(database: Database, person: int) -> None:
    with pytest.raises(DatabaseError, match="no movie 999"), database.session() as session:
        ratings.put(session, person, 999, 4)
    with pytest.raises(DatabaseError, match="person is not known"), database.session() as session:
        ratings.put(session, person + 1_000, 7, 4)


def test_an_import_is_stored_whole_or_not_at_all_and_undone_as_one(database: Database, person: int) -> None:
    entries = [Entry(movie, 3.5, 1_000_000_000 + movie) for movie in range(1, 101)]
    with pytest.raises(DatabaseError), database.session() as session:
        ratings.put_many(session, person, [*entries, Entry(999, 3, 0)])
    assert state(database, person) == {}
    with database.session() as session:
        ratings.put(session, person, 1, 5, at=1)
        ratings.put_many(session, person, entries)
    assert state(database, person)[1] == (3.5, 1_000_000_001)
    with database.session() as session:
        assert len(ratings.undo(session, person)) == 100
    assert state(database, person) == {1: (5, 1)}


def test_ratings_of_one_moment_keep_the_order_in_which_they_came(database: Database, person: int) -> None:
    with database.session() as session:
        ratings.put_many(session, person, [Entry(movie, 4, 77) for movie in (9, 3, 5)])
        assert [rating.movie_id for rating in ratings.of(session, person)] == [9, 3, 5]


def test_every_change_makes_another_version(database: Database, person: int) -> None:
    seen = []
    with database.session() as session:
        seen.append(ratings.version_of(session, person))
        for change in (
            lambda: ratings.put(session, person, 1, 4),
            lambda: ratings.put(session, person, 1, 4.5),
            lambda: ratings.undo(session, person),
            lambda: ratings.remove(session, person, 1),
        ):
            change()
            seen.append(ratings.version_of(session, person))
    assert len(set(seen)) == len(seen)


def test_ratings_of_one_person_are_counted(database: Database, person: int) -> None:
    with database.session() as session:
        other = people.create(session)[0].id
        assert ratings.count_of(session, person) == 0
        for movie in (3, 4, 5):
            ratings.put(session, person, movie, 4)
        ratings.put(session, person, 5, 2)
        ratings.remove(session, person, 4)
        ratings.put(session, other, 3, 1)
        assert ratings.count_of(session, person) == 2
        assert ratings.count_of(session, person + 1_000) == 0


def test_what_nobody_has_cannot_be_skipped(database: Database, person: int) -> None:
    with pytest.raises(DatabaseError, match="no movie 999"), database.session() as session:
        skips.put(session, person, 999)


def test_rating_a_movie_means_having_seen_it(database: Database, person: int) -> None:
    with database.session() as session:
        skips.put(session, person, 5)
        skips.put(session, person, 5)
        skips.put(session, person, 6)
        assert skips.of(session, person) == {5, 6}
        ratings.put(session, person, 5, 3)
        assert skips.of(session, person) == {6}


def test_what_undo_would_take_back_can_be_asked(database: Database, person: int) -> None:
    with database.session() as session:
        assert ratings.undoable(session, person) == []
        ratings.put(session, person, 1, 4)
        ratings.put_many(session, person, [Entry(2, 3, 10), Entry(3, 4, 11)])
        assert [(event.kind, event.movie_id) for event in ratings.undoable(session, person)] == [
            ("import", 3),
            ("import", 2),
        ]
        ratings.undo(session, person)
        assert [(event.kind, event.movie_id) for event in ratings.undoable(session, person)] == [("put", 1)]
        ratings.undo(session, person)
        assert ratings.undoable(session, person) == []


def test_everything_can_be_taken_away_and_comes_back_as_it_was(database: Database, person: int) -> None:
    with database.session() as session:
        ratings.put_many(session, person, [Entry(movie, 3.5, 77) for movie in range(200, 0, -1)])
        before = [(rating.movie_id, rating.stars, rating.at) for rating in ratings.of(session, person)]
        assert len(ratings.remove_all(session, person)) == 200
        assert ratings.of(session, person) == []
        ratings.undo(session, person)
        after = [(rating.movie_id, rating.stars, rating.at) for rating in ratings.of(session, person)]
        assert sorted(after) == sorted(before)


def test_twenty_people_at_once_lose_nothing(database: Database) -> None:
    movies = range(1, 16)
    with database.session() as session:
        crowd = [people.create(session)[0].id for _ in range(20)]

    def rate_all(me: int) -> None:
        for movie in movies:
            with database.session() as session:
                ratings.put(session, me, movie, 0.5 + (me + movie) % 10 / 2)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(rate_all, crowd))
    for me in crowd:
        assert {movie: stars for movie, (stars, _) in state(database, me).items()} == {
            movie: 0.5 + (me + movie) % 10 / 2 for movie in movies
        }


def test_many_tabs_of_one_person_come_one_after_another(database: Database, person: int) -> None:
    def rate_and_change(movie: int) -> None:
        for stars in (2.0, 4.0):
            with database.session() as session:
                ratings.put(session, person, 1, stars)
            with database.session() as session:
                ratings.put(session, person, movie, stars)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(rate_and_change, range(2, 14)))
    with database.reading() as session:
        events = ratings.events(session, person)
    assert len(events) == 48
    assert set(state(database, person)) == set(range(1, 14))
    last: dict[int, float | None] = {}
    for event in events:
        assert event.stars_before == last.get(event.movie_id)
        last[event.movie_id] = event.stars


def test_everyone_streams_all_people(database: Database) -> None:
    with database.session() as session:
        for _ in range(2):
            me = people.create(session)[0].id
            ratings.put(session, me, 4, 2.5, at=20)
            ratings.put(session, me, 2, 3.5, at=10)
        rows = list(ratings.everyone(session))
    assert [row[1:] for row in rows] == [(2, 3.5, 10), (4, 2.5, 20)] * 2


MOVE = st.one_of(
    st.tuples(st.just("put"), st.integers(1, 5), STARS),
    st.tuples(st.just("remove"), st.integers(1, 5), st.none()),
    st.tuples(st.just("undo"), st.none(), st.none()),
    st.tuples(st.just("import"), st.lists(st.tuples(st.integers(1, 5), STARS), max_size=4), st.none()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(MOVE, max_size=12))
def test_the_state_follows_from_the_events_and_undo_leads_back(database: Database, moves: list[tuple]) -> None:
    with database.session() as session:
        me = people.create(session)[0].id
    states = [state(database, me)]
    for kind, what, stars in moves:
        with database.session() as session:
            if kind == "put":
                ratings.put(session, me, what, stars, at=5)
            elif kind == "remove":
                changed = ratings.remove(session, me, what) is not None
            elif kind == "import":
                changed = bool(ratings.put_many(session, me, [Entry(movie, value, 6) for movie, value in what]))
            else:
                changed = bool(ratings.undo(session, me))
        if kind == "undo":
            if changed:
                states.pop()
            assert state(database, me) == states[-1]
        elif kind == "put" or changed:
            states.append(state(database, me))
        with database.reading() as session:
            replayed: dict[int, tuple[float, float]] = {}
            for event in ratings.events(session, me):
                if event.stars is None or event.at is None:
                    replayed.pop(event.movie_id, None)
                else:
                    replayed[event.movie_id] = (event.stars, event.at)
        assert replayed == state(database, me)
