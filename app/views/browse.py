"""Browse: the whole catalogue by title, genre, decade and people, with the visitor's stars on it."""

from __future__ import annotations

import streamlit as st

from app import exposure, movies, releases, visitor
from app.components.poster_grid import Card, poster_grid
from app.components.text import plain
from app.titles import Filter

PAGE = 24


def render() -> None:
    """The filters, how many movies pass them, and one page of posters."""
    titles = releases.titles()
    st.title("Browse", anchor=False)
    line = st.container(key="sentence")
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        text = st.text_input(
            "Search titles",
            key="search",
            type="search",
            placeholder="Title, typos welcome",
            icon=":material/search:",
            live=True,
            bind="query-params",
        )
        genres = st.multiselect("Genres", titles.genres, key="genres", placeholder="All", bind="query-params")
        decades = st.multiselect(
            "Decades", titles.decades, format_func="{}s".format, key="decades", placeholder="All", bind="query-params"
        )
        people = st.multiselect("People", titles.people, key="people", placeholder="Anyone", bind="query-params")
    found = titles.search(text or "", Filter(frozenset(genres), frozenset(decades), frozenset(people)))
    line.markdown(sentence(len(found), text or "", bool(genres or decades or people)))
    if not len(found):
        st.button("Show all movies", key="reset", on_click=reset)
        return
    pages = -(-len(found) // PAGE)
    paging = st.container(horizontal_alignment="center")
    number = paging.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    stars = visitor.stars()
    here = [movies.by_item(int(item)) for item in found[(number - 1) * PAGE : number * PAGE]]
    exposure.react(poster_grid([Card.of(movie, stars=stars.get(movie.movie_id)) for movie in here], key="browse_grid"))


def sentence(count: int, text: str, filtered: bool) -> str:
    """How many there are, as Markdown."""
    what = "movie" if count == 1 else "movies"
    if text.strip():
        close = f"**{count:,}** {what} sound like “{plain(text)}”"
    else:
        close = f"**{count:,}** {what}, the most rated first"
    if count:
        return close + "."
    return (
        "Nothing found"
        + (f" for “{plain(text)}”" if text.strip() else "")
        + (" with these filters." if filtered else ".")
    )


def reset() -> None:
    """Empty the search and every filter."""
    st.session_state["search"] = ""
    for key in ("genres", "decades", "people"):
        st.session_state[key] = []
