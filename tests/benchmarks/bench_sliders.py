"""How long the list takes to follow a slider: the server's work, for every model that weighs several goals."""

from __future__ import annotations

import asyncio
import random

import psutil

from recommender.models import registry
from tests.benchmarks import report
from tests.benchmarks.bench_clicks import Clicks
from tests.benchmarks.house import trained_house
from tests.benchmarks.models import measured
from tests.benchmarks.visitor import visitor
from tests.browser.conftest import Server

SEED, MOVES, GOAL_MS = 0, 40, 150
COMMAND = "MARQUEE_MODELS=popularity,multi_objective python -m tests.benchmarks.bench_sliders"
LABELS = ("Watch", "Like", "Love", "Keep going", "Novelty", "Diversity")


async def server_work(server: Server, slug: str) -> Clicks:
    """Somebody with three ratings moves one slider after another."""
    chance = random.Random(SEED)
    assert server.process is not None
    moves = Clicks(psutil.Process(server.process.pid))
    async with visitor(server.url) as somebody:
        for _ in range(3):
            await somebody.rate(somebody.movies[0], 4.0)
        await somebody.switch(slug)
        for _ in range(MOVES):
            await moves.time(somebody.slide(chance.choice(LABELS), chance.randint(1, 20) / 20))
        assert not somebody.errors, somebody.errors
    return moves


def main() -> None:
    """Measure against one house, and write the section."""
    rows: list[list[object]] = []
    with trained_house() as server:
        for slug in measured():
            card = registry.model_class(slug).card
            if card.family == "multi_objective":
                rows += asyncio.run(server_work(server, slug)).rows(card.name)
    body = (
        f"{report.table(['slider', 'moves', 'median, ms', 'p95, ms'], rows)}\n\n{MOVES} moves each, by a visitor without a browser with three ratings on For you: from the "
        f"message of the move to the last message of the new list. The goal is less than {GOAL_MS} ms. Visitor and server share the machine."
    )
    report.write("sliders", "A slider moved", body, command=COMMAND, seed=SEED)
    print(body)


if __name__ == "__main__":
    main()
