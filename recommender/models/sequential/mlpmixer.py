"""MLP-Mixer for sequences: plain layers along time, plain layers across dimensions, and nothing else."""

from __future__ import annotations

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


class MLPMixerConfig(PrefixesConfig):
    """Depth and width of the mixers."""

    blocks: int = Field(2, ge=1, le=64, description="Mixer layers. Source: Li et al. (2022), 1 to 8.")
    widening: int = Field(
        2,
        ge=1,
        le=16,
        description="Width of a mixer's hidden layer over its input. Source: our choice for CPUs, not swept.",
    )


class Mixer(nn.Module):
    """W_2 GELU(W_1 x), along the last dimension."""

    def __init__(self, width: int, widening: int, dropout: float) -> None:
        super().__init__()
        self.W_1, self.W_2 = nn.Linear(width, widening * width), nn.Linear(widening * width, width)
        self.gelu, self.dropout = nn.GELU(), Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """`[.., width]` -> the same."""
        return self.dropout(self.W_2(self.gelu(self.W_1(x))))


class MixerBlock(nn.Module):
    """The sequence mixer mixes places, the same in every channel; the channel mixer mixes channels, the same at every place."""

    def __init__(self, config: MLPMixerConfig) -> None:
        super().__init__()
        d = config.dim
        self.norm_1, self.norm_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.sequence = Mixer(config.max_length, config.widening, config.dropout)
        self.channel = Mixer(d, config.widening, config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, max_length, dim]` -> the same."""
        x = x + self.sequence(self.norm_1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.channel(self.norm_2(x))


class MLPMixerNetwork(SequenceNetwork):
    """Item vectors of the last places, mixer layers, and the vector of the newest place."""

    def __init__(self, n_items: int, config: MLPMixerConfig) -> None:
        super().__init__(n_items, config.dim)
        self.length = config.max_length
        self.dropout, self.norm = Dropout(config.dropout), nn.LayerNorm(config.dim)
        self.blocks = nn.Sequential(*(MixerBlock(config) for _ in range(config.blocks)))
        self.item_bias = ItemBias(n_items)
        nn.init.normal_(self.items.weight[:n_items], std=config.dim**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """The vector at the newest rating, `[batch, dim]`."""
        x = self.dropout(self.items(recent(batch, self.length, self.n_items)))  # [batch, max_length, dim]
        return self.norm(self.blocks(x)[:, -1])

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class MLPMixer(SequenceRecommender):
    """P(next = i) ∝ exp(x_n · E_i + b_i), x by sequence and channel mixers in turn: MLP4Rec, for movies known by their id alone."""

    card = ModelCard(
        name="MLP-Mixer",
        family="sequential",
        block=Block.MLP,
        paper=Paper(
            authors="Li, Zhao, Lyu, Zhao, Wu and Guo",
            year=2022,
            title="MLP4Rec: A Pure MLP Architecture for Sequential Recommendations",
        ),
        sentence="Stirs your last twenty movies with plain layers, once along time and once across their traits, and has no attention at all.",
        ratings=RATINGS,
        departures="This is MLP4Rec without its third mixer, over features, since no features are read. Softmax over the whole catalogue instead "
        "of one drawn movie, with a bias that starts from popularity.",
        parents=("MLP", "SASRec"),
        uses_order=True,
    )
    Config = MLPMixerConfig
    config: MLPMixerConfig
    quick = QUICK_PREFIXES

    def network(self, n_items: int) -> nn.Module:
        """New mixers."""
        return MLPMixerNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Prefixes, one target each: the sequence mixer sees all places."""
        return Prefixes(histories, self.config.max_length, n_items)
