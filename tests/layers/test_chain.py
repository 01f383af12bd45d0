"""The chain equals Markov, and the mixture what it says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from recommender.data import Histories
from recommender.layers.chain import Chain
from recommender.models.classic.markov import Markov
from tests.training.worlds import N_ITEMS, LastItem, config, histories, person, world


def test_the_chain_by_hand() -> None:
    """0 was followed by 1 twice and by 2 once; 3 was never left."""
    told = histories(person([0, 1]), person([0, 1, 3]), person([0, 2]))
    P = Chain(4).count(told)(torch.tensor([0, 3]))
    popular = np.array([3, 2, 1, 1]) / 7
    np.testing.assert_allclose(P[0], (np.array([0, 2, 1, 0]) + popular) / 4, rtol=1e-6)
    np.testing.assert_allclose(P[1], popular, rtol=1e-6)


def test_it_is_the_same_as_markov() -> None:
    interactions, catalog = world()
    P = Chain(N_ITEMS).count(Histories.from_interactions(interactions))(torch.arange(10))
    markov = Markov().fit(interactions, catalog).score(histories(*(person([item]) for item in range(10))))
    order = np.argsort(-markov, axis=1, kind="stable")[:, :3]
    assert np.array_equal(np.argsort(-P.numpy(), axis=1, kind="stable")[:, :3], order)


def test_mixed_is_a_probability_of_both() -> None:
    chain = Chain(4).count(histories(person([0, 1]), person([2, 3])))
    scores, last = torch.tensor([[1.0, 2.0, 0.0, -1.0]]), torch.tensor([2])
    mixed = chain.mixed(scores, last, 0.25).exp()
    np.testing.assert_allclose(mixed, 0.75 * scores.softmax(dim=1) + 0.25 * chain(last), rtol=1e-5)
    assert float(mixed.sum()) == pytest.approx(1)


def test_a_network_answers_with_its_share() -> None:
    """Trained for one step it knows nothing; the chain knows the ring. Saved and restored, the same."""
    model = LastItem(config(epochs=1, learning_rate=1e-9, chain=0.9)).fit(*world())
    asked = histories(*(person([item]) for item in range(10)))
    assert model.score(asked).argmax(axis=1).tolist() == [*range(1, 10), 0]
    again = LastItem(model.config)
    again.restore(model.state())
    assert np.array_equal(again.score(asked), model.score(asked))


def test_weights_without_the_chain_are_refused() -> None:
    state = LastItem(config(epochs=1)).fit(*world()).state()
    old = {name: array for name, array in state.items() if "chain" not in name}
    with pytest.raises(ValueError, match="chain"):
        LastItem(config(chain=0.5)).restore(old)
