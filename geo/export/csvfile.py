"""Floor 7: a selection as CSV (RFC 4180, UTF-8 with a byte order mark so that Excel reads Lao)."""

from __future__ import annotations

import csv
import io

from geo import filters, tables
from geo.dataset import Dataset
from geo.fields import COMPUTED, Fields, guard
from geo.filters import Filters


def activities(dataset: Dataset, found: Filters) -> bytes:
    """Return the activities that the filters keep: the template's columns, then what the rule made of each.

    Cells that a spreadsheet would run as a formula begin with an apostrophe, which the reader takes off again.
    """
    columns = [*map(str, Fields), *COMPUTED]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in filters.apply(dataset, found).nonzero()[0]:
        texts = cells(dataset, int(row))
        writer.writerow([guard(texts[column]) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def cells(dataset: Dataset, row: int) -> dict[str, str]:
    """Return an activity's cells by column, as a reader gives them, and what the rule made of it."""
    plain = tables.plain(dataset.activities[row])
    now, before = dataset.corrected.decisions[row], dataset.registered.decisions[row]
    found = {key: _text(value) for key, value in plain.items()}
    found[Fields.BUDGET_USD] = found.pop("budget")
    found["currency"] = plain["currency"] or ""
    return found | {
        "scope": now.scope,
        "areas": ";".join(now.areas),
        "scope_confidence": now.confidence,
        "registered_scope": before.scope,
        "registered_areas": ";".join(before.areas),
    }


def _text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)
