"""PNN: a deep network that is given the products of its fields as well."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.dropout import Dropout
from recommender.layers.tower import Tower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import AT_ONCE, MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People


class PNNNetwork(InteractionNetwork):
    """tower(ReLU(W_z z + W_p p + b)): z the fields, p_fg = v_f · v_g.

    p is kept in three parts: pairs within the person, within the movie, and across, so that each side's share is worked out once.
    """

    def __init__(self, n_items: int, config: DeepConfig) -> None:
        super().__init__(n_items, config)
        d, width = config.dim, config.tower
        self.of_person = nn.Linear(PERSON_FIELDS * d + PERSON_FIELDS**2, width)
        self.of_movie = nn.Linear(MOVIE_FIELDS * d + MOVIE_FIELDS**2, width, bias=False)
        self.across = nn.Linear(PERSON_FIELDS * MOVIE_FIELDS, width, bias=False)
        self.dropout = Dropout(config.tower_dropout)
        self.tower = Tower(width, width, config.layers, config.tower_dropout)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Both sides, what lies across, and the tower on top."""
        across = (person @ movie.transpose(1, 2)).flatten(1)
        return self.on_top(self.of_person(described(person)), self.of_movie(described(movie)), across)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """Each side once; products across for everybody with every movie."""
        one, other = self.of_person(described(people.fields)), self.of_movie(described(movies))
        rows = []
        for person, mine in zip(people.fields, one, strict=True):
            parts = zip(torch.split(movies, AT_ONCE), torch.split(other, AT_ONCE), strict=True)
            rows.append(
                torch.cat(
                    [self.on_top(mine, part, (person @ fields.transpose(1, 2)).flatten(1)) for fields, part in parts]
                )
            )
        return torch.stack(rows)

    def on_top(self, one: Tensor, other: Tensor, across: Tensor) -> Tensor:
        """The first layer's sum, and the tower, `[n, width]` twice and `[n, pairs]` -> `[n]`."""
        return self.tower(self.dropout(F.relu(one + other + self.across(across))))


def described(fields: Tensor) -> Tensor:
    """Fields and the products of every two of them, `[n, fields, dim]` -> `[n, fields * dim + fields²]`."""
    return torch.cat([fields.flatten(1), (fields @ fields.transpose(1, 2)).flatten(1)], dim=1)


class PNN(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + tower([v_1, v_2, ...; v_1 · v_2, ...])."""

    card = ModelCard(
        name="PNN",
        family="interaction",
        block=Block.MLP,
        paper=Paper(
            authors="Qu, Cai, Ren, Zhang, Yu, Wen and Wang",
            year=2016,
            title="Product-based Neural Networks for User Response Prediction",
        ),
        sentence="Hands a deep network the facts and how well each two of them go together, so that it need not find out by itself.",
        ratings=RATINGS,
        departures="The inner product (IPNN), with all of its matrix instead of a low-rank one. A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. "
        "First-order weights beside it. Trained by AdamW with drawn movies as a no.",
        parents=("FM", "FNN"),
        side_information=READS,
    )
    Config = DeepConfig
    config: DeepConfig
    quick = QUICK | {"epochs": 100, "learning_rate": 0.02}

    def network(self, n_items: int) -> nn.Module:
        """A new tower."""
        return PNNNetwork(n_items, self.config)
