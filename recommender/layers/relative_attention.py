"""HSTU's attention with its relative biases, in the form that suits the device: the one place that chooses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec

import torch
from torch import Tensor, nn

from recommender.layers.pointwise_attention import pointwise_attention

BUCKETS = 128
"""Of time: bucket = ln(seconds) / 0.301, as in the authors' code; twenty years fall into bucket 67."""
PER_RATING = 2
"""Tokens: the movie, and what was done with it."""
FUSED_D_HEADS = (16, 32, 64, 128)


@dataclass(frozen=True, eq=False)
class Times:
    """When everything in a batch happened; made once per batch and shared by all blocks."""

    now: Tensor
    """int64 `[batch, length]`, Unix seconds: from when each rating looks back."""
    seconds: Tensor
    """int64 `[batch, length]`, Unix seconds of the ratings."""
    lengths: Tensor
    """int64 `[batch]`, ratings per history; what lies right of them is filling."""

    @cached_property
    def buckets(self) -> Tensor:
        """How long ago rating j was, seen from rating i, int64 `[batch, length, length]`."""
        apart = (self.now[:, :, None] - self.seconds[:, None, :]).clamp(min=1)
        return (apart.float().log() / 0.301).long().clamp(max=BUCKETS - 1)

    @cached_property
    def of_tokens(self) -> tuple[Tensor, Tensor]:
        """`now` and `seconds` of all tokens below each other, int64 `[batch * tokens]`."""
        return self.now.repeat_interleave(PER_RATING), self.seconds.repeat_interleave(PER_RATING)


class RelativeBias(nn.Module):
    """rab_ij = p_{i-j} + t_{bucket(now_i - seconds_j)}: learned scalars for distance in tokens and in time."""

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.p = nn.Parameter(torch.zeros(tokens))
        self.t = nn.Parameter(torch.zeros(BUCKETS))

    def forward(self, times: Times) -> Tensor:
        """The bias of each pair of tokens, `[batch, 1, tokens, tokens]`."""
        tokens = PER_RATING * times.now.shape[1]
        place = torch.arange(tokens, device=times.now.device)
        distance = (place[:, None] - place).clamp(min=0)
        time = self.t[times.buckets].repeat_interleave(PER_RATING, dim=1).repeat_interleave(PER_RATING, dim=2)
        return (self.p[distance] + time)[:, None]


def relative_attention(q: Tensor, k: Tensor, v: Tensor, rab: RelativeBias, times: Times) -> Tensor:
    """O_i = 1/i Σ_{j ≤ i} SiLU(q_i·k_j + rab_ij) v_j, per head; all `[batch, tokens, heads, d_head]`.

    Fused where Triton and a GPU are: there the filling is skipped, and no `[tokens, tokens]` is ever held. What stands in the
    result's filling differs between the forms, and counts for nothing.
    """
    if not fused(q):
        q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)  # each [batch, heads, tokens, d_head]
        return pointwise_attention(q, k, v, rab(times)).transpose(1, 2)
    from recommender.layers.jagged_attention import jagged_attention

    batch, tokens = q.shape[:2]
    begins = tokens * torch.arange(batch, device=q.device)
    rows = q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1)  # each [batch * tokens, heads, d_head]
    mixed = jagged_attention(*rows, begins, PER_RATING * times.lengths, tokens, rab.p, rab.t, *times.of_tokens)
    return mixed.view(q.shape)


def fused(q: Tensor) -> bool:
    """Whether the fused form can do it."""
    return q.is_cuda and q.shape[-1] in FUSED_D_HEADS and _triton()


@cache
def _triton() -> bool:
    return find_spec("triton") is not None
