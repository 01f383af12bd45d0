"""What features say of a movie that nobody rated, on the scale of the movies that were rated."""

from __future__ import annotations

from torch import Tensor


def stood(new: Tensor, features_say: Tensor, scores: Tensor) -> Tensor:
    """`new`, moved and stretched for each person so that what features say of the rated movies has their scores' mean and spread.

    `new` `[batch, n]`, what features say of movies without ratings; `features_say` and `scores` `[batch, n_known]`, what features
    say of the rated movies and what they are given. What is predicted from features lies nearer to the mean than what is known
    (a regression explains a part of the spread), so among all movies no new one would come to the top of a list, however
    well it suits. After this a new movie stands as high among the rated ones as their features alone would have it.
    """
    if not scores.numel():
        return new
    spread = scores.std(dim=1, keepdim=True, correction=0) / features_say.std(dim=1, keepdim=True, correction=0).clamp(
        min=1e-12
    )
    return (new - features_say.mean(dim=1, keepdim=True)) * spread + scores.mean(dim=1, keepdim=True)
