"""A history as a graph of its movies, and a gated network on it."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def session_graph(items: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The node of each rating, and the normalised edges between nodes (Wu et al. 2019).

    `items` int64 and `mask` bool, `[batch, length]`. A movie's node has the number of its first rating's place. Returns `node` int64
    `[batch, length]` and `outgoing`, `incoming` `[batch, length, length]`: outgoing[i, j] is the share of the steps out of i that
    lead to j, incoming[i, j] the share of the steps into i that come from j.
    """
    same = items[:, :, None] == items[:, None, :]  # [batch, length, length]
    node = same.int().argmax(dim=2)  # the first of equals
    steps = torch.zeros(same.shape, device=items.device)
    person = torch.arange(len(items), device=items.device)[:, None].expand_as(node[:, 1:])
    steps.index_put_((person, node[:, :-1], node[:, 1:]), mask[:, 1:].float(), accumulate=True)
    outgoing = steps / steps.sum(dim=2, keepdim=True).clamp(min=1)
    incoming = (steps / steps.sum(dim=1, keepdim=True).clamp(min=1)).transpose(1, 2)
    return node, outgoing, incoming


class GatedGraph(nn.Module):
    """a = [A_in (v H_in + b_in) ; A_out (v H_out + b_out)]; v <- GRU(a, v), some rounds (Li et al. 2016, as in Wu et al. 2019)."""

    def __init__(self, dim: int, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds
        self.H_in, self.H_out = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.cell = nn.GRUCell(2 * dim, dim)

    def forward(self, v: Tensor, outgoing: Tensor, incoming: Tensor) -> Tensor:
        """Node vectors `v` `[batch, length, dim]` -> the same, after `rounds` rounds along the edges."""
        for _ in range(self.rounds):
            a = torch.cat([incoming @ self.H_in(v), outgoing @ self.H_out(v)], dim=-1)  # [batch, length, 2 dim]
            v = self.cell(a.flatten(0, 1), v.flatten(0, 1)).view_as(v)
        return v
