"""Floor 7: the problems of a file as a list that its sender can work through: CSV, or a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from geo import i18n, pack, problem_words
from geo.errors import Problem
from geo.export import sheets
from geo.export.sheets import Sheet

WIDTHS = (24, 14, 8, 22, 20, 36, 36, 30, 44)


def head(language: str) -> tuple[str, ...]:
    """Return the titles of the columns."""
    _ = i18n.translator(language)
    return (
        _("File"),
        _("Sheet"),
        _("Row"),
        _("Column"),
        _("Kind"),
        _("Got"),
        _("Expected"),
        _("Nearest"),
        _("What to do"),
    )


def rows(found: Iterable[Problem], language: str) -> tuple[tuple[str | int, ...], ...]:
    """Return a row for each problem, in their order."""
    _ = i18n.translator(language)
    return tuple(
        (
            problem.file,
            problem.sheet,
            problem.row,
            problem.column,
            problem_words.problem_kind(problem.kind, language),
            problem.value,
            _(problem.expected),
            "; ".join(problem.candidates),
            _(problem.fix),
        )
        for problem in found
    )


def render(found: Iterable[Problem], kind: str, language: str) -> bytes:
    """Return the problems as a file; ``kind`` is "csv" or "xlsx"."""
    if kind == "csv":
        return sheets.as_csv(head(language), rows(found, language))
    _ = i18n.translator(language)
    sheet = Sheet(_("Problems"), "", head(language), rows(found, language), WIDTHS)
    return sheets.workbook([sheet], _("Problems"), pack.settings().data["date"])
