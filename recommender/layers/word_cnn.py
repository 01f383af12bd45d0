"""A convolution over the words of a text: what its strongest phrases are."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.features.words import Words

AT_ONCE = 256
"""Texts that are convolved together, those of like length, so that hardly anything is filled up."""


class WordCNN(nn.Module):
    """max over the text of ReLU(K * E), K filters over `window` words (odd); a text without words is 0. Used by ConvMF and DeepCoNN.

    In training each word is left out with probability `dropout`, so that no text is known by a single one.
    """

    def __init__(self, dim: int, filters: int, window: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dim, self.filters, self.dropout = dim, filters, dropout
        self.E = nn.UninitializedParameter()  # [n_words + 1, dim], the last row is the filling; the data say how many
        self.K = nn.Conv1d(dim, filters, window, padding=window // 2)
        self.register_buffer("ids", torch.zeros(0, dtype=torch.int32))
        self.register_buffer("offsets", torch.zeros(1, dtype=torch.long))
        self.ids: Tensor
        self.offsets: Tensor

    def describe(self, words: Words) -> None:
        """Take the texts of all movies; make the words' vectors."""
        self.ids, self.offsets = torch.from_numpy(words.ids), torch.from_numpy(words.offsets)
        self.E.materialize((len(words.vocabulary) + 1, self.dim))
        nn.init.normal_(self.E, std=self.dim**-0.5)
        with torch.no_grad():
            self.E[-1] = 0

    def forward(self, items: Tensor | None = None) -> Tensor:
        """The texts of these movies, or of all, `[n, filters]`."""
        items = torch.arange(len(self.offsets) - 1, device=self.offsets.device) if items is None else items
        return self._sorted(self.ids, self.offsets[items], self.offsets[items + 1] - self.offsets[items])

    def of(self, words: Words) -> Tensor:
        """Other texts, in the same vocabulary, `[n_texts, filters]`."""
        begins, lengths = words.offsets[:-1], np.diff(words.offsets)
        return self._sorted(torch.from_numpy(words.ids), torch.from_numpy(begins), torch.from_numpy(lengths))

    def _sorted(self, ids: Tensor, begins: Tensor, lengths: Tensor) -> Tensor:
        order = lengths.argsort(stable=True)
        parts = [self._pooled(ids, begins[some], lengths[some]) for some in torch.split(order, AT_ONCE)]
        return torch.cat(parts)[order.argsort()] if parts else self.E.new_zeros(0, self.filters)

    def _pooled(self, ids: Tensor, begins: Tensor, lengths: Tensor) -> Tensor:
        """Stretches of `ids`, `[n, filters]`."""
        if not lengths.any():
            return self.E.new_zeros(len(lengths), self.filters) + 0 * self.E.sum()
        step = torch.arange(int(lengths.max()), device=ids.device)
        inside = step < lengths[:, None]  # [n, length]
        place = (begins[:, None] + step).clamp(max=len(ids) - 1)
        read = inside & (torch.rand(inside.shape, device=ids.device) >= self.dropout) if self.training else inside
        words = torch.where(read, ids[place].long(), len(self.E) - 1)
        strength = self.K(
            F.embedding(words, self.E, padding_idx=len(self.E) - 1).transpose(1, 2)
        )  # [n, filters, length]
        return (strength.relu() * inside[:, None]).amax(dim=2)
