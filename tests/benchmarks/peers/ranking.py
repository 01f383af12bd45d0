"""Who ranks better: every contestant trains within its budget, and one table holds their lists for the test items against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.data.dataset import Dataset
from recommender.evaluation import intervals
from recommender.evaluation.comparison import sign_flip
from tests.benchmarks import report
from tests.benchmarks.peers.contest import Job, Sequences, ndcg
from tests.benchmarks.peers.environments import run

SEED = 0
NAMES = {"marquee": "Marquee", "rectools": "RecTools 0.19.0", "recbole": "RecBole 1.2.1"}


Try = tuple[float, float | None]
"""Learning rate, and dropout where it is not that of the contest."""


@dataclass(frozen=True)
class Budget:
    """What a contestant may try: trainings of so many seconds of the processor at most each, of which validation chooses one."""

    batch: int
    seconds: float
    tries: tuple[Try, ...] = ((1e-3, None),)


@dataclass(frozen=True)
class Contest:
    """One table."""

    job: Job
    """The numbers that are the same for everybody."""
    budgets: dict[str, Budget]
    remark: str
    """The numbers in words, and what one has to know to read the table fairly."""
    seeds: tuple[int, ...] = (SEED,)
    """One training each; figures are of the mean over them."""


def written(data: Dataset, jobs: Path) -> tuple[Sequences, Path]:
    """Everybody's sequence, and the file from which the contestants read it."""
    jobs.mkdir(exist_ok=True)
    sequences = Sequences(data.interactions.item.astype(np.int64), data.interactions.offsets, len(data.catalog))
    sequences.write(jobs / "sequences.npz")
    return sequences, jobs / "sequences.npz"


HandedIn = dict[str, NDArray[np.float64]]


def hand_ins(folder: Path, peer: str, name: str, job: Job) -> HandedIn:
    """What a contestant hands in, now or at an earlier time."""
    jobs = Path(job.data).parent
    told, out = jobs / f"{name}.json", jobs / f"{name}.npz"
    if not out.exists():
        Job(**asdict(job) | {"out": str(out.with_suffix(".part.npz"))}).write(told)
        run(peer, folder, told)
        out.with_suffix(".part.npz").rename(out)
        print(f"{name}: done", flush=True)
    with np.load(out) as found:
        return dict(found)


def trained(folder: Path, place: Path, contest: Contest, peer: str, each: Try) -> list[HandedIn]:
    """What a contestant hands in with these settings, once per seed."""
    budget, (learning_rate, dropout) = contest.budgets[peer], each
    settings = "" if each == (1e-3, None) else f"-{learning_rate:g}-{dropout or contest.job.dropout:g}"
    told = replace(
        contest.job,
        data=str(place),
        batch=budget.batch,
        seconds=budget.seconds,
        learning_rate=learning_rate,
        dropout=dropout or contest.job.dropout,
    )
    names = {
        seed: f"quality-{contest.job.model}-{peer}{settings}" + (f"-{seed}" if seed != SEED else "")
        for seed in contest.seeds
    }
    return [hand_ins(folder, peer, name, replace(told, seed=seed)) for seed, name in names.items()]


def validated(of: Mapping[Try, list[HandedIn]], each: Try) -> float:
    """The best NDCG@10 on the validation items, mean over the seeds."""
    return float(np.mean([one["gains"].max() for one in of[each]]))


def quality(folder: Path, place: Path, contest: Contest, sequences: Sequences) -> str:
    """Train each, choose its epoch by validation, and put figures to its lists for the test items."""
    tried = {
        peer: {each: trained(folder, place, contest, peer, each) for each in budget.tries}
        for peer, budget in contest.budgets.items()
    }
    chosen = {peer: max(of, key=partial(validated, of)) for peer, of in tried.items()}
    trials = {peer: tried[peer][each] for peer, each in chosen.items()}
    hidden, draws = sequences.hidden("test"), intervals.resamples(len(sequences), SEED)
    per_seed = {peer: np.stack([ndcg(one["lists"], hidden) for one in trial]) for peer, trial in trials.items()}
    gains = {peer: each.mean(axis=0) for peer, each in per_seed.items()}
    others = [peer for peer in gains if peer != "marquee"]
    p = sign_flip(np.stack([gains[peer] - gains["marquee"] for peer in others], axis=1), SEED)
    rows = []
    for peer, trial in trials.items():
        mean, hits = intervals.mean(gains[peer], draws), intervals.mean((per_seed[peer] > 0).mean(axis=0), draws)
        assert mean
        assert hits
        rows.append(
            [
                NAMES[peer],
                f"{contest.budgets[peer].batch:,}",
                f"{chosen[peer][0]:g}, {chosen[peer][1] or contest.job.dropout:g}",
                str(len(contest.budgets[peer].tries)),
                ", ".join(f"{len(one['gains'])} ({int(one['gains'].argmax()) + 1})" for one in trial),
                f"{sum(one['seconds'].sum() for of in tried[peer].values() for one in of):,.0f}",
                f"{validated(tried[peer], chosen[peer]):.3f}",
                f"{mean.value:.3f} ({mean.low:.3f}-{mean.high:.3f})",
                f"{hits.value:.3f} ({hits.low:.3f}-{hits.high:.3f})",
                f"{max(p[others.index(peer)], 1e-3):.3f}" if peer in others else "",
            ]
        )
    head = [
        "whose",
        "batch",
        "learning rate, dropout",
        "tried",
        "epochs (best)",
        "seconds in all",
        "validation NDCG@10",
        "test NDCG@10",
        "test HR@10",
        "p against ours",
    ]
    return (
        report.table(head, rows)
        + "\n\nLeave-last over the whole catalogue without what a person has seen; everybody's last but one chooses the epoch and the settings "
        f"(stopped after {contest.job.patience} epochs without a better one, or when the seconds were used up), the last is the test. The figures "
        "are worked out by the same code from everybody's lists. Seconds are those of the processor, epochs of all trainings. "
        + (f"Figures are means over {len(contest.seeds)} trainings with other seeds. " if contest.seeds[1:] else "")
        + contest.remark
        + " In parentheses bootstrap 95 % intervals over people; p is that of a paired randomisation test, written as 0.001 where it is less."
    )
