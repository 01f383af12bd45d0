"""Splits: which ratings a model may learn from, which it is shown of a person, and which stay hidden to be guessed.

"Before" and "after" mean the order of `Interactions`: by time, and within one second of one person by the order of the
source. Every function returns rows of its input, unchanged; people keep their numbers, those without a row left included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recommender.data.interactions import Interactions
from recommender.errors import MarqueeError

SHOWN_RATINGS = (0, 1, 2, 3, 5, 10, 20)
"""How many ratings of a new person the cold-user split shows."""
TRAINED_SHARE = 0.8
"""Share of all ratings that lie before the temporal split's cut."""
HELD_OUT_SHARE = 0.2
"""Share of the people that the cold-user split holds out."""
NEW_SHARE, NEW_DRAWS = 0.1, 3
"""Share of the movies that the cold-item split holds out, and how many times it does, other movies each time."""


@dataclass(frozen=True, eq=False)
class Trial:
    """One way of asking: everybody with a hidden row is asked, and shows their shown rows."""

    label: str
    shown: Interactions
    hidden: Interactions

    @property
    def people(self) -> NDArray[np.int64]:
        """Who is asked, ascending."""
        return np.unique(self.hidden.user).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Split:
    """What to learn from and how to ask then. The first trial is the one that a single figure is taken from."""

    train: Interactions
    trials: tuple[Trial, ...]


def leave_last(interactions: Interactions, stage: Literal["test", "validation"] = "test") -> Split:
    """Per person the last rating is the test, the one before it validation, the rest training.

    At the stage of validation the training rows are shown and the validation row is hidden; at the stage of the test the
    validation row is shown too, as it would be known by then, but never learned from: so both stages ask the same model.
    Somebody with two ratings has a test and no validation; somebody with one is learned from and never asked.
    """
    position, count = _positions(interactions)
    from_end = count - 1 - position
    test = (from_end == 0) & (count >= 2)
    validation = (from_end == 1) & (count >= 3)
    train = interactions.select(~test & ~validation)
    if stage == "validation":
        return Split(train, (Trial("validation", train, interactions.select(validation)),))
    return Split(train, (Trial("last rating", interactions.select(~test), interactions.select(test)),))


def temporal(interactions: Interactions, share: float = TRAINED_SHARE) -> Split:
    """One cut in time for everybody: `share` of the ratings lie before it, and nothing from it on is learned from.

    All ratings of the cut's own second come after it. Asked twice: the last rating of everybody who rated after the cut,
    who shows all of theirs before that one; and everything after the cut of those who had rated before it (`returning`),
    who show only what came before. Raises MarqueeError when all ratings carry one time stamp.
    """
    when = interactions.timestamp
    cut = np.sort(when)[min(int(share * len(when)), len(when) - 1)]
    before = when < cut
    if not before.any():
        raise MarqueeError("Ratings cannot be cut in time: too many carry the earliest time stamp; use leave-last.")
    position, count = _positions(interactions)
    last = ~before & (position == count - 1)
    train = interactions.select(before)
    known = np.zeros(interactions.n_users, bool)
    known[train.user] = True
    returning = Trial("returning", train, interactions.select(~before & known[interactions.user]))
    trials = (Trial("last rating", interactions.select(~last), interactions.select(last)), returning)
    return Split(train, tuple(trial for trial in trials if len(trial.hidden)))


def cold_user(interactions: Interactions, seed: int = 0, share: float = HELD_OUT_SHARE) -> Split:
    """People held out whole, a trial for each number of their first ratings that are shown (`SHOWN_RATINGS`).

    Only somebody with more ratings than the largest number shown can be held out, and what is hidden is the same in each
    trial: everything after that many. So the trials differ in what is shown and in nothing else. Where fewer than half of
    the people have so many ratings, the largest numbers are left away.
    """
    position, _ = _positions(interactions)
    ratings_of = np.bincount(interactions.user, minlength=interactions.n_users)
    most = max(level for level in SHOWN_RATINGS if level == 0 or (ratings_of > level).mean() >= 0.5)
    able = np.flatnonzero(ratings_of > most)
    rng = np.random.default_rng(seed)
    drawn = rng.choice(able, size=min(max(1, round(share * len(able))), len(able)), replace=False)
    if len(drawn) == (ratings_of > 0).sum():
        raise MarqueeError("Nobody can be held out: there are ratings of one person only.")
    held = np.isin(interactions.user, drawn)
    hidden = interactions.select(held & (position >= most))
    trials = (
        Trial(str(level), interactions.select(held & (position < level)), hidden)
        for level in sorted(SHOWN_RATINGS, reverse=True)
        if level <= most
    )
    return Split(interactions.select(~held), tuple(trials))


def cold_item(interactions: Interactions, seed: int = 0, share: float = NEW_SHARE) -> tuple[Split, ...]:
    """Movies held out with all their ratings; everybody who rated one shows the rest of theirs.

    Several splits, of which no two hold out the same movie: so each figure rests on more movies than may be missed at once,
    and shows how much it depends on which movies were drawn. Where there are too few movies for all, there are fewer splits.
    """
    items = np.unique(interactions.item)
    if len(items) < 2:
        raise MarqueeError("No movie can be held out: only one was ever rated.")
    order = np.random.default_rng(seed).permutation(items)
    size = min(max(1, round(share * len(items))), len(items) - 1)
    found = []
    for drawn in (order[begin : begin + size] for begin in range(0, NEW_DRAWS * size, size)):
        if len(drawn) < size:
            break
        held = np.isin(interactions.item, drawn)
        train = interactions.select(~held)
        found.append(Split(train, (Trial("new movies", train, interactions.select(held)),)))
    return tuple(found)


def _positions(interactions: Interactions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each row: its place in its person's history, from 0, and the length of that history, `[n_ratings]` each."""
    offsets = interactions.offsets
    position = np.arange(len(interactions)) - offsets[interactions.user]
    return position, np.diff(offsets)[interactions.user]
