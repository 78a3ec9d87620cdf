"""The parts of the page on boundaries: what is drawn, the versions, a file checked before it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from geo import boundaries, own_boundaries, store
from geo.boundary_file import UserFile
from geo.boundary_report import ALIKE, FAR, NEAR, SAME, SHARED, Report, colour
from geo.errors import GeoError
from geo.store import BoundaryVersion
from pages._ui import access, cache, notes, state
from pages._ui.notes import Note
from pages._ui.review import shown as moment
from pages._ui.text import esc, md

KEY = "_boundaries"
CHOSEN = "w_boundaries"
EMBEDDED = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Every version by its number, the newest first, and the number of the published one."""

    versions: dict[int, BoundaryVersion]
    shown: int


def load() -> Kept:
    """Return the versions of this run."""
    found = {one.id: one for one in store.shared_store().boundaries.listed()}
    return Kept(found, next((one.id for one in found.values() if one.published), EMBEDDED))


def name(number: int) -> str:
    """Return a version in words."""
    _ = state.words()
    return _("Boundaries {number}").format(number=number) if number else _("Embedded boundaries")


def messages() -> None:
    """Say what the last press led to."""
    notes.show(KEY)


def drawn(kept: Kept) -> None:
    """Say what the maps draw now, and what from the next start on where that is something else."""
    _ = state.words()
    now = boundaries.load().digest
    number = next((one.id for one in kept.versions.values() if one.districts == now), EMBEDDED)
    told = _("The maps draw: {name}. {credit}").format(name=name(number), credit=boundaries.credit())
    st.markdown(md(told))
    if number != kept.shown:
        said = _("From the next start of the server on they draw: {name}. Restart every process to see it.")
        st.info(md(said.format(name=name(kept.shown))))


def listing(kept: Kept) -> None:
    """Draw every version with who brought it."""
    _ = state.words()
    rows = [
        {
            _("Number"): one.id,
            _("Date"): moment(one.created),
            _("Who"): one.author,
            _("File"): one.file_name,
            _("Kind"): one.kind,
            _("Credit"): one.credit,
            _("Last shown"): _("now") if one.published else moment(one.published_at) if one.published_at else "",
            _("Note"): one.note,
        }
        for one in kept.versions.values()
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="boundaries", alt=_("Boundaries"))


def actions(kept: Kept) -> None:
    """Draw the choice of a version to draw, with a second press."""
    _ = state.words()
    if not kept.versions or not access.allowed("publish"):
        return
    numbers = [number for number in (*kept.versions, EMBEDDED) if number != kept.shown]
    if st.session_state.get(CHOSEN) not in numbers:
        st.session_state[CHOSEN] = numbers[0]
    number = st.selectbox(_("Draw instead"), numbers, key=CHOSEN, format_func=name, width=320)
    label = _("Draw {version} from the next start on").format(version=name(number))
    st.button(md(label), key="ask_boundaries", on_click=_ask, args=(number,))
    if notes.last(KEY).asked != number:
        return
    with st.container(border=True, horizontal=True, key="confirm_boundaries"):
        st.button(_("Yes, draw it"), type="primary", key="use_boundaries", on_click=_publish, args=(number,))
        st.button(_("Cancel"), key="cancel_boundaries", on_click=_ask, args=(None,))


def upload() -> None:
    """Take a file, show what was checked, and keep it when the person says so."""
    _ = state.words()
    if not access.allowed("publish"):
        return
    st.subheader(_("A file of your own"), anchor=False)
    st.caption(
        md(
            _(
                "GeoJSON, GeoPackage, GeoParquet or a zipped shapefile of all districts in WGS 84, known by P-codes or "
                "names. It is checked first; nothing changes before you say so."
            )
        )
    )
    file = st.file_uploader(_("File of boundaries"), key="boundary_file")
    if file is None:
        return
    data = file.getvalue()
    language = state.current().lang
    with st.spinner(_("Checking the boundaries")):
        made = cache.checked_boundaries(data, hashlib.sha256(data).hexdigest(), file.name, language)
    if made.found is None or made.report is None:
        _refused(made.fault, made.picture)
        return
    _checked(made.report, made.picture)
    if made.report.stands:
        _keep(made.found, data, file.name)


def _refused(fault: str, picture: str) -> None:
    """Draw why a file was refused beside what can be drawn of it."""
    _ = state.words()
    words, drawing = st.columns([3, 2])
    words.error(md(fault))
    if picture:
        legend = {SAME: _("known and valid"), NEAR: _("not known, or there twice"), FAR: _("not valid")}
        drawing.html(_drawing(picture, _("The file as it was read"), legend))


def _checked(report: Report, picture: str) -> None:
    """Draw the report beside the file's own map, coloured by how far each unit is from the present one."""
    _ = state.words()
    words, drawing = st.columns([3, 2])
    with words:
        (st.success if report.stands else st.warning)(md(report.verdict))
        st.markdown("\n".join(f"- {md(line)}" for line in report.lines))
    counts = {each: sum(colour(share) == each for share in report.shares.values()) for each in (SAME, NEAR, FAR)}
    texts = {
        SAME: _("{percent} % or more shared with the present unit").format(percent=round(SHARED * 100)),
        NEAR: _("{percent} % or more").format(percent=round(ALIKE * 100)),
        FAR: _("less"),
    }
    legend = {each: f"{texts[each]}: {count}" for each, count in counts.items()}
    drawing.html(_drawing(picture, " ".join(report.lines), legend))


def _drawing(picture: str, alt: str, legend: Mapping[str, str]) -> str:
    """Return a picture with what its colours mean as HTML; every text is escaped."""
    square = "display:inline-block;width:.9em;height:.9em;background:"
    lines = "".join(f'<div><span style="{square}{each}"></span> {esc(text)}</div>' for each, text in legend.items())
    return f'<img src="{picture}" alt="{esc(alt)}" style="max-width:100%;max-height:26rem">{lines}'


def _keep(found: UserFile, data: bytes, file_name: str) -> None:
    _ = state.words()
    help_text = _("Whom every map names for these boundaries, with the licence.")
    credit = st.text_input(_("Credit"), key="boundary_credit", max_chars=300, help=help_text)
    note = st.text_input(_("Note"), key="boundary_note", max_chars=300)
    st.button(
        _("Keep and draw from the next start on"),
        type="primary",
        key="keep_boundaries",
        on_click=partial(_install, found, data, file_name, credit, note),
    )


def _ask(number: int | None) -> None:
    st.session_state[KEY] = Note(asked=number)


def _install(found: UserFile, data: bytes, file_name: str, credit: str, note: str) -> None:
    try:
        author = access.require_editor("publish")
        version = own_boundaries.keep(found, data, file_name, author, credit, note)
    except GeoError as error:
        st.session_state[KEY] = Note(fault=str(error))
    else:
        _publish(version.id)


def _publish(number: int) -> None:
    _ = state.words()
    try:
        author = access.require_editor("publish")
        store.shared_store().boundaries.publish(number or None, author)
    except GeoError as error:
        st.session_state[KEY] = Note(fault=str(error))
    else:
        said = _("From the next start on the maps draw: {name}.")
        st.session_state[KEY] = Note(said=said.format(name=name(number)))
