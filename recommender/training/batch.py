"""A batch: what every network reads, in training and when it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recommender.data import Histories

NOTHING = -1
"""A target where there is nothing to predict."""


@dataclass(eq=False)
class Batch:
    """Histories side by side, oldest first, filled up on the right. Since what stands right of a rating never counts for a
    causal network, filling up changes no score; networks that look both ways read `mask`.
    """

    items: Tensor
    """int64 `[batch, length]`: the catalogue's indices; `n_items` where filled up."""
    ratings: Tensor
    """float32 `[batch, length]`: stars 0.5..5; 0 where filled up."""
    timestamps: Tensor
    """int64 `[batch, length]`: Unix seconds; 0 where filled up."""
    lengths: Tensor
    """int64 `[batch]`: ratings per history, at least 1."""
    targets: Tensor | None = None
    """int64 `[batch, length]` or `[batch]`: what to predict there, or NOTHING. None when answering."""
    target_ratings: Tensor | None = None
    """float32, as `targets`: the stars that the target got."""
    target_timestamps: Tensor | None = None
    """int64, as `targets`: Unix seconds of the target."""
    people: Tensor | None = None
    """int64 `[batch]`: who they are among the people of the training, where a network asks for it. None when answering."""

    @property
    def mask(self) -> Tensor:
        """True where there is a rating, `[batch, length]`."""
        return torch.arange(self.items.shape[1], device=self.items.device) < self.lengths[:, None]

    def last(self, states: Tensor) -> Tensor:
        """The state at each history's last rating: `[batch, length, dim]` -> `[batch, dim]`."""
        return states[torch.arange(len(states), device=states.device), self.lengths - 1]

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return Batch(**{name: value.to(device, non_blocking=True) for name, value in self._tensors()})

    def parts(self, count: int) -> Iterator[Batch]:
        """The batch in `count` parts of about equal size; fewer when it has fewer examples."""
        for rows in torch.arange(len(self.items)).chunk(count):
            yield Batch(**{name: value[rows[0] : rows[-1] + 1] for name, value in self._tensors()})

    @property
    def weight(self) -> int:
        """How many things it asks to predict; parts of a batch are averaged by this."""
        return len(self.items) if self.targets is None else int((self.targets != NOTHING).sum())

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                yield field.name, value


def gathered(histories: Histories, begins: NDArray[np.int64], lengths: NDArray[np.int64], n_items: int) -> Batch:
    """Rows `begins[b]:begins[b] + lengths[b]` of the histories' columns as a batch."""
    return Batch(
        items=padded(histories.items, begins, lengths, n_items, np.int64),
        ratings=padded(histories.ratings, begins, lengths, 0, np.float32),
        timestamps=padded(histories.timestamps, begins, lengths, 0, np.int64),
        lengths=torch.from_numpy(lengths),
    )


def padded(
    column: NDArray[Any], begins: NDArray[np.int64], lengths: NDArray[np.int64], fill: int, dtype: type[Any]
) -> Tensor:
    """Stretches of a column below each other, filled up on the right, `[batch, longest]`."""
    step = np.arange(lengths.max(initial=1))
    place = np.minimum(begins[:, None] + step, max(len(column) - 1, 0))
    return torch.from_numpy(np.where(step < lengths[:, None], column[place], fill).astype(dtype, copy=False))
