"""What is left out, how loud the rest is, and that torch's seed decides it."""

from __future__ import annotations

import pytest
import torch

from recommender.layers.dropout import Dropout


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("shape", [(1_000, 1_001), (7, 11, 13, 999)])
def test_leaves_out_its_share_and_lifts_the_rest(p: float, shape: tuple[int, ...]) -> None:
    """Within five standard errors; every number that is left is x / (1 - p)."""
    torch.manual_seed(0)
    x = torch.rand(shape) + 1
    y = Dropout(p)(x)
    kept = y != 0
    assert abs(kept.double().mean() - (1 - p)) < 5 * (p * (1 - p) / x.numel()) ** 0.5
    torch.testing.assert_close(y[kept], (x / (1 - p))[kept])


def test_neighbours_are_left_out_by_themselves() -> None:
    """All sixteen ways in which four neighbours, who share one drawn number, may fare come equally often."""
    torch.manual_seed(0)
    kept = Dropout(0.5)(torch.ones(400_000)).view(-1, 4) != 0
    seen = torch.bincount((kept * torch.tensor([1, 2, 4, 8])).sum(dim=1), minlength=16)
    expected = 100_000 / 16
    assert ((seen - expected).square() / expected).sum() < 37.7  # χ² with 15 degrees of freedom: 1 in 1,000


def test_what_was_left_out_learns_nothing() -> None:
    """The gradient is 1 / (1 - p) where the number was kept and 0 elsewhere."""
    x = torch.ones(3, 5, requires_grad=True)
    y = Dropout(0.4)(x)
    y.sum().backward()
    torch.testing.assert_close(x.grad, y.detach())


def test_one_seed_one_mask() -> None:
    """torch's own seed decides, as everywhere; another call goes on from there."""
    drop, x = Dropout(0.5), torch.ones(257)
    torch.manual_seed(3)
    first, second = drop(x), drop(x)
    torch.manual_seed(3)
    assert torch.equal(drop(x), first)
    assert not torch.equal(first, second)


def test_does_nothing_outside_of_training_and_keeps_the_type() -> None:
    """Nor at p = 0."""
    x = torch.rand(4, 4, dtype=torch.float64)
    assert Dropout(0.5).eval()(x) is x
    assert torch.equal(Dropout(0.0)(x), x)
    assert Dropout(0.5)(x).dtype == torch.float64
    assert Dropout(0.5)(x[:0]).shape == (0, 4)
