"""The provider that people log in with (OpenID Connect): from the environment, or Streamlit's own ``secrets.toml``.

| variable | what |
|---|---|
| OIDC_METADATA_URL | the provider's ``.../.well-known/openid-configuration`` |
| OIDC_CLIENT_ID, OIDC_CLIENT_SECRET | what the provider knows this dashboard by |
| PUBLIC_URL | the address of the staff process as browsers know it, such as https://staff.example.org |
| COOKIE_SECRET | at least 32 random characters that sign the session |
| OIDC_TRUST_EMAIL | 1 where the provider gives out addresses that are its people's own, yet never says so |
"""

from __future__ import annotations

import os
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section, validate_auth_credentials
from streamlit.errors import StreamlitAuthError

from geo import store
from geo.errors import InputError

NEEDED = ("OIDC_METADATA_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "PUBLIC_URL", "COOKIE_SECRET")
SECRET_LENGTH = 32  # characters
CALLBACK = "oauth2callback"  # Streamlit's own route


def configured() -> bool:
    """Tell whether people log in."""
    return bool(get_secrets_auth_section())


def trusts_email() -> bool:
    """Tell whether an address counts of which the provider does not say that it checked it."""
    return os.environ.get("OIDC_TRUST_EMAIL", "") == "1"


def secrets() -> dict[str, Any]:
    """Return what the environment says of the provider, as Streamlit takes it; empty where it says nothing.

    Raises:
        InputError: when a variable is missing or cannot be right.
    """
    found = {name: os.environ.get(name, "").strip() for name in NEEDED}
    if not store.staff() or not any(found[name] for name in NEEDED[:3]):
        return {}
    missing = [name for name in NEEDED if not found[name]]
    if missing:
        got = ", ".join(name for name in NEEDED if found[name])
        raise InputError(f"Got {got} without {', '.join(missing)}; expected all of them. Set what is missing.")
    if len(found["COOKIE_SECRET"]) < SECRET_LENGTH:
        raise InputError(f"Got a COOKIE_SECRET of fewer than {SECRET_LENGTH} characters. Make a longer, random one.")
    for name in ("PUBLIC_URL", "OIDC_METADATA_URL"):
        _check_address(name, found[name])
    return {
        "auth": {
            "redirect_uri": f"{found['PUBLIC_URL'].rstrip('/')}/{CALLBACK}",
            "cookie_secret": found["COOKIE_SECRET"],
            "client_id": found["OIDC_CLIENT_ID"],
            "client_secret": found["OIDC_CLIENT_SECRET"],
            "server_metadata_url": found["OIDC_METADATA_URL"],
        }
    }


def _check_address(name: str, text: str) -> None:
    """Refuse what is no address, or one that anybody on the way could read."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and loopback(parts.hostname or ""))
    if not safe or not parts.hostname or parts.query or parts.fragment:
        raise InputError(f"Got {name}={text!r}; expected https://HOST/PATH (http on this machine alone). Correct it.")


def loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def alone() -> bool:
    """Tell whether this process listens to this machine alone."""
    return loopback(str(st.get_option("server.address") or ""))


def check_address(host: str) -> None:
    """Refuse to let the whole network write without log-in.

    Raises:
        InputError: when the process may write, nobody logs in, and ``host`` is more than this machine; or when the
            provider of ``secrets.toml`` lacks something.
    """
    if store.staff() and configured() and not secrets():
        try:
            validate_auth_credentials("default")
        except StreamlitAuthError as error:
            raise InputError(f".streamlit/secrets.toml: {error}") from error
    if store.staff() and not configured() and not secrets() and not loopback(host):
        raise InputError(
            f"Got HOST={host} for a process in which anybody could change the data; expected a provider that people "
            "log in with (OIDC_METADATA_URL and the others; see README), or APP_ROLE=public, or HOST=127.0.0.1. "
            "Set one of them."
        )
