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
    unit = about.get("unit")
    label = plain(name.replace("_", " ")) + (f", {plain(unit)}" if unit else "")
    default, text = about.get("default"), about.get("description")
    if "enum" in about:
        return st.selectbox(label, about["enum"], index=about["enum"].index(default), help=text, key=key)
    if about.get("type") == "boolean":
        return st.checkbox(label, default, help=text, key=key)
    if about.get("type") in ("integer", "number"):
        kind = int if about["type"] == "integer" else float
        low, high = (about.get(side, about.get(f"exclusive{side.title()}")) for side in ("minimum", "maximum"))
        return st.number_input(
            label,
            min_value=None if low is None else kind(low),
            max_value=None if high is None else kind(high),
            value=default if default is None else kind(default),
            step=1 if kind is int else None,
            format="%d" if kind is int else "%g",
            help=text,
            key=key,
        )
    return st.text_input(label, default, help=text, key=key)
