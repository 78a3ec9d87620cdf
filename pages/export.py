"""The snapshot studio: the view of the link as a page to print, with a preview that is the file itself."""

from __future__ import annotations

import streamlit as st

from geo import studio_spec
from pages._ui import cache, controls, state, studio_files, studio_parts

data = cache.dataset()
found, _ = state.current(), state.words()
spec, problems = studio_spec.from_text(found.studio, found)

studio_files.dropped(data, found)
studio_parts.problems(problems)
controls.level_and_metric(found)
left, right = st.columns([4, 9], gap="large")
with left:
    studio_parts.page(spec)
    logo = studio_files.logo()
with right:
    pages = cache.studio_pages(data, spec)
    studio_files.preview(data, spec, pages, logo)
    studio_files.downloads(spec, pages, logo)
with left:
    studio_parts.texts(spec, pages[0])
    studio_parts.classes(spec)
    studio_parts.histogram(pages[0])
