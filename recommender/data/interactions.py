"""Interactions: who rated what, how, and when, as parallel columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Interactions:
    """Columns of equal length, sorted by user, then time; rows of one user and one timestamp keep the order of their source.

    That tie rule matters: in MovieLens many ratings of one person carry the same second. Build with `from_columns`, which sorts.
    """

    user: NDArray[np.int32]
    """Dense user index 0..n_users-1, ascending."""
    item: NDArray[np.int32]
    """Dense item index of the catalogue."""
    rating: NDArray[np.float32]
    """Stars, 0.5..5."""
    timestamp: NDArray[np.int64]
    """Unix time in seconds."""
    user_ids: NDArray[np.int64] = field(repr=False)
    """The id outside of this library of each dense user, `[n_users]`, ascending."""

    @classmethod
    def from_columns(cls, user_id: ArrayLike, item: ArrayLike, rating: ArrayLike, timestamp: ArrayLike) -> Interactions:
        """Sort rows by user and time (stable: ties keep the order given) and number the users densely."""
        user_ids, user = _dense(np.asarray(user_id, dtype=np.int64))
        when = np.asarray(timestamp, dtype=np.int64)
        items, stars = np.asarray(item, dtype=np.int32), np.asarray(rating, dtype=np.float32)
        # Published files often come sorted; at 32 million rows that saves most of the time and half of the memory.
        ordered = (user[1:] > user[:-1]) | ((user[1:] == user[:-1]) & (when[1:] >= when[:-1]))
        if ordered.all():
            return cls(user, items, stars, when, user_ids)
        order = np.lexsort((when, user))
        return cls(user[order], items[order], stars[order], when[order], user_ids)

    def __len__(self) -> int:
        return len(self.user)

    @property
    def n_users(self) -> int:
        """How many people there are, those without a single row left included."""
        return len(self.user_ids)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each user's rows begin, `[n_users + 1]`."""
        return np.searchsorted(self.user, np.arange(self.n_users + 1)).astype(np.int64)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.integer]) -> Interactions:
        """The same people with only these rows (a mask, or ascending positions)."""
        return Interactions(self.user[rows], self.item[rows], self.rating[rows], self.timestamp[rows], self.user_ids)

    def matrix(self, n_items: int, values: NDArray[np.float32] | None = None) -> sp.csr_array:
        """Users by items, `[n_users, n_items]`, float32: `values` per row, or the stars. Of a repeated pair the last row counts."""
        data = self.rating if values is None else values
        key = self.user.astype(np.int64) * n_items + self.item
        _, last_from_end = np.unique(key[::-1], return_index=True)
        keep = np.sort(len(key) - 1 - last_from_end)
        return sp.csr_array((data[keep], (self.user[keep], self.item[keep])), shape=(self.n_users, n_items))


def _dense(ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Distinct ids, ascending, and the place of each id among them."""
    if len(ids) and (ids[1:] >= ids[:-1]).all():
        new = np.concatenate([[True], ids[1:] != ids[:-1]])
        return ids[new], (np.cumsum(new) - 1).astype(np.int32)
    distinct, place = np.unique(ids, return_inverse=True)
    return distinct, place.astype(np.int32)
