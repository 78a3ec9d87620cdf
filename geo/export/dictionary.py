"""Floor 7: the data dictionary: what every column of an export means, its type, its unit and where it comes from.

The texts lie in the pack (``codes/columns.csv``), in the country's languages; a test holds them to the columns.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, fields

from geo import pack
from geo.dataset import Dataset
from geo.filters import Filters

FILE = "codes/columns.csv"
LAYERS = ("activities", "areas")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``layer`` is one of ``LAYERS``; ``unit`` is "" where there is none."""

    layer: str
    column: str
    type: str
    unit: str
    meaning_en: str
    meaning_lo: str
    source: str


def columns(*layers: str) -> tuple[Column, ...]:
    """Return the columns of the layers (none named: of all), in the order in which an export has them.

    Raises:
        PackError: when the pack lacks the dictionary.
    """
    wanted = layers or LAYERS
    names = [item.name for item in fields(Column)]
    rows = (row for layer in wanted for row in pack.rows(FILE) if row["layer"] == layer)
    return tuple(Column(**{name: row[name] for name in names}) for row in rows)


def rows(*layers: str) -> list[dict[str, str]]:
    """Return the columns of the layers as plain texts by name.

    Raises:
        PackError: when the pack lacks the dictionary.
    """
    return [asdict(column) for column in columns(*layers)]


def render(dataset: Dataset, filters: Filters) -> bytes:
    """Return the dictionary as CSV, the same for every selection.

    Raises:
        PackError: when the pack lacks the dictionary.
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [item.name for item in fields(Column)], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows())
    return out.getvalue().encode("utf-8-sig")
