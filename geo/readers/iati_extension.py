"""Floor 1: the element of ours in which an IATI file of ours keeps what the standard has no place for.

``<cell name="start_date" instead-of="2022-01-01">2022</cell>`` says that the column was 2022 where IATI had to write a
day.  It holds only as long as the standard's own elements still read as ``instead-of``: who corrects those is heard.
Other tools pass over elements of another namespace, as the standard asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo.fields import Fields

NAMESPACE = "urn:sdg-activity-map:1"
PREFIX = "map"
ROW, CELL = f"{{{NAMESPACE}}}as-registered", f"{{{NAMESPACE}}}cell"
NAME, INSTEAD = "name", "instead-of"
_COLUMNS = frozenset(map(str, Fields)) - {str(Fields.ACTIVITY_ID)}


def apply(activity: Any, cells: dict[str, str]) -> None:
    """Put the cells of our own element in place of those that the standard's elements gave."""
    for row in activity.iterchildren(ROW):
        native = dict(cells)
        for one in row.iterchildren(CELL):
            name = one.get(NAME)
            if name in _COLUMNS and native[name] == (one.get(INSTEAD) or ""):
                cells[name] = one.text or ""


def differences(native: Mapping[str, str], wanted: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Return (column, text that the standard's elements give, text wanted) wherever the two differ."""
    return [
        (str(name), native.get(name, ""), wanted.get(name, ""))
        for name in Fields
        if name in _COLUMNS and native.get(name, "") != wanted.get(name, "")
    ]
