"""The review queue: what the rule is not sure of, decided by people, each with a reason; any of it can be undone."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from pages._ui import access, cache, review, reviewed, state
from pages._ui.text import md

_ = state.words()
st.subheader(_("Review"), anchor=False)
try:
    access.require_staff()
except GeoError as error:
    st.error(md(str(error)))
else:
    queue = review.load(cache.newest())
    access.name_field()
    review.messages(queue)
    waiting = review.waiting(queue)
    if waiting:
        review.case(queue, review.chosen(queue, waiting))
    else:
        st.success(md(_("Nothing waits for review.")))
    reviewed.listing(queue)
