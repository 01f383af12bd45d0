"""The one place where rows become arrays, and movies become rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from db import Database, changes, meta, movies, ratings
from db.changes import Change
from db.releases import Draft, Release
from recommender.data import Catalog, Histories, Interactions
from recommender.data.dataset import Dataset
from recommender.serving.answers import Person
from recommender.serving.live import Given

if TYPE_CHECKING:
    from app.resources import House


def seed(database: Database, dataset: Dataset) -> None:
    """Tie the database to the data set and enter its movies. Raises DatabaseError when it belongs to another one."""
    with database.session() as session:
        meta.claim(session, dataset.name)
        movies.seed(session, dataset.catalog.frame.select("movie_id", "title", "year").iter_rows(named=True))


def newcomer(draft: Draft) -> Catalog:
    """A movie that is not in the database yet, as the models want it."""
    row = {name: list(value) if isinstance(value, tuple) else value for name, value in draft._asdict().items()}
    return Catalog.from_frame(pl.DataFrame([{"movie_id": 0, **row}]))


def released(known: Sequence[Release]) -> tuple[Catalog, NDArray[np.bool_]]:
    """All released movies, in order, and which of them stand."""
    names = ("movie_id", *Draft._fields)
    rows = [{name: getattr(release, name) for name in names} for release in known]
    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame({"movie_id": []})
    return Catalog.from_frame(frame), np.array([release.withdrawn is None for release in known], bool)


def person(house: House, person_id: int | None) -> Person:
    """Everything a person rated, oldest first; empty for None. Movies that the catalogue no longer has are left out."""
    if person_id is None:
        return _person([], [], [], "nobody")
    with house.database.reading() as session:
        rows = ratings.of(session, person_id)
        version = f"{person_id}.{ratings.version_of(session, person_id)}"
    items = house.engine.releases.everything.index_of([row.movie_id for row in rows])
    known = items >= 0
    stars = np.array([row.stars for row in rows], np.float32)
    times = np.array([row.at for row in rows], np.float64)
    return _person(items[known], stars[known], times[known], version)


def people_at(house: House, moments: Sequence[tuple[int, float]]) -> list[Person]:
    """What people had rated at some moments (person_id, Unix seconds), oldest first, whatever they changed or took back since."""
    everything = house.engine.releases.everything
    with house.database.reading() as session:
        events = {person_id: ratings.events(session, person_id) for person_id in {one for one, _ in moments}}
    found = []
    for person_id, moment in moments:
        stars: dict[int, tuple[float, float]] = {}
        latest = 0
        for event in events[person_id]:
            if event.happened >= moment:
                break
            latest = event.id
            stars.pop(event.movie_id, None)
            if event.stars is not None and event.at is not None:
                stars[event.movie_id] = event.at, event.stars
        rows = sorted(stars.items(), key=lambda row: row[1][0])
        items = everything.index_of([movie_id for movie_id, _ in rows])
        known = items >= 0
        at, given = np.array([row for _, row in rows], np.float64).reshape(-1, 2).T
        found.append(_person(items[known], given[known], at[known], f"{person_id}.{latest}"))
    return found


def given_after(database: Database, catalog: Catalog, number: int) -> list[Given]:
    """Every change of the visitors' ratings after one, in order, each with what its person had rated before it."""
    with database.reading() as session:
        told = changes.after(session, number)
        known: dict[int, dict[int, Change]] = {}
        for change in told:
            if change.person_id not in known:
                stars = known[change.person_id] = {}
                for earlier in changes.before(session, change.person_id, change.number):
                    _apply(stars, earlier)
    items = catalog.index_of([change.movie_id for change in told])
    given = []
    for change, item in zip(told, items.tolist(), strict=True):
        stars = known[change.person_id]
        if change.teaches and change.stars is not None and item >= 0:
            before = _histories(catalog, stars.values())
            given.append(Given(change.number, change.person_id, before, item, change.stars))
        else:
            given.append(Given(change.number, change.person_id, Histories.of([([], [], [])]), -1, 0.0))
        _apply(stars, change)
    return given


def _apply(stars: dict[int, Change], change: Change) -> None:
    stars.pop(change.movie_id, None)
    if change.stars is not None:
        stars[change.movie_id] = change


def _histories(catalog: Catalog, rated: Iterable[Change]) -> Histories:
    """Of one person, oldest first; those of one moment in the order in which they came."""
    rows = sorted((change.at, change.number, change.movie_id, change.stars) for change in rated)
    items = catalog.index_of([row[2] for row in rows])
    kept = items >= 0
    stars, times = (np.array([row[column] for row in rows], np.float64) for column in (3, 0))
    return Histories.of([(items[kept], stars[kept], times[kept].astype(np.int64))])


def _person(items: object, stars: object, times: object, version: str) -> Person:
    return Person(
        np.asarray(items, np.int32), np.asarray(stars, np.float32), np.asarray(times).astype(np.int64), version
    )


def for_training(database: Database, dataset: Dataset, until: int | None = None) -> Dataset:
    """The data set with the visitors' ratings added, those up to change number `until` or all; they come after its own people."""
    with database.reading() as session:
        heard = changes.last(session) if until is None else until
        rows = list(ratings.everyone(session, heard))
    if not rows:
        return replace(dataset, heard=heard)
    people, movie_ids, stars, times = (np.asarray(column) for column in zip(*rows, strict=True))
    items = dataset.catalog.index_of(movie_ids)
    known = items >= 0
    base = dataset.interactions
    visitors = people[known] + (base.user_ids[-1] + 1 if base.n_users else 0)
    together = Interactions.from_columns(
        np.concatenate([base.user_ids[base.user], visitors]),
        np.concatenate([base.item, items[known]]),
        np.concatenate([base.rating, stars[known]]),
        np.concatenate([base.timestamp, times[known].astype(np.int64)]),
    )
    return Dataset(dataset.name, dataset.catalog, together, heard)
