"""How sure a model is of the list that it shows somebody, and how sure it was before each of their last ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.models.abilities import Belief, Doubts
from recommender.serving.answers import Person
from recommender.serving.engine import Engine


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Of one person's list as it is now."""

    items: NDArray[np.int32]
    """Best first, `[k]`."""
    belief: Belief
    """Before the first of the ratings, then after each of them, `[ratings + 1, k]`."""
    numbers: tuple[int, ...]
    """Of the ratings, in order."""


def beliefs(engine: Engine, person: Person, number: int, slug: str, k: int, most: int) -> Beliefs | None:
    """What a model believes of the first `k` movies of its list for a person, whose ratings it hears under `number`.

    None for a list that is not the model's own, and for a model that knows no doubt. Of their ratings it tells the last `most` that
    it learned in this process; what others taught it in between counts with the rating that came next.
    """
    taught, answer = engine.taught(slug), engine.answer(person, [slug], k).get(slug)
    if answer is None or answer.fallback:
        return None
    seat = next(served for served in engine.served() if served.card.slug == slug) if taught is None else taught.seat
    if not isinstance(seat.model, Doubts):
        return None
    items = answer.items[answer.items < len(engine.catalog)]  # of a released movie nothing was learned
    lessons = () if taught is None else taught.lessons
    mine = [place for place, lesson in enumerate(lessons) if lesson.person == number][-most:]
    since = lessons[mine[0] :] if mine else ()
    told = seat.model.beliefs(engine.releases.read(person).histories(), items, [lesson.learnt for lesson in since])
    moments = [0, *(place - mine[0] + 1 for place in mine)] if mine else [0]
    moments[-1] = len(since)  # what others taught it after the last belongs to now
    shown = Belief(told.chance[moments], told.low[moments], told.high[moments], told.deviation[moments])
    return Beliefs(items, shown, tuple(lessons[place].number for place in mine))
