"""The ridge step of a person, by hand."""

from __future__ import annotations

import torch

from recommender.layers.fold_in import folded_in


def test_one_factor() -> None:
    V = torch.tensor([[2.0], [1.0], [3.0]])
    u = folded_in(V, torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([[True, False, False]]), 0.1, 0.5)
    torch.testing.assert_close(u, torch.tensor([[2 / (4 + 0.1 * (1 + 9) + 0.5)]]))


def test_it_is_where_the_weighted_error_is_least() -> None:
    torch.manual_seed(0)
    V, rated = torch.randn(7, 3), torch.rand(2, 7) < 0.5
    values = torch.randn(2, 7) * rated
    u = folded_in(V, values, rated, 0.2, 0.7).requires_grad_()
    weight = torch.where(rated, 1.0, 0.2)
    ((weight * (values - u @ V.T) ** 2).sum() + 0.7 * u.square().sum()).backward()
    torch.testing.assert_close(u.grad, torch.zeros_like(u), atol=1e-5, rtol=0)
