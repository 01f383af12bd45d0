"""Accuracy: does the list hold what the person went on to rate, and how high?

`hits` `[people, k or more]` says of each place of a list whether its item was hidden; `relevant` `[people]` counts what was
hidden of each person. Every function answers per person, `[people]`, 0..1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hits = NDArray[np.bool_]
PerPerson = NDArray[np.float64]


def hits_of(lists: NDArray[np.int32], person: NDArray[np.int64], item: NDArray[np.int32]) -> Hits:
    """Which places of `lists` `[people, k]` hold an item hidden from that person; hidden pairs are (`person`, `item`)."""
    width = int(max(lists.max(initial=0), item.max(initial=0))) + 1
    keys = np.arange(len(lists))[:, None] * width + lists
    return np.isin(keys, person * width + item) & (lists >= 0)


def hit_rate(hits: Hits, k: int) -> PerPerson:
    """1 where anything hidden is among the first k."""
    return np.asarray(hits[:, :k].any(axis=1), np.float64)


def recall(hits: Hits, relevant: NDArray[np.int64], k: int) -> PerPerson:
    """Share of what was hidden that is among the first k."""
    return hits[:, :k].sum(axis=1) / relevant


def ndcg(hits: Hits, relevant: NDArray[np.int64], k: int) -> PerPerson:
    """Gains 1 / log2(1 + rank) over those of the best possible list (Järvelin and Kekäläinen 2002)."""
    discount = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discount)[np.minimum(relevant, k) - 1]
    found = hits[:, :k]
    return found @ discount[: found.shape[1]] / ideal


def reciprocal_rank(hits: Hits, k: int) -> PerPerson:
    """1 / rank of the first hit among the first k, 0 without one; its mean is the MRR."""
    found = hits[:, :k]
    return np.where(found.any(axis=1), 1 / (1 + found.argmax(axis=1)), 0.0)
