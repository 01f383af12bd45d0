"""A small world to train on, and networks that misbehave on demand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from torch import Tensor, nn

from recommender.data import Catalog, Histories, Interactions
from recommender.models.base import Block, ModelCard, Paper
from recommender.training import log
from recommender.training.batch import Batch
from recommender.training.config import RankingConfig
from recommender.training.sequence import SequenceNetwork, SequenceRecommender

N_ITEMS = 12


def world(people: int = 40, length: int = 9, seed: int = 0) -> tuple[Interactions, Catalog]:
    """Everybody walks around a ring of ten items; items 10 and 11 nobody ever met."""
    rng = np.random.default_rng(seed)
    rows = [
        (person, (start + step) % 10, 4.0, 1_000_000 + 60 * step)
        for person, start in enumerate(rng.integers(0, 10, people))
        for step in range(length)
    ]
    columns = list(zip(*rows, strict=True))
    return Interactions.from_columns(*columns), catalog()


def catalog() -> Catalog:
    """Twelve movies without features."""
    return Catalog.from_frame(pl.DataFrame({"movie_id": np.arange(N_ITEMS)}))


def person(items: list[int], stars: float | list[float] = 4.0) -> tuple[list[int], Any, list[int]]:
    """One history, a minute between two ratings."""
    return items, np.broadcast_to(stars, len(items)), [60 * step for step in range(len(items))]


class LastItemNetwork(SequenceNetwork):
    """A vector per item and a matrix: reads the present item only. Dropout, so that randomness is seen."""

    def __init__(self, n_items: int, config: RankingConfig) -> None:
        super().__init__(n_items, config.dim)
        self.turn = nn.Linear(config.dim, config.dim)
        self.dropout = nn.Dropout(0.1)

    def forward(self, batch: Batch) -> Tensor:
        return self.turn(self.dropout(self.items(batch.items)))


class LastItem(SequenceRecommender):
    """The least model that goes through the engine."""

    card = ModelCard(
        name="Last Item",
        family="sequential",
        block=Block.LINEAR,
        paper=Paper(authors="Nobody", year=2000, title="None"),
        sentence="Looks at the last movie.",
        ratings="Dislikes are left out.",
        departures="None.",
        uses_order=True,
    )

    def network(self, n_items: int) -> nn.Module:
        return LastItemNetwork(n_items, self.config)


def config(**settings: Any) -> RankingConfig:
    """Small and quick."""
    small: dict[str, Any] = {"dim": 16, "max_length": 6, "epochs": 25, "batch_size": 16, "learning_rate": 0.02}
    return RankingConfig(**(small | settings))


def weights(model: LastItem) -> dict[str, Tensor]:
    """Copies of all that was learned."""
    return {name: torch.clone(value) for name, value in model.net.state_dict().items()}


def histories(*people: tuple[list[int], Any, list[int]]) -> Histories:
    """A batch of people."""
    return Histories.of(people)


def epochs(folder: Path) -> list[dict[str, str]]:
    """The log of a training."""
    with (folder / log.FILE).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
