"""How near AutoRec comes to the stars that people gave, beside Cornac's biased matrix factorisation, on the same rows, in one run.

`python -m tests.benchmarks.peers.stars --folder FOLDER`; the folder is the one of `python -m tests.benchmarks.peers`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from recommender.data import Histories, Interactions
from recommender.data.dataset import Dataset
from recommender.evaluation import intervals
from recommender.layers.preference import NEUTRAL
from recommender.models.autoencoder.autorec import AutoRec, AutoRecNetwork
from tests.benchmarks import report
from tests.benchmarks.peers.environments import REQUIREMENTS, python_of, run
from tests.benchmarks.peers.ml_100k import ml_100k

COMMAND = "python -m tests.benchmarks.peers.stars --folder FOLDER"
SEEDS, SHARE = (1, 2, 3), 0.1
PAPER: dict[str, Any] = {
    "unobserved": 0.0,
    "validation_people": 0,
    "epochs": 80,
    "dropout": 0.5,
    "weight_decay": 2.0,
}
"""The paper's loss; without validation, which would be for lists. The rest was chosen by a tenth of the training rows of the first draw, of
seven settings, for the movie's variant."""
MOVIES, FOLDED, PEOPLE = (
    "AutoRec, a movie's ratings",
    "AutoRec, a movie's ratings, people folded in",
    "AutoRec, a person's ratings",
)
PEER = "Cornac's MF"
MEAN = "mean of the movie and the person"


def main() -> None:
    """Draw, learn, guess, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where environments are kept")
    folder = parser.parse_args().folder.resolve()
    python_of("cornac", folder)
    data = ml_100k(folder)
    errors: dict[str, list[NDArray[np.float64]]] = {name: [] for name in (MOVIES, FOLDED, PEOPLE, PEER, MEAN)}
    for seed in SEEDS:
        hidden = np.random.default_rng(seed).random(len(data.interactions)) < SHARE
        train, test = data.interactions.select(~hidden), data.interactions.select(hidden)
        guesses: dict[str, NDArray[Any]] = by_movies(data, train, test, seed) | {
            PEOPLE: by_people(data, train, test, seed)
        }
        guesses |= {PEER: theirs(data, train, test, seed, folder), MEAN: means(train, test, len(data.catalog))}
        for name, guess in guesses.items():
            errors[name].append((np.clip(guess, 1, 5).astype(np.float64) - test.rating) ** 2)
    rows = []
    for name, squares in sorted(errors.items(), key=lambda each: np.concatenate(each[1]).mean()):
        together = np.concatenate(squares)
        draws = intervals.resamples(len(together), 0)
        low, high = np.sqrt(np.percentile(draws @ together / len(together), intervals.EDGES))
        each = ", ".join(f"{np.sqrt(some.mean()):.3f}" for some in squares)
        rows.append((name, f"{np.sqrt(together.mean()):.3f} ({low:.3f}-{high:.3f})", each))
    body = (
        f"RecBole's ml-100k; a random tenth of the ratings is hidden, by seeds {', '.join(map(str, SEEDS))}; stars are cut to 1..5. "
        "RMSE over all hidden ratings, in parentheses its bootstrap 95 % interval, then that of each draw. AutoRec learns by the paper's loss "
        "(unobserved=0, 80 epochs, weight decay 2, chosen by training rows of the first draw). "
        f"Cornac: `{' '.join(REQUIREMENTS['cornac'])}`; MF with biases, its defaults but 50 passes.\n\n"
        + report.table(("", "RMSE, stars", "of each draw"), rows)
    )
    report.write("peers-stars", "Guessing stars, AutoRec beside Cornac", body, command=COMMAND)
    print(body)


def by_movies(data: Dataset, train: Interactions, test: Interactions, seed: int) -> dict[str, NDArray[Any]]:
    """Stars of the test rows: as the paper reads them off, which takes people who were in training, and as this house answers anybody."""
    model = AutoRec(AutoRec.Config(**PAPER, basis="item", seed=seed)).fit(train, data.catalog)
    network = cast(AutoRecNetwork, model.net)
    with torch.inference_mode():
        read_off = network.W(network.hidden[:, :-1]).numpy()  # [n_items, n_users]
    return {MOVIES: read_off[test.item, test.user] + NEUTRAL, FOLDED: asked(model, train, test)}


def by_people(data: Dataset, train: Interactions, test: Interactions, seed: int) -> NDArray[np.float32]:
    """The same by the other variant."""
    return asked(AutoRec(AutoRec.Config(**PAPER, seed=seed)).fit(train, data.catalog), train, test)


def asked(model: AutoRec, train: Interactions, test: Interactions) -> NDArray[np.float32]:
    """What it answers to everybody's training rows."""
    people, row = np.unique(test.user, return_inverse=True)
    scores = model.score(Histories.from_interactions(train).select(people))
    return scores[row, test.item] + NEUTRAL


def theirs(data: Dataset, train: Interactions, test: Interactions, seed: int, folder: Path) -> NDArray[np.float32]:
    """Cornac's."""
    with TemporaryDirectory() as temporary:
        place = Path(temporary)
        shape = np.array([data.interactions.n_users, len(data.catalog)])
        np.savez(place / "data.npz", user=train.user, item=train.item, rating=train.rating, shape=shape)
        job = place / "job.json"
        job.write_text(json.dumps({"seed": seed, "settings": {"max_iter": 50}}), encoding="utf-8")
        run("cornac", folder, job)
        scores: NDArray[np.float32] = np.load(place / "scores.npy")
    return scores[test.user, test.item]


def means(train: Interactions, test: Interactions, n_items: int) -> NDArray[np.float64]:
    """Of all, as far as the movie, then the person, lies above it; those with few ratings are drawn to the mean by five more."""
    middle = train.rating.mean()
    movie = _above(train.item, train.rating - middle, n_items)
    person = _above(
        train.user, train.rating - middle - movie[train.item], int(max(train.user.max(), test.user.max())) + 1
    )
    return np.asarray(middle + movie[test.item] + person[test.user])


def _above(group: NDArray[np.int32], values: NDArray[np.float32], n: int) -> NDArray[np.float64]:
    return np.bincount(group, values, n) / (np.bincount(group, minlength=n) + 5)


if __name__ == "__main__":
    main()
