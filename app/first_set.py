"""What to ask somebody new: movies that most people have seen, as unlike each other as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache

import numpy as np

from app import movies
from app.movies import Movie
from app.resources import House, house

POOL = 250
"""The most rated movies that are asked for."""
FATIGUE = 0.5
"""How fast a genre or decade loses its charm with every movie of it already in the set."""


@lru_cache(maxsize=2)
def ordered(rooms: House) -> tuple[int, ...]:
    """Items to ask for, best first: greedily the most rated, discounted by the genres and decades that came before."""
    counts = np.bincount(rooms.dataset.interactions.item, minlength=len(rooms.dataset.catalog))
    pool = [movies.by_item(int(item)) for item in np.argsort(-counts, kind="stable")[:POOL]]
    seen: Counter[object] = Counter()

    def worth(movie: Movie) -> float:
        traits = [*movie.genres, (movie.year or 0) // 10]
        return float(
            np.log1p(counts[movie.item]) - FATIGUE * sum(np.log1p(seen[trait]) for trait in traits) / len(traits)
        )

    order: list[int] = []
    while pool:
        best = max(pool, key=worth)
        pool.remove(best)
        seen.update([*best.genres, (best.year or 0) // 10])
        order.append(best.item)
    return tuple(order)


def next_movies(count: int, without: Collection[int]) -> list[Movie]:
    """The next `count` movies to ask for, less the movie_ids in `without`."""
    found = (movie for item in ordered(house()) if (movie := movies.by_item(item)).movie_id not in without)
    return [movie for movie, _ in zip(found, range(count), strict=False)]
