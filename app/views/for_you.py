"""For you: the chosen model's list, what changed in it and why each movie stands there; above it everyone's first pick."""

from __future__ import annotations

import streamlit as st

from app import exposure, movies, navigation, reasons, session, visitor
from app.components import explore_switch, first_picks, objective_sliders, spelling, training
from app.components.poster_grid import Card, Event, poster_grid
from app.components.text import isolated, plain
from app.exploration import Explored
from app.resources import house
from app.views import welcome
from app.views.welcome import ENOUGH
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer, Person

DEPTH = 100
"""Length of the lists that are asked for, so that "more" and ranks cost nothing further."""
SPELLED = 5
"""First picks of a model that writes whose names are shown token by token."""
COMPARED = 20
"""How much of two lists is compared in the sentence."""


def render() -> None:
    """Welcome somebody new; show everybody else their list."""
    person = visitor.history()
    training.progress()
    if len(person.items) < ENOUGH:
        welcome.render(person)
        return
    engine, chosen = house().engine, session.model()
    served = {model.card.slug: model.card for model in engine.served()}
    card, answer = served[chosen], engine.answer(person, [chosen], k=DEPTH).get(chosen)
    if answer is None:
        st.info(f"{plain(card.name)} could not answer just now. Choose another model above.", icon=":material/info:")
        return

    st.title(f"{plain(card.name)} thinks you should watch these tonight", anchor=False)
    told = st.container()  # the sentence stands above the switch, and tells of the list that the switch makes
    explored = explore_switch.render(person, chosen, DEPTH)
    if explored is not None:
        answer = explored.answer
    elif not explore_switch.on():
        answer = objective_sliders.render(person, answer, DEPTH)
    now = session.Shown(chosen, person.version, tuple(int(item) for item in answer.items))
    before, in_view = session.show(now), session.list_length()
    told.markdown(sentence(card, answer, engine.releases.read(person), now.items, before, served))
    strip = st.container(key="picks")
    how = st.container(key="how_it_writes")
    acted = grid(card, person, now.items[:in_view], before, explored)
    changes(now.items, before, served)
    if in_view < len(now.items):
        st.button("More", key="more", on_click=session.lengthen, icon=":material/expand_more:", width="stretch")
    # The list stands; what follows may take its time: the other models answer, and the disk keeps what was shown.
    with strip:
        picked = first_picks.render(list(served.values()), engine.answer(person, list(served), k=DEPTH))
    with how:
        writing(card, person)
    exposure.record(answer, now, "for_you", in_view, explored)
    exposure.react(acted)
    if picked is not None:
        slug, movie_id = picked
        exposure.opened(movie_id)
        session.choose_model(slug)
        navigation.open_movie(movie_id)


def writing(card: ModelCard, person: Person) -> None:
    """For a model that writes names of movies: how it wrote the first ones, folded up until somebody asks."""
    written = house().engine.spell(person, card.slug, SPELLED)
    if not written:
        return
    with st.expander(f"How {plain(card.name)} writes it, token by token", icon=":material/edit:"):
        tokens = len(written[0].steps)
        st.markdown(
            f"{plain(card.name)} gives every movie a name of **{tokens} tokens**, numbers that stand for nothing by themselves: movies that are "
            "alike begin alike. It never looks movies up: it writes one token after the other, as a language model writes words, and may only "
            "go on in ways that end in a real movie."
        )
        spelling.render(card, written)


def sentence(
    card: ModelCard,
    answer: Answer,
    person: Person,
    items: tuple[int, ...],
    before: session.Shown | None,
    served: dict[str, ModelCard],
) -> str:
    """The numbers of the list in one line of Markdown."""
    count = len(person.items)
    reads = f"It reads your last {count} ratings in order" if card.uses_order else f"It reads your {count} ratings"
    if answer.fallback is not None:
        reads = f"This is what everybody likes, for now: {plain(answer.fallback)}"
    elif not card.personal:
        reads = "It shows everybody the same list, less what they have rated"
    parts = [reads.rstrip(".") + "."]
    if before is not None:
        earlier = set(before.items[:COMPARED])
        fresh = sum(item not in earlier for item in items[:COMPARED])
        where = (
            "since your last rating" if before.slug == answer.slug else f"against {plain(name(before.slug, served))}"
        )
        parts.append(
            f"**{fresh} of {COMPARED}** are new {where} · overlap **{100 * (COMPARED - fresh) // COMPARED} %** ·"
        )
    return " ".join([*parts, f"**{milliseconds(answer.milliseconds)}**"])


def milliseconds(value: float) -> str:
    """A time as people read it."""
    return f"{value:.0f} ms" if value >= 1 else "under 1 ms"


def name(slug: str, served: dict[str, ModelCard]) -> str:
    """The card's name; the slug of a model that is gone by now."""
    return served[slug].name if slug in served else slug


def grid(
    card: ModelCard,
    person: Person,
    items: tuple[int, ...],
    before: session.Shown | None,
    explored: Explored | None,
) -> Event | None:
    """The posters, with the rank each had before and the rating that speaks most for it, or that it is there out of curiosity.

    Returns what was done to one.
    """
    why = reasons.of(person, card.slug, items)
    earlier = {item: rank for rank, item in enumerate(before.items, 1)} if before is not None else None
    cards = []
    for rank, item in enumerate(items, 1):
        movie = movies.by_item(item)
        curious = explored is not None and item in explored.curious
        reason = why[item].sentence if item in why else None
        cards.append(
            Card(
                movie_id=movie.movie_id,
                title=movie.title,
                year=movie.year,
                rank=rank,
                change=None if earlier is None else "new" if item not in earlier else earlier[item] - rank,
                reason=movie.noted(explored.why if explored is not None and curious else reason),
                mark="explore" if curious else None,
            )
        )
    return poster_grid(cards, key="list", name=f"list_{card.slug}")


def changes(items: tuple[int, ...], before: session.Shown | None, served: dict[str, ModelCard]) -> None:
    """Who entered the first twenty and who left, by name."""
    if before is None:
        return
    now, then = items[:COMPARED], before.items[:COMPARED]
    entered = [movies.by_item(item).label for item in now if item not in then]
    left = [movies.by_item(item).label for item in then if item not in now]
    if entered or left:
        with st.expander(f"{len(entered)} entered, {len(left)} left the first {COMPARED}"):
            st.markdown("**Entered:** " + (" · ".join(map(isolated, entered)) or "nobody"))
            st.markdown("**Left:** " + (" · ".join(map(isolated, left)) or "nobody"))
