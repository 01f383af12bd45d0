"""A convolution over words, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.features.words import Words
from recommender.layers.word_cnn import WordCNN

TEXTS = Words({"a": 0, "b": 1}, np.array([0, 1, 0, 1, 1], np.int32), np.array([0, 3, 3, 4, 5]))


def layer() -> WordCNN:
    """One filter over three words of width 1: left + 2 middle + 4 right, less 6.5."""
    made = WordCNN(1, 1, 3)
    made.describe(TEXTS)
    with torch.no_grad():
        made.E[:2] = torch.tensor([[1.0], [3.0]])
        made.K.weight.copy_(torch.tensor([[[1.0, 2.0, 4.0]]]))
        made.K.bias.fill_(-6.5)
    return made


def test_the_strongest_phrase_of_each_text() -> None:
    # "a b a": 2 + 12, 1 + 6 + 4, 3 + 2; nothing; "b": 6; "b": 6
    torch.testing.assert_close(layer()()[:, 0], torch.tensor([7.5, 0.0, 0.0, 0.0]))


def test_any_movies_in_any_order_and_other_texts() -> None:
    made = layer()
    torch.testing.assert_close(made(torch.tensor([3, 0, 1]))[:, 0], torch.tensor([0.0, 7.5, 0.0]))
    torch.testing.assert_close(made.of(TEXTS), made())
    assert made.of(Words({}, np.empty(0, np.int32), np.zeros(1, np.int64))).shape == (0, 1)


def test_what_is_filled_up_never_counts() -> None:
    made = layer()
    with torch.no_grad():
        made.K.bias.fill_(100.0)
    torch.testing.assert_close(made()[1:, 0], torch.tensor([0.0, 106.0, 106.0]))


def test_the_filling_learns_nothing() -> None:
    made = layer()
    made().sum().backward()
    assert made.E.grad is not None
    assert made.E.grad[-1].abs().sum() == 0
    assert made.E.grad[:2].abs().sum() > 0


def test_in_training_words_are_left_out() -> None:
    made = WordCNN(1, 1, 3, dropout=0.999999)
    made.describe(TEXTS)
    with torch.no_grad():
        made.K.bias.fill_(2.0)
    torch.testing.assert_close(made()[:, 0], torch.tensor([2.0, 0.0, 2.0, 2.0]))
    assert made.eval()()[0] != 2
