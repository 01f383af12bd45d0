"""A small world with a planted answer: two tastes, a rule of succession, and a cold movie in each taste that only its features explain.

Everyone walks along the ring of one taste's twelve movies, from a random place, eight steps. Which movies a person has seen tells their
taste; only the order of them tells which way they walk, hence what comes next. Before the walk each person gives 1 star to a movie
of the other taste and sees one of two blockbusters, which makes those the most popular movies of all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.models.base import Recommender

RING, STEPS, SHOWN, PEOPLE, ASKED = 12, 8, 6, 160, 48
GENRES = (["Sci-Fi", "Adventure"], ["Romance", "Musical"])
PEOPLE_OF_TASTE = (["Ada Orbit", "Max Comet"], ["Rosa Waltz", "Leo Ballad"])
WORDS = ("Starship", "Wedding")
HOUR_SECONDS = 3_600

Row = tuple[list[int], list[float], list[int]]


@dataclass(frozen=True, eq=False)
class Planted:
    """The world. Items are dense indices of `catalog`."""

    catalog: Catalog
    interactions: Interactions
    rings: tuple[list[int], list[int]]
    """Twelve movies per taste, each followed by the next, the last by the first."""
    blockbusters: list[int]
    cold: list[int]
    """One movie per taste that nobody has rated."""
    blank: int
    """A movie that nobody has rated and nothing is known of."""
    walks: list[Row]
    """Six steps each of people who are not in `interactions`."""
    tastes: list[int]
    """The taste, 0 or 1, of each walk."""
    following: list[int]
    """The movie that each walk leads to next."""

    def histories(self) -> Histories:
        """All walks in one batch."""
        return Histories.of(self.walks)


def history(items: list[int], stars: list[float] | None = None) -> Row:
    """One person, an hour between two ratings; five stars each unless given."""
    begin = 1_600_000_000
    return items, stars or [5.0] * len(items), [begin + HOUR_SECONDS * n for n in range(len(items))]


def plant(seed: int = 20) -> Planted:
    """Make the world. Its arrays are read-only, so that a model that writes into its data fails."""
    random = np.random.default_rng(seed)
    shuffled = [int(item) for item in random.permutation(2 * RING + 5)]
    rings = (shuffled[:RING], shuffled[RING : 2 * RING])
    blockbusters, cold, blank = shuffled[-5:-3], shuffled[-3:-1], shuffled[-1]

    users, items, stars, times = [], [], [], []
    for person in range(PEOPLE):
        taste, start = person % 2, int(random.integers(RING))
        disliked, other = int(random.choice(rings[1 - taste])), int(random.choice(blockbusters))
        walk = [rings[taste][(start + step) % RING] for step in range(STEPS)]
        users += [1_000 + person] * (2 + STEPS)
        items += [disliked, other, *walk]
        stars += [1.0, 4.0, *random.choice([4.0, 4.5, 5.0], STEPS)]
        times += [1_500_000_000 + person * 86_400 + HOUR_SECONDS * n for n in range(2 + STEPS)]
    interactions = Interactions.from_columns(users, items, stars, times)
    for column in (interactions.user, interactions.item, interactions.rating, interactions.timestamp):
        column.setflags(write=False)

    walks, following = [], []
    for asked in range(ASKED):
        ring, start = rings[asked % 2], asked // 2 % RING
        walks.append(history([ring[(start + step) % RING] for step in range(SHOWN)]))
        following.append(ring[(start + SHOWN) % RING])
    tastes = [asked % 2 for asked in range(ASKED)]
    return Planted(
        _catalog(rings, blockbusters, cold, blank),
        interactions,
        rings,
        blockbusters,
        cold,
        blank,
        walks,
        tastes,
        following,
    )


def _catalog(rings: tuple[list[int], list[int]], blockbusters: list[int], cold: list[int], blank: int) -> Catalog:
    """Movies of one taste share genres, people, decade and the words of their titles; the blank one has no features at all."""
    rows: dict[int, dict[str, object]] = {blank: {"title": "Movie 7"}}
    for item in blockbusters:
        rows[item] = {
            "title": f"Everybody's Movie {item}",
            "year": 1990,
            "genres": ["Drama"],
            "directors": ["Sam Crowd"],
        }
    for taste in (0, 1):
        for item in (*rings[taste], cold[taste]):
            rows[item] = {
                "title": f"{WORDS[taste]} {item}",
                "year": 2010 - 30 * taste,
                "genres": GENRES[taste],
                "directors": PEOPLE_OF_TASTE[taste][:1],
                "cast": PEOPLE_OF_TASTE[taste],
                "runtime_minutes": 90 + 60 * taste,
            }
    frame = pl.DataFrame(
        [{"movie_id": 100 + item, **rows[item]} for item in range(len(rows))], infer_schema_length=None
    )
    return Catalog.from_frame(frame)


def hits(model: Recommender, planted: Planted, k: int) -> float:
    """How often the movie that a walk leads to is among the first k that the walker has not seen, 0..1; equal scores count as missed."""
    scores = model.score(planted.histories()).copy()
    for row, (items, _, _) in zip(scores, planted.walks, strict=True):
        row[items] = -np.inf
    target = scores[np.arange(len(scores)), planted.following]
    return float(((scores >= target[:, None]).sum(axis=1) <= k).mean())


def cold_placed(model: Recommender, planted: Planted) -> float:
    """How often the cold movie of the walker's own taste is scored above the other one, 0..1."""
    scores = model.score(planted.histories())
    own = scores[np.arange(len(scores)), [planted.cold[taste] for taste in planted.tastes]]
    other = scores[np.arange(len(scores)), [planted.cold[1 - taste] for taste in planted.tastes]]
    return float((own > other).mean())


def pulls(model: Recommender, planted: Planted) -> tuple[float, float]:
    """How far the other taste rises when a walker adds one of its movies with 1 star, and with 5 stars.

    The mean over both tastes of (other taste - own taste), unseen movies only, in standard deviations of the person's scores.
    """
    rises = []
    for taste in (0, 1):
        seen, added = planted.rings[taste][:4], planted.rings[1 - taste][3]
        people = [history(seen), history([*seen, added], [5.0] * 4 + [1.0]), history([*seen, added])]
        scores = model.score(Histories.of(people))
        other = [item for item in planted.rings[1 - taste] if item != added]
        gap = scores[:, other].mean(axis=1) - scores[:, planted.rings[taste][4:]].mean(axis=1)
        gap /= np.maximum(scores.std(axis=1), 1e-12)
        rises.append((gap[1] - gap[0], gap[2] - gap[0]))
    disliked, liked = np.mean(rises, axis=0)
    return float(disliked), float(liked)


def close(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Equal up to the rounding of another order of sums: a ten-thousandth of the spread of the scores."""
    return np.allclose(one, other, rtol=0, atol=1e-4 * max(float(np.std(one)), 1e-12))
