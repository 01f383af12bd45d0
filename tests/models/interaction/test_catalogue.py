"""However a model of field interactions looks at a whole catalogue, it gives what it gives pair by pair."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from recommender.models import registry
from recommender.models.base import Recommender
from recommender.training.interaction import InteractionNetwork, InteractionRecommender
from tests.models.histories import batch_of
from tests.models.planted import Planted

FAMILY = [slug for slug in registry.names() if issubclass(registry.model_class(slug), InteractionRecommender)]


@pytest.mark.parametrize("slug", FAMILY)
def test_a_catalogue_is_its_pairs(slug: str, fitted: Callable[[str], Recommender], planted: Planted) -> None:
    model = fitted(slug)
    assert isinstance(model, InteractionRecommender)
    network, n = model.net, len(planted.catalog)
    assert isinstance(network, InteractionNetwork)
    batch = batch_of([planted.rings[0][:5], planted.rings[1][:2], [planted.blockbusters[0]]], n)
    with torch.inference_mode():
        people = network.table.people(batch, batch.mask, network.movies)
        every = network.every(people, network.movies)
        for person, row in zip(people, every, strict=True):
            pairs = network(person.expand(n, *person.shape), network.movies)
            torch.testing.assert_close(row, pairs, rtol=1e-4, atol=1e-5)
