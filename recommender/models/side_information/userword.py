"""UserWord: people and words in one space. A person lies where the words of what they liked lie."""

from __future__ import annotations

from typing import cast

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.words import READS, weighed, words, words_of
from recommender.losses.multinomial import multinomial
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.objective import NEVER
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS, TorchRecommender


class UserWordConfig(BasketsConfig):
    """The space, and what is left out in training."""

    dim: int = Field(32, ge=1, le=4_096, description="Width of the space. Source: our choice for CPUs, not swept.")
    fewest: int = Field(
        10,
        ge=1,
        le=1_000,
        description="Rated movies that must share a word. Source: validation on cold movies of the embedded data: what few movies share "
        "becomes their own name, which new movies lack.",
        json_schema_extra={"unit": "movies"},
    )
    word_dropout: float = Field(
        0.3,
        ge=0,
        lt=1,
        description="Share of the words of each movie that are left out in a step. Source: our choice, not swept; the idea is that of Iyyer et al. (2015).",
    )
    learning_rate: float = Field(1e-2, gt=0, le=1, description="Step of AdamW. Source: our choice, not swept.")
    epochs: int = Field(
        30, ge=1, le=10_000, description="Passes over the people at most. Source: our choice for CPUs, not swept."
    )


class UserWordNetwork(nn.Module):
    """A movie is m_i = Σ t_iw e_w, a person u = mean of the m of what they liked; t is TF-IDF, e the words' vectors and biases."""

    def __init__(self, n_items: int, config: UserWordConfig) -> None:
        super().__init__()
        self.n_items, self.dim, self.without = n_items, config.dim, config.word_dropout
        self.E = nn.UninitializedParameter()  # [n_words, dim + 1], the last column is what a word adds for everybody
        self.log_scale = nn.Parameter(torch.tensor(10.0).log())
        self.register_buffer("known", torch.zeros(n_items, dtype=torch.bool))
        self.register_buffer("m", torch.zeros(n_items, config.dim + 1))  # settled
        self.known: Tensor
        self.m: Tensor

    def describe(self, texts: sp.csr_array, counted: NDArray[np.bool_]) -> None:
        """Take the words of all movies, `[n_items, n_words]`, and which of them count, `[n_words]`; make those words' vectors."""
        texts = sp.csr_array(texts @ sp.diags_array(counted.astype(np.float32)))
        texts.eliminate_zeros()
        self.texts = _Bags(texts)
        self.E.materialize((max(texts.shape[1], 1), self.dim + 1))
        nn.init.normal_(self.E, std=self.dim**-0.5)
        with torch.no_grad():
            self.E[:, -1] = 0
            self.E[: len(counted)][torch.from_numpy(~counted)] = 0

    def movies(self, texts: _Bags) -> Tensor:
        """m, `[n_texts, dim + 1]`."""
        weights = texts.weights
        if self.training and self.without:
            weights = weights * (torch.rand_like(weights) >= self.without) / (1 - self.without)
        return F.embedding_bag(texts.words, self.E, texts.offsets, mode="sum", per_sample_weights=weights)

    def scores(self, x: Tensor, read: Tensor, offered: Tensor) -> Tensor:
        """e^scale u·m + b of people who liked x `[batch, n_items]`, `[batch, n]`; `read` `[n_items, dim + 1]`, `offered` `[n, dim + 1]`."""
        u = x @ read[:, :-1] / x.sum(dim=1, keepdim=True).clamp(min=1)
        return self.log_scale.exp() * u @ offered[:, :-1].T + offered[:, -1]


class _Bags(nn.Module):
    """Texts as words and weights, in the form of `embedding_bag`; a module, so that it goes where the network goes. Not saved."""

    def __init__(self, texts: sp.csr_array) -> None:
        super().__init__()
        for name, value in (
            ("words", texts.indices.astype(np.int64)),
            ("offsets", texts.indptr[:-1].astype(np.int64)),
            ("weights", texts.data),
        ):
            self.register_buffer(name, torch.from_numpy(value), persistent=False)
        self.words: Tensor
        self.offsets: Tensor
        self.weights: Tensor


class UserWord(TorchRecommender):
    """Score u·m_i + b_i, everything of it a sum over words; the loss is the multinomial likelihood of a hidden part of each list."""

    card = ModelCard(
        name="UserWord",
        family="side_information",
        block=Block.LINEAR,
        paper=Paper(
            authors="A reading of ours, without a paper", year=2026, title="A joint representation of users and words"
        ),
        sentence="Puts you among words: where the words of the movies that you liked are, there you are, and what lies near is for you.",
        ratings=RATINGS,
        departures="The survey that started this project names a joint representation of users and words (UWRL) of which no paper could be found. "
        "This is our reading of the name: one space for people and words, in which a person is the mean of what they liked and a movie the "
        "weighted sum of its words, rated or not, so that a movie has nothing of its own and new ones stand beside old ones on equal "
        "terms. Unlike HybridMF it has no vector per movie and no features but words, and one table for what is read and what is offered; unlike TwoTower it "
        "has no network above the words.",
        parents=("word2vec", "HybridMF"),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = UserWordConfig
    config: UserWordConfig
    quick = QUICK_BASKETS | {"fewest": 2}

    def network(self, n_items: int) -> nn.Module:
        """A new space, as yet without words."""
        return UserWordNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Read the texts."""
        network = cast(UserWordNetwork, network)
        texts, known = weighed(catalog, words(catalog)), np.bincount(histories.items, minlength=len(catalog)) > 0
        network.describe(texts, np.asarray((texts[known] > 0).sum(axis=0)).ravel() >= self.config.fewest)
        network.known = torch.from_numpy(known)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, of which a part is hidden in each step."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """What is hidden of the baskets, from what is not, per hidden rating; a movie that nobody rated is no rival."""
        network = cast(UserWordNetwork, network)
        x = multi_hot(batch, network.n_items)
        hidden = x * (torch.rand_like(x) < self.config.dropout)
        m = network.movies(network.texts)
        logits = network.scores(x - hidden, m, m).masked_fill(~network.known, NEVER)
        return multinomial(logits, hidden).sum() / hidden.sum().clamp(min=1)

    def settle(self, network: nn.Module) -> None:
        """Sum the words once for all."""
        network = cast(UserWordNetwork, network).eval()
        network.m.copy_(network.movies(network.texts))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """u·m + b, `[batch, n_items]`."""
        network = cast(UserWordNetwork, network)
        return network.scores(multi_hot(batch, network.n_items), network.m, network.m)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """u·m + b of the newcomers, `[batch, n_newcomers]`."""
        network = cast(UserWordNetwork, self.net)
        with torch.inference_mode():
            offered = network.movies(_Bags(weighed(catalog, words_of(catalog, newcomers))))
        return self.place_by(
            histories,
            len(newcomers),
            lambda batch: network.scores(multi_hot(batch, network.n_items), network.m, offered),
        )
