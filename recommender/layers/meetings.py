"""Meetings: every fact of a person that meets a fact of a movie has a weight of its own in one long vector; for sparse linear models.

A person's facts follow from what they rated last: the genres and decades of what they liked and of what they disliked (as shares),
and the movies that they liked. A movie's facts are its own name and the values of its features. Four planes say who meets whom:

    everybody  x  a constant, the movie itself, all its values
    taste      x  its genres and decades
    taste      x  the movie itself
    liked      x  the movie itself, among the movies that most people rated

and one weight each tells what it means to share directors, writers, cast, countries or tags with what somebody liked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from recommender.data import Catalog, Histories
from recommender.features.items import COLUMNS, features, shared_values
from recommender.layers.preference import NEUTRAL
from recommender.layers.sparse_rows import as_rows, divided, outer
from recommender.models.abilities import Meeting

FEWEST = 2
"""Movies that must share a value for it to count: a value of one movie alone says nothing of any other."""
TASTE = ("genres", "decade")
"""Features that a person's taste is told by."""
SHARED = ("directors", "writers", "cast", "countries", "tags")
"""Features of which it counts how often what somebody liked has the very same."""
EVERYBODY = "everybody"


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of some people."""

    taste: sp.csr_array
    """Shares 0..1 of what they liked, then of what they disliked, `[people, 2 * groups]`."""
    liked: sp.csr_array
    """1 / √(number) for each liked movie among the most rated ones, `[people, paired]`."""
    values: sp.csr_array
    """How many of the liked movies have each value, `[people, n_values]`."""
    known: NDArray[np.bool_]
    """Whether they liked or disliked anything that was read, `[people]`."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Pairs of a person and a movie, as sparse rows of the long vector."""

    at: NDArray[np.int64]
    """Coordinates, row after row; none twice in a row."""
    x: NDArray[np.float32]
    begins: NDArray[np.int64]
    """`[n + 1]`."""


