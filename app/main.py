"""The router: who is here, which model, which page. The whole app on one screen; every run starts here."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import learning, navigation, releases, session, visitor
from app.components import header, undo_bar
from app.components.model_switch import model_switch
from app.components.text import plain
from app.resources import house

ICON = Path(__file__).parents[1] / "assets" / "styles" / "icon.svg"


def main() -> None:
    """Draw what every page has, then the page."""
    st.set_page_config(page_title="Marquee", page_icon=ICON, layout="wide", menu_items={"About": header.about()})
    page = st.navigation(navigation.pages(), position="top")
    header.render()

    engine = house().engine
    engine.refresh()
    releases.refresh()
    learning.listen(patience=0)
    served = [model.card for model in engine.served()]
    unknown = session.settle_model([card.slug for card in served], session.PREFERRED)
    chosen = session.model()
    model_switch(served, chosen, session.choose_model, lambda slug: engine.most_different(visitor.history(), slug))
    # What comes and goes has a place of its own, or Streamlit would build all that follows it anew.
    with st.container(key="notices"):
        if unknown is not None:
            st.warning(f"There is no model called “{plain(unknown)}” here (yet); this is {plain(chosen)} instead.")
        if (trouble := session.take_trouble()) is not None:
            st.error(plain(trouble), icon=":material/error:")
        undo_bar.render(f"{page.url_path}/{chosen}")
    page.run()


main()
