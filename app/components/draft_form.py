"""The form in which a movie is written: its fields keep what was typed, and say what the models will not understand of it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

import streamlit as st

from app import navigation, releases, session
from app.components.text import isolated, markup, plain
from app.movies import by_item
from app.posters import poster
from app.resources import house
from db.errors import DatabaseError
from db.releases import FIRST_ID, Draft, clean

FIELDS = {name: f"release_{name}" for name in Draft._fields}
"""Keys of the widgets."""


def render() -> Draft:
    """Draw the fields beside the poster; returns what stands in them, as it was typed."""
    kept = session.draft()
    for name, key in FIELDS.items():
        if key not in st.session_state:
            value = getattr(kept, name)
            st.session_state[key] = list(value) if isinstance(value, tuple) else value
    search = releases.titles()
    fields, picture = st.columns([3, 1], gap="large")
    with fields:
        title, year = st.columns([3, 1])
        title.text_input("Title", key=FIELDS["title"], placeholder="What stands on the poster", live=True)
        year.number_input("Year", key=FIELDS["year"], value=None, step=1, format="%d", placeholder="any")
        st.multiselect("Genres", search.genres, key=FIELDS["genres"], placeholder="None yet", accept_new_options=True)
        first, second = st.columns(2)
        for column, name, label in ((first, "directors", "Directed by"), (second, "cast", "With")):
            column.multiselect(
                label, search.people, key=FIELDS[name], placeholder="Choose, or type any name", accept_new_options=True
            )
        st.text_area("Plot", key=FIELDS["plot"], placeholder="One sentence is enough", height=88)
    typed = {name: st.session_state[key] for name, key in FIELDS.items()}
    draft = Draft._make(tuple(value) if isinstance(value, list) else value for value in typed.values())
    session.set_draft(draft)
    with picture:
        st.html(preview(draft))
    return draft


def clear() -> None:
    """Begin a new movie."""
    session.set_draft(Draft(""))
    for key in FIELDS.values():
        st.session_state.pop(key, None)


def preview(draft: Draft) -> str:
    """The poster that it would get, as HTML."""
    number = FIRST_ID + len(house().engine.releases) + 1
    svg = poster(number, draft.title.strip() or "Your movie", draft.year, draft.genres, "Released")
    source = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    return f'<img class="premiere" src="{source}" alt="Poster of {markup(draft.title.strip() or "your movie")}">'


def checked(draft: Draft) -> Draft | None:
    """The draft as it would be stored; None, and a sentence on the page, when it cannot be."""
    try:
        return clean(draft)
    except DatabaseError as error:
        st.warning(plain(str(error)), icon=":material/edit:")
        return None


def existing(draft: Draft) -> bool:
    """Whether there is this movie already; then it is offered."""
    item = releases.same(draft.title, draft.year)
    if item is None:
        return False
    movie = by_item(item)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"{isolated(movie.label)} is here already: rate that one, or give yours another title or year.")
        address = {"movie": str(movie.movie_id)}
        st.page_link(navigation.page("movie"), label="Open it", icon=":material/theaters:", query_params=address)
    return True


def unheard(draft: Draft) -> str | None:
    """What of it no model has ever met, as Markdown; None where all is known."""
    search = releases.titles()
    parts = []
    if new := [genre for genre in draft.genres if genre not in search.genres]:
        verb = "is no genre" if len(new) == 1 else "are no genres"
        parts.append(
            f"{named(new)} {verb} of any movie here, so features say nothing of it; it is read as a word of the text"
        )
    if new := [name for name in (*draft.directors, *draft.cast) if not search.knows(name)]:
        verb = "has" if len(new) == 1 else "have"
        parts.append(f"{named(new)} {verb} made no movie here, so nobody likes this one for that name")
    if not (draft.plot or "").strip():
        parts.append("without a plot the text is title, genres and people alone")
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "." if parts else None


def named(names: Sequence[str]) -> str:
    """Names in quotation marks, as Markdown."""
    return ", ".join(f"“{isolated(name)}”" for name in names)
