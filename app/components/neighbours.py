"""A strip of small posters that lead to their movies."""

from __future__ import annotations

from collections.abc import Sequence

from app.components.text import markup
from app.movies import Movie


def strip(found: Sequence[Movie], name: str, slug: str | None = None, colour: str | None = None) -> str:
    """The posters as HTML; `slug` is the model that the movies' pages then show, `colour` an edge in its colour."""
    model = f"&model={slug}" if slug else ""
    edge = f' style="border-color:{colour}"' if colour else ' style="border-color:transparent"'
    posters = "".join(
        f'<a class="pick" role="listitem" href="/movie?movie={movie.movie_id}{model}" aria-label="{markup(movie.label)}">'
        f'<img src="/poster/{movie.movie_id}.svg" alt="" loading="lazy"{edge}></a>'
        for movie in found
    )
    return f'<div class="picks" role="list" aria-label="{markup(name)}">{posters}</div>'
