"""What features say of a movie that nobody rated, on the scale of the movies that were rated."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

ALIKE = 1e-3
"""Standard deviations within which two things that features say are the same, so that no rounding decides between them."""


def stood(new: Tensor, features_say: Tensor, scores: Tensor) -> Tensor:
    """`new` on the scale of `scores`: what stands at some rank among `features_say` gets the score that stands at that rank.

    `new` `[batch, n]`, what features say of movies without ratings; `features_say` and `scores` `[batch, n_known]`, what features
    say of the rated movies and what they are given. What is predicted from features lies nearer to the mean than what is known
    (a regression explains a part of the spread), so among all movies no new one would come to the top of a list, however
    well it suits. After this as many of the new movies are among the first hundred as of the rated ones, would all be judged by
    their features alone. Between two ranks and beyond the last it is linear; the order of the new movies stays.
    """
    k = scores.shape[1]
    if not scores.numel():
        return new
    say, given = (_sorted(part) for part in (features_say, scores))
    told, spread = (_deviation(part) for part in (say, given))
    inside = new.clamp(say[:, :1], say[:, -1:])
    below = torch.searchsorted(say, (inside - ALIKE * told).contiguous())  # so many say less
    upto = torch.searchsorted(say, (inside + ALIKE * told).contiguous(), right=True)  # and so many say no more
    left, right = (below - 1).clamp(min=0), below.clamp(max=k - 1)
    low, high = say.gather(1, left), say.gather(1, right)
    between = left + (inside - low) / (high - low).clamp(min=1e-12)
    rank = torch.where(upto > below, (below + upto - 1) / 2, between).clamp(0, k - 1)
    floor = rank.floor().long()
    one, next_one = given.gather(1, floor), given.gather(1, (floor + 1).clamp(max=k - 1))
    beyond = (new - inside) * spread / told.clamp(min=1e-12)
    return one + (rank - floor) * (next_one - one) + beyond


def _sorted(rows: Tensor) -> Tensor:
    """By NumPy, which needs a tenth of torch's time, since torch finds out where each number stood as well."""
    return torch.from_numpy(np.sort(np.ascontiguousarray(rows.cpu().numpy()), axis=1)).to(rows.device)


def _deviation(rows: Tensor) -> Tensor:
    """Standard deviation of each row, `[batch, 1]`; by NumPy, for the same reason."""
    return torch.from_numpy(rows.cpu().numpy().std(axis=1, keepdims=True)).to(rows.device)


def ranked(scores: Tensor, features_say: Tensor, known: Tensor) -> Tensor:
    """`scores` `[batch, n_items]`, those of movies that are not `known` `[n_items]` by what features say of all, `[batch, n_items]`."""
    if known.all():
        return scores
    placed = stood(features_say[:, ~known], features_say[:, known], scores[:, known])
    return scores.masked_scatter(~known, placed)
