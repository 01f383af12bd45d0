"""Which movie of the catalogue somebody else's list means: by movie_id, by IMDb id, else by title and year."""

from __future__ import annotations

import re
from collections import defaultdict
from enum import StrEnum

from recommender.data import Catalog
from recommender.data.titles import keys, parse

IMDB = re.compile(r"(?:tt)?0*(\d{1,10})")


class Missing(StrEnum):
    """Why a movie was not found, in words that end a sentence."""

    UNKNOWN = "not in this catalogue"
    AMBIGUOUS = "several movies are called so"


def imdb_number(imdb_id: str | None) -> int | None:
    """The number in an IMDb id, with or without "tt" and leading zeros: "tt0133093" -> 133093. None when it is no id."""
    found = IMDB.fullmatch((imdb_id or "").strip())
    return int(found[1]) if found else None


class MovieLookup:
    """Finds items of one catalogue. Built once, never changed. A wrong movie is worse than none, so nothing is guessed."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._by_imdb: dict[int, int] = {}
        self._by_title: defaultdict[str, dict[int, int | None]] = defaultdict(dict)
        columns = catalog.frame.select("imdb_id", "title", "alternative_titles", "year")
        for item, (imdb_id, title, alternatives, year) in enumerate(columns.iter_rows()):
            if (number := imdb_number(imdb_id)) is not None:
                self._by_imdb[number] = item
            for name in (title or "", *(alternatives or ())):
                for key in keys(name):
                    self._by_title[key][item] = year

    def by_movie_id(self, movie_id: int) -> int | None:
        """The item with this movie_id."""
        item = int(self._catalog.index_of([movie_id])[0])
        return item if item >= 0 else None

    def by_imdb(self, imdb_id: str) -> int | None:
        """The item with this IMDb id ("tt0133093" or "133093")."""
        number = imdb_number(imdb_id)
        return None if number is None else self._by_imdb.get(number)

    def by_title(self, title: str, year: int | None) -> int | Missing:
        """The only item so called, in that year, else in the year before or after: lists differ on when a film came out.

        A year at the end of the title counts when none is given. Without any year the title alone must decide.
        """
        parsed = parse(title)
        year = year if year is not None else parsed.year
        named: dict[int, int | None] = {}
        for name in (parsed.display, *parsed.alternatives, title):
            for key in keys(name):
                named |= self._by_title.get(key, {})
            if named:
                break
        for near in (0, 1) if year is not None else (None,):
            found = [item for item, known in named.items() if near is None or _apart(known, year) == near]
            if found:
                return found[0] if len(found) == 1 else Missing.AMBIGUOUS
        return Missing.UNKNOWN


def _apart(one: int | None, other: int | None) -> int | None:
    """Years between two years; None when either is unknown."""
    return None if one is None or other is None else abs(one - other)
