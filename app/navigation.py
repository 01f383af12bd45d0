"""The views and their addresses: the one list from which the navigation, the links and the router are made."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import Page


class View(NamedTuple):
    """One page: module `app.views.<name>` with its `render`, at the address `/<name>`."""

    name: str
    title: str
    icon: str
    visible: bool = True


VIEWS = (
    View("for_you", "For you", ":material/movie:"),
    View("browse", "Browse", ":material/search:"),
    View("compare", "Compare", ":material/compare_arrows:"),
    View("cascade", "Cascade", ":material/filter_alt:"),
    View("cold_start", "Cold start", ":material/ac_unit:"),
    View("models", "Models", ":material/account_tree:"),
    View("my_ratings", "My ratings", ":material/star:"),
    View("movie", "Movie", ":material/theaters:", visible=False),
)


def _render(name: str) -> None:
    import_module(f"app.views.{name}").render()


def load() -> None:
    """Import every view."""
    for view in VIEWS:
        import_module(f"app.views.{view.name}")


def page(name: str) -> Page:
    """The page object of a view, for links; equal to the one of the navigation."""
    view = next(view for view in VIEWS if view.name == name)
    return st.Page(
        partial(_render, name),
        title=view.title,
        url_path=name,
        default=view is VIEWS[0],
        visibility="visible" if view.visible else "hidden",
    )


def pages() -> list[Page]:
    """Every view, in the order of the navigation."""
    return [page(view.name) for view in VIEWS]


def open_movie(movie_id: int) -> None:
    """Leave this page for the movie's own. Only from a page's body, not from a callback."""
    st.switch_page(page("movie"), query_params={"movie": str(movie_id), "model": st.query_params.get("model", "")})
