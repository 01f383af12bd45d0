"""Who tells a like from a dislike: our models of field interactions beside RecBole's of the same name, on the same rows.

`python -m tests.benchmarks.bench_ctr --folder FOLDER`; the folder is the one of `python -m tests.benchmarks.peers`. What each job handed in
is kept there, so a run that was ended goes on; delete FOLDER/jobs-ctr to begin anew.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation import intervals
from recommender.models import registry
from tests.benchmarks import report
from tests.benchmarks.peers.ctr import LIKED_FROM, RECBOLE_READS, TEST, auc, aucs, log_losses
from tests.benchmarks.peers.ctr_contest import SEED, SPLITS, TRIES, Contest
from tests.benchmarks.peers.environments import REQUIREMENTS, python_of

COMMAND = "python -m tests.benchmarks.bench_ctr --folder FOLDER"
MODELS = (
    "lr",
    "fm",
    "ffm",
    "nfm",
    "afm",
    "pnn",
    "widedeep",
    "deepfm",
    "xdeepfm",
    "dcn",
    "dcnv2",
    "autoint",
    "finalmlp",
    "din",
    "dien",
)
ALONE = ("finalmlp", "dien")
"""Those that RecBole does not have, or would train for hours here."""
ONCE = ("din",)
"""Those that take RecBole so long that they meet on the first random split only: they read a history anew for every row."""


@dataclass(frozen=True, eq=False)
class Figures:
    """Of one contestant's test rows, mean over some splits."""

    auc: float
    loss: float
    aucs: NDArray[np.float64]
    """In each resample of the people, `[RESAMPLES]`."""
    losses: NDArray[np.float64]
    seconds: float
    """Median of all epochs."""
    epochs: tuple[int, ...]
    """How many were trained of each split."""


def figures(contest: Contest, peer: str, model: str, splits: tuple[str, ...], draws: NDArray[np.float32]) -> Figures:
    """Train, or read what was trained, and count."""
    settings = contest.chosen(peer, model)
    per_split, seconds, epochs = [], [], []
    for split in splits:
        rows, handed = contest.rows(split), contest.handed_in(peer, model, split, settings)
        at = rows.at(TEST)
        p, yes, who = handed["test"], rows.yes[at], rows.user[at]
        loss, counts = np.bincount(who, log_losses(p, yes), draws.shape[1]), np.bincount(who, minlength=draws.shape[1])
        sampled = np.concatenate([aucs(p, yes, some[:, who]) for some in np.array_split(draws, 20)])
        per_split.append((auc(p, yes), loss.sum() / counts.sum(), sampled, (draws @ loss) / (draws @ counts)))
        seconds.append(handed["seconds"])
        epochs.append(len(handed["seconds"]))
    mean = [np.mean(each, axis=0) for each in zip(*per_split, strict=True)]
    return Figures(
        float(mean[0]), float(mean[1]), mean[2], mean[3], float(np.median(np.concatenate(seconds))), tuple(epochs)
    )


def table(contest: Contest, models: tuple[str, ...], splits: tuple[str, ...]) -> str:
    """A line per model, ours beside theirs, and in how many ours is at least level."""
    draws = intervals.resamples(int(contest.rows(splits[0]).user.max()) + 1, SEED)
    rows, met_theirs, level = [], 0, 0
    for model in models:
        met = splits[:1] if model in ONCE else splits
        ours = figures(contest, "marquee", model, met, draws)
        alone = model in ALONE or (SPLITS[0] not in met and model in ONCE)
        theirs = None if alone else figures(contest, "recbole", model, met, draws)
        if theirs:
            met_theirs += 1
            level += bool(np.percentile(ours.aucs - theirs.aucs, intervals.EDGES[1]) >= 0)
        rows.append(
            [
                registry.model_class(model).card.name,
                _with_interval(ours.auc, ours.aucs),
                _with_interval(theirs.auc, theirs.aucs) if theirs else "",
                _with_interval(ours.auc - theirs.auc, ours.aucs - theirs.aucs, "+") if theirs else "",
                _with_interval(ours.loss, ours.losses),
                _with_interval(theirs.loss, theirs.losses) if theirs else "",
                _with_interval(ours.loss - theirs.loss, ours.losses - theirs.losses, "+") if theirs else "",
                *(
                    f"{each.seconds:.2f} ({', '.join(map(str, each.epochs))})" if each else ""
                    for each in (ours, theirs)
                ),
            ]
        )
    head = ["", "AUC: ours", "RecBole", "difference", "LogLoss: ours", "RecBole", "difference"]
    lines = report.table([*head, "s per epoch (epochs): ours", "RecBole"], rows)
    return f"{lines}\n\nOurs is level or ahead by AUC, its interval of the difference reaching above zero, in {level} of {met_theirs}."


