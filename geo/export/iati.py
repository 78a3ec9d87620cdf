"""Floor 7: a selection as IATI activities, version 2.03.

The standard's own elements say what the map says after the rule (corrected).  What its publisher registered, and what
the standard has no place for, stands in an element of our own namespace at the end of each activity, which other tools
pass over; ``geo/readers/iati_extension.py`` reads it back, so that export then import gives the same activities.
Two things cannot be held: characters that XML forbids, and an empty selection (a valid file has an activity).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from lxml import etree

from geo import active, codes, filters, gazetteer, pack, scope
from geo.dataset import Dataset
from geo.errors import InputError, UnknownCodeError
from geo.export import csvfile
from geo.export.iati_where import LANG, add, add_locations, add_scope, add_tags, clean, tell
from geo.fields import Activity, Fields, PartialDate
from geo.filters import Filters
from geo.money import CURRENCY
from geo.readers import iati_activity, iati_extension
from geo.readers.iati_extension import CELL, INSTEAD, NAME, NAMESPACE, PREFIX, ROW

VERSION, LANGUAGE = "2.03", "en"
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"  # OrganisationRole
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"  # ActivityDateType
GENERAL, OTHER = "1", "4"  # DescriptionType
WEB_PAGE = "A12"  # DocumentCategory: activity web page
# Columns that the standard's elements cannot give back as they were: they travel in our own element.
CARRIED = (
    Fields.SDG_BASIS,
    Fields.LOCATIONS,
    Fields.SCOPE_AS_PUBLISHED,
    Fields.START_DATE,
    Fields.END_DATE,
    Fields.BUDGET_USD,
    Fields.BUDGET_BASIS,
    Fields.CURRENCY,
    Fields.PEOPLE_REACHED,
    Fields.SOURCE_TITLE,
    Fields.SOURCE_URL,
    Fields.SOURCE_DATE,
    Fields.POINTS,
    Fields.GEOGRAPHY,
)


def render(data: Dataset, found: Filters) -> bytes:
    """Return the activities that the filters keep as an IATI file.  Same view, same bytes.

    Raises:
        InputError: when the data's date is none.
    """
    when = _day(data)
    root = etree.Element("iati-activities", nsmap={PREFIX: NAMESPACE})
    root.set("version", VERSION)
    root.set("generated-datetime", f"{when.isoformat()}T00:00:00Z")
    for row in filters.apply(data, found).nonzero()[0]:
        _activity(root, data, int(row), when)
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return text


def _day(data: Dataset) -> date:
    try:
        return date.fromisoformat(data.published[:10])
    except ValueError as error:
        raise InputError(f"The data's date is {data.published!r}; expected one such as 2026-11-23.") from error


def _activity(root: Any, data: Dataset, row: int, when: date) -> None:
    activity, decision = data.activities[row], data.corrected.decisions[row]
    element = add(root, "iati-activity", default_currency=CURRENCY)
    element.set(LANG, LANGUAGE)
    if len(activity.source_date) == len("2026-11-23"):
        element.set("last-updated-datetime", f"{activity.source_date}T00:00:00Z")
    add(element, "iati-identifier", activity.activity_id)
    _reporter(element)
    tell(add(element, "title"), activity.title)
    _descriptions(element, data, row)
    _organisations(element, activity)
    add(element, "activity-status", code=activity.status)
    _dates(element, activity, when)
    add_scope(element, decision)
    add(element, "recipient-country", code=pack.settings().pcode, percentage="100")
    add_locations(element, decision)
    add_tags(element, activity)
    _budget(element, activity, when)
    _document(element, activity)
    _as_registered(element, csvfile.cells(data, row))


def _reporter(element: Any) -> None:
    """Say who tells: a secondary reporter, for the activities are others' work."""
    ours = pack.settings().iati
    found = add(element, "reporting-org", ref=ours.reporter_ref, type=ours.reporter_type, secondary_reporter="1")
    tell(found, ours.reporter)


