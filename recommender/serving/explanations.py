"""Why a movie stands in a list: leave one rating out, score again, see what falls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recommender.data import Histories
from recommender.models.base import Recommender
from recommender.serving.answers import Person, Reason

TRIED = 100
"""Ratings, the latest, that are tried one by one; earlier ones stay in every history."""


def leave_one_out(model: Recommender, person: Person, items: Sequence[int], top: int) -> dict[int, list[Reason]]:
    """For each of `items` the `top` ratings without which its score would fall most, strongest first; only those that help it.

    Exact for every model: each shortened history is scored, all in one batch. Effects are in standard deviations of the
    person's scores, so that they can be compared between models.
    """
    count = len(person.items)
    tried = np.arange(max(0, count - TRIED), count)
    everything = np.arange(count)
    kept = [everything, *(np.delete(everything, left_out) for left_out in tried)]
    scores = model.score(Histories.of([(person.items[k], person.ratings[k], person.timestamps[k]) for k in kept]))
    spread = float(scores[0].std()) or 1.0
    effects = (scores[0, items] - scores[1:, items]) / spread  # [tried, items]

    reasons = {}
    for column, item in enumerate(items):
        order = np.argsort(-effects[:, column], kind="stable")[:top]
        reasons[int(item)] = [
            Reason(int(person.items[tried[place]]), float(effects[place, column]))
            for place in order
            if effects[place, column] > 0
        ]
    return reasons
