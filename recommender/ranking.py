"""Ranking: from scores to lists over the whole catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.models.base import Recommender

BATCH_SCORES = 8_000_000
"""Scores in memory at a time: 32 MB."""
BATCH_PEOPLE = 512


def best(scores: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Positions of the k highest of `scores` `[n]`, best first; of equal scores the lower position comes first.

    What is scored -inf is never in the list, so it may be shorter than k.
    """
    if k < len(scores):
        threshold = np.partition(scores, -k)[-k] if k else np.inf
        candidates = np.flatnonzero((scores >= threshold) & (scores > -np.inf))
    else:
        candidates = np.flatnonzero(scores > -np.inf)
    return candidates[np.lexsort((candidates, -scores[candidates]))][:k].astype(np.int32)


def rank_of(scores: NDArray[np.float32], item: int) -> int:
    """The place (from 1) that `item` has in the list `best` makes of all `scores` `[n]`."""
    return int(1 + (scores > scores[item]).sum() + (scores[:item] == scores[item]).sum())


def top_lists(
    model: Recommender, histories: Histories, k: int, told: Callable[[int], None] = lambda people: None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Best k unseen items of each person and their scores, `[people, k]` each. Equal scores: lower index first.

    Where fewer are left, items are filled up with -1 and scores with NaN.

    `told(people)` hears after each batch how many people were in it.
    """
    items = np.full((len(histories), k), -1, np.int32)
    scored = np.full((len(histories), k), np.nan, np.float32)
    for people, scores in unseen_scores(model.score, histories):
        for person, row in zip(people, scores, strict=True):
            top = best(row, k)
            items[person, : len(top)] = top
            scored[person, : len(top)] = row[top]
        told(len(people))
    return items, scored


def unseen_scores(
    score: Callable[[Histories], NDArray[np.float32]], histories: Histories
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Some people at a time: their rows of `histories`, and their scores of all items, `[some, n_items]`, -inf for what they have seen."""
    begin, size = 0, 1
    while begin < len(histories):
        people = np.arange(begin, min(begin + size, len(histories)))
        batch = histories.select(people)
        scores = np.array(score(batch), np.float32)  # a copy: a model may hand out its own memory
        scores[batch.rows, batch.items] = -np.inf
        yield people, scores
        begin += len(people)
        size = min(BATCH_PEOPLE, max(1, BATCH_SCORES // scores.shape[1]))
