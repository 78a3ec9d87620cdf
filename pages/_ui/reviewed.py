"""The cases that people decided: who, when, why, and the way back."""

from __future__ import annotations

import streamlit as st

from geo import store
from geo.errors import GeoError
from geo.store import Decision
from pages._ui import access, state
from pages._ui.notes import Note
from pages._ui.review import KEY, Queue, agencies, described, placed, shown
from pages._ui.text import md

PAGE = 10


def listing(queue: Queue) -> None:
    """Draw the decisions in force, the newest first, a page at a time; each can be undone."""
    _ = state.words()
    st.subheader(_("Decided"), anchor=False)
    found = sorted(queue.decided.values(), key=lambda decision: -decision.id)
    if not found:
        st.caption(md(_("Nobody has decided a case yet.")))
        return
    pages = -(-len(found) // PAGE)
    page = 1
    if pages > 1:
        label = _("Page (of {pages})").format(pages=pages)
        page = int(st.number_input(label, 1, pages, key=f"w_decided_page_{pages}", width=160))
    for decision in found[(page - 1) * PAGE : page * PAGE]:
        _entry(queue, decision)


def _entry(queue: Queue, decision: Decision) -> None:
    _ = state.words()
    row = queue.rule.index.get(decision.activity_id)
    with st.container(border=True, key=f"decided_{decision.id}"):
        if row is None:
            st.markdown(
                f"**{md(decision.activity_id)}**  \n{md(_('not in the present data; the decision waits for it'))}"
            )
        else:
            by_rule = queue.rule.corrected.decisions[row]
            was = _("The rule said: {where}").format(where=placed(by_rule.scope, by_rule.areas))
            st.markdown(f"**{md(queue.rule.activities[row].title)}**  \n{md(was)}")
        st.markdown(f"{described(decision)}  \n{md(shown(decision.created))}")
        if not access.allowed("decide", agencies(decision.activity_id)):
            return
        with st.expander(_("Undo")), st.form(f"undo_{decision.id}", border=False):
            st.text_input(_("Reason"), key=f"w_undo_{decision.id}", max_chars=store.MAX_REASON)
            st.form_submit_button(_("Undo"), on_click=_undo, args=(decision.id, decision.activity_id))


def _undo(decision_id: int, activity_id: str) -> None:
    _ = state.words()
    try:
        author = access.require_editor("decide", agencies(activity_id))
        undone = store.shared_store().undo(decision_id, st.session_state[f"w_undo_{decision_id}"], author)
    except GeoError as error:
        st.session_state[KEY] = Note(fault=str(error))
    else:
        st.session_state[KEY] = Note(
            said=_("Undone. {where} no longer holds.").format(where=placed(undone.scope, undone.areas))
        )
