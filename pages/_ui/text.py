"""Text of the data on a page: shown as its very letters, never as markup."""

from __future__ import annotations

import html
import re
import unicodedata

from geo import i18n, pack
from pages._ui import state

_ACTIVE = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@=^\"'/])")


def md(text: str) -> str:
    """Return text that Streamlit's Markdown shows letter for letter, on one line."""
    return _ACTIVE.sub(r"\\\1", " ".join(text.split()))


def esc(text: str) -> str:
    """Return text for ``st.html``, letter for letter."""
    return html.escape(text, quote=True)


def told(text: str) -> str:
    """Return text of the data for ``st.html``, letter for letter, marked with its language where the page has another.

    The data is in English or in the country's language, which is known by letters that are not Latin ones.
    """
    latin = all("LATIN" in unicodedata.name(letter, "LATIN") for letter in text if letter.isalpha())
    language = i18n.SOURCE_LANGUAGE if latin else pack.settings().local_language
    same = language == state.current().lang
    return esc(text) if same or not text else f'<span lang="{esc(language)}">{esc(text)}</span>'
