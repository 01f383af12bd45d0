"""Foreign text in Markdown: titles, names and nicknames are shown letter by letter, whatever they contain."""

from __future__ import annotations

import re
from html import escape

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:=&^])")
LIVE = re.compile(r"(?<=www)(?=\.)|(?<=:)(?=//)|(?=@)|(?<=:)(?=material/)", re.IGNORECASE)
"""Places where Streamlit makes a link or an icon of text even when every sign is escaped."""
JOINER, ISOLATE, POP = "\u2060", "\u2068", "\u2069"


def plain(text: str) -> str:
    """`text` as Markdown that shows exactly its letters: no markup, link, emoji code, icon, formula or line break."""
    return MARKDOWN.sub(r"\\\1", LIVE.sub(JOINER, " ".join(text.split())))


def isolated(text: str) -> str:
    """`plain`, fenced off so that right-to-left letters do not turn the sentence around them."""
    return ISOLATE + plain(text) + POP


def markup(text: str) -> str:
    """`text` for st.html, in an element or an attribute."""
    return escape(text, quote=True)
