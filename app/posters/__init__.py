"""Posters drawn by us: one grammar per genre, varied by the movie, always the same for the same movie."""

from app.posters.poster import poster

__all__ = ["poster"]
