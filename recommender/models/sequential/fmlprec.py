"""FMLP-Rec: a history as a signal, cleaned by learnable filters."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.recent import recent
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.prefixes import Prefixes
from recommender.training.presets import QUICK_PREFIXES, PrefixesConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import SequenceNetwork, SequenceRecommender


class FMLPRecConfig(PrefixesConfig):
    """The filters' length and depth."""

    dropout: float = Field(
        0.5, ge=0, lt=1, description="Share of activations put to zero in training. Source: Zhou et al. (2022)."
    )
    blocks: int = Field(2, ge=1, le=64, description="Filter blocks. Source: Zhou et al. (2022).")
    widening: int = Field(
        2,
        ge=1,
        le=16,
        description="Width of the feed-forward layer over dim. Source: 4 in Zhou et al. (2022); 2 for CPUs, not swept.",
    )


class Filter(nn.Module):
    """F̃ = W ⊙ FFT(x) along time; LN(x + Dropout(IFFT(F̃))): a circular convolution as long as the signal, one per channel."""

    def __init__(self, length: int, dim: int, dropout: float) -> None:
        super().__init__()
        self.W = nn.Parameter(0.02 * torch.randn(length // 2 + 1, dim, 2))  # real and imaginary part
        self.dropout, self.norm = Dropout(dropout), nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> the same."""
        return self.norm(x + self.dropout(self.filtered(x)))

    def filtered(self, x: Tensor) -> Tensor:
        """IFFT(W ⊙ FFT(x)), `[batch, length, dim]`."""
        spectrum = torch.fft.rfft(x.float(), dim=1, norm="ortho")  # [batch, length / 2 + 1, dim]
        clean = torch.fft.irfft(spectrum * torch.view_as_complex(self.W), n=x.shape[1], dim=1, norm="ortho")
        return clean.to(x)


class FilterBlock(nn.Module):
    """A filter, then a feed-forward layer, each with residual and norm."""

    def __init__(self, config: FMLPRecConfig) -> None:
        super().__init__()
        d, wide = config.dim, config.widening * config.dim
        self.filter = Filter(config.max_length, d, config.dropout)
        self.feed_forward = nn.Sequential(nn.Linear(d, wide), nn.GELU(), nn.Linear(wide, d), Dropout(config.dropout))
        self.norm = nn.LayerNorm(d)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, max_length, dim]` -> the same."""
        x = self.filter(x)
        return self.norm(x + self.feed_forward(x))


class FMLPRecNetwork(SequenceNetwork):
    """Items and places in, filter blocks, and the vector of the newest place."""

    def __init__(self, n_items: int, config: FMLPRecConfig) -> None:
        super().__init__(n_items, config.dim)
        self.length = config.max_length
        self.places = nn.Embedding(config.max_length, config.dim)
        self.norm, self.dropout = nn.LayerNorm(config.dim), Dropout(config.dropout)
        self.blocks = nn.Sequential(*(FilterBlock(config) for _ in range(config.blocks)))
        self.item_bias = ItemBias(n_items)
        for table in (self.items.weight[:n_items], self.places.weight):
            nn.init.normal_(table, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """The vector at the newest rating, `[batch, dim]`."""
        x = self.items(recent(batch, self.length, self.n_items)) + self.places.weight  # [batch, max_length, dim]
        return self.blocks(self.dropout(self.norm(x)))[:, -1]

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class FMLPRec(SequenceRecommender):
    """P(next = i) ∝ exp(F_n · E_i + b_i): SASRec with a learnable filter in the frequency domain in place of attention."""

    card = ModelCard(
        name="FMLP-Rec",
        family="sequential",
        block=Block.MLP,
        paper=Paper(
            authors="Zhou, Yu, Zhao and Wen",
            year=2022,
            title="Filter-enhanced MLP is All You Need for Sequential Recommendation",
        ),
        sentence="Treats your ratings like a sound wave, filters out the noise, and listens to what is left at the end.",
        ratings=RATINGS,
        departures="Softmax over the whole catalogue instead of one drawn movie, with a bias that starts from popularity. The signal is "
        "shorter and the feed-forward layer narrower, for CPUs. As in the paper, the filter is circular, so a network answers for the end "
        "of a history only.",
        parents=("SASRec",),
        uses_order=True,
    )
    Config = FMLPRecConfig
    config: FMLPRecConfig
    quick = QUICK_PREFIXES

    def network(self, n_items: int) -> nn.Module:
        """New filters."""
        return FMLPRecNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Prefixes, one target each: circular filters see the whole signal."""
        return Prefixes(histories, self.config.max_length, n_items)
