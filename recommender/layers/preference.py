"""What stars say about taste, for models that know only "more" and "less"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEUTRAL = 2.5
"""Stars that speak neither for nor against a movie."""
DISLIKE = -0.3
"""Against a like's 1. From 0 to -0.5 NDCG@10 on validation stays within its interval (docs/benchmarks.md); -0.3 is seen at work."""

SENTENCE = (
    "Three stars and more count as a like (1), two and a half not at all (0), less as a dislike (−0.3): a movie that you "
    "disliked pushes its neighbours down, never up. In training every rating counts as having watched."
)


def weights(stars: NDArray[np.float32]) -> NDArray[np.float32]:
    """How each rating pulls at a person's list, same shape: 1 for a like, 0 for neutral, -0.3 for a dislike."""
    return np.where(stars > NEUTRAL, 1.0, np.where(stars < NEUTRAL, DISLIKE, 0.0)).astype(np.float32)
