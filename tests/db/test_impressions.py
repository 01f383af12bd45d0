"""What was shown, and what came of it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db import Database, impressions, people


def test_a_list_is_remembered_with_its_positions(database: Database, person: int) -> None:
    with database.session() as session:
        first = impressions.record(session, person, "ease", "v1", "for_you", [9, 3, 5])
        second = impressions.record(session, person, "ease", "v1", "for_you", [7, 8], first=4)
        assert first != second
    with database.reading() as session:
        seen = [(row.movie_id, row.position, row.outcome) for row in impressions.of(session, person)]
        assert seen == [(9, 1, None), (3, 2, None), (5, 3, None), (7, 4, None), (8, 5, None)]
        shown = session.execute(text("select model, version, view from shown_lists")).all()
        assert [tuple(row) for row in shown] == [("ease", "v1", "for_you")] * 2


def test_an_empty_list_is_a_list_too(database: Database, person: int) -> None:
    with database.session() as session:
        impressions.record(session, person, "ease", "v1", "browse", [])
        assert impressions.of(session, person) == []
        assert session.scalar(text("select count(*) from shown_lists")) == 1


def test_an_outcome_belongs_to_the_latest_time_that_the_movie_was_shown(database: Database, person: int) -> None:
    with database.session() as session:
        impressions.record(session, person, "ease", "v1", "for_you", [9, 3])
        impressions.record(session, person, "markov", "v1", "for_you", [3, 9])
        assert impressions.outcome(session, person, 9, "rated", 4.5)
        assert impressions.outcome(session, person, 3, "opened")
    with database.reading() as session:
        rows = impressions.of(session, person)
        assert [(row.movie_id, row.outcome, row.stars) for row in rows] == [
            (9, None, None),
            (3, None, None),
            (3, "opened", None),
            (9, "rated", 4.5),
        ]
        assert all((row.outcome is None) == (row.outcome_at is None) for row in rows)


def test_a_movie_that_was_never_shown_has_no_outcome(database: Database, person: int) -> None:
    with database.session() as session:
        stranger = people.create(session)[0].id
        impressions.record(session, stranger, "ease", "v1", "for_you", [9])
        assert not impressions.outcome(session, person, 9, "skipped")
        assert impressions.of(session, stranger)[0].outcome is None


def test_a_movie_that_does_not_exist_is_not_shown(database: Database, person: int) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        impressions.record(session, person, "ease", "v1", "for_you", [9, 999])
    with database.reading() as session:
        assert impressions.of(session, person) == []


def test_what_a_policy_put_into_a_list_is_kept_with_its_chance(database: Database, person: int) -> None:
    with database.session() as session:
        impressions.record(session, person, "ease", "v1", "for_you", [9, 3])
        exploring = impressions.Exploring("thompson", [None, 0.25, None, 0.5])
        impressions.record(session, person, "ease", "v1", "for_you", [9, 3, 5, 7], exploring=exploring)
        before = impressions.trial_version(session)
        impressions.outcome(session, person, 7, "rated", 4.5)
        impressions.outcome(session, person, 3, "opened")
        assert impressions.trial_version(session) != before
    with database.reading() as session:
        assert [row.propensity for row in impressions.of(session, person)] == [None, None, None, 0.25, None, 0.5]
        found = impressions.trials(session, 10)
        assert [(one.movie_id, one.propensity, one.stars, one.above) for one in found] == [
            (3, 0.25, None, (9,)),
            (7, 0.5, 4.5, (9, 3, 5)),
        ]
        assert {(one.person_id, one.model, one.policy) for one in found} == {(person, "ease", "thompson")}


def test_only_the_latest_lists_and_only_from_their_top_are_asked_for(database: Database, person: int) -> None:
    with database.session() as session:
        for movie in (9, 3, 5):
            impressions.record(
                session, person, "ease", "v1", "for_you", [movie], exploring=impressions.Exploring("epsilon", [0.1])
            )
        impressions.record(
            session, person, "ease", "v1", "for_you", [7], first=25, exploring=impressions.Exploring("epsilon", [0.1])
        )
        assert [one.movie_id for one in impressions.trials(session, 2)] == [3, 5]


@pytest.mark.parametrize("impossible", [0.0, 1.5, -0.1])
def test_a_chance_that_cannot_be_is_refused(database: Database, person: int, impossible: float) -> None:
    exploring = impressions.Exploring("epsilon", [impossible])
    with pytest.raises(IntegrityError), database.session() as session:
        impressions.record(session, person, "ease", "v1", "for_you", [9], exploring=exploring)
