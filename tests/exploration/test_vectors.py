"""Vectors and rewards: the model's own where it has some."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data.sources import load
from recommender.exploration.reward import expected, of_stars
from recommender.exploration.vectors import DIM, house_vectors, own_vectors, unit
from recommender.models import registry
from tests.models.planted import plant


@pytest.mark.parametrize("slug", ["ials", "bpr", "gru4rec"])
def test_a_model_with_vectors_gives_its_own(slug: str) -> None:
    planted, cls = plant(), registry.model_class(slug)
    model = cls(cls.Config(**cls.quick)).fit(planted.interactions, planted.catalog)
    found = own_vectors(model)
    assert found is not None
    assert found.shape[0] == len(planted.catalog)
    rated = np.unique(planted.interactions.item)
    assert np.linalg.norm(found[rated], axis=1) == pytest.approx(np.ones(len(rated)), abs=1e-5)
    same = found[planted.rings[0]] @ found[planted.rings[0]].T
    other = found[planted.rings[0]] @ found[planted.rings[1]].T
    assert same.mean() > other.mean() + 0.2, "movies of one taste lie together"


def test_a_model_without_vectors_has_none() -> None:
    planted = plant()
    assert own_vectors(registry.model_class("markov")().fit(planted.interactions, planted.catalog)) is None


def test_the_houses_vectors_are_who_rated_and_what_it_is_about() -> None:
    planted = plant()
    found = house_vectors(planted.interactions, planted.catalog)
    assert found.shape == (len(planted.catalog), 2 * DIM)
    assert found[planted.cold[0]] @ found[planted.rings[0][0]] > 0.3, "a movie that nobody rated is known by its text"
    assert np.isfinite(found).all()


def test_rows_of_nothing_stay_nothing() -> None:
    assert unit(np.array([[3, 4], [0, 0]], np.float32)).tolist() == [pytest.approx([0.6, 0.8]), [0, 0]]


def test_rewards() -> None:
    assert of_stars([0.5, 2.75, 5]) == pytest.approx([0, 0.5, 1])
    data = load("embedded")
    crowd = expected(data.interactions, len(data.catalog))
    assert ((crowd > 0) & (crowd < 1)).all()
    unrated = np.bincount(data.interactions.item, minlength=len(data.catalog)) == 0
    assert np.ptp(crowd[unrated]) == pytest.approx(0, abs=1e-12) if unrated.any() else True
