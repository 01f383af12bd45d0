"""A tower: ReLU layers, then one number."""

from __future__ import annotations

from torch import Tensor, nn

from recommender.layers.dropout import Dropout


class Tower(nn.Module):
    """`layers` layers of `width`, each with dropout, then a weighted sum without a bias of its own, `[..., inputs]` -> `[...]`."""

    def __init__(self, inputs: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        parts: list[nn.Module] = []
        for wide in [inputs, *[width] * (layers - 1)]:
            parts += [nn.Linear(wide, width), nn.ReLU(), Dropout(dropout)]
        self.parts = nn.Sequential(*parts, nn.Linear(width, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        """The number."""
        return self.parts(x)[..., 0]
