"""What was shown and clicked, by place, on both databases."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db import Database, examination, impressions, people
from db.examination import SOON_SECONDS, AtPlace, PairAtPlace
from db.impressions import Impression, ShownList


def test_places_are_counted_with_what_was_opened_or_rated_there(database: Database, person: int) -> None:
    with database.session() as session:
        impressions.record(session, person, "ease", "v1", "for_you", [9, 3, 5])
        impressions.outcome(session, person, 9, "opened")
        impressions.outcome(session, person, 3, "rated", 4.0)
        impressions.outcome(session, person, 5, "skipped")
        impressions.record(session, person, "markov", "v1", "for_you", [3, 9])
        assert examination.at_places(session, 24) == [AtPlace(1, 2, 1), AtPlace(2, 2, 1), AtPlace(3, 1, 0)]
        assert examination.at_places(session, 1) == [AtPlace(1, 2, 1)]


def test_only_movies_that_one_person_saw_at_two_places_and_clicked_say_something(
    database: Database, person: int
) -> None:
    with database.session() as session:
        other = people.create(session)[0].id
        impressions.record(session, person, "ease", "v1", "for_you", [9, 3, 5])
        impressions.record(session, person, "markov", "v1", "for_you", [3, 9, 5])
        impressions.record(session, person, "sasrec", "v1", "for_you", [3, 7])
        impressions.record(session, other, "ease", "v1", "for_you", [9, 3])
        impressions.outcome(session, person, 3, "opened")  # at the first place, after the second
        impressions.outcome(session, person, 5, "opened")  # always at the third place
        impressions.outcome(session, other, 9, "opened")  # once only
    with database.reading() as session:
        assert examination.pairs_at_places(session, 24) == [
            PairAtPlace(person, 3, 1, 2, 1),
            PairAtPlace(person, 3, 2, 1, 0),
        ]
        assert examination.pairs_at_places(session, 1) == []


def test_what_comes_of_a_list_much_later_did_not_come_of_it(database: Database, person: int) -> None:
    with database.session() as session:
        impressions.record(session, person, "ease", "v1", "for_you", [9])
        impressions.outcome(session, person, 9, "rated", 4.0)
        session.execute(update(Impression).values(outcome_at=_shown(session) + SOON_SECONDS))
        assert examination.at_places(session, 24) == [AtPlace(1, 1, 1)]
        session.execute(update(Impression).values(outcome_at=_shown(session) + SOON_SECONDS + 60))
        assert examination.at_places(session, 24) == [AtPlace(1, 1, 0)]


def test_the_version_tells_of_new_lists(database: Database, person: int) -> None:
    with database.session() as session:
        versions = [examination.version(session)]
        for movie in (9, 3):
            impressions.record(session, person, "ease", "v1", "for_you", [movie])
            versions.append(examination.version(session))
    assert versions[0] == 0
    assert versions == sorted(set(versions))


def test_an_empty_house_has_no_places(database: Database) -> None:
    with database.reading() as session:
        assert examination.at_places(session, 24) == examination.pairs_at_places(session, 24) == []


def _shown(session: Session) -> float:
    return session.scalars(select(ShownList.at)).one()
