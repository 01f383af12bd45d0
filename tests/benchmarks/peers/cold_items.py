"""New movies: LightFM's and Cornac's models that read what movies are beside those of this house, on the same draws, in one run.

`python -m tests.benchmarks.peers.cold_items --folder FOLDER`; the folder is the one of `python -m tests.benchmarks.peers`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.data.sources import load
from recommender.evaluation import COLD_ITEM, evaluate
from recommender.evaluation.report import TrialReport
from recommender.features.items import features, shared_values
from recommender.features.words import texts
from recommender.models import registry
from recommender.models.base import Block, ModelCard, Paper, Progress, Recommender, silent
from tests.benchmarks import report
from tests.benchmarks.bench_cold_items import lead
from tests.benchmarks.bench_quality import accuracy
from tests.benchmarks.peers.environments import REQUIREMENTS, python_of, run

SEED = 0
COMMAND = "python -m tests.benchmarks.peers.cold_items --folder FOLDER"
OURS = ("cmf", "cease", "twotower", "cdl", "hybridmf", "contentknn")
SETTINGS: dict[str, dict[str, Any]] = {"lightfm": {"epochs": 30}, "cornac-cdl": {"max_iter": 20}}
"""Where they differ from the library's own: passes, since the defaults are one (LightFM) and a hundred, which would take an hour (Cornac)."""


class Peer(Recommender):
    """A model of another library, fitted in an environment of its own. It knows the people of the training, and answers for no others."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__()
        self.name, self.folder = name, folder
        self.card = ModelCard(  # type: ignore[misc]
            name=name,
            family="peer",
            block=Block.LINEAR,
            paper=Paper(authors="see its library", year=2026, title=name),
            sentence="A model of another library.",
            ratings="As its library has it.",
            departures="None.",
            scores_cold_items=True,
        )

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Hand the data over, wait, take the scores of everybody for everything."""
        values = shared_values(features(catalog), len(catalog))
        with TemporaryDirectory() as temporary:
            place = Path(temporary)
            np.savez(
                place / "data.npz",
                user=interactions.user,
                item=interactions.item,
                rating=interactions.rating,
                shape=np.array([interactions.n_users, len(catalog)]),
                values_data=values.data,
                values_indices=values.indices,
                values_indptr=values.indptr,
                values_shape=np.array(values.shape),
            )
            job = place / "job.json"
            job.write_text(
                json.dumps({"seed": SEED, "settings": SETTINGS[self.name], "texts": texts(catalog)}), encoding="utf-8"
            )
            run(self.name.partition("-")[0], self.folder, job)
            self.scores = np.load(place / "scores.npy")  # [n_users, n_items]
        people = Histories.from_interactions(interactions)
        self.row = {people.select([user]).items.tobytes(): user for user in range(len(people))}
        return self

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """`[batch, n_items]`; people are known by what they rated."""
        rows = [self.row[histories.select([b]).items.tobytes()] for b in range(len(histories))]
        return self.scores[rows]

    def state(self) -> dict[str, NDArray[Any]]:
        """Never kept."""
        return {}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Never kept."""


def main() -> None:
    """Install, compete, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where environments are kept")
    folder = parser.parse_args().folder.resolve()
    for peer in ("lightfm", "cornac"):
        python_of(peer, folder)
    began = time.perf_counter()
    models = {slug: registry.model_class(slug) for slug in OURS} | {
        name: partial(Peer, name, folder) for name in SETTINGS
    }
    found = evaluate(load("embedded"), COLD_ITEM, models, seed=SEED)
    seconds = {slug: trained.fit_seconds for slug, trained in found.models.items()}
    new, everything = found.trials
    parts = [
        "As under New movies: three draws, the same people and movies for all. "
        + " ".join(f"{peer}: `{' '.join(REQUIREMENTS[peer])}`." for peer in ("lightfm", "cornac"))
        + " LightFM (the package itself no longer builds; this is the copy that RecTools keeps) learns by WARP with 64 numbers per feature, in 30 passes, from the "
        "very features that HybridMF reads and each movie's own. Cornac's CDL reads the words of the texts, in 20 passes, all else as its library has it; "
        "every movie takes part in its training with its text, a new one without a rating, since Cornac would leave those out. "
        "Its ConvMF cannot place a movie without ratings: its equations are singular there. "
        f"{time.perf_counter() - began:.0f} s in all.",
        f"### Among new: {new.people} people\n\n" + accuracy(new) + "\n\n" + verdict(new),
        f"### Among all: {everything.people} people\n\n" + accuracy(everything) + "\n\n" + verdict(everything),
        "### Three fits, seconds\n\n"
        + report.table(["model", "seconds"], [[slug, f"{seconds[slug]:.0f}"] for slug in models]),
    ]
    report.write(
        "peers-cold-items", "New movies beside LightFM and Cornac", "\n\n".join(parts), command=COMMAND, seed=SEED
    )


def verdict(trial: TrialReport) -> str:
    """How far the best is from each peer."""
    return " ".join(
        f"{pair.against} leads {pair.model} by {lead(pair)}." for pair in trial.comparisons if pair.model in SETTINGS
    )


if __name__ == "__main__":
    main()
