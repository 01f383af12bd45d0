"""However a model of field interactions looks at a whole catalogue, it gives what it gives pair by pair."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import torch

from recommender.data import Histories
from recommender.models import registry
from recommender.models.base import Recommender
from recommender.models.interaction import dien
from recommender.models.multi_objective import dmt
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_network import InteractionNetwork
from tests.models.histories import batch_of
from tests.models.planted import Planted, history

FAMILY = [slug for slug in registry.names() if issubclass(registry.model_class(slug), InteractionRecommender)]


@pytest.mark.parametrize("slug", FAMILY)
def test_a_catalogue_is_its_pairs(slug: str, fitted: Callable[[str], Recommender], planted: Planted) -> None:
    model = fitted(slug)
    assert isinstance(model, InteractionRecommender)
    compare(model, planted)


@pytest.mark.parametrize("slug", FAMILY)
def test_where_stars_are_read_a_dislike_moves_the_list_and_a_catalogue_is_its_pairs(
    slug: str, planted: Planted
) -> None:
    cls = registry.model_class(slug)
    config = cls.Config.model_validate(
        cls.quick | {"epochs": 2, "reads_stars": True, "liked_from": 4.0, "negatives": 0}
    )
    model = cls(config).fit(planted.interactions, planted.catalog)
    assert isinstance(model, InteractionRecommender)
    compare(model, planted)
    liked, disliked, alone = (
        history(planted.rings[0][: len(stars)], stars) for stars in ([5.0, 5.0], [5.0, 0.5], [5.0])
    )
    scores = model.score(Histories.of([liked, disliked, alone]))
    told = [not np.allclose(scores[a], scores[b], atol=1e-6) for a, b in ((0, 1), (1, 2))]
    assert told == [model.card.personal] * 2


@pytest.mark.parametrize(("slug", "module"), [("dien", dien), ("dmt", dmt)])
def test_in_parts_a_catalogue_is_its_pairs(
    slug: str,
    module: ModuleType,
    fitted: Callable[[str], Recommender],
    planted: Planted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted world has fewer movies than are looked at together, so here they are few."""
    monkeypatch.setattr(module, "TOGETHER", 7)
    model = fitted(slug)
    assert isinstance(model, InteractionRecommender)
    compare(model, planted)


@pytest.mark.parametrize("depth", [1, 3])
def test_xdeepfm_of_any_depth_looks_at_a_catalogue_as_at_its_pairs(depth: int, planted: Planted) -> None:
    cls = registry.model_class("xdeepfm")
    model = cls(cls.Config.model_validate({**cls.quick, "epochs": 1, "depth": depth}))
    trained = model.fit(planted.interactions, planted.catalog)
    assert isinstance(trained, InteractionRecommender)
    compare(trained, planted)


def compare(model: InteractionRecommender, planted: Planted) -> None:
    """Everything, and pair by pair."""
    network, n = model.net, len(planted.catalog)
    assert isinstance(network, InteractionNetwork)
    batch = batch_of([planted.rings[0][:5], planted.rings[1][:2], [planted.blockbusters[0]]], n)
    with torch.inference_mode():
        every = network.every(batch)
        for person, row in enumerate(every):
            who, which = torch.full((n,), person), torch.arange(n)
            torch.testing.assert_close(row, network.logits(batch, batch.mask, who, which), rtol=1e-4, atol=1e-5)
