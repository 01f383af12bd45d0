"""What all models make of a movie that nobody has rated: ranks for the visitor and for people who stand for all, who and why, and who cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import bridge, movies, session, typical, visitor
from app.components import audience, neighbours, premiere_chart
from app.components.audience import Guest
from app.components.text import plain
from app.resources import house
from app.typical import Somebody
from db.releases import Draft
from recommender.serving import premiere
from recommender.serving.premiere import Blind, Placement, Premiere

FIRST = 100
"""A rank with which a movie counts as found."""
EXPLAINED = 5
"""People of whom it is told what speaks for the movie."""
YOU = "You"


def render(draft: Draft, line: DeltaGenerator) -> None:
    """Draw everything; `line` is where the sentence stands."""
    people, me, newcomer = typical.people(), visitor.history(), bridge.newcomer(draft)
    found = premiere.premiere(house().engine, newcomer, [me, *(one.person for one in people)])
    ordered = sorted(found.placed, key=worth)
    line.markdown(sentence(found, ordered, len(people)))
    if ordered:
        st.subheader("Where each model puts it", anchor=False)
        st.caption(
            f"The large dot is you, the small ones are {len(people)} people of the data who stand for all: the middle of each group of like taste."
            if ordered[0].ranks[0] is not None
            else f"{len(people)} people of the data who stand for all. Rate a few movies, and a large dot shows where it would be in your list."
        )
        premiere_chart.render(ordered, [YOU, *(one.name for one in people)])
        who(draft, ordered, people)
    neighbours.nearest(draft)
    blind(found.blind)


def worth(placement: Placement) -> float:
    """Better first: the visitor's rank, or the middle of all others'."""
    mine, *others = placement.ranks
    known = [rank for rank in others if rank is not None]
    return float(mine if mine is not None else median(known) if known else len(house().engine.catalog))


def sentence(found: Premiere, ordered: Sequence[Placement], people: int) -> str:
    """The numbers as Markdown."""
    models = len(found.placed) + len(found.blind)
    if not ordered:
        return f"**None of {models}** models here reads what movies are, so none can see it. Train one that does under Models: {ready()}."
    best = ordered[0]
    near = {place for one in ordered for place, rank in enumerate(one.ranks[1:]) if rank is not None and rank <= FIRST}
    mine = (
        f"{plain(best.card.name)} would show it to you at rank **{best.ranks[0]:,}** of {len(house().engine.catalog):,} · "
        if best.ranks[0] is not None
        else ""
    )
    took = sum(one.milliseconds for one in ordered)
    return (
        f"{mine}**{len(near)} of {people}** typical people have it among the first {FIRST} of some model · "
        f"**{len(ordered)} of {models}** models can see it · placed for all of them in **{took:.0f} ms**"
    )


def ready() -> str:
    """Models that could be trained for it, as Markdown."""
    return ", ".join(plain(card.name) for card in house().cards.values() if card.scores_cold_items)


def who(draft: Draft, ordered: Sequence[Placement], people: Sequence[Somebody]) -> None:
    """The typical people in one model's eyes, the keenest first; what speaks for it with the first of them."""
    slugs, newcomer = {one.card.slug: one for one in ordered}, bridge.newcomer(draft)
    st.subheader("Who would like it most, and why", anchor=False)
    slug = st.pills(
        "In the eyes of",
        list(slugs),
        format_func=lambda slug: plain(slugs[slug].card.name),
        default=session.model() if session.model() in slugs else next(iter(slugs)),
        required=True,
        key="release_eyes",
    )
    placement = slugs.get(slug or "", ordered[0])
    keen = sorted(
        ((rank, one) for rank, one in zip(placement.ranks[1:], people, strict=True) if rank is not None),
        key=lambda pair: pair[0],
    )
    guests = []
    for place, (rank, one) in enumerate(keen):
        why = premiere.speakers(house().engine, placement.card.slug, newcomer, one.person) if place < EXPLAINED else []
        titles = tuple(movies.by_item(reason.item).label for reason in why)
        note = f"{one.taste} · stands for {one.stands_for}"
        guests.append(Guest(one.name, note, rank, titles))
    mine = premiere.speakers(house().engine, placement.card.slug, newcomer, visitor.history())
    if placement.ranks[0] is not None:
        titles = tuple(movies.by_item(reason.item).label for reason in mine)
        guests.insert(0, Guest(YOU, "your own ratings", placement.ranks[0], titles))
    audience.render(placement.card, guests, len(house().engine.catalog))


def blind(models: Sequence[Blind]) -> None:
    """Plainly who cannot see it."""
    if not models:
        return
    by_reason = defaultdict(list)
    for one in models:
        by_reason[one.sentence].append(plain(one.card.name))
    st.subheader("Who cannot see it", anchor=False)
    for reason, names in by_reason.items():
        verb = "cannot see it and never show" if len(names) > 1 else "cannot see it and never shows"
        st.markdown(f"**{len(names)}** {verb} it: {', '.join(names)}. {plain(reason[0].upper() + reason[1:])}.")