class Meetings:
    """The movies' side, and where each meeting has its coordinate."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """From what `arrays` gives, which may be read-only."""
        self._arrays = dict(arrays)
        self.n_items, n_values = (int(n) for n in arrays["shape"])
        ones = np.ones(len(arrays["indices"]), np.float32)
        self.values = sp.csr_array((ones, arrays["indices"], arrays["indptr"]), shape=(self.n_items, n_values))
        self.feature: NDArray[np.int8] = arrays["feature"]
        """Of each value, its place in COLUMNS, `[n_values]`."""
        self.groups = np.flatnonzero(np.isin(self.feature, [COLUMNS.index(name) for name in TASTE]))
        self.paired: NDArray[np.int32] = arrays["paired"]
        """Items that meet liked ones."""
        everybody, taste, liked = 1, 2 * len(self.groups), len(self.paired)
        self._widths = (1 + self.n_items + n_values, len(self.groups), self.n_items, liked)
        heights = (everybody, taste, taste, liked)
        sizes = [height * width for height, width in zip(heights, self._widths, strict=True)]
        self._begins = np.cumsum([0, *sizes])
        self.size = int(self._begins[-1]) + len(SHARED)
        self._taste = sp.csr_array(self.values[:, self.groups])
        self._places = np.full(self.n_items, -1, np.int64)
        self._places[self.paired] = np.arange(len(self.paired))
        self._movies = self._sides(self.values, np.arange(self.n_items))
        self._names = bytes(arrays["names"]).decode().split("\n")  # once: a thousandth of a second

    @classmethod
    def of(cls, catalog: Catalog, paired: NDArray[np.int32]) -> Meetings:
        """From a catalogue, and the items that are to meet liked ones."""
        found = features(catalog)
        kept = [np.flatnonzero(np.diff(feature.matrix.tocsc().indptr) >= FEWEST) for feature in found]
        names = [feature.values[at] for feature, which in zip(found, kept, strict=True) for at in which.tolist()]
        side_by_side = shared_values(found, len(catalog), FEWEST)
        return cls(
            {
                "shape": np.array(side_by_side.shape, np.int64),
                "indptr": side_by_side.indptr.astype(np.int64),
                "indices": side_by_side.indices.astype(np.int64),
                "feature": np.repeat(np.arange(len(COLUMNS), dtype=np.int8), [len(which) for which in kept]),
                "names": np.frombuffer("\n".join(name.replace("\n", " ") for name in names).encode(), np.uint8),
                "paired": np.sort(paired).astype(np.int32),
            }
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it is made of."""
        return self._arrays

    def _sides(self, values: sp.csr_array, own: NDArray[np.int64]) -> list[sp.csr_array]:
        """Per plane the facts of movies, `[n, width]`; `own` is each one's item, or -1."""
        n, has = len(own), own >= 0
        itself = sp.csr_array(
            (np.ones(has.sum(), np.float32), own[has], np.concatenate([[0], np.cumsum(has)])), shape=(n, self.n_items)
        )
        constant = sp.csr_array(np.ones((n, 1), np.float32))
        sides: tuple[Any, ...] = (
            sp.hstack([constant, itself, values]),
            values[:, self.groups],
            itself,
            itself[:, self.paired],
        )
        return [as_rows(side) for side in sides]

    def facts(self, people: Histories, most: int) -> Facts:
        """Of everybody's last `most` ratings."""
        n, lengths = len(people), np.minimum(people.lengths, most)
        rows = np.repeat(people.offsets[1:] - np.cumsum(lengths), lengths) + np.arange(lengths.sum())
        who, items, stars = np.repeat(np.arange(n), lengths), people.items[rows], people.ratings[rows]
        said = [self._said(who, items, sign * (stars - NEUTRAL) > 0, n) for sign in (1, -1)]
        taste = [divided(one @ self._taste, np.diff(one.indptr)) for one in said]
        liked = self._among_paired(said[0])
        liked = divided(liked, np.sqrt(np.diff(liked.indptr)))
        known = np.bincount(who[stars != NEUTRAL], minlength=n) > 0
        return Facts(as_rows(sp.hstack(taste)), liked, as_rows(said[0] @ self.values), known)

    def _said(
        self, who: NDArray[np.int64], items: NDArray[np.int32], chosen: NDArray[np.bool_], n: int
    ) -> sp.csr_array:
        """1 where a person rated an item so, however often, `[n, n_items]`."""
        key = np.unique(who[chosen] * self.n_items + items[chosen])
        row, item = np.divmod(key, self.n_items)
        begins = np.searchsorted(row, np.arange(n + 1))
        return sp.csr_array((np.ones(len(key), np.float32), item, begins), shape=(n, self.n_items))

    def _among_paired(self, said: sp.csr_array) -> sp.csr_array:
        """The columns of items that meet liked ones, `[n, paired]`."""
        place = self._places[said.indices]
        kept = place >= 0
        begins = np.concatenate([[0], np.cumsum(kept)])[said.indptr]
        return sp.csr_array((said.data[kept], place[kept], begins), shape=(said.shape[0], len(self.paired)))

    def _people(self, facts: Facts) -> list[sp.csr_array]:
        """Per plane the facts of people, `[people, height]`."""
        everybody = sp.csr_array(np.ones((facts.taste.shape[0], 1), np.float32))
        return [everybody, facts.taste, facts.taste, facts.liked]

    def examples(self, facts: Facts, who: NDArray[np.int64], which: NDArray[np.int64]) -> Examples:
        """Pairs: rows `who` of the facts with items `which`, `[n]` each."""
        rows, at, x = [], [], []
        for begin, width, person, movie in zip(
            self._begins, self._widths, self._people(facts), self._movies, strict=False
        ):
            pair, one, other = outer(person, movie, who, which)
            rows.append(pair)
            at.append(begin + person.indices[one].astype(np.int64) * width + movie.indices[other])
            x.append(person.data[one] * movie.data[other])
        shared = self._shared_by(facts, who, which)
        pair, field = shared.nonzero()
        rows.append(pair)
        at.append(self._begins[-1] + field)
        x.append(shared[pair, field])
        row = np.concatenate(rows)
        order = np.argsort(row, kind="stable")
        begins = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(who)))])
        return Examples(np.concatenate(at)[order], np.concatenate(x)[order].astype(np.float32), begins)

    def _shared_by(self, facts: Facts, who: NDArray[np.int64], which: NDArray[np.int64]) -> NDArray[np.float32]:
        """ln(1 + how often the liked movies have what this one has) of each shared feature, `[n, shared]`."""
        having = self.values[which]
        row = np.repeat(np.arange(len(which)), np.diff(having.indptr))
        told = np.asarray(facts.values[who[row], having.indices]).ravel() if len(row) else np.empty(0)
        counts = [
            np.bincount(row, np.where(self.feature[having.indices] == COLUMNS.index(name), told, 0), len(which))
            for name in SHARED
        ]
        return np.log1p(np.stack(counts, axis=1)).astype(np.float32)

    def every(self, facts: Facts, weights: NDArray[np.float32], power: int = 1) -> NDArray[np.float32]:
        """Σ x^power w of everybody with every movie, `[people, n_items]`: products of matrices."""
        return self._summed(facts, weights, power, self._movies, self.values)

    def of_newcomers(self, facts: Facts, weights: NDArray[np.float32], values: sp.csr_array) -> NDArray[np.float32]:
        """Σ x w of everybody with movies that have no name here, only `values` `[n, n_values]`, `[people, n]`."""
        strangers = np.full(values.shape[0], -1)
        return self._summed(facts, weights, 1, self._sides(values, strangers), values)

    def _summed(
        self, facts: Facts, weights: NDArray[np.float32], power: int, movies: list[sp.csr_array], values: sp.csr_array
    ) -> NDArray[np.float32]:
        total = np.zeros((facts.taste.shape[0], values.shape[0]), np.float32)
        planes = zip(self._begins, self._begins[1:], self._widths, self._people(facts), movies, strict=False)
        for begin, end, width, person, movie in planes:
            if begin == end:
                continue
            plane = weights[begin:end].reshape(-1, width)
            total += (movie.power(power) @ (person.power(power) @ plane).T).T
        for place, name in enumerate(SHARED):
            columns = np.flatnonzero(self.feature == COLUMNS.index(name))
            if len(columns):
                shared = sp.csr_array(facts.values[:, columns] @ values[:, columns].T)
                shared.data = np.log1p(shared.data) ** power * weights[self._begins[-1] + place]
                total += shared.toarray()
        return total

    def about(self, coordinate: int) -> Meeting:
        """What a coordinate is about."""
        plane = int(np.searchsorted(self._begins[1:], coordinate, side="right"))
        if plane == len(self._widths):
            return Meeting("shared", SHARED[coordinate - int(self._begins[-1])], "")
        one, other = divmod(coordinate - int(self._begins[plane]), self._widths[plane])
        if plane == 0:
            return self._of_movie(other)
        if plane == 3:
            return Meeting("movie", int(self.paired[one]), int(self.paired[other]))
        number, names = len(self.groups), [self._names[group] for group in self.groups]
        kind, person = ("liked", one) if one < number else ("disliked", one - number)
        return Meeting(kind, names[person], names[other] if plane == 1 else other)

    def _of_movie(self, place: int) -> Meeting:
        value = place - 1 - self.n_items
        if value < 0:
            return Meeting(EVERYBODY, "", place - 1 if place else "")
        return Meeting(EVERYBODY, "", self._names[value], COLUMNS[self.feature[value]])
