"""The header: what the menu says of the house."""

from __future__ import annotations

import pytest

from app.components import header
from app.routes.tmdb import ATTRIBUTION


def test_tmdb_is_named_where_its_posters_are_shown_and_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MARQUEE_TMDB_KEY", raising=False)
    assert header.about() == header.ABOUT
    monkeypatch.setenv("MARQUEE_TMDB_KEY", "secret")
    assert header.about() == f"{header.ABOUT}\n\n{ATTRIBUTION}"
    assert "secret" not in header.about()
