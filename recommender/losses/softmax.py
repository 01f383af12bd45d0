"""Full softmax: the target against every item of the catalogue."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

CHUNK_ELEMENTS = {"cpu": 2**20, "cuda": 2**26}
"""Logits worked on at once: what a core's cache holds, or what a GPU has to spare."""


def softmax(logits: Tensor, targets: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Mean of -ln softmax(logits)[target].

    Inputs: `logits` `[n, n_items]`; `targets` int64 `[n]`; `label_smoothing` 0..1, the share that goes to all items alike.
    When to use: whenever n x n_items logits can be afforded; it is the most accurate of the losses here.
    Source: Klenitskiy and Vasilev (2023) for sequence models; Szegedy et al. (2016) for the smoothing.
    Relations: `catalogue_softmax` gives the same value and gradients without keeping the logits; `sampled_softmax` estimates it.
    """
    return F.cross_entropy(logits.float(), targets, label_smoothing=label_smoothing)


def catalogue_softmax(
    states: Tensor, table: Tensor, targets: Tensor, bias: Tensor | None = None, label_smoothing: float = 0.0
) -> Tensor:
    """`softmax(states @ table.T + bias, targets)`, worked off in chunks whose gradients are taken at once.

    Inputs: `states` `[n, dim]`; `table` `[n_items, dim]`; `targets` int64 `[n]`; `bias` `[n_items]`.
    When to use: in place of `softmax`; no `[n, n_items]` is ever held, so it is faster on CPUs and fits on GPUs.
    Source: the derivative of cross-entropy, (p - y); gradients in the forward pass as in Hsu et al. (2024), Liger Kernel.
    Relations: equal to `softmax` (tests/losses).
    """
    if len(targets) == 0:
        return states.sum() * 0.0
    bias = states.new_zeros(0) if bias is None else bias
    return _CatalogueSoftmax.apply(states, table, targets, bias, label_smoothing)  # type: ignore[no-untyped-call]


class _CatalogueSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, states: Tensor, table: Tensor, targets: Tensor, bias: Tensor, smoothing: float) -> Tensor:
        n, n_items = len(states), len(table)
        rows = max(CHUNK_ELEMENTS.get(states.device.type, 2**26) // n_items, 32)
        loss = torch.zeros((), device=states.device)
        d_states, d_table = torch.empty_like(states), torch.zeros_like(table, dtype=torch.float32)
        d_bias = torch.zeros_like(bias, dtype=torch.float32)
        spread = table.float().mean(dim=0)  # [dim]: what smoothing pulls towards
        for begin in range(0, n, rows):
            h, y = states[begin : begin + rows], targets[begin : begin + rows]  # [rows, dim], [rows]
            z = (h @ table.T).float()  # [rows, n_items]
            if len(bias):
                z += bias
            own = z.gather(1, y[:, None])[:, 0]
            if smoothing:
                own = (1 - smoothing) * own + smoothing * z.mean(dim=1)
            top = z.amax(dim=1, keepdim=True)
            p = z.sub_(top).exp_()  # softmax times `mass`
            mass = p.sum(dim=1, keepdim=True)
            loss += (mass.log() + top)[:, 0].sum() - own.sum()
            p /= mass * n
            p.scatter_add_(1, y[:, None], p.new_full((len(y), 1), (smoothing - 1) / n))
            p = p.to(h.dtype)
            d_states[begin : begin + rows] = p @ table - spread.to(h.dtype) * (smoothing / n)
            d_table += p.T @ h
            if len(bias):
                d_bias += p.sum(dim=0)
        if smoothing:
            d_table -= states.float().sum(dim=0) * (smoothing / n / n_items)
            d_bias -= smoothing / n_items
        ctx.save_for_backward(d_states, d_table.to(table.dtype), d_bias.to(bias.dtype))
        return loss / n

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, Tensor, None]:
        (grad,) = grads
        d_states, d_table, d_bias = ctx.saved_tensors
        return d_states * grad, d_table * grad, None, d_bias * grad, None
