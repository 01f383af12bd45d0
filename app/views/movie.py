"""Movie: what is known of it, the visitor's stars, where each model ranks it for them, and what each finds similar."""

from __future__ import annotations

from collections.abc import Sequence, Set

import streamlit as st

from app import exposure, movies, navigation, reasons, session, theme, visitor
from app.components import neighbours, premiere_note, rank_chart, tag_box, weighed_ratings
from app.components.poster_grid import Card, poster_grid
from app.components.text import isolated, markup, plain
from app.movies import Movie
from app.reasons import Reason
from app.resources import house
from db.releases import Draft
from recommender.models.base import ModelCard
from recommender.serving.answers import Person
from recommender.serving.explanations import FIRST, Weighing

SIMILAR = 12
IN_A_ROW = 8
"""Posters in the strip of each other model."""
BILLED = 8
"""Names of the cast that are shown."""


def render() -> None:
    """Draw the movie that the address names, or say in one sentence that there is none."""
    asked = st.query_params.get("movie")
    movie = movies.from_address(asked)
    st.page_link(navigation.page("for_you"), label="Back to For you", icon=":material/arrow_back:")
    if movie is None:
        what = "No movie is chosen" if asked is None else f"There is no movie “{plain(asked[:40])}” in this catalogue"
        st.title("No such movie", anchor=False)
        st.info(f"{what}. Find one under Browse.", icon=":material/search:")
        st.page_link(navigation.page("browse"), label="Browse all movies", icon=":material/search:")
        return
    poster, facts = st.columns([1, 3], gap="large")
    with poster:
        exposure.react(poster_grid([Card.of(movie, stars=visitor.stars().get(movie.movie_id))], key="movie_poster"))
    with facts:
        st.title(isolated(movie.title), anchor=False)
        st.markdown(headline(movie))
        for label, value in credits(movie):
            st.markdown(f":gray[{label}]  \n{value}")
        tag_box.render(movie)
        if movie.released:
            premiere_note.render(movie)
        ranks(movie)
    if movie.released:
        neighbours.nearest(Draft(movie.title, movie.year, movie.genres, movie.directors, movie.cast, movie.plot))
        return
    similar(movie)
    others(movie)


def headline(movie: Movie) -> str:
    """Year, length, countries, certificate and genres, as far as known, as one line of Markdown."""
    length = None if not movie.runtime_minutes else f"{movie.runtime_minutes} min"
    facts = [str(movie.year) if movie.year else None, length, ", ".join(movie.countries), movie.certificate]
    return " · ".join(plain(fact) for fact in [*facts, ", ".join(movie.genres)] if fact)


def credits(movie: Movie) -> list[tuple[str, str]]:
    """People and awards that are known: a label and Markdown for each."""
    known = {
        "Directed by": ", ".join(movie.directors),
        "Written by": ", ".join(movie.writers),
        "With": ", ".join(movie.cast[:BILLED]),
        "Languages": ", ".join(movie.languages),
        "Awards": movie.awards or "",
        "Plot": movie.plot or "",
    }
    return [(label, isolated(value)) for label, value in known.items() if value]


def ranks(movie: Movie) -> None:
    """Where each model ranks the movie for this visitor."""
    engine, person = house().engine, visitor.history()
    if movie.item in person.items:
        st.markdown("You have rated it, so the models leave it out of your lists.")
        return
    cards: list[ModelCard] = [model.card for model in engine.served()]
    placed = {card: engine.ranks(person, card.slug, movie.item) for card in cards}
    known = [(card, rank) for card, rank in placed.items() if rank is not None]
    if known:
        best, rank = min(known, key=lambda pair: (not pair[0].personal, pair[1]))
        st.subheader("Where each model ranks it for you", anchor=False)
        st.markdown(
            f"**{plain(best.name)}** likes it best for you: rank **{rank:,}** of {len(house().dataset.catalog):,}."
        )
        rank_chart.render(known)
    elif movie.released:
        st.markdown("No model can show it to you yet: those that place new movies need a few ratings of yours first.")
    why(movie, person)


