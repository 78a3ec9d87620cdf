"""Links to the files of a view: an address holds the whole view, and so outlives the run, the session and a restart.

Streamlit's own deferred downloads live as long as the run that drew them: one that is pressed just after a filter, on
a slow line, may be answered with an error.  These can also be copied, and taken by a program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from geo.filters import Filters
from pages._ui import cache, mapfiles
from pages._ui.text import esc

ROUTE = "files"
KEPT = {"chart": ("focus", "goal", "who"), "news": ("kind",), "studio": ("studio",)}  # by the kind's first word


def shown(kind: str, found: Filters) -> Filters:
    """Return what of a view its file shows: what merely stands open is none of it, but in files of just that."""
    kept: dict[str, Any] = {name: getattr(found, name) for name in KEPT.get(kind.partition(".")[0], ())}
    return replace(cache.plain(found), **({"studio": ""} | kept))


def address(kind: str, found: Filters, **more: str) -> str:
    """Return the address of a view's file; ``more`` is what the file depends on besides, "" for nothing."""
    query = {
        "lang": [found.lang],
        **shown(kind, found).to_query(),
        **{name: [value] for name, value in more.items() if value},
    }
    return f"{mapfiles.base()}/{ROUTE}/{kind}?{urlencode(query, doseq=True)}"


def row(labels: Mapping[str, str], found: Filters, *, first: str = "", **more: str) -> None:
    """Draw links that save files; ``labels`` has their texts by kind, ``first`` is the kind that stands out."""
    links = "".join(
        f'<a class="lao-file{" lao-first" if kind == first else ""}" data-file="{esc(kind)}" download rel="nofollow" '
        f'href="{esc(address(kind, found, **more))}">{esc(label)}</a>'
        for kind, label in labels.items()
    )
    st.html(f'<div class="lao-files">{links}</div>')
