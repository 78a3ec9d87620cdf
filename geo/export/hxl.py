"""Floor 7: a selection as an HXL 3W in CSV: a header for people, a row of hashtags for machines, a row an activity.

One row an activity, its areas as a list of P-codes (``+v_pcodes``), so that rows and money may be added up; a list's
parts are separated by ``;``.  Areas and scope are there as corrected and as registered, and the places as they were
published, which is what comes back on import.  Nothing is lost but an empty line inside a list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from geo import filters, gazetteer, pack
from geo.dataset import Dataset
from geo.export import csvfile
from geo.fields import Fields, guard
from geo.filters import Filters
from geo.scope import ScopeDecision

SEPARATOR = ";"
COUNTRY, SCOPE, REGISTERED_SCOPE = "country", "scope", "registered_scope"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading for people, a hashtag, and the cell under them."""

    heading: str
    tag: str
    cell: str


COLUMNS = (
    Column("Activity id", "#activity+id", Fields.ACTIVITY_ID),
    Column("Activity", "#activity+name", Fields.TITLE),
    Column("Summary", "#description", Fields.SUMMARY),
    Column("Agencies, lead first", "#org+prog", Fields.AGENCIES),
    Column("Implementing partners", "#org+impl", Fields.IMPLEMENTING_PARTNERS),
    Column("Donors", "#org+funder", Fields.DONORS),
    Column("SDGs", "#sector+v_sdg", Fields.SDGS),
    Column("SDG targets", "#sector+v_sdg_target", Fields.SDG_TARGETS),
    Column("How the SDGs are known", "#meta+sdg_basis", Fields.SDG_BASIS),
    Column("Country", "#country+code+v_iso2", COUNTRY),
    Column("Scope, corrected", "#meta+scope+corrected", SCOPE),
    Column("Provinces, corrected", "#adm1+code+v_pcodes+corrected", "adm1"),
    Column("Names of provinces, corrected", "#adm1+name+corrected", "adm1 names"),
    Column("Districts, corrected", "#adm2+code+v_pcodes+corrected", "adm2"),
    Column("Names of districts, corrected", "#adm2+name+corrected", "adm2 names"),
    Column("Scope, registered", "#meta+scope+registered", REGISTERED_SCOPE),
    Column("Provinces, registered", "#adm1+code+v_pcodes+registered", "registered adm1"),
    Column("Districts, registered", "#adm2+code+v_pcodes+registered", "registered adm2"),
    Column("Places as published", "#loc+name+published", Fields.LOCATIONS),
    Column("Scope as published", "#meta+scope+published", Fields.SCOPE_AS_PUBLISHED),
    Column("Status (IATI)", "#status+code+v_iati", Fields.STATUS),
    Column("Start", "#date+start", Fields.START_DATE),
    Column("End", "#date+end", Fields.END_DATE),
    Column("Budget", "#value+budget", Fields.BUDGET_USD),
    Column("Currency", "#currency+code", Fields.CURRENCY),
    Column("Basis of the budget", "#meta+budget_basis", Fields.BUDGET_BASIS),
    Column("People reached", "#reached", Fields.PEOPLE_REACHED),
    Column("Source", "#meta+source", Fields.SOURCE_TITLE),
    Column("Address of the source", "#meta+url", Fields.SOURCE_URL),
    Column("Date of the source", "#date+source", Fields.SOURCE_DATE),
    Column("Points (latitude longitude)", "#geo+coords", Fields.POINTS),
    Column("IATI codes on geography", "#meta+iati_geography", Fields.GEOGRAPHY),
)


def render(dataset: Dataset, found: Filters) -> bytes:
    """Return the activities that the filters keep, as UTF-8 with a byte order mark.  Same view, same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.heading for column in COLUMNS])
    writer.writerow([column.tag for column in COLUMNS])
    for row in filters.apply(dataset, found).nonzero()[0]:
        cells = csvfile.cells(dataset, int(row)) | {COUNTRY: pack.settings().pcode}
        cells |= _areas(dataset.corrected.decisions[row], "")
        cells |= _areas(dataset.registered.decisions[row], "registered ")
        writer.writerow([guard(cells[column.cell]) for column in COLUMNS])
    return out.getvalue().encode("utf-8-sig", "replace")


def _areas(decision: ScopeDecision, prefix: str) -> dict[str, str]:
    """Return the areas of a decision by level: a district's province too, as the map counts it."""
    provinces = sorted({gazetteer.province(code) for code in decision.areas})
    districts = [code for code in decision.areas if gazetteer.level(code) == "adm2"]
    return {
        f"{prefix}adm1": SEPARATOR.join(provinces),
        f"{prefix}adm1 names": _names(provinces),
        f"{prefix}adm2": SEPARATOR.join(districts),
        f"{prefix}adm2 names": _names(districts),
    }


def _names(pcodes: Iterable[str]) -> str:
    return SEPARATOR.join(gazetteer.names(code).name_en for code in pcodes)
