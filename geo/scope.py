"""Floor 2: the scope rule: is an activity nationwide, in named areas, or unlocated, and on what evidence.

The evidence for the whole country is summed and so is that for a part of it (``geo/scope_signals.py`` has the table).
The country needs the greater sum; otherwise the activity stands in the areas that its places name.  The capital is kept
among them only where evidence of work there is no weaker than that of an office.  Where nothing is left the activity
is unlocated: subnational, but no area is named.

Where no name says where the work is, the districts of its points do, but for points that stand for the country, the
capital or an office.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from geo import gazetteer, i18n, pack
from geo.fields import Activity
from geo.scope_case import PLACES, Case, Geography, geography
from geo.scope_publisher import NOWHERE, Pointed, pointed
from geo.scope_signals import CLEAR, FAIR, OUTRIGHT, SIGNALS, SITE_POINT, Finding, Signal, findings

RULE_VERSION = "1.1"
Scope = Literal["nationwide", "subnational", "unlocated"]
Confidence = Literal["high", "medium", "low"]
SUBNATIONAL_SIDE = ("named areas", "capital", "elsewhere", "subnational")
CAPITAL_ON, CAPITAL_OFF = ("capital",), ("office", "elsewhere")
FLOOR = FAIR  # evidence that "nationwide" needs at the least: one fair sign
HIGH, MEDIUM = OUTRIGHT, FAIR  # margins between the sums: an area named outright; a fair sign
SURE = 99  # the margin where there is no question

__all__ = [
    "RULE_VERSION",
    "Confidence",
    "Finding",
    "Scope",
    "ScopeDecision",
    "as_registered",
    "because",
    "decide",
    "weigh",
]


@dataclass(frozen=True, slots=True)
class ScopeDecision:
    """What the rule made of one activity.

    ``areas`` are P-codes, sorted; they are there when ``scope`` is "subnational" and only then.  ``dropped`` are the
    P-codes that its published places name (its points, where no place does) and the rule does not keep.  "unlocated"
    is also what is subnational with no area named; ``reason`` says which.
    """

    scope: Scope
    areas: tuple[str, ...]
    dropped: tuple[str, ...]
    evidence: tuple[Finding, ...]
    confidence: Confidence
    reason: str


class Sign(NamedTuple):
    """What counts of a finding; ``row`` is the place that it stands in, -1 where that is no place."""

    points_to: str
    weight: int
    reason: str
    row: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Evidence summed by what it points to."""

    nationwide: int
    part: int
    capital: int
    against_capital: int
    named: int


def decide(
    activity: Activity,
    units: tuple[str, ...] | None = None,
    *,
    use_published_scope: bool = True,
    off: frozenset[str] = frozenset(),
    signals: tuple[Signal, ...] = SIGNALS,
) -> ScopeDecision:
    """Decide one activity's scope.  Pure, total and deterministic.

    ``units`` are the districts of its points (``positions.units``), looked up where they are not given.
    ``use_published_scope=False`` leaves out what the publisher says of scope; ``off`` switches signals off by name.
    """
    case = Case(activity, units)
    found = findings(case, use_published_scope=use_published_scope, off=off, signals=signals)
    return weigh(case, found)


def weigh(case: Case, found: tuple[Finding, ...], shift: int = 0) -> ScopeDecision:
    """Turn evidence into a decision; ``shift`` is added to the nationwide sum (the cross-validation varies it)."""
    signs = tuple(
        [(one.points_to, one.weight, one.reason, one.position if one.field == PLACES else -1) for one in found]
    )
    points = pointed(case)
    if not any(one.signal == SITE_POINT for one in found):
        points = points._replace(sites=())
    one = _weighed(case.activity.places, points, signs, shift)
    return ScopeDecision(one.scope, one.areas, one.dropped, found, one.confidence, one.reason)


