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
        every = network.every(batch)
        for person, row in enumerate(every):
            who, which = torch.full((n,), person), torch.arange(n)
            torch.testing.assert_close(row, network.logits(batch, batch.mask, who, which), rtol=1e-4, atol=1e-5)
