"""The first set: what somebody new is asked to rate, chosen by what an answer is worth to the model that they look at.

Before the first answer the set is the same for everybody and is worked out aside, once per version of a model; until it is there,
and for models whose list no answer changes, movies are asked for that most people know, as unlike each other as possible.
After an answer the question that is worth most by then joins the set; the others stay where they are.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

from app import asking, movies, session
from app.movies import Movie
from app.resources import House, house
from recommender.elicitation import Interview, expected_gain, first_questions, mixed
from recommender.serving.answers import Person, Served

log = logging.getLogger("marquee")

OPENING = 24
"""Movies of a model's opening set: the page's twelve, and others for whoever comes back without an answer."""
TOO_SLOW_SECONDS = 1.0
"""A model that takes longer to weigh one question is not waited for here: some write their lists word by word."""

_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="first-set")


@lru_cache(maxsize=2)
def ordered(rooms: House) -> tuple[int, ...]:
    """Items to ask for without any model, best first."""

    def traits(item: int) -> list[object]:
        movie = movies.by_item(item)
        return [*movie.genres, (movie.year or 0) // 10]

    return tuple(mixed(asking.crowd(rooms), traits))


def next_movies(count: int, without: Collection[int]) -> list[Movie]:
    """The next `count` movies to ask for without any model, less the movie_ids in `without`."""
    found = (movie for item in ordered(house()) if (movie := movies.by_item(item)).movie_id not in without)
    return [movie for movie, _ in zip(found, range(count), strict=False)]


def prepare(served: Served) -> Future[tuple[int, ...]]:
    """The opening set of a model, which is being worked out; empty for one that no answer moves, and for one that is too slow to ask by."""
    return _opening(house(), served.as_trained)


@lru_cache(maxsize=64)
def _opening(rooms: House, served: Served) -> Future[tuple[int, ...]]:
    def work() -> tuple[int, ...]:
        if not served.card.personal:
            return ()
        try:
            began = time.monotonic()
            expected_gain(served.model.score, asking.crowd(rooms), Interview.opening())
            if time.monotonic() - began > TOO_SLOW_SECONDS:
                return ()
            return tuple(first_questions(served.model.score, asking.crowd(rooms), OPENING))
        except Exception:  # whatever is wrong with one model, somebody new can still be asked
            log.exception("%s could not choose a first set", served.card.name)
            return ()

    return _aside.submit(work)


def on_page(person: Person, unseen: Collection[int], count: int) -> list[Movie]:
    """The movies that stand on this page to be rated: what stood there, less what was answered, and what is asked next."""
    answered = {*person.items.tolist(), *asking.interview(person, unseen).unseen.tolist()}
    board = [item for item in session.first_set() if item not in answered]
    if len(board) < count:
        fresh = dict.fromkeys(item for item in _worth_most(person, unseen) if item not in {*answered, *board})
        board += list(fresh)[: count - len(board)]
    session.set_first_set(board)
    return [movies.by_item(item) for item in board]


def _worth_most(person: Person, unseen: Collection[int]) -> Iterable[int]:
    """Items to ask about, best first: by the chosen model, then those that most people know."""
    served = next((model for model in house().engine.served() if model.card.slug == session.model()), None)
    opening = None if served is None else prepare(served)
    if served is not None and opening is not None and opening.done() and opening.result():
        if not len(person.items) and not unseen:
            yield from opening.result()
        elif (weighed := asking.gains(person, unseen, served)) is not None:
            yield from weighed.items.tolist()
    yield from ordered(house())
