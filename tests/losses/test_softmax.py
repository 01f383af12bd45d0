"""Full softmax: by hand, and the version in chunks equal to the plain one, gradients included."""

from __future__ import annotations

import math

import pytest
import torch

from recommender.losses import softmax as module
from recommender.losses.softmax import catalogue_softmax, softmax


def test_by_hand() -> None:
    logits = torch.tensor([[0.0, math.log(3)], [0.0, 0.0]])
    assert softmax(logits, torch.tensor([1, 0])).item() == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)


def test_smoothing_by_hand() -> None:
    """Target 1 of two items with share 0.2: 0.9 of the probability on it, 0.1 on the other."""
    logits = torch.tensor([[0.0, math.log(3)]])
    expected = 0.9 * math.log(4 / 3) + 0.1 * math.log(4)
    assert softmax(logits, torch.tensor([1]), 0.2).item() == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("with_bias", [False, True])
def test_in_chunks_it_is_the_same(smoothing: float, with_bias: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module.CHUNK_ELEMENTS, "cpu", 1)  # chunks of the smallest size, 32 rows
    torch.manual_seed(0)
    n, n_items, dim = 100, 50, 8
    plain = [torch.randn(n, dim), torch.randn(n_items, dim), torch.randn(n_items)]
    chunked = [tensor.clone() for tensor in plain]
    for tensor in (*plain, *chunked):
        tensor.requires_grad_()
    targets = torch.randint(0, n_items, (n,))

    one = softmax(plain[0] @ plain[1].T + (plain[2] if with_bias else 0), targets, smoothing)
    other = catalogue_softmax(chunked[0], chunked[1], targets, chunked[2] if with_bias else None, smoothing)
    assert other.item() == pytest.approx(one.item(), rel=1e-5)
    (3 * one).backward()
    (3 * other).backward()
    for a, b in list(zip(plain, chunked, strict=True))[: 3 if with_bias else 2]:
        assert a.grad is not None
        assert b.grad is not None
        torch.testing.assert_close(b.grad, a.grad, rtol=1e-4, atol=1e-6)


def test_large_logits_do_not_overflow() -> None:
    loss = catalogue_softmax(torch.tensor([[100.0]]), torch.tensor([[10.0], [-10.0]]), torch.tensor([1]))
    assert loss.item() == pytest.approx(2_000)


def test_nothing_to_predict_is_no_loss() -> None:
    states = torch.zeros(0, 4, requires_grad=True)
    loss = catalogue_softmax(states, torch.zeros(3, 4), torch.zeros(0, dtype=torch.int64))
    loss.backward()
    assert loss.item() == 0
