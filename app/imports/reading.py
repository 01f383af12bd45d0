"""Read an uploaded file of ratings."""

from __future__ import annotations

import time
from collections import Counter

from app.imports.formats import recognise
from app.imports.matching import Import, match
from app.imports.table import LARGEST_MB, rows
from recommender.data import Catalog
from recommender.errors import MarqueeError
from recommender.serving.lookup import MovieLookup

__all__ = ["LARGEST_MB", "SeveralPeople", "read"]


class SeveralPeople(MarqueeError):
    """The file holds ratings of more than one person; `people` maps their ids in the file to their number of ratings."""

    def __init__(self, people: Counter[str]) -> None:
        self.people = people
        super().__init__(f"This file holds ratings of {len(people):,} people; say which one you are.")


def read(
    content: bytes, catalog: Catalog, lookup: MovieLookup, *, user: str | None = None, now: float | None = None
) -> Import:
    """What the file would bring; nothing is stored.

    `user` is the person to take from a file of several. `now` is the Unix time of rows without one. Raises MarqueeError,
    in one sentence, for a file that is no list of ratings or in which any value is impossible.
    """
    header, table = rows(content)
    known = recognise(header)
    wishes = [known.read(row) for row in table]
    if not wishes:
        raise MarqueeError("This file has columns but no ratings.")
    people = Counter(wish.user for wish in wishes if wish.user is not None)
    if len(people) > 1:
        if user is None:
            raise SeveralPeople(people)
        wishes = [wish for wish in wishes if wish.user == user]
    return match(known.name, wishes, catalog, lookup, time.time() if now is None else now)
