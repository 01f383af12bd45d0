"""Find movies by what people remember: half a title, a typo, "Matrix, The"; by genre, decade and people."""

from __future__ import annotations

import copy
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from recommender.data import Catalog
from recommender.data.dataset import Dataset
from recommender.data.titles import normalise

ARTICLES = {
    *("the", "a", "an", "le", "la", "les", "l"),
    *("el", "los", "las", "il", "lo"),
    *("der", "die", "das", "den", "det"),
}
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
CUTOFF = 82.0
"""Similarity 0..100 below which a title is another title: "termnator" finds The Terminator, "alien" does not find Allen."""
SAFE_LENGTH = 5
"""Letters from which a part of a title may be misspelt; shorter ones would fit everywhere."""
FAMOUS = 400
"""People offered by name in the filter; any other can be typed."""


def key(text: str) -> str:
    """What of a title survives bad memory: the normal form without articles, wherever they stand (unless nothing else is left)."""
    words = normalise(text).split()
    return " ".join([word for word in words if word not in ARTICLES] or words)


@dataclass(frozen=True)
class Filter:
    """What a movie must have: any of the genres, any of the decades, all of the people. Empty means anything."""

    genres: frozenset[str] = frozenset()
    decades: frozenset[int] = frozenset()
    people: frozenset[str] = frozenset()


