"""GRU4Rec: a recurrent network reads what you watched, one movie at a time."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class GRU4RecConfig(WindowsConfig):
    """The recurrent network's depth."""

    layers: int = Field(
        1, ge=1, le=16, description="GRU layers. Source: Hidasi et al. (2016): more than one did not help."
    )


class GRU4RecNetwork(SequenceNetwork):
    """Item vectors in, a GRU, and the same item vectors for the scores, with a bias per item."""

    def __init__(self, n_items: int, config: GRU4RecConfig) -> None:
        super().__init__(n_items, config.dim)
        self.gru = nn.GRU(config.dim, config.dim, config.layers, batch_first=True)
        self.dropout = Dropout(config.dropout)
        self.item_bias = nn.Parameter(self.items.weight.new_zeros(n_items))
        nn.init.normal_(self.items.weight[:n_items], std=config.dim**-0.5)  # of length 1, so that the gates feel them

    def forward(self, batch: Batch) -> Tensor:
        """The hidden state h_t at every rating, `[batch, length, dim]`."""
        h, _ = self.gru(self.dropout(self.items(batch.items)))
        return self.dropout(h)

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias


class GRU4Rec(SequenceRecommender):
    """h_t = GRU(E[s_t], h_{t-1}); scores E h_t + b."""

    card = ModelCard(
        name="GRU4Rec",
        family="sequential",
        block=Block.RNN,
        paper=Paper(
            authors="Hidasi, Karatzoglou, Baltrunas and Tikk",
            year=2016,
            title="Session-based Recommendations with Recurrent Neural Networks",
        ),
        sentence="Reads your ratings one after the other and keeps a memory of what they have in common.",
        ratings=RATINGS,
        departures="Softmax over the whole catalogue by default; BPR, BPR-max and TOP1-max (Hidasi and Karatzoglou 2018) are settings, "
        "with items drawn per step instead of taken from the other sessions of the batch. A whole history is one session; "
        "batches are whole histories of like length, not session-parallel; AdamW instead of Adagrad.",
        parents=("Markov", "GRU"),
        uses_order=True,
    )
    Config = GRU4RecConfig
    quick = QUICK
    config: GRU4RecConfig

    def network(self, n_items: int) -> nn.Module:
        """A new GRU."""
        return GRU4RecNetwork(n_items, self.config)
