"""People: nobody but a random token. The database knows only its hash, so a stolen copy opens no door."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from sqlalchemy import ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from db.base import Base, Key, Moment, now
from db.errors import DatabaseError

TOKEN_BYTES = 16
NICKNAME_LENGTH = 40
LINK_SECONDS = 900
"""How long a link to another device works."""


class Person(Base):
    """A visitor, on however many devices."""

    __tablename__ = "people"

    id: Mapped[Key]
    nickname: Mapped[str | None] = mapped_column(String(NICKNAME_LENGTH))
    created: Mapped[Moment]


class Token(Base):
    """A device of a person: the SHA-256 of the token in its cookie."""

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"), index=True)
    created: Mapped[Moment]


class Link(Base):
    """A one-time code that makes another device the same person."""

    __tablename__ = "links"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="cascade"))
    expires: Mapped[Moment]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create(session: Session, token: str | None = None) -> tuple[Person, str]:
    """A new person with their token: a fresh one of 128 bits, or the one that their browser holds already.

    Two pages of one new browser may come at once; the token then belongs to whoever was first, and both get that person.
    """
    token = token or secrets.token_hex(TOKEN_BYTES)
    person = Person(nickname=None, created=now())
    session.add(person)
    session.flush()
    known = session.get(Token, _hash(token))
    if known is None:
        from sqlalchemy.exc import IntegrityError

        try:
            with session.begin_nested():
                session.add(Token(hash=_hash(token), person_id=person.id, created=now()))
            return person, token
        except IntegrityError:
            pass
    session.delete(person)
    session.flush()
    owner = by_token(session, token)
    assert owner is not None
    return owner, token


def by_token(session: Session, token: str) -> Person | None:
    """The person whose browser holds `token`, if we know them."""
    return session.scalar(select(Person).join(Token).where(Token.hash == _hash(token)))


def lock(session: Session, person_id: int) -> None:
    """Changes of one person come one after another, also from two tabs, so that each knows what was before it.

    Raises DatabaseError when there is no such person.
    """
    if session.scalar(select(Person.id).where(Person.id == person_id).with_for_update()) is None:
        raise DatabaseError("This person is not known here (any more); reload the page.")


def rename(session: Session, person_id: int, nickname: str) -> str | None:
    """Set the nickname, as plain text: no control characters, no spaces at its ends, at most 40 characters. Empty takes it away.

    Returns what was stored. Raises DatabaseError when it is too long.
    """
    kept = "".join(c if c.isprintable() or unicodedata.category(c) == "Cf" else " " for c in nickname)
    kept = " ".join(kept.split())
    if len(kept) > NICKNAME_LENGTH:
        raise DatabaseError(f"A nickname has at most {NICKNAME_LENGTH} characters; this one has {len(kept)}.")
    session.execute(update(Person).where(Person.id == person_id).values(nickname=kept or None))
    return kept or None


def new_link(session: Session, person_id: int) -> str:
    """A code for another device; it works once, for 15 minutes. Older codes that nobody used are forgotten."""
    code = secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(delete(Link).where(Link.expires < now()))
    session.add(Link(hash=_hash(code), person_id=person_id, expires=now() + LINK_SECONDS))
    return code


def redeem_link(session: Session, code: str) -> str:
    """A new token for the person who made the link. Raises DatabaseError when the code was used, is too old, or never was."""
    used = session.execute(
        delete(Link).where(Link.hash == _hash(code), Link.expires >= now()).returning(Link.person_id)
    ).scalar_one_or_none()  # deleting and asking in one statement: of two devices at once only one is told who it is
    if used is None:
        raise DatabaseError(
            "This link was used already or is older than 15 minutes; make a new one on the first device."
        )
    token = secrets.token_hex(TOKEN_BYTES)
    session.add(Token(hash=_hash(token), person_id=used, created=now()))
    return token
