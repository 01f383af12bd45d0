"""Policy gradient: the logarithm of a choice's probability among the whole catalogue, each choice weighed by what is known once it is worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from recommender.losses.softmax import CHUNK_ELEMENTS

Weigh = Callable[[Tensor, slice], Tensor]
"""Given ln π of some choices `[rows]` and which of all they are, the weight of each `[rows]`."""


def policy_gradient(
    states: Tensor, table: Tensor, chosen: Tensor, weigh: Weigh, bias: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Mean of -weight · ln π(chosen), π = softmax(states @ table.T + bias), and ln π(chosen) itself, without gradient.

    Inputs: `states` `[n, dim]`; `table` `[n_items, dim]`; `chosen` int64 `[n]`; `bias` `[n_items]`. Weights are numbers: no gradient
    goes through them. Outputs `[]` and `[n]`.
    When to use: for choices that were made by somebody else, which count by their reward and by how likely both would make them.
    Source: Williams (1992); off-policy as in Chen et al. (2019), section 4.
    Relations: with all weights 1 the value and the gradients of `catalogue_softmax` (tests/losses), worked off in chunks as there.
    """
    if len(chosen) == 0:
        return states.sum() * 0.0, states.new_zeros(0)
    bias = states.new_zeros(len(table)) if bias is None else bias
    return _PolicyGradient.apply(states, table, chosen, bias, weigh)  # type: ignore[no-untyped-call]


class _PolicyGradient(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, states: Tensor, table: Tensor, chosen: Tensor, bias: Tensor, weigh: Weigh
    ) -> tuple[Tensor, Tensor]:
        n, n_items = len(states), len(table)
        size = max(CHUNK_ELEMENTS.get(states.device.type, 2**26) // n_items, 32)
        loss, log_p = torch.zeros((), device=states.device), torch.zeros(n, device=states.device)
        d_states, d_table = torch.empty_like(states), torch.zeros_like(table, dtype=torch.float32)
        d_bias = torch.zeros_like(bias, dtype=torch.float32)
        for begin in range(0, n, size):
            rows = slice(begin, min(begin + size, n))
            h, a = states[rows], chosen[rows, None]  # [rows, dim], [rows, 1]
            p = torch.log_softmax((h @ table.T).float() + bias, dim=1)  # [rows, n_items], ln π for now
            log_p[rows] = p.gather(1, a)[:, 0]
            w = weigh(log_p[rows], rows) / n
            loss -= (w * log_p[rows]).sum()
            p = p.exp_().mul_(w[:, None]).scatter_add_(1, a, -w[:, None]).to(h.dtype)  # w (π - y)
            d_states[rows] = p @ table
            d_table += p.T @ h
            d_bias += p.sum(dim=0)
        ctx.save_for_backward(d_states, d_table.to(table.dtype), d_bias.to(bias.dtype))
        ctx.mark_non_differentiable(log_p)
        return loss, log_p

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, Tensor, None]:
        d_states, d_table, d_bias = ctx.saved_tensors
        return d_states * grads[0], d_table * grads[0], None, d_bias * grads[0], None
