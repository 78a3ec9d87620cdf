"""The upload and how it was understood: whose file, of what kind, its columns, its rows; each can be overruled."""

from __future__ import annotations

import streamlit as st

from geo import codes, store
from geo.errors import GeoError, InputError
from geo.fields import COMPUTED, Fields
from geo.intake import Intake
from geo.readers import RawTable, columns, recognise
from pages._ui import access, cache, facts, intake_state, linked, state
from pages._ui.intake_state import Draft
from pages._ui.text import esc, md

KIND, SHEET = "w_intake_kind", "w_intake_sheet"
SHOWN = 30  # rows of a file in the look at its cells


def source(draft: Draft) -> None:
    """Draw whose file it is and the place to drop it."""
    _ = state.words()
    bound = (access.member() or access.LOCAL).agency
    options = [bound] if bound else ["", *(agency.code for agency in codes.agencies())]
    if bound and draft.agency != bound:
        st.session_state[intake_state.AGENCY] = bound
        intake_state.set_agency()
    left, right = st.columns([2, 5], vertical_alignment="bottom")
    st.session_state[intake_state.AGENCY] = draft.agency if draft.agency in options else options[0]
    left.selectbox(
        _("Whose file is it?"),
        options,
        key=intake_state.AGENCY,
        format_func=lambda code: facts.agency_name(code) if code else _("several agencies, or none"),
        on_change=intake_state.set_agency,
        help=_("How its columns were understood is remembered for the agency's next file."),
    )
    right.file_uploader(
        _("A file of activities, at most {size} MB: CSV, XLSX, IATI, HXL, UN INFO or GeoJSON").format(
            size=intake_state.MOST_MB
        ),
        key=intake_state.UPLOAD,
        on_change=intake_state.take,
        max_upload_size=intake_state.MOST_MB,
    )
    if not draft.data:
        st.caption(md(_("Nothing changes for anybody until you save the file as a version and publish it.")))


def messages(draft: Draft) -> None:
    """Say what the last press led to."""
    if draft.said:
        st.success(md(draft.said))
    if draft.fault:
        st.error(md(draft.fault))


def table(draft: Draft) -> RawTable | None:
    """Return the cells of the file, or None with the one error that says why it cannot be read."""
    _ = state.words()
    try:
        with st.spinner(_("Reading the file …")):
            return cache.intake_table(draft.data, draft.digest, draft.name, draft.kind, draft.sheet)
    except InputError as error:
        st.error(md(_("{error} The old data stay as they are.").format(error=error)))
        _kind(draft, draft.kind)
        return None


def _kind(draft: Draft, found: str) -> None:
    """Draw the kind as recognised; another one can be chosen."""
    _ = state.words()
    kinds = ["", *recognise.READERS]
    st.session_state[KIND] = draft.kind
    st.selectbox(
        _("Kind of file"),
        kinds,
        key=KIND,
        format_func=lambda kind: kind.upper() if kind else _("as recognised: {kind}").format(kind=found.upper() or "–"),
        on_change=lambda: intake_state.change(kind=st.session_state[KIND], sheet="", repairs=()),
    )


def understood(draft: Draft, cells: RawTable) -> Intake | None:
    """Draw how the file was understood and return what it gives; None where a column is missing that must be there."""
    _ = state.words()
    found, fault = None, ""
    try:
        with st.spinner(_("Checking {count} rows …").format(count=cells.rows_read)):
            found = cache.intake_of(cells, draft.digest, draft.name, draft.mapping, draft.repairs)
    except InputError as error:
        fault = str(error)
    left, right = st.columns([2, 5], vertical_alignment="bottom")
    with left:
        _kind(draft, cells.kind)
        _sheet(draft, cells)
    with right:
        facts.figures(_read(cells, found))
    if fault:
        st.error(md(_("{error} Or say below which column is which.").format(error=fault)))
    _columns(draft, cells, expanded=found is None)
    return found


def _sheet(draft: Draft, cells: RawTable) -> None:
    """Draw which sheet was read, where there are several."""
    _ = state.words()
    if len(cells.sheets) < 2:
        return
    st.session_state[SHEET] = cells.sheet
    st.selectbox(
        _("Sheet"),
        cells.sheets,
        key=SHEET,
        on_change=lambda: intake_state.change(sheet=st.session_state[SHEET], repairs=()),
    )


