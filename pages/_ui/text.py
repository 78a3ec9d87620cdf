"""Text of the data on a page: shown as its very letters, never as markup."""

from __future__ import annotations

import html
import re

_ACTIVE = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@=^\"'/])")


def md(text: str) -> str:
    """Return text that Streamlit's Markdown shows letter for letter, on one line."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def esc(text: str) -> str:
    """Return text for ``st.html``, letter for letter."""
    return html.escape(text, quote=True)
