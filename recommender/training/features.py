"""FeatureRecommender: networks that read what a movie is, and so place movies that nobody rated."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from recommender.data import Catalog, Interactions
from recommender.features.config import TextConfig
from recommender.features.newcomers import texts_of
from recommender.features.texts import embed
from recommender.models.base import Progress
from recommender.training.config import TrainingConfig
from recommender.training.recommender import TorchRecommender


class FeaturesConfig(TrainingConfig, TextConfig):
    """Training, and how texts become vectors."""


class FeatureRecommender(TorchRecommender):
    """Embeds the movies' texts before it trains; `prepare` finds them in `texts`. Everything else is as in `TorchRecommender`."""

    Config: ClassVar[type[FeaturesConfig]] = FeaturesConfig
    config: FeaturesConfig

    texts: Tensor
    """Of every movie, float32 `[n_items, WIDTH]`; only while it is fitted."""

    def newcomers_texts(self, catalog: Catalog, newcomers: Catalog, trained: Tensor) -> Tensor:
        """For `place`: texts of newcomers `[n_newcomers, WIDTH]` on the scale of `trained`, those of `catalog` that the network holds.

        Raises MarqueeError when the encoder that it was trained with is not installed.
        """
        found = texts_of(catalog, newcomers, self.config.text, self.config.seed, trained.numpy())
        return torch.from_numpy(found) * trained.norm(dim=1).max()

    def _fit(
        self,
        interactions: Interactions,
        catalog: Catalog,
        progress: Progress,
        before: TorchRecommender | None = None,
    ) -> None:
        def watch(done: int, total: int) -> None:
            progress(0, 1, {"texts": float(done), "of": float(total)})

        self.texts = torch.from_numpy(np.array(embed(catalog, self.config.text, self.config.seed, watch)))
        super()._fit(interactions, catalog, progress, before)
        del self.texts
