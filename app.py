"""The frame of the dashboard: page settings, data, the view of the link, navigation, language and the filter panel."""

from __future__ import annotations

import streamlit as st

from geo import store
from pages._ui import access, cache, cards, chrome, controls, search_box, share, state

data = cache.dataset()
found, problems = state.load(data)
_ = state.words()
st.set_page_config(page_title=chrome.page_title(), page_icon=chrome.icon(), layout="wide")

# url_path differs from the file's stem: else the first visitor after a restart gets a page without this frame.
PAGES = [
    st.Page("pages/map.py", title=_("Map"), url_path="overview", default=True),
    st.Page("pages/goals.py", title=_("Goals"), url_path="sdg-goals"),
    st.Page("pages/timeline.py", title=_("Time"), url_path="years"),
    st.Page("pages/areas.py", title=_("Areas"), url_path="places"),
    st.Page("pages/partners.py", title=_("Partners"), url_path="who"),
    st.Page("pages/news.py", title=_("News"), url_path="stories"),
    st.Page("pages/export.py", title=_("Studio"), url_path="studio"),
    st.Page("pages/method.py", title=_("Method"), url_path="how"),
    st.Page("pages/data.py", title=_("Data quality"), url_path="quality"),
]
# A page of the staff asks by itself who is here; where nobody of the staff is, the way to it is left out as well.
STAFF = [
    st.Page("pages/review.py", title=_("Review"), url_path="queue"),
    st.Page("pages/intake.py", title=_("Data in"), url_path="upload"),
    st.Page("pages/versions.py", title=_("Versions"), url_path="data-versions"),
    st.Page("pages/boundaries.py", title=_("Boundaries"), url_path="borders"),
]
staff = STAFF if store.staff() else []
page = st.navigation([*PAGES, *staff], position="hidden")
chrome.styles()
share.stop_at_the_map(data)
chrome.header([*PAGES, *(staff if access.allowed("see") else [])], page)
search_box.bar(data, page)
chrome.link_problems(problems)
chrome.pinned(data)
page.run()  # before the filters, which nobody waits for: the map repaints that much sooner
with st.sidebar:
    controls.panel(data)
cards.card(data)
chrome.foot(data)
