"""Thompson sampling: believe for a moment one of the tastes that the person may have, and show what is best for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from recommender.exploration.belief import Prior, believe
from recommender.exploration.situation import Choice, Choose, Policy, Situation

DRAWS = 1_000
"""Tastes that are drawn to estimate propensities: the standard error of one is at most .016."""


@dataclass(frozen=True)
class Thompson(Policy):
    """θ̃ ~ N(θ̂, spread² A⁻¹), then argmax_i of the reward under θ̃; a new taste for every place.

    Source: Agrawal and Goyal (2013), algorithm 1, whose spread v grows with √(d ln t) to make the proof. The chance that a movie is the best one under a drawn taste has no closed form for more than two movies:
    it is the share of `DRAWS` tastes under which it is, that of its own place among them.
    """

    spread: float = 0.05
    """How widely tastes are drawn, in reward. Source: as `Prior.trust`, of .02 to .2: more costs stars."""
    prior: Prior = field(default_factory=Prior)

    title = "Thompson sampling"
    sentence = "Draws one of the tastes that you may have, the likely ones more often, and shows what is best for it."
    why = "uncertain about this one"
    estimates = True

    def chooser(self, situation: Situation, rng: np.random.Generator) -> Choose:
        """Its propensities are estimates."""
        belief = believe(situation, self.prior)
        draws = belief.mean + self.spread * (rng.standard_normal((DRAWS, belief.root.shape[1])) @ belief.root.T)
        turn = count()

        def choose(free: NDArray[np.bool_]) -> Choice:
            open_ones = np.flatnonzero(free)
            winners = open_ones[draws[:, open_ones].argmax(axis=1)]
            certain = open_ones[belief.mean[open_ones].argmax()]
            chances = np.bincount(winners, minlength=len(free)) / DRAWS
            return Choice(int(winners[next(turn) % DRAWS]), chances, int(certain))

        return choose
