"""Expected gain: how much better the current model's list would become, on average, if one more question were asked.

For a question q and an interview A, with stand-ins s weighted by how far they agree with A:

    gain(q) = Σ_s w_s(A) [ NDCG@10(L(A + q, verdict of s), rest of s) - NDCG@10(L(A), rest of s) ]

L is the model's list; "rest of s" is everything that s has rated beside q and what was asked before; both lists leave q out.
A stand-in who has not seen q gains nothing: a question that cannot be answered leaves the list as it is. So the worth of a
question is the chance of an answer times what the answer is worth to the very list that is shown. It is one step of look-ahead
over like-minded people: the idea of personalised active learning (Harpale and Yang 2008) and of questions that adapt to the
answers before them (Golbandi, Koren and Lempel 2011), with the ranking itself as the aim instead of a model of ratings.
The stand-ins were learned from by the model in an app, so gains are a little flattered, each question's alike; the replay
asks people from whom no model learned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.elicitation.crowd import SEEN, STARS, Crowd, Interview, Verdict
from recommender.ranking import best

CUT = 10
"""Length of the list that is to become better."""
CANDIDATES = 60
"""Questions that are weighed: those that like-minded people have most often seen. Each costs three lists."""
DISCOUNT = 1 / np.log2(np.arange(2, CUT + 2))

Score = Callable[[Histories], NDArray[np.float32]]
"""A model's scores, `[batch, n_items]`."""


@dataclass(frozen=True, eq=False)
class Gains:
    """The questions that were weighed, best first, and what is expected of each; all of length `[candidates]`."""

    items: NDArray[np.int32]
    gain: NDArray[np.float64]
    """Of NDCG@10; may be negative where answers lead the model astray."""
    chance: NDArray[np.float64]
    """Of each verdict among like-minded people, `[candidates, 4]`, by `Verdict`; rows sum to 1."""
    moved: NDArray[np.float64]
    """Movies of the list that an answer is expected to exchange, 0..10."""


def expected_gain(score: Score, crowd: Crowd, interview: Interview, candidates: int = CANDIDATES) -> Gains:
    """Weigh the open questions for somebody. Empty when every question was asked."""
    weight = crowd.weights(interview)
    asked = crowd.open_questions(interview)
    known = weight @ (crowd.verdict[:, asked] > 0)
    asked = asked[np.argsort(-known, kind="stable")[:candidates]]
    if not len(asked):
        return Gains(asked, np.zeros(0), np.zeros((0, len(Verdict))), np.zeros(0))
    now = _lists(score, [interview], CUT + 1)[0]
    before = np.stack([now[now != item][:CUT] for item in asked])  # [candidates, CUT]
    imagined = [interview.told(int(item), STARS[verdict]) for item in asked for verdict in SEEN]
    after = _lists(score, imagined, CUT).reshape(len(asked), len(SEEN), CUT)

    answers = crowd.verdict[:, asked]  # [people, candidates]
    person, question = np.nonzero(answers)
    verdict = answers[person, question]
    rated = np.pad(crowd.verdict > 0, ((0, 0), (0, 1)))  # the last column is the -1 of a list that is too short
    rest = rated.sum(axis=1) - rated[:, interview.asked].sum(axis=1)
    ideal = np.concatenate([[1.0], np.cumsum(DISCOUNT)])[np.clip(rest[person] - 1, 0, CUT)]
    aside = person[:, None]
    better = rated[aside, after[question, verdict - 1]] @ DISCOUNT - rated[aside, before[question]] @ DISCOUNT
    gain = np.zeros(len(asked))
    np.add.at(gain, question, weight[person] * better / ideal)

    chance = np.stack([weight @ (answers == verdict) for verdict in Verdict], axis=1)
    fresh = CUT - (after[:, :, :, None] == before[:, None, None, :]).any(axis=3).sum(axis=2)  # [candidates, 3]
    moved = (chance[:, 1:] * fresh).sum(axis=1) / np.maximum(chance[:, 1:].sum(axis=1), 1e-12)
    order = np.argsort(-gain, kind="stable")
    return Gains(asked[order], gain[order], chance[order], moved[order])


def first_questions(score: Score, crowd: Crowd, count: int) -> list[int]:
    """Items for one list that everybody new is shown at once, best first: each question follows for those who have not seen the ones before."""
    interview, found = Interview.opening(), list[int]()
    while len(found) < count and len((gains := expected_gain(score, crowd, interview)).items):
        found.append(int(gains.items[0]))
        interview = interview.told(found[-1], None)
    return found


def _lists(score: Score, interviews: list[Interview], k: int) -> NDArray[np.int32]:
    """The first k items that the model shows after each interview, without what was rated, `[interviews, k]`; filled up with -1."""
    histories = Histories.of([(one.items, one.ratings, np.arange(len(one.items))) for one in interviews])
    scores = np.array(score(histories), np.float32)
    scores[histories.rows, histories.items] = -np.inf
    lists = np.full((len(interviews), k), -1, np.int32)
    for place, row in enumerate(scores):
        top = best(row, k)
        lists[place, : len(top)] = top
    return lists
