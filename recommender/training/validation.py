"""Validation inside of a training: the last rating of some people is held out, and asked for over the whole catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from recommender.data import Histories

K = 10
FEWEST = 3
"""Ratings that a person must have to give one away."""
AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Held:
    """What was held out, and of whom."""

    before: Histories
    """The people's ratings before it."""
    items: NDArray[np.int32]
    """The item to find, one per person."""

    def ndcg(self, score: Callable[[Histories], NDArray[np.float32]], tick: Callable[[], None]) -> float:
        """Mean NDCG@10 of the held-out items, seen ones left out; `tick` is called between batches."""
        ranks = self.ranks(score, tick)
        return float(np.where(ranks <= K, 1 / np.log2(ranks + 1), 0.0).mean())

    def ranks(
        self, score: Callable[[Histories], NDArray[np.float32]], tick: Callable[[], None] = lambda: None
    ) -> NDArray[np.float64]:
        """Where each held-out item stands, from 1, seen ones left out; ties share their ranks. `[n]`."""
        ranks = []
        for begin in range(0, len(self.items), AT_ONCE):
            tick()
            people = np.arange(begin, min(begin + AT_ONCE, len(self.items)))
            seen, wanted = self.before.select(people), self.items[people]
            scores = score(seen)
            mark = np.take_along_axis(scores, wanted[:, None].astype(np.int64), axis=1)
            scores[seen.rows, seen.items] = -np.inf
            better = ~(scores <= mark)  # a score that is no number is no merit
            ranks.append(1 + better.sum(axis=1) + ((scores == mark).sum(axis=1) - 1).clip(0) / 2)
        return np.concatenate(ranks)


def hold_out(histories: Histories, people: int, seed: int) -> tuple[Histories, Held | None]:
    """Take the last rating of up to `people` people with at least three; what is left to learn from, and what was taken."""
    willing = np.flatnonzero(histories.lengths >= FEWEST)
    if not people or not len(willing):
        return histories, None
    chosen = np.sort(np.random.default_rng(seed).permutation(willing)[:people])
    last = histories.offsets[1:][chosen] - 1
    before = without(histories, last)
    return before, Held(before.select(chosen), histories.items[last])


def without(histories: Histories, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Histories:
    """The same people without these rows (positions, or a mask)."""
    kept = np.ones(len(histories.items), bool)
    kept[rows] = False
    offsets = np.concatenate([[0], np.cumsum(kept)])[histories.offsets]
    return Histories(histories.items[kept], histories.ratings[kept], histories.timestamps[kept], offsets)


def largest_weight(network: nn.Module) -> float:
    """The largest absolute weight; infinite or not a number when any is."""
    return float(
        torch.stack([each.detach().abs().max().float() for each in network.parameters() if each.numel()]).max()
    )
