"""The family tree of models: who grew from whom, by the cards alone, and the lines that can be lit in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from recommender.models.base import Block, ModelCard, slug

SEQUENCES = ("sequential", "generative")
"""Families that read a history in its order."""


@dataclass(frozen=True)
class Member:
    """A model of the house, or the name of an ancestor that a card gives and nobody registered."""

    id: str
    """The name's slug."""
    name: str
    lane: str
    """Its family; an ancestor's is that of its oldest child."""
    year: int | None
    """None for an ancestor: no card tells when it was."""
    parents: tuple[str, ...]
    """Their ids."""
    card: ModelCard | None


def members(cards: Iterable[ModelCard]) -> dict[str, Member]:
    """Everybody by id, the oldest first, ancestors before the first who names them."""
    ordered = sorted(cards, key=lambda card: (card.paper.year, card.slug))
    registered = {card.slug for card in ordered}
    found: dict[str, Member] = {}
    for card in ordered:
        for parent in card.parents:
            if (one := slug(parent)) not in registered:
                found.setdefault(one, Member(one, parent, card.family, None, (), None))
        parents = tuple(dict.fromkeys(map(slug, card.parents)))
        found[card.slug] = Member(card.slug, card.name, card.family, card.paper.year, parents, card)
    return found


def above(tree: Mapping[str, Member], start: str) -> set[str]:
    """Everybody that `start` grew from, and itself."""
    return _reached(start, lambda one: tree[one].parents)


def below(tree: Mapping[str, Member], start: str) -> set[str]:
    """Everybody that grew from `start`, and itself."""
    return _reached(start, lambda one: [child.id for child in tree.values() if one in child.parents])


def _reached(start: str, step: Callable[[str], Iterable[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        fresh = {*step(waiting.pop())} - reached
        reached |= fresh
        waiting += sorted(fresh)
    return reached


Rule = Callable[[Mapping[str, Member]], set[str]]


def _from(root: str) -> Rule:
    """What `root` grew from and what grew from it."""
    return lambda tree: above(tree, root) | below(tree, root) if root in tree else set()


def _sequences(block: Block) -> Rule:
    """Models of that block that read a history."""
    return lambda tree: {
        one.id for one in tree.values() if one.card and one.card.family in SEQUENCES and one.card.block == block
    }


LINES: Mapping[str, Rule] = {
    "FM's line": _from("fm"),
    "Embedding and MLP": _from("mlp"),
    "Sequences: MLP": _sequences(Block.MLP),
    "RNN": _sequences(Block.RNN),
    "CNN": _sequences(Block.CNN),
    "Attention": _sequences(Block.ATTENTION),
    "GNN": _sequences(Block.GNN),
}
"""What can be lit, and the rule that says who belongs to it: the survey's two lines of feature interaction, and its sequence blocks."""
