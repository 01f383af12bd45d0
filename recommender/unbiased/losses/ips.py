"""Inverse propensity scoring: a click counts 1 / e_k, for itself and all those that nobody looked at there to make."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.unbiased.losses.listwise import Correction, listwise
from recommender.unbiased.propensity import FLOOR, clipped


class IPS(Correction):
    """Given propensities `[places]`; those below `floor` are clipped, as `clips` counts. Source: Joachims, Swaminathan and Schnabel (2017)."""

    weights: Tensor

    def __init__(self, propensities: NDArray[np.float64], floor: float = FLOOR) -> None:
        super().__init__()
        values, self.clips = clipped(propensities, floor)
        self.register_buffer("weights", torch.tensor(1 / values, dtype=torch.float32))

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The loss."""
        return listwise(scores, labels * self.weights)
