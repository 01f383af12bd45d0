"""A movie's vector as the sum of its features' vectors, its own name being one of them."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.layers.bags import Bags


class FeatureSum(nn.Module):
    """e_i = own_i + Σ_f E_f / √(features of i). A movie that nobody rated has features, but nothing of its own.

    In training a movie's own vector is left out with probability `anonymity`, so that features learn to stand alone.
    """

    def __init__(self, n_items: int, dim: int, anonymity: float) -> None:
        super().__init__()
        self.dim, self.anonymity = dim, anonymity
        self.own = nn.Parameter(torch.zeros(n_items, dim))
        self.E = nn.UninitializedParameter()  # [n_values, dim]; the data say how many values there are
        for name, dtype in (("values", torch.long), ("offsets", torch.long), ("weights", torch.float32)):
            self.register_buffer(name, torch.zeros(n_items, dtype=dtype))
        self.register_buffer("known", torch.zeros(n_items, 1))
        self.values: Tensor
        self.offsets: Tensor
        self.weights: Tensor
        self.known: Tensor
        self._bags: Bags | None = None

    def describe(self, features: sp.csr_array, known: NDArray[np.bool_]) -> None:
        """Take the movies' features `[n_items, n_values]` and which movies were rated `[n_items]`; make the features' vectors."""
        number = np.diff(features.indptr)
        self.values = torch.from_numpy(features.indices.astype(np.int64))
        self.offsets = torch.from_numpy(features.indptr[:-1].astype(np.int64))
        self.weights = torch.from_numpy(np.repeat(1 / np.sqrt(np.maximum(number, 1)), number).astype(np.float32))
        self.known = torch.from_numpy(known[:, None].astype(np.float32))
        self.E.materialize((max(features.shape[1], 1), self.dim))
        for vectors in (self.own, self.E):
            nn.init.normal_(vectors, std=self.dim**-0.5)

    def of(self, features: sp.csr_array) -> Tensor:
        """Σ_f E_f / √(features) of movies that nobody rated, from their features `[n, n_values]`, `[n, dim]`."""
        number = np.maximum(np.diff(features.indptr), 1)
        weighted = sp.diags_array((1 / np.sqrt(number)).astype(np.float32)) @ features
        return torch.from_numpy(weighted.toarray()) @ self.E[: features.shape[1]]

    def forward(self) -> Tensor:
        """e of every movie, `[n_items, dim]`."""
        own = self.own * self.known
        if self.training and self.anonymity:
            own = own * (torch.rand_like(self.known) >= self.anonymity)
        if self._bags is None or self._bags.rows is not self.values:  # described, loaded, or moved since
            self._bags = Bags.of(self.values, self.offsets, len(self.E), self.weights)
        return own + self._bags.sum(self.E)
