"""People are tokens; the database keeps only their hashes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from db import Database, DatabaseError, people


def test_a_token_finds_its_person_and_is_not_stored(database: Database) -> None:
    with database.session() as session:
        person, token = people.create(session)
    assert len(bytes.fromhex(token)) == 16
    with database.reading() as session:
        found = people.by_token(session, token)
        assert found is not None
        assert found.id == person.id
        assert people.by_token(session, "0" * 32) is None
        assert token not in str(session.execute(text("select * from tokens")).all())


def test_two_first_pages_of_one_browser_are_one_person(database: Database) -> None:
    def arrive(_: int) -> int:
        with database.session() as session:
            return people.create(session, token="ab" * 16)[0].id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(arrive, range(8)))) == 1
    with database.reading() as session:
        assert session.scalar(text("select count(*) from people")) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Ada  ", "Ada"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("مارك 🎬", "مارك 🎬"),
        ("two\nlines\x00", "two lines"),
        ("   ", None),
    ],
)
def test_a_nickname_is_kept_as_plain_text(database: Database, person: int, given: str, kept: str | None) -> None:
    with database.session() as session:
        assert people.rename(session, person, given) == kept


def test_a_long_nickname_is_refused(database: Database, person: int) -> None:
    with pytest.raises(DatabaseError, match="at most 40"), database.session() as session:
        people.rename(session, person, "x" * 41)


def test_a_link_makes_another_device_the_same_person_once(database: Database, person: int) -> None:
    with database.session() as session:
        code = people.new_link(session, person)

    def redeem(_: int) -> str | None:
        try:
            with database.session() as session:
                return people.redeem_link(session, code)
        except DatabaseError:
            return None

    with ThreadPoolExecutor(4) as pool:
        tokens = [token for token in pool.map(redeem, range(4)) if token]
    assert len(tokens) == 1
    with database.reading() as session:
        found = people.by_token(session, tokens[0])
        assert found is not None
        assert found.id == person


def test_an_old_link_does_not_work(database: Database, person: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.session() as session:
        code = people.new_link(session, person)
    real: Any = people.now
    monkeypatch.setattr(people, "now", lambda: real() + people.LINK_SECONDS + 1)
    with pytest.raises(DatabaseError, match="15 minutes"), database.session() as session:
        people.redeem_link(session, code)
