"""Intervention harvesting: the same movie before the same person, now at this place, now at that, as when somebody switches models.

Of each such pair q the clicks at place k are Poisson with mean n_qk e_k r_q, n_qk times shown, relevance r_q unknown. The most likely e and r
are those of a fixed point, found by turns:

    r_q = Σ_k c_qk / Σ_k n_qk e_k        e_k = Σ_q c_qk / Σ_q n_qk r_q        e_1 = 1

A pair seen at one place only, or never clicked, moves nothing. No list need be disturbed. Source: Agarwal et al. (2019), who compare two places at a
time; here all places of a pair speak at once, which is what clicks as few as one house's need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from recommender.errors import MarqueeError
from recommender.unbiased.propensity import Propensities, drawn

RESAMPLES = 200
STEPS, CLOSE = 300, 1e-6


@dataclass(frozen=True, eq=False)
class Seen:
    """How often a person was shown a movie at a place, `[n]` each; place from 0."""

    person: NDArray[np.int64]
    movie: NDArray[np.int64]
    place: NDArray[np.int64]
    shown: NDArray[np.int64]
    clicks: NDArray[np.int64]

    def telling(self) -> Seen:
        """Only pairs that were clicked, and that stood at two places or more."""
        pair = self.pairs
        moved = np.bincount(pair, minlength=len(pair)) > 1
        clicked = np.bincount(pair, self.clicks, minlength=len(pair)) > 0
        keep = (moved & clicked)[pair]
        return Seen(self.person[keep], self.movie[keep], self.place[keep], self.shown[keep], self.clicks[keep])

    @property
    def pairs(self) -> NDArray[np.int64]:
        """A number for each pair of person and movie, `[n]`."""
        both = np.stack([self.person, self.movie], axis=1)
        return np.unique(both, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def harvested(seen: Seen, places: int, resamples: int = RESAMPLES, seed: int = 0) -> Propensities:
    """The curve; NaN at places that no chain of movies links to the first. Rows of `seen` are distinct (person, movie, place).

    Raises MarqueeError when nothing was clicked, and when no clicked movie stood at two places.
    """
    if not seen.clicks.sum():
        raise MarqueeError("Nothing was clicked, so nothing is known of positions.")
    seen = seen.telling()
    if not len(seen.place):
        raise MarqueeError("Every movie that was clicked stood at one place only; show lists of several models.")
    pair, (_, person) = seen.pairs, np.unique(seen.person, return_inverse=True)
    linked = _linked(pair, seen.place, places)
    values = np.where(linked, _fixed_point(pair, seen.place, seen.shown, seen.clicks, places), np.nan)
    sampled = []
    for times in drawn(person.astype(np.int64), resamples, seed):
        weight = times[person]
        again = _fixed_point(pair, seen.place, weight * seen.shown, weight * seen.clicks, places)
        sampled.append(np.where(np.bincount(seen.place, weight * seen.shown, minlength=places) > 0, again, np.nan))
    return Propensities.of(values, np.array(sampled))


def _fixed_point(
    pair: NDArray[np.int64],
    place: NDArray[np.int64],
    shown: NDArray[np.int64],
    clicks: NDArray[np.int64],
    places: int,
) -> NDArray[np.float64]:
    """e with e_1 = 1, `[places]`; all NaN when the first place was never clicked."""
    e = np.ones(places)
    of_pair, of_place = np.bincount(pair, clicks), np.bincount(place, clicks, minlength=places)
    if not of_place[0]:
        return np.full(places, np.nan)
    for _ in range(STEPS):
        r = _per(of_pair, np.bincount(pair, shown * e[place]))
        new = _per(of_place, np.bincount(place, shown * r[pair], minlength=places))
        new /= new[0]
        if np.abs(new - e).max() < CLOSE:
            return new
        e = new
    return e


def _per(clicks: NDArray[np.number], chances: NDArray[np.number]) -> NDArray[np.float64]:
    return np.divide(clicks, chances, out=np.zeros(len(clicks)), where=chances > 0)


def _linked(pair: NDArray[np.int64], place: NDArray[np.int64], places: int) -> NDArray[np.bool_]:
    """Which places are linked to the first one by movies that stood at both, `[places]`."""
    size = places + int(pair.max()) + 1
    graph = sp.csr_array((np.ones(len(pair)), (place, places + pair)), shape=(size, size))
    component = connected_components(graph, directed=False)[1]
    return component[:places] == component[0]
