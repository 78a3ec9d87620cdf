"""Floor 1: raw cells -> typed values and problems.  Nothing is guessed: what is not clear is left out and asked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from geo import checks_cells, codes, notation
from geo.checks_cells import Cell
from geo.errors import Problem
from geo.fields import Activity, Fields
from geo.money import CURRENCY, Money

REQUIRED = (Fields.ACTIVITY_ID, Fields.TITLE)
MAX_TEXT = 20_000  # characters; a cell longer than this is a paste accident
PROSE = (str(Fields.TITLE), str(Fields.SUMMARY))  # where lost letters and old fonts show

LOST = "\ufffd"  # what programs write for a letter that they cannot read

BUDGET_BASES = checks_cells.BUDGET_BASES
SCOPES = checks_cells.SCOPES

_COLUMNS = tuple(map(str, Fields))


def check_row(row: int, cells: Mapping[str, str]) -> tuple[Activity | None, tuple[Problem, ...]]:
    """Turn one row's cells into an activity; None when the row must be rejected, with the reason among the problems."""
    texts = {column: text for column in _COLUMNS if (text := cells.get(column, "").strip())}
    fatal = [
        checks_cells.problem("missing_value", column, "", "a value", "Fill in this cell.", severity="error")
        for column in REQUIRED
        if column not in texts
    ]
    if max(map(len, texts.values()), default=0) > MAX_TEXT:
        fatal += [_too_long(column, text) for column, text in texts.items() if len(text) > MAX_TEXT]
    if fatal:
        return None, tuple(replace(problem, row=row) for problem in fatal)
    found: list[Problem] = []
    activity = _activity(row, texts, found)
    return activity, tuple(replace(problem, row=row) for problem in found) if found else ()


def _too_long(column: str, text: str) -> Problem:
    fix = "Shorten the cell; another column or row may have been pasted into it."
    return checks_cells.problem(
        "cell_too_long", column, text, f"at most {MAX_TEXT:,} characters", fix, severity="error"
    )


# Each typed field of an activity: its name, its column, what reads the column's cells, and what an empty one is.
_READERS: tuple[tuple[str, str, Callable[[str], Cell[Any]], Any], ...] = (
    ("agencies", str(Fields.AGENCIES), checks_cells.agencies, ()),
    ("implementers", str(Fields.IMPLEMENTING_PARTNERS), checks_cells.implementers, ()),
    ("donors", str(Fields.DONORS), checks_cells.donors, ()),
    ("places", str(Fields.LOCATIONS), checks_cells.places, ()),
    ("scope_as_published", str(Fields.SCOPE_AS_PUBLISHED), checks_cells.scope, ""),
    ("status", str(Fields.STATUS), checks_cells.status, ""),
    ("start", str(Fields.START_DATE), checks_cells.start, None),
    ("end", str(Fields.END_DATE), checks_cells.end, None),
    ("budget_basis", str(Fields.BUDGET_BASIS), checks_cells.basis, ""),
    ("people_reached", str(Fields.PEOPLE_REACHED), checks_cells.people, None),
    ("source_url", str(Fields.SOURCE_URL), checks_cells.url, ""),
    ("iati", str(Fields.GEOGRAPHY), checks_cells.geography, ()),
    ("points", str(Fields.POINTS), checks_cells.points, ()),
)
# Few of a million rows differ in these: each text is kept once.
_REPEATED = (
    ("goal_basis", str(Fields.SDG_BASIS)),
    ("source_title", str(Fields.SOURCE_TITLE)),
    ("source_date", str(Fields.SOURCE_DATE)),
)


def _activity(row: int, texts: Mapping[str, str], found: list[Problem]) -> Activity:
    for column in PROSE:
        if text := texts.get(column):
            found += _damage(column, text)
    values: dict[str, Any] = {name: sys.intern(texts.get(column, "")) for name, column in _REPEATED}
    goals, targets = _aims(texts.get(Fields.SDGS, ""), texts.get(Fields.SDG_TARGETS, ""), found)
    for name, column, reader, empty in _READERS:
        text = texts.get(column)
        if text is None:
            values[name] = empty
            continue
        cell = reader(text)
        values[name] = cell.value
        if cell.problems:
            found += cell.problems
    start, end = values["start"], values["end"]
    if start and end and end.last < start.first:
        expected, fix = f"an end not before the start {start}", "Check both dates."
        found.append(checks_cells.problem("dates_reversed", Fields.END_DATE, str(end), expected, fix))
    return Activity(
        activity_id=texts[Fields.ACTIVITY_ID],
        title=texts[Fields.TITLE],
        summary=texts.get(Fields.SUMMARY, ""),
        goals=goals,
        targets=targets,
        budget=_budget(texts, found),
        row=row,
        **values,
    )


def _aims(sdgs: str, named: str, found: list[Problem]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return goals and targets; targets among the goals count, and name the goals where no goal is named."""
    goals = checks_cells.goals(sdgs)
    targets = checks_cells.targets(named)
    found += (*goals.problems, *targets.problems)
    if not goals.value.targets and (goals.value.goals or not targets.value):
        return goals.value.goals, targets.value
    both = tuple(dict.fromkeys((*targets.value, *goals.value.targets)))
    return goals.value.goals or tuple(sorted({codes.targets()[target] for target in both})), both


def _damage(column: str, text: str) -> list[Problem]:
    """Return what shows that letters are not those that were written."""
    if LOST in text:
        expected, fix = "letters", "A program could not read some letters and replaced them; type them again."
        return [checks_cells.problem("lost_letters", column, text, expected, fix)]
    if not notation.old_font(text):
        return []
    expected = "text in Unicode, not in a font of its own"
    fix = "Convert it to Unicode, or type it again; it is kept as it stands."
    return [checks_cells.problem("old_font", column, text, expected, fix)]


# ---- money


def _budget(texts: Mapping[str, str], found: list[Problem]) -> Money | None:
    """Return the budget; one in another currency than US dollars is kept, and said to be outside all totals."""
    cell = checks_cells.amount(texts.get(Fields.BUDGET_USD, ""))
    found += cell.problems
    amount = cell.value
    if amount is None:
        return None
    stated = texts.get(Fields.CURRENCY, "").upper()
    currency = amount.currency or stated or CURRENCY
    if currency == CURRENCY and stated in ("", CURRENCY):
        return Money(amount.number)
    if not re.fullmatch(r"[A-Z]{3}", currency):
        fix = "Write the three letters of ISO 4217, such as USD or EUR; the budget is left out."
        found.append(checks_cells.problem("bad_currency", Fields.CURRENCY, currency, "a currency's code", fix))
        return None
    if stated and stated != currency:
        fix = "Say which of the two it is; the budget is left out."
        expected, both = f"the currency of the amount, {currency}", (currency, stated)
        found.append(checks_cells.problem("bad_currency", Fields.CURRENCY, stated, expected, fix, candidates=both))
        return None
    fix = "It is kept and shown, and no exchange rate is assumed. State it in US dollars to have it in the totals."
    found.append(checks_cells.problem("other_currency", Fields.CURRENCY, currency, f"a budget in {CURRENCY}", fix))
    return Money(amount.number, currency)
