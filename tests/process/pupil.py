"""A house in which somebody rates, in a process of its own: prints, after every rating, what its models that learn live have become."""

from __future__ import annotations

import sys
from hashlib import sha256

from app import learning
from app.resources import house
from db import people, ratings
from tests.process.rater import stars_of

LEARNERS = ("adpredictor", "ftrl")


def become() -> str:
    """The state of each, and a digest of all that it answers from."""
    told = []
    for slug in LEARNERS:
        taught = house().engine.taught(slug)
        digest = sha256()
        for _, vector in sorted(vars(taught.seat.model)["vectors"].items() if taught else ()):
            digest.update(vector.tobytes())
        told.append(f"{taught.seat.state if taught else slug}:{digest.hexdigest()}")
    return " ".join(told)


def main(count: int) -> None:
    """Rate so many movies, then wait to be killed."""
    learning.listen()
    print(become(), flush=True)
    if count:
        with house().database.session() as session:
            me = people.create(session)[0].id
        for turn, movie in enumerate(house().dataset.catalog.movie_ids[:count].tolist()):
            with house().database.session() as session:
                ratings.put(session, me, movie, stars_of(turn))
            learning.listen()
            print(become(), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
