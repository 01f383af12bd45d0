"""DCN: layer by layer, all fields are crossed with what became of them."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.split_tower import SplitTower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People


class DCNConfig(DeepConfig):
    """The crosses."""

    crosses: int = Field(
        3, ge=1, le=16, description="Cross layers. Source: our choice, not swept; 1 to 6 in Wang et al. (2017)."
    )


class DCNNetwork(InteractionNetwork):
    """x_(l+1) = x_0 (x_l · w_l) + b_l + x_l, beside a tower; x_0 = [v_1, v_2, ...].

    So x_l = α_l x_0 + β_l, where β_l = Σ b is the same for all and α_(l+1) = α_l + α_l (x_0 · w_l) + β_l · w_l. Of x_0 only its products
    with a few vectors are needed, and each of those is a person's part plus a movie's.
    """

    def __init__(self, n_items: int, config: DCNConfig) -> None:
        super().__init__(n_items, config)
        d = config.dim
        widths = PERSON_FIELDS * d, MOVIE_FIELDS * d
        self.w = nn.Parameter(
            torch.randn(config.crosses + 1, sum(widths)) * sum(widths) ** -0.5
        )  # the last one reads x_L
        self.b = nn.Parameter(torch.zeros(config.crosses, sum(widths)))
        self.tower = SplitTower(*widths, config.tower, config.layers, config.tower_dropout)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Crosses and tower."""
        p, m = person.flatten(1), movie.flatten(1)
        return self.crossed(torch.cat([p, m], dim=1) @ self.w.T) + self.tower(p, m)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """x_0 · w is worked out for each side once."""
        p, m = people.fields.flatten(1), movies.flatten(1)
        of_person, of_movie = torch.split(self.w, [p.shape[1], m.shape[1]], dim=1)
        return self.crossed((p @ of_person.T)[:, None] + m @ of_movie.T) + self.tower.every(p, m)

    def crossed(self, x_0_w: Tensor) -> Tensor:
        """x_L · w, from x_0 · w_l for all l, `[..., crosses + 1]` -> `[...]`."""
        alpha = torch.ones_like(x_0_w[..., 0])
        beta = torch.zeros_like(self.b[0])
        for layer, (w, b) in enumerate(zip(self.w, self.b, strict=False)):
            alpha = alpha + alpha * x_0_w[..., layer] + beta @ w
            beta = beta + b
        return alpha * x_0_w[..., -1] + beta @ self.w[-1]


class DCN(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + w · x_L + tower(x_0)."""

    card = ModelCard(
        name="DCN",
        family="interaction",
        block=Block.MLP,
        paper=Paper(authors="Wang, Fu, Fu and Wang", year=2017, title="Deep & Cross Network for Ad Click Predictions"),
        sentence="Crosses all facts with all facts again and again, one degree higher each time, and asks a deep network as well.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. First-order weights beside it, and the crosses "
        "and the tower are added up instead of being read together by a last layer, which is the same. Trained by AdamW with drawn movies as a no.",
        parents=("Wide & Deep",),
        side_information=READS,
    )
    Config = DCNConfig
    config: DCNConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New crosses and a new tower."""
        return DCNNetwork(n_items, self.config)
