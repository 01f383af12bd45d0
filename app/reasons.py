"""Why a movie stands in a list: the ratings that moved it most, in words. A movie that the visitor disliked never speaks for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app import movies
from app.resources import house
from recommender.serving.answers import Person

LIKED = 3.0
"""Stars from which every model takes a rating for a like; below, it pulls its neighbours down or nowhere."""
LOOKED_AT = 3
"""The strongest ratings among which the one to name is looked for."""


class Reason(NamedTuple):
    """A rating of the visitor's that moved a movie up."""

    title: str
    stars: float


class Reasons(NamedTuple):
    """What moved one movie up, strongest first: ratings that speak for it, and dislikes that made room for it."""

    liked: tuple[Reason, ...]
    disliked: tuple[Reason, ...]

    @property
    def sentence(self) -> str | None:
        """The one line below a poster; None when nothing is known."""
        if self.liked:
            return f"because of {self.liked[0].title}"
        return f"because you rated {self.disliked[0].title} low" if self.disliked else None


def of(person: Person, slug: str, items: Sequence[int]) -> Mapping[int, Reasons]:
    """By item; those that no rating moved are missing, all of them where the list is not the model's own."""
    stars = dict(zip(person.items.tolist(), person.ratings.tolist(), strict=True))
    found = {}
    for item, moved in house().engine.explain(person, slug, items, LOOKED_AT).items():
        named = [Reason(movies.by_item(one.item).title, stars[one.item]) for one in moved if one.effect > 0]
        if named:
            liked = tuple(reason for reason in named if reason.stars >= LIKED)
            found[item] = Reasons(liked, tuple(reason for reason in named if reason.stars < LIKED))
    return found
