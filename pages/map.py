"""The map: the line that adds up, the map and what is beside it, the same figures as a table, and the files."""

from __future__ import annotations

import streamlit as st

from pages._ui import cache, cards, controls, panels, state
from pages._ui.livemap import live_map

data = cache.dataset()
found, _ = state.current(), state.words()
figures, mask = cache.selection(data, found)

panels.adds_up(figures, len(data))
controls.level_and_metric(found)
left, right = st.columns([5, 3], gap="medium")
with left:
    event = live_map(cache.delta(data, found), key="map", height=660, points_url=cache.points(data, found))
    if event and event.pcode != found.focus:
        state.go(focus=event.pcode)
        st.rerun()
with right:
    panels.nationwide(found, figures)
    panels.focus(data, found, mask)
panels.notes(data, found)
st.subheader(_("Activities"), anchor="list")
if not mask.any():
    panels.nothing(data, found)
cards.listing(data, mask, "list")
panels.table(data, found)
panels.downloads(found)
