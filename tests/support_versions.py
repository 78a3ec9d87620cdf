"""A second version of the embedded data, changed in known places."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from geo import intake, store
from geo.intake import Intake

Rows = list[dict[str, str]]
NEW_ID = "a-new-one"


def changed(change: Callable[[Rows], Rows]) -> tuple[bytes, Intake]:
    """Return the embedded file after a change of its rows, and what intake makes of it."""
    text = store.embedded_file().read_text(encoding="utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = change(list(reader))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, reader.fieldnames or [])
    writer.writeheader()
    writer.writerows(rows)
    data = out.getvalue().encode()
    return data, intake.read(data, "second.csv")


def second(rows: Rows) -> Rows:
    """Return the rows without the last, with another title of the first and a new one that is nationwide."""
    first = {**rows[0], "title": "Another title"}
    new = {**rows[0], "activity_id": NEW_ID, "title": "A new one", "locations_as_published": "Nationwide"}
    return [first, *rows[1:-1], new]
