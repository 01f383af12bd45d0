"""Who grew from whom: the parents on the cards agree with one another and with time."""

from __future__ import annotations

from difflib import get_close_matches

import pytest

from recommender.models import registry
from recommender.models.base import slug

CARDS = {card.slug: card for card in registry.cards()}


@pytest.mark.parametrize("name", sorted(CARDS))
def test_parents_are_known_once_each_and_not_younger(name: str) -> None:
    card = CARDS[name]
    assert len(set(map(slug, card.parents))) == len(card.parents)
    for parent in card.parents:
        known = CARDS.get(slug(parent))
        if known is None:
            near = get_close_matches(slug(parent), CARDS, n=1, cutoff=0.85)
            assert not near, f"is {parent} meant to be {near[0]}?"
        else:
            assert parent == known.name, "the card's own name"
            assert known.paper.year <= card.paper.year, f"{parent} is younger than its child"


def test_ancestors_from_outside_are_written_in_one_way() -> None:
    written = {parent for card in CARDS.values() for parent in card.parents}
    assert len({slug(parent) for parent in written}) == len(written)


def test_nobody_is_their_own_ancestor() -> None:
    def climb(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"{' <- '.join((*path, name))}"
        for parent in CARDS[name].parents:
            if slug(parent) in CARDS:
                climb(slug(parent), (*path, name))

    for name in CARDS:
        climb(name, ())
