"""Markov: what do people rate right after the movie you rated last?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.layers.popularity import popularity
from recommender.layers.preference import NEUTRAL
from recommender.layers.transitions import transitions
from recommender.models.base import Block, Config, ModelCard, Paper, Progress, Recommender, silent


class MarkovConfig(Config):
    """How much to trust few transitions."""

    smoothing: float = Field(
        1.0,
        gt=0,
        le=1_000,
        description="Transitions that popularity is worth: with so many seen from a movie, chain and popularity weigh the "
        "same. Source: validation on the embedded data, where 0.5 to 20 give the same figures.",
        json_schema_extra={"unit": "transitions"},
    )


class Markov(Recommender):
    """First-order chain over items, P(j | i) = (C_ij + m p_j) / (C_i + m), with popularity p as the prior (Dirichlet smoothing)."""

    card = ModelCard(
        name="Markov",
        family="classic",
        block=Block.LINEAR,
        paper=Paper(authors="Shani, Heckerman and Brafman", year=2005, title="An MDP-Based Recommender System"),
        sentence="Looks only at the last movie that you did not dislike, and shows what people rated right after it.",
        ratings="The chain leaves from your last movie with two and a half stars or more; a movie that you disliked is passed "
        "over, so it never leads anywhere.",
        departures="First order only, and smoothed towards popularity instead of by skipping and clustering: on data of this "
        "size longer states are too rare to help.",
        uses_order=True,
    )
    Config = MarkovConfig
    config: MarkovConfig

    transitions: sp.csr_array
    """C_ij: how often j was rated right after i, `[n_items, n_items]`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Count who follows whom."""
        progress(0, 1, {})
        n = len(catalog)
        self.transitions = transitions(interactions.user, interactions.item, n)
        self.popular = popularity(interactions, n)
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Probability of each item to come next, up to a factor per person, `[batch, n_items]`."""
        kept = histories.ratings >= NEUTRAL
        people = histories.rows[kept]
        last = np.full(len(histories), -1)
        last[people] = histories.items[kept]  # of several assignments to a person the last one stays

        known = last >= 0
        counts = np.zeros((len(histories), len(self.popular)), np.float32)
        if known.any():
            counts[known] = self.transitions[last[known]].toarray()
        prior = self.popular / self.popular.sum()
        m = np.float32(self.config.smoothing)
        return (counts + m * prior) / (counts.sum(axis=1, keepdims=True) + m)

    def state(self) -> dict[str, NDArray[Any]]:
        """The sparse counts and popularity."""
        return {
            "data": self.transitions.data,
            "indices": self.transitions.indices,
            "indptr": self.transitions.indptr,
            "popular": self.popular,
        }

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take counts and popularity back."""
        self.popular = state["popular"]
        shape = (len(self.popular), len(self.popular))
        self.transitions = sp.csr_array((state["data"], state["indices"], state["indptr"]), shape=shape)
