"""Floor 0: what the template says of each column, and its example rows, which are never counted as activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from geo import pack
from geo.fields import Fields

NOTES = "template/notes.csv"
EXAMPLES = "template/examples.csv"


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in a column, in the pack's two languages."""

    column: str
    needed: bool
    note_en: str
    note_lo: str


@cache
def notes() -> tuple[Note, ...]:
    """Return a note for each column, in the order of the template.

    Raises:
        PackError: when the pack lacks the table.
    """
    found = {row["column"]: row for row in pack.rows(NOTES)}
    return tuple(
        Note(str(column), found[column]["needed"] == "yes", found[column]["note_en"], found[column]["note_lo"])
        for column in Fields
    )


@cache
def examples() -> tuple[Mapping[str, str], ...]:
    """Return the example rows as text cells by column.

    Raises:
        PackError: when the pack lacks them.
    """
    return tuple(pack.rows(EXAMPLES))


@cache
def _titles() -> Mapping[str, str]:
    return {row[Fields.ACTIVITY_ID]: row[Fields.TITLE] for row in examples()}


def is_example(cells: Mapping[str, str]) -> bool:
    """Tell whether a row is one of the examples, as it came: with a title of its own it is an activity."""
    title = _titles().get(cells.get(Fields.ACTIVITY_ID, ""))
    return title is not None and title == cells.get(Fields.TITLE)
