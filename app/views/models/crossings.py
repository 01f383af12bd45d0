"""What crosses with what: which facts about the visitor meet which facts about a movie, as four models have learned it."""

from __future__ import annotations

import streamlit as st

from app import movies, navigation, visitor
from app.components import crossing_map, persona_cards
from app.components.text import isolated, plain
from app.resources import house
from app.theme import inks
from recommender.serving.answers import Answer, Person
from recommender.serving.crossings import Crossings, Meeting, able, crossings

LISTED = 50
NAMED = 3
"""Pairs that are said in words."""


def render() -> None:
    """Choose a model and a movie, see which fields meet, read the strongest."""
    person = visitor.history()
    st.markdown(
        "A model of feature interactions sees you and a movie as **fields**, and learns which of them matter **together**: your genres and its "
        "genres, your directors and its cast."
    )
    if not len(person.items):
        invite()
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        slug = choose_model()
    answer = house().engine.answer(person, [slug], LISTED).get(slug)
    if answer is None:
        untrained(slug)
        return
    name = plain(house().cards[slug].name)
    if answer.fallback:
        st.info(f"{name} cannot say: {plain(answer.fallback)}", icon=":material/info:")
        return
    with right:
        item = choose_movie(slug, answer)
    show(person, slug, item)


def show(person: Person, slug: str, item: int) -> None:
    """The strongest in words, then all of them."""
    found = crossings(house().engine, person, slug, item)
    name = plain(house().cards[slug].name)
    if found is None:
        st.warning(f"{name} could not tell just now.", icon=":material/warning:")
        return
    st.markdown(sentence(found, name, isolated(movies.by_item(item).label)))
    crossing_map.render(found, ink=inks(), key="crossing_map")
    colours = "Amber speaks for the movie, blue against it. " if found.signed else "The brighter, the more. "
    st.caption(
        f"{colours}{found.about} A person's fields are the mean of their movies'. What your fields say to each other is not drawn: it is nearly the same for every movie."
    )


def invite() -> None:
    """For somebody who has not rated anything."""
    st.markdown("You have rated **0** movies, so there is nothing yet to cross: rate a few, or borrow a taste.")
    st.page_link(navigation.page("for_you"), label="Rate a first few", icon=":material/star:")
    persona_cards.render("Or be somebody else for a while")


def untrained(slug: str) -> None:
    """For a model that does not answer."""
    name = plain(house().cards[slug].name)
    st.info(
        f"{name} is not trained yet, so it has learned no crossings. Train it from its card.", icon=":material/info:"
    )
    st.page_link(
        navigation.page("models"),
        label=f"The card of {name}",
        icon=":material/account_tree:",
        query_params={"about": slug},
    )


def choose_model() -> str:
    """One of the models that can tell; the first that is trained to begin with."""
    models = able()
    serving = {served.card.slug for served in house().engine.served()}
    first = next((slug for slug in models if slug in serving), models[0])
    slug: str = st.segmented_control(
        "Model",
        models,
        format_func=lambda slug: house().cards[slug].name,
        default=first,
        required=True,
        key="crossing_model",
        bind="query-params",
    )
    return slug


def choose_movie(slug: str, answer: Answer) -> int:
    """One of the model's list; its first to begin with."""
    item: int = st.selectbox(
        "Movie, from its list for you",
        answer.items.tolist(),
        format_func=lambda item: movies.by_item(item).label,
        key=f"crossing_movie_{slug}",
    )
    return item


def sentence(found: Crossings, name: str, movie: str) -> str:
    """The strongest pairs, as Markdown."""
    pairs = [said(pair, found.signed) for pair in found.strongest(NAMED)]
    return f"{name}, between you and {movie}: strongest are {', '.join(pairs[:-1])} and {pairs[-1]}."


def said(pair: Meeting, signed: bool) -> str:
    """One pair, as Markdown."""
    if not signed:
        return f"**{pair.one} × {pair.other}** ({pair.strength:.0%} of their looks)"
    way = "for" if pair.strength > 0 else "against"
    return f"**{pair.one} × {pair.other}** ({pair.strength:+.2f}, {way} it)"
