"""Intervals and paired tests."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from recommender.evaluation.comparison import against_best, holm, sign_flip
from recommender.evaluation.intervals import mean, resamples, shelf

SEED = 3


def test_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(SEED).normal(5, 2, 400)
    metric = mean(values, resamples(400, SEED))
    assert metric is not None
    assert metric.value == pytest.approx(values.mean())
    assert metric.n == 400
    width = 2 * 1.96 * values.std() / np.sqrt(400)
    assert metric.high - metric.low == pytest.approx(width, rel=0.12)
    assert metric.low < metric.value < metric.high


def test_people_for_whom_a_figure_is_not_defined_do_not_count() -> None:
    draws = resamples(4, SEED)
    metric = mean(np.array([1.0, np.nan, 3.0, np.nan]), draws)
    assert metric is not None
    assert (metric.value, metric.n) == (2.0, 2)
    assert 1 <= metric.low <= metric.high <= 3
    assert mean(np.full(4, np.nan), draws) is None


def test_same_seed_same_interval() -> None:
    assert np.array_equal(resamples(50, 1), resamples(50, 1))
    assert not np.array_equal(resamples(50, 1), resamples(50, 2))


def test_interval_of_coverage_holds_the_figure_itself() -> None:
    """A plain bootstrap would not: who is drawn twice shows nothing new."""
    lists = np.random.default_rng(SEED).integers(0, 2_000, (100, 10)).astype(np.int32)
    covered, uneven = shelf(lists, 2_000, resamples(100, SEED))
    assert covered.value == pytest.approx(len(np.unique(lists)) / 2_000)
    assert covered.low < covered.value < covered.high
    assert uneven.low < uneven.value < uneven.high


def test_sign_flips_against_all_of_them_by_hand() -> None:
    differences = np.array([0.5, 0.2, -0.1, 0.9, 0.4, 0.3, -0.2, 0.6])
    flips = np.array(list(product([-1, 1], repeat=8))) @ differences
    exact = (np.abs(flips) >= abs(differences.sum()) - 1e-9).mean()
    assert sign_flip(differences[:, None], SEED)[0] == pytest.approx(exact, abs=0.01)


def test_equal_models_do_not_differ_and_a_clear_winner_does() -> None:
    rng = np.random.default_rng(SEED)
    base = rng.random(300)
    values = {"best": base + 0.2, "twin": base + 0.2, "worse": base + rng.normal(0, 0.1, 300)}
    twin, worse = against_best(values, "ndcg@10", resamples(300, SEED), SEED)
    assert (twin.model, twin.against, twin.difference, twin.p, twin.p_adjusted) == ("twin", "best", 0, 1, 1)
    assert worse.p_adjusted < 0.001
    assert worse.low < worse.difference < worse.high < 0


def test_false_alarms_are_as_rare_as_promised() -> None:
    """Of 400 comparisons of equals some 20 fall below 0.05."""
    noise = np.random.default_rng(SEED).normal(size=(60, 400))
    assert 5 < (sign_flip(noise, SEED) < 0.05).sum() < 40


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_one_model_has_nobody_to_be_compared_with() -> None:
    assert against_best({"only": np.ones(5)}, "ndcg@10", resamples(5, SEED), SEED) == []
