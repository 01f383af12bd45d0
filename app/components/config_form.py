"""A form made from a model's Config: every hyper-parameter with its range, unit and explanation, stated there once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.components.text import plain
from recommender.models.base import Config


def fields(config: type[Config], key: str) -> dict[str, Any]:
    """Draw one widget per hyper-parameter. Returns those that differ from their defaults."""
    schema = config.model_json_schema()["properties"]
    values = {name: field(name, about, f"{key}_{name}") for name, about in schema.items()}
    return {name: value for name, value in values.items() if value != schema[name].get("default")}


def field(name: str, about: dict[str, Any], key: str) -> Any:
    """The widget for one property of a JSON schema, and its value."""
    words, unit = name.replace("_", " "), about.get("unit")
    label = plain(words) + (f", {plain(unit)}" if unit and unit not in words.split() else "")
    default, text = about.get("default"), about.get("description")
    if "enum" in about:
        return st.selectbox(label, about["enum"], index=about["enum"].index(default), help=text, key=key)
    if about.get("type") == "boolean":
        return st.checkbox(label, bool(default), help=text, key=key)
    if about.get("type") in ("integer", "number"):
        whole = about["type"] == "integer"
        low, high = (bound(about, side, whole) for side in ("minimum", "maximum"))
        if whole:
            return st.number_input(label, low, high, int(default or 0), step=1, format="%d", help=text, key=key)
        return st.number_input(label, low, high, float(default or 0), format="%g", help=text, key=key)
    return st.text_input(label, default, help=text, key=key)


def bound(about: dict[str, Any], side: str, whole: bool) -> Any:
    """The least or greatest value of a number; None where there is none. A bound that is itself excluded stays out of reach."""
    value = about.get(side, about.get(f"exclusive{side.title()}"))
    if value is None:
        return None
    return int(value) if whole else float(value)
