"""What is missing or doubtful, by agency: the list, in the order of what would help the map, and its files."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import problem_words, quality
from geo.dataset import Dataset
from geo.quality import Fix
from pages._ui import cache, facts, file_links, state
from pages._ui.text import md

AGENCY = "w_quality_agency"
KIND = "w_quality_kind"
SHOWN = 1_000  # rows that a browser on a slow line gets at once


def draw(data: Dataset) -> None:
    """Draw what one agency, or every one, could mend."""
    _ = state.words()
    st.subheader(_("What would help the map"), anchor="help")
    st.caption(md(_("In the order of what would help the map most. Proposals are ours; the source decides.")))
    left, right = st.columns(2, vertical_alignment="bottom")
    agency = left.selectbox(
        _("Agency"),
        ["", *sorted(data.agencies.names)],
        key=AGENCY,
        format_func=lambda code: facts.agency_name(code) if code else _("all agencies"),
    )
    found = cache.fixes(data, agency, state.current().lang)
    counts = quality.counts(found)
    if not found:
        st.success(md(_("Nothing is missing and nothing is in doubt.")))
        return
    language = state.current().lang
    kind = right.selectbox(
        _("Kind"),
        ["", *counts],
        key=KIND,
        format_func=lambda name: (
            f"{quality.kind_name(name, language)} ({state.number(counts[name])})"
            if name
            else _("all ({count})").format(count=state.number(len(found)))
        ),
    )
    _table([fix for fix in found if kind in ("", fix.kind)], several=len(data.files) > 1)
    _files(agency)


def _table(found: list[Fix], *, several: bool) -> None:
    """Draw the findings; with the file of each where the data is of several."""
    _, language = state.words(), state.current().lang
    rows = [
        {
            _("Kind"): quality.kind_name(fix.kind, language),
            _("Activity"): fix.title,
            **({_("File"): problem_words.place(fix.file, fix.sheet)} if several else {}),
            _("Row"): fix.row,
            _("Column"): fix.column,
            _("Present value"): fix.present,
            _("Our proposal"): fix.proposal,
            _("Evidence"): fix.evidence,
        }
        for fix in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        more = _("The first {count} of {all}; choose an agency or a kind, or take the file with all of them.")
        st.caption(md(more.format(count=state.number(SHOWN), all=state.number(len(found)))))
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="fixes", alt=_("What would help the map"))


def _files(agency: str) -> None:
    """Draw the files to send to the agency."""
    _ = state.words()
    labels = {
        "fixes.xlsx": _("To work through, with IATI and UN INFO to paste (Excel)"),
        "fixes.pdf": _("To print (PDF)"),
    }
    file_links.row(labels, state.current(), of=agency)
