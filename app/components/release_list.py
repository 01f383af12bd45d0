"""What the visitor released: each movie with its page, and the way to take it back or to show it again."""

from __future__ import annotations

import streamlit as st

from app import navigation, releases, session
from app.components.text import isolated
from app.failures import EXPECTED, sentence
from db.releases import Release


def render() -> None:
    """Draw the list; nothing for somebody who released nothing."""
    own = releases.own()
    if not own:
        return
    st.subheader("What you released", anchor=False)
    for release in own:
        with st.container(horizontal=True, vertical_alignment="center"):
            name = release.title if release.year is None else f"{release.title} ({release.year})"
            st.page_link(
                navigation.page("movie"),
                label=isolated(name) + (" · withdrawn" if release.withdrawn else ""),
                icon=":material/theaters:",
                query_params={"movie": str(release.movie_id)},
            )
            control(release)


def control(release: Release) -> None:
    """Withdraw it, having read what that means; or show it again."""
    movie_id = release.movie_id
    if release.withdrawn is not None:
        st.button(
            "Show it again", key=f"restore_{movie_id}", on_click=_restore, args=(movie_id,), icon=":material/undo:"
        )
        return
    with st.popover("Withdraw", icon=":material/block:", key=f"withdrawing_{movie_id}"):
        st.markdown(consequences(releases.raters(movie_id)))
        st.button("Withdraw it", key=f"withdraw_{movie_id}", on_click=_withdraw, args=(movie_id,), type="primary")


def consequences(raters: int) -> str:
    """What withdrawing does, before it is done."""
    kept = {
        0: "Nobody has rated it yet.",
        1: "**One** person has rated it; that rating stays in their list and is not lost.",
    }.get(raters, f"**{raters:,}** people have rated it; their ratings stay in their lists and are not lost.")
    return f"It leaves all lists and the search at once. {kept} You can show it again at any time."


def _withdraw(movie_id: int) -> None:
    try:
        releases.withdraw(movie_id)
    except EXPECTED as error:
        session.set_trouble(sentence(error))


def _restore(movie_id: int) -> None:
    try:
        releases.restore(movie_id)
    except EXPECTED as error:
        session.set_trouble(sentence(error))
