"""Movies as pages show them: one row of the catalogue with every missing fact left empty."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from app.resources import House, house


@dataclass(frozen=True)
class Movie:
    """What is known of one movie. Lists are empty and texts None where nothing is known."""

    item: int
    """Dense index in the catalogue, as the engine counts; released movies follow behind it."""
    movie_id: int
    title: str
    alternative_titles: tuple[str, ...]
    year: int | None
    genres: tuple[str, ...]
    tags: tuple[str, ...]
    plot: str | None
    imdb_id: str | None
    certificate: str | None
    runtime_minutes: int | None
    directors: tuple[str, ...]
    writers: tuple[str, ...]
    cast: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    awards: str | None
    oscars: int | None
    released: bool
    """Whether a visitor released it."""

    @property
    def stamp(self) -> str:
        """What stands on the flag of its poster."""
        return "Released" if self.released else ""

    def noted(self, reason: str | None) -> str | None:
        """The line below its poster: whether it was released here, and why it stands there."""
        return ", ".join(filter(None, ("released here", reason))) if self.released else reason

    @property
    def label(self) -> str:
        """Title with the year, where there is one."""
        return self.title if self.year is None else f"{self.title} ({self.year})"


SHOWN = {field.name for field in fields(Movie)}
"""Columns of the catalogue that pages show; what people wrote of a movie is for models alone."""


def by_item(item: int) -> Movie:
    """The movie at a dense index of the catalogue and what was released after it."""
    return _read(house(), item)


@lru_cache(maxsize=4096)
def _read(rooms: House, item: int) -> Movie:
    row = rooms.engine.releases.everything.frame.row(item, named=True)
    facts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items() if name in SHOWN
    }
    lists = ("alternative_titles", "genres", "tags", "directors", "writers", "cast", "countries", "languages")
    facts |= {name: facts[name] or () for name in lists}
    facts["title"] = facts["title"] or f"Movie {facts['movie_id']}"
    return Movie(item=item, released=item >= len(rooms.dataset.catalog), **facts)


def by_id(movie_id: int) -> Movie | None:
    """The movie with this movie_id, if the catalogue has it or somebody released it."""
    item = int(house().engine.releases.everything.index_of([movie_id])[0])
    return None if item < 0 else by_item(item)


def from_address(text: str | None) -> Movie | None:
    """The movie that an address names, or None when it names none that we have."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        return None
    return by_id(int(text))
