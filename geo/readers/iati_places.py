"""Floor 1: where an IATI activity is: places with the areas of their codes, positions, scope, codes on geography."""

from __future__ import annotations

from typing import Any

from geo import pack
from geo.fields import Fields
from geo.readers import areas
from geo.readers.iati_money import Report
from geo.readers.iati_text import code, first, joined, list_item, narrative, one_line

SCOPES = {"4": "national", **dict.fromkeys("5678", "subnational")}
GEOGRAPHY = ("location-reach", "exactness", "location-class", "feature-designation")
CODED = ("location-id", "administrative")
COUNTRY_VOCABULARY = "A4"


def cells(activity: Any, language: str, report: Report) -> dict[str, str]:
    """Return the cells of places, positions, scope and codes on geography."""
    scope = first(activity, "activity-scope")
    pairs = [f"activity-scope={code(scope)}"] if scope is not None and code(scope) else []
    places: list[str] = []
    points: list[str] = []
    for location in activity.iterchildren("location"):
        found = _place(location, language, report)
        point = _point(location)
        if not found and not point and not len(location):
            report("empty_location", Fields.LOCATIONS, "", "a name, a code or a point", "Fill in the location.")
        places.append(found)
        points.append(point)
        pairs += [f"{one.tag}={code(one)}" for one in location.iterchildren(*GEOGRAPHY) if code(one)]
    return {
        Fields.LOCATIONS: joined(places),
        Fields.POINTS: joined(points),
        Fields.GEOGRAPHY: joined(pairs),
        Fields.SCOPE_AS_PUBLISHED: SCOPES.get(code(scope), "") if scope is not None else "",
    }


def names_country(activity: Any) -> bool:
    """Tell whether a location of the activity carries a code of this country."""
    return any(area(one) for location in activity.iterchildren("location") for one in location.iterchildren(*CODED))


def area(element: Any) -> str:
    """Return the P-code that a coded element means, "" for none that we know; the country is an area too."""
    text = code(element).upper()
    country = pack.settings()
    if text in (country.pcode, country.iso3):
        return country.pcode if code(element, "vocabulary").upper() == COUNTRY_VOCABULARY else ""
    return areas.codes().get(text, "")


def _place(location: Any, language: str, report: Report) -> str:
    name = first(location, "name")
    text = one_line(narrative(name, language)) if name is not None else ""
    coded = sorted({found for found in map(area, location.iterchildren(*CODED)) if found}, key=len)
    finest = [one for one in coded if not any(other != one and other.startswith(one) for other in coded)]
    if not finest:
        return text or _country_alone(location, report)
    if not text:
        return joined(_code_as_place(one) for one in finest)
    known = areas.named(text)
    if finest == [pack.settings().pcode] or known == set(finest):
        return text
    if areas.contradict(known, finest):
        told = tuple(areas.label(one) for one in (*sorted(known), *finest))
        fix = "Correct the name or the code; both are kept until then."
        report("name_and_code_differ", Fields.LOCATIONS, text, f"a name of {areas.label(finest[-1])}", fix, told)
    return f"{list_item(text)}, {', '.join(finest)}"


def _country_alone(location: Any, report: Report) -> str:
    """Return "" and say so where a location has codes that no table of ours explains, and no name."""
    unread = [one for one in location.iterchildren(*CODED) if code(one)]
    if unread and first(location, "point") is None:
        told = "; ".join(f"{code(one, 'vocabulary')} {code(one)}" for one in unread)
        fix = "Add the name of the place, or the P-code of the province or district."
        report("unknown_area_code", Fields.LOCATIONS, told, "a name, a point or a code of this country", fix)
    return ""


def _code_as_place(pcode: str) -> str:
    return pack.settings().name_en if pcode == pack.settings().pcode else pcode


def _point(location: Any) -> str:
    """Return a position as "latitude longitude"; one that is none goes to the checks as it stands."""
    point = first(location, "point")
    pos = first(point, "pos") if point is not None else None
    return " ".join((pos.text or "").replace(";", " ").split()) if pos is not None else ""
