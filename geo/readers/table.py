"""Floor 1: rows of text cells -> a raw table: finds the header, keeps what fits under it, tells what does not."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from geo import notation
from geo.errors import InputError, Problem
from geo.readers import RawRow, RawTable

Record = tuple[int, Sequence[str]]  # the row as a person counts it, and its cells
Header = Callable[[Sequence[Record]], int]
HEAD_ROWS = 25  # filled rows among which the header stands
FEW_ROWS = 20_000  # that are kept
MAX_ROWS = 2_000_000
MAX_COLUMNS = 16_384  # as many as a sheet has; with half a million different ones a file took minutes


def first_filled(records: Sequence[Record]) -> int:
    """Return the position of the header when nothing is known of it: the first row with content."""
    return 0


class Rows(Sequence[RawRow]):
    """Rows that are made anew each time that one goes through them, so that a million of them take no memory."""

    def __init__(self, source: Callable[[], Iterator[RawRow]], count: int) -> None:
        self._source = source
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[RawRow]:
        return self._source()

    @overload
    def __getitem__(self, at: int) -> RawRow: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[RawRow, ...]: ...

    def __getitem__(self, at: int | slice) -> RawRow | tuple[RawRow, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        place = at if at >= 0 else at + self._count
        if not 0 <= place < self._count:
            raise IndexError(at)
        return next(itertools.islice(self, place, None))


def each(rows: Sequence[RawRow], change: Callable[[RawRow], RawRow]) -> Sequence[RawRow]:
    """Return the rows, each changed; at once, or when they are gone through where they are made anew."""
    return Rows(lambda: map(change, rows), len(rows)) if isinstance(rows, Rows) else tuple(map(change, rows))


def build(
    records: Callable[[], Iterable[Record]],
    kind: str,
    encoding: str,
    name: str,
    *,
    sheet: str = "",
    header: Header = first_filled,
    text: Callable[[str], str] = str.strip,
) -> RawTable:
    """Return the table of ``records``; ``header`` finds its row among the first filled ones, ``text`` cleans a cell.

    Many rows are gone through once here, for their number and their problems, and made anew for each reader.

    Raises:
        InputError: when no row is filled, or there are too many rows or columns.
    """
    head = list(itertools.islice(_filled(records()), HEAD_ROWS))
    if not head:
        raise InputError(f"{name or 'The file'} is empty. Expected a header row and one row for each activity.")
    at = header(head)
    columns = _columns(head[at][1])
    if len(columns) > MAX_COLUMNS:
        raise InputError(
            f"{name or 'The file'} has {len(columns):,} columns; expected at most {MAX_COLUMNS:,}. "
            "Keep those of the template, and look whether its delimiter is right."
        )
    body = _Body(records, at + 1, tuple(columns), text)
    rows_read, too_many, problems = body.looked_through(name)
    count = rows_read - too_many
    rows = Rows(body.rows, count) if count > FEW_ROWS else tuple(body.rows())
    named = tuple(dict.fromkeys(column for column in columns if column))
    found = (*header_problems(columns, head[at][0]), *problems)
    return RawTable(named, rows, kind, encoding, sheet, rows_read, found, named, header=head[at][0])


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows under the header: ``start`` filled ones stand before them; a column without a name is ""."""

    records: Callable[[], Iterable[Record]]
    start: int
    columns: tuple[str, ...]
    text: Callable[[str], str]

    def _each(self) -> Iterator[Record]:
        return itertools.islice(_filled(self.records()), self.start, None)

    def looked_through(self, name: str) -> tuple[int, int, list[Problem]]:
        """Return the number of rows, how many of them are too long, and the problems of both kinds.

        Raises:
            InputError: when there are too many rows.
        """
        problems: list[Problem] = []
        unnamed: dict[int, int] = {}
        blank = [place for place, column in enumerate(self.columns) if not column]
        width, rows_read, too_many = len(self.columns), 0, 0
        for number, cells in self._each():
            rows_read += 1
            if rows_read > MAX_ROWS:
                raise InputError(
                    f"{name or 'The file'} has more than {MAX_ROWS:,} rows. Split it and upload the parts."
                )
            if len(cells) > width and any(map(str.strip, cells[width:])):
                too_many += 1
                problems += _beyond(number, cells, width)
            for place in blank:
                if place < len(cells) and cells[place].strip():
                    unnamed.setdefault(place, number)
        return rows_read, too_many, problems + [_unnamed(place, number) for place, number in unnamed.items()]

    def rows(self) -> Iterator[RawRow]:
        """Make the rows that are not too long."""
        first = {column: self.columns.index(column) for column in self.columns if column}
        width, text = len(self.columns), self.text
        for number, cells in self._each():
            have = len(cells)
            if have <= width or not any(map(str.strip, cells[width:])):
                yield RawRow(number, {key: text(cells[i]) if i < have and cells[i] else "" for key, i in first.items()})


def _filled(records: Iterable[Record]) -> Iterator[Record]:
    return ((number, cells) for number, cells in records if any(map(str.strip, cells)))


def _columns(titles: Sequence[str]) -> list[str]:
    """Return the header's names without the empty ones at the end."""
    columns = [" ".join(title.split()) for title in titles]
    while columns and not columns[-1]:
        columns.pop()
    return columns


def _unnamed(place: int, row: int) -> Problem:
    fix = "Name the column in the header, or remove what stands in it."
    return Problem("unnamed_column", row, "", f"column {place + 1}", "a name for each column with content", fix)


def header_problems(columns: Sequence[str], row: int) -> list[Problem]:
    """Return a problem for each column whose name another has before it."""
    fix = "Rename or remove one of the two; the first was used."
    seen: set[str] = set()
    problems = []
    for column in columns:
        if column and column in seen:
            problems.append(Problem("duplicate_column", row, column, column, "each column once", fix))
        seen.add(column)
    return problems


def _beyond(row: int, cells: Sequence[str], width: int) -> list[Problem]:
    """Return the problems of a row with content beyond the last column; an old font has commas inside its words."""
    extra = " | ".join(cell for cell in cells[width:] if cell.strip())
    fix = "Quote cells that contain the delimiter, or remove what stands beyond the last column."
    found = [Problem("row_too_long", row, "", extra, f"{width} cells, got {len(cells)}", fix, "error")]
    text = ",".join(cells)
    if notation.old_font(text):
        expected, fix = "text in Unicode, not in a font of its own", "Convert the file to Unicode and upload it again."
        found.append(Problem("old_font", row, "", text, expected, fix))
    return found
