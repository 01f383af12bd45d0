"""DeepCoNN: one convolution reads what a person's movies are about, another what a movie is about; a factorisation machine joins them."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.words import READS, words, words_of
from recommender.layers.dropout import Dropout
from recommender.layers.popularity import log_share
from recommender.layers.preference import NEUTRAL
from recommender.layers.word_cnn import WordCNN
from recommender.losses.batch_softmax import batch_softmax
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets
from recommender.training.batch import Batch
from recommender.training.config import TrainingConfig
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS
from recommender.training.recommender import RATINGS, TorchRecommender

EVERYTHING = 16_384
"""Ratings of a person from which a step draws."""


class DeepCoNNConfig(TrainingConfig):
    """The two towers, what joins them, and what is learned."""

    objective: Literal["watching", "stars"] = Field(
        "watching",
        description="watching: which movie, a softmax over the batch's movies; stars: how many, the squared error of Zheng et al. (2017). Source: our "
        "choice, since lists of what to watch are asked for.",
    )
    dim: int = Field(32, ge=1, le=4_096, description="Width of a tower's end. Source: 50 in Zheng et al. (2017).")
    factors: int = Field(8, ge=1, le=512, description="Factors of the machine. Source: 8 in Zheng et al. (2017).")
    word_dim: int = Field(
        32,
        ge=1,
        le=4_096,
        description="Width of a word's vector. Source: our choice for CPUs, not swept; 300 in Zheng et al. (2017).",
    )
    word_dropout: float = Field(
        0.3,
        ge=0,
        lt=1,
        description="Share of the words that are left out in a step. Source: of 0 and .3 the better one on cold movies in validation on the embedded data; the idea is that of Iyyer et al. (2015).",
    )
    filters: int = Field(
        64,
        ge=1,
        le=4_096,
        description="Filters of each convolution. Source: our choice for CPUs, not swept; 100 in Zheng et al. (2017).",
    )
    window: int = Field(
        3,
        ge=1,
        le=15,
        description="Words under a filter, an odd number. Source: Zheng et al. (2017).",
        json_schema_extra={"unit": "words"},
    )
    max_length: int = Field(
        32,
        ge=1,
        le=16_384,
        description="Movies whose texts make a person's: the last ones, or as many by chance in training. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "movies"},
    )
    batch_size: int = Field(
        16,
        ge=1,
        le=65_536,
        description="People per step of the optimiser. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "people"},
    )
    epochs: int = Field(
        25, ge=1, le=10_000, description="Passes over the people at most. Source: our choice for CPUs, not swept."
    )
    patience: int = Field(
        5,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 before it stops. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "epochs"},
    )
    learning_rate: float = Field(
        3e-3, gt=0, le=1, description="Step of AdamW. Source: our choice, not swept; RMSprop in Zheng et al. (2017)."
    )


class Half(nn.Module):
    """What one tower gives to a factorisation machine over both: Σ w z + ½ Σ_f [(Σ z v_f)² - Σ z² v_f²], and Σ z v_f for every f."""

    def __init__(self, dim: int, factors: int) -> None:
        super().__init__()
        self.w, self.V = nn.Parameter(torch.zeros(dim)), nn.Parameter(torch.zeros(dim, factors))
        nn.init.normal_(self.V, std=dim**-0.5)

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """`[..., dim]` -> `[...]` and `[..., factors]`."""
        met = z @ self.V
        return z @ self.w + 0.5 * (met.square() - z.square() @ self.V.square()).sum(dim=-1), met


class DeepCoNNNetwork(nn.Module):
    """FM([x_u, y_i]) = w_0 + half(x_u) + half(y_i) + (V_uᵀx_u)·(V_iᵀy_i): what meets across the towers is a dot product."""

    def __init__(self, n_items: int, config: DeepCoNNConfig) -> None:
        super().__init__()
        self.n_items = n_items
        self.watched, self.offered = (
            WordCNN(config.word_dim, config.filters, config.window, config.word_dropout) for _ in range(2)
        )
        self.x, self.y = (
            nn.Sequential(nn.Linear(config.filters, config.dim), nn.Tanh(), Dropout(config.dropout)) for _ in range(2)
        )
        self.of_person, self.of_movie = Half(config.dim, config.factors), Half(config.dim, config.factors)
        self.w_0 = nn.Parameter(torch.zeros(()))
        for name, shape in (
            ("phrases", (n_items + 1, config.filters)),
            ("alone", (n_items,)),
            ("met", (n_items, config.factors)),
            ("log_q", (n_items,)),
        ):
            self.register_buffer(name, torch.zeros(shape))  # all but the last are settled
        self.phrases: Tensor
        self.alone: Tensor
        self.met: Tensor
        self.log_q: Tensor

    def person(self, phrases: Tensor, items: Tensor) -> tuple[Tensor, Tensor]:
        """A person's half from the strongest `phrases` `[n + 1, filters]` of their movies `[batch, length]`, rows of `phrases`, the last the filling.

        The maximum over the texts' maxima is the maximum over all of them laid end to end.
        """
        return self.of_person(self.x(F.embedding_bag(items, phrases, mode="max", padding_idx=len(phrases) - 1)))

    def movie(self, phrases: Tensor) -> tuple[Tensor, Tensor]:
        """A movie's half, from its own strongest phrases `[n, filters]`."""
        return self.of_movie(self.y(phrases))


