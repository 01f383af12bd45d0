"""Somebody who rates without a pause, in a process of their own: prints each rating once the app has acknowledged it."""

from __future__ import annotations

import sys
from itertools import cycle

from db import connect, people, ratings


def stars_of(turn: int) -> float:
    """What the turn-th rating gives, 0.5..5."""
    return (turn % 10 + 1) / 2


def main(url: str, movies: int) -> None:
    """Rate movies 1..`movies` again and again, one transaction each, as app/visitor.py does."""
    database = connect(url)
    with database.session() as session:
        me = people.create(session)[0].id
    print(me, flush=True)
    for turn, movie in enumerate(cycle(range(1, movies + 1))):
        with database.session() as session:
            ratings.put(session, me, movie, stars_of(turn))
        print(turn, movie, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
