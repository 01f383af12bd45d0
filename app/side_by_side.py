"""Which models stand side by side under Compare, and how their lists differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from recommender.serving.answers import Answer, overlap

FEWEST, MOST = 2, 4


def settle(
    asked: Sequence[str], before: Sequence[str], switched: bool, chosen: str, opening: Sequence[str]
) -> tuple[str, ...]:
    """The columns: those of the address, else the last ones, else `opening`.

    When the model was `switched` since the last run, the chosen one comes to the front; it takes the first column's place
    if it is not among them yet.
    """
    slugs = next((tuple(dict.fromkeys(wish))[:MOST] for wish in (asked, before) if len(set(wish)) >= FEWEST), None)
    if slugs is None:
        return tuple(opening)
    if switched:
        others = [slug for slug in slugs if slug != chosen]
        return (chosen, *(others if chosen in slugs else slugs[1:]))
    return slugs


def picked(before: Sequence[str], picks: Sequence[str]) -> tuple[str, ...]:
    """The columns after the visitor picked others: old ones keep their places, new ones join, the oldest make room.

    Nothing changes when fewer than two would be left.
    """
    kept = [slug for slug in before if slug in picks]
    joined = [slug for slug in picks if slug not in before]
    slugs = (*kept[max(0, len(kept) + len(joined) - MOST) :], *joined)[-MOST:]
    return slugs if len(slugs) >= FEWEST else tuple(before)


def opening(answers: Mapping[str, Answer], chosen: str, k: int) -> tuple[str, ...]:
    """What to begin with: the chosen model, the one most like it, and the one least like it."""
    others = [slug for slug in answers if slug != chosen]
    alike = sorted(others, key=lambda slug: overlap(answers[chosen], answers[slug], k), reverse=True)
    return tuple(dict.fromkeys((chosen, *alike[:1], *alike[-1:])))


@dataclass(frozen=True)
class Difference:
    """What the first k of several lists have in common."""

    shared: dict[tuple[str, str], int]
    """Titles in common, for every pair."""
    unique: dict[str, int]
    """Titles that only this list has."""


def difference(lists: Mapping[str, Sequence[int]]) -> Difference:
    """Count over lists of items by slug."""
    seen = Counter(item for items in lists.values() for item in items)
    return Difference(
        {(one, other): len({*lists[one]} & {*lists[other]}) for one, other in combinations(lists, 2)},
        {slug: sum(seen[item] == 1 for item in items) for slug, items in lists.items()},
    )