def why(movie: Movie, person: Person) -> None:
    """The ratings that speak most for the movie, in the eyes of the chosen model, and the dislikes that made room for it."""
    slug = session.model()
    moved = reasons.of(person, slug, [movie.item]).get(movie.item)
    if moved is None:
        return
    parts = []
    if moved.liked:
        parts.append(f"these ratings of yours speak for it most: {named(moved.liked)}")
    if moved.disliked:
        parts.append(f"it gains from what you rated low: {named(moved.disliked)}")
    card = house().cards[slug]
    st.markdown(f"For {plain(card.name)} {'; '.join(parts)}.")
    beside(movie, person, card)


def beside(movie: Movie, person: Person, card: ModelCard) -> None:
    """For a model with attention: what moved the score, exactly, beside what it looked at, and that these are two things."""
    weighing = house().engine.weigh(person, card.slug, movie.item)
    if weighing is None:
        return
    name = plain(card.name)
    st.subheader(f"What moved {name}, and what it looked at", anchor=False)
    st.markdown(
        f"These are not the same. **Moved the score** is exact: each rating is left out once, and {name} scores this movie again. "
        f"**Was looked at** is attention: where {name} read, not what it made of it, nor whether that "
        f"spoke for the movie or against it.{agreed(weighing)}"
    )
    weighed_ratings.render(card, person, weighing)
    st.caption(
        f"Moved the score: how far it falls without the rating, in standard deviations of all its scores. Was looked at: "
        f"{plain(weighing.meaning)} Attention need not explain an answer (Jain and Wallace 2019); whether it can is disputed "
        "(Wiegreffe and Pinter 2019)."
    )


def agreed(weighing: Weighing) -> str:
    """How far the two measures name the same ratings, as Markdown; empty when there is too little to compare."""
    found = weighing.agreement
    if found is None:
        return ""
    of = "is" if found.shared == 1 else "are"
    return (
        f" Here **{found.shared} of the {FIRST}** that moved it most, up or down, {of} among the {FIRST} most looked at; over "
        f"{found.read} ratings the rank correlation is **{weighed_ratings.signed(found.rank_correlation)}**."
    )


def named(moved: Sequence[Reason]) -> str:
    """Titles and stars as Markdown."""
    return ", ".join(f"{isolated(reason.title)} ({reason.stars:g} ★)" for reason in moved)


def similar(movie: Movie) -> None:
    """What the chosen model puts next to this movie: its list for somebody who has seen nothing else."""
    slug = session.model()
    card = next(model.card for model in house().engine.served() if model.card.slug == slug)
    st.subheader(f"Similar, says {plain(card.name)}", anchor=False)
    if not card.personal:
        st.markdown(
            "This model knows no neighbours: it shows everybody what is most watched. Choose another one above."
        )
        return
    answer = house().engine.similar(slug, movie.item, SIMILAR)
    if answer is None:
        st.markdown("It could not answer just now.")
        return
    if answer.fallback is not None:
        st.markdown(f"Too little is known of this movie: {plain(answer.fallback)}. These are the most watched.")
    stars = visitor.stars()
    found = [movies.by_item(int(item)) for item in answer.items]
    exposure.react(
        poster_grid([Card.of(other, stars=stars.get(other.movie_id)) for other in found], key=f"similar_{slug}")
    )


def others(movie: Movie) -> None:
    """What the other models put next to this movie: a strip of posters each, titles that the chosen model shares marked."""
    engine, chosen = house().engine, session.model()
    cards = [model.card for model in engine.served() if model.card.personal and model.card.slug != chosen]
    mine = engine.similar(chosen, movie.item, SIMILAR)
    shared = set() if mine is None or mine.fallback else {int(item) for item in mine.items}
    rows = []
    for card in cards:
        answer = engine.similar(card.slug, movie.item, IN_A_ROW)
        if answer is not None and answer.fallback is None:
            rows.append(strip(card, [movies.by_item(int(item)) for item in answer.items], shared))
    if rows:
        st.subheader("Similar, say the others", anchor=False)
        st.html("".join(rows))


def strip(card: ModelCard, found: Sequence[Movie], shared: Set[int]) -> str:
    """One model's neighbours as HTML."""
    common = sum(movie.item in shared for movie in found)
    said = f"{common} of {len(found)} as above" if shared else f"{len(found)}"
    posters = neighbours.strip(found, f"Similar, says {card.name}", card.slug, theme.BLOCK_COLOURS[card.block])
    return f'<h3 class="picks-title">{markup(card.name)} · {said}</h3>{posters}'
