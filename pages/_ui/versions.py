"""The parts of the page on versions: the list, the choice of one, showing it to everybody, and the trail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from geo import dataset, library, store, words
from geo.errors import GeoError
from geo.store import Version
from pages._ui import access, notes, state
from pages._ui.notes import Note
from pages._ui.review import shown as moment
from pages._ui.text import md

KEY = "_versions"
CHOSEN, OTHER = "w_version", "w_version_other"
EMBEDDED = 0  # the number by which this page knows the data that is there without any upload
TRAIL = 200  # entries


@dataclass(frozen=True, slots=True)
class Kept:
    """Every version by its number, the newest first, and the number of the one that everybody sees."""

    versions: dict[int, Version]
    shown: int

    @property
    def numbers(self) -> list[int]:
        """Every choice, the embedded data among them."""
        return [*self.versions, EMBEDDED]


def load() -> Kept:
    """Return the versions of this run."""
    found = {one.id: one for one in store.shared_store().versions()}
    return Kept(found, next((one.id for one in found.values() if one.published), EMBEDDED))


def name(number: int) -> str:
    """Return a version in words."""
    _ = state.words()
    if number:
        return _("Version {number}").format(number=number)
    data = library.embedded()
    named = words.data_name(data, state.current().lang)
    return _("Embedded data") if data.origin == dataset.EMBEDDED else named[:1].upper() + named[1:]


def described(kept: Kept, number: int) -> str:
    """Return a version in words, with its date and file, and whether everybody sees it."""
    _ = state.words()
    one = kept.versions.get(number)
    parts = [name(number), *([moment(one.created), one.file_name] if one else [])]
    return ", ".join([*parts, *([_("shown")] if number == kept.shown else [])])


def messages() -> None:
    """Say what the last press led to."""
    notes.show(KEY)


def listing(kept: Kept) -> None:
    """Draw every version with who brought it and what became of its rows."""
    _ = state.words()
    if not kept.versions:
        seen = words.data_name(library.embedded(), state.current().lang)
        st.info(md(_("Nobody has uploaded a version yet: everybody sees {data}.").format(data=seen)))
        return
    rows = [
        {
            _("Number"): one.id,
            _("Date"): moment(one.created),
            _("Who"): one.author,
            _("File"): one.file_name,
            _("Kind"): one.kind,
            _("Rows read"): one.rows_read,
            _("Accepted"): one.accepted,
            _("Rejected"): one.rejected,
            _("Last shown"): _("now") if one.published else moment(one.published_at) if one.published_at else "",
            _("Note"): one.note,
        }
        for one in kept.versions.values()
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="versions", alt=_("Versions"))


def choose(kept: Kept) -> tuple[int, int]:
    """Draw the choice of a version and of the one to compare it with; return both."""
    _ = state.words()
    for key, default in ((CHOSEN, kept.numbers[0]), (OTHER, kept.shown)):
        if st.session_state.get(key) not in kept.numbers:
            st.session_state[key] = default
    left, right = st.columns(2)
    label = partial(described, kept)
    chosen = left.selectbox(_("Version"), kept.numbers, key=CHOSEN, format_func=label)
    other = right.selectbox(_("Compared with"), kept.numbers, key=OTHER, format_func=label)
    return chosen, other


def actions(kept: Kept, number: int) -> None:
    """Draw what can be done with a version: take its file, show it to everybody."""
    _ = state.words()
    one = kept.versions.get(number)
    found = notes.last(KEY)
    with st.container(horizontal=True, key="version_actions"):
        if one is not None:
            st.download_button(
                _("The file as it came"),
                partial(_bytes, access.session(), number),
                one.file_name,
                "application/octet-stream",
                key=f"version_file_{number}",
                on_click="ignore",
            )
        if number != kept.shown and access.allowed("publish"):
            label = _("Show {version} to everybody").format(version=name(number))
            st.button(md(label), key="ask_publish", on_click=_ask, args=(number,))
    if found.asked != number or number == kept.shown:
        return
    with st.container(border=True, key="confirm_publish"):
        said = _("Everybody will see {new} instead of {old}, at once. It can be undone by showing {old} again.")
        st.warning(md(said.format(new=name(number), old=name(kept.shown))))
        with st.container(horizontal=True):
            st.button(_("Yes, show it"), type="primary", key="publish", on_click=_publish, args=(number, kept.shown))
            st.button(_("Cancel"), key="cancel_publish", on_click=_ask, args=(None,))


def trail() -> None:
    """Draw who did what and when, the newest first."""
    _ = state.words()
    st.subheader(_("Audit trail"), anchor=False)
    rows = [
        {
            _("When"): moment(one.at),
            _("Who"): one.who,
            _("What"): one.action,
            _("Subject"): one.subject,
            _("Details"): json.dumps(one.detail, ensure_ascii=False, sort_keys=True),
        }
        for one in store.shared_store().audit(TRAIL)
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="trail", alt=_("Audit trail"))
    else:
        st.caption(md(_("Nothing was written yet.")))


def _bytes(session: str, number: int) -> bytes:
    """Return a version's file to a session that may see it at the moment of the download."""
    if not access.session_may(session, "see"):
        raise access.AccessError(access.NOT_NOW)
    return store.shared_store().version_bytes(number)


def _ask(number: int | None) -> None:
    st.session_state[KEY] = Note(asked=number)


def _publish(number: int, seen: int) -> None:
    _ = state.words()
    try:
        author = access.require_editor("publish")
        store.shared_store().publish(number or None, author, seen=seen or None)
    except GeoError as error:
        st.session_state[KEY] = Note(fault=str(error))
    else:
        st.session_state[KEY] = Note(said=_("Everybody sees {version} now.").format(version=name(number)))
