"""The part of the page on versions that says what the store holds, how large it is and when it was backed up."""

from __future__ import annotations

import streamlit as st

from geo import library, operations, store
from pages._ui import access, linked, state
from pages._ui.text import esc, md


def show() -> None:
    """Draw the figures; where the store lies is for an admin alone.

    Raises:
        StoreError: when the store cannot be read.
    """
    _, language = state.words(), state.current().lang
    st.subheader(_("Storage"), anchor=False)
    found = operations.look(library.current(), store.shared_store())
    for said in operations.warnings(found, language):
        st.warning(md(said))
    linked.start()
    rows = [
        [esc(name), f"<b>{esc(value)}</b>", esc(note)]
        for name, value, note in operations.facts(found, language, full=access.allowed("people"))
    ]
    head = (_("Item"), _("Figure"), _("Note"))
    st.html(f'<div class="lao-narrow">{linked.table(_("Storage"), head, rows, hidden=True)}</div>')
    st.caption(md(_("To make a backup: {command}").format(command="python -m geo backup -o FILE.zip")))
