"""The contract has teeth: models with a known fault, or a known gift, get the marks that they deserve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.models import registry
from recommender.models.base import Progress, Recommender, silent
from tests.models.planted import RING, Planted, cold_placed, hits, pulls


class ByGenre(Recommender):
    """Knows features only: counts the genres that a movie shares with the history."""

    card = registry.model_class("popularity").card

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        genres = [set(row or ()) for row in catalog.frame["genres"].to_list()]
        self.shared = np.array([[len(one & other) for other in genres] for one in genres], np.float32)
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        return histories.matrix(len(self.shared), np.ones(len(histories.items), np.float32)) @ self.shared

    def state(self) -> dict[str, NDArray[Any]]:
        return {"shared": self.shared}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        self.shared = state["shared"]


class LooksAhead(ByGenre):
    """What a model that saw the future in training is left with: it repeats what it was shown last."""

    def score(self, histories: Histories) -> NDArray[np.float32]:
        scores = np.zeros((len(histories), len(self.shared)), np.float32)
        last = histories.offsets[1:][histories.lengths > 0] - 1
        scores[np.flatnonzero(histories.lengths), histories.items[last]] = 1
        return scores


def test_popularity_cannot_know_the_answer(fitted: Callable[[str], Recommender], planted: Planted) -> None:
    assert hits(fitted("popularity"), planted, 6) < 0.5


def test_only_the_order_tells_what_comes_next(fitted: Callable[[str], Recommender], planted: Planted) -> None:
    """Models that learn one rating after the other know what came before each, so they are not blind to it."""
    cards = [card for card in registry.cards() if card.family != "online"]
    blind = [fitted(card.slug) for card in cards if card.personal and not card.uses_order]
    assert all(hits(model, planted, 1) < 0.8 for model in blind)


def test_features_alone_place_the_cold_movies(planted: Planted) -> None:
    assert cold_placed(ByGenre().fit(planted.interactions, planted.catalog), planted) == 1


def test_ratings_alone_do_not(fitted: Callable[[str], Recommender], planted: Planted) -> None:
    blind = [fitted(card.slug) for card in registry.cards() if not card.scores_cold_items]
    assert all(cold_placed(model, planted) < 0.9 for model in blind)


def test_a_model_that_does_not_read_stars_is_caught(planted: Planted) -> None:
    disliked, liked = pulls(ByGenre().fit(planted.interactions, planted.catalog), planted)
    assert disliked > 0.1 * liked


def test_a_model_that_looks_ahead_is_caught(planted: Planted) -> None:
    assert hits(LooksAhead().fit(planted.interactions, planted.catalog), planted, 1) < 0.8


def test_the_world_is_as_described(planted: Planted) -> None:
    log = planted.interactions
    assert not np.isin([*planted.cold, planted.blank], log.item).any()
    for ring in planted.rings:
        assert len(ring) == RING
        liked = np.isin(log.item, ring) & (log.rating > 2.5)
        follows = (log.user[1:] == log.user[:-1]) & liked[1:] & liked[:-1]
        next_of = dict(zip(ring, ring[1:] + ring[:1], strict=True))
        assert all(
            next_of[a] == b
            for a, b in zip(log.item[:-1][follows].tolist(), log.item[1:][follows].tolist(), strict=True)
        )
