"""Floor 2: what people add to the data: uploads as versions, decisions on single activities, and who did what.

SQLite in one file by default, PostgreSQL by ``DATABASE_URL``.  Every write is one transaction that also writes its row
of the audit trail and changes ``stamp``.  Nothing is ever removed: a decision is undone, a version replaced.
"""

from __future__ import annotations

import atexit
import os
from functools import lru_cache
from pathlib import Path

from geo.errors import GeoError
from geo.store_backup import Backup
from geo.store_boundaries import BoundaryVersion, BoundaryVersions
from geo.store_database import Database, parse
from geo.store_decisions import embedded_file
from geo.store_keeper import EMPTY, Store
from geo.store_mending import Mending
from geo.store_people import first_admins
from geo.store_report import StoreReport
from geo.store_values import (
    MAX_NAME,
    MAX_REASON,
    ROLES,
    SCOPES,
    AuditEntry,
    ConflictError,
    Decision,
    DecisionError,
    Draft,
    Person,
    ReadOnlyError,
    Received,
    Role,
    StoreError,
    Version,
    public_name,
    signed,
)

__all__ = [
    "EMPTY",
    "MAX_NAME",
    "MAX_REASON",
    "ROLES",
    "SCOPES",
    "AuditEntry",
    "Backup",
    "BoundaryVersion",
    "BoundaryVersions",
    "ConflictError",
    "Decision",
    "DecisionError",
    "Draft",
    "Mending",
    "Person",
    "ReadOnlyError",
    "Received",
    "Role",
    "Store",
    "StoreError",
    "StoreReport",
    "Version",
    "default_address",
    "embedded_file",
    "first_admins",
    "open_store",
    "public_name",
    "shared_store",
    "signed",
    "staff",
]
DEFAULT_FILE = Path(__file__).resolve().parent.parent / "var" / "lao_sdg_map.sqlite3"
STAFF_ROLES = ("", "staff")  # of ``APP_ROLE``; in any other the store is only read


def default_address() -> str:
    """Return ``DATABASE_URL``; else the SQLite file of ``LAO_SDG_STORE``, or ``var/lao_sdg_map.sqlite3``."""
    file = os.environ.get("LAO_SDG_STORE", "") or str(DEFAULT_FILE)
    return os.environ.get("DATABASE_URL", "") or f"sqlite:///{file}"


def staff() -> bool:
    """Tell whether this process may write: a local one or that of the staff, by ``APP_ROLE``."""
    return os.environ.get("APP_ROLE", "") in STAFF_ROLES


def open_store(url: str | None = None, *, read_only: bool | None = None) -> Store:
    """Open the store at ``url``, else at ``default_address()``; an existing one is brought to the newest shape.

    ``read_only`` is by default true in the public process (``APP_ROLE=public``).  A store that is not there is empty
    until the first write makes it.

    Raises:
        StoreError: when the address is none, or the store there cannot be read or is newer than this program.
    """
    only = not staff() if read_only is None else read_only
    store = Store(Database(parse(url or default_address()), read_only=only))
    try:
        store.stamp()
    except GeoError:
        store.close()
        raise
    return store


def shared_store() -> Store:
    """Return this process' store at the default address, opened once.

    Raises:
        StoreError: as ``open_store``.
    """
    return _shared(default_address(), not staff())


@lru_cache(maxsize=4)
def _shared(address: str, read_only: bool) -> Store:
    store = open_store(address, read_only=read_only)
    atexit.register(store.close)
    return store
