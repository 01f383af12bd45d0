"""NextItNet: a stack of convolutions that leave gaps, and so reach far back."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class NextItNetConfig(WindowsConfig):
    """How far the convolutions reach."""

    kernel: int = Field(3, ge=2, le=9, description="Taps per filter. Source: Yuan et al. (2019).")
    blocks: int = Field(
        2,
        ge=1,
        le=8,
        description="Blocks with gaps of 2^0, 2^2, 2^4, ... Source: gaps 1, 2, 4, 8 in Yuan et al. (2019), twice or more.",
    )


class CausalConvolution(nn.Module):
    """y_t = Σ_k W_k x_{t - k·gap} + b: nothing after t is read."""

    def __init__(self, dim: int, kernel: int, gap: int) -> None:
        super().__init__()
        self.reach = (kernel - 1) * gap
        self.convolution = nn.Conv1d(dim, dim, kernel, dilation=gap)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> the same."""
        return self.convolution(F.pad(x.transpose(1, 2), (self.reach, 0))).transpose(1, 2)


class ResidualBlock(nn.Module):
    """x + ReLU(LN(conv with gap 2l (ReLU(LN(conv with gap l (x)))))): the paper's block (b)."""

    def __init__(self, config: NextItNetConfig, gap: int) -> None:
        super().__init__()
        d, k = config.dim, config.kernel
        self.near, self.far = CausalConvolution(d, k, gap), CausalConvolution(d, k, 2 * gap)
        self.norm_1, self.norm_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> the same."""
        y = self.norm_1(self.near(x)).relu()
        return x + self.dropout(self.norm_2(self.far(y)).relu())


class NextItNetNetwork(SequenceNetwork):
    """Item vectors, blocks with gaps 1, 4, 16, ..., and a last layer to the item vectors."""

    def __init__(self, n_items: int, config: NextItNetConfig) -> None:
        super().__init__(n_items, config.dim)
        self.blocks = nn.Sequential(*(ResidualBlock(config, 4**number) for number in range(config.blocks)))
        self.out = nn.Linear(config.dim, config.dim)
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        nn.init.normal_(self.items.weight[:n_items], std=config.dim**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """What comes next, at every rating, `[batch, length, dim]`."""
        return self.out(self.dropout(self.blocks(self.dropout(self.items(batch.items)))))

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class NextItNet(SequenceRecommender):
    """P(next = i | s_1..s_t) ∝ exp(h_t · E_i + b_i), h by dilated causal convolutions in residual blocks."""

    card = ModelCard(
        name="NextItNet",
        family="sequential",
        block=Block.CNN,
        paper=Paper(
            authors="Yuan, Karatzoglou, Arapakis, Jose and He",
            year=2019,
            title="A Simple Convolutional Generative Network for Next Item Recommendation",
        ),
        sentence="Looks at your ratings through windows that leave gaps, twice as wide at each step, and so sees far back at little cost.",
        ratings=RATINGS,
        departures="Item vectors are read again for the scores (tied), which the paper does not do, and dropout is added: both for few people. "
        "Softmax over the whole catalogue, with a bias that starts from popularity.",
        parents=("Caser", "WaveNet"),
        uses_order=True,
    )
    Config = NextItNetConfig
    config: NextItNetConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New convolutions."""
        return NextItNetNetwork(n_items, self.config)
