"""The map: all movies in the plane, by what they are about and by who rated them, with the visitor's own way through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import atlas, exposure, movies, navigation, session, visitor
from app.components.movie_map import By, Chart, Colour, movie_map
from app.components.poster_grid import Card, poster_grid
from app.components.text import isolated, plain
from app.movies import Movie
from app.resources import house
from recommender.models.base import ModelCard
from recommender.serving.answers import Answer, Person

Key = Literal["by", "colour"]
Option = TypeVar("Option", By, Colour)

BY: dict[By, str] = {"text": "By what they are about", "behaviour": "By who rated them"}
WITHOUT: dict[By, str] = {
    "text": "nothing is known of it",
    "behaviour": f"fewer than {atlas.FEWEST} people have rated it",
}
"""Why a movie can be missing."""
NEAR = 6
"""Movies beside the chosen one that are shown as posters, for those who cannot point."""
LOOK_SECONDS = 1.0


def render() -> None:
    """The map, or how far its drawing is."""
    drawn = atlas.atlas()
    if drawn is None:
        drawing()
        return
    person, card = visitor.history(), house().cards[session.model()]
    answer = house().engine.answer(person, [card.slug], len(house().dataset.catalog)).get(card.slug)
    selected = asked()
    line = st.container(key="sentence")
    with st.container(horizontal=True, key="map_controls"):
        by = addressed("Near to each other", BY, "by")
        colours: dict[Colour, str] = {"genre": "Colour: genre", "model": f"Colour: {plain(card.name)}’s list"}
        colour = addressed("Colour", colours, "colour")
    places = getattr(drawn, by)
    placed = ~np.isnan(places).any(axis=1)
    line.markdown(sentence(by, colour, placed, person, card, answer))
    heard = movie_map(
        Chart(
            url=f"/map/{atlas.file().stem}.json",
            by=by,
            colour=colour,
            model=card.name,
            ranked=np.zeros(0, np.int32) if answer is None else answer.items,
            path=list(zip(person.items.tolist(), person.ratings.tolist(), strict=True)),
            selected=None if selected is None else selected.movie_id,
            name=f"A map of {placed.sum():,} movies. Find one by its title to have its neighbours listed below.",
            placeless=WITHOUT[by],
        ),
        len(placed),
        key="movie_map",
    )
    if heard.opened:
        exposure.opened(heard.opened)
        navigation.open_movie(heard.opened)
    if heard.chosen is not None:
        choose(heard.chosen)
    if selected is not None:
        beside(selected, places)


def drawing() -> None:
    """Begin to draw if nobody has, and follow it."""
    now = atlas.progress()
    if now is None:
        atlas.begin()
    elif now.failed:
        st.error(f"The map could not be drawn. {plain(now.doing)}", icon=":material/error:")
        st.button("Try again", key="draw_again", on_click=atlas.begin)
        return
    st.markdown(
        f"The map of **{len(house().dataset.catalog):,}** movies is being drawn, once: it takes **a minute or two**, and you can go elsewhere meanwhile."
    )
    follow()


@st.fragment(run_every=LOOK_SECONDS)
def follow() -> None:
    """The bar, every second; the whole page when the drawing is over."""
    now = atlas.progress()
    if atlas.atlas() is not None or (now is not None and now.failed):
        st.rerun(scope="app")
    if now is None:
        atlas.begin()
    else:
        st.progress(min(now.share, 1.0), text=f"{plain(now.doing)} …")


def addressed(label: str, names: Mapping[Option, str], key: Key) -> Option:
    """A choice that stands in the address by its short name; the first is taken where the address names none of them."""
    asked = st.query_params.get(key)
    if key not in st.session_state:
        st.session_state[key] = next((option for option in names if option == asked), next(iter(names)))
    st.segmented_control(
        label, list(names), format_func=names.__getitem__, required=True, key=key, label_visibility="collapsed"
    )
    chosen: Option = st.session_state[key]
    if chosen != asked:
        st.query_params[key] = chosen
    return chosen


def sentence(
    by: By, colour: Colour, placed: NDArray[np.bool_], person: Person, card: ModelCard, answer: Answer | None
) -> str:
    """What lies near to what, what the colours say, where the visitor's line runs; as Markdown."""
    count = int(placed.sum())
    said = (
        f"**{count:,}** movies; neighbours **read alike**: plot, people, genres"
        if by == "text"
        else f"**{count:,}** movies; neighbours were rated by **the same people**. {len(placed) - count:,} with fewer than **{atlas.FEWEST}** ratings have no place"
    )
    if colour == "model":
        if answer is None:
            return f"{said}. {plain(card.name)} could not answer just now."
        whose = "what everybody likes" if answer.fallback or not card.personal else f"{plain(card.name)}’s list for you"
        return f"{said}. The brighter, the higher in {whose}; its first **10** are ringed."
    here = sum(placed[item] for item in person.items.tolist() if item < len(placed))
    if not here:
        return f"{said}. Rate some, and your own way through them is drawn."
    return (
        f"{said}. Your **{here}** {'rating is' if here == 1 else 'ratings are'} the line, from the first to the last."
    )


def asked() -> Movie | None:
    """The movie that the address names; a word when it names none."""
    text = st.query_params.get("movie")
    movie = movies.from_address(text)
    if text is not None and movie is None:
        st.warning(f"There is no movie “{plain(text[:40])}” on the map.")
    return movie


def choose(movie_id: int) -> None:
    """Put the chosen movie into the address, or take it out of there with 0."""
    if movie_id:
        st.query_params["movie"] = str(movie_id)
    else:
        st.query_params.pop("movie", None)
    st.rerun()


def beside(movie: Movie, places: NDArray[np.float32]) -> None:
    """The movies next to the chosen one on this map, nearest first."""
    if movie.item >= len(places) or np.isnan(places[movie.item]).any():
        return
    far = np.hypot(*(places - places[movie.item]).T)
    far[movie.item] = np.nan
    nearest = [int(item) for item in np.argsort(far)[:NEAR] if not np.isnan(far[item])]
    st.subheader(f"Next to {isolated(movie.title)} on the map", anchor=False)
    stars = visitor.stars()
    shown = [movies.by_item(item) for item in nearest]
    exposure.react(poster_grid([Card.of(one, stars=stars.get(one.movie_id)) for one in shown], key="map_neighbours"))
