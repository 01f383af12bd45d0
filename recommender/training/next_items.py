"""Next item: at every rating of a history, predict the one that follows. For causal networks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.training.batch import NOTHING, Batch, gathered, padded
from recommender.training.examples import Examples, windows


class NextItems(Examples):
    """A history of n ratings is read as r1 .. r(n-1) with targets r2 .. rn.

    Longer ones are cut, from their end, into windows of `max_length` ratings that share no target, so that every rating
    trains; with `last_only` the oldest are left out, as in Kang and McAuley (2018). Used by SASRec, GRU4Rec and all causal networks.
    """

    def __init__(self, histories: Histories, max_length: int, n_items: int, last_only: bool = False) -> None:
        begins, ends = histories.offsets[:-1], histories.offsets[1:]
        self.begins, self.lengths = windows(begins, ends - 1, max_length, last_only)
        self._histories, self._n_items = histories, n_items

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Batch:
        """Histories and, one step later, their targets, both `[batch, length]`."""
        begins, lengths, source = self.begins[rows], self.lengths[rows], self._histories
        read = gathered(source, begins, lengths, self._n_items)
        return Batch(
            items=read.items,
            ratings=read.ratings,
            timestamps=read.timestamps,
            lengths=read.lengths,
            targets=padded(source.items, begins + 1, lengths, NOTHING, np.int64),
            target_ratings=padded(source.ratings, begins + 1, lengths, 0, np.float32),
            target_timestamps=padded(source.timestamps, begins + 1, lengths, 0, np.int64),
        )
