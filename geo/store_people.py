"""Floor 2: the allow-list of the staff, on a connection inside a transaction of the store."""

from __future__ import annotations

import os
from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from geo import codes
from geo import store_rows as rows
from geo.errors import UnknownCodeError, shorten
from geo.store_tables import people
from geo.store_values import MAX_NAME, ROLES, DecisionError, Person, Role, clean


def address(who: str) -> str:
    """Return an e-mail address in small letters, or the provider's own name for a person as it stands.

    Raises:
        DecisionError: when it is empty, too long, has a space in it or is no address.
    """
    kept = clean(who, "e-mail address", MAX_NAME)
    name, at, host = kept.partition("@")
    if len(kept.split()) > 1 or (at and (not name or "." not in host or "@" in host)):
        raise DecisionError(f"Got {shorten(kept)!r}; expected an e-mail address, such as ann@example.org. Correct it.")
    return kept.casefold() if at else kept


def first_admins() -> tuple[str, ...]:
    """Return the addresses of ``STAFF_ADMINS``: admins whom the store has not heard of yet.

    Raises:
        DecisionError: when one of them is no address.
    """
    named = os.environ.get("STAFF_ADMINS", "").split(",")
    return tuple(address(one) for one in named if one.strip())


def checked(role: str, agency: str) -> tuple[Role, str]:
    """Return a role and the code of the agency that an editor is bound to, "" for none.

    Raises:
        DecisionError: when the role is none, or one that no agency goes with.
        UnknownCodeError: when the agency is not known.
    """
    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise DecisionError(f"Got the role {shorten(role)!r}; expected {', '.join(ROLES)}. Choose one of them.")
    if agency and known != "editor":
        raise DecisionError(f"Got the agency {shorten(agency)!r} for {known}; expected one for an editor alone.")
    return known, codes.agency(agency).code if agency else ""


def add(connection: Connection, who: str, role: Role, agency: str, by: str) -> Person:
    """Let a person in; one who is in already gets the new role instead of the old."""
    old = _in_force(connection, who)
    if old is not None:
        if (old.role, old.agency) == (role, agency):
            return old
        _mark(connection, old.id, by)
    values = {"who": who, "role": role, "agency": agency, "added_by": by, "added_at": rows.now(), "removed_by": ""}
    kept = rows.person(connection.execute(insert(people).values(**values).returning(*people.c)).one())
    before = {"role": old.role, "agency": old.agency} if old else None
    rows.log(connection, by, "add person", f"person {who}", {"role": role, "agency": agency, "instead_of": before})
    return kept


def remove(connection: Connection, who: str, by: str, *, seeded: bool) -> Person:
    """Let a person in no more, one named by the environment (``seeded``) among them.

    Raises:
        UnknownCodeError: when the person is not in.
    """
    old = _in_force(connection, who)
    if old is None:
        if not seeded or find(connection, (who,)):
            raise UnknownCodeError(_absent(connection, who))
        # The store's word is the newer one: a row that is removed outweighs the environment.
        values = {"who": who, "role": "admin", "agency": "", "added_by": by, "added_at": rows.now(), "removed_by": ""}
        old = rows.person(connection.execute(insert(people).values(**values).returning(*people.c)).one())
    gone = _mark(connection, old.id, by)
    rows.log(connection, by, "remove person", f"person {who}", {"role": old.role, "agency": old.agency})
    return gone


def listed(connection: Connection) -> tuple[Person, ...]:
    """Return everybody who is in, by address."""
    query = select(people).where(people.c.removed_at.is_(None)).order_by(people.c.who)
    return tuple(map(rows.person, connection.execute(query)))


def find(connection: Connection, names: Iterable[str]) -> tuple[Person, ...]:
    """Return every row on one of the names, those removed among them, the newest first."""
    query = select(people).where(people.c.who.in_(list(names))).order_by(people.c.id.desc())
    return tuple(map(rows.person, connection.execute(query)))


def _in_force(connection: Connection, who: str) -> Person | None:
    return next((one for one in find(connection, (who,)) if one.removed_at is None), None)


def _mark(connection: Connection, row: int, by: str) -> Person:
    change = update(people).where(people.c.id == row).values(removed_at=rows.now(), removed_by=by)
    return rows.person(connection.execute(change.returning(*people.c)).one())


def _absent(connection: Connection, who: str) -> str:
    near = codes.nearest(who, [one.who for one in listed(connection)])
    got = f"Got {shorten(who)!r}; expected somebody of the list."
    return got + (f" Nearest: {', '.join(near)}." if near else " Look at it first: python -m geo people list")
