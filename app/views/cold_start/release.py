"""Release a movie: write one, see at once where every model would put it and who would like it, and let it into the house."""

from __future__ import annotations

import streamlit as st

from app import navigation, releases
from app.components import draft_form, premiere_panel, release_list
from app.components.text import plain
from app.resources import house
from app.views.cold_start import hindsight
from db.errors import DatabaseError
from db.releases import Draft
from recommender.serving import premiere

NEW, REAL = "A new movie", "A real one, as if it were new"


def render() -> None:
    """Choose between a movie of one's own and a real one; below, what was released so far."""
    getting_ready = premiere.preparation(house().engine)
    kind = st.segmented_control(
        "What to place",
        [NEW, REAL],
        default=NEW,
        required=True,
        key="release_kind",
        label_visibility="collapsed",
    )
    if kind == REAL:
        hindsight.render(getting_ready)
    else:
        write(getting_ready)
    release_list.render()


def write(getting_ready: premiere.Preparation) -> None:
    """The form, and what comes of it."""
    said = st.container()
    written = draft_form.render()
    button = st.container(horizontal=True, vertical_alignment="center")
    if not written.title.strip():
        said.markdown(
            "Give it a **title**, and every model that reads what movies are puts it in its list, for you and for people who stand for all."
        )
        return
    draft = draft_form.checked(written)
    if draft is not None and not draft_form.existing(draft):
        with button:
            release(draft)
    if note := draft_form.unheard(written):
        st.caption(note)
    if not getting_ready.done():
        with st.spinner("Loading the text model, once: about ten seconds …"):
            getting_ready.wait()
    with said:
        line = st.empty()
    premiere_panel.render(draft or readable(written), line)


def release(draft: Draft) -> None:
    """The button that lets the movie in, and the beginning of another one."""
    if st.button("Release it", type="primary", key="release_go", icon=":material/local_movies:"):
        try:
            movie_id = releases.put(draft)
        except DatabaseError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        draft_form.clear()
        st.toast(f"{plain(draft.label)} is out.", icon=":material/local_movies:")
        navigation.open_movie(movie_id)
    st.button("Clear the form", key="release_clear", on_click=draft_form.clear, type="tertiary")


def readable(written: Draft) -> Draft:
    """What models can read of a draft that cannot be stored as it is: without a year that is none."""
    return written._replace(year=None)
