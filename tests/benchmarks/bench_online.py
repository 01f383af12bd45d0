"""Learning from one rating at a time: how long it takes, and how well the next rating is guessed before it is learned."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from recommender.data import Histories, Interactions
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.evaluation import intervals
from recommender.layers.meetings import Examples
from recommender.models import registry
from recommender.models.base import Progress, silent
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train
from recommender.training.online import OnlineRecommender
from tests.benchmarks import report

SLUGS = ("ftrl", "adpredictor")
SEED = 0
TAUGHT, RATED = 500, 200
"""Ratings that are learned one by one in the models alone, and through the database and the engine."""
STRENGTHS = (0.1, 1.0)
"""C of scikit-learn's logistic regression; the best on the last fifth of what it learns from is taken."""
STEPS = 100
"""Of its solver (lbfgs), after which LogLoss hardly moves."""
PRIOR = 10.0
"""Examples' worth of the overall share that a movie's own share of yes begins with."""
COMMAND = "python -m tests.benchmarks.bench_online"


@dataclass(eq=False)
class Notes:
    """What happened to every example, in order."""

    who: list[NDArray[np.int64]] = field(default_factory=list)
    which: list[NDArray[np.int64]] = field(default_factory=list)
    rows: list[Examples] = field(default_factory=list)
    guessed: list[float] = field(default_factory=list)
    yes: list[bool] = field(default_factory=list)


def walked(slug: str, data: Dataset, learns_until: int | None = None, keep: bool = False) -> Notes:
    """One pass of a model over all ratings in the order of time; from example `learns_until` on it only guesses."""
    cls, notes = registry.model_class(slug), Notes()
    assert issubclass(cls, OnlineRecommender)
    order = np.argsort(data.interactions.timestamp, kind="stable")
    seen = 0

    class Watched(cls):  # type: ignore[valid-type,misc]
        def take(self, interactions: Interactions, progress: Progress = silent) -> None:
            plain: Callable[..., Examples] = self.meetings.examples

            def noted(facts: object, who: NDArray[np.int64], which: NDArray[np.int64]) -> Examples:
                nonlocal seen
                made = plain(facts, who, which)
                notes.who.append(interactions.user[order[seen + who]].astype(np.int64))
                notes.which.append(which)
                seen += int(who[-1]) + 1
                if keep:
                    notes.rows.append(made)
                return made

            self.meetings.examples = noted
            super().take(interactions, progress)
            del self.meetings.examples

        def update(self, at: NDArray[np.int64], x: NDArray[np.float32], yes: bool) -> float:
            before = None
            if learns_until is not None and len(notes.guessed) >= learns_until:
                before = {name: vector[at] for name, vector in self.vectors.items()}
            guess: float = super().update(at, x, yes)
            for name, was in (before or {}).items():
                self.vectors[name][at] = was
            notes.guessed.append(guess)
            notes.yes.append(yes)
            return guess

    Watched(cls.Config(seed=SEED)).fit(data.interactions, data.catalog)
    return notes


def losses(guessed: Sequence[float] | NDArray[np.float64], yes: NDArray[np.bool_]) -> NDArray[np.float64]:
    """LogLoss of each example."""
    p = np.clip(np.asarray(guessed, float), 1e-7, 1 - 1e-7)
    return -np.log(np.where(yes, p, 1 - p))


def by_popularity(which: NDArray[np.int64], yes: NDArray[np.bool_], n_items: int) -> NDArray[np.float64]:
    """Each movie's share of yes among what came before, begun with the overall share."""
    asked, said, guessed = np.zeros(n_items), np.zeros(n_items), np.empty(len(which))
    total = 1.0
    for place, (item, answer) in enumerate(zip(which.tolist(), yes.tolist(), strict=True)):
        share = total / (place + 5)
        guessed[place] = (said[item] + PRIOR * share) / (asked[item] + PRIOR)
        asked[item] += 1
        said[item] += answer
        total += answer
    return guessed


def by_batch(notes: Notes, yes: NDArray[np.bool_], half: int) -> tuple[NDArray[np.float64], float]:
    """Guesses of the second half by a logistic regression fitted to the first, and the C that it took."""
    data, indices = (np.concatenate([getattr(part, name) for part in notes.rows]) for name in ("x", "at"))
    lengths = np.concatenate([np.diff(part.begins) for part in notes.rows])
    begins = np.concatenate([[0], np.cumsum(lengths)])
    used = np.unique(indices[: begins[half]])  # a weight of what was never met is 0
    met = np.clip(np.searchsorted(used, indices), 0, len(used) - 1)
    known = used[met] == indices
    x = sp.csr_array((np.where(known, data, 0), met, begins), shape=(len(lengths), len(used)))
    cut = half * 4 // 5
    warnings.simplefilter("ignore", ConvergenceWarning)
    best, found = np.inf, STRENGTHS[0]
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=STEPS).fit(x[:cut], yes[:cut])
        loss = float(losses(model.predict_proba(x[cut:half])[:, 1], yes[cut:half]).mean())
        if loss < best:
            best, found = loss, strength
    model = LogisticRegression(C=found, max_iter=STEPS).fit(x[:half], yes[:half])
    return model.predict_proba(x[half:])[:, 1], found


