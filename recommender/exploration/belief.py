"""What is believed of a person's taste: linear regression on the vectors of what they rated, in closed form.

    reward_i = expected_i + trust · z_i + x_iᵀθ + noise,    x_i = [v_i, 1],    θ ~ N(0, σ²/precision · I)

z is the model's score in standard deviations of the candidates; the last entry of x lets a person give more or fewer stars
than others do. Of a rated movie the model's score is not known any more, since the model has read the rating: there z is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from recommender.exploration.situation import Situation


@dataclass(frozen=True)
class Prior:
    """What is believed before the first rating."""

    trust: float = 0.02
    """Reward that one standard deviation of the model's score is worth. Source: the least regret of 0, .01, .02, .05 and .1 on
    people whom the benchmark does not ask; .01 to .05 are within their intervals."""
    precision: float = 2.0
    """λ of the ridge: ratings that a belief of "as everybody" weighs as much as. Source: as `trust`, of .3 to 10."""


@dataclass(frozen=True, eq=False)
class Belief:
    """Of the candidates' rewards."""

    mean: NDArray[np.float64]
    """`[n]`."""
    root: NDArray[np.float64]
    """Rows f_i with f_i·f_j = x_iᵀA⁻¹x_j, A = precision · I + Σ x xᵀ over what was rated, `[n, dim + 1]`."""

    @property
    def width(self) -> NDArray[np.float64]:
        """√(x_iᵀA⁻¹x_i), how little is known of each candidate, in standard deviations of the noise, `[n]`."""
        return np.sqrt((self.root**2).sum(axis=1))


def believe(situation: Situation, prior: Prior) -> Belief:
    """The belief after all that the person has rated; the order of the ratings does not matter."""
    X, rated = _with_one(situation.vectors), _with_one(situation.rated_vectors)
    A = prior.precision * np.eye(X.shape[1]) + rated.T @ rated
    L = cho_factor(A, lower=True)
    theta = cho_solve(L, rated.T @ situation.surprises)
    root = solve_triangular(np.tril(L[0]), X.T, lower=True).T
    return Belief(situation.expected + prior.trust * standardised(situation.scores) + X @ theta, root)


def standardised(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Scores in standard deviations from their mean, `[n]`; 0 where all are the same."""
    centred = np.asarray(scores, np.float64) - scores.mean(dtype=np.float64)
    return centred / max(float(centred.std()), 1e-12)


def _with_one(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.concatenate([vectors, np.ones((len(vectors), 1))], axis=1).astype(np.float64)
