"""The losses against drawn items, each by hand."""

from __future__ import annotations

import math

import pytest
import torch

from recommender.losses.bce import bce
from recommender.losses.bpr import bpr
from recommender.losses.bpr_max import bpr_max
from recommender.losses.gbce import gbce
from recommender.losses.sampled_softmax import sampled_softmax
from recommender.losses.softmax import softmax
from recommender.losses.top1_max import top1_max

LN = math.log
ONE, TWO = torch.tensor([LN(3)]), torch.tensor([[0.0, LN(2)]])
"""σ(ln 3) = 3/4, σ(0) = 1/2, σ(ln 2) = 2/3."""


def test_bce() -> None:
    assert bce(ONE, TWO).item() == pytest.approx(-LN(3 / 4) - (LN(1 / 2) + LN(1 / 3)) / 2)


def test_bce_averages_over_targets() -> None:
    both = bce(torch.tensor([LN(3), 0.0]), torch.zeros(2, 1)).item()
    assert both == pytest.approx((-LN(3 / 4) - LN(1 / 2) - 2 * LN(1 / 2)) / 2)


def test_gbce() -> None:
    """k = 2 of 5 items: α = 1/2; t = 0.5: β = 0.5 (0.5 (1 - 2) + 2) = 0.75."""
    expected = (-0.75 * LN(3 / 4) - LN(1 / 2) - LN(1 / 3)) / 3
    assert gbce(ONE, TWO, 5, 0.5).item() == pytest.approx(expected)


def test_gbce_without_calibration_is_bce_with_a_sum() -> None:
    expected = (-LN(3 / 4) - LN(1 / 2) - LN(1 / 3)) / 3
    assert gbce(ONE, TWO, 1_000, 0.0).item() == pytest.approx(expected)


def test_bpr() -> None:
    """σ(ln 3 - 0) = 3/4, σ(ln 3 - ln 2) = σ(ln 1.5) = 3/5."""
    assert bpr(ONE, TWO).item() == pytest.approx(-(LN(3 / 4) + LN(3 / 5)) / 2)


def test_bpr_max() -> None:
    """softmax(0, ln 2) = 1/3, 2/3."""
    expected = -LN(1 / 3 * 3 / 4 + 2 / 3 * 3 / 5) + 0.5 * (2 / 3) * LN(2) ** 2
    assert bpr_max(ONE, TWO, 0.5).item() == pytest.approx(expected)


def test_top1_max() -> None:
    """σ(0 - ln 3) = 1/4, σ(ln 2 - ln 3) = 2/5; the penalty is σ(s²)."""
    penalty = 1 / (1 + math.exp(-(LN(2) ** 2)))
    expected = 1 / 3 * (1 / 4 + 0.5 * 1 / 2) + 2 / 3 * (2 / 5 + 0.5 * penalty)
    assert top1_max(ONE, TWO, 0.5).item() == pytest.approx(expected)


def test_sampled_softmax() -> None:
    """Two draws with q = 1/4, 1/2: e^s_j / (2 q_j) = 1 / 0.5 and 2 / 1."""
    log_q = torch.tensor([LN(1 / 4), LN(1 / 2)])
    assert sampled_softmax(ONE, TWO, log_q).item() == pytest.approx(-LN(3 / (3 + 2 + 2)))


def test_sampled_softmax_comes_near_to_the_whole() -> None:
    """Ten thousand draws, by any distribution, estimate the sum over the catalogue's other items."""
    torch.manual_seed(0)
    scores = torch.randn(20)
    q = torch.rand(20).softmax(0)
    drawn = torch.multinomial(q, 10_000, replacement=True)
    kept = drawn != 3
    negative = scores[drawn].masked_fill(~kept, -1e4)[None]
    whole = softmax(scores[None], torch.tensor([3])).item()
    assert sampled_softmax(scores[3:4], negative, q[drawn].log()).item() == pytest.approx(whole, abs=0.05)


@pytest.mark.parametrize(
    "loss",
    [bce, bpr, lambda p, n: bpr_max(p, n, 1.0), lambda p, n: gbce(p, n, 50, 0.75)],
    ids=["bce", "bpr", "max", "gbce"],
)
def test_an_item_that_is_the_target_itself_weighs_nothing(loss) -> None:
    """Its score is put to -1e4: gradients are finite and it has none."""
    positive = torch.tensor([1.0], requires_grad=True)
    negative = torch.tensor([[0.5, -1e4]], requires_grad=True)
    loss(positive, negative).backward()
    assert positive.grad is not None
    assert negative.grad is not None
    assert torch.isfinite(positive.grad).all()
    assert negative.grad[0, 1].item() == 0
