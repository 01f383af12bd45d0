"""Off-policy estimators: by hand, against the truth, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.errors import MarqueeError
from recommender.exploration.off_policy import ESTIMATORS, Logged, Target, doubly_robust, ips, snips, weights


def log(rewards: list[float], propensities: list[float], people: list[int] | None = None) -> Logged:
    return Logged(np.array(rewards), np.array(propensities), np.array(people or range(len(rewards))))


def target(chances: list[float], predicted: list[float] | None = None, hoped: list[float] | None = None) -> Target:
    nothing = [0.0] * len(chances)
    return Target(np.array(chances), np.array(predicted or nothing), np.array(hoped or nothing))


LOG = log([1.0, 0.0, 1.0, 0.0], [0.5, 0.5, 0.25, 0.8])
"""With π = (.5, 1, .5, 0) the weights are 1, 2, 2, 0."""
ASKED = target([0.5, 1.0, 0.5, 0.0], predicted=[0.8, 0.4, 0.6, 0.2], hoped=[0.7, 0.5, 0.6, 0.3])


def test_by_hand() -> None:
    assert ips(LOG, ASKED).value == pytest.approx((1 + 2) / 4)
    assert snips(LOG, ASKED).value == pytest.approx(3 / 5)
    # hoped sums to 2.1; weighted surprises: 1 (1 - .8) + 2 (0 - .4) + 2 (1 - .6) = .2
    assert doubly_robust(LOG, ASKED).value == pytest.approx((2.1 + 0.2) / 4)


def test_weights_are_cut_and_it_is_said() -> None:
    w, about = weights(LOG, ASKED, most=1.5)
    assert w.tolist() == [1, 1.5, 1.5, 0]
    assert about.cut == 2
    assert about.mean == pytest.approx(5 / 4)
    assert about.effective == pytest.approx(16 / (1 + 2.25 + 2.25))
    assert ips(LOG, ASKED, most=1.5).value == pytest.approx(2.5 / 4)


def test_the_logs_own_policy_is_the_mean_of_its_rewards() -> None:
    own = target([0.5, 0.5, 0.25, 0.8])
    for estimate in ESTIMATORS.values():
        assert estimate(LOG, own).value == pytest.approx(0.5)


def test_a_target_that_the_log_never_met_is_zero_and_counts_for_nothing() -> None:
    nowhere = target([0.0] * 4)
    assert snips(LOG, nowhere).value == 0
    assert weights(LOG, nowhere)[1].effective == 0


def test_estimates_meet_the_truth_and_intervals_hold_it() -> None:
    """Three movies worth .2, .5 and .8; logged by (.6, .3, .1), asked about (.1, .3, .6): the truth is .65."""
    worth, logging, asked = np.array([0.2, 0.5, 0.8]), np.array([0.6, 0.3, 0.1]), np.array([0.1, 0.3, 0.6])
    wrong = np.array([0.4, 0.4, 0.4])  # a model of rewards that knows nothing
    held = dict.fromkeys(ESTIMATORS, 0)
    found: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        shown = rng.choice(3, 500, p=logging)
        rewards = (rng.random(500) < worth[shown]).astype(float)
        logged = Logged(rewards, logging[shown], np.arange(500))
        about = Target(asked[shown], wrong[shown], np.full(500, wrong @ asked))
        for name, estimate in ESTIMATORS.items():
            metric = estimate(logged, about, seed=seed)
            found[name].append(metric.value)
            held[name] += metric.low <= 0.65 <= metric.high
    for name in ESTIMATORS:
        assert np.mean(found[name]) == pytest.approx(0.65, abs=0.03)
        assert held[name] >= 34, f"{name}: a 95 % interval holds the truth in about 38 of 40 draws"
    assert worth @ logging < 0.4, "the mean of what was logged says nothing of it"


def test_choices_of_one_person_are_drawn_together() -> None:
    alone = ips(log([1, 0] * 50, [1.0] * 100), target([1.0] * 100))
    together = ips(log([1, 0] * 50, [1.0] * 100, [0, 1] * 50), target([1.0] * 100))
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(MarqueeError, match="propensity of 0"):
        log([1.0], [0.0])
    with pytest.raises(MarqueeError, match="Nothing was logged"):
        ips(log([], []), target([]))
