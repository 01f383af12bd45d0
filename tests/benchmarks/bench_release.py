"""How fast a movie that nobody has rated is placed, on the embedded data: its text embedded, then its rank for 21 people by each model."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
import polars as pl
import torch

from recommender.data import Catalog, Histories
from recommender.data.sources import load
from recommender.features.newcomers import load_text_model
from recommender.features.sentence import sentences
from recommender.features.texts import encode, model_folder
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine
from recommender.serving.premiere import premiere, speakers
from recommender.serving.typical import typical
from tests.benchmarks import report
from tests.benchmarks.bench_serving import milliseconds, people

SEED, MOVIES = 0, 50


def newcomers(catalog: Catalog, seed: int) -> list[Catalog]:
    """Movies of the catalogue under titles that no text cache has met, each alone."""
    chosen = np.random.default_rng(seed).choice(len(catalog), MOVIES, replace=False).tolist()
    return [
        Catalog(
            catalog.frame[[item]].with_columns(title=pl.col("title") + f", part {item}", plot=pl.lit(f"It is {item}."))
        )
        for item in chosen
    ]


def main() -> None:
    """Take trained models from a folder, place movies, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, required=True, metavar="DIR", help="a folder of trained models")
    trained = parser.parse_args().trained
    busy = f"Load average of the machine before: {os.getloadavg()[0]:.1f}."
    dataset = load("embedded")
    engine = Engine(dataset.catalog, dataset.interactions, ArtifactStore(trained))
    histories = Histories.from_interactions(dataset.interactions)
    me = people(histories, np.array([0]), "me")[0]
    crowd = [me, *(one.person for one in typical(dataset.interactions, len(dataset.catalog)))]
    load_text_model(dataset.catalog)
    premiere(engine, newcomers(dataset.catalog, SEED + 1)[0], crowd)  # what is remembered of the other movies

    folder, asked = model_folder(), newcomers(dataset.catalog, SEED)
    rows, whole = [], ""
    if folder is not None:
        texts = [f"A movie called {n}, in which somebody looks for number {n} in the woods." for n in range(MOVIES)]
        rows.append(("its text embedded", *milliseconds([lambda text=text: encode([text], folder) for text in texts])))
        written = sorted(sentences(dataset.catalog), key=len)
        began = time.perf_counter()
        encode(written, folder)
        whole = (
            f" All {len(written):,} texts of the catalogue are embedded in {time.perf_counter() - began:.0f} s, on "
            f"{torch.get_num_threads()} threads; it is done once."
        )
    placing = [lambda movie=movie: premiere(engine, movie, crowd) for movie in asked]
    rows.append(("embedded and placed by all", *milliseconds(placing)))
    rows.append(("placed by all, its text known", *milliseconds(placing)))
    found = [premiere(engine, movie, crowd).placed for movie in asked]
    for place, one in enumerate(found[0]):
        taken = [placed[place].milliseconds for placed in found]
        rows.append((f"of this {one.card.name}", f"{np.median(taken):.2f}", f"{np.percentile(taken, 95):.2f}"))
    for one in found[0]:
        calls = [lambda movie=movie, slug=one.card.slug: speakers(engine, slug, movie, crowd[1]) for movie in asked]
        rows.append((f"why, for one person, {one.card.name}", *milliseconds(calls)))
    body = (
        f"A movie that nobody has rated, for {len(crowd)} people at once; what each model makes of all other movies is remembered. "
        f"{MOVIES} movies, one after the other; the models side by side, one thread each.{whole} {busy}\n\n"
        + report.table(("", "median ms", "95th percentile"), rows)
    )
    report.write(
        "release",
        "Releasing a movie",
        body,
        command=f"python -m tests.benchmarks.bench_release --trained {trained.name}",
        seed=SEED,
    )


if __name__ == "__main__":
    main()
