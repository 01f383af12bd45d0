"""How sure a model is of the list that it shows somebody, and was of the same movies before each of their last ratings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.data import Histories
from recommender.models.abilities import Belief, Doubts
from recommender.serving.answers import Person
from recommender.serving.engine import Engine


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Of one person's list as it is now."""

    items: NDArray[np.int32]
    """Best first, `[k]`."""
    belief: Belief
    """Before the first of the ratings, then after each of them, `[ratings + 1, k]`: as the model was then, and as it knew the person."""
    numbers: tuple[int, ...]
    """Of the ratings, in order."""


def beliefs(engine: Engine, person: Person, number: int, slug: str, k: int, most: int) -> Beliefs | None:
    """What a model believes of the first `k` movies of its list for a person, whose ratings it hears under `number`.

    None for a list that is not the model's own, and for a model that knows no doubt. Of their ratings it tells the last `most` that
    it learned in this process, from the second on: of somebody of whom it knew nothing it believed nothing. What others taught it in
    between counts with the rating that came before.
    """
    taught, answer = engine.taught(slug), engine.answer(person, [slug], k).get(slug)
    if answer is None or answer.fallback:
        return None
    seat = next(served for served in engine.served() if served.card.slug == slug) if taught is None else taught.seat
    if not isinstance(seat.model, Doubts):
        return None
    items = answer.items[answer.items < len(engine.catalog)]  # of a released movie nothing was learned
    lessons = () if taught is None else taught.lessons
    mine = [at for at, lesson in enumerate(lessons) if lesson.person == number and len(lesson.before.items)][-most:]
    known = [*(lessons[at].before for at in mine), engine.releases.read(person).histories()]
    people = Histories.of([(one.items, one.ratings, one.timestamps) for one in known])
    between = [
        [lesson.learnt for lesson in lessons[begin:end]] for begin, end in zip(mine, [*mine[1:], None], strict=False)
    ]
    return Beliefs(items, seat.model.beliefs(people, items, between), tuple(lessons[at].number for at in mine))
