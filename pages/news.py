"""News: stories, press releases, publications and speeches on the map and as lists, newest first."""

from __future__ import annotations

import streamlit as st

from geo import news, news_map
from pages._ui import file_links, linked, news_parts, state
from pages._ui.text import md

found, _ = state.current(), state.words()
everything = news.embedded()
items = news.apply(everything.items, found)

linked.start()
st.markdown(f"**{md(news_map.adds_up(items, found.lang))}**")
news_parts.kinds(everything, found)
news_parts.passed_over(found)
if not items:
    news_parts.nothing(everything, found)
left, right = st.columns([5, 3], gap="medium")
with left:
    news_parts.map_of(everything, items, found)
with right:
    news_parts.beside_the_map(items, found)
located, without = news.of_scope(items, "subnational"), news.of_scope(items, "unlocated")
if located:
    st.subheader(_("In provinces ({count})").format(count=len(located)), anchor="located")
    news_parts.listing(located, "located", first=20)
if found.focus and (nationwide := news.of_scope(items, "nationwide")):
    st.subheader(_("Nationwide ({count})").format(count=len(nationwide)), anchor="nationwide")
    news_parts.listing(nationwide, "nationwide")
if without:
    st.subheader(_("No place stated ({count})").format(count=len(without)), anchor="without")
    st.caption(md(news_map.unlocated(items, found.lang)))
    news_parts.listing(without, "without")
news_parts.table(items, found)
file_links.row({"news.csv": _("The news (CSV)")}, found)
