"""What a model answers: for each person the top of the whole catalogue without what they have seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.models.base import Recommender
from recommender.ranking import best

BATCH_SCORES = 8_000_000
"""Scores in memory at a time: 32 MB."""
BATCH_PEOPLE = 512


def top_lists(
    model: Recommender, histories: Histories, k: int, told: Callable[[int], None] = lambda people: None
) -> NDArray[np.int32]:
    """Best k unseen items of each person, `[people, k]`; -1 fills up where fewer are left. Equal scores: lower index first.

    `told(people)` hears after each batch how many people were in it.
    """
    lists = np.full((len(histories), k), -1, np.int32)
    begin, size = 0, 1
    while begin < len(histories):
        people = np.arange(begin, min(begin + size, len(histories)))
        batch = histories.select(people)
        scores = np.array(model.score(batch), np.float32)  # a copy: a model may hand out its own memory
        scores[batch.rows, batch.items] = -np.inf
        for person, row in zip(people, scores, strict=True):
            top = best(row, k)
            lists[person, : len(top)] = top
        begin += len(people)
        size = min(BATCH_PEOPLE, max(1, BATCH_SCORES // scores.shape[1]))
        told(len(people))
    return lists
