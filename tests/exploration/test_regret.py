"""The simulator of regret: who is asked, what is revealed, and that it tells good policies from bad ones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recommender.data import Histories, Interactions
from recommender.errors import MarqueeError
from recommender.exploration import EpsilonGreedy, LinUCB, Policy, Thompson
from recommender.exploration.belief import Prior
from recommender.exploration.regret import OPENING, World, held_out, play, simulate
from recommender.exploration.reward import expected

ITEMS, PEOPLE = 60, 24


def tastes() -> Interactions:
    """Even movies are loved and odd ones hated by even people, the other way round by odd ones; everybody rates everything."""
    rng = np.random.default_rng(0)
    user = np.repeat(np.arange(PEOPLE), ITEMS)
    item = np.concatenate([rng.permutation(ITEMS) for _ in range(PEOPLE)])
    stars = np.where((user + item) % 2 == 0, 5.0, 1.0)
    return Interactions.from_columns(user, item, stars, np.arange(len(user)))


def vectors() -> NDArray[np.float32]:
    """A movie's kind is its vector."""
    return np.stack([np.arange(ITEMS) % 2 == 0, np.arange(ITEMS) % 2 == 1], axis=1).astype(np.float32)


def blind(histories: Histories) -> NDArray[np.float32]:
    """A model that knows nothing: the lower the number the better."""
    return np.tile(-np.arange(ITEMS, dtype=np.float32), (len(histories), 1))


def world() -> World:
    return held_out(tastes(), rounds=10, offered=6, people=8)


def test_nobody_who_is_asked_is_learned_from_and_nothing_shown_is_offered() -> None:
    found = world()
    assert len(found.opening) == len(found.truth) == 8
    assert (found.opening.lengths == OPENING).all()
    assert len(np.unique(found.train.user)) == PEOPLE - 8
    for b in range(8):
        shown = found.opening.items[found.opening.offsets[b] : found.opening.offsets[b + 1]]
        offered = found.truth.items[found.truth.offsets[b] : found.truth.offsets[b + 1]]
        assert not set(shown.tolist()) & set(offered.tolist())
        assert len(shown) + len(offered) == ITEMS


def test_regret_is_in_stars_and_the_best_policy_has_none() -> None:
    """Who knows the truth gives up nothing; who picks the worst gives up four stars a round."""
    found = world()
    truth = np.where((np.arange(ITEMS)[None] + np.unique(found.truth.rows)[:, None]) % 2 == 0, 1.0, 0.0)
    kinds = [found.truth.items[found.truth.offsets[b]] for b in range(8)]
    first = [found.truth.ratings[found.truth.offsets[b]] for b in range(8)]
    likes_even = [(kind % 2 == 0) == (stars == 5) for kind, stars in zip(kinds, first, strict=True)]
    truth = np.array([(np.arange(ITEMS) % 2 == 0) == even for even in likes_even], np.float32)

    def knows(histories: Histories) -> NDArray[np.float32]:
        return truth

    crowd = expected(found.train, ITEMS)
    greedy = EpsilonGreedy(0.0)
    assert not play(knows, found, vectors(), crowd, greedy, 10, 6, 0).any()
    worst = play(lambda histories: 1 - truth, found, vectors(), crowd, greedy, 10, 6, 0)
    assert set(np.unique(worst).tolist()) <= {0.0, 4.0}
    assert worst[:, 0].mean() > 3


def test_policies_that_learn_give_up_less_than_the_blind_model() -> None:
    flat = Prior(trust=0.0, precision=1.0)
    policies: dict[str, Policy] = {
        "greedy": EpsilonGreedy(0.0),
        "linucb": LinUCB(0.1, flat),
        "thompson": Thompson(0.1, flat),
    }
    shares: list[float] = []
    found = simulate(
        blind,
        world(),
        vectors(),
        policies,
        model="Blind",
        against=["greedy", "linucb"],
        rounds=10,
        offered=6,
        seeds=2,
        told=shares.append,
    )
    assert found.people == 8
    assert found.curves["greedy"].ahead["linucb"].high < 0
    assert list(found.curves["linucb"].ahead) == ["greedy"]
    for name in ("linucb", "thompson"):
        curve = found.curves[name]
        assert len(curve.regret) == 10
        assert curve.regret[-1].value < 4
        assert curve.ahead["greedy"].low > 0
    assert found.curves["greedy"].regret[-1].value > 10
    assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1])


def test_the_same_seed_is_the_same_play_and_regret_never_falls() -> None:
    found, crowd = world(), expected(world().train, ITEMS)
    one = play(blind, found, vectors(), crowd, Thompson(), 10, 6, 3)
    assert np.array_equal(one, play(blind, found, vectors(), crowd, Thompson(), 10, 6, 3))
    assert (one >= 0).all()


def test_too_few_ratings_are_told() -> None:
    with pytest.raises(MarqueeError, match="two people with 73 ratings"):
        held_out(tastes(), rounds=60, offered=9)
