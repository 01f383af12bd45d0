"""A room at once: twenty visitors who rate and switch models, each over a websocket of their own."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict

import psutil

from db import connect, ratings
from tests.benchmarks import report
from tests.benchmarks.house import cpu_seconds, spread, trained_house
from tests.benchmarks.visitor import visitor

SEED = 0
COMMAND = "python -m tests.benchmarks.bench_visitors"
VISITORS, SECONDS, PAUSE_SECONDS = 20, 60.0, 3.0
ARRIVE_WITHIN_SECONDS = 10.0
ANSWER_WITHIN_SECONDS = 30.0


class Room:
    """What the visitors together found."""

    def __init__(self) -> None:
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        """Milliseconds to the whole answer, by what was done."""
        self.errors: list[str] = []
        self.stars = 0
        """Ratings that were acknowledged."""

    async def attend(self, url: str, number: int) -> None:
        """One visitor: arrives some time within ten seconds, rates three movies, then rates and switches in turn."""
        chance = random.Random(f"{SEED} {number}")
        await asyncio.sleep(chance.uniform(0, ARRIVE_WITHIN_SECONDS))
        leaves = time.monotonic() + SECONDS
        try:
            began = time.perf_counter()
            async with visitor(url) as somebody:
                self.times["open"].append(1000 * (time.perf_counter() - began))
                while time.monotonic() < leaves:
                    await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE_SECONDS)
                    others = [slug for slug in somebody.models if slug != somebody.chosen]
                    if rates := somebody.rated < 3 or chance.random() < 0.5:
                        click = somebody.rate(chance.choice(somebody.movies[:6]), chance.randint(1, 10) / 2)
                    else:
                        click = somebody.switch(chance.choice(others))
                    answer = await asyncio.wait_for(click, ANSWER_WITHIN_SECONDS)
                    self.times["star" if rates else "switch"].append(1000 * answer.whole)
                    self.stars += rates
                self.errors += somebody.errors
        except Exception as error:
            self.errors.append(f"{type(error).__name__}: {error}")


async def play(url: str, process: psutil.Process) -> tuple[Room, float]:
    """Everybody at once. Returns what they found, and the most memory that the server held, in MiB."""
    room, most = Room(), 0
    crowd = asyncio.gather(*(room.attend(url, number) for number in range(VISITORS)))
    while not crowd.done():
        most = max(most, process.memory_info().rss)
        await asyncio.sleep(0.5)
    await crowd
    return room, most / 2**20


def main() -> None:
    """Play, count what is in the database, and write the section."""
    with trained_house() as server:
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        before, busy = process.memory_info().rss / 2**20, cpu_seconds(process)
        began = time.monotonic()
        room, most = asyncio.run(play(server.url, process))
        seconds, busy = time.monotonic() - began, cpu_seconds(process) - busy
        database = connect(f"sqlite:///{server.home / 'embedded' / 'marquee.db'}")
        with database.reading() as session:
            kept = sum(1 for _ in ratings.everyone(session))
    rows = [
        [name, len(room.times[name]), *(f"{value:.0f}" for value in spread(room.times[name]))]
        for name in ("open", "star", "switch")
    ]
    body = (
        report.table(["what", "times", "median, ms", "p95, ms"], rows)
        + f"\n\n{VISITORS} visitors arrive within {ARRIVE_WITHIN_SECONDS:.0f} s and stay {SECONDS:.0f} s; each clicks about "
        f"every {PAUSE_SECONDS:.0f} s, a star or another model, and loads the posters that are new. Times are to the last "
        f"message of the answer. Errors: **{len(room.errors)}**. Ratings acknowledged: {room.stars}, in the database: "
        f"**{kept}**. The app's process held {before:.0f} MiB before and {most:.0f} MiB at most, and used "
        f"{busy / seconds:.0%} of one core. The visitors play on the same machine."
    )
    report.write("visitors", "Twenty visitors at once", body, command=COMMAND, seed=SEED)
    print(body, *room.errors[:5], sep="\n")


if __name__ == "__main__":
    main()
