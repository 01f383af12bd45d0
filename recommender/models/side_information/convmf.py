"""ConvMF: a convolution over the words of a movie's text says where its factors should lie."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.features.words import READS, words, words_of
from recommender.layers.collective import factorised, step
from recommender.layers.dropout import Dropout
from recommender.layers.fold_in import folded_in
from recommender.layers.standing import ranked, stood
from recommender.layers.word_cnn import WordCNN
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot, transposed
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS, TorchRecommender

ROUNDS = 10
"""Of alternating least squares before the first epoch. Source: Hu, Koren and Volinsky (2008) use about 10."""


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
        0.2,
        gt=0,
        le=1,
        description="Confidence in movies not rated, beside 1 where rated. Source: about that of iALS here; 0 in Kim et al. (2016), who predict stars.",
    )
    lambda_u: float = Field(
        2.0,
        gt=0,
        le=1e4,
        description="Ridge on a person's factors. Source: about that of iALS here; 90 or 100 in Kim et al. (2016).",
    )
    lambda_v: float = Field(
        2.0,
        gt=0,
        le=1e6,
        description="How tightly a movie's factors are held to what its text says. Source: as lambda_u; 10 to 100 in Kim et al. (2016).",
    )
    validation_people: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="So many people give their last rating to validation; 0: train all epochs, keep the last weights. Source: none needed, the exact "
        "steps rank what people rated, and validation would stop before the words are learned.",
        json_schema_extra={"unit": "people"},
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

    people: Tensor
    """u of everybody in training, `[n_people, dim]`."""
    ratings: sp.csr_array
    """Who rated each movie, `[n_items, n_people]`; only in training."""

    def __init__(self, n_items: int, config: ConvMFConfig) -> None:
        super().__init__()
        d, self.n_items = config.dim, n_items
        self.words = WordCNN(config.word_dim, config.filters, config.window)
        self.upper = nn.Sequential(
            nn.Linear(config.filters, config.filters),
            nn.Tanh(),
            Dropout(config.dropout),
            nn.Linear(config.filters, d),
        )
        self.register_buffer("known", torch.zeros(n_items, dtype=torch.bool))
        self.register_buffer("code", torch.zeros(n_items, d))  # settled, as is v
        self.register_buffer("v", torch.zeros(n_items, d))
        self.known: Tensor
        self.code: Tensor
        self.v: Tensor


class ConvMF(TorchRecommender):
    """Σ c_ui (r_ui - u·v_i)² + λ_u Σ |u|² + λ_v Σ |v_i - cnn(words of i)|², c = 1 where rated, one part after the other."""

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
        "one window of three words replaces three windows. One round of the paper's alternation, to its end, instead of many cut short: people and movies "
        "where alternating least squares puts them without words, the network to where the movies are, the movies' exact step towards it. "
        "The last layer is linear, as factors have no bounds. People who ask are folded in by the paper's exact step for them. What words say of a movie that nobody rated is "
        "brought to the scale of the rated movies' scores, rank by rank, since a prediction is timid and would never come to the top of a list.",
        parents=("CDL", "MF"),
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
        network.v, network.ratings = torch.from_numpy(v), sp.csr_array(X.T)
        network.register_buffer("people", torch.from_numpy(u))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Movies that somebody rated, each with who did."""
        return Baskets(transposed(histories, n_items), self.config.max_length, len(histories))

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """|v - cnn|², the part of the sum that the words can make smaller, over its size without words."""
        network = cast(ConvMFNetwork, network)
        assert batch.people is not None
        v = network.v[batch.people]
        apart = v - network.upper(network.words(batch.people))
        return apart.square().sum() / v.square().sum().clamp(min=1e-12)

    def settle(self, network: nn.Module) -> None:
        """What all words say; then each movie's exact step, v = (UCUᵀ + λ_v I)⁻¹ (UC r + λ_v cnn), which without ratings is cnn."""
        network, config = cast(ConvMFNetwork, network).eval(), self.config
        network.code.copy_(network.upper(network.words()))
        u, code = network.people.cpu().numpy(), network.code.cpu().numpy()
        held = np.float32(config.lambda_v / config.unobserved)
        v = step(
            network.ratings,
            u,
            u.T @ u + held * np.eye(config.dim, dtype=np.float32),
            held * code,
            1 / config.unobserved - 1,
        )
        network.v.copy_(torch.where(network.known[:, None], torch.from_numpy(v).to(network.v), network.code))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """u·v, `[batch, n_items]`."""
        network = cast(ConvMFNetwork, network)
        u, known = self._u(network, batch), network.known
        return ranked(u @ network.v.T, u @ network.code.T, known)

    def _u(self, network: ConvMFNetwork, batch: Batch) -> Tensor:
        """The person, `[batch, dim]`."""
        x = multi_hot(batch, network.n_items)
        return folded_in(network.v, x, x.bool(), self.config.unobserved, self.config.lambda_u)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """u·cnn(words of the newcomers), on the scale of `scores`, `[batch, n_newcomers]`."""
        network = cast(ConvMFNetwork, self.net)
        with torch.inference_mode():
            code = network.upper(network.words.of(words_of(catalog, newcomers)))

        def scores(batch: Batch) -> Tensor:
            u, known = self._u(network, batch), network.known
            return stood(u @ code.T, u @ network.code[known].T, u @ network.v[known].T)

        return self.place_by(histories, len(newcomers), scores)

    def state(self) -> dict[str, NDArray[Any]]:
        """All but the people of the training."""
        return {name: array for name, array in super().state().items() if name != "net.people"}