def _read(cells: RawTable, found: Intake | None) -> list[facts.Figure]:
    """Return how the file was read, as figures."""
    _ = state.words()
    rows, sums = cells.rows_read, ""
    if found is not None:
        rows = found.rows_read  # without the examples of the template
        sums = _("{accepted} accepted + {rejected} rejected").format(
            accepted=state.number(len(found.activities)), rejected=state.number(found.rejected)
        )
    return [
        facts.Figure(_("Rows read"), state.number(rows), f"= {sums}" if sums else ""),
        facts.Figure(_("Encoding"), cells.encoding.upper()),
        facts.Figure(_("Sheet"), cells.sheet if len(cells.sheets) < 2 else ""),
    ]


def _columns(draft: Draft, cells: RawTable, *, expanded: bool) -> None:
    """Draw the columns as understood; those that are not can be."""
    _ = state.words()
    usual, mapping = {*map(str, Fields), *COMPUTED}, dict(draft.mapping)
    alone = columns.understand(cells)  # by themselves, without what a person said
    pairs = list(zip(alone.headings, alone.columns, strict=True))
    used = [f"{heading} = {column}" if heading != column else column for heading, column in pairs if column in usual]
    open_ = [heading for heading, column in pairs if column not in usual]
    unclear = [heading for heading in open_ if heading not in mapping]
    label = _("Columns: {used} understood, {open} not").format(
        used=len(used) + sum(bool(mapping.get(heading)) for heading in open_), open=len(unclear)
    )
    with st.expander(md(label), expanded=expanded or bool(unclear)):
        st.caption(md(_("Understood: {columns}").format(columns=", ".join(used) or _("none"))))
        if open_:
            _form(draft, open_, [str(field) for field in Fields if field not in alone.columns])
    with st.expander(md(_("A look at the file"))):
        rows = [
            (str(row.row), *(esc(row.cells.get(column, "")[:80]) for column in cells.columns))
            for row in cells.rows[:SHOWN]
        ]
        st.html(linked.table(_("The file's first rows"), (_("Row"), *cells.columns), rows, hidden=True, wide=True))


def _form(draft: Draft, headings: list[str], free: list[str]) -> None:
    """Draw a choice for each heading that is not ours, sent together."""
    _ = state.words()
    mapping = dict(draft.mapping)
    with st.form("intake_columns", border=False):
        places = st.columns(3)
        for at, heading in enumerate(headings):
            near = [field for field in columns.nearest(heading) if field in free]
            known = mapping.get(heading, "")
            places[at % 3].selectbox(
                md(heading),
                ["", *free],
                index=(["", *free].index(known) if known in free else 0),
                key=_key(draft, at),
                format_func=lambda field: field or _("not used"),
                help=md(_("Nearest: {column}").format(column=near[0])) if near else None,
            )
        remember = bool(draft.agency)
        if remember:
            said = _("Remember for the next file of {agency}").format(agency=draft.agency)
            st.checkbox(md(said), value=True, key="w_intake_remember")
        st.form_submit_button(_("Use these columns"), on_click=_use, args=(draft, tuple(headings)))


def _key(draft: Draft, at: int) -> str:
    return f"w_intake_column_{draft.digest[:12]}_{at}"


def _use(draft: Draft, headings: tuple[str, ...]) -> None:
    """Take the columns as chosen; a field can be one column alone."""
    _ = state.words()
    chosen = {heading: str(st.session_state[_key(draft, at)]) for at, heading in enumerate(headings)}
    twice = {field for field in chosen.values() if field and list(chosen.values()).count(field) > 1}
    if twice:
        said = _("Got {field} for two columns; expected each once. Choose another for one of them.")
        intake_state.say(fault=said.format(field=", ".join(sorted(twice))))
        return
    intake_state.change(mapping=tuple(sorted({**dict(draft.mapping), **chosen}.items())))
    if not draft.agency or not st.session_state.get("w_intake_remember"):
        return
    try:
        store.shared_store().remember_columns(draft.agency, chosen, access.require_editor("upload"))
    except GeoError as error:
        intake_state.say(fault=_("The columns are used, but not remembered: {error}").format(error=error))
