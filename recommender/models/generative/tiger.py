"""TIGER: movies get words of a made-up language, and the next movie is written word by word."""

from __future__ import annotations

from functools import partial
from typing import Literal, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.layers.code_trie import CodeTrie
from recommender.layers.dropout import Dropout
from recommender.layers.item_vectors import collaborative_vectors, text_vectors
from recommender.layers.semantic_ids import residual_codes, unique_codes
from recommender.layers.transformer import TransformerBlock
from recommender.models.abilities import Written
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import NOTHING, Batch, gathered
from recommender.training.config import TrainingConfig
from recommender.training.looking import Attentive
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK

PEOPLE_AT_ONCE = 16
"""Whose trees of probabilities fit into the cache together."""


class TIGERConfig(TrainingConfig):
    """The language, its reader and its writer."""

    max_length: int = Field(
        100,
        ge=1,
        le=16_384,
        description="The last so many ratings are read. Source: our choice for CPUs, not swept; 20 in Rajput et al. (2023).",
        json_schema_extra={"unit": "ratings"},
    )
    epochs: int = Field(
        30, ge=1, le=10_000, description="Passes over the examples at most. Source: our choice for CPUs, not swept."
    )
    batch_size: int = Field(
        32,
        ge=1,
        le=65_536,
        description="Windows per step of the optimiser. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "examples"},
    )
    blocks: int = Field(
        2, ge=1, le=64, description="Transformer blocks. Source: 4 in Rajput et al. (2023); 2 for CPUs."
    )
    label_smoothing: float = Field(
        0.1,
        ge=0,
        lt=1,
        description="Share of a token's probability that is spread over its level, so that names never written in training stay "
        "possible. Source: Szegedy (2016).",
    )

    levels: int = Field(
        3,
        ge=1,
        le=8,
        description="Semantic tokens per movie; one more tells twins apart. Source: Rajput et al. (2023).",
    )
    codes: int = Field(256, ge=2, le=4_096, description="Words per level. Source: Rajput et al. (2023).")
    vectors: Literal["text", "collaborative"] = Field(
        "text",
        description="What movies with alike words have in common; without texts it is who rated them. Source: Rajput et al. (2023).",
    )


