"""Attentive: a network of attention that can tell what it looked at. See `recommender.models.abilities.LooksBack`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.data import Histories
from recommender.layers.watching import rollout, watched
from recommender.training.batch import Batch, gathered
from recommender.training.config import RankingConfig
from recommender.training.recommender import TorchRecommender

ROLLOUT = (
    "The attention of all blocks multiplied together, heads averaged, with half of every block passing by unchanged "
    "(attention rollout, Abnar and Zuidema 2020)."
)


class Attentive(TorchRecommender):
    """Runs the network as `scores` does, and watches. For stacks of softmax attention nothing is to be given; others give `gaze`."""

    weights_are: ClassVar[str] = ROLLOUT
    """In plain words, for `looks`."""
    looks_share: ClassVar[bool] = True

    @property
    def looks(self) -> str:
        """What the weights are; and that they know nothing of the chain, where the config mixes one into the answer."""
        if not isinstance(self.config, RankingConfig) or not self.config.chain:
            return self.weights_are
        return (
            f"{self.weights_are} The first-order chain, {self.config.chain:.0%} of the answer, goes by the last rating alone and is "
            "not counted in."
        )

    def gaze(self, seen: list[Tensor], batch: Batch) -> Tensor:
        """The weight on each rating from what the layers offered, first block first, for a batch of one: `[length]`."""
        return rollout(seen)[0, -1]

    @torch.inference_mode()
    def looked_at(self, histories: Histories) -> NDArray[np.float32]:
        """One weight per row of `histories`; 0 where the network does not read."""
        weights, n_items = np.zeros(len(histories.items), np.float32), len(self.popular)
        rows = np.flatnonzero(~self.left_out(histories))  # in `histories`, of each row of `read`
        read = self.readable(histories)
        for end, count in zip(read.offsets[1:], np.minimum(read.lengths, self.config.max_length), strict=True):
            if count:
                batch = gathered(read, np.array([end - count]), np.array([count]), n_items)
                with watched() as seen:
                    self.scores(self.net, batch)
                weights[rows[end - count : end]] = self.gaze(seen, batch).numpy()
        return weights
