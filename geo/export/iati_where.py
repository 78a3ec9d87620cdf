"""Floor 7: the elements of an IATI activity that say where it is and for which goals, as the map corrected it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from geo import codes, gazetteer, pack, scope_publisher
from geo.fields import Activity
from geo.scope import ScopeDecision

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NATIONWIDE, SEVERAL_PROVINCES, ONE_PROVINCE, ONE_DISTRICT = "4", "5", "6", "7"  # ActivityScope
GOALS, TARGETS, OWN = "2", "3", "99"  # TagVocabulary
PCODES = "99"  # P-codes have no vocabulary of IATI's: 99 is the reporter's own, as for tags
COUNTRIES = "A4"
ACTIVITY_REACH, APPROXIMATE, ADMINISTRATIVE = "1", "2", "1"
SRS = "http://www.opengis.net/def/crs/EPSG/0/4326"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return a text with a mark in place of each character that no XML file can hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def add(parent: Any, tag: str, text: str = "", **attributes: str) -> Any:
    """Append an element and return it; an underscore in an attribute's name stands for a hyphen."""
    given = {name.rstrip("_").replace("_", "-"): clean(value) for name, value in attributes.items()}
    element = etree.SubElement(parent, tag, given)
    if text:
        element.text = clean(text)
    return element


def tell(parent: Any, text: str, language: str = "") -> None:
    """Append a narrative; without a language it is in that of the activity."""
    found = add(parent, "narrative", text)
    if language:
        found.set(LANG, language)


def scope_code(decision: ScopeDecision) -> str:
    """Return IATI's ActivityScope; "" for an unlocated activity, for which it has no code."""
    if decision.scope == "nationwide":
        return NATIONWIDE
    if not decision.areas:
        return ""
    if len({gazetteer.province(code) for code in decision.areas}) > 1:
        return SEVERAL_PROVINCES
    single = len(decision.areas) == 1 and gazetteer.level(decision.areas[0]) == "adm2"
    return ONE_DISTRICT if single else ONE_PROVINCE


def add_scope(parent: Any, decision: ScopeDecision) -> None:
    """Append the scope, if there is one."""
    if code := scope_code(decision):
        add(parent, "activity-scope", code=code)


def add_locations(parent: Any, decision: ScopeDecision) -> None:
    """Append a location for each area: its names, its codes, and for a district a point inside it."""
    for pcode in decision.areas:
        names, district = gazetteer.names(pcode), gazetteer.level(pcode) == "adm2"
        location = add(parent, "location", ref=pcode)
        add(location, "location-reach", code=ACTIVITY_REACH)
        name = add(location, "name")
        tell(name, names.name_en)
        if names.name_lo:
            tell(name, names.name_lo, pack.settings().local_language)
        add(location, "administrative", vocabulary=COUNTRIES, level="0", code=pack.settings().pcode)
        if district:
            add(location, "administrative", vocabulary=PCODES, level="1", code=names.parent)
        add(location, "administrative", vocabulary=PCODES, level="2" if district else "1", code=pcode)
        if district:
            latitude, longitude = _inside()[pcode]
            add(add(location, "point", srsName=SRS), "pos", f"{latitude} {longitude}")
        add(location, "exactness", code=APPROXIMATE)
        add(location, "location-class", code=ADMINISTRATIVE)
        add(location, "feature-designation", code="ADM2" if district else "ADM1")


@cache
def _inside() -> dict[str, tuple[float, float]]:
    return dict(scope_publisher.district_points())


def add_tags(parent: Any, activity: Activity) -> None:
    """Append a tag for each goal and target; those of the country alone are of a vocabulary of ours."""
    uri = pack.settings().iati.goals_uri
    for code, vocabulary, goal, name in _tags(activity):
        national = goal in pack.settings().national_goals
        own = {"vocabulary_uri": uri} if national else {}
        tag = add(parent, "tag", vocabulary=OWN if national else vocabulary, **own, code=code)
        if name:
            tell(tag, name)


def _tags(activity: Activity) -> Iterator[tuple[str, str, int, str]]:
    for number in activity.goals:
        yield str(number), GOALS, number, codes.goal(number).name_en
    for target in activity.targets:
        yield target, TARGETS, codes.targets().get(target, 0), ""
