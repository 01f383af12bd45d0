"""What lists are like, beside being right: values worked out by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog, Histories
from recommender.evaluation.genres import genre_matrix
from recommender.evaluation.metrics.calibration import ALPHA, miscalibration
from recommender.evaluation.metrics.coverage import coverage
from recommender.evaluation.metrics.diversity import diversity
from recommender.evaluation.metrics.novelty import novelty
from recommender.evaluation.metrics.popularity_bias import gini, mean_popularity

RATERS = np.array([8, 4, 1, 0])
GENRES = np.array([[1, 0], [0, 1], [1, 1], [0, 0]], np.float32)


def test_coverage_is_the_share_that_anybody_sees() -> None:
    assert coverage(np.array([3.0, 0, 1, 0])) == 0.5


def test_gini_of_even_and_uneven_shelves() -> None:
    assert gini(np.array([2.0, 2, 2, 2])) == pytest.approx(0)
    assert gini(np.array([0.0, 0, 0, 5])) == pytest.approx(0.75)  # (n - 1) / n
    # By the definition over all pairs: Σ|x_i - x_j| / (2 n² mean).
    counts = np.random.default_rng(1).integers(0, 9, 50).astype(float)
    pairs = np.abs(counts[:, None] - counts).sum() / (2 * 50**2 * counts.mean())
    assert gini(counts) == pytest.approx(pairs)


def test_mean_popularity() -> None:
    lists = np.array([[0, 1], [2, -1], [-1, -1]], np.int32)
    assert mean_popularity(lists, RATERS, 8)[:2] == pytest.approx([0.75, 0.125])
    assert np.isnan(mean_popularity(lists, RATERS, 8)[2])


def test_novelty_in_bits() -> None:
    lists = np.array([[0, 1], [2, 3], [1, -1]], np.int32)
    assert novelty(lists, RATERS, 8) == pytest.approx([0.5, 3, 1]), "an unrated movie counts as rated once"


def test_diversity_of_pairs() -> None:
    lists = np.array([[0, 1, 2], [0, 0, -1], [0, 3, -1], [0, 1, 3]], np.int32)
    found = diversity(lists, GENRES)
    root = np.sqrt(0.5)
    assert found[0] == pytest.approx(1 - (0 + root + root) / 3)
    assert found[1] == pytest.approx(0)
    assert np.isnan(found[2]), "one movie with genres has no pair"
    assert found[3] == pytest.approx(1), "a movie without genres is left out"


def test_miscalibration_is_zero_for_the_persons_own_mix() -> None:
    people = Histories.of([([0, 1], [5, 5], [1, 2]), ([0], [5], [1]), ([], [], []), ([3], [5], [1])])
    lists = np.array([[2, -1], [1, -1], [0, 1], [0, 1]], np.int32)
    found = miscalibration(lists, people, GENRES)
    assert found[0] == pytest.approx(0, abs=1e-6), "half and half, shown one movie that is both"
    assert found[1] == pytest.approx(np.log(1 / ALPHA)), "p all in one genre, q all in the other"
    assert np.isnan(found[2:]).all(), "nothing known of the person's genres"


def test_genre_matrix() -> None:
    catalog = Catalog.from_frame(
        pl.DataFrame({"movie_id": [7, 8, 9], "genres": [["War", "Drama"], None, ["Drama", "Drama"]]})
    )
    matrix = genre_matrix(catalog)
    assert matrix is not None
    assert matrix.tolist() == [[1, 1], [0, 0], [1, 0]]
    assert genre_matrix(Catalog.from_frame(pl.DataFrame({"movie_id": [7]}))) is None
