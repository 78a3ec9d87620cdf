"""Floor 0: the errors and the problems that people read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


class GeoError(Exception):
    """Base of every error that this package raises on purpose; pages and the CLI catch this alone."""


class InputError(GeoError, ValueError):
    """An input as a whole cannot be used: what was got, what was expected, what to do next."""


class UnknownCodeError(GeoError, LookupError):
    """A code, name or id that no table of ours holds."""


class BoundaryError(GeoError, ValueError):
    """A boundary file that cannot stand for the country's administrative units."""


class PackError(GeoError, ValueError):
    """A file of the country pack in ``data/`` is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in an input.

    ``row`` is the row as a spreadsheet shows it (the header is row 1; 0 is the file as a whole).
    ``severity`` "error" means that the row was rejected; "warning" that the row was kept and the value left out
    or asked for.  ``kind`` is a stable word to group by, such as ``unknown_goal``.
    """

    kind: str
    row: int
    column: str
    value: str
    expected: str
    fix: str
    severity: Severity = "warning"
    candidates: tuple[str, ...] = ()
    file: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        place = f"row {self.row}, {self.column}" if self.column else f"row {self.row}"
        if self.row == 0:
            place = self.column or "file"
        where = ", ".join(part for part in (self.file, self.sheet, place) if part)
        nearest = f" Nearest: {', '.join(self.candidates)}." if self.candidates else ""
        return f"{where}: got {shorten(self.value)!r}; expected {self.expected}.{nearest} {self.fix}"


def shorten(text: str, limit: int = 80) -> str:
    """Return ``text`` cut to ``limit`` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
