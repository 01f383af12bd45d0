"""CDL: a denoising autoencoder of texts and a matrix factorisation that pull at each other."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.features import sentence
from recommender.features.texts import WIDTH
from recommender.layers.fold_in import folded_in
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.features import FeatureRecommender, FeaturesConfig
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS


class CDLConfig(BasketsConfig, FeaturesConfig):
    """The two halves and what holds them together."""

    dim: int = Field(50, ge=1, le=4_096, description="Width of the factors. Source: Wang et al. (2015).")
    hidden: int = Field(
        200, ge=1, le=16_384, description="Width of the autoencoder's outer layers. Source: Wang et al. (2015)."
    )
    noise: float = Field(
        0.3, ge=0, lt=1, description="Share of a text's numbers that is masked. Source: Wang et al. (2015)."
    )
    unobserved: float = Field(
        0.05,
        gt=0,
        le=1,
        description="Confidence b in movies not rated, beside a = 1. Source: 0.01 in Wang et al. (2015); ours is a choice, not swept.",
    )
    lambda_u: float = Field(
        0.1, gt=0, le=1e4, description="Ridge on a person's factors. Source: Wang et al. (2015) try 0.1 to 10."
    )
    lambda_v: float = Field(
        1.0,
        ge=0,
        le=1e6,
        description="How tightly a movie's factors are held to its text's code. Source: Wang et al. (2015) try 1 to 100.",
    )
    lambda_n: float = Field(
        10.0,
        ge=0,
        le=1e6,
        description="Weight of the rebuilt text. Source: our choice, not swept; 1,000 in Wang et al. (2015), for bags of words.",
    )
    learning_rate: float = Field(3e-3, gt=0, le=1, description="Step of AdamW. Source: our choice, not swept.")


class CDLNetwork(nn.Module):
    """v_i = code of text i + ε_i; the autoencoder goes WIDTH -> hidden -> dim -> hidden -> WIDTH."""

    people: nn.Embedding
    """u of everybody in training."""

    def __init__(self, n_items: int, config: CDLConfig) -> None:
        super().__init__()
        self.n_items, self.noise = n_items, config.noise
        self.register_buffer("texts", torch.zeros(n_items, WIDTH))
        self.register_buffer("known", torch.zeros(n_items, 1))
        self.register_buffer("v", torch.zeros(n_items, config.dim))  # settled
        self.texts: Tensor
        self.known: Tensor
        self.v: Tensor
        self.encode = nn.Sequential(nn.Linear(WIDTH, config.hidden), nn.Sigmoid(), nn.Linear(config.hidden, config.dim))
        self.decode = nn.Sequential(nn.Linear(config.dim, config.hidden), nn.Sigmoid(), nn.Linear(config.hidden, WIDTH))
        self.offset = nn.Parameter(torch.zeros(n_items, config.dim))

    def code(self) -> Tensor:
        """Of every text, with noise in training, `[n_items, dim]`."""
        kept = torch.rand_like(self.texts) >= self.noise if self.training else 1
        return self.encode(self.texts * kept)


class CDL(FeatureRecommender):
    """Σ c_ui (r_ui - u·v_i)² + λ_u |u|² + λ_v Σ |ε_i|² + λ_n Σ |rebuilt - text|², c = 1 where rated and b elsewhere, all in one descent."""

    card = ModelCard(
        name="CDL",
        family="side_information",
        block=Block.MLP,
        paper=Paper(
            authors="Wang, Wang and Yeung", year=2015, title="Collaborative Deep Learning for Recommender Systems"
        ),
        sentence="Squeezes every description to fifty numbers that must both rebuild the text and explain who watched the movie.",
        ratings=RATINGS,
        departures="Texts are vectors of a sentence transformer, or of latent semantic analysis, instead of bags of words. All parts go down one gradient "
        "together instead of alternating with exact steps; people who ask are then folded in by the paper's own exact step.",
        parents=("iALS", "SDAE"),
        side_information=sentence.COLUMNS,
        scores_cold_items=True,
    )
    Config = CDLConfig
    config: CDLConfig
    quick = QUICK_BASKETS | {"text": "lsa", "hidden": 32}

    def network(self, n_items: int) -> nn.Module:
        """A new autoencoder, and movies without factors of their own."""
        return CDLNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Texts, scaled so that their numbers have variance 1, and a vector for everybody."""
        network = cast(CDLNetwork, network)
        network.texts = self.texts / self.texts.std().clamp(min=1e-6)
        known = np.bincount(histories.items, minlength=len(catalog)) > 0
        network.known = torch.from_numpy(known[:, None].astype(np.float32))
        network.people = nn.Embedding(len(histories), self.config.dim)
        nn.init.normal_(network.people.weight, std=0.1)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, and whose they are."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The sum of the four terms, per rating of the batch, or per movie for the last two."""
        network, config = cast(CDLNetwork, network), self.config
        assert batch.people is not None
        x, code = multi_hot(batch, network.n_items), network.code()
        offset, u = network.offset * network.known, network.people(batch.people)
        confidence = (x + config.unobserved * (1 - x)) * network.known[
            :, 0
        ]  # nobody passed over what nobody could rate
        missed = (confidence * (x - u @ (code + offset).T) ** 2).sum() + config.lambda_u * u.square().sum()
        rebuilt = (network.decode(code) - network.texts).square().mean()
        return missed / x.sum() + config.lambda_v * offset.square().mean() + config.lambda_n * rebuilt / WIDTH

    def settle(self, network: nn.Module) -> None:
        """All movies' factors; those of a movie that nobody rated are its text's code."""
        network = cast(CDLNetwork, network)
        network.v.copy_(network.eval().code() + network.offset * network.known)

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """u·v, `[batch, n_items]`."""
        network = cast(CDLNetwork, network)
        return self._u(network, batch) @ network.v.T

    def _u(self, network: CDLNetwork, batch: Batch) -> Tensor:
        """u = (VᵀCV + λ_u I)⁻¹ VᵀC x, `[batch, dim]`."""
        x = multi_hot(batch, network.n_items)
        return folded_in(network.v, x, x.bool(), self.config.unobserved, self.config.lambda_u)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """u·code of the newcomers' texts, `[batch, n_newcomers]`."""
        network = cast(CDLNetwork, self.net)
        with torch.inference_mode():
            code = network.encode(self.newcomers_texts(catalog, newcomers, network.texts))
        return self.place_by(histories, len(newcomers), lambda batch: self._u(network, batch) @ code.T)

    def state(self) -> dict[str, NDArray[Any]]:
        """All but the people of the training."""
        return {name: array for name, array in super().state().items() if name != "net.people.weight"}
