"""What the last press on a page led to, said in the run after it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from geo.store import Decision, Draft
from pages._ui.text import md


@dataclass(frozen=True, slots=True)
class Note:
    """What the last press led to; the one session value of a page.

    ``asked`` is the version that waits for a second press.  Where somebody else was faster, ``mine`` is the decision
    that was not kept and ``theirs`` the one in force.
    """

    said: str = ""
    fault: str = ""
    asked: int | None = None
    mine: Draft | None = None
    theirs: Decision | None = None


def last(key: str) -> Note:
    """Return the note that a page keeps under ``key``."""
    found: Note = st.session_state.get(key, Note())
    return found


def show(key: str) -> None:
    """Say it."""
    found = last(key)
    if found.said:
        st.success(md(found.said))
    if found.fault:
        st.error(md(found.fault))
