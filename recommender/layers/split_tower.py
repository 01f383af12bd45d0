"""A tower over a person and a movie side by side, whose first layer is worked out for each of them once."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.layers.dropout import Dropout

AT_ONCE = 2_048
"""Movies that go through the upper layers together: few enough for the processor's cache."""


class SplitTower(nn.Module):
    """ReLU layers over [person, movie], then one number. W [p, m] = W_p p + W_m m, so a catalogue's W_m m serves everybody."""

    def __init__(self, person: int, movie: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.of_person, self.of_movie = nn.Linear(person, width), nn.Linear(movie, width, bias=False)
        upper: list[nn.Module] = [nn.ReLU(), Dropout(dropout)]
        for _ in range(layers - 1):
            upper += [nn.Linear(width, width), nn.ReLU(), Dropout(dropout)]
        self.upper = nn.Sequential(*upper, nn.Linear(width, 1, bias=False))

    def forward(self, person: Tensor, movie: Tensor) -> Tensor:
        """Pair by pair, `[n, person]` and `[n, movie]` -> `[n]`."""
        return self.upper(self.of_person(person) + self.of_movie(movie))[:, 0]

    def every(self, person: Tensor, movie: Tensor) -> Tensor:
        """Everybody with every movie, `[batch, person]` and `[n_items, movie]` -> `[batch, n_items]`."""
        p, parts = self.of_person(person), torch.split(self.of_movie(movie), AT_ONCE)
        return torch.stack([torch.cat([self.upper(one + part)[:, 0] for part in parts]) for one in p])
