"""InteractionRecommender: models that look at one person and one movie at a time, field by field, and say yes or no."""

from __future__ import annotations

from typing import ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.items import features
from recommender.layers.preference import NEUTRAL
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.interaction_config import InteractionConfig
from recommender.training.interaction_network import InteractionNetwork
from recommender.training.recommender import TorchRecommender

FEWEST = 2
"""Movies that must share a value for it to have a vector: a value of one movie alone says nothing of any other."""


class InteractionRecommender(TorchRecommender):
    """P(yes | person, movie) = σ(b + Σ w_f + what the fields say together). A part of each history is hidden and guessed from the rest."""

    Config: ClassVar[type[InteractionConfig]] = InteractionConfig
    config: InteractionConfig

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Declare the fields: the features of the catalogue, as the app shows them."""
        network = cast(InteractionNetwork, network)
        shared = [
            feature.matrix.tocsc()[:, feature.matrix.sum(axis=0) >= FEWEST].tocsr() for feature in features(catalog)
        ]
        network.table.describe(shared, std=self.config.dim**-0.5 / 4)
        with torch.no_grad():
            for vectors in network.table.vectors:
                vectors[:, -1] = 0

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, of which a part is hidden in each step."""
        return Baskets(histories, self.config.max_length, n_items, mixed=self.config.reads_stars)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean cross-entropy of the hidden ratings and of drawn movies."""
        network = cast(InteractionNetwork, network)
        hidden = (torch.rand(batch.items.shape, device=batch.items.device) < self.config.dropout) & batch.mask
        who, which, yes = self.pairs(batch, hidden, len(network.movies))
        logits = network.logits(batch, self.left_to_read(batch, hidden), who, which)
        return F.binary_cross_entropy_with_logits(logits, yes) if len(yes) else logits.sum()

    def reads(self, batch: Batch) -> Tensor:
        """Which ratings of a training batch a network reads unless they are hidden, `[batch, length]`."""
        return batch.mask & (self.config.reads_stars | (batch.ratings >= NEUTRAL))

    def left_to_read(self, batch: Batch, hidden: Tensor) -> Tensor:
        """Which ratings are read in this step, `[batch, length]`: of some people none."""
        read = self.reads(batch) & ~hidden
        if self.config.newcomers:
            read &= torch.rand(len(read), 1, device=read.device) >= self.config.newcomers
        return read

    def left_out(self, histories: Histories) -> NDArray[np.bool_]:
        """Dislikes, unless stars are read, and movies never met in training, one per row of `histories`."""
        return ~self.known[histories.items] if self.config.reads_stars else super().left_out(histories)

    def pairs(self, batch: Batch, hidden: Tensor, n_items: int) -> tuple[Tensor, Tensor, Tensor]:
        """Who, which movie, and 1 for a yes, `[n]` each: some of the hidden ratings, and drawn movies that they have not rated, each a no."""
        at = hidden.nonzero()
        person, place = at[torch.randperm(len(at), device=at.device)[: self.config.targets]].unbind(dim=1)
        yes = (batch.ratings[person, place] >= self.config.liked_from).float()
        asked = person.repeat_interleave(self.config.negatives)
        drawn = torch.randint(n_items, asked.shape, device=at.device)
        fresh = multi_hot(batch, n_items)[asked, drawn] == 0
        return (
            torch.cat([person, asked[fresh]]),
            torch.cat([batch.items[person, place], drawn[fresh]]),
            torch.cat([yes, yes.new_zeros(int(fresh.sum()))]),
        )

    def settle(self, network: nn.Module) -> None:
        """The movies' fields."""
        network = cast(InteractionNetwork, network)
        network.movies.copy_(network.table())

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """Logits, `[batch, n_items]`."""
        return cast(InteractionNetwork, network).every(batch)

    def score_candidates(self, histories: Histories, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Logits of some movies `[n]` alone, pair by pair, `[batch, n]`."""
        network, which = cast(InteractionNetwork, self.net), torch.from_numpy(np.asarray(items, np.int64))
        return self._each(
            histories,
            lambda batch: network.some(batch, which),
            self.popular[items],
            self.known[items],
            torch.device("cpu"),
        )
