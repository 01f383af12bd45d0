"""DIN: what you watched counts by how much it has to do with the movie on offer."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.tower import Tower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import AT_ONCE, MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People

LOOKED_AT = 2
"""Fields of a movie that attention reads, the first ones: its own name and its genres, as goods and category in the paper."""


class DINConfig(DeepConfig):
    """The attention."""

    watched: int = Field(
        30,
        ge=1,
        le=16_384,
        description="The last so many ratings are weighed. Source: our choice for CPUs, not swept; 50 in most code for DIN.",
        json_schema_extra={"unit": "ratings"},
    )
    attention: int = Field(
        16,
        ge=1,
        le=1_024,
        description="Width of the activation unit. Source: our choice for CPUs, not swept; 36 in Zhou et al. (2018).",
    )


class DINNetwork(InteractionNetwork):
    """tower([v_1, v_2, ..., Σ_j a(h_j, c) h_j]); a(h, c) = w · PReLU(W [h, c, h - c, h ⊙ c] + b), without a softmax.

    W [h, c, h - c, h ⊙ c] = (W_1 + W_3) h + (W_2 - W_3) c + W_4 diag(h) c, so for one person the unit of all movies is a product of matrices.
    """

    def __init__(self, n_items: int, config: DINConfig) -> None:
        super().__init__(n_items, config)
        d, self.longest = LOOKED_AT * config.dim, config.watched
        self.of_watched, self.of_offered = nn.Linear(d, config.attention), nn.Linear(d, config.attention, bias=False)
        self.of_both = nn.Parameter(torch.randn(d, config.attention) * d**-0.5)
        self.bend, self.weight = nn.PReLU(), nn.Linear(config.attention, 1)
        inputs = (PERSON_FIELDS + MOVIE_FIELDS) * config.dim + d
        self.tower = Tower(inputs, config.tower, config.layers, config.tower_dropout)

    def watched(self, people: People, offered: Tensor) -> tuple[Tensor, Tensor]:
        """The last movies that are read, as `offered` `[n_items, d]` has them, and how much each says, 0 where there is none, `[batch, longest(, d)]`."""
        place = torch.arange(1, people.read.shape[1] + 1, device=offered.device) * people.read
        last, at = place.topk(min(self.longest, place.shape[1]), dim=1)
        items = people.batch.items.gather(1, at).clamp(max=len(offered) - 1)
        return F.embedding(items, offered), (last > 0) * self.table.liking(people.batch, people.read).gather(1, at)

    def interest(self, h: Tensor, filled: Tensor, c: Tensor) -> Tensor:
        """Of one person in each of `c` `[n, d]`: Σ_j a(h_j, c) h_j, `[n, d]`; `h` `[longest, d]`."""
        both = torch.einsum("ld,da->dla", h, self.of_both).flatten(1)
        hidden = (c @ both).view(len(c), *h.shape[:1], -1) + self.of_watched(h) + self.of_offered(c)[:, None]
        return (self.weight(self.bend(hidden))[..., 0] * filled) @ h

    def pairs(self, people: People, movies: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Pair by pair."""
        offered = movies[:, :LOOKED_AT].flatten(1)
        h, filled = self.watched(people, offered)
        c, h_of = offered.index_select(0, which), h.index_select(0, who)
        hidden = (
            (h_of * c[:, None]) @ self.of_both + self.of_watched(h).index_select(0, who) + self.of_offered(c)[:, None]
        )
        a = self.weight(self.bend(hidden))[..., 0] * filled.index_select(0, who)  # [n, longest]
        interest = torch.einsum("nl,nld->nd", a, h_of)
        person, movie = people.fields.index_select(0, who), movies.index_select(0, which)
        return self.tower(torch.cat([person.flatten(1), movie.flatten(1), interest], dim=1))

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """Person by person, the catalogue in parts."""
        h, filled = self.watched(people, movies[:, :LOOKED_AT].flatten(1))
        rows = []
        for b, fields in enumerate(people.fields.flatten(1)):
            row = []
            for part in torch.split(movies, AT_ONCE):
                interest = self.interest(h[b], filled[b], part[:, :LOOKED_AT].flatten(1))
                row.append(self.tower(torch.cat([fields.expand(len(part), -1), part.flatten(1), interest], dim=1)))
            rows.append(torch.cat(row))
        return torch.stack(rows)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """What the tower says to fields of somebody who watched nothing."""
        nothing = F.pad(torch.cat([person.flatten(1), movie.flatten(1)], dim=1), (0, LOOKED_AT * person.shape[2]))
        return self.tower(nothing)


class DIN(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + tower([v_1, v_2, ..., Σ_j a(h_j, c) h_j])."""

    card = ModelCard(
        name="DIN",
        family="interaction",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Zhou, Zhu, Song, Fan, Zhu, Ma, Yan, Jin, Li and Gai",
            year=2018,
            title="Deep Interest Network for Click-Through Rate Prediction",
        ),
        sentence="Nobody has one taste: for every movie on offer it looks again at what you watched, and lets what is akin to it speak.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. PReLU instead of Dice, no "
        "mini-batch aware regularisation. First-order weights beside it. Trained by AdamW with drawn movies as a no.",
        parents=("MLP", "YouTubeDNN"),
        side_information=READS,
        uses_order=False,
    )
    Config = DINConfig
    config: DINConfig
    quick = QUICK | {"learning_rate": 0.01, "epochs": 80}

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return DINNetwork(n_items, self.config)
