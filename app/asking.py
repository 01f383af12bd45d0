"""What to ask the visitor: every movie that could be asked about, what its answer is worth, and by which strategy the next is chosen."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.resources import House, house
from recommender.elicitation import STRATEGIES, Crowd, Gains, Interview, expected_gain
from recommender.elicitation.strategies import opinion
from recommender.serving.answers import Person, Served
from recommender.serving.memory import Memory

log = logging.getLogger("marquee")

PROTOCOL = "elicitation"
GAIN = "gain"
NAMES = {GAIN: "Expected gain", "product": "Popularity × entropy", "entropy": "Entropy", "popularity": "Popularity"}
"""By strategy, as in the measured replay, the best first."""
REMEMBERED = 200
"""Of sixty candidates each."""

_gains: Memory[Gains] = Memory(REMEMBERED)


@dataclass(frozen=True)
class Candidate:
    """A movie that could be asked about."""

    item: int
    seen: float
    """Share of everybody who has seen it."""
    disagreement: float
    """Entropy of the stars of those who have, in nats."""
    gain: float | None
    """Of NDCG@10 that the chosen model expects of the answer; None where it was not weighed."""
    chance: tuple[float, float, float, float] | None
    """That the visitor has not seen, dislikes, finds fair, loves it, after like-minded people; None where it was not weighed."""
    moved: float | None
    """Movies of ten that an answer is expected to exchange."""


@lru_cache(maxsize=2)
def crowd(rooms: House) -> Crowd:
    """The people of the data set as stand-ins."""
    return Crowd.of(rooms.dataset.interactions, len(rooms.dataset.catalog))


def interview(person: Person, unseen: Collection[int]) -> Interview:
    """What a visitor has told: their ratings, and the movie_ids that they have not seen, as far as the models know the movies."""
    catalog = house().dataset.catalog
    known = person.items < len(catalog)
    skipped = catalog.index_of(sorted(unseen)).astype(np.int32)
    skipped = skipped[(skipped >= 0) & ~np.isin(skipped, person.items)]
    return Interview(person.items[known], person.ratings[known], skipped)


def gains(person: Person, unseen: Collection[int], served: Served) -> Gains | None:
    """What the model expects of each question; None for a model whose list no answer changes, and for one that fails at it."""
    if not served.card.personal:
        return None
    told = interview(person, unseen)
    key = (person.version, frozenset(unseen), served.card.slug, served.version)
    try:
        return _gains.remembered(key, lambda: expected_gain(served.model.score, crowd(house()), told))
    except Exception:  # whatever is wrong with one model, the other strategies can still ask
        log.exception("%s could not weigh questions", served.card.name)
        return None


def candidates(person: Person, unseen: Collection[int], served: Served, strategy: str) -> list[Candidate]:
    """Every open question, the one to ask first. Where the model expects nothing of an answer, the most popular is asked."""
    people, told = crowd(house()), interview(person, unseen)
    weighed = gains(person, unseen, served)
    known = {} if weighed is None else {int(item): at for at, item in enumerate(weighed.items)}
    seen, entropy = people.seen, opinion(people)
    if strategy == GAIN and weighed is not None:
        worth = np.array(
            [weighed.gain[known[item]] if item in known else -np.inf for item in people.questions.tolist()]
        )
    else:
        worth = STRATEGIES.get(strategy, STRATEGIES["popularity"])(people)
    still_open = ~np.isin(people.questions, told.asked)
    found = []
    for at in np.argsort(-worth, kind="stable"):
        if not still_open[at]:
            continue
        item = int(people.questions[at])
        if weighed is None or (own := known.get(item)) is None:
            found.append(Candidate(item, float(seen[at]), float(entropy[at]), None, None, None))
            continue
        never, disliked, fair, loved = weighed.chance[own].tolist()
        found.append(
            Candidate(
                item,
                float(seen[at]),
                float(entropy[at]),
                float(weighed.gain[own]),
                (never, disliked, fair, loved),
                float(weighed.moved[own]),
            )
        )
    return found
