"""Policies: who is chosen, with what chance, and what is called curious; worked out by hand."""

from __future__ import annotations

from collections import Counter
from math import erf, sqrt

import numpy as np
import pytest

from recommender.exploration import POLICIES, EpsilonGreedy, LinUCB, Policy, Situation, Thompson, fill
from recommender.exploration.belief import Prior, believe, standardised

FLAT = Prior(trust=0.0, precision=1.0)


def situation(
    scores: list[float],
    vectors: list[list[float]] | None = None,
    rated: list[list[float]] | None = None,
    surprises: list[float] | None = None,
) -> Situation:
    """Candidates that the crowd expects the same of."""
    n = len(scores)
    own = np.array(vectors if vectors is not None else np.zeros((n, 2)), np.float32)
    return Situation(
        scores=np.array(scores, np.float32),
        vectors=own,
        expected=np.full(n, 0.5),
        rated_vectors=np.array(rated or [], np.float32).reshape(len(rated or []), own.shape[1]),
        surprises=np.array(surprises or [], float),
    )


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_without_curious_places_the_list_is_the_models() -> None:
    for policy in POLICIES.values():
        slate = fill(policy, situation([0.1, 3.0, 2.0]), 3, (), rng())
        assert slate.chosen.tolist() == [1, 2, 0]
        assert not slate.curious.any()
        assert slate.propensity.tolist() == [1, 1, 1]
        assert not slate.estimated


@pytest.mark.parametrize("name", list(POLICIES))
def test_a_list_shows_every_movie_once_and_only_curious_places_leave_the_model(name: str) -> None:
    values = np.random.default_rng(1)
    moment = Situation(
        values.normal(size=40).astype(np.float32),
        values.normal(size=(40, 3)).astype(np.float32),
        values.random(40),
        values.normal(size=(6, 3)).astype(np.float32),
        values.normal(size=6),
    )
    slate = fill(POLICIES[name], moment, 30, {3, 6, 9}, rng())
    assert len(set(slate.chosen.tolist())) == 30
    assert set(np.flatnonzero(slate.curious).tolist()) <= {3, 6, 9}
    assert (slate.propensity > 0).all()
    assert (slate.propensity[[0, 1, 2, 4, 5]] == 1).all()
    again = fill(POLICIES[name], moment, 30, {3, 6, 9}, rng())
    assert slate.chosen.tolist() == again.chosen.tolist(), "the same seed, the same list"
    assert slate.propensity.tolist() == again.propensity.tolist()
    assert slate.estimated is (name == "thompson")


def test_epsilon_greedy_says_exactly_how_likely_each_movie_was() -> None:
    """ε = .4 and four candidates: the best has .6 + .4/4 = .7, each other .1; of three left it is .6 + .4/3."""
    moment = situation([4.0, 3.0, 2.0, 1.0])
    first, told = Counter[int](), dict[tuple[int, ...], float]()
    for seed in range(4_000):
        slate = fill(EpsilonGreedy(0.4), moment, 2, {0, 1}, rng(seed))
        first[int(slate.chosen[0])] += 1
        told[tuple(slate.chosen.tolist())] = float(slate.propensity[1])
        assert slate.propensity[0] == pytest.approx(0.7 if slate.chosen[0] == 0 else 0.1)
        assert slate.curious[0] == (slate.chosen[0] != 0)
    assert first[0] / 4_000 == pytest.approx(0.7, abs=0.03)
    assert told[0, 1] == told[1, 0] == pytest.approx(0.6 + 0.4 / 3)
    assert told[0, 3] == pytest.approx(0.4 / 3)


def test_the_belief_is_ridge_regression_by_hand() -> None:
    """Rated x = [1, 1], surprise .4, λ = 1: A = [[2, 1], [1, 2]], θ = A⁻¹ [.4, .4] = [.4/3, .4/3]."""
    moment = situation([0.0, 0.0], [[1.0], [-1.0]], [[1.0]], [0.4])
    belief = believe(moment, FLAT)
    assert belief.mean == pytest.approx([0.5 + 0.8 / 3, 0.5])
    # xᵀA⁻¹x with A⁻¹ = [[2, -1], [-1, 2]] / 3: 2/3 for [1, 1], 6/3 for [-1, 1]
    assert belief.width == pytest.approx([sqrt(2 / 3), sqrt(2)])
    assert belief.root @ belief.root.T == pytest.approx(np.array([[2 / 3, 0], [0, 2]]), abs=1e-9)


def test_the_models_voice_is_its_score_in_standard_deviations() -> None:
    assert standardised(np.array([1, 3], np.float32)) == pytest.approx([-1, 1])
    assert standardised(np.full(3, 7, np.float32)) == pytest.approx([0, 0, 0])
    belief = believe(situation([1.0, 3.0], [[0.0], [0.0]]), Prior(trust=0.1))
    assert belief.mean == pytest.approx([0.4, 0.6])


def test_linucb_prefers_what_could_turn_out_best() -> None:
    """From the test by hand: bounds .7667 + α .8165 against .5 + α 1.4142; they cross at α = .4461."""
    moment = situation([0.0, 0.0], [[1.0], [-1.0]], [[1.0]], [0.4])
    for alpha, best in ((0.44, 0), (0.45, 1)):
        slate = fill(LinUCB(alpha, FLAT), moment, 1, {0}, rng())
        assert slate.chosen.tolist() == [best]
        assert slate.propensity.tolist() == [1]
        assert slate.curious.tolist() == [best != 0]


def test_thompson_chooses_as_often_as_it_says_and_as_the_closed_form_for_two_says() -> None:
    """Two candidates: P(first) = Φ(Δmean / (spread √((x₁-x₂)ᵀA⁻¹(x₁-x₂)))) = Φ((.8/3) / (.2 √(8/3)))."""
    moment = situation([0.0, 0.0], [[1.0], [-1.0]], [[1.0]], [0.4])
    policy = Thompson(0.2, FLAT)
    slates = [fill(policy, moment, 1, {0}, rng(seed)) for seed in range(400)]
    chance = 0.5 * (1 + erf((0.8 / 3) / (0.2 * sqrt(8 / 3)) / sqrt(2)))
    assert np.mean([slate.chosen[0] == 0 for slate in slates]) == pytest.approx(chance, abs=0.06)
    for slate in slates:
        truth = chance if slate.chosen[0] == 0 else 1 - chance
        assert slate.propensity[0] == pytest.approx(truth, abs=5 * sqrt(truth * (1 - truth) / 1_000))
        assert slate.estimated


def test_a_rating_takes_doubt_from_movies_like_it_and_from_no_others() -> None:
    nothing = believe(situation([0, 0], [[1, 0], [0, 1]]), FLAT).width
    after = believe(situation([0, 0], [[1, 0], [0, 1]], [[1, 0]], [0.0]), FLAT).width
    assert after[0] < after[1] < nothing[1]


def test_every_policy_says_what_it_does() -> None:
    for policy in POLICIES.values():
        assert isinstance(policy, Policy)
        assert policy.title
        assert policy.sentence.endswith(".")


@pytest.mark.parametrize("name", list(POLICIES))
def test_one_candidate_and_none(name: str) -> None:
    one = fill(POLICIES[name], situation([1.0]), 5, {0, 1}, rng())
    assert one.chosen.tolist() == [0]
    assert one.propensity.tolist() == [1]
    none = fill(POLICIES[name], situation([]), 5, {0}, rng())
    assert none.chosen.tolist() == []
