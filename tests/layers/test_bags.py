"""Sums of rows, by hand and against torch's own gradient."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from recommender.layers.bags import Bags

TABLE = torch.tensor([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])


def test_weighted_sums_and_means_by_hand() -> None:
    rows, begins = torch.tensor([0, 2, 1]), torch.tensor([0, 2, 2])
    weighted = Bags.of(rows, begins, 3, torch.tensor([1.0, 0.5, 3.0])).sum(TABLE)
    assert weighted.tolist() == [[3, 30], [0, 0], [6, 60]]
    assert Bags.of(rows, begins, 3).sum(TABLE).tolist() == [[2.5, 25], [0, 0], [2, 20]]


def test_each_row_hears_from_the_sums_that_it_is_in() -> None:
    """Row 0 is in the first sum once, row 1 in both, row 2 in none."""
    table = TABLE.clone().requires_grad_()
    bags = Bags.of(torch.tensor([0, 1, 1]), torch.tensor([0, 2]), 3, torch.tensor([1.0, 2.0, 3.0]))
    (bags.sum(table) * torch.tensor([[1.0, 0.0], [10.0, 1.0]])).sum().backward()
    assert table.grad is not None
    assert table.grad.tolist() == [[1, 0], [32, 3], [0, 0]]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=1, max_size=6), st.integers(0, 99))
def test_sums_and_gradients_are_torchs_own(sums: list[list[int]], seed: int) -> None:
    torch.manual_seed(seed)
    rows = torch.tensor([row for each in sums for row in each], dtype=torch.long)
    begins = torch.tensor([sum(map(len, sums[:at])) for at in range(len(sums))])
    one, other = (torch.randn(6, 3).requires_grad_() for _ in range(2))
    with torch.no_grad():
        other.copy_(one)
    ours, theirs = Bags.of(rows, begins, 6).sum(one), F.embedding_bag(rows, other, begins, mode="mean")
    torch.testing.assert_close(ours, theirs)
    pull = torch.randn(ours.shape)
    (ours * pull).sum().backward()
    (theirs * pull).sum().backward()
    torch.testing.assert_close(one.grad, other.grad)
