"""Released movies: whole or not at all, rated like any other, withdrawn and shown again by their own people only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from db import Database, DatabaseError, meta, people, ratings, releases
from db.releases import FIRST_ID, Draft

NIGHT = Draft(
    "Night of the Tests", 2026, ("Horror",), ("Ada Orbit",), ("Max Comet", "Rosa Waltz"), "It is dark, and green."
)


def test_a_release_is_kept_whole_and_can_be_rated(database: Database, person: int) -> None:
    with database.session() as session:
        movie_id = releases.put(session, person, NIGHT).movie_id
        ratings.put(session, person, movie_id, 4.5)
    assert movie_id > FIRST_ID
    with database.reading() as session:
        (release,) = releases.everything(session)
        kept = Draft(
            release.title, release.year, *map(tuple, (release.genres, release.directors, release.cast)), release.plot
        )
        assert kept == NIGHT
        assert (release.person_id, release.withdrawn) == (person, None)
        assert releases.raters(session, movie_id) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Draft("  生化 🎬👩‍🚀 "), Draft("生化 🎬👩‍🚀")),
        (Draft("a\x00b\nc", 1999, ("Horror", " Horror", ""), plot="  "), Draft("a b c", 1999, ("Horror",))),
        (Draft("<script>alert(1)</script>"), Draft("<script>alert(1)</script>")),
    ],
)
def test_a_draft_is_cleaned_not_changed(database: Database, person: int, given: Draft, kept: Draft) -> None:
    assert releases.clean(given) == kept
    with database.session() as session:
        assert releases.put(session, person, given).title == kept.title


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft(" \n"), "needs a title"),
        (Draft("x" * 201), "at most 200 characters; this one has 201"),
        (Draft("x", plot="y" * 100_000), "this one has 100,000"),
        (Draft("x", 3000), "3000 is no year"),
        (Draft("x", -5), "-5 is no year"),
        (Draft("x", cast=tuple(map(str, range(31)))), "At most 30"),
        (Draft("x", directors=("z" * 81,)), "too long for a name"),
    ],
)
def test_what_cannot_be_a_movie_is_refused_in_a_sentence(
    database: Database, person: int, draft: Draft, sentence: str
) -> None:
    with pytest.raises(DatabaseError, match=sentence), database.session() as session:
        releases.put(session, person, draft)
    with database.reading() as session:
        assert releases.everything(session) == []


def test_the_same_movie_is_released_once_even_by_two_at_once(database: Database, person: int) -> None:
    with database.session() as session:
        meta.claim(session, "embedded")
        other = people.create(session)[0].id

    def release(who: int) -> str:
        try:
            with database.session() as session:
                releases.put(session, who, NIGHT._replace(title=NIGHT.title.upper()) if who == other else NIGHT)
        except DatabaseError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        refused = [sentence for sentence in pool.map(release, (person, other)) if sentence]
    with database.session() as session:
        (release_,) = releases.everything(session)
        assert refused == [
            f"{refused[0].split(' has')[0]} has been released already; its page is /movie?movie={release_.movie_id}."
        ]
        releases.put(session, person, NIGHT._replace(year=2027))
        releases.put(session, person, NIGHT._replace(year=None))


def test_only_its_own_people_withdraw_a_movie_and_its_ratings_stay(database: Database, person: int) -> None:
    with database.session() as session:
        other = people.create(session)[0].id
        movie_id = releases.put(session, person, NIGHT).movie_id
        ratings.put(session, other, movie_id, 2)
        told = [releases.version(session)]
    for who, number in ((other, movie_id), (person, 1), (person, movie_id + 1)):
        with pytest.raises(DatabaseError, match="Only whoever released"), database.session() as session:
            releases.withdraw(session, who, number)
    with database.session() as session:
        releases.withdraw(session, person, movie_id)
    with database.session() as session:
        assert releases.everything(session)[0].withdrawn is not None
        assert releases.standing_as(session, NIGHT) is None
        assert [rating.movie_id for rating in ratings.of(session, other)] == [movie_id]
        told.append(releases.version(session))
        second = releases.put(session, person, NIGHT).movie_id
        told.append(releases.version(session))
    with pytest.raises(DatabaseError, match="released since"), database.session() as session:
        releases.restore(session, person, movie_id)
    with database.session() as session:
        releases.withdraw(session, person, second)
        releases.restore(session, person, movie_id)
        told.append(releases.version(session))
        assert [release.withdrawn is None for release in releases.everything(session)] == [True, False]
    assert len(set(told)) == len(told), "every change is noticed"
