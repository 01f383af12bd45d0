"""What stars say to the models that know only "more" and "less"."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Histories
from recommender.layers import preference
from recommender.models import registry

PEOPLE = [[0, 1, 2], [0, 1, 3], [2, 3, 4], [0, 2, 4]]


def test_weights() -> None:
    stars = np.array([0.5, 1, 2, 2.5, 3, 5], np.float32)
    assert np.allclose(preference.weights(stars), [-0.3, -0.3, -0.3, 0, 1, 1])


@pytest.mark.parametrize("slug", ["bpr", "ease", "ials", "itemknn"])
def test_a_neutral_rating_is_as_good_as_none(world, slug: str) -> None:
    model = registry.model_class(slug)().fit(*world(PEOPLE, 5))
    neutral, nothing = model.score(Histories.of([([1, 3], [2.5, 2.5], [0, 1]), ((), (), ())]))
    assert np.array_equal(neutral, nothing)


@pytest.mark.parametrize("slug", ["ease", "itemknn"])
def test_a_dislike_is_a_small_negative_like(world, slug: str) -> None:
    model = registry.model_class(slug)().fit(*world(PEOPLE, 5))
    liked, disliked = model.score(Histories.of([([1], [5], [0]), ([1], [1], [0])]))
    assert np.allclose(disliked, preference.DISLIKE * liked, atol=1e-5)
