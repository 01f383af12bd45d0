"""Fields as vectors: what a movie is, and what somebody watched, in the same tables."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.bags import Bags
from recommender.training.batch import Batch

ACTIVITY = 12
"""Classes of how many ratings somebody has: 1, 2 to 3, 4 to 7, ..."""
STARS = 11
"""Half stars, 0 to 5: each has a weight of its own, where stars are read."""
MIDDLE = 3.0
"""Stars that weigh nothing to begin with."""
MOODS = 41
"""Classes of the mean of somebody's stars, an eighth of a star each."""


class FieldTable(nn.Module):
    """A movie's fields: its own name, then each feature as the mean of its values' vectors, zero where nothing is known.

    A person's fields are the means of their movies' fields, so both share every weight, and how active they are.
    Source: shared and multi-valued fields as in Covington et al. (2016) and Zhou et al. (2018). Where stars are read, it is
    Σ_j (a(s_j) - c ā) v_j / √n instead of the mean, with learned weights a of stars and c of their mean ā, so that a movie that somebody liked
    less than others pulls away; the last field then tells how generous somebody is, too. Source of √n: Koren (2008).
    """

    def __init__(self, n_items: int, n_features: int, width: int, reads_stars: bool = False) -> None:
        super().__init__()
        self.n_features, self.width = n_features, width
        self.own = nn.Parameter(torch.zeros(n_items, width))
        self.E = nn.UninitializedParameter()  # [n_values, width]; the data say how many values there are
        self.activity = nn.Embedding(ACTIVITY, width)
        self.pull = nn.Parameter(torch.arange(STARS) / 2 - MIDDLE) if reads_stars else None
        self.centre = nn.Parameter(torch.tensor(0.5)) if reads_stars else None
        self.mood = nn.Embedding(MOODS, width) if reads_stars else None
        for name in ("values", "offsets"):
            self.register_buffer(name, torch.zeros(n_items * n_features, dtype=torch.long))
        self.values: Tensor
        self.offsets: Tensor
        self._bags: Bags | None = None

    def describe(self, features: list[sp.csr_array], std: float) -> None:
        """Take each feature's values `[n_items, n_values]`, and draw all vectors from N(0, std²)."""
        beginnings = np.cumsum([0, *(feature.shape[1] for feature in features)])
        bags = [_bags(feature, begin) for feature, begin in zip(features, beginnings[:-1], strict=True)]
        # by movie first, then by feature
        order = np.argsort(
            np.concatenate([rows * self.n_features + f for f, (rows, _) in enumerate(bags)]), kind="stable"
        )
        rows = np.concatenate([rows * self.n_features + f for f, (rows, _) in enumerate(bags)])
        number = np.bincount(rows, minlength=len(self.own) * self.n_features)
        self.values = torch.from_numpy(np.concatenate([values for _, values in bags])[order])
        self.offsets = torch.from_numpy(np.cumsum(number) - number)
        self.E.materialize((max(int(beginnings[-1]), 1), self.width))
        for vectors in self.vectors:
            nn.init.normal_(vectors, std=std)

    @property
    def vectors(self) -> list[Tensor]:
        """All tables of vectors."""
        tables = [self.own, self.E, self.activity.weight]
        return tables if self.mood is None else [*tables, self.mood.weight]

    def forward(self) -> Tensor:
        """Every movie's fields, `[n_items, 1 + n_features, width]`."""
        if self._bags is None or self._bags.rows is not self.values:  # described, loaded, or moved since
            self._bags = Bags.of(self.values, self.offsets, len(self.E))
        known = self._bags.sum(self.E)
        return torch.cat([self.own[:, None], known.view(len(self.own), self.n_features, self.width)], dim=1)

    def people(self, batch: Batch, read: Tensor, movies: Tensor) -> Tensor:
        """A person's fields, `[batch, 2 + n_features, width]`, from those ratings that `read` `[batch, length]` is true of.

        `movies` is what `forward` gives. Somebody of whom nothing is read has zeros for all that they watched.
        """
        number = read.sum(dim=1, keepdim=True)
        table = F.pad(movies.flatten(1), (0, 0, 0, 1))  # the filling
        active = self.activity((number[:, 0] + 1).log2().long().clamp(max=ACTIVITY - 1))
        if self.mood is not None:
            active = active + self.mood(
                (8 * (batch.ratings * read).sum(dim=1) / number[:, 0].clamp(min=1)).round().long()
            )
        share = number.clamp(min=1) if self.pull is None else number.clamp(min=1).sqrt()
        watched = F.embedding_bag(batch.items, table, mode="sum", per_sample_weights=self.liking(batch, read) / share)
        return torch.cat([watched.view(len(number), -1, self.width), active[:, None]], dim=1)

    def liking(self, batch: Batch, read: Tensor) -> Tensor:
        """How much each rating says for its movie, `[batch, length]`: a(s_j) - c ā, or 1 where stars are not read; 0 where `read` is false."""
        if self.pull is None or self.centre is None:
            return read.to(self.own)
        a = F.embedding((2 * batch.ratings).round().long(), self.pull[:, None])[..., 0] * read
        mean = a.sum(dim=1, keepdim=True) / read.sum(dim=1, keepdim=True).clamp(min=1)
        return (a - self.centre * mean) * read


def _bags(feature: sp.csr_array, begin: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each value of each movie: the movie, and the value's row in the table of all features."""
    rows = np.repeat(np.arange(feature.shape[0]), np.diff(feature.indptr))
    return rows, feature.indices.astype(np.int64) + begin
