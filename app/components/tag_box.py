"""A movie's tags: those of the data and of visitors, the visitor's own ones chosen; a click gives one or takes it back."""

from __future__ import annotations

import streamlit as st

from app import session, visitor
from app.components.text import plain
from app.failures import EXPECTED, sentence
from app.movies import Movie
from db.tags import LONGEST

SHOWN = 12
"""Tags of the data that are offered, those that most people gave."""


def render(movie: Movie) -> None:
    """Draw the tags as pills, and a place to write another one."""
    known = visitor.tags(movie.movie_id)
    offered = list(dict.fromkeys([*known.counts, *movie.tags[:SHOWN], *sorted(known.mine)]))
    pills, box = f"tags_{movie.movie_id}", f"new_tag_{movie.movie_id}"

    def toggled() -> None:
        chosen = set(st.session_state[pills])
        attempt([(tag, tag in chosen) for tag in known.mine ^ chosen])

    def written() -> None:
        if (text := st.session_state[box]).strip() and attempt([(text, True)]):
            st.session_state[box] = ""

    def attempt(wanted: list[tuple[str, bool]]) -> bool:
        try:
            for tag, given in wanted:
                visitor.tag(movie.movie_id, tag, given)
        except EXPECTED as error:
            session.set_trouble(sentence(error))
            return False
        return True

    with st.container(key="tag_box"):
        if offered:
            st.session_state[pills] = [tag for tag in offered if tag in known.mine]
            st.pills(
                "Tags",
                offered,
                selection_mode="multi",
                format_func=lambda tag: (
                    plain(tag) + (f" · {known.counts[tag]}" if known.counts.get(tag, 0) > 1 else "")
                ),
                key=pills,
                on_change=toggled,
                help="Tags of the data and of visitors. Yours are lit; a click gives a tag or takes it back.",
            )
        st.text_input(
            "Add a tag",
            key=box,
            placeholder="Add a tag: heist, slow burn, set in space ...",
            max_chars=LONGEST,
            label_visibility="collapsed",
            icon=":material/sell:",
            on_change=written,
            width=360,
        )
