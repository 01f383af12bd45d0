"""Strategies that need no model: each gives every question of the crowd a worth, and the highest is asked first.

Rashid et al. (2002, "Getting to Know You") introduced popularity, entropy and their product; Rashid, Karypis and Riedl (2008,
"Learning Preferences of New Users in Recommender Systems: An Information Theoretic Approach") Entropy0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.elicitation.crowd import Crowd

Strategy = Callable[[Crowd], NDArray[np.float64]]
"""The worth of every question, `[questions]`."""

UNSEEN_WEIGHT = 0.5
"""How much "not seen" counts in Entropy0 against each number of stars. Source: Rashid, Karypis and Riedl (2008)."""
FATIGUE = 0.5
"""How fast a genre or decade loses its charm with every movie of it already in the set."""


def popularity(crowd: Crowd) -> NDArray[np.float64]:
    """The share of people who have seen it: whoever is asked has an answer most often."""
    return crowd.seen


def entropy0(crowd: Crowd) -> NDArray[np.float64]:
    """Entropy0: -Σ w_k p_k ln p_k / Σ w_k over "not seen" (w = 0.5) and one to five stars (w = 1)."""
    weight = np.array([UNSEEN_WEIGHT, 1, 1, 1, 1, 1])
    return _surprise(crowd.levels) @ weight / weight.sum()


def opinion(crowd: Crowd) -> NDArray[np.float64]:
    """Entropy -Σ p_k ln p_k of the stars of those who have seen it, one to five: how far they disagree."""
    return _surprise(crowd.levels[:, 1:] / np.maximum(crowd.seen, 1e-12)[:, None]).sum(axis=1)


def product(crowd: Crowd) -> NDArray[np.float64]:
    """ln(number of raters) times the entropy of their stars; the number is taken per thousand people, which no other size of data changes."""
    return np.log1p(1_000 * crowd.seen) * opinion(crowd)


STRATEGIES: dict[str, Strategy] = {"popularity": popularity, "entropy": entropy0, "product": product}


def mixed(crowd: Crowd, traits: Callable[[int], Sequence[object]]) -> list[int]:
    """Items to ask about, best first: greedily the most seen, discounted by how often its traits (genres, decade) came before."""
    pool = dict(zip(crowd.questions.tolist(), np.log1p(1_000 * crowd.seen).tolist(), strict=True))
    before: Counter[object] = Counter()

    def worth(item: int) -> float:
        own = traits(item)
        tired = sum(np.log1p(before[trait]) for trait in own) / max(len(own), 1)
        return float(pool[item] - FATIGUE * tired)

    order: list[int] = []
    while pool:
        best = max(pool, key=worth)
        del pool[best]
        before.update(traits(best))
        order.append(best)
    return order


def _surprise(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """-p ln p of each share, 0 where there is none."""
    return -share * np.log(np.where(share > 0, share, 1))
