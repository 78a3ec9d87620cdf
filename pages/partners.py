"""Partners: who is at work, who funds what through whom, who meets at one goal in one place, and a page for each."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo import news, partners
from pages._ui import cache, facts, linked, news_parts, partner_flows, partner_overlaps, partner_parts, state

data = cache.dataset()
found, _ = state.current(), state.words()
kind, name = partners.parse_who(found.who)

linked.start()
partner_parts.tabs(found)
if kind:
    one = partners.build(data, found, kind, name)
    partner_parts.head(one, found)
    partner_parts.figures(data, one, found)
    st.subheader(_("Goals"), anchor="goals")
    facts.goals(one.figures.goals, linked.PARTNERS, found)
    partner_parts.areas(data, one, found)
    st.subheader(_("Active in each year"), anchor="years")
    facts.years(one.figures.years, one.figures.undated, linked.PARTNERS, replace(found, goal="", focus=""))
    partner_parts.company(data, one, found)
    if kind == "agency":
        news_parts.section(news.for_agency(news_parts.kept(), name), "agency")
    facts.activities(data, one.mask, found)
elif found.who == "flows":
    partner_flows.draw(data, found)
elif found.who == "overlaps":
    partner_overlaps.draw(data, found)
else:
    partner_parts.listing(data, found)
