"""Histories: a ragged batch of people, each given by what they rated so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from recommender.data.interactions import Interactions


@dataclass(frozen=True, eq=False)
class Histories:
    """`batch` people; person b owns rows `offsets[b]:offsets[b + 1]`, oldest first. A history may be empty or repeat an item."""

    items: NDArray[np.int32]
    ratings: NDArray[np.float32]
    timestamps: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, people: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> Histories:
        """From one (items, ratings, timestamps) per person, each oldest first."""
        items = [np.asarray(person[0], dtype=np.int32) for person in people]
        lengths = [len(row) for row in items]
        return cls(
            items=np.concatenate(items) if items else np.empty(0, np.int32),
            ratings=np.concatenate([np.asarray(p[1], dtype=np.float32) for p in people])
            if people
            else np.empty(0, np.float32),
            timestamps=np.concatenate([np.asarray(p[2], dtype=np.int64) for p in people])
            if people
            else np.empty(0, np.int64),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        )

    @classmethod
    def from_interactions(cls, interactions: Interactions) -> Histories:
        """Every user of `interactions`, in order."""
        return cls(interactions.item, interactions.rating, interactions.timestamp, interactions.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many ratings each person has, `[batch]`."""
        return np.diff(self.offsets)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The person that each rating belongs to, `[n_ratings]`."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def select(self, people: ArrayLike) -> Histories:
        """These people only, in the order given."""
        people = np.asarray(people, dtype=np.int64)
        lengths = self.lengths[people]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        source = np.repeat(self.offsets[people] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Histories(self.items[source], self.ratings[source], self.timestamps[source], offsets)

    def matrix(self, n_items: int, values: NDArray[np.float32] | None = None) -> sp.csr_array:
        """People by items, `[batch, n_items]`, float32: `values` per rating, or the stars. Of a repeated item the last rating counts."""
        data = self.ratings if values is None else values
        key = self.rows * n_items + self.items
        _, last_from_end = np.unique(key[::-1], return_index=True)
        keep = np.sort(len(key) - 1 - last_from_end)
        return sp.csr_array((data[keep], (self.rows[keep], self.items[keep])), shape=(len(self), n_items))