@lru_cache(maxsize=16_384)
def _weighed(
    places: tuple[str, ...], points: Pointed, signs: tuple[tuple[str, int, str, int], ...], shift: int
) -> ScopeDecision:
    """Return the decision without its evidence: many activities have the same places and signs."""
    places_map = geography(places)
    shown = places_map.registered or points.shown
    found = tuple(Sign(*one) for one in signs)
    sums = _sums(found, shift)
    if sums.nationwide > sums.part and sums.nationwide >= FLOOR:
        confidence = _confidence(sums.nationwide - sums.part, found, SUBNATIONAL_SIDE)
        reason = _sentence("nationwide", (), (), found)
        return ScopeDecision("nationwide", (), shown, (), confidence, reason)
    kept, capital_margin = _capital(places_map, points, sums)
    areas = tuple(sorted({*places_map.outside, *points.sites, *kept}))
    dropped = tuple(code for code in shown if code not in areas)
    margin = min(sums.part - sums.nationwide, capital_margin)
    if _named_in_the_same_breath(places_map, found) and not kept:
        margin = 0
    if not areas:
        return _unlocated(sums, margin, dropped, found)
    against = ("nationwide", *(CAPITAL_OFF if kept else CAPITAL_ON)) if capital_margin < SURE else ("nationwide",)
    confidence = _confidence(margin, found, against)
    return ScopeDecision("subnational", areas, dropped, (), confidence, _sentence("subnational", areas, dropped, found))


def _sums(found: tuple[Sign, ...], shift: int) -> Sums:
    by: dict[str, int] = {}
    for one in found:
        by[one.points_to] = by.get(one.points_to, 0) + one.weight
    nationwide = by.get("nationwide", 0)
    return Sums(
        nationwide=nationwide + shift if nationwide else 0,
        part=sum(by.get(side, 0) for side in SUBNATIONAL_SIDE),
        capital=by.get("capital", 0),
        against_capital=sum(by.get(side, 0) for side in CAPITAL_OFF),
        named=by.get("named areas", 0),
    )


def _capital(places: Geography, points: Pointed, sums: Sums) -> tuple[tuple[str, ...], int]:
    """Return the areas of the capital that stay, and by how much the evidence decided that."""
    capital = pack.settings().capital
    here = {*places.inside, *((capital,) if places.open or places.spots or points.capital else ())}
    if not here or (places.open and places.namesake and not places.inside):
        return (), SURE
    if sums.capital or sums.against_capital:
        stays = sums.capital > 0 and sums.capital >= sums.against_capital
        return (tuple(sorted(here)) if stays else ()), abs(sums.capital - sums.against_capital)
    # No evidence of work in the capital and none against it: the pin stays only for want of a better place.
    return ((), HIGH) if sums.named else (tuple(sorted(here)), 0)


def _named_in_the_same_breath(places: Geography, found: tuple[Sign, ...]) -> bool:
    """Whether one place names the capital in full beside units without names: dropping it wants a person's eye."""
    rows = [one.row for one in found if one.row >= 0 and one.points_to == "elsewhere"]
    return any(places.places[row].inside for row in rows)


def _unlocated(sums: Sums, margin: int, dropped: tuple[str, ...], found: tuple[Sign, ...]) -> ScopeDecision:
    """Return what has no area: at most medium, since it stands nowhere until somebody says where."""
    if not sums.part:
        return ScopeDecision(
            "unlocated",
            (),
            dropped,
            (),
            "low",
            "Unlocated: no place is published and nothing in the text says enough.",
        )
    confidence = _confidence(min(margin, HIGH - 1), found, ("nationwide",))
    return ScopeDecision("unlocated", (), dropped, (), confidence, _sentence("unlocated", (), dropped, found))


def _confidence(margin: int, found: tuple[Sign, ...], against: tuple[str, ...]) -> Confidence:
    """Return high only where the margin is wide, no clear statement stands against it, and no point contradicts it."""
    if any(one.points_to == "check" or (one.points_to in against and one.weight >= CLEAR) for one in found):
        margin = min(margin, HIGH - 1)
    return "high" if margin >= HIGH else "medium" if margin >= MEDIUM else "low"


