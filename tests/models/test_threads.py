"""Two threads give the numbers that two threads gave before: gradients are added up in one order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from recommender.models import registry
from tests.models.planted import Planted


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
@pytest.mark.parametrize("slug", [*registry.matching("interaction"), *registry.matching("multi_objective"), "twotower"])
def test_the_same_seed_gives_the_very_same_scores_on_two_threads(slug: str, planted: Planted) -> None:
    cls = registry.model_class(slug)

    def learned() -> NDArray[np.float32]:
        model = cls(cls.Config.model_validate({**cls.quick, "epochs": 5}))
        return model.fit(planted.interactions, planted.catalog).score(planted.histories())

    np.testing.assert_array_equal(learned(), learned())
