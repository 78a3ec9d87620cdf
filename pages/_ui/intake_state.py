"""The file that a person works on: one frozen value of the session, changed in callbacks alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from geo import repairs, store
from geo.errors import GeoError, InputError
from geo.repairs import Repair
from pages._ui import access, state

KEY = "_intake"
UPLOAD = "w_intake_file"
AGENCY = "w_intake_agency"
MOST_MB = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """An upload that is looked at: its bytes as they came, what the person said of it, and what the last press said.

    ``whole`` says that the file stands for all the data, otherwise it adds to what is shown; ``kept`` is the number of
    the version that was saved of it, ``instead`` the version that was shown before it was published (0: embedded).
    """

    name: str = ""
    data: bytes = b""
    digest: str = ""
    kind: str = ""
    sheet: str = ""
    agency: str = ""
    whole: bool = False
    mapping: tuple[tuple[str, str], ...] = ()
    repairs: tuple[Repair, ...] = ()
    kept: int | None = None
    instead: int | None = None
    said: str = ""
    fault: str = ""


def current() -> Draft:
    """Return the draft of this session."""
    found: Draft = st.session_state.get(KEY, Draft())
    return found


def change(**values: Any) -> None:
    """Change the draft; what was said is said no more, and a saved version is no longer that of the draft."""
    st.session_state[KEY] = replace(current(), **{"said": "", "fault": "", "kept": None, "instead": None, **values})


def say(**values: Any) -> None:
    """Keep what the last press led to; the draft itself stays as it is."""
    st.session_state[KEY] = replace(current(), **{"said": "", "fault": "", **values})


def take() -> None:
    """Take the file that was dropped, in the place of the one before."""
    _ = state.words()
    file, before = st.session_state.get(UPLOAD), current()
    if file is None:
        st.session_state[KEY] = Draft(agency=before.agency)
        return
    try:
        access.require("upload")
        data = file.getvalue()
        if not data:
            raise InputError(_("The file is empty. Expected activities; look at it and upload it again."))
        mapping = store.shared_store().columns_of(before.agency) if before.agency else {}
    except GeoError as error:
        st.session_state[KEY] = Draft(agency=before.agency, fault=str(error))
        return
    digest = hashlib.sha256(data).hexdigest()
    st.session_state[KEY] = Draft(file.name, data, digest, agency=before.agency, mapping=tuple(sorted(mapping.items())))


def set_agency() -> None:
    """Take over whose file it is, and how the columns of theirs were understood the last time."""
    agency = str(st.session_state[AGENCY])
    try:
        known = store.shared_store().columns_of(agency) if agency else {}
    except GeoError as error:
        change(agency=agency, fault=str(error))
        return
    change(agency=agency, mapping=tuple(sorted({**known, **dict(current().mapping)}.items())))


def mend(more: Iterable[Repair], said: str = "") -> None:
    """Add repairs to the draft."""
    try:
        found = repairs.from_json(repairs.to_json(dict.fromkeys((*current().repairs, *more))))
    except InputError as error:
        say(fault=str(error))
        return
    change(repairs=found, said=said)


def take_back(one: Repair | None = None) -> None:
    """Take one repair back, or all of them."""
    change(repairs=tuple(repair for repair in current().repairs if one is not None and repair != one))
