"""The plan of a cascade: one small TOML file, read and checked, and read again when it changes."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from recommender.errors import MarqueeError
from recommender.models.registry import model_class

DEFAULT = Path(__file__).with_name("plan.toml")
FRESH = "fresh"
"""The source that is no model: what was released last."""

Reranker = Literal["mmr", "dpp", "calibration", "freshness"]
RERANKERS: tuple[Reranker, ...] = get_args(Reranker)


class Stage(BaseModel):
    """What all stages have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deadline: float = Field(gt=0, le=600_000)
    """Milliseconds after which the answer is made without it."""


class Retrieval(Stage):
    """Several sources bring movies, at the same time."""

    sources: dict[str, PositiveInt] = Field(min_length=1)
    """How many movies each may bring; slugs of models, or `FRESH`."""


class Ranking(Stage):
    """One model looks at what was brought."""

    model: str
    keep: PositiveInt


class Reranking(Stage):
    """The list is put into another order for the sake of the whole."""

    by: Reranker
    weight: float = Field(ge=0, le=1)
    keep: PositiveInt


class Plan(BaseModel):
    """A whole cascade."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    retrieval: Retrieval
    ranking: Ranking
    reranking: tuple[Reranking, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for slug in (*self.retrieval.sources, self.ranking.model):
            if slug != FRESH or slug == self.ranking.model:
                try:
                    model_class(slug)
                except MarqueeError as error:
                    raise ValueError(str(error)) from error
        for before, after in pairwise(self.keeps):
            if after > before:
                raise ValueError(f"A stage cannot keep {after} movies when the one before it leaves {before}.")
        return self

    @property
    def keeps(self) -> tuple[int, ...]:
        """How many movies the ranker leaves, and each re-ranker."""
        return (self.ranking.keep, *(stage.keep for stage in self.reranking))

    @property
    def shown(self) -> int:
        """How many movies are left at the end."""
        return self.keeps[-1]

    def ranked_by(self, slug: str) -> Plan:
        """The same with another ranker."""
        return self.model_copy(update={"ranking": self.ranking.model_copy(update={"model": slug})})

    def reranked_by(self, by: Reranker | None) -> Plan:
        """The same with one re-ranker in place of all, half for the list and half for the scores; None: with none."""
        deadline = max((stage.deadline for stage in self.reranking), default=self.ranking.deadline)
        stages = () if by is None else (Reranking(deadline=deadline, by=by, weight=0.5, keep=self.shown),)
        ranking = self.ranking if by is not None else self.ranking.model_copy(update={"keep": self.shown})
        return self.model_copy(update={"reranking": stages, "ranking": ranking})


def read(path: Path) -> Plan:
    """The plan in a file. Raises MarqueeError, in one sentence, when it cannot be read or makes no sense."""
    try:
        return Plan.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise MarqueeError(f"{path.name} cannot be read; make it a text file that this process may open.") from error
    except tomllib.TOMLDecodeError as error:
        raise MarqueeError(f"{path.name} is not sound TOML: {error}.") from error
    except ValidationError as error:
        raise MarqueeError(f"{path.name}: {_sentence(error)}") from error


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, in words."""
    first: Any = error.errors()[0]
    where, given, kind = ".".join(map(str, first["loc"])), first["input"], first["type"]
    if kind == "extra_forbidden":
        stages = f"a cascade has {', '.join(Plan.model_fields)}"
        known = stages if len(first["loc"]) == 1 else "nothing reads it"
        return f"there is no “{where}” in a plan; {known}."
    if kind == "missing":
        return f"{where} is missing; the plan that comes with Marquee shows what it looks like."
    if kind == "value_error":
        return str(first["ctx"]["error"])
    return f"{where} cannot be {given!r}; {first['msg'][0].lower()}{first['msg'][1:]}."


class PlanFile:
    """The plan that serves: that of the file if there is one, else the one that comes with Marquee. Threads may share it.

    When the file is changed to something that makes no sense, the plan before it serves on.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        self._seen: tuple[int, int] | None = None
        self._plan, self._problem = read(DEFAULT), None

    _plan: Plan
    _problem: str | None

    def current(self) -> tuple[Plan, str | None]:
        """The plan, and in one sentence why it is not the one in the file, if it is not."""
        with self._lock:
            try:
                found = self._path.stat()
                state = (found.st_mtime_ns, found.st_size)
            except FileNotFoundError:
                if self._seen is not None:
                    self._seen, self._plan, self._problem = None, read(DEFAULT), None
                return self._plan, self._problem
            if state != self._seen:
                self._seen = state
                try:
                    self._plan, self._problem = read(self._path), None
                except MarqueeError as error:
                    self._problem = f"{error} The plan before it serves on."
            return self._plan, self._problem
