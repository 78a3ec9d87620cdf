"""Two steps, each its own: save the file as a version, then show it to everybody; and the list to send back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from geo import library, store, words
from geo.errors import GeoError
from geo.intake import Intake
from geo.store import ConflictError
from pages._ui import access, cache, intake_state, state
from pages._ui.intake_state import Draft
from pages._ui.text import md

NOTE, SURE = "w_intake_note", "w_intake_sure"


def base(draft: Draft) -> int | None:
    """Return what the file would add to: the version that is shown, 0 for the embedded data; None where it is all."""
    return None if draft.whole else shown()


def shown() -> int:
    """Return the version that everybody sees, 0 for the embedded data."""
    found = store.shared_store().current_version()
    return found.id if found else 0


def mode(draft: Draft) -> None:
    """Draw the question whether the file adds to the data or stands for all of it."""
    _ = state.words()
    names = {
        False: _("It adds to what is shown now; activities with the same id are replaced"),
        True: _("It is all there is; activities that it lacks are gone"),
    }
    st.session_state["w_intake_whole"] = draft.whole
    st.radio(
        _("What is the file?"),
        list(names),
        key="w_intake_whole",
        format_func=lambda whole: names[whole],
        on_change=lambda: intake_state.change(whole=st.session_state["w_intake_whole"]),
    )


def fix_list(draft: Draft, found: Intake) -> None:
    """Draw the problems that are left as files to send back."""
    _ = state.words()
    if not found.problems:
        return
    st.caption(md(_("What is left, as a list to send back:")))
    stem = "".join(sign if sign.isalnum() else "_" for sign in draft.name.rsplit(".", 1)[0])[:60] or "file"
    with st.container(horizontal=True):
        for kind, label in (("csv", _("Problems (CSV)")), ("xlsx", _("Problems (Excel)"))):
            st.download_button(
                label,
                partial(cache.problems_file, found.problems, kind, state.current().lang),
                f"{stem}_problems.{kind}",
                cache.MEDIA[kind],
                key=f"intake_fix_{kind}",
                on_click="ignore",
            )


def draw(draft: Draft, found: Intake, onto: int | None) -> None:
    """Draw the note and the button that saves; once saved, the button that publishes, and the way back."""
    _ = state.words()
    st.subheader(_("Save and publish"), anchor="save")
    if draft.instead is not None:
        _published(draft)
    elif draft.kept is not None:
        _saved(draft)
    else:
        with st.form("intake_save", border=False):
            st.text_input(_("Note"), key=NOTE, max_chars=500, placeholder=_("where the file comes from, what is in it"))
            st.form_submit_button(_("Save as a version"), type="primary", on_click=_save, args=(draft, found, onto))
        st.caption(md(_("Saved is not shown yet: publishing is the next step.")))


def _save(draft: Draft, found: Intake, onto: int | None) -> None:
    """Keep the file with what was said of it."""
    _ = state.words()
    try:
        author = access.require_editor("upload")
        kept = store.shared_store().add_version(draft.data, found, author, st.session_state[NOTE], base=onto)
    except GeoError as error:
        intake_state.say(fault=str(error))
        return
    said = _("Kept as version {number}: {accepted} of {read} rows.")
    said = said.format(number=kept.id, accepted=kept.accepted, read=kept.rows_read)
    intake_state.say(kept=kept.id, said=said)


def _saved(draft: Draft) -> None:
    _ = state.words()
    st.markdown(md(_("Version {number} is kept. Everybody still sees the data as before.").format(number=draft.kept)))
    if not access.allowed("publish"):
        st.info(md(_("An editor who is bound to no agency publishes it, on the page of versions.")))
        return
    st.checkbox(_("I have looked at what would change"), key=SURE)
    label = _("Publish version {number}").format(number=draft.kept)
    st.button(
        md(label),
        key="intake_publish",
        type="primary",
        disabled=not st.session_state.get(SURE),
        on_click=_publish,
        args=(draft.kept, shown()),
    )


def _publish(number: int | None, seen: int) -> None:
    """Show a version to everybody, unless another was published since the person looked at what would change."""
    _ = state.words()
    try:
        author = access.require_editor("publish")
        if not st.session_state.get(SURE):
            intake_state.say(fault=_("Look at what would change first, and say so."))
            return
        store.shared_store().publish(number, author, seen=seen or None)
    except ConflictError as error:
        intake_state.change(fault=_("{error} Look at the change again, and save anew.").format(error=error))
        return
    except GeoError as error:
        intake_state.say(fault=str(error))
        return
    intake_state.say(instead=seen, said=_("Version {number} is shown to everybody now.").format(number=number))


def _published(draft: Draft) -> None:
    _ = state.words()
    number, here = draft.instead, words.data_name(library.embedded(), state.current().lang)
    before = _("version {number}").format(number=number) if number else here
    with st.container(horizontal=True):
        st.page_link("pages/map.py", label=_("See the map"), icon=":material/map:")
        label = _("Go back to {before}").format(before=before)
        st.button(md(label), key="intake_back", on_click=_back, args=(draft.instead, draft.kept))


def _back(number: int | None, seen: int | None) -> None:
    """Show again what was shown before, unless another was published meanwhile."""
    _ = state.words()
    try:
        store.shared_store().publish(number or None, access.require_editor("publish"), seen=seen)
    except GeoError as error:
        intake_state.say(fault=str(error))
        return
    intake_state.say(instead=None, said=_("Everybody sees the data as before. The version is still kept."))
