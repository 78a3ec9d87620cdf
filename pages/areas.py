"""Areas: the provinces beside one another, and a page for each province and district."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo import news, profile
from pages._ui import area_index, area_parts, cache, facts, linked, news_parts, state

data = cache.dataset()
found, _ = state.current(), state.words()

linked.start()
if not found.focus:
    area_index.index(data, found)
else:
    one = profile.build(data, found)
    area_parts.head(found)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        area_parts.figures(data, one, found)
    with right:
        area_parts.place(data, found)
    area_parts.history(data, one, found)
    st.subheader(_("Goals"), anchor="goals")
    facts.goals(one.figures.goals, linked.AREAS, found)
    area_parts.who(data, one, found)
    st.subheader(_("Active in each year"), anchor="years")
    facts.years(one.figures.years, one.figures.undated, linked.AREAS, replace(found, goal="", who=""))
    area_parts.comparison(data, one, found)
    news_parts.section(news.for_area(news_parts.kept(), found.focus), "area")
    area_parts.nationwide(data, one, found)
    facts.activities(data, one.here, found)
