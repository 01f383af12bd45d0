"""Personas: invented visitors for a room without volunteers, made from whatever catalogue is on show by rules of taste."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app import movies
from app.movies import Movie
from app.resources import House, house
from app.titles import key

LOVED = (5.0, 5.0, 4.5, 4.5, 4.5, 4.0)
"""Stars of the movies that suit a persona, the most rated first."""
DISLIKED = (1.5, 1.0)
FEWEST = 4
"""Movies that must suit a persona, and one that must not: with fewer it is not offered."""
POOL = 3_000
"""Only among so many of the most rated movies: a persona loves what people know and models have learned."""


@dataclass(frozen=True)
class Persona:
    """A taste as two rules over what the catalogue knows of a movie."""

    name: str
    sentence: str
    loves: Callable[[Movie], bool]
    dislikes: Callable[[Movie], bool]


def _any(*genres: str) -> Callable[[Movie], bool]:
    return lambda movie: not {*genres}.isdisjoint(movie.genres)


def _family_of_the_nineties(movie: Movie) -> bool:
    return 1990 <= (movie.year or 0) <= 1999 and not {"Children", "Animation"}.isdisjoint(movie.genres)


STUDIO_GHIBLI = {
    key(title)
    for title in (
        *(
            "Spirited Away",
            "Princess Mononoke",
            "My Neighbor Totoro",
            "Howl's Moving Castle",
            "Kiki's Delivery Service",
        ),
        *(
            "Castle in the Sky",
            "Grave of the Fireflies",
            "Ponyo",
            "Porco Rosso",
            "Whisper of the Heart",
            "The Wind Rises",
        ),
        *("The Cat Returns", "Only Yesterday", "The Secret World of Arrietty", "Pom Poko", "When Marnie Was There"),
    )
}
"""Few data sets say which studio made a film, or who directed it; the titles are the same everywhere."""


def _ghibli(movie: Movie) -> bool:
    return "Animation" in movie.genres and not STUDIO_GHIBLI.isdisjoint(
        map(key, (movie.title, *movie.alternative_titles))
    )


def _old(movie: Movie) -> bool:
    return movie.year is not None and movie.year < 1965


PERSONAS = (
    Persona(
        "Horror fan",
        "Sleeps with the light on and loves it; cannot stand a love story.",
        _any("Horror"),
        lambda movie: "Romance" in movie.genres and "Horror" not in movie.genres,
    ),
    Persona(
        "Nineties child",
        "Grew up with cartoons on tape; war films were not for them.",
        _family_of_the_nineties,
        _any("War"),
    ),
    Persona(
        "Film-noir detective",
        "Rain, blinds, a stranger with a cigarette; no noise, please.",
        _any("Film-Noir"),
        lambda movie: "Action" in movie.genres and (movie.year or 0) >= 1990,
    ),
    Persona(
        "Ghibli dreamer",
        "Flies on broomsticks and cat buses; finds shoot-outs dull.",
        _ghibli,
        lambda movie: {"Action", "Thriller"} <= {*movie.genres},
    ),
    Persona(
        "Space traveller",
        "Looks at the stars from the front row; musicals stay on Earth.",
        lambda movie: "Sci-Fi" in movie.genres and "Comedy" not in movie.genres,
        _any("Musical"),
    ),
    Persona(
        "Old Hollywood star",
        "Nothing after 1965 was worth the ticket.",
        _old,
        lambda movie: (movie.year or 0) >= 1995,
    ),
    Persona(
        "Hopeless romantic",
        "Cries at airports; leaves when the blood comes.",
        lambda movie: "Romance" in movie.genres and "Action" not in movie.genres,
        _any("Horror"),
    ),
)


@dataclass(frozen=True)
class Cast:
    """A persona with the ratings that the catalogue allows: loved movies first, then the disliked ones."""

    persona: Persona
    ratings: tuple[tuple[Movie, float], ...]


@lru_cache(maxsize=2)
def _casts(rooms: House) -> tuple[Cast, ...]:
    counts = np.bincount(rooms.dataset.interactions.item, minlength=len(rooms.dataset.catalog))
    known = [movies.by_item(int(item)) for item in np.argsort(-counts, kind="stable")[:POOL]]
    casts = []
    for persona in PERSONAS:
        loved = [movie for movie in known if persona.loves(movie)][: len(LOVED)]
        disliked = [movie for movie in known if persona.dislikes(movie) and not persona.loves(movie)][: len(DISLIKED)]
        if len(loved) >= FEWEST and disliked:
            pairs = (*zip(loved, LOVED, strict=False), *zip(disliked, DISLIKED, strict=False))
            casts.append(Cast(persona, pairs))
    return tuple(casts)


def casts() -> tuple[Cast, ...]:
    """The personas that this catalogue can play; none for one that knows neither genres nor years nor people."""
    return _casts(house())