def _descriptions(element: Any, data: Dataset, row: int) -> None:
    activity = data.activities[row]
    if activity.summary:
        tell(add(element, "description", type=GENERAL), activity.summary)
    now, before = data.corrected.decisions[row], data.registered.decisions[row]
    lines = (
        f"Places as published: {'; '.join(activity.places) or 'none'}.",
        f"On the map as registered: {_where(before)}.",
        f"On the map as corrected: {_where(now)} (confidence: {now.confidence}). {scope.because(now)}",
    )
    tell(add(element, "description", type=OTHER), "\n".join(lines))


def _where(decision: scope.ScopeDecision) -> str:
    named = (f"{gazetteer.names(code).name_en} ({code})" for code in decision.areas)
    return ", ".join(named) if decision.areas else decision.scope


def _organisations(element: Any, activity: Activity) -> None:
    """Append who takes part; the standard wants one, so an activity without any has one without a name."""
    roles = [(FUNDING, name) for name in activity.donors]
    roles += [(EXTENDING if place else ACCOUNTABLE, _agency(one)) for place, one in enumerate(activity.agencies)]
    roles += [(IMPLEMENTING, name) for name in activity.implementers]
    for role, name in roles or [(ACCOUNTABLE, "")]:
        found = add(element, "participating-org", role=role)
        if name:
            tell(found, name)


def _agency(code: str) -> str:
    try:
        return codes.agency(code).name_en
    except UnknownCodeError:
        return code


def _dates(element: Any, activity: Activity, when: date) -> None:
    """Append the dates: actual up to the data's day, planned after it.  A year stands as its first or last day."""
    if activity.start:
        kind = ACTUAL_START if activity.start.first <= when else PLANNED_START
        _date(element, kind, activity.start.first, activity.start)
    if activity.end:
        kind = ACTUAL_END if activity.end.last <= when else PLANNED_END
        _date(element, kind, activity.end.last, activity.end)
    if not activity.start and not activity.end:
        # The standard wants a date.  One of no type claims nothing of the activity.
        found = add(element, "activity-date", type_="", iso_date=when.isoformat())
        tell(found, "No date of the activity is known; this is the date of the data.")


def _date(element: Any, kind: str, day: date, stated: PartialDate) -> None:
    found = add(element, "activity-date", type_=kind, iso_date=day.isoformat())
    if len(stated.text) < len("2026-11-23"):
        tell(found, f"Published as {stated.text}.")


def _budget(element: Any, activity: Activity, when: date) -> None:
    """Append the budget over the days on which the activity is known to be active; without any, it has no period."""
    first, last = active.days(activity)
    if not activity.budget or not first:
        return
    budget = add(element, "budget", type_="1")
    add(budget, "period-start", iso_date=date.fromordinal(first).isoformat())
    add(budget, "period-end", iso_date=date.fromordinal(last).isoformat())
    money = activity.budget
    add(budget, "value", f"{money.amount:f}", currency=money.currency, value_date=when.isoformat())


def _document(element: Any, activity: Activity) -> None:
    if not activity.source_url.lower().startswith(("https://", "http://")):
        return
    document = add(element, "document-link", url=activity.source_url, format_="text/html")
    tell(add(document, "title"), activity.source_title or activity.source_url)
    add(document, "category", code=WEB_PAGE)
    if len(activity.source_date) == len("2026-11-23"):
        add(document, "document-date", iso_date=activity.source_date)


def _as_registered(element: Any, wanted: dict[str, str]) -> None:
    """Append our own element with every cell that the standard's elements do not give back as it was."""
    native = iati_activity.read(element, 0).cells
    differing = iati_extension.differences(native, {name: clean(text) for name, text in wanted.items()})
    if differing:
        row = add(element, ROW)
        for name, given, text in differing:
            cell = add(row, CELL, text)
            cell.set(NAME, name)
            cell.set(INSTEAD, given)
