"""DropoutNet: a network that reads who watched a movie and what it is, and often has to do without the first."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from sklearn.utils.extmath import randomized_svd
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.features import sentence
from recommender.features.texts import WIDTH
from recommender.layers.standing import ranked, stood
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.features import FeatureRecommender, FeaturesConfig
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS


class DropoutNetConfig(BasketsConfig, FeaturesConfig):
    """The teacher, the network and what it goes without."""

    dim: int = Field(
        64,
        ge=1,
        le=4_096,
        description="Width of the latent model and of the output. Source: 200 in Volkovs et al. (2017).",
    )
    hidden: int = Field(
        200, ge=1, le=16_384, description="Width of the hidden layer. Source: 800 and 400 in Volkovs et al. (2017)."
    )
    dropout: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="How often a movie, or a person, goes without its latent vector in training. Source: Volkovs et al. (2017).",
    )


class DropoutNetNetwork(nn.Module):
    """û = f_U(p, c), v̂ = f_V(V_i, t_i): p = Σ V_j and c = mean t_j over what the person watched; t are texts, V the latent model."""

    def __init__(self, n_items: int, config: DropoutNetConfig) -> None:
        super().__init__()
        d, self.n_items, self.without = config.dim, n_items, config.dropout
        self.register_buffer("V", torch.zeros(n_items, d))
        self.register_buffer("texts", torch.zeros(n_items, WIDTH))
        self.register_buffer("known", torch.ones(n_items))
        self.register_buffer("v", torch.zeros(n_items, d))  # settled, as is what v would be without V
        self.register_buffer("said", torch.zeros(n_items, d))
        self.V: Tensor
        self.texts: Tensor
        self.known: Tensor
        self.v: Tensor
        self.said: Tensor
        self.f_U, self.f_V = (
            nn.Sequential(nn.Linear(d + WIDTH, config.hidden), nn.Tanh(), nn.Linear(config.hidden, d)) for _ in range(2)
        )

    def preference(self, x: Tensor) -> Tensor:
        """p of baskets x, `[batch, n_items]` -> `[batch, dim]`."""
        return x @ self.V

    def people(self, x: Tensor) -> Tensor:
        """û, `[batch, dim]`."""
        content = x @ self.texts / x.sum(dim=1, keepdim=True).clamp(min=1)
        return self.f_U(torch.cat([self._dropped(self.preference(x)), content], dim=1))

    def movies(self) -> Tensor:
        """v̂ of every movie, `[n_items, dim]`."""
        return self.f_V(torch.cat([self._dropped(self.V), self.texts], dim=1))

    def described(self, texts: Tensor) -> Tensor:
        """v̂ of movies that have a text and no latent vector, `[n, dim]`."""
        return self.f_V(torch.cat([texts.new_zeros(len(texts), self.V.shape[1]), texts], dim=1))

    def _dropped(self, latent: Tensor) -> Tensor:
        """Whole rows put to zero, in training."""
        if not self.training:
            return latent
        return latent * (torch.rand(len(latent), 1, device=latent.device) >= self.without)


class DropoutNet(FeatureRecommender):
    """Σ (p·V_i - û·v̂_i)² over people and movies, with whole latent vectors dropped from the input, never from the target."""

    card = ModelCard(
        name="DropoutNet",
        family="side_information",
        block=Block.MLP,
        paper=Paper(
            authors="Volkovs, Yu and Poutanen",
            year=2017,
            title="DropoutNet: Addressing Cold Start in Recommender Systems",
        ),
        sentence="Practises for movies that nobody knows by forgetting, half of the time, who watched the ones that everybody knows.",
        ratings=RATINGS,
        departures="The latent model that it learns from is a truncated singular value decomposition instead of weighted matrix factorisation: a person "
        "is folded into it by one product, so everybody who asks has a latent vector, as the paper's transform gives them. The error is taken over all movies "
        "of a person, not over a sample. A movie that nobody rated is brought to the scale of the rated movies' scores, rank by rank, since a prediction "
        "is timid and would never come to the top of a list.",
        parents=("iALS",),
        side_information=sentence.COLUMNS,
        scores_cold_items=True,
    )
    Config = DropoutNetConfig
    config: DropoutNetConfig
    quick = QUICK_BASKETS | {"text": "lsa", "hidden": 32}

    def network(self, n_items: int) -> nn.Module:
        """A new pair of networks."""
        return DropoutNetNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """The latent model: X ≈ U S Vᵀ, so that a row x is rebuilt as xVVᵀ; scaled so that what it rebuilds has variance 1."""
        network, n_items = cast(DropoutNetNetwork, network), len(catalog)
        X = histories.matrix(n_items, np.ones(len(histories.items), np.float32))
        V = np.zeros((n_items, self.config.dim), np.float32)
        k = min(self.config.dim, *X.shape)
        V[:, :k] = randomized_svd(X, k, random_state=self.config.seed)[2].T
        V *= max(float((X @ V @ V.T).std()), 1e-6) ** -0.5
        network.V, network.texts = torch.from_numpy(V), self.texts
        known = np.bincount(histories.items, minlength=n_items) > 0
        network.known = torch.from_numpy(known.astype(np.float32))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean squared error of the scores against the latent model's, over movies that somebody rated: of others it knows nothing."""
        network = cast(DropoutNetNetwork, network)
        x = multi_hot(batch, network.n_items)
        taught = network.preference(x) @ network.V.T  # [batch, n_items]
        apart = (taught - network.people(x) @ network.movies().T) * network.known
        return apart.square().sum() / (len(x) * network.known.sum())

    def settle(self, network: nn.Module) -> None:
        """All movies through their network."""
        network = cast(DropoutNetNetwork, network)
        network.v.copy_(network.eval().movies())
        network.said.copy_(network.described(network.texts))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """û·v̂, `[batch, n_items]`."""
        network = cast(DropoutNetNetwork, network)
        people = network.people(multi_hot(batch, network.n_items))
        return ranked(people @ network.v.T, people @ network.said.T, network.known > 0)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """û·v̂ of movies that have a text and no latent vector, `[batch, n_newcomers]`."""
        network = cast(DropoutNetNetwork, self.net)
        texts = self.newcomers_texts(catalog, newcomers, network.texts)
        with torch.inference_mode():
            v, known = network.described(texts), network.known > 0

        def scores(batch: Batch) -> Tensor:
            people = network.people(multi_hot(batch, network.n_items))
            return stood(people @ v.T, (people @ network.said.T)[:, known], (people @ network.v.T)[:, known])

        return self.place_by(histories, len(newcomers), scores)
