"""From what a file wishes for to ratings of our movies, and to a list of those that we do not have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.imports.formats import Wish
from db.ratings import Entry
from recommender.data import Catalog
from recommender.serving.lookup import Missing, MovieLookup


class Unmatched(NamedTuple):
    """A row that becomes no rating."""

    line: int
    label: str
    reason: str


class Matched(NamedTuple):
    """A row that becomes a rating."""

    line: int
    entry: Entry
    by: str
    """How the movie was recognised: "id", "IMDb id" or "title"."""


@dataclass(frozen=True)
class Import:
    """What a file would bring: shown first, stored when the visitor agrees."""

    source: str
    """The format's name."""
    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def entries(self) -> list[Entry]:
        """For `ratings.put_many`: each movie once, oldest first."""
        return [row.entry for row in self.matched]


def match(source: str, wishes: Iterable[Wish], catalog: Catalog, lookup: MovieLookup, now: float) -> Import:
    """Find the movie of every row. Of several rows for one movie the latest counts; rows without a time carry `now`."""
    chosen: dict[int, Matched] = {}
    unmatched: list[Unmatched] = []
    for wish in wishes:
        if wish.stars is None:
            unmatched.append(Unmatched(wish.line, wish.label, "no rating in this row"))
            continue
        item, by = _find(wish, lookup)
        if isinstance(item, Missing):
            unmatched.append(Unmatched(wish.line, wish.label, item.value))
            continue
        movie_id = int(catalog.movie_ids[item])
        row = Matched(wish.line, Entry(movie_id, wish.stars, now if wish.at is None else wish.at), by)
        earlier = chosen.get(movie_id)
        if earlier is None or row.entry.at >= earlier.entry.at:
            chosen[movie_id] = row
        if earlier is not None:
            older = min((earlier, row), key=lambda known: known.entry.at)
            unmatched.append(Unmatched(older.line, wish.label, "rated twice; the later rating counts"))
    ordered = sorted(chosen.values(), key=lambda row: (row.entry.at, row.line))
    return Import(source, tuple(ordered), tuple(sorted(unmatched)))


def _find(wish: Wish, lookup: MovieLookup) -> tuple[int | Missing, str]:
    """The safest road first."""
    if wish.movie_id is not None and (item := lookup.by_movie_id(wish.movie_id)) is not None:
        return item, "id"
    if wish.imdb_id and (item := lookup.by_imdb(wish.imdb_id)) is not None:
        return item, "IMDb id"
    if wish.title:
        return lookup.by_title(wish.title, wish.year), "title"
    return Missing.UNKNOWN, ""
