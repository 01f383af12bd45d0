"""SASRec: self-attention over what you watched, in order."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor, nn

from recommender.layers.attention import SelfAttention
from recommender.layers.dropout import Dropout
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.looking import Attentive
from recommender.training.presets import AttentionConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class SASRecConfig(AttentionConfig):
    """The transformer's size; all that a stack of attention has."""

    chain: float = Field(
        0.3,
        ge=0,
        lt=1,
        description="Share of the first-order chain in the answer, P = (1 - chain) softmax + chain Markov; the network is trained "
        "without it. Source: validation on the embedded data; 0 is the paper's.",
    )


class AttentionBlock(nn.Module):
    """x + Attention(LN x), then x + FFN(LN x); queries are normalised, keys and values are not, as in the authors' code."""

    def __init__(self, config: SASRecConfig) -> None:
        super().__init__()
        d = config.dim
        self.norm_1, self.norm_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.attention = SelfAttention(d, config.heads)
        self.feed_forward = nn.Sequential(nn.Linear(d, d), nn.ReLU(), Dropout(config.dropout), nn.Linear(d, d))
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """`[batch, length, dim]` -> the same."""
        q = self.norm_1(x)
        x = q + self.dropout(self.attention(q, x))
        y = self.norm_2(x)
        return y + self.dropout(self.feed_forward(y))


class SASRecNetwork(SequenceNetwork):
    """Items and positions in, blocks, a last norm; the item table is read again for the scores."""

    def __init__(self, n_items: int, config: SASRecConfig) -> None:
        super().__init__(n_items, config.dim)
        self.positions = nn.Embedding(config.max_length, config.dim)
        self.dropout = Dropout(config.dropout)
        self.blocks = nn.Sequential(*(AttentionBlock(config) for _ in range(config.blocks)))
        self.norm = nn.LayerNorm(config.dim)
        for table in (self.items, self.positions):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        """What comes next, at every rating, `[batch, length, dim]`."""
        d, length = self.items.embedding_dim, batch.items.shape[1]
        x = self.items(batch.items) * d**0.5 + self.positions.weight[:length]  # [batch, length, dim]
        return self.norm(self.blocks(self.dropout(x)))


class SASRec(Attentive, SequenceRecommender):
    """P(next = i | s_1..s_t) ∝ exp(F_t · M_i): F_t from causal self-attention over the item vectors M and positions P."""

    card = ModelCard(
        name="SASRec",
        family="sequential",
        block=Block.ATTENTION,
        paper=Paper(authors="Kang and McAuley", year=2018, title="Self-Attentive Sequential Recommendation"),
        sentence="Reads your ratings in order and decides by itself which of them matter for what comes next.",
        ratings=RATINGS,
        departures="Trained against the whole catalogue by softmax instead of one drawn movie (Klenitskiy and Vasilev 2023); gBCE "
        "and BCE are settings. Positions count from the start of what is read, histories are filled up on the right, and longer ones "
        "are cut into windows so that every rating trains. No dropout inside of the attention weights. Three tenths "
        "of the answer come from a first-order chain (the setting chain; 0 is the paper), since few people teach a network little of pairs.",
        parents=("GRU4Rec", "Transformer"),
        uses_order=True,
    )
    Config = SASRecConfig
    quick = QUICK
    config: SASRecConfig

    def network(self, n_items: int) -> nn.Module:
        """A new transformer."""
        return SASRecNetwork(n_items, self.config)
