"""The ranker that all corrections train: a weighted sum of the features of a person and a movie.

Linear, since a network of one layer of 32 learned the learners by heart: trained on the truth it ranked worse for others than the crowd's
mean stars do. With so few weights all corrections but DLA and the tower have one best answer, whatever the start.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.unbiased.losses import Correction

EPOCHS = 4
BATCH = 512
LEARNING_RATE, OF_PLACES = 1e-2, 3e-2
"""Of the ranker and of what a correction learns: a propensity has far to go, from 1 to a hundredth."""

Told = Callable[[float], None]
"""Hears which share of the work is done, 0..1."""


class Linear(nn.Module):
    """wᵀx, `[..., features]` -> `[...]`, from w = 0."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(features))

    def forward(self, x: Tensor) -> Tensor:
        """The number."""
        return x @ self.weights


def train(
    correction: Correction,
    features: NDArray[np.float32],
    rows: NDArray[np.int64],
    labels: NDArray[np.floating] | NDArray[np.bool_],
    epochs: int = EPOCHS,
    seed: int = 0,
    told: Told = lambda share: None,
) -> Linear:
    """Learn from lists, top first: `rows` of `features` and their labels, `[lists, places]` each. Returns the ranker, without what was learned of places."""
    ranker = Linear(features.shape[1])
    order = torch.Generator().manual_seed(seed)
    x, lists, y = torch.from_numpy(features), torch.from_numpy(rows), torch.from_numpy(labels.astype(np.float32))
    optimiser = torch.optim.Adam(ranker.parameters(), lr=LEARNING_RATE)
    if places := list(correction.parameters()):
        optimiser.add_param_group({"params": places, "lr": OF_PLACES})
    steps = epochs * -(-len(lists) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, steps)
    for epoch in range(epochs):
        for batch in torch.split(torch.randperm(len(lists), generator=order), BATCH):
            optimiser.zero_grad()
            correction(ranker(x[lists[batch]]), y[batch]).backward()
            optimiser.step()
            schedule.step()
        told((epoch + 1) / epochs)
    return ranker


@torch.inference_mode()
def scores(ranker: Linear, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of all rows, `[n_rows]`."""
    return ranker(torch.from_numpy(features)).numpy()