class DeepCoNN(TorchRecommender):
    """Score FM([x_u, y_i]); the texts of a person are those of the movies that they watched."""

    card = ModelCard(
        name="DeepCoNN",
        family="side_information",
        block=Block.CNN,
        paper=Paper(
            authors="Zheng, Noroozi and Yu",
            year=2017,
            title="Joint Deep Modeling of Users and Items Using Reviews for Recommendation",
        ),
        sentence="Reads all that is written of the movies that you watched, and all that is written of another, and asks whether the two go together.",
        ratings=RATINGS,
        departures="The paper's texts are reviews: a person's are those that they wrote. Here a person is a history, so their text is what is written "
        "of the movies in it: title, people, genres, tags and plot, and, where the ratings have a column `review`, the reviews of those movies by anybody, since "
        "somebody new has written none. A movie's text is the same of itself; reviews count as known beforehand like a plot, those of hidden ratings too. What "
        "is learned is which movie was watched; objective=stars learns ratings as the paper does. Words begin at random, without word2vec. Windows do "
        "not reach from one movie's text into the next.",
        parents=("ConvMF", "FM"),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = DeepCoNNConfig
    config: DeepCoNNConfig
    quick = QUICK_BASKETS | {
        "word_dim": 16,
        "filters": 32,
        "max_length": 2,
        "epochs": 30,
        "dropout": 0.2,
        "word_dropout": 0.0,
    }

    def network(self, n_items: int) -> nn.Module:
        """New towers."""
        return DeepCoNNNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Read the texts; count how often each movie is a target; begin at the mean rating where stars are predicted."""
        network = cast(DeepCoNNNetwork, network)
        for tower in (network.watched, network.offered):
            tower.describe(words(catalog))
        network.log_q = torch.from_numpy(log_share(histories.items, len(catalog)))
        if self.config.objective == "stars" and len(histories.ratings):
            network.w_0.data.fill_(float(histories.ratings.mean()))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, from which each step draws what is read and what is asked for."""
        return Baskets(histories, EVERYTHING, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Some movies of each person, drawn at random, from as many others."""
        network, (read, person, target, stars) = cast(DeepCoNNNetwork, network), self._drawn(batch, network.n_items)
        if not len(target):
            return sum((weight.sum() * 0 for weight in network.parameters()), batch.ratings.new_zeros(()))
        known, place = torch.unique(read, return_inverse=True)
        known = known[known < network.n_items]
        phrases = F.pad(
            network.watched(known), (0, 0, 0, 1)
        )  # the filling's number is the greatest, so its place is the last
        alone_u, met_u = (half[person] for half in network.person(phrases, place.clamp(max=len(known))))
        asked, at = torch.unique(target, return_inverse=True)
        alone_i, met_i = (half[at] for half in network.movie(network.offered(asked)))
        if self.config.objective == "stars":
            return (network.w_0 + alone_u + alone_i + (met_u * met_i).sum(dim=1) - stars).square().mean()
        return batch_softmax(met_u @ met_i.T + alone_i, target, network.log_q[target])

    def _drawn(self, batch: Batch, n_items: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What is read `[batch, max_length]`, and of what is asked for whose it is, which movie, and the stars, `[n]` each.

        Up to half of what a person rated is read, any number of movies alike, and half of it is asked for, `max_length` of each at most.
        Dislikes are not read, as in answering.
        """
        liked, most = batch.mask & (batch.ratings >= NEUTRAL), self.config.max_length
        half = torch.minimum(batch.lengths // 2, liked.sum(dim=1)).clamp(max=most)[:, None]  # [batch, 1]
        each = (torch.rand(half.shape, device=half.device) * half).ceil().long()
        order = torch.rand(batch.items.shape, device=liked.device).masked_fill(~liked, 2).argsort(dim=1)
        step = torch.arange(order.shape[1], device=order.device)
        chosen = torch.zeros_like(liked).scatter(1, order, step < each)
        read = torch.where(step < each, batch.items.gather(1, order), n_items)[:, :most]
        open_to = batch.mask & ~chosen
        order = torch.rand(batch.items.shape, device=liked.device).masked_fill(~open_to, 2).argsort(dim=1)
        asked = open_to & torch.zeros_like(liked).scatter(1, order, (step < half) & (each > 0))
        return read, asked.nonzero()[:, 0], batch.items[asked], batch.ratings[asked]

    def settle(self, network: nn.Module) -> None:
        """All texts through both towers."""
        network = cast(DeepCoNNNetwork, network).eval()
        network.phrases[:-1].copy_(network.watched())
        alone, met = network.movie(network.offered())
        network.alone.copy_(alone)
        network.met.copy_(met)

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """The machine's answer for every movie, `[batch, n_items]`."""
        network = cast(DeepCoNNNetwork, network)
        return self._joined(network, batch, network.alone, network.met)

    def _joined(self, network: DeepCoNNNetwork, batch: Batch, alone: Tensor, met: Tensor) -> Tensor:
        alone_u, met_u = network.person(network.phrases, batch.items)
        return network.w_0 + alone_u[:, None] + alone + met_u @ met.T

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """The machine's answer for the newcomers, `[batch, n_newcomers]`."""
        network = cast(DeepCoNNNetwork, self.net)
        with torch.inference_mode():
            alone, met = network.movie(network.offered.of(words_of(catalog, newcomers)))
        return self.place_by(histories, len(newcomers), lambda batch: self._joined(network, batch, alone, met))
