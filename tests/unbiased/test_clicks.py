"""Click models and sessions: the chances they promise, and lists as the rule orders them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import MarqueeError
from recommender.unbiased.clicks import APPEAL, CLICK_MODELS, Cascade, PositionBased, attraction, looked_at
from recommender.unbiased.sessions import Habit, Log, simulate
from tests.unbiased.worlds import planted

MANY = 200_000


def test_attraction_by_hand() -> None:
    """Grade 0 attracts by noise alone, grade 4 fully, grade 2 by (4 - 1) / 15."""
    assert attraction(np.array([0, 2, 4]), noise=0.1, appeal=1.0) == pytest.approx([0.1, 0.1 + 0.9 * 3 / 15, 1.0])
    assert attraction(np.array([4])) == pytest.approx([APPEAL])


def test_places_are_looked_at_as_eta_says() -> None:
    assert looked_at(1.0, 4) == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])
    assert looked_at(0.0, 3).tolist() == [1, 1, 1]


def test_the_position_based_model_clicks_with_chance_e_times_gamma() -> None:
    gamma = np.tile([0.5, 0.8, 0.2], (MANY, 1))
    examined, clicks = PositionBased(1.0).act(gamma, np.random.default_rng(0))
    assert examined.mean(axis=0) == pytest.approx([1, 1 / 2, 1 / 3], abs=0.005)
    assert clicks.mean(axis=0) == pytest.approx([0.5, 0.4, 0.2 / 3], abs=0.005)


def test_a_cascade_clicks_once_and_looks_no_further() -> None:
    """With η = 0: P(click at k) = γ_k Π_{j<k} (1 - γ_j), as Craswell et al. publish it."""
    gamma = np.tile([0.5, 0.8, 0.2], (MANY, 1))
    examined, clicks = Cascade(0.0).act(gamma, np.random.default_rng(0))
    assert clicks.mean(axis=0) == pytest.approx([0.5, 0.5 * 0.8, 0.5 * 0.2 * 0.2], abs=0.005)
    assert clicks.sum(axis=1).max() == 1
    assert not (clicks[:, :-1] & examined[:, 1:]).any()


def test_who_is_attracted_by_nothing_gives_up_as_the_position_based_model_does() -> None:
    examined, clicks = Cascade(1.5).act(np.zeros((MANY, 4)), np.random.default_rng(0))
    assert examined.mean(axis=0) == pytest.approx(looked_at(1.5, 4), abs=0.005)
    assert not clicks.any()


@given(eta=st.floats(0, 3), seed=st.integers(0, 1000), model=st.sampled_from(sorted(CLICK_MODELS)))
@settings(max_examples=40, deadline=None)
def test_nothing_is_clicked_unseen_and_the_top_is_always_seen(eta: float, seed: int, model: str) -> None:
    rng = np.random.default_rng(seed)
    examined, clicks = CLICK_MODELS[model](eta).act(rng.random((20, 6)), rng)
    assert examined[:, 0].all()
    assert not (clicks & ~examined).any()


def test_lists_stand_in_the_order_of_the_rule_unless_a_coin_fell() -> None:
    world, habit = planted(), Habit(restlessness=0.0)
    log = simulate(world, PositionBased(), habit, sessions=400, places=8, swapped=0.5)
    falling = (np.diff(world.newness[log.rows], axis=1) <= 0).all(axis=1)
    assert falling[log.partner == 0].all()
    assert 0.3 < falling[log.partner > 0].mean() < 0.7  # half of the coins change nothing
    assert np.isin(log.person, world.learners).all()
    assert (log.rows // 24 == log.person[:, None]).all()
    assert all(len(set(row)) == 8 for row in log.rows.tolist())


def test_a_rule_of_quality_one_follows_the_crowd() -> None:
    world = planted()
    assert Habit(1.0).scores(world) == pytest.approx(world.liked)
    assert Habit(0.0).scores(world) == pytest.approx(world.newness)
    with pytest.raises(MarqueeError, match="between -1 and 1"):
        Habit(1.5)


def test_same_seed_same_log() -> None:
    first, second, other = (simulate(planted(), Cascade(), sessions=50, places=5, seed=seed) for seed in (3, 3, 4))
    assert (first.rows == second.rows).all()
    assert (first.clicks == second.clicks).all()
    assert not (first.rows == other.rows).all()


def test_logs_that_say_nothing_are_refused() -> None:
    rows, people = np.zeros((3, 2), np.int64), np.zeros(3, np.int64)
    with pytest.raises(MarqueeError, match="Nothing was clicked"):
        Log(rows, np.zeros((3, 2), bool), people, people, np.ones((3, 2), bool))
    with pytest.raises(MarqueeError, match="one place"):
        Log(rows[:, :1], np.ones((3, 1), bool), people, people, np.ones((3, 1), bool))
    with pytest.raises(MarqueeError, match="somebody has 24"):
        simulate(planted(), PositionBased(), sessions=5, places=30)
