"""The view is the link: filters are read from the address on every run, and a change is a new address.

Widgets follow the address.  They are not bound by Streamlit's own ``bind="query-params"``, because that writes a
choice's label into the link, and our labels carry counts and a language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from geo import i18n, pack
from geo.dataset import Dataset
from geo.errors import Problem
from geo.filters import Filters, from_query

KEY = "_filters"  # the one session value


def load(dataset: Dataset) -> tuple[Filters, tuple[Problem, ...]]:
    """Read the address, keep the view for this run and return it with what was not understood."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    found, problems = from_query(query, dataset)
    if "lang" not in query:
        found = replace(found, lang=_browser_language())
    st.session_state[KEY] = found
    return found, problems


def current() -> Filters:
    """Return the view of this run."""
    found: Filters = st.session_state[KEY]
    return found


def go(**changes: Any) -> None:
    """Change the view; for callbacks, which run before the page is drawn again."""
    found = replace(current(), **changes)
    st.session_state[KEY] = found
    st.query_params.from_dict(query(found))


def query(found: Filters) -> dict[str, list[str]]:
    """Return the link of a view; a language other than the browser's is always in it."""
    values = found.to_query()
    return values if found.lang == _browser_language() else {**values, "lang": [found.lang]}


def words() -> Callable[[str], str]:
    """Return the translator of this run's language."""
    return i18n.translator(current().lang)


def number(value: float) -> str:
    """Return a number as this run's language writes it."""
    return i18n.number(value, current().lang)


def _browser_language() -> str:
    wanted = (st.context.locale or "").lower().partition("-")[0]
    return wanted if wanted in pack.settings().languages else i18n.SOURCE_LANGUAGE
