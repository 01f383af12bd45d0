"""AFM: a factorisation machine that learns which pairs of fields to listen to."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, InteractionConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People

TOGETHER = 128
"""Movies that are looked at together: few enough that what is worked out for them stays in the processor's cache."""


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
        nn.init.constant_(self.p.weight, comb(PERSON_FIELDS + MOVIE_FIELDS, 2))  # alike attention to all pairs is FM
        self.dropout = Dropout(config.pair_dropout)
        self.register_buffer("within", torch.zeros(n_items, 3))  # each movie's own pairs, settled
        self.within: Tensor

    def weighed(self, products: Tensor) -> tuple[Tensor, Tensor]:
        """Of pairs `[..., pairs, dim]`: how loud each is before the softmax, and what it says, `[..., pairs]` each."""
        return self.h(self.W(products).relu())[..., 0], self.p(self.dropout(products))[..., 0]

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """One softmax over all pairs."""
        fields = torch.cat([person, movie], dim=1)
        one, other = pairs_of(fields.shape[1])
        loud, said = self.weighed(fields[:, one] * fields[:, other])
        return (loud.softmax(dim=-1) * said).sum(dim=-1)

    def summed(self, fields: Tensor) -> Tensor:
        """The pairs within `fields` `[n, fields, dim]`, as `part` has them, `[n, 3]`."""
        one, other = pairs_of(fields.shape[1])
        return part(*self.weighed(fields[:, one] * fields[:, other]))

    def across(self, person: Tensor, movies: Tensor) -> Tensor:
        """The pairs of fields of a person `[person_fields, dim]` with those of movies, as `part` has them, `[n, 3]`.

        W (v_f ⊙ v_g) = (W diag(v_f)) v_g, so all pairs of a person are one product of matrices.
        """
        n, n_fields = len(movies), len(person)
        v_g = movies.flatten(0, 1)
        W_f = (person[:, None] * self.W.weight).flatten(0, 1)  # [person_fields * attention, dim]
        hidden = torch.addmm(self.W.bias.repeat(n_fields), v_g, W_f.T).relu_()
        loud = hidden.view(len(v_g) * n_fields, -1) @ self.h.weight[0]
        said = v_g @ (person * self.p.weight).T
        return part(loud.view(n, -1), said.view(n, -1))

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The pairs within a person and within a movie are weighed once; only what lies across is worked out for each two."""
        rows = []
        for person, own in zip(people.fields, self.summed(people.fields), strict=True):
            row = []
            for some, within in zip(torch.split(movies, TOGETHER), torch.split(self.within, TOGETHER), strict=True):
                top, weight, said = torch.stack(
                    [within, self.across(person, some), own.expand_as(within)], dim=1
                ).unbind(-1)
                share = (top - top.amax(dim=1, keepdim=True)).exp()
                row.append((share * said).sum(dim=1) / (share * weight).sum(dim=1))
            rows.append(torch.cat(row))
        return torch.stack(rows)


def part(loud: Tensor, said: Tensor) -> Tensor:
    """A part of a softmax, `[..., pairs]` each -> `[..., 3]`: the loudest m, Σ exp(loud - m), and Σ exp(loud - m) said."""
    top = loud.amax(dim=-1)
    share = (loud - top[..., None]).exp()
    return torch.stack([top, share.sum(dim=-1), (share * said).sum(dim=-1)], dim=-1)


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

    def settle(self, network: nn.Module) -> None:
        """The movies' fields, and their pairs with one another."""
        super().settle(network)
        network = cast(AFMNetwork, network)
        network.within.copy_(network.summed(network.movies[..., :-1]))
