"""The policy gradient in chunks is the plain one."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from recommender.losses import policy_gradient as module
from recommender.losses.policy_gradient import policy_gradient
from recommender.losses.softmax import catalogue_softmax


def leaves(seed: int = 0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """States, table, bias and choices."""
    torch.manual_seed(seed)
    h, v, b = (torch.randn(*shape, dtype=torch.float32).requires_grad_() for shape in ((70, 4), (9, 4), (9,)))
    return h, v, b, torch.randint(9, (70,))


def grads(*tensors: Tensor) -> list[Tensor]:
    return [tensor.grad for tensor in tensors if tensor.grad is not None]


def test_it_is_the_weighed_logarithm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK_ELEMENTS", {"cpu": 9 * 32})  # three chunks
    h, v, b, a = leaves()
    loss, log_p = policy_gradient(h, v, a, lambda log_pi, rows: log_pi.exp() * (1 + torch.arange(70)[rows]), b)
    (loss * 2).backward()
    found = grads(h, v, b)

    h, v, b, _ = leaves()
    plain = torch.log_softmax(h @ v.T + b, dim=1)[torch.arange(70), a]
    weight = (plain.exp() * (1 + torch.arange(70))).detach()
    expected = -(weight * plain).mean()
    (expected * 2).backward()
    assert torch.allclose(loss, expected)
    assert torch.allclose(log_p, plain)
    for one, other in zip(found, grads(h, v, b), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_with_equal_weights_it_is_the_full_softmax() -> None:
    h, v, b, a = leaves(1)
    loss, _ = policy_gradient(h, v, a, lambda log_pi, rows: torch.ones_like(log_pi), b)
    assert torch.allclose(loss, catalogue_softmax(h, v, a, b))


def test_no_choice_is_no_loss() -> None:
    h, v, _, a = leaves()
    loss, log_p = policy_gradient(h[:0], v, a[:0], lambda log_pi, rows: log_pi)
    assert loss.item() == 0
    assert len(log_p) == 0