class TIGERNetwork(nn.Module):
    """A transformer reads movies as sums of their tokens' vectors; z_l = ReLU(W_l h + U_l Σ_{j<l} e_j(c_j)) writes token l."""

    def __init__(self, n_items: int, config: TIGERConfig) -> None:
        super().__init__()
        d, tokens = config.dim, config.levels + 1
        self.register_buffer("codes", torch.zeros(n_items, tokens, dtype=torch.long))
        self.codes: Tensor
        self.trie = CodeTrie(n_items, tokens)
        self.e = nn.Parameter(0.1 * torch.randn(tokens, config.codes, d))
        self.positions = nn.Embedding(config.max_length, d)
        self.dropout, self.norm = Dropout(config.dropout), nn.LayerNorm(d)
        self.blocks = nn.Sequential(
            *(TransformerBlock(d, 1, 2, config.dropout, causal=True) for _ in range(config.blocks))
        )
        self.W = nn.ModuleList(nn.Linear(d, d) for _ in range(tokens))
        self.U = nn.ModuleList(nn.Linear(d, d, bias=False) for _ in range(tokens))
        self.out = nn.Parameter(d**-0.5 * torch.randn(tokens, config.codes, d))
        self.out_bias = nn.Parameter(torch.zeros(tokens, config.codes))
        nn.init.normal_(self.positions.weight, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """h, what comes next, at every rating, `[batch, length, dim]`."""
        codes = self.codes[batch.items.clamp(max=len(self.codes) - 1)]  # [batch, length, tokens]
        x = self.written(codes) + self.positions.weight[: codes.shape[1]]
        return self.norm(self.blocks(self.dropout(x)))

    def written(self, codes: Tensor) -> Tensor:
        """Σ_j e_j(c_j) of the tokens so far, `[..., tokens]` -> `[..., dim]`."""
        levels = range(codes.shape[-1])
        return torch.stack([self.e[level][codes[..., level]] for level in levels]).sum(dim=0)

    def hidden(self, level: int, h: Tensor, before: Tensor) -> Tensor:
        """z of a token, `[.., dim]`; `before` are the tokens already written, `[.., level]`."""
        said = self.U[level](self.written(before)) if level else 0
        return (self.W[level](h) + said).relu()

    def edges(self, h: Tensor, level: int, example: Tensor, family: Tensor, token: Tensor) -> Tensor:
        """Scores of the trie's edges for people `h` `[batch, dim]`: `[batch, edges]`. See `CodeTrie`."""
        z = self.hidden(level, h[:, None], self.codes[example, :level])  # [batch, families, dim]
        scores = z @ self.out[level].T + self.out_bias[level]  # [batch, families or 1, codes]
        at = family * scores.shape[-1] + token
        return scores.expand(-1, len(example), -1).flatten(1)[:, at]


class TIGER(Attentive):
    """P(next = i) = Π_l P(c_l(i) | c_<l(i), history) over the tokens c of the movie's semantic id."""

    card = ModelCard(
        name="TIGER",
        family="generative",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Rajput, Mehta, Singh, Keshavan, Vu, Heldt, Hong, Tay, Tran, Samost, Kula, Chi and Sathiamoorthy",
            year=2023,
            title="Recommender Systems with Generative Retrieval",
        ),
        sentence="Gives every movie a name of four made-up words, alike where movies are alike, and writes the name of your next one.",
        ratings=RATINGS,
        departures="Names come from residual k-means instead of RQ-VAE, over latent semantic analysis of title, genres and people instead of "
        "Sentence-T5, so that nothing needs downloading; without texts, over who rated what. The reader sees a movie as one sum of "
        "its tokens' vectors, and the writer is one hidden layer per token instead of a transformer, so that all movies are ranked in "
        "milliseconds; no token for the person. Probabilities are shared out among real names only. Movies that nobody rated are named but not "
        "recommended: the paper mixes them in by a fixed share.",
        parents=("SASRec", "T5"),
        side_information=("title", "year", "plot", "genres", "directors", "writers", "cast"),
        uses_order=True,
    )
    Config = TIGERConfig
    config: TIGERConfig
    quick = QUICK | {"codes": 8, "dropout": 0.1, "epochs": 60}

    def network(self, n_items: int) -> nn.Module:
        """A new reader and writer, without a language yet."""
        return TIGERNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Make the language."""
        network, config, n_items = cast(TIGERNetwork, network), self.config, len(catalog)
        if config.vectors == "text" and catalog.frame["genres"].drop_nulls().len():
            vectors = text_vectors(catalog, config.dim, config.seed)
        else:
            vectors = collaborative_vectors(histories, n_items, config.dim, config.seed)
        codes = unique_codes(residual_codes(vectors, config.levels, config.codes, config.seed), config.codes)
        network.codes = torch.from_numpy(codes)
        network.trie.grow(codes)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean of -ln P over all tokens of the next movies, each against all words of its level."""
        network = cast(TIGERNetwork, network)
        assert batch.targets is not None
        asked = batch.targets != NOTHING
        h, codes = network(batch)[asked], network.codes[batch.targets[asked]]  # [n, dim], [n, tokens]
        losses = []
        for level in range(codes.shape[1]):
            z = network.dropout(network.hidden(level, h, codes[:, :level]))
            logits = z @ network.out[level].T + network.out_bias[level]  # [n, codes]
            losses.append(F.cross_entropy(logits.float(), codes[:, level], label_smoothing=self.config.label_smoothing))
        return torch.stack(losses).sum()

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """ln P of every movie, `[batch, n_items]`."""
        network = cast(TIGERNetwork, network)
        h = batch.last(network(batch))  # [batch, dim]
        return torch.cat([_levels(network, some)[-1] for some in torch.split(h, PEOPLE_AT_ONCE)])

    @torch.inference_mode()
    def write(self, histories: Histories, k: int = 10, width: int = 50) -> list[list[Written]]:
        """What is written for each person: up to `k` movies that they have not rated, found by a beam of `width` beginnings.

        Most probable first, token by token; an empty list for somebody of whom nothing can be read.
        """
        network, read = cast(TIGERNetwork, self.net), self.readable(histories)
        return [
            self._written(network, read.select([person]), set(histories.select([person]).items.tolist()), k, width)
            for person in range(len(read))
        ]

    def names(self) -> NDArray[np.int64]:
        """The tokens of every movie's name, `[n_items, tokens]`."""
        return cast(TIGERNetwork, self.net).codes.numpy()

    def _written(self, network: TIGERNetwork, read: Histories, seen: set[int], k: int, width: int) -> list[Written]:
        length = np.minimum(read.lengths, self.config.max_length)
        if not length[0]:
            return []
        batch = gathered(read, read.offsets[1:] - length, length, len(self.popular))
        h = batch.last(network(batch))  # [1, dim]
        found = network.trie.beam(partial(network.edges, h), width + len(seen)).tolist()
        new = [item for item in found if item not in seen and self.known[item]][:k]
        upto = torch.stack(_levels(network, h))[:, 0, new]  # [tokens, k]
        steps = upto.diff(dim=0, prepend=torch.zeros_like(upto[:1])).T.tolist()
        names = network.codes[new].tolist()
        return [Written(*each) for each in zip(new, map(tuple, names), map(tuple, steps), strict=True)]


def _levels(network: TIGERNetwork, h: Tensor) -> list[Tensor]:
    """ln P of every movie's name, up to each token, for people `h` `[batch, dim]`."""
    return network.trie.log_probabilities(partial(network.edges, h), len(h))
