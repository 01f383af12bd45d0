"""Which fields of a person and a movie meet in a model that serves, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.models import registry
from recommender.models.abilities import Crosses
from recommender.serving.answers import Person
from recommender.serving.engine import Engine


@dataclass(frozen=True)
class Meeting:
    """Two fields."""

    one: str
    other: str
    strength: float


@dataclass(frozen=True, eq=False)
class Crossings:
    """All meetings of one case."""

    rows: tuple[str, ...]
    """All fields, the person's first."""
    columns: tuple[str, ...]
    """The movie's fields."""
    strengths: NDArray[np.float32]
    """`[rows, columns]`, both ways together; 0 where a field would meet itself."""
    about: str
    """What a number is."""
    signed: bool

    def strongest(self, count: int) -> list[Meeting]:
        """Different pairs of which one is the movie's, the strongest first."""
        first = len(self.rows) - len(self.columns)
        found = [
            Meeting(self.rows[row], self.columns[column], float(self.strengths[row, column]))
            for row in range(len(self.rows))
            for column in range(len(self.columns))
            if row < first + column
        ]
        return sorted(found, key=lambda pair: -abs(pair.strength))[:count]


def able() -> list[str]:
    """Slugs of the models that can tell, trained or not, the oldest first."""
    models = [registry.model_class(name) for name in registry.names()]
    cards = [model.card for model in models if hasattr(model, "crossings")]
    return [card.slug for card in sorted(cards, key=lambda card: (card.paper.year, card.slug))]


def crossings(engine: Engine, person: Person, slug: str, item: int) -> Crossings | None:
    """How this model lets this person meet this movie of the catalogue; None when it does not answer for them."""
    read = engine.releases.read(person)

    def work(model: object) -> Crossings | None:
        if not isinstance(model, Crosses):
            return None
        mine, its = model.fields
        return _both_ways(mine, its, model.crossings(read.histories(), item)[0], model.crossing, model.signed)

    return engine.ask(person, slug, ("crossings", item), work)


def _both_ways(
    mine: tuple[str, ...], its: tuple[str, ...], matrix: NDArray[np.float32], about: str, signed: bool
) -> Crossings:
    """The movie's columns; what a pair says in both directions is added up, unless it is said once or is a share of looks."""
    symmetric = np.allclose(matrix, matrix.T, atol=1e-6)
    both = matrix if symmetric else (matrix + matrix.T) * (1 if signed else 0.5)
    both = both - np.diag(np.diagonal(both))
    return Crossings((*mine, *its), its, both[:, len(mine) :], about, signed)
