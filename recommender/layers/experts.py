"""Experts, gates that mix them, and a tower per task: what multi-task networks are assembled from."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def mixed(experts: Tensor, gates: Tensor) -> Tensor:
    """Σ_e softmax(gate)_e expert_e for every gate, `[n, experts, width]` and logits `[n, gates, experts]` -> `[n, gates, width]`."""
    return gates.softmax(dim=-1) @ experts


def panel(joint: Tensor, experts: int, width: int) -> Tensor:
    """Opinions of `experts`, `width` wide, mixed by each gate, `[n, experts * (width + gates)]` -> `[n, gates, width]`: ReLU'd opinions first, then gates.

    Used by MMOE and DMT.
    """
    opinions, gates = torch.split(joint, [experts * width, joint.shape[1] - experts * width], dim=1)
    return mixed(opinions.relu().view(len(joint), experts, width), gates.view(len(joint), -1, experts))


class Grouped(nn.Module):
    """As many linear layers side by side, each over an input of its own, `[n, groups, inputs]` -> `[n, groups, outputs]`."""

    def __init__(self, groups: int, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(groups, inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(groups, outputs))
        nn.init.uniform_(self.weight, -(inputs**-0.5), inputs**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """W_g x_g + b_g."""
        return torch.einsum("ngi,gio->ngo", x, self.weight) + self.bias


class Towers(nn.Module):
    """A tower per task over an input of its own, `[n, tasks, width]` -> one logit each, `[n, tasks]`."""

    def __init__(self, tasks: int, width: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.parts = nn.Sequential(
            Grouped(tasks, width, hidden), nn.ReLU(), nn.Dropout(dropout), Grouped(tasks, hidden, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """The logits."""
        return self.parts(x)[..., 0]