def _with_interval(value: float, sampled: NDArray[np.float64], sign: str = "") -> str:
    low, high = np.percentile(sampled, intervals.EDGES)
    return f"{value:{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"


def section(contest: Contest, models: tuple[str, ...]) -> str:
    """Both tables, and what one has to know to read them fairly."""
    rows = contest.rows(SPLITS[0])
    read = ", ".join(rows.features)
    return (
        f"{contest.name}: {len(rows.user):,} ratings of {rows.user.max() + 1:,} people and {rows.n_items:,} movies; {LIKED_FROM:g} stars and more are a "
        f"yes ({rows.yes.mean():.1%}), all others a no, no movies are drawn. Eight parts are learned from, one is for validation, one for the test. Both "
        f"read the movie's number and its features ({read}). Of the person, RecBole has a trained vector for each; ours has none and reads "
        "their training ratings with their stars (reads_stars=True), so that it could answer somebody new. "
        f"{_alone(models)}Both stop after five epochs without a better AUC of the validation rows, 100 epochs or 300 s of "
        f"the processor; of two learning rates each, with and without a decay of the weights ({_tries('marquee')} ours, {_tries('recbole')} RecBole's), the first "
        "random split's validation rows chose one; all else "
        "is RecBole's default, and for ours the default but five settings, which the validation rows of DeepFM and FM on ml-100k chose. "
        f"RecBole: `{' '.join(REQUIREMENTS['recbole'])}`. One thread each, seconds of the processor. An epoch of RecBole looks at every training row, "
        "one of ours at a fifth of them, drawn anew, and reads the others. In parentheses 95 % intervals by bootstrap over people, paired for "
        "differences; a LogLoss below 0 in difference is ours being better.\n\n"
        f"### Three random splits, means\n\n{table(contest, models, SPLITS[:-1])}\n\n"
        f"### Split by time\n\nMost people of the test have no training rows: ours knows nothing of them, RecBole's vectors of them are as they were drawn.\n\n"
        f"{table(contest, models, SPLITS[-1:])}"
    )


def _alone(models: tuple[str, ...]) -> str:
    """Who did not meet everybody, and why."""
    told = {
        "din": f"RecBole's DIN reads the last {RECBOLE_READS} liked training movies before a row, which takes so long that the two meet on the first "
        "draw only. ",
        "dien": "RecBole's DIEN would take hours. ",
        "finalmlp": "RecBole has no FinalMLP. ",
    }
    names = [registry.model_class(each).card.name for each in MODELS if each not in models]
    left = f"Not trained on this data, for want of hours: {', '.join(names)}. " if names else ""
    return "".join(told[each] for each in told if each in models) + left


def _tries(peer: str) -> str:
    return ", ".join(" with ".join(f"{value:g}" for value in each.values()) for each in TRIES[peer])


def main() -> None:
    """Install, compete, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where environments and jobs are kept")
    parser.add_argument("--data", choices=["ml-100k", "embedded"], default="ml-100k")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS, help="who competes; else all")
    options = parser.parse_args()
    folder = options.folder.resolve()
    python_of("recbole", folder)
    models = tuple(each for each in MODELS if each in options.models)
    body = section(Contest(options.data, folder), models)
    command = f"{COMMAND} --data {options.data}" + ("" if models == MODELS else f" --models {' '.join(models)}")
    title = f"Telling likes from dislikes, beside RecBole, {options.data}"
    report.write(f"ctr-{options.data}", title, body, command=command, seed=SEED)


if __name__ == "__main__":
    main()
