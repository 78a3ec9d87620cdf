"""Boundaries: which the maps draw, a file of one's own checked and put in their place, and the way back."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from pages._ui import access, boundary_parts, state
from pages._ui.text import md

_ = state.words()
st.subheader(_("Boundaries"), anchor=False)
try:
    access.require_staff()
    kept = boundary_parts.load()
except GeoError as error:
    st.error(md(str(error)))
else:
    access.name_field()
    boundary_parts.messages()
    boundary_parts.drawn(kept)
    boundary_parts.listing(kept)
    boundary_parts.actions(kept)
    boundary_parts.upload()