class TitleIndex:
    """Search over one data set and what was released after it. Built once, never changed."""

    def __init__(self, dataset: Dataset) -> None:
        frame = dataset.catalog.frame
        named = enumerate(frame.select("title", "alternative_titles").iter_rows())
        names = [(item, key(name)) for item, (title, others) in named for name in (title or "", *(others or []))]
        self._item_of = np.array([item for item, _ in names], dtype=np.int64)
        self._keys = [name for _, name in names]
        self._years: list[int | None] = frame["year"].to_list()
        self._genres: list[list[str]] = [genres or [] for genres in frame["genres"].to_list()]
        self._people = [
            [*(directors or []), *(writers or []), *(cast or [])]
            for directors, writers, cast in frame.select("directors", "writers", "cast").iter_rows()
        ]
        self._films_of = _films_by_person(self._people)
        self._ratings = np.bincount(dataset.interactions.item, minlength=frame.height)
        self._by_fame: NDArray[np.int64] = np.argsort(-self._ratings, kind="stable")

    def extended(self, released: Catalog, standing: Sequence[bool]) -> TitleIndex:
        """The search over these movies, too, whose items follow; those that do not stand are not found."""
        more, first = copy.copy(self), len(self._years)
        for known in ("genres", "decades", "people"):
            vars(more).pop(known, None)
        found = [item for item, stands in enumerate(standing) if stands]
        titles, years, genres, directors, cast = (
            released.frame[name].to_list() for name in ("title", "year", "genres", "directors", "cast")
        )
        more._item_of = np.append(self._item_of, [first + item for item in found]).astype(np.int64)
        more._keys = [*self._keys, *(key(titles[item] or "") for item in found)]
        more._years = [*self._years, *years]
        more._genres = [
            *self._genres,
            *(names or [] if stands else [] for names, stands in zip(genres, standing, strict=True)),
        ]
        more._people = [
            *self._people,
            *([*(some or []), *(others or [])] for some, others in zip(directors, cast, strict=True)),
        ]
        more._films_of = self._films_of | {
            name: {first + found[place] for place in places} | self._films_of.get(name, set())
            for name, places in _films_by_person([more._people[first + item] for item in found]).items()
        }
        more._ratings = np.append(self._ratings, np.zeros(len(years), self._ratings.dtype))
        more._by_fame = np.append(self._by_fame, [first + item for item in found]).astype(np.int64)
        return more

    @cached_property
    def genres(self) -> list[str]:
        """Every genre of the catalogue, in the order of the alphabet."""
        return sorted({genre for genres in self._genres for genre in genres})

    @cached_property
    def decades(self) -> list[int]:
        """Every decade with a movie, the latest first."""
        return sorted({year // 10 * 10 for year in self._years if year}, reverse=True)

    @cached_property
    def people(self) -> list[str]:
        """The people of the most watched movies, in the order of the alphabet."""
        fame: Counter[str] = Counter()
        for item, names in enumerate(self._people):
            for name in set(names):
                fame[name] += int(self._ratings[item])
        return sorted(name for name, _ in fame.most_common(FAMOUS))

    def search(self, text: str = "", only: Filter | None = None) -> NDArray[np.int64]:
        """Items that pass the filter, `[n_found]`: best match first for a text, else the most rated first."""
        found: Iterable[int] = self._matching(text) if key(text) else self._by_fame.tolist()
        only = only or Filter()
        cast = [self._with(name) for name in only.people]
        return np.array(
            [
                item
                for item in found
                if (not only.genres or not only.genres.isdisjoint(self._genres[item]))
                and (not only.decades or (self._years[item] or 0) // 10 * 10 in only.decades)
                and all(item in films for films in cast)
            ],
            dtype=np.int64,
        )

    def knows(self, name: str) -> bool:
        """Whether somebody of exactly this name made or played in a movie here."""
        return key(name) in self._films_of

    def _with(self, name: str) -> set[int]:
        """Items of a person, of the nearest name when nobody is called exactly so."""
        wanted = key(name)
        if wanted in self._films_of:
            return self._films_of[wanted]
        near = process.extractOne(wanted, self._films_of.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=CUTOFF)
        return self._films_of[near[0]] if near else set()

    def _matching(self, text: str) -> list[int]:
        """Items whose title is like `text`: nearest first, among equals the most rated; the films of a person so called
        where no title is. A year in the text must be theirs, unless it belongs to the title ("2001: A Space Odyssey")."""
        wanted = key(text)
        scores = self._likeness(wanted)
        if (year := YEAR.search(text)) and (rest := key(YEAR.sub(" ", text))):
            of_year = np.array([known == int(year[1]) for known in self._years])
            scores = np.maximum(scores, np.where(of_year, self._likeness(rest), 0))
        order = np.lexsort((-self._ratings, -np.round(scores)))
        found = [int(item) for item in order if scores[item] >= CUTOFF]
        return found or sorted(self._with(text), key=lambda item: -self._ratings[item])

    def _likeness(self, wanted: str) -> NDArray[np.float32]:
        """Similarity 0..100 of every movie's best name, `[n_items]`: of the whole name in any order of its words, or 99
        where `wanted` begins it, 95 where it begins a word, 93 where all its words occur, less where it is misspelt."""
        scores = process.cdist([wanted], self._keys, scorer=fuzz.token_sort_ratio, score_cutoff=CUTOFF)[0]
        begins = [99.0 if name.startswith(wanted) else 95.0 if f" {wanted}" in name else 0.0 for name in self._keys]
        scores = np.maximum(scores, np.array(begins, dtype=np.float32))
        if " " in wanted:
            words = process.cdist([wanted], self._keys, scorer=fuzz.token_set_ratio, score_cutoff=100.0)[0]
            scores = np.maximum(scores, np.where([" " in name for name in self._keys], words * 0.93, 0))
        if len(wanted) >= SAFE_LENGTH:
            near = process.cdist([wanted], self._keys, scorer=fuzz.partial_ratio, score_cutoff=85.0)[0]
            long_enough = [len(name) >= len(wanted) for name in self._keys]
            scores = np.maximum(scores, np.where(long_enough, near * 0.97, 0))
        best = np.zeros(len(self._years), dtype=np.float32)
        np.maximum.at(best, self._item_of, scores)
        return best


def _films_by_person(people: Sequence[Sequence[str]]) -> dict[str, set[int]]:
    """Items by the name of a person, and by their last name alone; `people` holds the names of each item."""
    called = {name: key(name) for name in {name for names in people for name in names}}
    films: defaultdict[str, set[int]] = defaultdict(set)
    for item, names in enumerate(people):
        for name in names:
            films[called[name]].add(item)
            films[called[name].rpartition(" ")[2]].add(item)
    return dict(films)
