"""Weighted sums of rows of a table that stay the same from step to step: a catalogue's features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True, eq=False)
class Bags:
    """Which rows each sum is of, and the other way round: in which sums each row is. So the gradient is a sum of the same kind;
    torch's own sorts the rows anew at every step.
    """

    rows: Tensor
    """int64 `[n]`, sum after sum."""
    begins: Tensor
    """int64 `[n_bags]`: where each sum begins in `rows`."""
    weights: Tensor
    """float32 `[n]`."""
    bags: Tensor
    """int64 `[n]`: the sums in which the rows are, row after row."""
    row_begins: Tensor
    """int64 `[n_rows]`: where each row begins in `bags`."""
    row_weights: Tensor
    """float32 `[n]`, in the order of `bags`."""

    @classmethod
    def of(cls, rows: Tensor, begins: Tensor, n_rows: int, weights: Tensor | None = None) -> Self:
        """Sums, or means where there are no `weights`."""
        sizes = torch.diff(begins, append=begins.new_tensor([len(rows)]))
        bags = torch.arange(len(begins), device=rows.device).repeat_interleave(sizes)
        weights = 1 / sizes[bags].float() if weights is None else weights
        by_row = rows.argsort(stable=True)
        counts = rows.bincount(minlength=n_rows)
        return cls(rows, begins, weights, bags[by_row], counts.cumsum(0) - counts, weights[by_row])

    def sum(self, table: Tensor) -> Tensor:
        """`table` `[n_rows, dim]` -> `[n_bags, dim]`; zeros where a sum is of nothing."""
        out: Tensor = _Sum.apply(table, self)  # type: ignore[no-untyped-call]
        return out


class _Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, table: Tensor, bags: Bags) -> Tensor:
        ctx.bags = bags
        return F.embedding_bag(bags.rows, table, bags.begins, mode="sum", per_sample_weights=bags.weights)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        (grad,), bags = grads, ctx.bags
        summed = F.embedding_bag(
            bags.bags, grad.contiguous(), bags.row_begins, mode="sum", per_sample_weights=bags.row_weights
        )
        return summed, None
