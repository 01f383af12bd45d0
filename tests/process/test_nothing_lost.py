"""What was acknowledged is there: after SIGKILL in the middle of a hundred ratings, and with twenty people rating at once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from db import Database, connect, people, ratings
from tests.process.conftest import ROOT
from tests.process.rater import stars_of

MOVIES = 100
KILLED_AFTER = 42
PEOPLE = 20
EACH = 25


@pytest.mark.timeout(120)
def test_nothing_acknowledged_is_lost_when_the_process_is_killed(database: Database, url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.process.rater", url, str(MOVIES)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    me = int(process.stdout.readline())
    heard = [process.stdout.readline() for _ in range(KILLED_AFTER)]
    process.kill()
    heard += process.stdout.read().splitlines()
    process.wait()
    process.stdout.close()
    acknowledged = dict(map(int, line.split()) for line in heard if len(line.split()) == 2)
    assert KILLED_AFTER <= len(acknowledged) < MOVIES, "killed in the middle"

    afterwards = connect(url)
    with afterwards.reading() as session:
        stored = {rating.movie_id: rating.stars for rating in ratings.of(session, me)}
        noted = [(event.movie_id, event.stars) for event in ratings.events(session, me)]
    afterwards.close()
    told = {movie: stars_of(turn) for turn, movie in acknowledged.items()}
    assert told.items() <= stored.items()
    assert len(stored) - len(told) <= 1, "one more may have been stored before it could be acknowledged"
    assert noted == list(stored.items()), "every rating has its event"


@pytest.mark.timeout(120)
def test_twenty_people_rating_at_once_lose_nothing(database: Database) -> None:
    together = Barrier(PEOPLE)

    def sit(seat: int) -> tuple[int, dict[int, float]]:
        with database.session() as session:
            me = people.create(session)[0].id
        together.wait()
        given = {}
        for turn in range(EACH):
            movie = 1 + (seat * 7 + turn) % MOVIES  # neighbours meet at the same movies
            with database.session() as session:
                ratings.put(session, me, movie, stars_of(seat + turn))
            given[movie] = stars_of(seat + turn)
        return me, given

    with ThreadPoolExecutor(PEOPLE) as hall:
        everyone = list(hall.map(sit, range(PEOPLE)))
    with database.reading() as session:
        for me, given in everyone:
            assert {rating.movie_id: rating.stars for rating in ratings.of(session, me)} == given
            assert len(ratings.events(session, me)) == EACH
