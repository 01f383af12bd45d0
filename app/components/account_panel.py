"""Who the visitor is, here and on another device; and their ratings as a file, or gone."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
import streamlit as st

from app import account
from app.components.text import isolated, plain
from db import DatabaseError
from db.people import NICKNAME_LENGTH

LINK = "device_link"


def who() -> None:
    """Nickname and the link to another device."""
    named, linked = st.columns(2, gap="large")
    with named:
        known = account.nickname()
        st.markdown(f"You are {isolated(known)}." if known else "You are nobody in particular; a nickname is optional.")
        with st.form("nickname_form", border=False):
            name = st.text_input("Nickname", value=known, max_chars=NICKNAME_LENGTH, key="nickname")
            if st.form_submit_button("Keep this name"):
                try:
                    account.rename(name)
                except DatabaseError as error:
                    st.error(plain(str(error)))
                else:
                    st.rerun()
    with linked:
        st.markdown("A link makes another device the same you. It works **once**, for **15 minutes**.")
        if st.button("Make a link for another device", key="new_link", icon=":material/devices:"):
            st.session_state[LINK] = account.device_link()
        if (path := st.session_state.get(LINK)) is not None:
            address = here() + path
            st.image(segno.make(address).svg_inline(scale=6, border=3, light="#ffffff"), width=220)
            st.code(address, language=None, wrap_lines=True)


def here() -> str:
    """Scheme and host by which the visitor came."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def keep(count: int) -> None:
    """Take all ratings home as a file, or delete them."""
    st.download_button(
        f"Download {count:,} {'rating' if count == 1 else 'ratings'} as CSV",
        account.take_home(),
        "marquee-ratings.csv",
        "text/csv",
        key="export",
        icon=":material/upload_file:",
        on_click="ignore",
    )
    st.caption("Title, stars and time of each; the file comes back in without loss.")
    with st.popover("Delete all my ratings", icon=":material/delete:", key="delete_ask"):
        st.markdown(f"Take away all **{count:,}**? Undo brings them back.")
        st.button("Yes, delete them", key="delete_all", type="primary", on_click=account.delete_all)
