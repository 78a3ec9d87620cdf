"""Floor 2: what a person added to an upload, and how an agency's columns were understood the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from geo import store_rows as rows
from geo.errors import InputError, UnknownCodeError
from geo.repairs import Repair, from_json, to_json
from geo.store_tables import column_maps, mendings, versions
from geo.store_values import MAX_NAME, Received, StoreError, clean

EMBEDDED = 0  # the base of a version that adds to the embedded data


@dataclass(frozen=True, slots=True)
class Mending:
    """What a person said of an upload beside its bytes.

    ``base`` is the version that its activities are added to, 0 the embedded data, None where the file is all there is.
    ``sheet`` is the one of the workbook that was read.  ``columns`` gives our field by heading of the file, "" for "not
    used"; ``repairs`` are made in their order.
    """

    base: int | None = None
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()


def keep(connection: Connection, version_id: int, intake: Received, base: int | None) -> None:
    """Keep what was said of a version; one of which nothing was said has no row.

    Raises:
        UnknownCodeError: when there is no version of the number of the base.
    """
    if base and connection.execute(select(versions.c.id).where(versions.c.id == base)).one_or_none() is None:
        raise UnknownCodeError(f"Got version {base} to add to; expected the number of one that was kept. Look it up.")
    if base is None and not intake.sheet and not intake.mapping and not intake.repairs:
        return
    said: dict[str, Any] = {"columns": dict(intake.mapping), "repairs": to_json(intake.repairs)}
    values = {"base": base, "sheet": intake.sheet, **said}
    connection.execute(insert(mendings).values(version_id=version_id, **values))


def of_version(connection: Connection, version_id: int) -> Mending:
    """Return what was said of a version.

    Raises:
        StoreError: when what was kept cannot be read.
    """
    row = connection.execute(select(mendings).where(mendings.c.version_id == version_id)).one_or_none()
    if row is None:
        return Mending()
    try:
        columns = {str(heading): str(name) for heading, name in row.columns.items()}
        return Mending(row.base, row.sheet, columns, from_json(row.repairs))
    except (InputError, AttributeError) as error:
        raise StoreError(f"The repairs of version {version_id} cannot be read: {error} Restore a backup.") from error


def columns_of(connection: Connection, agency: str) -> dict[str, str]:
    """Return our field by heading, as an agency's columns were understood the last time; "" for "not used"."""
    query = select(column_maps).where(column_maps.c.agency == agency).order_by(column_maps.c.heading)
    return {row.heading: row.field for row in connection.execute(query)}


def remember(connection: Connection, agency: str, mapping: Mapping[str, str], who: str) -> None:
    """Keep how an agency's columns are understood; other headings of theirs stay as they were."""
    agency, column = clean(agency, "agency", MAX_NAME), column_maps.c
    connection.execute(delete(column_maps).where(column.agency == agency, column.heading.in_(list(mapping))))
    values = [{"agency": agency, "heading": heading, "field": field} for heading, field in mapping.items()]
    connection.execute(insert(column_maps), values)
    rows.log(connection, who, "remember columns", f"agency {agency}", dict(mapping))
