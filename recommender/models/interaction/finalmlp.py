"""FinalMLP: two towers over the same fields, each told by a gate what to look at, and their answers multiplied."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.dropout import Dropout
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import AT_ONCE, MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People


class Stream(nn.Module):
    """MLP(2 σ(gate(context)) ⊙ x): what the context says matters is read with up to twice its weight, the rest is muted."""

    def __init__(self, context: int, inputs: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.gate = nn.Linear(context, inputs)
        self.first = nn.Linear(inputs, width)
        upper: list[nn.Module] = [nn.ReLU(), Dropout(dropout)]
        for _ in range(layers - 1):
            upper += [nn.Linear(width, width), nn.ReLU(), Dropout(dropout)]
        self.upper = nn.Sequential(*upper)

    def loudness(self, context: Tensor) -> Tensor:
        """What the gate makes of each input, `[n, context]` -> `[n, inputs]`, 0..2."""
        return 2 * self.gate(context).sigmoid()

    def forward(self, context: Tensor, x: Tensor) -> Tensor:
        """`[n, context]` and `[n, inputs]` -> `[n, width]`."""
        return self.upper(self.first(self.loudness(context) * x))


class FinalMLPNetwork(InteractionNetwork):
    """o_1 · w_1 + o_2 · w_2 + o_1ᵀ W o_2: one stream is gated by the person, the other by the movie."""

    def __init__(self, n_items: int, config: DeepConfig) -> None:
        super().__init__(n_items, config)
        person, movie = self.halves = [PERSON_FIELDS * config.dim, MOVIE_FIELDS * config.dim]
        tower = person + movie, config.tower, config.layers, config.tower_dropout
        self.by_person, self.by_movie = Stream(person, *tower), Stream(movie, *tower)
        self.first, self.second = nn.Linear(config.tower, 1, bias=False), nn.Linear(config.tower, 1, bias=False)
        self.W = nn.Parameter(torch.randn(config.tower, config.tower) / config.tower)
        self.register_buffer("loud", torch.zeros(n_items, person))  # both as `of_movies` has them, settled
        self.register_buffer("own", torch.zeros(n_items, config.tower))
        self.loud: Tensor
        self.own: Tensor

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Bilinear fusion of both streams."""
        p, m = person.flatten(1), movie.flatten(1)
        x = torch.cat([p, m], dim=1)
        return self.fused(self.by_person(p, x), self.by_movie(m, x))

    def fused(self, one: Tensor, other: Tensor) -> Tensor:
        """What the streams say together, `[n, tower]` each -> `[n]`."""
        return (self.first(one) + self.second(other))[:, 0] + ((one @ self.W) * other).sum(dim=1)

    def of_movies(self, movies: Tensor) -> tuple[Tensor, Tensor]:
        """What the second stream has of movies alone: how loud a person's inputs are, `[n, person]`, and W_m (g_m ⊙ m) + b, `[n, tower]`."""
        m = movies.flatten(1)
        g_p, g_m = torch.split(self.by_movie.loudness(m), self.halves, dim=1)
        _, V_m = torch.split(self.by_movie.first.weight, self.halves, dim=1)
        return g_p, F.linear(g_m * m, V_m, self.by_movie.first.bias)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The same, by W (g ⊙ [p, m]) = W_p (g_p ⊙ p) + W_m (g_m ⊙ m): a person's gate is worked out once, and what movies say is settled."""
        W_p, W_m = torch.split(self.by_person.first.weight, self.halves, dim=1)
        V_p, _ = torch.split(self.by_movie.first.weight, self.halves, dim=1)
        persons = people.fields.flatten(1)
        rows = []
        for p, h in zip(persons, self.by_person.loudness(persons), strict=True):
            h_p, h_m = torch.split(h, self.halves)
            row = []
            for m, g_p, own in zip(
                *(torch.split(x, AT_ONCE) for x in (movies.flatten(1), self.loud, self.own)), strict=True
            ):
                one = F.linear(m, W_m * h_m, W_p @ (h_p * p) + self.by_person.first.bias)
                other = torch.addmm(own, g_p, (V_p * p).T)
                row.append(self.fused(self.by_person.upper(one), self.by_movie.upper(other)))
            rows.append(torch.cat(row))
        return torch.stack(rows)


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

    def settle(self, network: nn.Module) -> None:
        """The movies' fields, and what the second stream has of them alone."""
        super().settle(network)
        network = cast(FinalMLPNetwork, network)
        loud, own = network.of_movies(network.movies[..., :-1])
        network.loud.copy_(loud)
        network.own.copy_(own)
