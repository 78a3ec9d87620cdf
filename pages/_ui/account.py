"""The corner of the header where people of the staff log in and out."""

from __future__ import annotations

import streamlit as st

from geo import store
from pages._ui import access, provider, state
from pages._ui.text import md


def corner() -> None:
    """Draw "Log in", or the name and "Log out"."""
    _ = state.words()
    if not st.user.get("is_logged_in"):
        # The way back to this view is kept by gate.KeepLink.
        st.button(_("Log in"), key="log_in", on_click=st.login, width="content")
        return
    who = access.identity()
    name = (who.name or who.email or who.subject) if who else str(st.user.get("email") or "")
    with st.popover(md(name) or _("Account"), width="content", key="account"):
        found = access.member()
        if who is None or found is None:
            st.caption(md(_("Not on the list of the staff.") if who else _("Log in again.")))
        elif found.agency:
            st.caption(md(f"{role_name(found.role)}, {found.agency}"))
        else:
            st.caption(md(role_name(found.role)))
        st.button(_("Log out"), key="log_out", on_click=st.logout)
        if who is None:
            st.button(_("Log in"), key="log_in", on_click=st.login)


def shown() -> bool:
    """Tell whether the corner is drawn: where people log in, and never in the public process."""
    return provider.configured() and store.staff()


def role_name(role: str) -> str:
    """Return a role in words."""
    _ = state.words()
    return {"viewer": _("Viewer"), "editor": _("Editor"), "admin": _("Admin")}[role]
