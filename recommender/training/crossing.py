"""CrossingRecommender: an interaction model that can tell, for one person and one movie, how strongly each two fields meet."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.data import Histories
from recommender.features.items import COLUMNS
from recommender.training.batch import gathered
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_network import InteractionNetwork

PERSON_NAMES = ("your movies", *(f"your {name}" for name in COLUMNS), "how many you rated")
MOVIE_NAMES = ("this movie", *(f"its {name}" for name in COLUMNS))


class CrossingRecommender(InteractionRecommender):
    """See `recommender.models.abilities.Crosses`. A model gives `meetings` of its network."""

    crossing: ClassVar[str]
    signed: ClassVar[bool] = True
    fields = PERSON_NAMES, MOVIE_NAMES

    @abstractmethod
    def meetings(self, network: nn.Module, person: Tensor, movie: Tensor) -> Tensor:
        """How strongly fields meet, `[n, fields, fields]`, of `person` `[n, person_fields, width]` and `movie` `[n, movie_fields, width]`."""

    @torch.inference_mode()
    def crossings(self, histories: Histories, item: int) -> NDArray[np.float32]:
        """`[batch, fields, fields]`, the person's fields first; zeros for those of whom nothing can be read."""
        network, n_items = cast(InteractionNetwork, self.net), len(self.popular)
        read = self.readable(histories)
        lengths = np.minimum(read.lengths, self.config.max_length)
        some = np.flatnonzero(lengths)
        size = len(PERSON_NAMES) + len(MOVIE_NAMES)
        found = np.zeros((len(read), size, size), np.float32)
        if len(some):
            batch = gathered(read, read.offsets[1:][some] - lengths[some], lengths[some], n_items)
            people, _ = network.people(batch, batch.mask, network.movies)
            movie = network.movies[[item] * len(some), :, :-1]
            found[some] = self.meetings(network, people.fields, movie).numpy()
        return found


def apart(products: Tensor) -> Tensor:
    """Without what each field would say to itself, `[n, fields, fields]`."""
    return products - torch.diag_embed(products.diagonal(dim1=1, dim2=2))