def ahead(data: Dataset) -> str:
    """The table of guesses one rating ahead, over the newest half of the examples."""
    first = walked("ftrl", data, keep=True)
    who, which, yes = np.concatenate(first.who), np.concatenate(first.which), np.array(first.yes)
    half = len(yes) // 2
    guesses = {"FTRL, learning on": np.array(first.guessed)[half:]}
    batch, strength = by_batch(first, yes, half)
    first.rows.clear()
    guesses["AdPredictor, learning on"] = np.array(walked("adpredictor", data).guessed)[half:]
    guesses["FTRL, stopped at half"] = np.array(walked("ftrl", data, half).guessed)[half:]
    guesses["AdPredictor, stopped at half"] = np.array(walked("adpredictor", data, half).guessed)[half:]
    guesses[f"logistic regression, fitted to the first half (scikit-learn, C = {strength:g})"] = batch
    guesses["popularity: each movie's share of yes so far"] = by_popularity(which, yes, len(data.catalog))[half:]
    people, person = np.unique(who[half:], return_inverse=True)
    counts = np.bincount(person)
    draws = intervals.resamples(len(people), SEED)
    each = {
        name: np.bincount(person, losses(guess, yes[half:])) for name, guess in guesses.items()
    }  # summed over a person's examples
    head = ["guessed by", "LogLoss", "95 %", "more than FTRL, learning on"]
    rows = []
    for name, summed in each.items():
        more = summed - each["FTRL, learning on"]
        low, high = _edges(draws, summed, counts)
        worse = (
            f"{more.sum() / counts.sum():+.4f} ({' to '.join(f'{edge:+.4f}' for edge in _edges(draws, more, counts))})"
        )
        rows.append(
            [name, f"{summed.sum() / counts.sum():.4f}", f"{low:.4f} to {high:.4f}", "" if not more.any() else worse]
        )
    said = (
        f"All {len(data.interactions):,} embedded ratings in the order of time, {len(yes):,} examples: each rating (two and a half stars and more are a "
        f"yes), and up to four movies drawn beside it, which are a no. Every example is guessed before it is learned. The table is over the newest half, {len(yes) - half:,} "
        f"examples of {len(people)} people, {yes[half:].mean():.1%} of them yes; intervals by bootstrap over people."
    )
    return f"{said}\n\n{report.table(head, rows)}"


def _edges(draws: NDArray[np.float32], summed: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[float, float]:
    low, high = np.percentile((draws @ summed) / (draws @ counts), intervals.EDGES)
    return float(low), float(high)


def times(data: Dataset, home: Path) -> str:
    """The table of times."""
    store, rows = ArtifactStore(home / "embedded" / "models"), []
    everybody = Histories.from_interactions(data.interactions)
    rng = np.random.default_rng(SEED)
    people = rng.permutation(len(everybody))[: min(TAUGHT, len(everybody))]
    for slug in SLUGS:
        version = train(slug, data, store)
        model = version.load()
        assert isinstance(model, OnlineRecommender)
        learner, learned, published = model.awake(), [], []
        for person in people:
            one = everybody.select([person])
            last = int(one.lengths[0]) - 1
            before = Histories.of([(one.items[:last], one.ratings[:last], one.timestamps[:last])])
            began = time.perf_counter()
            learner.learn(before, int(one.items[last]), float(one.ratings[last]))
            learned.append(time.perf_counter() - began)
            began = time.perf_counter()
            learner.frozen()
            published.append(time.perf_counter() - began)
        rows += [
            _row(f"{model.card.name} learns a rating", learned),
            _row(f"{model.card.name}: what answers is replaced", published),
        ]
    rows += _in_the_house(data, home)
    said = (
        f"One thread. The models alone: the last rating of {len(people)} people with up to 3,000 ratings before it. In the house: somebody rates {RATED} movies, one after the "
        f"other, in an SQLite database. Load average of the machine before: {os.getloadavg()[0]:.1f}."
    )
    return f"{said}\n\n{report.table(['', 'median ms', '95th percentile'], rows)}"


def _in_the_house(data: Dataset, home: Path) -> list[list[str]]:
    """From a stored rating to models that answer from it, and a house that opens anew."""
    os.environ |= {"MARQUEE_HOME": str(home), "MARQUEE_DATA": "embedded"}
    from app import learning, resources
    from app.resources import house
    from db import people, ratings

    heard = []
    with house().database.session() as session:
        me = people.create(session)[0].id
    learning.listen()
    popular = np.argsort(-np.bincount(data.interactions.item))[:RATED]
    for place, movie in enumerate(data.catalog.movie_ids[popular].tolist()):
        with house().database.session() as session:
            ratings.put(session, me, movie, (place % 10 + 1) / 2)
        began = time.perf_counter()
        learning.listen()
        heard.append(time.perf_counter() - began)
    began = time.perf_counter()
    learning.listen()
    idle = time.perf_counter() - began
    resources.close()
    house()
    began = time.perf_counter()
    learning.listen()
    again = time.perf_counter() - began
    house().database.close()
    resources.close()
    return [
        _row("a stored rating is read, learned by both, and answers", heard),
        ["nothing was rated", f"{1000 * idle:.2f}", ""],
        [f"a house that opens anew learns {RATED} ratings again, both", f"{1000 * again:,.0f}", ""],
    ]


def _row(name: str, seconds: Sequence[float]) -> list[str]:
    return [name, *(f"{1000 * np.percentile(seconds, point):.2f}" for point in (50, 95))]


def main() -> None:
    """Measure and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["times", "ahead"], help="one section alone")
    only, data = parser.parse_args().only, load("embedded")
    if only != "ahead":
        with tempfile.TemporaryDirectory() as home:
            timed = times(data, Path(home))
        report.write("online", "Learning live: how long it takes", timed, command=COMMAND, seed=SEED)
    if only != "times":
        guessed = ahead(data)
        report.write("online-ahead", "Learning live: one rating ahead", guessed, command=COMMAND, seed=SEED)


if __name__ == "__main__":
    main()
