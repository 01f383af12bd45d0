"""Who serves: the newest sound version of every model, picked up without a restart; and who cannot, and why."""

from __future__ import annotations

import logging
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from recommender.data import Catalog, Histories, Interactions
from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.models.base import Recommender
from recommender.serving.answers import Problem, Served
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.manifest import Manifest, digest

log = logging.getLogger("marquee")

FALLBACK = "popularity"


class Seats:
    """`served` is never changed but replaced whole, so that readers need no lock and see every model at one moment."""

    served: dict[str, Served]
    """By slug."""
    unsound: dict[str, Problem]
    """Models that cannot serve, or serve an older version than they should."""

    def __init__(self, catalog: Catalog, interactions: Interactions, store: ArtifactStore) -> None:
        self._n_items, self._digest, self._store = len(catalog), digest(catalog.movie_ids), store
        self._looking = Lock()
        self._looked_at: dict[str, str | None] = {}
        self.served, self.unsound = {}, {}
        if len(interactions):
            opening = registry.model_class(FALLBACK)().fit(interactions, catalog)
            self.served = {FALLBACK: self._seat(opening, "opening", None)}
        self.refresh()

    def refresh(self) -> bool:
        """Pick up versions that were published or rolled back to; one small file is read per model. True when any changed.

        While another thread is at it this one does not wait: loading a model may take seconds, and its turn comes again.
        """
        if not self._looking.acquire(blocking=False):
            return False
        try:
            changed = False
            for slug in registry.names():
                current = self._store.current(slug)
                name = None if current is None else current.name
                if name != self._looked_at.get(slug):
                    changed |= current is not None and self._take(current)
                    self._looked_at[slug] = name
            return changed
        finally:
            self._looking.release()

    def _take(self, current: Version) -> bool:
        """Let the version serve; if it is unsound, the newest sound one."""
        slug, problem = current.slug, None
        others = [version for version in self._store.versions(slug) if version.name != current.name]
        for version in (current, *others):
            try:
                manifest = version.manifest()
                if manifest.movies_digest != self._digest:
                    raise MarqueeError(f"{manifest.model} was trained for another catalogue; train it again.")
                seat = self._seat(version.load(), version.name, manifest)
            except Exception as error:  # whatever is wrong with one model must not close the house
                log.warning("%s %s cannot serve: %s", slug, version.name, error)
                sentence = str(error) if isinstance(error, MarqueeError) else "It cannot be loaded; train it again."
                problem = problem or Problem(slug, sentence)
                continue
            self.served = {**self.served, slug: seat}
            break
        else:
            seat = None
        others_problems = {name: known for name, known in self.unsound.items() if name != slug}
        self.unsound = others_problems if problem is None else {**others_problems, slug: problem}
        return seat is not None

    def _seat(self, model: Recommender, version: str, manifest: Manifest | None) -> Served:
        nothing = model.score(Histories.of([([], [], [])]))[0]
        if nothing.shape != (self._n_items,):
            raise MarqueeError(
                f"{model.card.name} scores {len(nothing):,} movies, not {self._n_items:,}; train it again."
            )
        return Served(model.card, version, manifest, model, finite(nothing))


def finite(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same scores. Raises MarqueeError when some are no numbers: nothing can be ranked by them."""
    if not np.isfinite(scores).all():
        raise MarqueeError("It gives scores that are no numbers; train it again.")
    return scores
