"""The map on the page: one document kept alive over reruns, a delta at each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from geo import i18n, webmap
from pages._ui import mapfiles

CSS = """
div { height: 100%; }
.map { box-sizing: border-box; position: relative; background: #e9edf0;
  border: 1px solid #cfd7dc; border-radius: 4px; overflow: hidden; }
.map iframe { display: block; width: 100%; height: 100%; border: 0; }
.map p { margin: 0; padding: 1.5rem; }
"""

_component = st.components.v2.component(
    "lao_sdg_live_map",
    html='<div class="map"></div>',
    css=CSS,
    js=(Path(__file__).parent / "livemap.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, slots=True)
class MapEvent:
    """What a visitor did on the map: ``type`` "area" with its ``pcode``, or "clear" with none."""

    type: str
    pcode: str


def live_map(
    delta: Mapping[str, object], *, key: str, height: int | str = 640, points_url: str = "", document: str = ""
) -> MapEvent | None:
    """Show the map with ``delta`` (``geo.webmap.delta``) and return the visitor's choice, in the run that it caused.

    ``height`` is in CSS pixels or a length of CSS; ``points_url`` what ``mapfiles.publish_points`` returned;
    ``document`` another document's address than the map's own.  The document stays over a change
    of language: the delta brings the words.
    """
    language = str(delta["language"])
    _ = i18n.translator(language)
    result = _component(
        key=key,
        data={
            "document": document or mapfiles.document_url(),
            "delta": {**delta, "points_url": points_url},
            "height": f"{height}px" if isinstance(height, int) else height,
            "title": _("Map of activities"),
            "fault": webmap.texts(language)["fault"],
            "routes": _("the map's files are not served: start with `make run` or `python -m pages._ui.server`"),
        },
        on_event_change=lambda: None,
    )
    return _event(result.event)


def _event(value: object) -> MapEvent | None:
    """Return the event if it is one that the document sends; what a browser sends is not trusted."""
    if not isinstance(value, Mapping):
        return None
    kind, pcode = value.get("type"), value.get("pcode", "")
    if kind == "clear":
        return MapEvent("clear", "")
    if kind == "area" and isinstance(pcode, str) and any(pcode in webmap.areas(level) for level in webmap.LEVELS):
        return MapEvent("area", pcode)
    return None
