"""When something goes wrong in a page: one sentence for the visitor, the traceback for the log, the app alive."""

from __future__ import annotations

import logging

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from app.components.text import plain
from db.errors import DatabaseError
from recommender.errors import MarqueeError

log = logging.getLogger("marquee")

UNKNOWN = "Something went wrong on this page. It has been noted; nothing you rated is lost. Try again in a moment."
STORAGE = "The database cannot be reached or written just now, so this was not saved. Try again in a moment."
EXPECTED = (MarqueeError, DatabaseError, SQLAlchemyError, OSError)
"""What can go wrong for a visitor without a mistake in the program."""


def sentence(error: BaseException) -> str:
    """What the visitor reads. Errors raised for people carry their own sentence."""
    if isinstance(error, MarqueeError | DatabaseError):
        return str(error)
    return STORAGE if isinstance(error, SQLAlchemyError | OSError) else UNKNOWN


def show(error: Exception) -> bool:
    """Show the sentence in place of a traceback; True tells Streamlit that it has been dealt with."""
    if isinstance(error, MarqueeError | DatabaseError):
        log.warning("%s", error)
    else:
        log.error("A page failed", exc_info=error)
    st.error(plain(sentence(error)), icon=":material/error:")
    return True
