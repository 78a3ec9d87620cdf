"""Floor 2: rows of the store's tables to values and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert

from geo.errors import Problem
from geo.store_tables import audit
from geo.store_values import AuditEntry, Decision, Person, Version


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def shown(moment: datetime) -> str:
    """Return a moment as messages show it, such as ``2026-11-23 18:30 UTC``."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def decision(row: Row[*tuple[Any, ...]]) -> Decision:
    """Return a row of ``decisions`` as its value."""
    found = row._mapping
    return Decision(**{**found, "areas": tuple(found["areas"])})


def version(row: Row[*tuple[Any, ...]]) -> Version:
    """Return a row of ``versions`` as its value."""
    return Version(**row._mapping)


def person(row: Row[*tuple[Any, ...]]) -> Person:
    """Return a row of ``people`` as its value."""
    return Person(**row._mapping)


def entry(row: Row[*tuple[Any, ...]]) -> AuditEntry:
    """Return a row of ``audit`` as its value."""
    return AuditEntry(**row._mapping)


def log(connection: Connection, who: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Write a row of the audit trail in the transaction of what it tells of."""
    values = {"at": now(), "who": who, "action": action, "subject": subject, "detail": dict(detail)}
    connection.execute(insert(audit).values(**values))


def problem_values(version_id: int, position: int, found: Problem) -> dict[str, Any]:
    """Return a problem as a row of ``problems``."""
    return {
        "version_id": version_id,
        "position": position,
        "kind": found.kind,
        "row_number": found.row,
        "column_name": found.column,
        "value": found.value,
        "expected": found.expected,
        "fix": found.fix,
        "severity": found.severity,
        "candidates": list(found.candidates),
        "file": found.file,
        "sheet": found.sheet,
    }


def problem(row: Row[*tuple[Any, ...]]) -> Problem:
    """Return a row of ``problems`` as its value."""
    found = row._mapping
    return Problem(
        found["kind"],
        found["row_number"],
        found["column_name"],
        found["value"],
        found["expected"],
        found["fix"],
        found["severity"],
        tuple(found["candidates"]),
        found["file"],
        found["sheet"],
    )
