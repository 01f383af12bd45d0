"""AutoRec: an autoencoder of ratings, of a person's or of a movie's."""

from __future__ import annotations

from typing import Any, Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.layers.dropout import Dropout
from recommender.layers.fold_in import folded_in
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, mean_rating, multi_hot, transposed
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import TorchRecommender

AT_ONCE = 1_024
"""Movies that are encoded together."""


class AutoRecConfig(BasketsConfig):
    """Whose ratings are encoded, and what missing ones count."""

    basis: Literal["person", "item"] = Field(
        "person",
        description="Whose ratings make a row: a person's (U-AutoRec) or a movie's (I-AutoRec). Source: Sedhain et al. (2015) find the "
        "movie's better at predicting stars; a person who asks is answered at once by the person's, which is our choice, not swept.",
    )
    unobserved: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Weight of a movie not rated, as if it had got 2.5 stars, beside 1 of a rated one; 0 is the paper's loss, which "
        "predicts stars. Source: our choice, not swept.",
    )
    ridge: float = Field(
        1.0,
        gt=0,
        le=1e6,
        description="λ of the least squares that fold a person into the movie's variant. Source: our choice, not swept.",
    )
    dim: int = Field(
        200, ge=1, le=4_096, description="Width of the hidden layer. Source: 500 in Sedhain et al. (2015)."
    )


class AutoRecNetwork(nn.Module):
    """r̂ = W g(V r + μ) + b, with g the sigmoid, over rows of `width` ratings."""

    V: nn.Linear
    W: nn.Linear
    rows: Histories
    """Of the movie's variant, in training: who rated each movie, how."""

    def __init__(self, n_items: int, config: AutoRecConfig) -> None:
        super().__init__()
        self.n_items, self.dim = n_items, config.dim
        self.dropout = Dropout(config.dropout)
        if config.basis == "person":
            self.grow(n_items)
        else:
            self.register_buffer("hidden", torch.zeros(n_items, config.dim + 1))
            self.hidden: Tensor  # g(V r + μ) of every movie, and a 1

    def grow(self, width: int) -> None:
        """Make the weights for rows of this many ratings."""
        self.V, self.W = nn.Linear(width, self.dim), nn.Linear(self.dim, width)
        nn.init.zeros_(self.W.bias)

    def encoded(self, r: Tensor) -> Tensor:
        """g(V r + μ), `[batch, width]` -> `[batch, dim]`."""
        return self.V(self.dropout(r)).sigmoid()

    def forward(self, r: Tensor) -> Tensor:
        """r̂, `[batch, width]`."""
        return self.W(self.encoded(r))


def squared_error(predicted: Tensor, rating: Tensor, rated: Tensor, unobserved: float) -> Tensor:
    """Mean of (r̂ - r)², weight 1 where `rated` is 1 and `unobserved` where it is 0; all `[batch, width]`."""
    weight = rated + unobserved * (1 - rated)
    return (weight * (predicted - rating) ** 2).sum() / weight.sum().clamp(min=1)


class AutoRec(TorchRecommender):
    """Σ over rated of (r - r̂)², plus a little over the rest. Stars are counted from 2.5, so that nothing known is nothing said."""

    card = ModelCard(
        name="AutoRec",
        family="autoencoder",
        block=Block.MLP,
        paper=Paper(
            authors="Sedhain, Menon, Sanner and Xie",
            year=2015,
            title="AutoRec: Autoencoders Meet Collaborative Filtering",
        ),
        sentence="Guesses the stars that you would give to every movie from the stars that you gave.",
        ratings="Reads stars as they are, counted from two and a half: five pull up by 2.5, a single star pushes down by 1.5.",
        departures="The paper predicts stars and learns from rated movies alone. Predicting stars is not ranking: a movie that few have seen "
        "and all of those loved wins over what you would watch tonight. So here unrated movies count a little, as two and a half "
        "stars; unobserved=0 gives the paper's loss. Missing ratings are read as neutral instead of zero stars. In the movie's "
        "variant (basis=item) a person who was not in training is folded in by least squares, since the output has no "
        "place for them. A part of the input is hidden in training.",
        parents=("RBM", "MF"),
    )
    Config = AutoRecConfig
    config: AutoRecConfig
    quick = QUICK_BASKETS
    reads_dislikes = True

    def network(self, n_items: int) -> nn.Module:
        """A new autoencoder; that of movies gets its weights when it meets the people."""
        return AutoRecNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """In the movie's variant a row is as wide as there are people."""
        network = cast(AutoRecNetwork, network)
        if self.config.basis == "item":
            network.rows = transposed(histories, len(catalog))
            network.grow(len(histories))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """A row per person, or per movie."""
        if self.config.basis == "person":
            return Baskets(histories, self.config.max_length, n_items)
        return Baskets(transposed(histories, n_items), self.config.max_length, len(histories))

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Weighted squared error in stars², mean over the weights."""
        network = cast(AutoRecNetwork, network)
        r, rated = (read(batch, network.V.in_features) for read in (mean_rating, multi_hot))
        return squared_error(network(r), r, rated, self.config.unobserved)

    def settle(self, network: nn.Module) -> None:
        """Encode every movie."""
        network = cast(AutoRecNetwork, network)
        if self.config.basis == "person":
            return
        device, width = network.hidden.device, network.V.in_features
        rows = Baskets(network.rows, self.config.max_length, width)
        network.hidden.zero_()
        network.hidden[:, -1] = 1
        for some in np.array_split(np.arange(len(rows)), -(-len(rows) // AT_ONCE)):
            batch = rows.batch(some, np.random.default_rng(0)).to(device)
            network.hidden[batch.people, :-1] = network.encoded(mean_rating(batch, width))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """Predicted stars above 2.5, `[batch, n_items]`."""
        network = cast(AutoRecNetwork, network)
        r = mean_rating(batch, network.n_items)
        if self.config.basis == "person":
            return network(r)
        # H w of the w that minimises the weighted squared error + λ |w|²
        H, rated = network.hidden, multi_hot(batch, network.n_items).bool()
        return folded_in(H, r, rated, self.config.unobserved, self.config.ridge) @ H.T

    def state(self) -> dict[str, NDArray[Any]]:
        """What answers: the network, or the encoded movies."""
        trained_only = ("net.V.", "net.W.") if self.config.basis == "item" else ()
        return {name: array for name, array in super().state().items() if not name.startswith(trained_only)}
