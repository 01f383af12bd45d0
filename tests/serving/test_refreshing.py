"""Refreshing: who judges, by what, and that a worse version does not get to serve."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.data.dataset import Dataset
from recommender.models.base import Progress, Recommender, silent
from recommender.models.classic.popularity import Popularity
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.live import Given
from recommender.serving.refreshing import Verdict, compare, kept_aside, refresh
from recommender.serving.training import train


class Fixed(Recommender):
    """Scores that are given."""

    card = Popularity.card

    def __init__(self, scores: list[float]) -> None:
        super().__init__()
        self.scores = np.array(scores, np.float32)

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        return np.tile(self.scores, (len(histories), 1))

    def state(self) -> dict[str, NDArray[Any]]:
        return {}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        pass


def given(number: int, item: int, stars: float = 4.0, seen: tuple[int, ...] = ()) -> Given:
    return Given(number, 1, Histories.of([(list(seen), [4.0] * len(seen), list(range(len(seen))))]), item, stars)


def test_the_newest_fifth_judges_and_at_least_one() -> None:
    new = [given(number, 0) for number in range(1, 12)]
    assert [one.number for one in kept_aside(new)] == [10, 11]
    assert [one.number for one in kept_aside(new[:3])] == [3]
    assert kept_aside([]) == []


def test_by_hand() -> None:
    before, after = Fixed([3, 2, 1]), Fixed([1, 2, 3])
    # Item 2 stands third, then first; item 1 second in both, but first where item 0 or item 2 was seen and stood above it.
    verdict = compare(before, after, [given(1, 2), given(2, 1, seen=(0,))])
    assert verdict.before == pytest.approx((1 / 2 + 1) / 2)
    assert verdict.after == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert verdict.n == 2
    assert verdict.promotes


def test_dislikes_and_unknown_movies_are_not_looked_for() -> None:
    verdict = compare(Fixed([1, 2]), Fixed([2, 1]), [given(1, 0, stars=1.0), given(2, -1)])
    assert verdict == Verdict(0.0, 0.0, 0)
    assert verdict.promotes, "nothing speaks against it"


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path)


def dataset(*movies: int, heard: int = 0) -> Dataset:
    """One person per rating; items by their number."""
    rows = Interactions.from_columns(range(len(movies)), movies, [4.0] * len(movies), range(len(movies)))
    return Dataset("three", Catalog.from_frame(pl.DataFrame({"movie_id": [1, 2, 3]})), rows, heard)


def test_a_better_version_serves_and_knows_what_it_heard(store: ArtifactStore) -> None:
    old = train("popularity", dataset(0, 0, 1), store)
    new, verdict = refresh(old, dataset(0, 0, 1, 2, 2, 2, heard=7), [given(8, 2)], store)
    assert new is not None
    assert verdict.promotes
    assert verdict.after > verdict.before
    assert store.current("popularity") == new
    assert new.manifest().heard == 7
    assert new.manifest().interactions == 6


def test_a_worse_version_does_not(store: ArtifactStore) -> None:
    old = train("popularity", dataset(0, 0, 1), store)
    new, verdict = refresh(old, dataset(0, 0, 1, 2, 2, 2), [given(8, 0)], store)
    assert new is None
    assert not verdict.promotes
    assert store.current("popularity") == old
    assert [version.name for version in store.versions("popularity")] == [old.name]


def test_it_keeps_the_settings_that_the_version_had(store: ArtifactStore) -> None:
    old = train("ease", dataset(0, 0, 1), store, {"regularization": 7.0})
    new, _ = refresh(old, dataset(0, 0, 1, 2), [], store)
    assert new is not None
    assert new.manifest().config["regularization"] == 7.0
