"""Who follows whom: the counts that first-order chains are made of."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray


def transitions(people: NDArray[np.integer], items: NDArray[np.integer], n_items: int) -> sp.csr_array:
    """C_ij: how often j was rated right after i by the same person, float32 `[n_items, n_items]`.

    `people` and `items` `[ratings]`: each person's ratings stand together, oldest first.
    """
    same = people[1:] == people[:-1]
    pairs = (items[:-1][same], items[1:][same])
    return sp.coo_array((np.ones(len(pairs[0]), np.float32), pairs), shape=(n_items, n_items)).tocsr()
