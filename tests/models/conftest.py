"""The planted world and one fitted model of each kind, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from recommender.models import registry
from recommender.models.base import Recommender
from tests.models.planted import Planted, plant


@pytest.fixture(scope="session")
def planted() -> Planted:
    """The small world that every model learns."""
    return plant()


@pytest.fixture(scope="session")
def unfitted() -> Callable[[str], Recommender]:
    """Makes a model with the settings that are quick on the planted world."""

    def make(slug: str) -> Recommender:
        cls = registry.model_class(slug)
        return cls(cls.Config(**cls.quick))

    return make


@pytest.fixture(scope="session")
def fitted(planted: Planted, unfitted: Callable[[str], Recommender]) -> Callable[[str], Recommender]:
    """A model that has learnt the planted world. Shared by all tests: never refit it."""

    @cache
    def make(slug: str) -> Recommender:
        return unfitted(slug).fit(planted.interactions, planted.catalog)

    return make
