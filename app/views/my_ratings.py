"""My ratings: the visitor's history in time, to be looked at, changed, undone, brought along and taken home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from app import account, exposure, movies, navigation, session, visitor
from app.components import account_panel, import_panel, persona_cards, taste, time_machine
from app.components.rating_list import Group, Rated, rating_list
from app.components.text import isolated, plain
from app.resources import house
from db.ratings import Entry, Event

PAGE = 50
ENOUGH_FOR_CHARTS = 5


def render() -> None:
    """What the visitor thinks, newest first; below it what can be done with all of it."""
    notice(st.query_params.get("link"))
    entries = account.history()
    st.title("My ratings", anchor=False)
    if entries:
        st.markdown(sentence(entries))
    else:
        st.markdown("You have rated **0** movies: three are enough for every model to guess what you would like.")
        with st.container(horizontal=True):
            st.page_link(navigation.page("for_you"), label="Rate a first few", icon=":material/movie:")
            st.page_link(navigation.page("browse"), label="Find one you know", icon=":material/search:")
    undo_button(account.undoable())
    if len(entries) >= ENOUGH_FOR_CHARTS:
        taste.render([(entry.stars, genres(entry.movie_id)) for entry in entries])
    machine = st.container()
    if entries:
        history(entries)
    st.subheader("Bring ratings along", anchor=False)
    import_panel.render()
    persona_cards.render("Borrow a persona")
    if entries:
        st.subheader("Take them home", anchor=False)
        account_panel.keep(len(entries))
    st.subheader("Who you are", anchor=False)
    account_panel.who()
    with machine:  # stands above, but what is worked out comes last
        wind_back()


def notice(link: str | None) -> None:
    """What became of a link to another device, when the visitor comes from one."""
    if link == "used":
        st.warning(
            "This link was used already or is older than 15 minutes; make a new one on the first device.",
            icon=":material/link_off:",
        )
    elif link == "done":
        st.success("This device is you now: rate here or there, it is one list.", icon=":material/devices:")


def sentence(entries: Sequence[Entry]) -> str:
    """How many, how good, since when, and what most of all; as Markdown."""
    count, mean = len(entries), sum(entry.stars for entry in entries) / len(entries)
    first = day(min(entry.at for entry in entries))
    said = f"You have rated **{count:,}** {'movie' if count == 1 else 'movies'}, **{mean:.1f} ★** on average, since **{first}**"
    most = Counter(genre for entry in entries for genre in genres(entry.movie_id)).most_common(1)
    return said + (f", most often **{plain(most[0][0])}**." if most else ".")


def undo_button(events: Sequence[Event]) -> None:
    """The way back, and what it takes back."""
    if events:
        st.button(undoing(events), key="undo_latest", on_click=undo, icon=":material/undo:")


def undo() -> None:
    """Take the last change back."""
    visitor.undo()


def undoing(events: Sequence[Event]) -> str:
    """What the next undo does, in words, as Markdown."""
    if len(events) > 1:
        what = "the import" if events[0].kind == "import" else "the removal"
        return f"Undo {what} of {len(events):,} ratings"
    event = events[0]
    title = isolated(title_of(event.movie_id))
    return f"Undo the removal of {title}" if event.stars is None else f"Undo {event.stars:g} ★ for {title}"


def wind_back() -> None:
    """The time machine with the chosen model, for those with enough ratings to wind back."""
    engine = house().engine
    person = engine.releases.read(visitor.history())
    if len(person.items) < time_machine.FEWEST:
        return
    moments = engine.replay(person, session.model(), time_machine.SHOWN)
    served = next((model for model in engine.served() if model.card.slug == session.model()), None)
    if not moments or served is None:
        return
    opened = time_machine.render(served, person, moments)
    if opened is not None:
        exposure.opened(opened)
        navigation.open_movie(opened)


def history(entries: Sequence[Entry]) -> None:
    """One page of the list, by month, newest first."""
    newest = list(reversed(entries))
    pages = -(-len(newest) // PAGE)
    st.subheader("Your history", anchor=False)
    number = st.pagination(pages, key="history_page") if pages > 1 else 1
    change = rating_list(groups(newest[(number - 1) * PAGE : number * PAGE]), key="history")
    if change is None:
        return
    if change.opened:
        navigation.open_movie(change.movie_id)
    exposure.rated(change.movie_id, change.stars)
    st.rerun()


def groups(newest: Sequence[Entry]) -> list[Group]:
    """The ratings below the month in which they were given."""
    return [
        Group(month, tuple(row(entry) for entry in entries))
        for month, entries in groupby(newest, key=lambda entry: f"{moment(entry.at):%B %Y}")
    ]


def row(entry: Entry) -> Rated:
    """One rating as the list shows it."""
    movie = movies.by_id(entry.movie_id)
    facts = [str(movie.year) if movie and movie.year else "", ", ".join(genres(entry.movie_id)[:2]), day(entry.at)]
    return Rated(entry.movie_id, title_of(entry.movie_id), " · ".join(fact for fact in facts if fact), entry.stars)


def title_of(movie_id: int) -> str:
    """The movie's title; its number when the catalogue has it no more."""
    movie = movies.by_id(movie_id)
    return movie.title if movie else f"Movie {movie_id}"


def genres(movie_id: int) -> tuple[str, ...]:
    """The movie's genres, as far as known."""
    movie = movies.by_id(movie_id)
    return movie.genres if movie else ()


def moment(at: float) -> datetime:
    """Unix seconds in the visitor's own time zone, where the browser tells it."""
    zone: tzinfo = UTC
    with suppress(ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(st.context.timezone or "UTC")
    return datetime.fromtimestamp(at, zone)


def day(at: float) -> str:
    """A day as people write it: 3 May 2024."""
    when = moment(at)
    return f"{when.day} {when:%B %Y}"
