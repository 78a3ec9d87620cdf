"""Activities and truth files for the tests of the scope rule."""

from __future__ import annotations

import csv
from pathlib import Path

from geo import intake
from geo.fields import Activity


def activities_from_csv(path: Path) -> list[Activity]:
    """Return the good activities of a file, as intake reads them."""
    return list(intake.read(path.read_bytes(), path.name).activities)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))
