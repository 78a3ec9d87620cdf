"""Time: a year that plays or a day, what is active then on the map and as a list, and starts and ends as lines."""

from __future__ import annotations

import streamlit as st

from pages._ui import cache, chart_parts, panels, state, time_parts

data = cache.dataset()
found, _ = state.current(), state.words()
figures, mask = cache.selection(data, chart_parts.plain(found))

chart_parts.start()
st.subheader(_("Active in each year"), anchor="years")
everything = time_parts.years(data, found)
time_parts.controls(data, found, everything)
time_parts.told(data, found, figures, mask, everything)
panels.adds_up(figures, len(data))
if not mask.any():
    panels.nothing(data, found)
left, right = st.columns([1, 1], gap="medium")
with left:
    time_parts.place(data, found)
with right:
    time_parts.listing(data, found, mask)
page = time_parts.strips(data, found, mask)
time_parts.undated(data, found)
time_parts.files(everything, page, found)
