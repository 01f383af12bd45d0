"""Our contestant for rows of yes and no: `python -m tests.benchmarks.peers.with_marquee_ctr JOB.json`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from recommender.data import Histories
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.models import registry
from recommender.models.base import silent
from recommender.training.batch import gathered
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_network import InteractionNetwork
from recommender.training.loop import Task, train
from recommender.training.run import Run
from tests.benchmarks.peers.ctr import LIKED_FROM, TRAIN, Entry, Job, Rows
from tests.benchmarks.peers.ml_100k import ml_100k_with_features

AT_ONCE = 64
"""People who are asked together."""
SETTINGS = {
    "liked_from": LIKED_FROM,
    "negatives": 0,
    "validation_people": 0,
    "reads_stars": True,
    "dropout": 0.2,
    "batch_size": 32,
    "targets": 4_096,
    "newcomers": 0.15,
}
"""No drawn movies: a no is a rating, too. Validation is that of the contest. The last four were chosen for DeepFM and FM by the validation
rows of ml-100k, the first draw and the split by time, and hold for all models and data."""
BY_RATING = {"dien": {"batch_size": 512}}
"""Who counts ratings per step, not people, keeps the default."""


def dataset(source: str) -> Dataset:
    """Where the rows come from; their order is that of its interactions."""
    return load(source) if source == "embedded" else ml_100k_with_features(Path(source))


def contestant(job: Job) -> InteractionRecommender:
    """Our model, not trained."""
    cls = registry.model_class(job.model)
    settings = SETTINGS | {"epochs": job.epochs, "patience": job.patience, "seed": job.seed}
    settings = settings | BY_RATING.get(job.model, {}) | job.settings
    return cast(InteractionRecommender, cls(cls.Config.model_validate(settings)))


def answers(
    model: InteractionRecommender, network: nn.Module, rows: Rows, histories: Histories
) -> Callable[[int], NDArray[Any]]:
    """The probabilities of a part's rows: everybody is known by their training rows, whoever has none by nothing."""
    network = cast(InteractionNetwork, network)

    def answer(part: int) -> NDArray[Any]:
        at = rows.at(part)
        p = np.empty(len(at))
        for begin in range(0, len(histories), AT_ONCE):
            end = min(begin + AT_ONCE, len(histories))
            asked = np.flatnonzero((rows.user[at] >= begin) & (rows.user[at] < end))
            batch = gathered(histories, histories.offsets[begin:end], histories.lengths[begin:end], rows.n_items)
            who, which = (torch.from_numpy(each[at[asked]]) for each in (rows.user - begin, rows.item))
            with torch.inference_mode():
                p[asked] = network.logits(batch, model.reads(batch), who, which).sigmoid().numpy()
        return p

    return answer


def main() -> None:
    """Train and hand in."""
    torch.set_num_threads(1)
    job = Job.read(sys.argv[1])
    rows, data, model = Rows.read(job.data), dataset(job.source), contestant(job)
    histories = Histories.from_interactions(data.interactions.select(rows.part == TRAIN))
    torch.manual_seed(job.seed)
    network = model.network(rows.n_items)
    model.prepare(network, histories, data.catalog)
    entry = Entry(job, rows)

    def validate(network: nn.Module, tick: Callable[[], None]) -> float:
        return entry.epoch(answers(model, network, rows, histories))

    examples = model.examples(histories, rows.n_items)
    train(Task(model.card.name, "", model.config, network, model.loss, examples, validate), Run("cpu"), silent)
    entry.hand_in()


if __name__ == "__main__":
    main()
