"""Novelty: how little known are the movies shown?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def novelty(lists: NDArray[np.int32], raters: NDArray[np.int64], people: int) -> NDArray[np.float64]:
    """Mean self-information -log2(share of people who rated it) over a list, `[people of lists]`, bits (Zhou et al. 2010).

    `raters` `[n_items]` counts who rated each item in training, of `people` in all; a movie that nobody rated counts as if
    one person had. NaN for an empty list.
    """
    bits = -np.log2(np.maximum(raters, 1) / people)
    known = lists >= 0
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, bits[lists], 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)
