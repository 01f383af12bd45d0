"""Experts, gates that mix them, and a tower per task: what multi-task networks are assembled from.

Groups stand in front of the pairs, so that each group's layer is one large product of matrices.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.layers.dropout import Dropout


def mixed(experts: Tensor, gate: Tensor) -> Tensor:
    """Σ_e softmax(gate)_e expert_e, `[experts, n, width]` and logits `[n, experts]` -> `[n, width]`."""
    return (gate.T.softmax(dim=0)[..., None] * experts).sum(dim=0)


def panel(joint: Tensor, experts: int, width: int) -> Tensor:
    """Opinions of `experts`, `width` wide, mixed by each gate, `[n, experts * (width + gates)]` -> `[gates, n, width]`: ReLU'd opinions first, then gates.

    Used by MMOE and DMT. Several gates over the same experts are mixed faster as one product per pair than one by one.
    """
    opinions, gates = torch.split(joint, [experts * width, joint.shape[1] - experts * width], dim=1)
    shares = gates.view(len(joint), -1, experts).softmax(dim=2)
    return (shares @ opinions.relu().view(len(joint), experts, width)).transpose(0, 1)


def side_by_side(x: Tensor, groups: int) -> Tensor:
    """`[n, groups * width]` -> `[groups, n, width]`."""
    return x.view(len(x), groups, -1).transpose(0, 1)


class Grouped(nn.Module):
    """As many linear layers side by side, each over an input of its own, `[groups, n, inputs]` -> `[groups, n, outputs]`."""

    def __init__(self, groups: int, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(groups, inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(groups, outputs))
        nn.init.uniform_(self.weight, -(inputs**-0.5), inputs**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """W_g x_g + b_g."""
        return torch.baddbmm(self.bias[:, None], x, self.weight)


class Towers(nn.Module):
    """A tower per task over an input of its own, `[tasks, n, width]` -> one logit each, `[n, tasks]`."""

    def __init__(self, tasks: int, width: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.parts = nn.Sequential(
            Grouped(tasks, width, hidden), nn.ReLU(), Dropout(dropout), Grouped(tasks, hidden, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """The logits."""
        return self.parts(x)[..., 0].T
