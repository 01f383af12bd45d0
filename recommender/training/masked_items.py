"""Masked items (cloze): hide some ratings of a history and predict them from both sides. For networks that look both ways."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.data import Histories
from recommender.training.batch import NOTHING, Batch, gathered
from recommender.training.examples import Examples, windows

LAST_ONLY = 0.25
"""Share of the examples in which only the last item is hidden: the question that is asked when the model answers."""


class MaskedItems(Examples):
    """Each item is hidden with probability `share` behind the mask item `n_items + 1`, the last of a history always when no other is.

    Histories longer than `max_length` are cut into windows from their end. The network's item table has `n_items + 2`
    rows: the items, the filling, the mask. To answer, append the mask with `with_mask`. Used by BERT4Rec.
    """

    def __init__(self, histories: Histories, max_length: int, n_items: int, share: float) -> None:
        self.begins, self.lengths = windows(histories.offsets[:-1], histories.offsets[1:], max_length)
        self._histories, self._n_items, self._share = histories, n_items, share

    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Batch:
        """Histories with hidden items and, in their places, the targets, both `[batch, length]`."""
        read = gathered(self._histories, self.begins[rows], self.lengths[rows], self._n_items)
        inside = read.mask.numpy()
        hidden = (rng.random(inside.shape) < self._share) & inside
        last = np.arange(inside.shape[1]) == self.lengths[rows][:, None] - 1
        hidden[rng.random(len(rows)) < LAST_ONLY] = False
        nothing = ~hidden.any(axis=1)
        hidden[nothing] = last[nothing]
        where = torch.from_numpy(hidden)
        return Batch(
            items=read.items.masked_fill(where, self._n_items + 1),
            ratings=read.ratings.masked_fill(where, 0),
            timestamps=read.timestamps,
            lengths=read.lengths,
            targets=read.items.masked_fill(~where, NOTHING),
            target_ratings=read.ratings.masked_fill(~where, 0),
            target_timestamps=read.timestamps.masked_fill(~where, 0),
        )


def with_mask(batch: Batch, n_items: int) -> Batch:
    """The histories with a mask item behind each: what comes next? The new rating's time is that of the last."""
    rows = torch.arange(len(batch.items), device=batch.items.device)

    def longer(column: Tensor, fill: int, at_end: Tensor | int) -> Tensor:
        new = torch.nn.functional.pad(column, (0, 1), value=fill)
        new[rows, batch.lengths] = at_end
        return new

    return Batch(
        items=longer(batch.items, n_items, n_items + 1),
        ratings=longer(batch.ratings, 0, 0),
        timestamps=longer(batch.timestamps, 0, batch.last(batch.timestamps)),
        lengths=batch.lengths + 1,
    )
