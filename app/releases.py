"""Released movies: from the database into the lists, and the verbs by which visitors bring them in and take them out."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from app import bridge, visitor
from app.movies import Movie
from app.resources import House, house
from app.titles import TitleIndex
from db import releases
from db.releases import Draft, Release
from recommender.data import Catalog
from recommender.serving.lookup import Missing, MovieLookup
from recommender.serving.releases import Releases

_taking_in = Lock()


def refresh() -> None:
    """Show what was released or withdrawn since, here or by another process; one small question when nothing was."""
    rooms = house()
    with rooms.database.reading() as rows:
        if releases.version(rows) == rooms.engine.releases.version:
            return
    with _taking_in, rooms.database.reading() as rows:
        version, known = releases.version(rows), releases.everything(rows)
        if version != rooms.engine.releases.version:
            rooms.engine.release(*bridge.released(known), version)


def put(draft: Draft) -> int:
    """Release a movie; returns its movie_id. Raises DatabaseError, in words, when it cannot be."""
    me = visitor.enter()
    with house().database.session() as rows:
        movie_id = releases.put(rows, me, draft).movie_id
    refresh()
    return movie_id


def withdraw(movie_id: int) -> None:
    """Take the visitor's own movie off all lists."""
    me = visitor.enter()
    with house().database.session() as rows:
        releases.withdraw(rows, me, movie_id)
    refresh()


def restore(movie_id: int) -> None:
    """Show the visitor's own withdrawn movie again."""
    me = visitor.enter()
    with house().database.session() as rows:
        releases.restore(rows, me, movie_id)
    refresh()


def own() -> list[Release]:
    """What the visitor released, the latest first, withdrawn ones too."""
    me = visitor.person_id()
    if me is None:
        return []
    with house().database.reading() as rows:
        return [release for release in reversed(releases.everything(rows)) if release.person_id == me]


def raters(movie_id: int) -> int:
    """How many people have rated a movie."""
    with house().database.reading() as rows:
        return releases.raters(rows, movie_id)


def withdrawn(movie: Movie) -> bool:
    """Whether it was released and taken back."""
    return not house().engine.releases.stands(movie.item)


def everything() -> Catalog:
    """The catalogue with what came after it."""
    return house().engine.releases.everything


def titles() -> TitleIndex:
    """The search over all movies that stand."""
    rooms = house()
    return _titles(rooms, rooms.engine.releases)


@lru_cache(maxsize=2)
def _titles(rooms: House, known: Releases) -> TitleIndex:
    return rooms.titles.extended(known.released, known.standing.tolist()) if len(known) else rooms.titles


def lookup() -> MovieLookup:
    """The finder of movies by id, title and IMDb id, made once for every state of the catalogue."""
    return _lookup(house().engine.releases)


@lru_cache(maxsize=2)
def _lookup(known: Releases) -> MovieLookup:
    return MovieLookup(known.everything)


def same(title: str, year: int | None) -> int | None:
    """The item that stands of this title and this very year, from the catalogue or released; None when there is none."""
    known = house().engine.releases
    item = lookup().by_title(title, year) if title.strip() else Missing.UNKNOWN
    if isinstance(item, Missing) or not known.stands(item) or known.everything.frame["year"][item] != year:
        return None
    return item
