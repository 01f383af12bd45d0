"""Genres in eleven groups that the eye can tell apart: a movie's colour on the map."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Group(NamedTuple):
    """Genres that share a colour."""

    name: str
    colour: str
    """CSS colour, on the dark ground that the map has in both themes."""
    genres: frozenset[str]


GROUPS = (
    Group("Documentary", "#f3e9d2", frozenset({"Documentary"})),
    Group("Animation & children", "#8be04e", frozenset({"Animation", "Children", "Children's"})),
    Group("Horror", "#ff3b4e", frozenset({"Horror"})),
    Group("War & western", "#b98a5e", frozenset({"War", "Western"})),
    Group("Sci-fi & fantasy", "#2fd9ea", frozenset({"Sci-Fi", "Fantasy"})),
    Group("Crime & thriller", "#a884ff", frozenset({"Crime", "Thriller", "Mystery", "Film-Noir"})),
    Group("Action & adventure", "#ff8440", frozenset({"Action", "Adventure"})),
    Group("Romance & musical", "#ff86b6", frozenset({"Romance", "Musical"})),
    Group("Comedy", "#ffdd55", frozenset({"Comedy"})),
    Group("Drama", "#6f93d8", frozenset({"Drama"})),
    Group("Other", "#8b8a92", frozenset()),
)
"""The most telling first: a movie belongs to the first group that one of its genres is in, so an animated comedy is animation."""
OTHER = len(GROUPS) - 1


def group_of(genres: Collection[str]) -> int:
    """Place in `GROUPS`."""
    return next((place for place, group in enumerate(GROUPS) if not group.genres.isdisjoint(genres)), OTHER)
