"""FFM: every field has a vector for each other field that it may meet."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.models.base import Block, ModelCard, Paper
from recommender.training.crossing import CrossingRecommender, apart
from recommender.training.interaction_config import QUICK, RATINGS, READS, InteractionConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People

FIELDS = PERSON_FIELDS + MOVIE_FIELDS


class FFMConfig(InteractionConfig):
    """Smaller vectors, but many."""

    dim: int = Field(4, ge=1, le=256, description="Width of each of a field's vectors. Source: Juan et al. (2016).")


class FFMNetwork(InteractionNetwork):
    """Σ_(f<g) v_(f,g) · v_(g,f): f's vector for g meets g's vector for f."""

    def __init__(self, n_items: int, config: FFMConfig) -> None:
        super().__init__(n_items, config, width=FIELDS * config.dim)
        self.dim = config.dim

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Within the person, within the movie, and across."""
        p, m = self.by_field(person), self.by_field(movie)
        across = p[:, :, PERSON_FIELDS:] * m[:, :, :PERSON_FIELDS].transpose(1, 2)
        return within(p[:, :, :PERSON_FIELDS]) + within(m[:, :, PERSON_FIELDS:]) + across.sum(dim=(1, 2, 3))

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """What lies across is one product of matrices."""
        p, m = self.by_field(people.fields), self.by_field(movies)
        across = p[:, :, PERSON_FIELDS:].flatten(1) @ m[:, :, :PERSON_FIELDS].transpose(1, 2).flatten(1).T
        return within(p[:, :, :PERSON_FIELDS])[:, None] + within(m[:, :, PERSON_FIELDS:]) + across

    def by_field(self, fields: Tensor) -> Tensor:
        """Whose vector, and for whom: `[n, fields, FIELDS * dim]` -> `[n, fields, FIELDS, dim]`."""
        return fields.view(*fields.shape[:2], FIELDS, self.dim)


def within(v: Tensor) -> Tensor:
    """Σ_(f<g) v_(f,g) · v_(g,f), `[n, fields, fields, dim]` -> `[n]`."""
    meetings = (v * v.transpose(1, 2)).sum(dim=-1)
    return 0.5 * (meetings.sum(dim=(1, 2)) - meetings.diagonal(dim1=1, dim2=2).sum(dim=-1))


class FFM(CrossingRecommender):
    """ŷ = w_0 + Σ w_f + Σ_(f<g) v_(f,g) · v_(g,f)."""

    card = ModelCard(
        name="FFM",
        family="interaction",
        block=Block.LINEAR,
        paper=Paper(
            authors="Juan, Zhuang, Chin and Lin",
            year=2016,
            title="Field-aware Factorization Machines for CTR Prediction",
        ),
        sentence="Like a factorisation machine, but every fact keeps a vector for each kind of fact that it may meet.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. First-order weights are kept, which "
        "the paper leaves out. Trained by AdamW with drawn movies as a no.",
        parents=("FM",),
        side_information=READS,
    )
    Config = FFMConfig
    config: FFMConfig
    quick = QUICK | {"dim": 4}
    crossing = "The product of the two vectors that two fields keep for each other. All pairs and what each field says alone add up to the score."

    def network(self, n_items: int) -> nn.Module:
        """A new machine."""
        return FFMNetwork(n_items, self.config)

    def meetings(self, network: nn.Module, person: Tensor, movie: Tensor) -> Tensor:
        """v_(f,g) · v_(g,f)."""
        v = cast(FFMNetwork, network).by_field(torch.cat([person, movie], dim=1))
        return apart((v * v.transpose(1, 2)).sum(dim=-1))
