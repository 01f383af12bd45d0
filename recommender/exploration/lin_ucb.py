"""LinUCB: what could be best, if the doubt about each movie turned out well."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recommender.exploration.belief import Prior, believe
from recommender.exploration.situation import Choice, Choose, Policy, Situation


@dataclass(frozen=True)
class LinUCB(Policy):
    """argmax_i mean_i + α √(x_iᵀA⁻¹x_i). Source: Li, Chu, Langford and Schapire (2010), algorithm 1.

    There a θ is kept for every arm, and the context is the person's. Here the arms are thousands of movies of which nobody rates
    one twice, so the context is the movie's vector and the θ is the person's: disjoint over people instead of over arms.
    """

    alpha: float = 0.5
    """Reward that one unit of doubt is worth. Source: our choice, so that it shows: of less hardly anything is curious, and it costs no stars that
    could not be luck (docs/benchmarks.md, Exploration). Li et al. sweep it, too."""
    prior: Prior = field(default_factory=Prior)

    title = "LinUCB"
    sentence = "What could turn out best: a movie gets a bonus for all that is not known about it."
    why = "uncertain about this one"
    leaves_to_chance = False

    def chooser(self, situation: Situation, rng: np.random.Generator) -> Choose:
        """Nothing is left to chance, so every propensity is 1, exactly."""
        belief = believe(situation, self.prior)
        bound = belief.mean + self.alpha * belief.width

        def choose(free: NDArray[np.bool_]) -> Choice:
            chosen, certain = (int(np.argmax(np.where(free, worth, -np.inf))) for worth in (bound, belief.mean))
            chances = np.zeros(len(free))
            chances[chosen] = 1
            return Choice(chosen, chances, certain)

        return choose
