"""Floor 2: what the store takes and gives: frozen values, their checks, and its errors."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from geo import codes, gazetteer, pack
from geo.errors import GeoError, Problem, UnknownCodeError, shorten
from geo.fields import Activity
from geo.repairs import Repair

Scope = Literal["nationwide", "subnational", "unlocated"]
SCOPES: tuple[Scope, ...] = ("nationwide", "subnational", "unlocated")
Role = Literal["viewer", "editor", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "admin")
MAX_REASON = 2_000  # characters
MAX_NAME = 200


class StoreError(GeoError, RuntimeError):
    """The store cannot be opened, read or written."""


class ReadOnlyError(StoreError):
    """This process may read the store and not write it."""


class DecisionError(GeoError, ValueError):
    """A decision, a version or its words are not as the store takes them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision as a person wants it, checked and not yet kept."""

    activity_id: str
    scope: Scope
    areas: tuple[str, ...]
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision on one activity; times are UTC.  ``undone_at`` is None while it is in force."""

    id: int
    activity_id: str
    kind: str
    scope: Scope
    areas: tuple[str, ...]
    reason: str
    author: str
    created: datetime
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_reason: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One upload that was kept: ``accepted + rejected == rows_read``; ``size`` in bytes, ``sha256`` of its bytes.

    ``published`` says that it is the one shown; ``published_at`` when it last became that.
    """

    id: int
    created: datetime
    author: str
    file_name: str
    kind: str
    sha256: str
    size: int
    rows_read: int
    accepted: int
    rejected: int
    note: str
    published: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the allow-list; times are UTC.  ``removed_at`` is None while it lets the person in.

    ``who`` is an e-mail address in small letters, or, without an ``@``, the provider's own name for the person
    (``sub``).  ``agency`` binds an editor to the activities of one agency, "" to none.
    """

    id: int
    who: str
    role: Role
    agency: str
    added_by: str
    added_at: datetime
    removed_by: str = ""
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which subject and when (UTC); ``detail`` holds plain JSON values."""

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]


class ConflictError(GeoError, RuntimeError):
    """Somebody else decided meanwhile: ``mine`` was not kept; ``theirs`` is in force (None: theirs was undone)."""

    def __init__(self, message: str, mine: Draft | None, theirs: Decision | None) -> None:
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs


class Received(Protocol):
    """What ``add_version`` needs of an intake (``geo.intake.Intake`` has it)."""

    @property
    def activities(self) -> Sequence[Activity]: ...  # noqa: D102
    @property
    def problems(self) -> Sequence[Problem]: ...  # noqa: D102
    @property
    def rows_read(self) -> int: ...  # noqa: D102
    @property
    def rejected(self) -> int: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def sheet(self) -> str: ...  # noqa: D102
    @property
    def mapping(self) -> Sequence[tuple[str, str]]: ...  # noqa: D102
    @property
    def repairs(self) -> Sequence[Repair]: ...  # noqa: D102


def clean(text: str, what: str, limit: int, *, required: bool = True) -> str:
    """Return a person's words as they are kept: trimmed, one kind of line end.

    Raises:
        DecisionError: when they are empty, too long, or hold control characters or broken Unicode.
    """
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if required and not kept:
        raise DecisionError(f"Got no {what}; expected one in words, since others must be able to follow it. Write it.")
    if len(kept) > limit:
        raise DecisionError(f"Got a {what} of {len(kept):,} characters; expected at most {limit:,}. Shorten it.")
    strange = {
        f"U+{ord(sign):04X}" for sign in kept if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t"
    }
    if strange:
        got = f"Got a {what} with {', '.join(sorted(strange))}"
        raise DecisionError(f"{got}; expected letters, signs and line ends. Type it anew.")
    return kept


def signed(name: str, address: str) -> str:
    """Return how a person who logged in signs: ``Ann Editor <ann@example.org>``, so that the trail tells two Anns."""
    plain = " ".join("".join(sign for sign in name if sign.isprintable() and sign not in "<>").split())
    kept = plain[: MAX_NAME - len(address) - 3].strip()
    return f"{kept} <{address}>" if kept and kept.casefold() != address.casefold() else address


def public_name(author: str) -> str:
    """Return the part of a signature that everybody may read: the name, of a bare address what stands before its @."""
    name, bracket, _ = author.partition(" <")
    return name if bracket else author.partition("@")[0] or author


def draft(activity_id: str, scope: str, areas: Iterable[str], reason: str, author: str) -> Draft:
    """Check a decision, all but that the activity exists.

    Raises:
        DecisionError: when the scope is unknown or does not go with the areas; or as ``clean``.
        UnknownCodeError: when an area is no P-code of the pack.
    """
    known = next((one for one in SCOPES if one == scope), None)
    if known is None:
        raise DecisionError(f"Got the scope {shorten(scope)!r}; expected {', '.join(SCOPES)}. Choose one of them.")
    kept = tuple(sorted(set(areas)))
    country = pack.settings().pcode
    for code in kept:
        if gazetteer.names(code).pcode == country:
            raise DecisionError(f"Got the whole country, {code}, as an area; expected parts of it. Choose nationwide.")
    if (scope == "subnational") != bool(kept):
        got = f"the areas {', '.join(kept)}" if kept else "no area"
        expected = "at least one" if scope == "subnational" else "none"
        raise DecisionError(f"Got {got} for {scope}; expected {expected}. Choose areas, or another scope.")
    return Draft(activity_id, known, kept, clean(reason, "reason", MAX_REASON), clean(author, "name", MAX_NAME))


def unknown_activity(activity_id: str, known: Sequence[str]) -> UnknownCodeError:
    """Return the error for an activity that neither the embedded data nor any version has."""
    near = codes.nearest(activity_id, known)
    return UnknownCodeError(
        f"Got the activity {shorten(activity_id)!r}; expected one of the embedded data or of a version that was kept."
        + (f" Nearest: {', '.join(near)}." if near else " Check its id.")
    )


def conflict(mine: Draft, theirs: Decision | None) -> ConflictError:
    """Return the error that shows both decisions."""
    wanted = f"Yours, {described(mine)}, was not kept."
    if theirs is None:
        return ConflictError(
            f"The decision on {mine.activity_id} that you saw was undone meanwhile. {wanted} Look at the case again.",
            mine,
            None,
        )
    because = f"{described(theirs)}, because: {shorten(theirs.reason, 200)}"
    return ConflictError(
        f"{theirs.author} decided {mine.activity_id} at {theirs.created:%Y-%m-%d %H:%M} UTC: {because} "
        f"{wanted} Read theirs; then keep it, or decide once more.",
        mine,
        theirs,
    )


def described(found: Draft | Decision) -> str:
    """Return where a decision puts its activity, such as ``subnational (LA0101, LA17)``."""
    return f"{found.scope} ({', '.join(found.areas)})" if found.areas else found.scope
