"""xDeepFM: fields are multiplied vector by vector, one degree higher with each layer, beside a deep network."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.split_tower import SplitTower
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


class XDeepFMConfig(DeepConfig):
    """The compressed interaction network."""

    dim: int = Field(
        8,
        ge=1,
        le=1_024,
        description="Width of a field's vector. Source: our choice for CPUs, not swept; 10 in Lian et al. (2018).",
    )
    maps: int = Field(
        6,
        ge=1,
        le=1_024,
        description="Feature maps of a layer. Source: our choice for CPUs, not swept; 100 to 200 in Lian et al. (2018).",
    )
    depth: int = Field(
        2,
        ge=1,
        le=8,
        description="Layers of the network. Source: our choice for CPUs, not swept; 2 or 3 in Lian et al. (2018).",
    )


class CIN(nn.Module):
    """X^k_h = Σ_(i,j) W^(k,h)_ij X^(k-1)_i ⊙ X^0_j; what is read off is the sum of every map of every layer."""

    def __init__(self, fields: int, maps: int, depth: int) -> None:
        super().__init__()
        before = [fields, *[maps] * (depth - 1)]
        self.W = nn.ParameterList(torch.randn(maps, each, fields) * (each * fields) ** -0.5 for each in before)
        self.read = nn.Linear(depth * maps, 1, bias=False)

    def maps(self, x_0: Tensor) -> list[Tensor]:
        """X^1, X^2, ..., each `[n, maps, dim]`, from the fields `[n, fields, dim]`.

        The products X^(k-1)_i ⊙ X^0_j are never laid out: each X^0_j weighs a mixture of X^(k-1), map by map.
        """
        found, x = [], x_0
        for W in self.W:
            mixed = torch.matmul(W.transpose(1, 2).flatten(0, 1), x)
            x = (mixed.view(len(x), len(W), x_0.shape[1], -1) * x_0[:, None]).sum(dim=2)
            found.append(x)
        return found

    def forward(self, x_0: Tensor) -> Tensor:
        """`[n, fields, dim]` -> `[n]`."""
        return self.read(torch.cat([x.sum(dim=2) for x in self.maps(x_0)], dim=1))[:, 0]


class XDeepFMNetwork(InteractionNetwork):
    """CIN and tower side by side."""

    def __init__(self, n_items: int, config: XDeepFMConfig) -> None:
        super().__init__(n_items, config)
        d = config.dim
        self.cin = CIN(PERSON_FIELDS + MOVIE_FIELDS, config.maps, config.depth)
        self.tower = SplitTower(PERSON_FIELDS * d, MOVIE_FIELDS * d, config.tower, config.layers, config.tower_dropout)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Both."""
        return self.cin(torch.cat([person, movie], dim=1)) + self.tower(person.flatten(1), movie.flatten(1))


class XDeepFM(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + CIN(v_1, v_2, ...) + tower([v_1, v_2, ...])."""

    card = ModelCard(
        name="xDeepFM",
        family="interaction",
        block=Block.CNN,
        paper=Paper(
            authors="Lian, Zhou, Zhang, Chen, Xie and Sun",
            year=2018,
            title="xDeepFM: Combining Explicit and Implicit Feature Interactions for Recommender Systems",
        ),
        sentence="Multiplies facts by facts by facts, vector by vector, and looks at the products as at the layers of a picture.",
        ratings=RATINGS,
        departures="Few and small maps, for CPUs, all of which go on to the next layer. A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. "
        "Trained by AdamW with drawn movies as a no.",
        parents=("DeepFM", "DCN"),
        side_information=READS,
    )
    Config = XDeepFMConfig
    config: XDeepFMConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return XDeepFMNetwork(n_items, self.config)
