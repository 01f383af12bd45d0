"""Reading a data set of MovieLens 32M's size and shape: seconds and memory, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from tests.benchmarks import report

SEED, PEOPLE, MOVIES, RATINGS, CHUNK_PEOPLE = 0, 200_948, 87_585, 32_000_000, 20_000
FEWEST = 20
"""Ratings that everybody in MovieLens has at least."""

READ = """
import resource, sys, time
began = time.perf_counter()
from recommender.data.sources import load
dataset = load(sys.argv[1])
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
log = dataset.interactions
print(seconds, peak, len(log), log.n_users, len(dataset.catalog))
"""


def generate(folder: Path) -> None:
    """ratings.csv, sorted by person as published, and movies.csv. A few people rate thousands, a few movies are rated by most."""
    random = np.random.default_rng(SEED)
    share = random.lognormal(0, 1.3, PEOPLE)
    lengths = FEWEST + np.floor(share / share.sum() * (RATINGS - FEWEST * PEOPLE)).astype(np.int64)
    lengths[: RATINGS - int(lengths.sum())] += 1
    movie_ids = np.sort(random.choice(np.arange(1, 300_000), MOVIES, replace=False))
    with (folder / "ratings.csv").open("wb") as file:
        for begin in range(0, PEOPLE, CHUNK_PEOPLE):
            some = lengths[begin : begin + CHUNK_PEOPLE]
            rows = int(some.sum())
            users = np.repeat(np.arange(begin + 1, begin + 1 + len(some)), some)
            popular = (MOVIES * random.random(rows) ** 4).astype(np.int64)
            first = np.repeat(random.integers(850_000_000, 1_680_000_000, len(some)), some)
            table = pl.DataFrame(
                {
                    "userId": users,
                    "movieId": movie_ids[popular],
                    "rating": random.integers(1, 11, rows) / 2,
                    "timestamp": first + random.integers(0, 10_000_000, rows),
                }
            ).sort("userId", "movieId")
            table.write_csv(file, include_header=begin == 0, float_precision=1)
    titles = [f"Movie, The ({1930 + movie % 90})" for movie in movie_ids]
    pl.DataFrame({"movieId": movie_ids, "title": titles, "genres": "Drama|Comedy"}).write_csv(folder / "movies.csv")


def main() -> None:
    """Generate, read in a fresh process, write the section."""
    busy = f"Load average of the machine before: {os.getloadavg()[0]:.1f}."
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "ml-32m"
        folder.mkdir()
        generate(folder)
        size = (folder / "ratings.csv").stat().st_size
        read = subprocess.run([sys.executable, "-c", READ, str(folder)], check=True, capture_output=True, text=True)
    seconds, peak, ratings, users, movies = read.stdout.split()
    body = report.table(
        ["ratings", "people", "movies", "ratings.csv, MB", "seconds", "peak memory, GiB"],
        [
            (
                f"{int(ratings):,}",
                f"{int(users):,}",
                f"{int(movies):,}",
                f"{size / 1e6:.0f}",
                f"{float(seconds):.1f}",
                f"{float(peak):.2f}",
            )
        ],
    )
    body += f"\n\nGenerated in the shape of ml-32m; time and memory of a fresh Python, imports included. Goals: 60 s and 6 GB. {busy}"
    report.write(
        "reading", "Reading 32 million ratings", body, command="python -m tests.benchmarks.bench_reading", seed=SEED
    )
    print(body)


if __name__ == "__main__":
    main()
