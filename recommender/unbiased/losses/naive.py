"""Naive: what was clicked is relevant, what was not is not."""

from __future__ import annotations

from torch import Tensor

from recommender.unbiased.losses.listwise import Correction, listwise


class Naive(Correction):
    """Labels as they are. What stood on top was clicked more, so the ranker learns to put it there again."""

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The loss."""
        return listwise(scores, labels)
