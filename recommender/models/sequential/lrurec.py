"""LRURec: a recurrence without a nonlinearity, which training can work off all at once."""

from __future__ import annotations

import math

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.linear_recurrence import linear_recurrence
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class LRURecConfig(WindowsConfig):
    """Depth and memory."""

    blocks: int = Field(2, ge=1, le=64, description="Blocks. Source: Yue et al. (2024).")
    shortest_memory: float = Field(
        0.8, ge=0, lt=1, description="Least |λ| to begin with: how much is kept per step. Source: Yue et al. (2024)."
    )
    longest_memory: float = Field(
        0.99, gt=0, lt=1, description="Greatest |λ| to begin with. Source: Yue et al. (2024)."
    )
    widening: int = Field(
        2,
        ge=1,
        le=16,
        description="Width of the feed-forward layer over dim. Source: 4 in Yue et al. (2024); 2 for CPUs.",
    )


class LRU(nn.Module):
    """h_t = λ ⊙ h_{t-1} + γ ⊙ B x_t; y_t = Re(C h_t) (Orvieto et al. 2023). λ = exp(-exp(ν) + i exp(θ)), so |λ| < 1."""

    def __init__(self, dim: int, shortest: float, longest: float) -> None:
        super().__init__()
        u, phase = torch.rand(dim), torch.rand(dim) * 2 * math.pi
        size = (u * (longest**2 - shortest**2) + shortest**2).sqrt()  # even over the ring
        self.nu, self.theta = nn.Parameter((-size.log()).log()), nn.Parameter(phase.clamp(min=1e-3).log())
        self.gamma = nn.Parameter((1 - size**2).sqrt().log())
        self.B_real, self.B_imag = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.C_real, self.C_imag = nn.Linear(dim, dim), nn.Linear(dim, dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> the same."""
        Bx = torch.complex(self.B_real(x).float(), self.B_imag(x).float())
        decay = torch.polar((-self.nu.exp()).exp(), self.theta.exp())  # λ
        h = linear_recurrence(decay, self.gamma.exp() * Bx)
        return self.C_real(h.real.to(x)) - self.C_imag(h.imag.to(x))


class LRUBlock(nn.Module):
    """LN(x + LRU x), then LN(x + FFN x)."""

    def __init__(self, config: LRURecConfig) -> None:
        super().__init__()
        d, wide = config.dim, config.widening * config.dim
        self.lru = LRU(d, min(config.shortest_memory, config.longest_memory), config.longest_memory)
        self.norm_1, self.norm_2, self.dropout = nn.LayerNorm(d), nn.LayerNorm(d), Dropout(config.dropout)
        self.feed_forward = nn.Sequential(nn.Linear(d, wide), nn.GELU(), Dropout(config.dropout), nn.Linear(wide, d))

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> the same."""
        x = self.norm_1(x + self.dropout(self.lru(x)))
        return self.norm_2(x + self.dropout(self.feed_forward(x)))


class LRURecNetwork(SequenceNetwork):
    """Item vectors, LRU blocks, and the item table again. No positions: the recurrence knows the order."""

    def __init__(self, n_items: int, config: LRURecConfig) -> None:
        super().__init__(n_items, config.dim)
        self.norm, self.dropout = nn.LayerNorm(config.dim), Dropout(config.dropout)
        self.blocks = nn.Sequential(*(LRUBlock(config) for _ in range(config.blocks)))
        self.item_bias = ItemBias(n_items)
        nn.init.normal_(self.items.weight[:n_items], std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """What comes next, at every rating, `[batch, length, dim]`."""
        return self.blocks(self.dropout(self.norm(self.items(batch.items))))

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class LRURec(SequenceRecommender):
    """P(next = i | s_1..s_t) ∝ exp(h_t · E_i + b_i), h by linear recurrent units."""

    card = ModelCard(
        name="LRURec",
        family="sequential",
        block=Block.RNN,
        paper=Paper(
            authors="Yue, Wang, He, Zeng, McAuley and Wang",
            year=2024,
            title="Linear Recurrent Units for Sequential Recommendation",
        ),
        sentence="Keeps dozens of memories of your ratings that fade at different speeds, and updates them in one step per rating.",
        ratings=RATINGS,
        departures="All of a window is worked off at once by doubling, as in the paper's recursive parallelisation, and equal to the loop. As many "
        "memories as dimensions, not twice as many, and a narrower feed-forward layer, for CPUs. The bias starts from popularity.",
        parents=("GRU4Rec", "SASRec"),
        uses_order=True,
    )
    Config = LRURecConfig
    config: LRURecConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New recurrent units."""
        return LRURecNetwork(n_items, self.config)
