"""UserWord: people and movies as sums of words, by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch

from recommender.models.side_information.userword import UserWord, UserWordConfig, UserWordNetwork
from tests.models.histories import batch_of

TEXTS = sp.csr_array(np.array([[0.6, 0.8, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]], np.float32))
VECTORS = torch.tensor([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [2.0, 2.0, -1.0]])
"""Of three words: two dimensions, and what each adds for everybody."""


def network(**knobs: float) -> UserWordNetwork:
    made = UserWordNetwork(3, UserWordConfig(dim=2, **knobs))
    made.describe(TEXTS, np.array([True, True, True]))
    with torch.no_grad():
        made.E.copy_(VECTORS)
        made.log_scale.fill_(0.0)
    made.known = torch.tensor([True, True, False])
    return made


def test_a_movie_is_the_weighted_sum_of_its_words() -> None:
    made = network().eval()
    expected = torch.tensor([[0.6, 0.8, 0.3], [2.0, 2.0, -1.0], [0.0, 0.0, 0.0]])
    torch.testing.assert_close(made.movies(made.texts), expected)


def test_a_person_is_the_mean_of_what_they_liked() -> None:
    model, made = UserWord(UserWordConfig(dim=2)), network()
    with torch.no_grad():
        model.settle(made)
        scores = model.scores(made, batch_of([[0, 1]], 3))
    u = torch.tensor([1.3, 1.4])
    torch.testing.assert_close(scores[0], torch.tensor([u @ torch.tensor([0.6, 0.8]) + 0.3, 2 * u.sum() - 1, 0.0]))


def test_in_training_words_are_left_out() -> None:
    made = network(word_dropout=0.999999)
    assert made.movies(made.texts).abs().sum() == 0


def test_a_movie_that_nobody_rated_is_no_rival() -> None:
    model, made = UserWord(UserWordConfig(dim=2, word_dropout=0.0)), network(word_dropout=0.0)
    torch.manual_seed(1)
    before = model.loss(made, batch_of([[0, 1]], 3))
    made.texts.weights = torch.cat([made.texts.weights, torch.tensor([100.0])])
    made.texts.words = torch.cat([made.texts.words, torch.tensor([0])])  # now movie 2 has a word, and a strong one
    torch.manual_seed(1)
    torch.testing.assert_close(model.loss(made, batch_of([[0, 1]], 3)), before)


def test_words_that_few_movies_share_say_nothing_and_learn_nothing() -> None:
    made = UserWordNetwork(3, UserWordConfig(dim=2, word_dropout=0.0))
    made.describe(TEXTS, np.array([True, False, True]))
    made.movies(made.texts).sum().backward()
    assert made.E[1].abs().sum() == 0
    assert made.E.grad is not None
    assert made.E.grad[1].abs().sum() == 0
    assert made.E.grad[0].abs().sum() > 0
