"""Floor 7: the fields of one activity as UN INFO asks for them, ready to paste, with the place as the map has it."""

from __future__ import annotations

from functools import cache

from geo import codes, gazetteer, pack
from geo.dataset import Dataset
from geo.fields import Fields
from geo.readers.uninfo import KIND

COLUMNS = (
    Fields.ACTIVITY_ID,
    Fields.TITLE,
    Fields.SDGS,
    Fields.SDG_TARGETS,
    Fields.AGENCIES,
    Fields.IMPLEMENTING_PARTNERS,
    Fields.DONORS,
    Fields.LOCATIONS,
    Fields.STATUS,
    Fields.START_DATE,
    Fields.END_DATE,
)


@cache
def headings() -> tuple[str, ...]:
    """Return UN INFO's heading of each of ``COLUMNS``.

    Raises:
        PackError: when the pack lacks the table of headings.
    """
    found = {
        row["field"]: row["headings"].split("|")[0]
        for row in pack.rows("codes/column_aliases.csv")
        if row["kind"] == KIND
    }
    return tuple(found[str(column)] for column in COLUMNS)


def fields(data: Dataset, row: int) -> tuple[str, ...]:
    """Return the values of ``COLUMNS`` for an activity; "" where nothing is known."""
    one, decision = data.activities[row], data.corrected.decisions[row]
    where = {"nationwide": gazetteer.names(pack.settings().pcode).name_en, "unlocated": ""}
    named = "; ".join(map(gazetteer.label, decision.areas))
    return (
        one.activity_id,
        one.title,
        "; ".join(map(str, one.goals)),
        "; ".join(one.targets),
        "; ".join(one.agencies),
        "; ".join(one.implementers),
        "; ".join(one.donors),
        where.get(decision.scope, named),
        codes.status(one.status).name_en if one.status else "",
        str(one.start or ""),
        str(one.end or ""),
    )
