"""What is known of a movie as one readable sentence, for encoders of text."""

from __future__ import annotations

from typing import Any

from recommender.data import Catalog

CAST = 8
"""Actors that are named; an encoder reads some 250 words, and later names say less."""
TAGS = 8
"""Tags that are named, those that most people gave."""
LONGEST = 2_000
"""Characters of a text that are read: more than an encoder takes."""
COLUMNS = ("title", "year", "plot", "genres", "directors", "writers", "cast", "countries", "tags")


def sentences(catalog: Catalog) -> list[str]:
    """One text per movie: "Title (year). Genres. Directed by …. Written by …. With …. From …. Tagged …. Plot" without what is missing."""
    return [_sentence(*row) for row in catalog.frame.select(COLUMNS).iter_rows()]


def _sentence(title: str | None, year: int | None, plot: str | None, *lists: Any) -> str:
    genres, directors, writers, cast, countries, tags = (list(names or ()) for names in lists)
    parts = [f"{title or ''} ({year})" if year else title or ""]
    for lead, names in (
        ("", genres),
        ("Directed by ", directors),
        ("Written by ", writers[:CAST]),
        ("With ", cast[:CAST]),
        ("From ", countries),
        ("Tagged ", tags[:TAGS]),
    ):
        parts += [lead + ", ".join(names)] if names else []
    parts.append(" ".join((plot or "").split()))
    return ". ".join(part.strip() for part in parts if part.strip())[:LONGEST]
