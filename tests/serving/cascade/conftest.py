"""A house in which hand-made models sit in the seats of real ones: every number can be worked out on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.models import registry
from recommender.models.base import ModelCard, Progress, Recommender, silent
from recommender.serving.answers import Person, Served
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.cascade.plan import Plan
from recommender.serving.engine import Engine

N = 12
Hook = Callable[[], object]


class HandMade(Recommender):
    """Scores that were written down; `before` is called first, and may fail or wait."""

    def __init__(self, card: ModelCard, row: NDArray[np.float32], before: Hook = lambda: None) -> None:
        super().__init__()
        self.card, self.row, self.before = card, row, before  # type: ignore[misc]

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        self.before()
        return np.repeat(self.row[None], len(histories), axis=0)

    def state(self) -> dict[str, NDArray[Any]]:
        return {}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        pass


class OfCandidates(HandMade):
    """One that looks at candidates alone, and remembers how many it was asked about."""

    asked: int = 0

    def score_candidates(self, histories: Histories, items: NDArray[np.integer]) -> NDArray[np.float32]:
        self.before()
        self.asked += len(items)
        return self.row[None, items]

    def score(self, histories: Histories) -> NDArray[np.float32]:
        raise AssertionError("nobody needs the whole catalogue")


@pytest.fixture
def catalog() -> Catalog:
    """Twelve movies, a year after the other; even ones are dramas, odd ones comedies."""
    genres = [["Drama"] if item % 2 == 0 else ["Comedy"] for item in range(N)]
    return Catalog.from_frame(
        pl.DataFrame({"movie_id": range(100, 100 + N), "year": range(2000, 2000 + N), "genres": genres})
    )


@pytest.fixture
def engine(catalog: Catalog, tmp_path: Path) -> Engine:
    """Open, with popularity alone: movie 0 was rated most."""
    item = np.array([0, 0, 0, 1, 1, 2], np.int32)
    people = np.array([0, 1, 2, 0, 1, 0])
    log = Interactions.from_columns(people, item, np.full(6, 4, np.float32), np.arange(6))
    return Engine(catalog, log, ArtifactStore(tmp_path / "models"))


@pytest.fixture
def seat(engine: Engine) -> Callable[..., HandMade]:
    """Puts a hand-made model that likes `order` best, in that order, into a seat."""

    def put(slug: str, order: list[int], before: Hook = lambda: None, kind: type[HandMade] = HandMade) -> HandMade:
        row = np.zeros(N, np.float32)
        row[order] = np.arange(len(order), 0, -1)
        model = kind(registry.model_class(slug).card, row, before)
        served = Served(model.card, f"by hand {id(model)}", None, model, np.full(N, -1, np.float32))
        engine._seats.served = {**engine._seats.served, slug: served}
        return model

    return put


@pytest.fixture
def me() -> Person:
    """Somebody who rated movies 10 and 11."""
    return Person(np.array([10, 11], np.int32), np.array([5, 4], np.float32), np.array([0, 1]), "me")


def plan(**changes: Any) -> Plan:
    """Two sources of three each, a ranker that keeps four, no re-ranker; nobody is late."""
    minute = 60_000
    made: dict[str, Any] = {
        "retrieval": {"deadline": minute, "sources": {"ease": 3, "sasrec": 3}},
        "ranking": {"deadline": minute, "model": "fm", "keep": 4},
        "reranking": (),
    }
    return Plan.model_validate({**made, **changes})
