"""Dual learning: from relevance one learns who looks where, from who looks where relevance, both at once from the same clicks."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.unbiased.losses.listwise import Correction, beside_first, listwise
from recommender.unbiased.propensity import FLOOR


class DLA(Correction):
    """Two losses on lists that are weighed by each other's softmax, g over places and f over scores.

        ranking        - Σ_i c_i (g_1 / g_i) ln f_i
        propensities   - Σ_i c_i (f_1 / f_i) ln g_i

    No weight is above 1 / `floor`, and none sends a gradient. Source: Ai et al. (2018), equations 8 to 11; the cap is ours.
    """

    def __init__(self, places: int, floor: float = FLOOR) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(places))
        self.most = 1 / floor

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The sum of both."""
        ranking, propensities = self.both(scores, labels)
        return ranking + propensities

    def both(self, scores: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of the ranking and that of the propensities."""
        logits = self.logits.expand_as(scores)
        by_place = beside_first(logits).clamp(max=self.most).detach()
        by_score = beside_first(scores).clamp(max=self.most).detach()
        return listwise(scores, labels * by_place), listwise(logits, labels * by_score)

    def propensities(self) -> NDArray[np.float64]:
        """g_i / g_1, `[places]`."""
        return torch.exp(self.logits - self.logits[0]).detach().double().numpy()
