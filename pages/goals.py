"""Goals: the matrix of goals by provinces with its gaps and a map for each goal, or the page of one goal."""

from __future__ import annotations

import streamlit as st

from geo import news
from pages._ui import cache, chart_parts, facts, goal_parts, goals_parts, matrix_parts, news_parts, panels, state

data = cache.dataset()
found, _ = state.current(), state.words()

chart_parts.start()
if not found.goal:
    figures, mask = cache.selection(data, chart_parts.plain(found))
    st.subheader(_("Goals by province"), anchor="matrix")
    panels.adds_up(figures, len(data))
    if not mask.any():
        panels.nothing(data, found)
    goals_parts.figure(found)
    matrix_parts.table(data, found)
    goals_parts.files(found)
    goals_parts.gaps(data, found)
    goals_parts.multiples(data, found)
else:
    view = goal_parts.asked(found)
    figures, mask = cache.selection(data, view)
    goal_parts.head(found)
    goal_parts.figures(data, found, figures, mask)
    if not mask.any():
        panels.nothing(data, view)
    goal_parts.years(data, found)
    goal_parts.areas(data, found)
    goal_parts.partners(data, found, figures)
    goal_parts.targets(data, found, mask)
    news_parts.section(news.for_goal(news_parts.kept(), int(found.goal)), "goal")
    facts.activities(data, mask, view)
