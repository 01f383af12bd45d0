"""What a visitor does with all of their ratings at once: look back, bring in, take home, delete; and who they are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app import learning, movies, visitor
from app.imports import export
from app.resources import house
from db import people, ratings
from db.ratings import Entry, Event


def history() -> list[Entry]:
    """Every rating of the visitor, oldest first."""
    me = visitor.person_id()
    return [] if me is None else _of(me)


def _of(me: int) -> list[Entry]:
    with house().database.reading() as rows:
        return [Entry(rating.movie_id, rating.stars, rating.at) for rating in ratings.of(rows, me)]


def undoable() -> list[Event]:
    """The events that the next undo takes back; empty when there is nothing to undo."""
    me = visitor.person_id()
    if me is None:
        return []
    with house().database.reading() as rows:
        return ratings.undoable(rows, me)


def bring_in(entries: Sequence[Entry]) -> int:
    """Store ratings as one import, undone as one. Returns how many."""
    me = visitor.enter()
    with house().database.session() as rows:
        stored = len(ratings.put_many(rows, me, entries))
    learning.listen()
    return stored


def take_home() -> Callable[[], bytes]:
    """What writes all ratings as a CSV file that comes back in without loss.

    The file is written at the click, outside of any page's run, where nobody knows any more who the visitor is.
    """
    me = visitor.person_id()

    def write() -> bytes:
        entries = [] if me is None else _of(me)
        found = {entry.movie_id: movies.by_id(entry.movie_id) for entry in entries}
        return export(entries, {number: (movie.title, movie.year) for number, movie in found.items() if movie})

    return write


def delete_all() -> None:
    """Take all stars away; one undo brings them back."""
    me = visitor.person_id()
    if me is not None:
        with house().database.session() as rows:
            ratings.remove_all(rows, me)


def nickname() -> str:
    """What the visitor wants to be called; empty when they have not said."""
    with house().database.reading() as rows:
        person = people.by_token(rows, visitor.token())
        return "" if person is None else person.nickname or ""


def rename(name: str) -> None:
    """Set the nickname, or take it away with an empty one. Raises DatabaseError when it is too long."""
    me = visitor.enter()
    with house().database.session() as rows:
        people.rename(rows, me, name)


def device_link() -> str:
    """The path of a one-time link that makes another device the same person."""
    me = visitor.enter()
    with house().database.session() as rows:
        return f"/link/{people.new_link(rows, me)}"
