"""Tags: words that people give movies."""

from __future__ import annotations

import pytest

from db import Database, DatabaseError, people, tags


def test_a_tag_is_given_once_counted_and_taken_back(database: Database, person: int) -> None:
    with database.session() as session:
        other = people.create(session)[0].id
        assert tags.put(session, person, 7, "  Film   NOIR ") == "film noir"
        tags.put(session, person, 7, "film noir")
        tags.put(session, other, 7, "Film Noir")
        tags.put(session, other, 7, "bleak")
        tags.put(session, other, 8, "chess")
    with database.reading() as session:
        assert tags.of(session, person, 7) == {"film noir"}
        assert list(tags.counts(session, 7).items()) == [("film noir", 2), ("bleak", 1)]
    with database.session() as session:
        tags.remove(session, other, 7, "film noir")
        tags.remove(session, other, 7, "never given")
        assert list(tags.counts(session, 7).items()) == [("bleak", 1), ("film noir", 1)]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("科幻", "科幻"), ("🍿🎬", "🍿🎬"), ("a\u0000b\nc", "a b c"), ("Cafe\u0301", "café"), ("x" * 40, "x" * 40)],
)
def test_letters_of_the_world_are_kept(database: Database, person: int, text: str, kept: str) -> None:
    with database.session() as session:
        assert tags.put(session, person, 1, text) == kept
    with database.reading() as session:
        assert tags.of(session, person, 1) == {kept}


@pytest.mark.parametrize(
    ("text", "sentence"), [("  \n ", "needs a letter"), ("x" * 41, "up to 40"), ("x" * 100_000, "100,000")]
)
def test_what_is_no_tag_is_said_in_a_sentence(database: Database, person: int, text: str, sentence: str) -> None:
    with pytest.raises(DatabaseError, match=sentence), database.session() as session:
        tags.put(session, person, 1, text)


def test_one_person_has_only_so_many_for_a_movie(database: Database, person: int) -> None:
    with database.session() as session:
        for number in range(tags.MOST):
            tags.put(session, person, 1, f"tag {number}")
        tags.put(session, person, 1, "tag 3")
    with pytest.raises(DatabaseError, match="take one back"), database.session() as session:
        tags.put(session, person, 1, "one more")


def test_a_movie_that_is_not_there_takes_none(database: Database, person: int) -> None:
    with pytest.raises(DatabaseError, match="no movie 999"), database.session() as session:
        tags.put(session, person, 999, "dark")
