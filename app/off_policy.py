"""What this house's own visitors say of its models: the places that were left to chance, and who would have filled them well.

Worked out aside, since every model is asked about every list that was on show; until it is there, pages show what was known before.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from app import bridge
from app.exploration import crowd_of
from app.resources import House, house
from app.workshop import Metric
from db import impressions
from db.impressions import Trial
from recommender.data import Histories
from recommender.exploration import POLICIES
from recommender.exploration.judging import TOP, Shown, log_of, predicted, target_of
from recommender.exploration.off_policy import ESTIMATORS, MOST_WEIGHT, Weights, weights
from recommender.models.base import ModelCard
from recommender.ranking import top_lists
from recommender.serving.answers import Served

log = logging.getLogger("marquee")

__all__ = ["ESTIMATED", "FEWEST", "FEWEST_PEOPLE", "MOST_WEIGHT", "TOP", "Judged", "Verdict", "verdict"]

ESTIMATED = tuple(ESTIMATORS)
LIKED = 4.0
"""Stars from which a movie that was shown has earned its place: reward 1; all others, and no stars, 0."""
FEWEST, FEWEST_PEOPLE = 100, 5
"""Places left to chance, and visitors before whom they were, below which nothing is said of any model: intervals are over visitors."""
MOST_LISTS = 300
"""The latest lists that are read."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One model."""

    card: ModelCard
    values: Mapping[str, Metric]
    """By estimator: the share of its places that would have earned four stars or more."""
    weights: Weights


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the log says, of all models."""

    trials: int
    people: int
    rewarded: int
    """Of the trials."""
    models: tuple[Judged, ...]
    """Empty while there are too few trials."""


_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="off-policy")
_door = Lock()
_asked: tuple[object, Future[Verdict]] | None = None
_known: tuple[House, Verdict] | None = None


def verdict() -> tuple[Verdict | None, bool]:
    """What is known by now, and whether newer figures are being worked out."""
    global _asked, _known
    rooms = house()
    served = tuple(rooms.engine.served())
    with rooms.database.reading() as rows:
        state = (id(rooms), impressions.trial_version(rows), tuple((one.card.slug, one.version) for one in served))
    with _door:
        if _asked is not None and _asked[1].done():
            _known = (rooms, _asked[1].result())
        if _asked is None or (_asked[0] != state and _asked[1].done()):
            _asked = (state, _aside.submit(_judge, rooms, served))
        known = _known[1] if _known is not None and _known[0] is rooms else None
        return known, _asked[0] != state or not _asked[1].done()


def _judge(rooms: House, served: tuple[Served, ...]) -> Verdict:
    with rooms.database.reading() as rows:
        left = [one for one in impressions.trials(rows, MOST_LISTS) if usable(one)]
    people = len({one.person_id for one in left})
    rewarded = sum(reward(one) for one in left)
    if len(left) < FEWEST or people < FEWEST_PEOPLE:
        return Verdict(len(left), people, int(rewarded), ())
    moments = {one.list_id: (one.person_id, one.at) for one in left}
    place = {list_id: at for at, list_id in enumerate(moments)}
    catalog = rooms.dataset.catalog
    shown = [
        Shown(
            one.person_id,
            place[one.list_id],
            int(catalog.index_of([one.movie_id])[0]),
            one.propensity,
            reward(one),
            tuple(catalog.index_of(one.above).tolist()),
        )
        for one in left
    ]
    shown = [one for one in shown if one.item >= 0]
    read = [rooms.engine.releases.read(person) for person in bridge.people_at(rooms, list(moments.values()))]
    histories = Histories.of([(one.items, one.ratings, one.timestamps) for one in read])
    logged, q = log_of(shown), predicted(shown, crowd_of(rooms))
    found = []
    for model in served:
        try:
            lists, _ = top_lists(model.model, histories, TOP)
        except Exception:  # whatever is wrong with one model, the others can still be judged
            log.exception("%s could not be judged by what was shown", model.card.name)
            continue
        target = target_of(shown, lists, q)
        values = {name: Metric(**estimate(logged, target).model_dump()) for name, estimate in ESTIMATORS.items()}
        found.append(Judged(model.card, values, weights(logged, target)[1]))
    return Verdict(len(left), people, int(rewarded), tuple(found))


def usable(one: Trial) -> bool:
    """Whether something else could have been shown."""
    return one.policy in POLICIES and POLICIES[one.policy].leaves_to_chance


def reward(one: Trial) -> float:
    """1 for four stars or more that were given after the movie was shown."""
    return float(one.stars is not None and one.stars >= LIKED)
