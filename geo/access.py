"""Floor 2: who may do what: a person's role against an action, decided anew each time that somebody asks.

A page asks before it shows, a function before it writes, each by itself: to hide a button is no access control.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geo.errors import GeoError
from geo.store import Person, Role, signed

Action = Literal["see", "decide", "upload", "publish", "people"]
ACTIONS: tuple[Action, ...] = ("see", "decide", "upload", "publish", "people")
VIEWER: frozenset[Action] = frozenset({"see"})
EDITOR: frozenset[Action] = VIEWER | {"decide", "upload", "publish"}
ALLOWED: dict[Role, frozenset[Action]] = {"viewer": VIEWER, "editor": EDITOR, "admin": frozenset(ACTIONS)}
BOUND: frozenset[Action] = EDITOR - {"publish"}  # an agency's editor sends data in; what everybody sees is not theirs


class AccessError(GeoError, PermissionError):
    """Somebody asked for what they may not do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider says that this is: an e-mail address in small letters ("" for none), its own name, a name."""

    email: str
    subject: str
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which the allow-list may know the person."""
        # A subject with an @ could be taken for another person's address.
        return tuple(one for one in (self.email, "" if "@" in self.subject else self.subject) if one)

    @property
    def signature(self) -> str:
        """How the person signs what they write."""
        return signed(self.name, self.email or self.subject)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff: the role and, for an editor bound to one, the agency."""

    role: Role
    agency: str = ""


def identity(claims: Mapping[str, object], *, trust_email: bool = False) -> Identity | None:
    """Return whom the provider's claims name, None for nobody.

    An address counts where the provider says that it checked it (``email_verified``), or with ``trust_email`` where it
    says nothing: with some providers anybody can write any address into a profile.
    """
    if claims.get("is_logged_in") is not True:
        return None
    verified = claims.get("email_verified", trust_email)
    checked = verified is True or verified == "true"  # as some providers write it
    email = str(claims.get("email") or "").strip().casefold() if checked else ""
    found = Identity(email, str(claims.get("sub") or "").strip(), str(claims.get("name") or "").strip())
    return found if found.names else None


def member(found: Identity, rows: Iterable[Person], admins: Collection[str]) -> Member | None:
    """Return what a person is on the allow-list, None where it does not let them in.

    ``rows`` are those of the list on the person's names, the newest first; ``admins`` the addresses of the environment,
    which count until the list has a word on them.
    """
    known: Sequence[Person] = [one for one in rows if one.who in found.names]
    inside = next((one for one in known if one.removed_at is None), None)
    if inside is not None:
        return Member(inside.role, inside.agency)
    return Member("admin") if not known and found.email and found.email in admins else None


def may(person: Member | None, action: Action, agencies: Collection[str] | None = None) -> bool:
    """Tell whether a person may do an action on what these agencies have in hand.

    ``agencies`` are those of the activity that is decided; None where the action is not about one.  An editor who is
    bound to an agency decides on its activities alone.
    """
    if person is None or action not in ALLOWED[person.role]:
        return False
    if not person.agency:
        return True
    if action == "decide" and agencies is None:
        return False
    return action in BOUND and (action == "see" or agencies is None or person.agency in agencies)
