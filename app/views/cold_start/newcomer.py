"""A stage of Cold start."""

from __future__ import annotations


def render() -> None:
    """Draw the stage."""
