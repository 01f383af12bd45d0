"""What training examples are: something that can be counted, sorted by length and made into batches."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from recommender.training.batch import Batch

SHUFFLED_TOGETHER = 64
"""Batches whose examples are sorted by length together: enough that hardly anything is filled up, few enough to stay random."""


class Examples(ABC):
    """The training set of a model. Batches are made on demand, so a resumed training skips what it has seen for free."""

    lengths: NDArray[np.int64]
    """Of each example, `[n_examples]`."""

    @abstractmethod
    def batch(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Batch:
        """These examples; whatever is random in them (masks, negatives) comes from `rng`."""

    def __len__(self) -> int:
        return len(self.lengths)


def windows(
    begins: NDArray[np.int64], ends: NDArray[np.int64], max_length: int, last_only: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut stretches `begins[b]:ends[b]`, from their end, into windows of at most `max_length`: where each begins, and its length.

    Only the first window of a stretch, its oldest, may be shorter. With `last_only` the newest window alone is kept.
    """
    count = -(-np.maximum(ends - begins, 0) // max_length)
    if last_only:
        count = np.minimum(count, 1)
    stretch = np.repeat(np.arange(len(begins)), count)
    newer = np.arange(count.sum()) - np.repeat(
        np.cumsum(count) - count, count
    )  # windows of the same stretch that come later
    end = ends[stretch] - newer * max_length
    begin = np.maximum(end - max_length, begins[stretch])
    return begin, end - begin


def epoch_batches(lengths: NDArray[np.int64], batch_size: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """All examples once, in random batches of examples of nearly the same length."""
    order = rng.permutation(len(lengths))
    batches = []
    for begin in range(0, len(order), batch_size * SHUFFLED_TOGETHER):
        pool = order[begin : begin + batch_size * SHUFFLED_TOGETHER]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[at : at + batch_size] for at in range(0, len(pool), batch_size)]
    return [batches[at] for at in rng.permutation(len(batches))]


def shared_out(batches: list[NDArray[np.int64]], rank: int, processes: int) -> list[NDArray[np.int64]]:
    """One process's share of the batches. All get as many, since each step waits for all: if need be some are taken twice."""
    rounds = -(-len(batches) // processes)
    return [batches[number % len(batches)] for number in range(rank, rounds * processes, processes)]
