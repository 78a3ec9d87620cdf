"""Floor 0: the one vocabulary of columns, and the row that everything counts."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from geo.money import Money


class Fields(StrEnum):
    """Columns of the activities table, as in the template and in every export."""

    ACTIVITY_ID = "activity_id"
    TITLE = "title"
    SUMMARY = "summary"
    SDGS = "sdgs"
    SDG_BASIS = "sdg_basis"
    SDG_TARGETS = "sdg_targets"
    AGENCIES = "agencies"
    IMPLEMENTING_PARTNERS = "implementing_partners"
    DONORS = "donors"
    LOCATIONS = "locations_as_published"
    SCOPE_AS_PUBLISHED = "scope_as_published"
    STATUS = "status"
    START_DATE = "start_date"
    END_DATE = "end_date"
    BUDGET_USD = "budget_usd"
    BUDGET_BASIS = "budget_basis"
    PEOPLE_REACHED = "people_reached"
    SOURCE_TITLE = "source_title"
    SOURCE_URL = "source_url"
    SOURCE_DATE = "source_date"
    CURRENCY = "currency"
    POINTS = "points"
    GEOGRAPHY = "iati_geography"


# Columns that a file may lack without a word: the currency is then US dollars, and nothing is known of points or codes.
OPTIONAL = (Fields.CURRENCY, Fields.POINTS, Fields.GEOGRAPHY)
# Columns whose cells hold several values, with ";" between them.
LISTS = (
    Fields.SDGS,
    Fields.SDG_TARGETS,
    Fields.AGENCIES,
    Fields.IMPLEMENTING_PARTNERS,
    Fields.DONORS,
    Fields.LOCATIONS,
    Fields.POINTS,
    Fields.GEOGRAPHY,
)
# Columns that an export adds and a reader passes over: what the scope rule made of the row.
COMPUTED = ("scope", "areas", "scope_confidence", "registered_scope", "registered_areas")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what spreadsheets run (OWASP, CSV injection), guarded or not
GUARD = "'"


def guard(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; ``unguard`` takes the apostrophe off again."""
    return f"{GUARD}{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return a cell as it was before ``guard``."""
    return cell[1:] if cell.startswith(GUARD) and _FORMULA.match(cell) else cell


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as its source: ``2015``, ``2015-06`` or ``2015-06-30`` (ISO 8601).

    ``first`` and ``last`` are the first and the last day that the text can mean.
    """

    text: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read an ISO 8601 year, month or day.

        Raises:
            ValueError: when ``text`` is none of the three, or a day that the calendar lacks.
        """
        found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
        if not found:
            raise ValueError(f"{text!r} is not a date as YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        if month is None:
            return cls(text.strip(), date(year, 1, 1), date(year, 12, 31))
        if day is None:
            last = calendar.monthrange(year, month)[1]
            return cls(text.strip(), date(year, month, 1), date(year, month, last))
        return cls(text.strip(), date(year, month, day), date(year, month, day))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Activity:
    """One project, programme or component, typed and checked; the row that everything counts.

    ``goals`` are numbers of ``data/codes/goals.csv`` in rising order; ``agencies`` are codes of
    ``data/codes/agencies.csv`` with the lead first; ``places`` are locations exactly as the source spells them;
    ``status`` is an IATI ActivityStatus code or "" when unknown; ``row`` is the row of the file it came from;
    ``iati`` are (element, code) pairs on geography, such as ("activity-scope", "4"); ``geo/scope_publisher.py``
    lists them; ``points`` are (latitude, longitude) in degrees, WGS 84.
    """

    activity_id: str
    title: str
    summary: str = ""
    goals: tuple[int, ...] = ()
    goal_basis: str = ""
    targets: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    implementers: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    scope_as_published: str = ""
    status: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None
    budget: Money | None = None
    budget_basis: str = ""
    people_reached: int | None = None
    source_title: str = ""
    source_url: str = ""
    source_date: str = ""
    row: int = 0
    iati: tuple[tuple[str, str], ...] = ()
    points: tuple[tuple[float, float], ...] = ()
