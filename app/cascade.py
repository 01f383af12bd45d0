"""The cascade of this house: its plan, who may rank in it, and the one model that stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app import workshop
from app.resources import House, house
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer, Person
from recommender.serving.cascade.outcome import Outcome
from recommender.serving.cascade.plan import Plan, PlanFile
from recommender.serving.cascade.run import Cascade
from recommender.serving.cascade.work import OnGPU, on_gpu, operations

FILE = "cascade.toml"
"""In MARQUEE_HOME; without it the plan that comes with the library serves."""
RANKERS = ("interaction", "multi_objective")
"""Families whose models rank: they look at one person and one movie at a time."""
SINGLE = "hstu"
OFFERED = 10_000
"""Movies offered by name, the most rated ones; a list of more would take too long to reach the browser."""


@lru_cache(maxsize=1)
def _rooms(rooms: House) -> tuple[Cascade, PlanFile]:
    return Cascade(rooms.engine), PlanFile(rooms.settings.home / FILE)


def plan() -> tuple[Plan, str | None]:
    """The plan that serves, and in one sentence why it is not the one in the file, if it is not."""
    return _rooms(house())[1].current()


def run(person: Person, planned: Plan) -> Outcome:
    """The list for a person and how it came about. Where the plan's ranker is not trained, the best one that is stands in for it."""
    ready = _by_quality()
    made_for_it = [slug for slug, card in ready.items() if card.family in RANKERS]
    others = [slug for slug, card in ready.items() if card.family not in RANKERS and card.personal]
    return _rooms(house())[0].run(person, planned, [*made_for_it, *others])


def rankers() -> dict[str, ModelCard]:
    """Models of the ranking families that are ready, the best measured first; the others by name."""
    return {slug: card for slug, card in _by_quality().items() if card.family in RANKERS}


def _by_quality() -> dict[str, ModelCard]:
    ready = [model for model in workshop.shelf() if model.served]
    ready.sort(key=lambda model: -model.metrics["ndcg@10"].value if "ndcg@10" in model.metrics else 0)
    return {model.card.slug: model.card for model in ready}


@dataclass(frozen=True, eq=False)
class Single:
    """What one generative model does in one step."""

    card: ModelCard
    answer: Answer
    operations: int | None
    """Floating-point operations of its answer; None when the answer is not its own."""
    gpu: OnGPU | None
    """The same answer on the GPU, where there is one."""


def single(person: Person, k: int) -> Single | None:
    """Its list; None while it is not trained, or cannot answer."""
    engine = house().engine
    answer = engine.answer(person, [SINGLE], k).get(SINGLE)
    if answer is None:
        return None
    read = engine.releases.read(person)
    work = engine.ask(person, SINGLE, "operations", lambda model: operations(model, read))
    gpu = None if work is None else engine.ask(person, SINGLE, "on GPU", lambda model: on_gpu(model, read, work))
    return Single(house().cards[SINGLE], answer, work, gpu)


def titles() -> Mapping[int, str]:
    """Movies to choose from, by item: title and year, the most rated first, what was released here before all."""
    rooms = house()
    return _titles(rooms, rooms.engine.releases.version)


@lru_cache(maxsize=2)
def _titles(rooms: House, version: str) -> dict[int, str]:
    known = rooms.engine.releases
    frame = known.everything.frame.select("movie_id", "title", "year")
    counts = np.bincount(rooms.dataset.interactions.item, minlength=len(frame))
    released = [item for item in range(len(known.base), len(frame)) if known.stands(item)]
    most = np.argsort(-counts[: len(known.base)], kind="stable")[:OFFERED].tolist()
    labels = {}
    for item in (*released, *most):
        movie_id, title, year = frame.row(item)
        labels[item] = f"{title or f'Movie {movie_id}'}{f' ({year})' if year else ''}"
    return labels
