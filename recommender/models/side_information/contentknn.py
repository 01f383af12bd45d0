"""ContentKNN: the nearest texts, and nothing else. What every model with side information has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recommender.data import Catalog, Histories, Interactions
from recommender.features import sentence
from recommender.features.config import TextConfig
from recommender.features.newcomers import texts_of
from recommender.features.texts import embed
from recommender.layers import preference
from recommender.layers.popularity import backed_off, popularity
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent

AT_ONCE = 1_000_000
"""Likenesses in memory at a time: 4 MB, what a core's cache holds."""
People = list[tuple[NDArray[np.integer[Any]], NDArray[np.float32]]]
"""Of each person, columns of what somebody rated, and their opinion of each."""


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
        side_information=sentence.COLUMNS,
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
        rated, column = np.unique(W.indices, return_inverse=True)
        counted = (W.data != 0) & (np.abs(self.texts[rated]).max(axis=1, initial=0) > 0)[column]
        people: People = []
        for b in range(len(histories)):
            row = np.arange(W.indptr[b], W.indptr[b + 1])[counted[W.indptr[b] : W.indptr[b + 1]]]
            people.append((column[row], W.data[row]))
        scores = np.zeros((len(histories), len(popular)), np.float32)
        voters, step = self.texts[rated].T, max(1, AT_ONCE // max(len(rated), 1))
        votes = self._shared_votes if self._alike(people, len(rated)) else self._votes
        for begin in range(0, len(texts), step):
            near = texts[begin : begin + step] @ voters  # [step, rated], for everybody
            votes(near, people, scores[:, begin : begin + step])
        return backed_off(scores, popular, np.array([len(items) > 0 for items, _ in people], bool))

    def _alike(self, people: People, rated: int) -> bool:
        """Whether several people share nearly all that they rated, as they do when one rating after the other is left out."""
        return len(people) > 1 and rated - min(len(items) for items, _ in people) <= self.config.neighbours

    def _votes(self, near: NDArray[np.float32], people: People, out: NDArray[np.float32]) -> None:
        """Of the nearest of what each person rated, into `[batch, n]`; `near` `[n, rated]`. Of equally near ones the first vote."""
        k = self.config.neighbours
        for row, (items, opinion) in zip(out, people, strict=True):
            mine = near[:, items]
            if len(items) <= k:
                row[:] = mine @ opinion
                continue
            edge = np.partition(mine, -k, axis=1)[:, -k, None]
            voting = mine >= edge
            for crowded in np.flatnonzero(np.count_nonzero(voting, axis=1) > k):
                at = np.flatnonzero(mine[crowded] == edge[crowded])
                voting[crowded, at[k - int((mine[crowded] > edge[crowded]).sum()) :]] = False
            row[:] = (mine * voting) @ opinion

    def _shared_votes(self, near: NDArray[np.float32], people: People, out: NDArray[np.float32]) -> None:
        """The same for people who rated nearly the same: who is near to a movie is put in order once for all of them."""
        k = self.config.neighbours
        reach = k + near.shape[1] - min(len(items) for items, _ in people)  # by so many of the nearest everybody has k
        order = np.argsort(-near, axis=1, kind="stable")[:, :reach]
        nearest = np.take_along_axis(near, order, axis=1)  # [n, reach]
        weight, has = np.zeros(near.shape[1], np.float32), np.zeros(near.shape[1], np.int16)
        for row, (items, opinion) in zip(out, people, strict=True):
            weight[:], has[:] = 0, 0
            weight[items], has[items] = opinion, 1
            voting = has.take(order).cumsum(axis=1, dtype=np.int16) <= k
            row[:] = np.einsum("nr,nr,nr->n", nearest, weight.take(order), voting, dtype=np.float32)

    def state(self) -> dict[str, NDArray[Any]]:
        """Texts and popularity."""
        return {"texts": self.texts, "popular": self.popular}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take texts and popularity back."""
        self.texts, self.popular = state["texts"], state["popular"]
