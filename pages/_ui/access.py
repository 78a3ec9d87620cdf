"""Who is here and what they may do.  Every staff page and every write function asks here, by itself, each time.

People log in with a provider (``provider.py``) and the store's allow-list says what they are; it is read anew at every
question, so that a person who was removed can write nothing in a page that still stands open.  Without a provider the
staff is who sits at this machine, and the name beside a decision is the one that the person gives.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import access, store
from geo.access import AccessError, Action, Identity, Member
from pages._ui import provider, state
from pages._ui.text import md

__all__ = [
    "AccessError",
    "allowed",
    "identity",
    "member",
    "name_field",
    "require",
    "require_editor",
    "require_staff",
    "session",
    "session_may",
]
NAME_KEY = "w_editor"
KEPT = "_editor"  # a widget's value is gone when its page is left; this one stays for the session
NOT_NOW = "This session may not do that any more. Log in again."
LOCAL = Member("admin")  # who sits at the machine owns its store
SESSION_HOURS = 12  # after which the provider is asked again: people leave


def identity() -> Identity | None:
    """Return whom the provider says that this session is, None for nobody or where there is no provider."""
    return _identity(st.user.to_dict()) if provider.configured() else None


def member() -> Member | None:
    """Return what the person of this session is at this moment, None for nobody of the staff."""
    return _member(st.user.to_dict())


def allowed(action: Action, agencies: Collection[str] | None = None) -> bool:
    """Tell whether the person of this session may do an action, for what to draw; who writes calls ``require``."""
    return access.may(member(), action, agencies)


def session() -> str:
    """Return the id of this session, for ``session_may``."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def session_may(session_id: str, action: Action) -> bool:
    """Tell whether the person of an open session may do an action, for requests that come outside of a page."""
    found = runtime.get_instance()._session_mgr.get_active_session_info(session_id)
    return found is not None and access.may(_member(found.session._user_info), action)


def require(action: Action, agencies: Collection[str] | None = None) -> str:
    """Return how the person signs what they do, "" where nobody logs in and no name was given.

    Raises:
        AccessError: when they may not do it.
        StoreError: when the allow-list cannot be read.
    """
    found = member()
    if not access.may(found, action, agencies):
        raise AccessError(_refusal(found, action))
    who = identity()
    return who.signature if who else editor()


def require_staff() -> None:
    """Let staff pass.

    Raises:
        AccessError: in the public process, and for everybody whom the allow-list does not let in.
    """
    require("see")


def require_editor(action: Action = "upload", agencies: Collection[str] | None = None) -> str:
    """Return the name of the person who edits.

    Raises:
        AccessError: when they may not, or gave no name where nobody logs in.
    """
    name = require(action, agencies)
    if not name:
        _ = state.words()
        raise AccessError(_("Write your name first: it stands beside what you decide."))
    return name


def editor() -> str:
    """Return the name that the person gave in this session, "" for none."""
    return str(st.session_state.get(NAME_KEY, st.session_state.get(KEPT, ""))).strip()


def name_field() -> None:
    """Say whose name stands beside what is decided; where nobody logs in ask for it, once a session."""
    _ = state.words()
    who = identity()
    if who:
        st.caption(md(_("You write as {name}.").format(name=who.signature)))
        return
    st.caption(
        md(_("No log-in is set up: this process listens to this machine alone, and whoever sits here is staff."))
    )
    st.session_state[NAME_KEY] = st.session_state[KEPT] = editor()
    st.text_input(_("Your name"), key=NAME_KEY, max_chars=store.MAX_NAME, width=320, autocomplete="name")


def _identity(claims: Mapping[str, object]) -> Identity | None:
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or time.time() - issued > SESSION_HOURS * 3600:
        return None
    return access.identity(claims, trust_email=provider.trusts_email())


def _member(claims: Mapping[str, object]) -> Member | None:
    if not store.staff():
        return None
    if not provider.configured():
        return LOCAL if provider.alone() else None
    found = _identity(claims)
    if found is None:
        return None
    return access.member(found, store.shared_store().find_people(found.names), store.first_admins())


def _refusal(found: Member | None, action: Action) -> str:
    """Return why somebody may not, and what they can do about it."""
    _ = state.words()
    if not store.staff():
        return _("This page is for staff. Open it at the address of the staff process.")
    if not provider.configured():
        return _(
            "This page is for staff, and nobody can log in here. Set up a provider, or listen to this machine alone."
        )
    who = identity()
    if who is None:
        return _("This page is for staff. Log in first, at the top of the page.")
    name = who.email or who.subject
    if found is None and not who.email:
        said = _("Your provider does not say that your e-mail address was checked. Ask an admin to add you as {name}.")
        return said.format(name=name)
    if found is None:
        return _("{name} is not on the list of the staff. Ask an admin to add you.").format(name=name)
    if found.agency:
        said = _("{name} may decide for {agency} alone. Ask an admin, or an editor of another agency.")
        return said.format(name=name, agency=found.agency)
    return _("{name} may look at this and not change it. Ask an admin for another role.").format(name=name)
