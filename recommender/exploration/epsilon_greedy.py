"""Epsilon-greedy: mostly what the model thinks best, now and then anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.exploration.situation import Choice, Choose, Policy, Situation


@dataclass(frozen=True)
class EpsilonGreedy(Policy):
    """π(i) = (1 - ε) [i is the best open one] + ε / (number of open ones). Source: Sutton and Barto (2018), chapter 2."""

    epsilon: float = 0.1
    """Share of places left to chance, 0..1; 0 is the model alone, 1 is chance alone. Source: Sutton and Barto (2018), 2.3."""

    title = "Epsilon-greedy"
    sentence = "Mostly the model’s own; now and then any of the candidates, each as likely."
    why = "picked by chance, to learn"

    def chooser(self, situation: Situation, rng: np.random.Generator) -> Choose:
        """Its propensities are exact."""
        scores = situation.scores

        def choose(free: NDArray[np.bool_]) -> Choice:
            open_ones = np.flatnonzero(free)
            best = int(open_ones[np.argmax(scores[open_ones])])
            chances = self.epsilon * free / len(open_ones)
            chances[best] += 1 - self.epsilon
            return Choice(int(rng.choice(open_ones)) if rng.random() < self.epsilon else best, chances, best)

        return choose
