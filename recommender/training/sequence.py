"""SequenceRecommender: models that turn a history into a vector and take the items whose vectors lie nearest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.data import Catalog, Histories
from recommender.layers.chain import Chain
from recommender.training.batch import NOTHING, Batch
from recommender.training.config import RankingConfig
from recommender.training.objective import catalogue_loss
from recommender.training.recommender import TorchRecommender

QUICK = {"dim": 32, "max_length": 16, "epochs": 30, "batch_size": 32, "learning_rate": 0.01, "validation_people": 0}
"""Settings with which a small network learns the planted world of the contract test in about a second."""


class SequenceNetwork(nn.Module):
    """A network with a table of item vectors. Row `n_items` of `items` is the filling; it stays zero."""

    def __init__(self, n_items: int, dim: int) -> None:
        super().__init__()
        self.n_items = n_items
        self.items = nn.Embedding(n_items + 1, dim, padding_idx=n_items)
        self.register_buffer("counts", torch.zeros(n_items))
        self.counts: Tensor
        self.chain = Chain(n_items)

    def forward(self, batch: Batch) -> Tensor:
        """The vector to hold against the items, at every rating `[batch, length, dim]`, or per history `[batch, dim]`."""
        raise NotImplementedError

    def table(self) -> Tensor:
        """The items' vectors, `[n_items, dim]`: those that are read, unless a model keeps others (tied weights)."""
        return self.items.weight[: self.n_items]

    def bias(self) -> Tensor | None:
        """A score of each item for everybody, `[n_items]`; none, unless a model has one."""
        return None


class SequenceRecommender(TorchRecommender):
    """Gives `loss` and `scores` to every model whose network is a `SequenceNetwork`. The config names the loss."""

    Config: ClassVar[type[RankingConfig]] = RankingConfig
    config: RankingConfig

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Let the network know how often each item was rated, for drawing items by popularity, and who follows whom."""
        network = cast(SequenceNetwork, network)
        counts = np.bincount(histories.items, minlength=len(catalog))
        network.counts = torch.from_numpy(counts.astype(np.float32))
        if self.config.chain:
            network.chain.count(histories)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The loss that the config names, at every rating that has a target."""
        network = cast(SequenceNetwork, network)
        assert batch.targets is not None
        states, asked = (
            network(batch),
            batch.targets != NOTHING,
        )  # [batch, length, dim] and [batch, length], or without length
        return catalogue_loss(
            self.config, states[asked], batch.targets[asked], network.table(), network.bias(), network.counts
        )

    def asked(self, network: nn.Module, batch: Batch) -> Batch:
        """What the network is shown when it answers: the batch, unless a model adds to it."""
        return batch

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """The vector at the last rating against all items, mixed with the chain if the config says so, `[batch, n_items]`."""
        network = cast(SequenceNetwork, network)
        shown = self.asked(network, batch)
        states = network(shown)
        if states.dim() == 3:
            states = shown.last(states)
        scores = states @ network.table().T
        bias = network.bias()
        scores = scores if bias is None else scores + bias
        newest = batch.items[torch.arange(len(batch.items), device=batch.items.device), batch.lengths - 1]
        return network.chain.mixed(scores, newest, self.config.chain) if self.config.chain else scores

    def item_vectors(self) -> NDArray[np.float32]:
        """What a history's vector is held against, `[n_items, dim]`."""
        with torch.inference_mode():
            return cast(SequenceNetwork, self.net).table().numpy()

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """As every network. Weights that were learned without the chain cannot answer with it."""
        if self.config.chain and "net.chain.offsets" not in state:
            raise ValueError("weights of another network: the chain is missing")
        super().restore(state)
