"""Ratings that people bring along and take home: files of GroupLens, Letterboxd, IMDb and our own."""

from app.imports.export import export
from app.imports.matching import Import, Matched, Unmatched
from app.imports.reading import LARGEST_MB, SeveralPeople, read

__all__ = ["LARGEST_MB", "Import", "Matched", "SeveralPeople", "Unmatched", "export", "read"]
