"""ContentKNN: the nearest texts, and nothing else. What every model with side information has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.features.config import TextConfig
from recommender.features.newcomers import texts_of
from recommender.features.texts import embed
from recommender.layers import preference
from recommender.layers.popularity import backed_off, popularity
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent


class ContentKNNConfig(TextConfig):
    """Who has a say."""

    neighbours: int = Field(
        10,
        ge=1,
        le=10_000,
        description="The rated movies nearest to a movie vote on it. Source: our choice, not swept.",
        json_schema_extra={"unit": "movies"},
    )


class ContentKNN(Recommender):
    """Score of i: Σ w_j cos(t_i, t_j) over the rated movies j whose texts t are nearest to that of i; nothing is learned."""

    card = ModelCard(
        name="ContentKNN",
        family="side_information",
        block=Block.TEXT,
        paper=Paper(
            authors="Reimers and Gurevych",
            year=2019,
            title="Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks",
        ),
        sentence="Looks for movies whose descriptions read like those of the movies that you liked.",
        ratings=preference.SENTENCE,
        departures="The paper gives the vectors only; to let the nearest vote is as old as content-based filtering. Ratings of other people "
        "order what it leaves equal, and nothing else.",
        parents=("ItemKNN", "Sentence-BERT"),
        side_information=("title", "year", "genres", "directors", "writers", "cast", "countries"),
        scores_cold_items=True,
    )
    Config = ContentKNNConfig
    config: ContentKNNConfig
    quick = {"text": "lsa"}  # noqa: RUF012

    texts: NDArray[np.float32]
    """Unit rows, or zeros where nothing is known, `[n_items, width]`."""
    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Embed the texts."""
        progress(0, len(catalog), {})
        texts = embed(catalog, self.config.text, self.config.seed, lambda done, total: progress(done, total, {}))
        progress(len(catalog), len(catalog), {})
        self.texts, self.popular = texts, popularity(interactions, len(catalog))
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """The votes, `[batch, n_items]`."""
        return self._asked(histories, self.texts, self.popular)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """The votes on the newcomers, `[batch, n_newcomers]`."""
        texts = texts_of(catalog, newcomers, self.config.text, self.config.seed, self.texts)
        return self._asked(histories, texts, np.zeros(len(newcomers), np.float32))

    def _asked(
        self, histories: Histories, texts: NDArray[np.float32], popular: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """The votes on movies with these `texts` `[n, width]` that are so `popular` `[n]`, `[batch, n]`."""
        W = histories.matrix(len(self.popular), preference.weights(histories.ratings))
        scores = np.zeros((len(histories), len(popular)), np.float32)
        evidence = np.zeros(len(histories), bool)
        for b in range(len(histories)):
            row = slice(W.indptr[b], W.indptr[b + 1])
            counted = (W.data[row] != 0) & self.texts[W.indices[row]].any(axis=1)
            evidence[b] = counted.any()
            scores[b] = self._votes(texts, W.indices[row][counted], W.data[row][counted])
        return backed_off(scores, popular, evidence)

    def _votes(
        self, texts: NDArray[np.float32], items: NDArray[np.int32], opinion: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Of the nearest of `items` on movies with these `texts` `[n, width]`, `[n]`."""
        near = texts @ self.texts[items].T  # [n, rated]
        k = self.config.neighbours
        if len(items) > k:
            voting = np.argpartition(-near, k, axis=1)[:, :k]
            near, opinion = np.take_along_axis(near, voting, axis=1), opinion[voting]
        return (near * opinion).sum(axis=1, dtype=np.float32)

    def state(self) -> dict[str, NDArray[Any]]:
        """Texts and popularity."""
        return {"texts": self.texts, "popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take texts and popularity back."""
        self.texts, self.popular = state["texts"], state["popular"]
