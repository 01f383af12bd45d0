"""The Recommender contract: what every model is, says of itself and can do. Read this file first.

A user is a history, never an id: every model answers for somebody who arrived a minute ago.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from recommender.data import Catalog, Histories, Interactions

Progress = Callable[[int, int, Mapping[str, float]], None]
"""Called as progress(step, total, metrics). Raising `Cancelled` from it stops training cleanly."""


class Cancelled(Exception):
    """Raised by a progress callable to stop training. Nothing is saved."""


def silent(step: int, total: int, metrics: Mapping[str, float]) -> None:
    """The progress callable of those who do not watch."""


class Block(StrEnum):
    """What a model is built of. Every page colours a model by it, as the survey does."""

    LINEAR = "linear"
    MLP = "MLP"
    RNN = "RNN"
    CNN = "CNN"
    ATTENTION = "attention"
    GNN = "GNN"
    TEXT = "text"


class Paper(BaseModel):
    """Where a model comes from."""

    model_config = ConfigDict(frozen=True)

    authors: str
    year: int
    title: str


class ModelCard(BaseModel):
    """What a model says of itself; every page that names a model is drawn from this alone."""

    model_config = ConfigDict(frozen=True)

    name: str
    family: str
    """The folder under models/: classic, autoencoder, side_information, interaction, multi_objective, sequential, generative."""
    block: Block
    paper: Paper
    sentence: str
    """One plain sentence of what it does, for somebody in the last row of the hall."""
    ratings: str
    """How stars count, a 1-star above all."""
    departures: str
    """Where this implementation departs from the paper, and why."""
    parents: tuple[str, ...] = ()
    """Names of the models it grew from, registered or not, for the evolution map."""
    side_information: tuple[str, ...] = ()
    """Columns of the catalogue that it reads."""
    personal: bool = True
    """Whether two histories can give two lists; False for popularity."""
    uses_order: bool = False
    """Whether the order of the history matters."""
    scores_cold_items: bool = False
    """Whether it can place a movie that nobody rated in training."""
    min_history: int = 1
    """With fewer usable ratings than this the model answers with popularity, and the app says so."""

    @property
    def slug(self) -> str:
        """The name on the command line and in addresses: lower case, letters and digits only."""
        return slug(self.name)


def slug(name: str) -> str:
    """Lower case, letters and digits only: "DCN-V2" -> "dcnv2"."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Config(BaseModel):
    """Hyper-parameters of a model, each a pydantic Field with default, range and a description that ends in its source.

    Forms, `--set` and the manifest are read from here, so nothing is stated twice. Units stand in
    `json_schema_extra={"unit": ...}` where there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(
        0,
        ge=0,
        le=2**32 - 1,
        description="The only source of randomness in training. Source: none needed, any number does.",
    )


AnyConfig: TypeAlias = Config
"""Inside `Recommender` the name `Config` means the model's own."""


class Recommender(ABC):
    """A model: configured, fitted once, then deterministic."""

    card: ClassVar[ModelCard]
    Config: ClassVar[type[AnyConfig]] = Config
    quick: ClassVar[Mapping[str, Any]] = {}
    """Settings of `Config` with which the contract test fits the model to its few hundred ratings in about a second, such as fewer
    epochs or a smaller network. Empty where the defaults do. Nothing but the test reads it."""

    config: AnyConfig

    def __init__(self, config: AnyConfig | None = None) -> None:
        self.config = config if config is not None else self.Config()

    @abstractmethod
    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Learn from `interactions` (at least one row) over the movies of `catalog`.

        Raises `Cancelled` when `progress` does, leaving self as it was before.
        """

    @abstractmethod
    def score(self, histories: Histories) -> NDArray[np.float32]:
        """A score of every item for every person, `[batch, n_items]`, finite, higher is better.

        Deterministic. An empty history is answered sensibly (popularity), and so is one of movies that nobody rated in
        training, unless the card says that the model can place those. Movies of the history are scored like any other;
        leaving them out is the caller's business.
        """

    @abstractmethod
    def state(self) -> dict[str, NDArray[Any]]:
        """The learned arrays by name: all that `score` needs beside the config. Inverse of `restore`."""

    @abstractmethod
    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take learned arrays back. They may be read-only memory maps, so never write into them."""

    def save(self, folder: Path) -> None:
        """Write the learned arrays and the config to `folder` (created)."""
        from recommender.models.storage import write_model

        write_model(self, folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read back what `save` wrote."""
        from recommender.models.storage import read_model

        return read_model(cls, folder)
