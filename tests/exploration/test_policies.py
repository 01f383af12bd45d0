"""Policies: who is chosen, with what chance, and what is called curious; worked out by hand."""

from __future__ import annotations

from collections import Counter
from math import erf, sqrt

import numpy as np
import pytest

from recommender.exploration import POLICIES, EpsilonGreedy, LinUCB, Policy, Situation, Thompson, mix, pick
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
        slate = mix(policy, situation([0.1, 3.0, 2.0]), 3, (), rng())
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
    slate = mix(POLICIES[name], moment, 30, {3, 6, 9}, rng())
    assert len(set(slate.chosen.tolist())) == 30
    assert set(np.flatnonzero(slate.curious).tolist()) <= {3, 6, 9}
    assert (slate.propensity > 0).all()
    assert (slate.propensity[[0, 1, 2, 4, 5]] == 1).all()
    again = mix(POLICIES[name], moment, 30, {3, 6, 9}, rng())
    assert slate.chosen.tolist() == again.chosen.tolist(), "the same seed, the same list"
    assert slate.propensity.tolist() == again.propensity.tolist()
    assert slate.estimated is (name == "thompson")


def test_epsilon_greedy_says_exactly_how_likely_each_movie_was() -> None:
    """ε = .4 and four candidates: the best has .6 + .4/4 = .7, each other .1; of three left it is .6 + .4/3."""
    moment = situation([4.0, 3.0, 2.0, 1.0])
    first, told = Counter[int](), dict[tuple[int, ...], float]()
    for seed in range(4_000):
        slate = mix(EpsilonGreedy(0.4), moment, 2, {0, 1}, rng(seed))
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
        assert pick(LinUCB(alpha, FLAT), moment, rng()) == (best, 1)
        slate = mix(LinUCB(alpha, FLAT), moment, 1, {0}, rng())
        assert slate.chosen.tolist() == [best]
        assert slate.propensity.tolist() == [1]
        assert slate.curious.tolist() == [best != 0]


def test_what_the_policy_is_certain_of_leaves_the_place_to_the_model() -> None:
    """The model's own is the second, the belief's the first: both belong to the model; the third is shown for the doubt about it."""
    moment = situation([0.0, 1.0, 0.5], [[1.0], [-1.0], [0.0]], [[1.0]], [0.4])
    sure = mix(LinUCB(0.0, FLAT), moment, 1, {0}, rng())
    assert (sure.chosen.tolist(), sure.curious.tolist(), sure.propensity.tolist()) == ([1], [False], [1])
    chances = [np.zeros(3) for _ in range(2)]
    for seed in range(300):
        slate = mix(Thompson(0.3, FLAT), moment, 1, {0}, rng(seed))
        assert slate.chosen[0] in (1, 2)
        assert slate.curious[0] == (slate.chosen[0] == 2)
        chances[0][slate.chosen[0]] += 1 / 300
        chances[1][slate.chosen[0]] = slate.propensity[0]
    assert chances[0] == pytest.approx(chances[1], abs=0.08)
    assert chances[1].sum() == pytest.approx(1, abs=0.05)


def test_thompson_chooses_as_often_as_it_says_and_as_the_closed_form_for_two_says() -> None:
    """Two candidates: P(first) = Φ(Δmean / (spread √((x₁-x₂)ᵀA⁻¹(x₁-x₂)))) = Φ((.8/3) / (.2 √(8/3)))."""
    moment = situation([0.0, 0.0], [[1.0], [-1.0]], [[1.0]], [0.4])
    policy = Thompson(0.2, FLAT)
    picks = [pick(policy, moment, rng(seed)) for seed in range(400)]
    chance = 0.5 * (1 + erf((0.8 / 3) / (0.2 * sqrt(8 / 3)) / sqrt(2)))
    assert np.mean([chosen == 0 for chosen, _ in picks]) == pytest.approx(chance, abs=0.06)
    for chosen, propensity in picks:
        truth = chance if chosen == 0 else 1 - chance
        assert propensity == pytest.approx(truth, abs=5 * sqrt(truth * (1 - truth) / 1_000))


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
    one = mix(POLICIES[name], situation([1.0]), 5, {0, 1}, rng())
    assert one.chosen.tolist() == [0]
    assert one.propensity.tolist() == [1]
    none = mix(POLICIES[name], situation([]), 5, {0}, rng())
    assert none.chosen.tolist() == []
