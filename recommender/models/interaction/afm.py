"""AFM: a factorisation machine that learns which pairs of fields to listen to."""

from __future__ import annotations

from itertools import combinations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import (
    AT_ONCE,
    QUICK,
    RATINGS,
    READS,
    InteractionConfig,
    InteractionNetwork,
    InteractionRecommender,
    People,
)


class AFMConfig(InteractionConfig):
    """The attention."""

    dim: int = Field(
        8,
        ge=1,
        le=1_024,
        description="Width of a field's vector. Source: our choice for CPUs, not swept; 256 in Xiao et al. (2017).",
    )
    attention: int = Field(
        8,
        ge=1,
        le=1_024,
        description="Width of the attention's layer. Source: our choice for CPUs, not swept; 16 in Xiao et al. (2017).",
    )
    pair_dropout: float = Field(
        0.2,
        ge=0,
        lt=1,
        description="Dropout of what the pairs say. Source: our choice, not swept; 0.2 to 0.5 in Xiao et al. (2017).",
    )


class AFMNetwork(InteractionNetwork):
    """p · Σ_(f<g) a_fg (v_f ⊙ v_g), a = softmax(h · ReLU(W (v_f ⊙ v_g) + b))."""

    def __init__(self, n_items: int, config: AFMConfig) -> None:
        super().__init__(n_items, config)
        d = config.dim
        self.W, self.h = nn.Linear(d, config.attention), nn.Linear(config.attention, 1, bias=False)
        self.p = nn.Linear(d, 1, bias=False)
        self.dropout = nn.Dropout(config.pair_dropout)

    def weighed(self, products: Tensor) -> tuple[Tensor, Tensor]:
        """Of pairs `[..., pairs, dim]`: how loud each is before the softmax, and what it says, `[..., pairs]` each."""
        return self.h(self.W(products).relu())[..., 0], self.p(self.dropout(products))[..., 0]

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """One softmax over all pairs."""
        fields = torch.cat([person, movie], dim=1)
        one, other = pairs_of(fields.shape[1])
        loud, said = self.weighed(fields[:, one] * fields[:, other])
        return (loud.softmax(dim=-1) * said).sum(dim=-1)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The pairs within a person and within a movie are weighed once; only what lies across is worked out for each two."""
        movie, person = ([part[:, pairs] for pairs in pairs_of(part.shape[1])] for part in (movies, people.fields))
        within_movies, within_people = self.weighed(movie[0] * movie[1]), self.weighed(person[0] * person[1])
        rows = []
        for b, fields in enumerate(people.fields):
            row = []
            for begin in range(0, len(movies), AT_ONCE):
                some = slice(begin, begin + AT_ONCE)
                across = self.weighed((movies[some, :, None] * fields).flatten(1, 2))
                parts = zip(within_movies, within_people, across, strict=True)
                loud, said = (
                    torch.cat([movie[some], person[b].expand(len(both), -1), both], dim=1)
                    for movie, person, both in parts
                )
                row.append((loud.softmax(dim=-1) * said).sum(dim=-1))
            rows.append(torch.cat(row))
        return torch.stack(rows)


def pairs_of(fields: int) -> tuple[list[int], list[int]]:
    """Both ends of every pair f < g."""
    pairs = list(combinations(range(fields), 2))
    return [f for f, _ in pairs], [g for _, g in pairs]


class AFM(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + p · Σ_(f<g) a_fg (v_f ⊙ v_g)."""

    card = ModelCard(
        name="AFM",
        family="interaction",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Xiao, Ye, He, Zhang, Wu and Chua",
            year=2017,
            title="Attentional Factorization Machines: Learning the Weight of Feature Interactions via Attention Networks",
        ),
        sentence="A factorisation machine that pays attention: not every two facts have something to say to each other.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Trained by "
        "AdamW with drawn movies as a no.",
        parents=("FM", "NFM"),
        side_information=READS,
    )
    Config = AFMConfig
    config: AFMConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """A new machine."""
        return AFMNetwork(n_items, self.config)
