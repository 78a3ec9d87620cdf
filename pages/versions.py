"""Versions of the data: what was uploaded, what each would change, which one everybody sees, who did what,
and how the store that keeps them is."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from pages._ui import access, state, storage, versions, versions_compare
from pages._ui.text import md

_ = state.words()
st.subheader(_("Versions"), anchor=False)
try:
    access.require_staff()
    kept = versions.load()
except GeoError as error:
    st.error(md(str(error)))
else:
    access.name_field()
    versions.messages()
    versions.listing(kept)
    chosen, other = versions.choose(kept)
    try:
        versions_compare.show(other, chosen)
    except GeoError as error:
        st.error(md(str(error)))
    versions.actions(kept, chosen)
    versions.trail()
    try:
        storage.show()
    except GeoError as error:
        st.error(md(str(error)))
