"""All pairs of vectors at once."""

from __future__ import annotations

from torch import Tensor


def pairwise(vectors: Tensor) -> Tensor:
    """Σ_(f<g) v_f ⊙ v_g = ½ ((Σ v_f)² - Σ v_f²), `[..., fields, dim]` -> `[..., dim]`, in time linear in the fields.

    Source: Rendle (2010), lemma 3.1; the sum left out is the bi-interaction pooling of He and Chua (2017).
    """
    return 0.5 * (vectors.sum(dim=-2).square() - vectors.square().sum(dim=-2))


def meetings(person: Tensor, movie: Tensor) -> Tensor:
    """Σ_(f<g) v_f · v_g over the fields of a person and a movie, pair by pair, both `[n, fields, dim]` -> `[n]`."""
    across = (person.sum(dim=1) * movie.sum(dim=1)).sum(dim=-1)
    return pairwise(person).sum(dim=-1) + pairwise(movie).sum(dim=-1) + across


def every_meeting(person: Tensor, movie: Tensor) -> Tensor:
    """The same of everybody with every movie, `[batch, ...]` and `[n_items, ...]` -> `[batch, n_items]`: one product of matrices,
    since what lies across is a dot product of two sums."""
    across = person.sum(dim=1) @ movie.sum(dim=1).T
    return pairwise(person).sum(dim=-1)[:, None] + pairwise(movie).sum(dim=-1) + across
