"""Bring ratings along: choose a file, see what would come in and what would not, then store it as one import."""

from __future__ import annotations

import streamlit as st

from app import account, releases
from app.components.text import plain
from app.imports import LARGEST_MB, Import, SeveralPeople, read
from app.movies import by_id
from recommender.errors import MarqueeError

FILE, WHO, DONE = "import_file", "import_person", "imported"
SHOWN = 200
"""Rows of each table that the preview shows."""


def render() -> None:
    """Draw the panel."""
    turn = st.session_state.get(DONE, 0)
    file = st.file_uploader(
        f"The ratings.csv of Letterboxd, IMDb, MovieLens or Marquee, up to {LARGEST_MB} MB",
        type=["csv", "tsv", "txt", "zip"],
        key=f"{FILE}_{turn}",
        max_upload_size=LARGEST_MB,
    )
    if file is None:
        return
    try:
        found = preview(file.getvalue())
    except MarqueeError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if found is not None:
        offer(found, turn)


def preview(content: bytes) -> Import | None:
    """What the file would bring; asks who the visitor is when it holds several people, and is None until they say."""
    catalog, find = releases.everything(), releases.lookup()
    try:
        return read(content, catalog, find)
    except SeveralPeople as several:
        counts = several.people
        st.markdown(plain(str(several)))
        who = st.selectbox(
            "Which one are you?",
            list(counts),
            index=None,
            format_func=lambda person: f"{person} ({counts[person]:,} ratings)",
            key=WHO,
            placeholder="Choose a person",
        )
        return None if who is None else read(content, catalog, find, user=who)


def offer(found: Import, turn: int) -> None:
    """Show both sides, and the button that stores the one."""
    count, missing = len(found.matched), len(found.unmatched)
    left = f", **{missing:,}** {'row does' if missing == 1 else 'rows do'} not" if missing else ""
    st.markdown(f"A list in the form of {plain(found.source)}: **{count:,}** ratings would come in{left}.")
    if count and st.button(
        f"Import {count:,} {'rating' if count == 1 else 'ratings'}",
        type="primary",
        key="import_go",
        icon=":material/download:",
    ):
        account.bring_in(found.entries)
        st.session_state[DONE] = turn + 1
        st.toast(f"{count:,} ratings came in; Undo takes them out again as one.", icon=":material/check:")
        st.rerun()
    if count:
        with st.expander(f"What comes in ({count:,})"):
            rows = found.matched[:SHOWN]
            labels = [movie.label if (movie := by_id(row.entry.movie_id)) else "" for row in rows]
            st.dataframe(
                {
                    "movie": labels,
                    "stars": [row.entry.stars for row in rows],
                    "found by": [row.by for row in rows],
                    "line": [row.line for row in rows],
                },
                hide_index=True,
            )
            rest(count)
    if missing:
        with st.expander(f"What does not, and why ({missing:,})", expanded=not count):
            lost = found.unmatched[:SHOWN]
            st.dataframe(
                {
                    "in the file": [row.label for row in lost],
                    "why": [row.reason for row in lost],
                    "line": [row.line for row in lost],
                },
                hide_index=True,
            )
            rest(missing)


def rest(count: int) -> None:
    """Say that a table is cut short."""
    if count > SHOWN:
        st.caption(f"The first {SHOWN} of {count:,}.")
