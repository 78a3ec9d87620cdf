"""Bring data in: drop a file, see what is wrong and mend it, see what it would change, save it, publish it."""

from __future__ import annotations

import streamlit as st

from geo import library
from geo.errors import GeoError
from pages._ui import (
    access,
    cache,
    intake_preview,
    intake_problems,
    intake_read,
    intake_save,
    intake_state,
    linked,
    state,
)
from pages._ui.text import md

_ = state.words()
linked.start()
st.subheader(_("Bring data in"), anchor=False)
try:
    access.require("upload")
except GeoError as error:
    st.error(md(str(error)))
else:
    draft = intake_state.current()
    access.name_field()
    intake_read.source(draft)
    draft = intake_state.current()
    intake_read.messages(draft)
    cells = intake_read.table(draft) if draft.data else None
    found = intake_read.understood(draft, cells) if cells else None
    if cells and found:
        try:
            intake_problems.draw(draft, cells, found)
            intake_save.fix_list(draft, found)
            intake_save.mode(draft)
            onto = intake_save.base(draft)
            with st.spinner(_("Working out what would change …")):
                before, after = library.current(), cache.candidate(found, onto)
                change = cache.comparison(before, after)
            intake_preview.draw(change, before, after)
            intake_save.draw(draft, found, onto)
        except GeoError as error:
            st.error(md(str(error)))
