"""Floor 1: bytes -> raw text cells with their sheet and row, one reader for each kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.errors import Problem


@dataclass(frozen=True, slots=True)
class RawRow:
    """Text cells of one row by column; ``row`` is the row that a spreadsheet shows (the header is row 1)."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class RawTable:
    """What a reader found: the columns in order, the rows, and how the file was understood.

    ``rows`` may be read anew each time that one goes through it.  ``headings`` are the columns as the file spells
    them, in the order of ``columns``; ``sheets`` are the sheets of the workbook, of which ``sheet`` was read.
    """

    columns: tuple[str, ...]
    rows: Sequence[RawRow]
    kind: str
    encoding: str
    sheet: str = ""
    rows_read: int = 0  # rows with any content below the header, the rejected ones among them
    problems: tuple[Problem, ...] = field(default=())
    headings: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    header: int = 1  # the row of the headings
