"""A position tower: the place adds to the score while learning, so that it need not be explained by the movie, and adds nothing after."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.unbiased.losses.listwise import Correction, listwise


class Tower(Correction):
    """- Σ_i c_i ln softmax(s + b)_i with a number b for each place.

    Under the position-based model ln P(click) = ln e + ln γ, so b can become ln e. Source: Zhao et al. (2019), whose shallow tower adds to the logit of
    each click by itself; here it adds to the list's, so that it differs from the others in nothing else.
    """

    def __init__(self, places: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(places))

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The loss."""
        return listwise(scores + self.bias, labels)

    def propensities(self) -> NDArray[np.float64]:
        """exp(b_i - b_1), `[places]`."""
        return torch.exp(self.bias - self.bias[0]).detach().double().numpy()
