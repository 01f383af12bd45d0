"""FinalMLP: two towers over the same fields, each told by a gate what to look at, and their answers multiplied."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import (
    MOVIE_FIELDS,
    PERSON_FIELDS,
    QUICK,
    RATINGS,
    READS,
    DeepConfig,
    InteractionNetwork,
    InteractionRecommender,
)


class Stream(nn.Module):
    """MLP(2 σ(gate(context)) ⊙ x): what the context says matters is read with up to twice its weight, the rest is muted."""

    def __init__(self, context: int, inputs: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.gate = nn.Linear(context, inputs)
        parts: list[nn.Module] = []
        for wide in [inputs, *[width] * (layers - 1)]:
            parts += [nn.Linear(wide, width), nn.ReLU(), nn.Dropout(dropout)]
        self.mlp = nn.Sequential(*parts)

    def forward(self, context: Tensor, x: Tensor) -> Tensor:
        """`[n, context]` and `[n, inputs]` -> `[n, width]`."""
        return self.mlp(2 * self.gate(context).sigmoid() * x)


class FinalMLPNetwork(InteractionNetwork):
    """o_1 · w_1 + o_2 · w_2 + o_1ᵀ W o_2: one stream is gated by the person, the other by the movie."""

    def __init__(self, n_items: int, config: DeepConfig) -> None:
        super().__init__(n_items, config)
        person, movie = PERSON_FIELDS * config.dim, MOVIE_FIELDS * config.dim
        tower = person + movie, config.tower, config.layers, config.tower_dropout
        self.by_person, self.by_movie = Stream(person, *tower), Stream(movie, *tower)
        self.first, self.second = nn.Linear(config.tower, 1, bias=False), nn.Linear(config.tower, 1, bias=False)
        self.W = nn.Parameter(torch.randn(config.tower, config.tower) / config.tower)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Bilinear fusion of both streams."""
        p, m = person.flatten(1), movie.flatten(1)
        x = torch.cat([p, m], dim=1)
        one, other = self.by_person(p, x), self.by_movie(m, x)
        return (self.first(one) + self.second(other))[:, 0] + ((one @ self.W) * other).sum(dim=1)


class FinalMLP(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + o_1 · w_1 + o_2 · w_2 + o_1ᵀ W o_2."""

    card = ModelCard(
        name="FinalMLP",
        family="interaction",
        block=Block.MLP,
        paper=Paper(
            authors="Mao, Zhu, Su, Cai, Li and Dong",
            year=2023,
            title="FinalMLP: An Enhanced Two-Stream MLP Model for CTR Prediction",
        ),
        sentence="Two plain networks read the same facts through different glasses, yours and the movie's, and multiply what they see.",
        ratings=RATINGS,
        departures="One head in the fusion; gates are linear; both streams have the same layers. A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. "
        "First-order weights beside it. Trained by AdamW with drawn movies as a no.",
        parents=("DeepFM", "DCN-V2"),
        side_information=READS,
    )
    Config = DeepConfig
    config: DeepConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """Two new streams."""
        return FinalMLPNetwork(n_items, self.config)
