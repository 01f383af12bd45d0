"""Lessons: what the models that learn live learned from this visitor's ratings, in words, and how sure they are."""

from __future__ import annotations

from app import movies, visitor
from app.resources import house
from recommender.models.abilities import Meeting
from recommender.serving import beliefs, live
from recommender.serving.answers import Person
from recommender.serving.beliefs import Beliefs
from recommender.serving.live import Lesson

ABOUT = {
    "decade": "the {}",
    "directors": "by {}",
    "writers": "written by {}",
    "cast": "with {}",
    "countries": "from {}",
    "certificate": "rated {}",
    "tags": "tagged “{}”",
}
"""A movie's value in words, by its feature; others speak for themselves."""
ANYBODY = "anybody"
LIST = 10
"""Movies of which beliefs are told."""
MOST = 20
"""The last ratings of a visitor of which anything is told."""


def models() -> list[str]:
    """Slugs of those that can, trained or not."""
    return live.able()


def lessons(slug: str) -> list[Lesson]:
    """What this visitor's last ratings taught a model since its training, the last first."""
    me, taught = visitor.person_id(), house().engine.taught(slug)
    mine = () if taught is None else [lesson for lesson in taught.lessons if lesson.person == me]
    return [*mine[-MOST:]][::-1]


def doubts(person: Person, slug: str) -> Beliefs | None:
    """How sure a model is of the visitor's list, and was before; None for one that knows no doubt."""
    me = visitor.person_id()
    return None if me is None else beliefs.beliefs(house().engine, person, me, slug, LIST, MOST)


def words(about: Meeting, item: int) -> str:
    """What a weight is about, for people; `item` is the movie that was rated."""
    its = about.movie
    movie = _title(its, item) if isinstance(its, int) else ABOUT.get(about.feature, "{}").format(its)
    if about.kind == "everybody":
        return f"{ANYBODY} × {movie or 'any movie'}"
    if about.kind == "shared":
        return f"same {about.person} as what you liked"
    one = about.person
    return f"{'liked' if about.kind == 'movie' else about.kind} {_title(one, item) if isinstance(one, int) else one} × {movie}"


def _title(other: int, item: int) -> str:
    return "this movie" if other == item else movies.by_item(other).title
