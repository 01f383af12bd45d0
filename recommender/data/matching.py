"""Which film of another collection is which movie of ours, by title and year. A wrong film is worse than none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from recommender.data.titles import keys, parse


class Entry(NamedTuple):
    """A movie or film to be matched."""

    title: str
    year: int | None
    genres: frozenset[str] = frozenset()


SAME_GENRE = {"Children": "Family", "Film-Noir": "Crime"}
"""MovieLens' words in Wikidata's."""
TOO_COMMON = frozenset({"Drama", "Comedy"})
"""Half of all films share these; they prove nothing."""


def agree(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Whether the genres speak for the same film: one telling genre shared, or nothing telling known on either side."""
    left, right = {SAME_GENRE.get(genre, genre) for genre in ours}, set(theirs)
    telling_left, telling_right = left - TOO_COMMON, right - TOO_COMMON
    return bool(telling_left & telling_right) or (bool(left & right) and not (telling_left and telling_right))


def match(movies: Sequence[Entry], films: Sequence[Entry]) -> list[int | None]:
    """The position in `films` of each movie, or None.

    Roads from the safest to the least safe: same year by the first title, same year by an alternative title, then a year
    off by one. From the second road on genres must agree too: alternative titles are short and shared (two films of 2004
    are called Innocence). On each road a movie with two candidates is decided by genres or not at all, and a film that was
    taken on a safer road is not given twice.
    """
    by_key: dict[tuple[str, int], list[int]] = defaultdict(list)
    for position, film in enumerate(films):
        if film.year is not None:
            for key in keys(parse(film.title).display):
                by_key[key, film.year].append(position)

    found: list[int | None] = [None] * len(movies)
    taken: set[int] = set()
    for by_alternative, shifts in ((False, (0,)), (True, (0,)), (False, (-1, 1)), (True, (-1, 1))):
        claims: dict[int, list[int]] = defaultdict(list)
        for movie, entry in enumerate(movies):
            if found[movie] is not None or entry.year is None:
                continue
            title = parse(entry.title)
            names = title.alternatives if by_alternative else (title.display,)
            candidates = {
                film
                for name in names
                for key in keys(name)
                for shift in shifts
                for film in by_key.get((key, entry.year + shift), ())
                if film not in taken
            }
            if len(candidates) > 1 or by_alternative or shifts != (0,):
                candidates = {film for film in candidates if agree(entry.genres, films[film].genres)}
            if len(candidates) == 1:
                claims[candidates.pop()].append(movie)
        for claimed, claimants in claims.items():
            if len(claimants) == 1:
                found[claimants[0]] = claimed
                taken.add(claimed)
    return found
