"""What one run of a cascade did: what went into every stage, what came out, how long it took, and where each movie was lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

RETRIEVAL, RANKING = "retrieval", "ranking"
"""Names of the first two stages; those after them are named by their re-ranker."""


@dataclass(frozen=True)
class Brought:
    """What one source did."""

    source: str
    """A model's slug, or "fresh"."""
    items: tuple[int, ...]
    """Best first."""
    milliseconds: float
    left_out: str | None = None
    """Why it brought nothing, as the end of a sentence; None when all is well."""


@dataclass(frozen=True)
class Passed:
    """What one stage did."""

    name: str
    entered: tuple[int, ...]
    """In the order of the stage before it."""
    order: tuple[int, ...]
    """The stage's own order; movies that it cannot place are missing."""
    keep: int
    """How many of `order` it may pass on."""
    milliseconds: float
    left_out: str | None = None
    """Why it changed no order, as the end of a sentence; None when all is well."""
    model: str | None = None
    """Slug of who ranked."""
    instead_of: str | None = None
    """Slug of the planned ranker, when another one stood in for it."""

    @property
    def left(self) -> tuple[int, ...]:
        """What it passed on, best first."""
        return self.order[: self.keep]


@dataclass(frozen=True)
class Lost:
    """Where a movie was lost."""

    stage: Passed
    rank: int | None
    """Its place (from 1) in the stage's order; None when the stage did not know it or could not place it."""
    to: tuple[int, ...]
    """Who took its place, best first: what was passed on though it had stood behind it; where nothing had, the last that was passed on."""


@dataclass(frozen=True)
class Outcome:
    """The whole run."""

    catalogue: int
    """Movies that could have been shown: all that stand but those that the person has rated."""
    sources: tuple[Brought, ...]
    stages: tuple[Passed, ...]
    """Retrieval, ranking, then each re-ranker."""

    @property
    def items(self) -> tuple[int, ...]:
        """The list, best first."""
        return self.stages[-1].left

    @property
    def milliseconds(self) -> float:
        """Of all stages."""
        return sum(stage.milliseconds for stage in self.stages)

    @property
    def complete(self) -> bool:
        """Whether nobody was left out."""
        return not any(source.left_out for source in self.sources) and not any(stage.left_out for stage in self.stages)

    @cached_property
    def ranks(self) -> dict[int, dict[str, int]]:
        """By movie: the sources that brought it, and its place (from 1) in each."""
        found: dict[int, dict[str, int]] = {}
        for source in self.sources:
            for rank, item in enumerate(source.items, 1):
                found.setdefault(item, {})[source.source] = rank
        return found

    def brought_by(self, item: int) -> str:
        """The source that put a movie that was brought highest; of several the first of the plan."""
        ranks = self.ranks[item]
        return min(ranks, key=ranks.__getitem__)

    def lost(self, item: int) -> Lost | None:
        """Where a movie was lost and to whom; None when it is in the list."""
        for stage in self.stages:
            if item in stage.left:
                continue
            rank = stage.order.index(item) + 1 if item in stage.order else None
            behind = set(stage.entered[stage.entered.index(item) :]) if item in stage.entered else set()
            overtook = tuple(other for other in stage.left if other in behind)
            return Lost(stage, rank, overtook or stage.left[-1:])
        return None
