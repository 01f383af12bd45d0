"""ConvMF: a convolution over the words of a movie's text says where its factors should lie."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.features.words import READS, words, words_of
from recommender.layers.collective import factorised
from recommender.layers.fold_in import folded_in
from recommender.layers.standing import stood
from recommender.layers.word_cnn import WordCNN
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot, transposed
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS, TorchRecommender

ROUNDS = 10
"""Of alternating least squares before the first epoch. Source: Hu, Koren and Volinsky (2008) use about 10."""
TRAINED = ("net.people", "net.factors")


class ConvMFConfig(BasketsConfig):
    """The factors, the convolution, and what holds them together."""

    dim: int = Field(50, ge=1, le=4_096, description="Width of the factors. Source: Kim et al. (2016).")
    word_dim: int = Field(
        32,
        ge=1,
        le=4_096,
        description="Width of a word's vector. Source: our choice for CPUs, not swept; 200 in Kim et al. (2016).",
    )
    filters: int = Field(
        64,
        ge=1,
        le=4_096,
        description="Filters of the convolution. Source: our choice for CPUs, not swept; 100 of each window in Kim et al. (2016).",
    )
    window: int = Field(
        3,
        ge=1,
        le=15,
        description="Words under a filter, an odd number. Source: Kim et al. (2016) take 3, 4 and 5 side by side.",
        json_schema_extra={"unit": "words"},
    )
    dropout: float = Field(
        0.2, ge=0, lt=1, description="Share of the text's numbers put to zero in training. Source: Kim et al. (2016)."
    )
    unobserved: float = Field(
        0.05,
        gt=0,
        le=1,
        description="Confidence in movies not rated, beside 1 where rated. Source: our choice, not swept; 0 in Kim et al. (2016), who predict stars.",
    )
    lambda_u: float = Field(
        1.0,
        gt=0,
        le=1e4,
        description="Ridge on a person's factors. Source: our choice, not swept; 90 or 100 in Kim et al. (2016).",
    )
    lambda_v: float = Field(
        1.0,
        ge=0,
        le=1e6,
        description="How tightly a movie's factors are held to what its text says. Source: our choice, not swept; 10 to 100 in Kim et al. (2016).",
    )
    batch_size: int = Field(
        128,
        ge=1,
        le=65_536,
        description="Movies per step of the optimiser. Source: Kim et al. (2016).",
        json_schema_extra={"unit": "movies"},
    )
    learning_rate: float = Field(3e-3, gt=0, le=1, description="Step of AdamW. Source: our choice, not swept.")
    epochs: int = Field(
        20, ge=1, le=10_000, description="Passes over the movies at most. Source: our choice for CPUs, not swept."
    )


class ConvMFNetwork(nn.Module):
    """v_i of a movie, and what its words say of it, cnn_i."""

    people: nn.Parameter
    """u of everybody in training."""
    factors: nn.Parameter
    """v of every movie in training."""

    def __init__(self, n_items: int, config: ConvMFConfig) -> None:
        super().__init__()
        d, self.n_items = config.dim, n_items
        self.words = WordCNN(config.word_dim, config.filters, config.window)
        self.upper = nn.Sequential(
            nn.Linear(config.filters, config.filters),
            nn.Tanh(),
            nn.Dropout(config.dropout),
            nn.Linear(config.filters, d),
        )
        self.register_buffer("known", torch.zeros(n_items, dtype=torch.bool))
        self.register_buffer("code", torch.zeros(n_items, d))  # settled, as is v
        self.register_buffer("v", torch.zeros(n_items, d))
        self.known: Tensor
        self.code: Tensor
        self.v: Tensor


class ConvMF(TorchRecommender):
    """Σ c_ui (r_ui - u·v_i)² + λ_u Σ |u|² + λ_v Σ |v_i - cnn(words of i)|², c = 1 where rated, all in one descent."""

    card = ModelCard(
        name="ConvMF",
        family="side_information",
        block=Block.CNN,
        paper=Paper(
            authors="Kim, Park, Oh, Lee and Yu",
            year=2016,
            title="Convolutional Matrix Factorization for Document Context-Aware Recommendation",
        ),
        sentence="Reads a movie's description three words at a time, and corrects by who watched it what the words let it expect.",
        ratings=RATINGS,
        departures="Watching is predicted, not stars: movies not rated count a little, as not watched. Words begin at random, without GloVe, and "
        "one window of three words replaces three windows. Factors begin where alternating least squares puts them "
        "without words; from there network and factors go down one gradient together instead of alternating. The last layer is linear, "
        "as factors have no bounds. People who ask are folded in by the paper's exact step for them. What words say of a movie that nobody rated is moved and "
        "stretched to the spread of the rated movies' scores, since a prediction is timid and would never come to the top of a list.",
        parents=("CDL", "SVD"),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = ConvMFConfig
    config: ConvMFConfig
    quick = QUICK_BASKETS | {"word_dim": 16, "filters": 32, "batch_size": 8}

    def network(self, n_items: int) -> nn.Module:
        """A new convolution, and movies without factors of their own."""
        return ConvMFNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Read the texts; people and movies begin where alternating least squares puts them without texts."""
        network, config = cast(ConvMFNetwork, network), self.config
        network.words.describe(words(catalog))
        network.known = torch.from_numpy(np.bincount(histories.items, minlength=len(catalog)) > 0)
        X = histories.matrix(len(catalog), np.ones(len(histories.items), np.float32))
        v, u = factorised(
            X,
            None,
            dim=config.dim,
            ridge=config.lambda_u / config.unobserved,
            confidence=1 / config.unobserved - 1,
            iterations=ROUNDS,
            seed=config.seed,
        )
        network.people = nn.Parameter(torch.from_numpy(u))
        network.factors = nn.Parameter(torch.from_numpy(v))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Movies, each given by the people who rated it."""
        return Baskets(transposed(histories, n_items), self.config.max_length, len(histories))

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The three terms of the batch's movies, and their share of the people's ridge, per rating."""
        network, config = cast(ConvMFNetwork, network), self.config
        assert batch.people is not None
        u, v = network.people, network.factors[batch.people]  # [n_people, dim], [batch, dim]
        apart = v - network.upper(network.words(batch.people))
        x = multi_hot(batch, len(u))  # [batch, n_people]
        missed = ((x + config.unobserved * (1 - x)) * (x - v @ u.T).square()).sum()
        share = len(v) / network.known.sum()
        return (missed + config.lambda_v * apart.square().sum() + share * config.lambda_u * u.square().sum()) / x.sum()

    def settle(self, network: nn.Module) -> None:
        """What all movies' words say, and their factors; those of a movie that nobody rated are what its words say."""
        network = cast(ConvMFNetwork, network).eval()
        network.code.copy_(network.upper(network.words()))
        network.v.copy_(torch.where(network.known[:, None], network.factors, network.code))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """u·v, `[batch, n_items]`."""
        network = cast(ConvMFNetwork, network)
        u, known = self._u(network, batch), network.known
        scores = u @ network.v.T
        if not known.all():
            scores[:, ~known] = stood(scores[:, ~known], u @ network.code[known].T, scores[:, known])
        return scores

    def _u(self, network: ConvMFNetwork, batch: Batch) -> Tensor:
        """The person, `[batch, dim]`."""
        x = multi_hot(batch, network.n_items)
        return folded_in(network.v, x, x.bool(), self.config.unobserved, self.config.lambda_u)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """u·cnn(words of the newcomers), moved and stretched as in `scores`, `[batch, n_newcomers]`."""
        network = cast(ConvMFNetwork, self.net)
        with torch.inference_mode():
            code = network.upper(network.words.of(words_of(catalog, newcomers)))

        def scores(batch: Batch) -> Tensor:
            u, known = self._u(network, batch), network.known
            return stood(u @ code.T, u @ network.code[known].T, u @ network.v[known].T)

        return self.place_by(histories, len(newcomers), scores)

    def state(self) -> dict[str, NDArray[Any]]:
        """All but what only the training needs."""
        return {name: array for name, array in super().state().items() if name not in TRAINED}
