"""Prefixes: a whole history up to some rating, and the one item that follows. For networks that give one vector per history."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.training.batch import Batch, gathered
from recommender.training.examples import Examples


class Prefixes(Examples):
    """Every rating but a person's first is once the target; read are the up to `max_length` ratings before it.

    Used by networks that are not causal or pool their input: Caser, FMLPRec, NARM, SRGNN, YouTubeDNN. An epoch reads each rating up to
    `max_length` times, so it costs more than `NextItems`; choose a short `max_length`.
    """

    def __init__(self, histories: Histories, max_length: int, n_items: int) -> None:
        place = (
            np.arange(len(histories.items)) - histories.offsets[:-1][histories.rows]
        )  # of each rating in its history
        self.targets = np.flatnonzero(place > 0)
        self.lengths: NDArray[np.int64] = np.minimum(place[self.targets], max_length)
        self._histories, self._n_items = histories, n_items

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Batch:
        """Histories `[batch, length]` and one target each, `[batch]`."""
        at, source = self.targets[rows], self._histories
        read = gathered(source, at - self.lengths[rows], self.lengths[rows], self._n_items)
        return Batch(
            items=read.items,
            ratings=read.ratings,
            timestamps=read.timestamps,
            lengths=read.lengths,
            targets=torch.from_numpy(source.items[at].astype(np.int64)),
            target_ratings=torch.from_numpy(source.ratings[at]),
            target_timestamps=torch.from_numpy(source.timestamps[at]),
        )
