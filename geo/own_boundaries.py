"""Floor 4: the boundaries that a process draws: the version that the store publishes, else the pack's."""

from __future__ import annotations

from geo import boundaries, boundary_file, boundary_report, store
from geo.boundaries import Source
from geo.boundary_file import UserFile
from geo.store import BoundaryVersion, Store


def install(kept: Store | None = None) -> BoundaryVersion | None:
    """Make this process draw the published version, and return it; call it before anything is drawn.

    Raises:
        BoundaryError: when the version can no longer stand for the country, such as with another pack.
        StoreError: when the store cannot be read, or the version's bytes are damaged.
    """
    where = kept or store.shared_store()
    version = where.boundaries.current()
    if version is None:
        boundaries.use(None)
    else:
        name = f"boundaries {version.id} ({version.file_name})"
        boundaries.use(Source(where.boundaries.districts(version.id), name, version.credit))
    return version


def keep(found: UserFile, data: bytes, name: str, author: str, credit: str, note: str = "") -> BoundaryVersion:
    """Keep a file that was checked as a new version in this process' store; nobody sees it before it is published.

    Raises:
        BoundaryError: when the file has provinces alone, or its districts cannot be drawn as they are.
        DecisionError: when author or credit are missing.
        StoreError: when the store cannot be written.
    """
    districts = boundary_report.canonical(found)
    boundary_file.read_user_file(districts, name)  # what will be drawn is what is checked
    kept = store.shared_store().boundaries
    return kept.add(data, districts, name=name, kind=found.kind, author=author, credit=credit, note=note)
