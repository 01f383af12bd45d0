"""The router: who is here, which model, which page. The whole app on one screen; every run starts here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import navigation, session
from app.components import header
from app.components.model_switch import model_switch
from app.components.text import plain
from app.resources import house

PREFERRED = ("ease", "ials", "itemknn")
"""Opened with when the address names no model: the first of these that is ready."""
ICON = Path(__file__).parents[1] / "assets" / "styles" / "icon.svg"
ABOUT = "Marquee shows thirty years of recommender models looking at the same person: rate a few movies and compare."
"""With an entry of its own the menu is shown, and in it the choice between light and dark."""


def main() -> None:
    """Draw what every page has, then the page."""
    st.set_page_config(page_title="Marquee", page_icon=ICON, layout="wide", menu_items={"About": ABOUT})
    page = st.navigation(navigation.pages(), position="top")
    header.render()

    engine = house().engine
    engine.refresh()
    served = [model.card for model in engine.served()]
    unknown = session.settle_model([card.slug for card in served], PREFERRED)
    chosen = model_switch(served, session.model())
    session.choose_model(chosen)
    if unknown is not None:
        st.warning(f"There is no model called “{plain(unknown)}” here (yet); this is {plain(chosen)} instead.")
    page.run()


main()
