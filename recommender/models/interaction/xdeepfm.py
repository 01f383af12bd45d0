"""xDeepFM: fields are multiplied vector by vector, one degree higher with each layer, beside a deep network."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.split_tower import SplitTower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import AT_ONCE, MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People


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

    def forward(self, x_0: Tensor) -> Tensor:
        """`[n, fields, dim]` -> `[n]`."""
        if len(self.W) == 1:
            return self.read_last(x_0, x_0)
        return self.upper(products(self.W[0], x_0, x_0), x_0)

    def upper(self, x: Tensor, x_0: Tensor) -> Tensor:
        """From the first maps on, `[n, maps, dim]` and the fields `[n, fields, dim]` -> `[n]`."""
        *lower, _ = torch.split(self.read.weight[0], [len(W) for W in self.W])
        said = (lower[0] @ x).sum(dim=1)
        for W, read in zip(list(self.W)[1:-1], lower[1:], strict=True):
            x = products(W, x, x_0)
            said = said + (read @ x).sum(dim=1)
        return said + self.read_last(x, x_0)

    def read_last(self, x: Tensor, x_0: Tensor) -> Tensor:
        """What is read off the last layer, whose maps nobody else needs: Σ_ij (Σ_h w_h W^h_ij) X_i · X^0_j, `[n]`."""
        W = self.W[-1]
        V = torch.einsum("h,hij->ij", self.read.weight[0, -len(W) :], W)
        return (x * (V @ x_0)).sum(dim=(1, 2))

    def every(self, persons: Tensor, movies: Tensor, within: Tensor) -> Tensor:
        """Everybody with every movie, `[batch, person_fields, dim]` and `[n_items, movie_fields, dim]` -> `[batch, n_items]`.

        `within` `[n_items, maps, dim]` is what `products` makes of movies alone in the first layer. What lies across is linear in the movie.
        """
        P = persons.shape[1]
        W = self.W[0]
        across = W[:, :P, P:] + W[:, P:, :P].transpose(1, 2)
        rows = []
        for person in persons:
            T = torch.einsum("hij,id->djh", across, person)
            own = products(W[:, :P, :P], person[None], person[None])
            row = []
            for some, alone in zip(torch.split(movies, AT_ONCE), torch.split(within, AT_ONCE), strict=True):
                x = alone + own + (some.permute(2, 0, 1) @ T).permute(1, 2, 0)
                row.append(self.upper(x, torch.cat([person.expand(len(some), -1, -1), some], dim=1)))
            rows.append(torch.cat(row))
        return torch.stack(rows)


def products(W: Tensor, x: Tensor, x_0: Tensor) -> Tensor:
    """X^k_h = Σ_(i,j) W^h_ij X^(k-1)_i ⊙ X^0_j, `[maps, i, j]`, `[n, i, dim]` and `[n, j, dim]` -> `[n, maps, dim]`.

    The products are never laid out: each X^0_j weighs a mixture of X^(k-1), map by map.
    """
    mixed = torch.matmul(W.transpose(1, 2).flatten(0, 1), x)
    return (mixed.view(len(x), len(W), x_0.shape[1], -1) * x_0[:, None]).sum(dim=2)


class XDeepFMNetwork(InteractionNetwork):
    """CIN and tower side by side."""

    def __init__(self, n_items: int, config: XDeepFMConfig) -> None:
        super().__init__(n_items, config)
        d = config.dim
        self.cin = CIN(PERSON_FIELDS + MOVIE_FIELDS, config.maps, config.depth)
        self.tower = SplitTower(PERSON_FIELDS * d, MOVIE_FIELDS * d, config.tower, config.layers, config.tower_dropout)
        self.register_buffer("within", torch.zeros(n_items, config.maps, d))  # of each movie alone, settled
        self.within: Tensor

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Both."""
        return self.cin(torch.cat([person, movie], dim=1)) + self.tower(person.flatten(1), movie.flatten(1))

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The same, sides apart as long as they are."""
        if len(self.cin.W) == 1:
            return super().catalogue(people, movies)
        crossed = self.cin.every(people.fields, movies, self.within)
        return crossed + self.tower.every(people.fields.flatten(1), movies.flatten(1))


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

    def settle(self, network: nn.Module) -> None:
        """The movies' fields, and the first layer's maps of them alone."""
        super().settle(network)
        network = cast(XDeepFMNetwork, network)
        movies = network.movies[..., :-1]
        network.within.copy_(products(network.cin.W[0][:, PERSON_FIELDS:, PERSON_FIELDS:], movies, movies))