def because(decision: ScopeDecision, language: str = i18n.SOURCE_LANGUAGE) -> str:
    """Return a decision's reason in a language; what a person wrote stays as it was written.

    Raises:
        UnknownCodeError: when the pack does not have the language.
    """
    parts = (decision.scope, decision.areas, decision.dropped, decision.evidence)
    if decision.reason == _sentence(*parts):
        return _sentence(*parts, language)
    return i18n.translator(language)(decision.reason)


def _sentence(
    scope: Scope,
    areas: tuple[str, ...],
    dropped: tuple[str, ...],
    found: tuple[Finding, ...] | tuple[Sign, ...],
    language: str = i18n.SOURCE_LANGUAGE,
) -> str:
    """Return the rule's reason: the verdict, two reasons, the heaviest against it, and what is left out."""
    _ = i18n.translator(language)
    if scope == "nationwide":
        return _clauses(_("Nationwide"), ("nationwide",), found, _) + "."
    if not areas:
        verdict = _("Unlocated, since it is subnational and no area is named")
        return _clauses(verdict, SUBNATIONAL_SIDE, found, _) + "."
    text = _clauses(_("In {areas}").format(areas=_listed(areas, language)), SUBNATIONAL_SIDE, found, _)
    capital = pack.settings().capital
    if any(gazetteer.province(code) == capital for code in dropped):
        text = _(
            "{text}; {name} is left out as the place of an office, a dateline or another unit of that name"
        ).format(text=text, name=_name(capital, language))
    return text + "."


def _clauses(
    verdict: str, sides: tuple[str, ...], found: tuple[Finding, ...] | tuple[Sign, ...], _: i18n.Translate
) -> str:
    clauses = [_(text) for text in dict.fromkeys(one.reason for one in found if one.points_to in sides)]
    other = SUBNATIONAL_SIDE if "nationwide" in sides else ("nationwide",)
    doubts = [_(one.reason) for one in found if one.points_to in other]
    text = f"{verdict}: {clauses[0]}" if clauses else verdict
    if len(clauses) > 1:
        text = _("{first}, and {second}").format(first=text, second=clauses[1])
    return _("{text}; against it stands that {doubt}").format(text=text, doubt=doubts[0]) if doubts else text


@lru_cache(maxsize=4_096)
def _listed(areas: tuple[str, ...], language: str) -> str:
    text = ", ".join(_name(code, language) for code in areas[:4])
    return i18n.translator(language)("{areas} and more").format(areas=text) if len(areas) > 4 else text


def _name(pcode: str, language: str) -> str:
    found = gazetteer.names(pcode)
    return found.name_en if language == i18n.SOURCE_LANGUAGE else found.name_lo or found.name_en


def as_registered(activity: Activity, units: tuple[str, ...] | None = None) -> ScopeDecision:
    """Return the map as published: nationwide where the publisher says so; else every area that a place resolves to.

    The bare shared name counts as the capital.  A country word without an area is nationwide.  Where no place names an
    area the districts of its points count, whatever they stand for.  All else is unlocated.
    """
    national = activity.scope_as_published.strip().casefold() == "national"
    return _registered(activity.places, pointed(Case(activity, units)) if activity.points else NOWHERE, national)


@lru_cache(maxsize=16_384)
def _registered(places: tuple[str, ...], points: Pointed, national: bool) -> ScopeDecision:
    found = geography(places)
    if national:
        return ScopeDecision("nationwide", (), (), (), "high", "As published: its publisher calls it national.")
    if found.registered:
        return ScopeDecision(
            "subnational", found.registered, (), (), "high", "As published: its places were read as names of areas."
        )
    if any(place.match.kind == "country" for place in found.places):
        return ScopeDecision("nationwide", (), (), (), "high", "As published: the country is its place.")
    if points.shown:
        return ScopeDecision("subnational", points.shown, (), (), "high", "As published: its points lie there.")
    return ScopeDecision("unlocated", (), (), (), "high", "As published: no place that names an area or the country.")
