"""Models that look at candidates alone, and models of vectors: the same answers as for the whole catalogue."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from recommender.data import Histories
from recommender.models import registry
from recommender.models.abilities import Points, ScoresCandidates
from recommender.models.base import Recommender
from tests.models.planted import Planted, history

Models = Callable[[str], Recommender]
CANDIDATES = [name for name in registry.names() if hasattr(registry.model_class(name), "score_candidates")]
VECTORS = [name for name in registry.names() if hasattr(registry.model_class(name), "person_vectors")]


def people(planted: Planted) -> Histories:
    """Two tastes, a dislike, and somebody new."""
    one, other = planted.rings[0][:4], planted.rings[1][:3]
    return Histories.of([history(one), history([]), history([*other, one[0]], [5.0, 4.0, 4.5, 1.0])])


def test_who_can() -> None:
    assert {"fm", "deepfm", "dcnv2", "din"} <= set(CANDIDATES)
    assert "twotower" in VECTORS


@pytest.mark.parametrize("slug", CANDIDATES)
def test_candidates_get_their_columns_of_the_whole(slug: str, fitted: Models, planted: Planted) -> None:
    """In any order, for people with and without a history; what nobody rated stands below what the model knows."""
    model, asked = fitted(slug), people(planted)
    assert isinstance(model, ScoresCandidates)
    met = np.bincount(planted.interactions.item, minlength=len(planted.catalog)) > 0
    items = np.random.default_rng(0).permutation(np.flatnonzero(met))[:9]
    whole = model.score(asked)
    scores = model.score_candidates(asked, items)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, whole[:, items], rtol=1e-4, atol=1e-5 * np.abs(whole).max())
    unmet = int(np.flatnonzero(~met)[0])
    with_stranger = model.score_candidates(asked, np.array([unmet, *items]))
    for person in range(3):
        order = np.argsort(-whole[person][[unmet, *items]], kind="stable")
        np.testing.assert_array_equal(np.argsort(-with_stranger[person], kind="stable")[:5], order[:5])


@pytest.mark.parametrize("slug", VECTORS)
def test_products_of_vectors_are_the_scores(slug: str, fitted: Models, planted: Planted) -> None:
    """For everybody of whom something can be read; nothing else points anywhere."""
    model, asked = fitted(slug), people(planted)
    assert isinstance(model, Points)
    persons, movies = model.person_vectors(asked), model.item_vectors()
    assert movies.shape == (len(planted.catalog), persons.shape[1])
    np.testing.assert_allclose((persons @ movies.T)[[0, 2]], model.score(asked)[[0, 2]], rtol=1e-4, atol=1e-5)
    assert not persons[1].any()
