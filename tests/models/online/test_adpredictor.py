"""AdPredictor's update, forgetting and doubt, by hand and against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from recommender.data import Histories
from recommender.models.online.adpredictor import AdPredictor, AdPredictorConfig, v, w
from tests.models.planted import Planted, history


def learner(size: int = 3, **settings: float) -> AdPredictor:
    """A model of so many coordinates that knows nothing."""
    model = AdPredictor(AdPredictorConfig.model_validate(settings))
    model.vectors = model.begin(size)
    return model


def test_v_and_w_are_what_a_cut_gaussian_has() -> None:
    """N(0, 1) cut off below -t has the mean v(t) and the variance 1 - w(t)."""
    for t in (-3.0, -0.5, 0.0, 1.5):
        assert v(t) == pytest.approx(norm.pdf(t) / norm.cdf(t))
        assert w(t) == pytest.approx(v(t) * (v(t) + t))
    assert v(0) == pytest.approx(math.sqrt(2 / math.pi))
    assert w(0) == pytest.approx(2 / math.pi)
    assert 0 < w(-1e3) <= 1, "far out it neither overflows nor leaves its range"
    assert v(-1e3) == pytest.approx(1e3, rel=1e-2)
    assert v(1e3) == w(1e3) == 0


@pytest.mark.parametrize("yes", [True, False])
def test_one_example_by_hand(yes: bool) -> None:
    """β = 1, σ² = 1.5 at two coordinates with x = 1: Σ² = 1 + 3 = 4, t = 0, v = √(2/π), w = 2/π.

    Equation 7: μ = y x σ²/Σ v = ±0.75 √(2/π). Equation 8: σ² = 1.5 (1 - 1.5/4 · 2/π). The rest stays.
    """
    model = learner(beta=1.0, variance=1.5)
    assert model.update(np.array([0, 2]), np.ones(2, np.float32), yes) == 0.5
    moved = (1 if yes else -1) * 0.75 * math.sqrt(2 / math.pi)
    surer = 1.5 * (1 - 1.5 / 4 * 2 / math.pi)
    assert model.vectors["mean"].tolist() == pytest.approx([moved, 0, moved])
    assert model.vectors["variance"].tolist() == pytest.approx([surer, 1.5, surer])


def test_a_second_example_with_shares_by_hand() -> None:
    """μ = (0.6, -0.2), σ² = (0.5, 1), β = 0.5, x = (1, 0.5), no: Σ² = 0.25 + 0.5 + 0.25 = 1, s = 0.5, t = -0.5."""
    model = learner(2, beta=0.5)
    model.vectors = {"mean": np.array([0.6, -0.2], np.float32), "variance": np.array([0.5, 1], np.float32)}
    p = model.update(np.arange(2), np.array([1, 0.5], np.float32), False)
    assert p == pytest.approx(norm.cdf(0.5))
    step = norm.pdf(-0.5) / norm.cdf(-0.5)
    shrink = step * (step - 0.5)
    assert model.vectors["mean"].tolist() == pytest.approx([0.6 - 0.5 * step, -0.2 - 0.5 * step], abs=1e-6)
    assert model.vectors["variance"].tolist() == pytest.approx([0.5 * (1 - 0.5 * shrink), 1 - 0.25 * shrink])


def test_the_update_keeps_the_moments_of_the_exact_posterior() -> None:
    """One weight, x = 1: the exact posterior is N(w; 0.3, 0.8) Φ(w / β), here summed on a fine grid."""
    model = learner(1, beta=0.7)
    model.vectors = {"mean": np.array([0.3], np.float32), "variance": np.array([0.8], np.float32)}
    grid = np.linspace(-9, 9, 200_001)
    density = norm.pdf(grid, 0.3, math.sqrt(0.8)) * norm.cdf(grid / 0.7)
    density /= density.sum()
    mean = float(density @ grid)
    model.update(np.array([0]), np.ones(1, np.float32), True)
    assert model.vectors["mean"][0] == pytest.approx(mean, rel=1e-5)
    assert model.vectors["variance"][0] == pytest.approx(float(density @ (grid - mean) ** 2), rel=1e-5)


def test_forgetting_by_hand() -> None:
    """Equation 11, ε = 0.1, prior N(0, 1): σ² = 0.5 becomes 0.5 / (0.9 + 0.05), and μ = 0.9 μ σ²_new / σ²_old."""
    model = learner(2, forgetting=0.1, variance=1.0)
    model.vectors = {"mean": np.array([2, 2], np.float32), "variance": np.array([0.5, 0.5], np.float32)}
    model._forget(np.array([1]))
    loosened = 0.5 / 0.95
    assert model.vectors["variance"].tolist() == pytest.approx([0.5, loosened])
    assert model.vectors["mean"].tolist() == pytest.approx([2, 0.9 * 2 * loosened / 0.5])


def test_the_prior_is_forgotten_to_itself() -> None:
    model = learner(forgetting=0.3, variance=0.2)
    model._forget(np.arange(3))
    assert model.vectors["variance"].tolist() == pytest.approx([0.2] * 3)


def test_uncertainty_is_that_of_the_sum(planted: Planted) -> None:
    """Σ x² σ² over the facts of each pair, one by one."""
    model = AdPredictor().fit(planted.interactions, planted.catalog)
    people = planted.histories().select([0, 1])
    told = model.uncertainty(people)
    facts = model.meetings.facts(people, model.config.max_length)
    for person in (0, 1):
        for item in (0, 7, planted.blank, *planted.cold):
            pair = model.meetings.examples(facts, np.array([person]), np.array([item]))
            assert told[person, item] == pytest.approx(
                math.sqrt(pair.x**2 @ model.vectors["variance"][pair.at]), rel=1e-4
            )


def test_beliefs_are_those_of_the_models_as_they_were(planted: Planted) -> None:
    """Taking lessons back gives what copies from before each lesson say, also of lessons that other people gave."""
    model = AdPredictor().fit(planted.interactions, planted.catalog).awake()
    items, stars, _ = planted.walks[0]
    me, other = history(items[:4], stars[:4]), history(planted.rings[1][:3])
    asked = np.array([*planted.rings[0][:5], planted.cold[0], planted.blank])
    copies, lessons = [], []
    for person, item in ((me, items[4]), (other, items[5]), (me, planted.cold[0]), (me, planted.rings[1][5])):
        copies.append(model.frozen())
        lessons.append(model.learn(Histories.of([person]), item, 5.0))
    copies.append(model.frozen())
    read = Histories.of([history(items)])
    told = model.beliefs(Histories.of([history(items)] * 5), asked, [[lesson] for lesson in lessons])
    assert told.chance.shape == (5, len(asked))
    for moment, copied in enumerate(copies):
        sd, s = copied.uncertainty(read)[0, asked], copied.score(read)[0, asked]
        assert told.deviation[moment] == pytest.approx(sd, rel=1e-4)
        assert told.chance[moment] == pytest.approx(norm.cdf(s / np.sqrt(1 + sd**2)), abs=1e-4)
        assert told.low[moment] == pytest.approx(norm.cdf(s - 1.959964 * sd), abs=1e-4)
        assert told.high[moment] == pytest.approx(norm.cdf(s + 1.959964 * sd), abs=1e-4)
    assert (np.diff(told.deviation, axis=0) <= 1e-12).all(), "a rating never makes it less sure of the same list"
    assert (told.deviation[-1] < told.deviation[0]).all()
    between = model.beliefs(Histories.of([me, history(items)]), asked, [lessons])
    assert between.deviation[1] == pytest.approx(told.deviation[-1])
    assert between.deviation[0] == pytest.approx(copies[0].uncertainty(Histories.of([me]))[0, asked], rel=1e-4)
