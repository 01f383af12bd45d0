"""Releases: movies that visitors brought in. They can be rated like any other, and withdrawn by whoever released them."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from db import movies, people
from db.base import Base, Key, Moment, now
from db.errors import DatabaseError
from db.meta import Meta
from db.ratings import Rating

FIRST_ID = 1_000_000_000_000
"""movie_ids of releases are above it: far from those of any data set, and whole numbers for JavaScript, too."""
TITLE_LENGTH, PLOT_LENGTH, NAME_LENGTH, NAMES = 200, 2_000, 80, 30
"""Characters of a title, a plot and a name that are stored, and how many names of one kind."""
FIRST_YEAR, LAST_YEAR = 1874, 2100
"""The first moving pictures were taken in 1874."""


class Release(Base):
    """A released movie."""

    __tablename__ = "releases"

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="set null"))
    """Who released it."""
    title: Mapped[str]
    year: Mapped[int | None]
    genres: Mapped[list[str]] = mapped_column(JSON)
    directors: Mapped[list[str]] = mapped_column(JSON)
    cast: Mapped[list[str]] = mapped_column(JSON)
    plot: Mapped[str | None]
    created: Mapped[Moment]
    withdrawn: Mapped[Moment | None]

    @property
    def movie_id(self) -> int:
        """What ratings and addresses call it."""
        return FIRST_ID + self.id


class Draft(NamedTuple):
    """A movie that is to be released."""

    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    plot: str | None = None

    @property
    def label(self) -> str:
        """Title with the year, where there is one."""
        return self.title if self.year is None else f"{self.title} ({self.year})"


def clean(draft: Draft) -> Draft:
    """The draft as it would be stored: no control signs, no spaces at ends, no name twice. Raises DatabaseError when it cannot be."""
    title, plot = _line(draft.title), _line(draft.plot or "")
    if not title:
        raise DatabaseError("A movie needs a title; everything else may stay empty.")
    for what, text, most in (("title", title, TITLE_LENGTH), ("plot", plot, PLOT_LENGTH)):
        if len(text) > most:
            raise DatabaseError(f"A {what} has at most {most:,} characters; this one has {len(text):,}. Shorten it.")
    if draft.year is not None and not FIRST_YEAR <= draft.year <= LAST_YEAR:
        raise DatabaseError(
            f"{draft.year} is no year of a movie: between {FIRST_YEAR} and {LAST_YEAR}, or leave it empty."
        )
    lists = [
        tuple(dict.fromkeys(filter(None, map(_line, names)))) for names in (draft.genres, draft.directors, draft.cast)
    ]
    genres, directors, cast = lists
    for names in lists:
        if len(names) > NAMES:
            raise DatabaseError(f"At most {NAMES} genres, directors or actors can be stored; these are {len(names):,}.")
        if long := next((name for name in names if len(name) > NAME_LENGTH), None):
            raise DatabaseError(f"“{long[:20]}…” is too long for a name: at most {NAME_LENGTH} characters.")
    return Draft(title, draft.year, genres, directors, cast, plot or None)


def put(session: Session, person_id: int, draft: Draft) -> Release:
    """Release a movie, once `clean`ed. Raises DatabaseError when it cannot be stored, or when one so called of that year stands."""
    draft = clean(draft)
    people.lock(session, person_id)
    # One after another, so that they are seen in the order of their numbers, and of two of one name the second finds the first.
    session.execute(select(Meta.name).with_for_update())
    if (same := standing_as(session, draft)) is not None:
        raise DatabaseError(f"{draft.label} has been released already; its page is /movie?movie={same.movie_id}.")
    release = Release(person_id=person_id, created=now(), withdrawn=None, **_columns(draft))
    session.add(release)
    session.flush()
    movies.seed(session, [{"movie_id": release.movie_id, "title": draft.title, "year": draft.year}])
    return release


def standing_as(session: Session, draft: Draft) -> Release | None:
    """The release of this title and year that stands, if there is one; capitals do not count."""
    same_year = Release.year.is_(None) if draft.year is None else Release.year == draft.year
    found = session.scalars(select(Release).where(Release.withdrawn.is_(None), same_year))
    return next((release for release in found if release.title.casefold() == _line(draft.title).casefold()), None)


def withdraw(session: Session, person_id: int, movie_id: int) -> None:
    """Take a movie off all lists. Its ratings stay with those who gave them. Raises DatabaseError when it is not the person's own."""
    _own(session, person_id, movie_id).withdrawn = now()


def restore(session: Session, person_id: int, movie_id: int) -> None:
    """Show a withdrawn movie again. Raises DatabaseError when it is not the person's own, or another one is called so by now."""
    release = _own(session, person_id, movie_id)
    same = standing_as(session, Draft(release.title, release.year))
    if same is not None and same.id != release.id:
        raise DatabaseError(f"Another {release.title} of that year has been released since.")
    release.withdrawn = None


def _own(session: Session, person_id: int, movie_id: int) -> Release:
    people.lock(session, person_id)
    release = session.get(Release, movie_id - FIRST_ID)
    if release is None or release.person_id != person_id:
        raise DatabaseError("Only whoever released a movie can withdraw it or show it again.")
    return release


def everything(session: Session) -> list[Release]:
    """All movies that were ever released, in order."""
    return list(session.scalars(select(Release).order_by(Release.id)))


def raters(session: Session, movie_id: int) -> int:
    """How many people have rated a movie."""
    return session.scalar(select(func.count()).select_from(Rating).where(Rating.movie_id == movie_id)) or 0


def version(session: Session) -> str:
    """Another one after every release, withdrawal and restoration; cheap, since every run of a page asks."""
    count, withdrawn, last = session.execute(
        select(func.count(), func.count(Release.withdrawn), func.max(Release.withdrawn))
    ).one()
    return f"{count}.{withdrawn}.{last or 0}"


def _columns(draft: Draft) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in draft._asdict().items()}


def _line(text: str) -> str:
    """One line without signs that do not show; joiners stay, since emoji and some scripts need them."""
    kept = "".join(c if c.isprintable() or unicodedata.category(c) == "Cf" else " " for c in text)
    return " ".join(kept.split())
