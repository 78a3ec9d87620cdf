"""Floor 1: one IATI activity -> the cells of a row, and what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from geo import codes, pack
from geo.errors import Problem, UnknownCodeError
from geo.fields import Fields
from geo.readers import iati_extension, iati_form, iati_money, iati_places
from geo.readers.iati_text import code, day, first, joined, list_item, narrative, one_line, paragraphs

FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"  # OrganisationRole
GOAL_TAG, TARGET_TAG, GOAL_SECTOR, TARGET_SECTOR, OWN = "2", "3", "7", "8", "99"  # vocabularies
GENERAL = "1"  # description type
STARTS, ENDS = ("2", "1"), ("4", "3")  # ActivityDateType, actual before planned
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
STATED = "stated"  # basis of goals: their publisher says so
YES = ("1", "true")
_EMPTY = dict.fromkeys(map(str, Fields), "")


@dataclass(frozen=True, slots=True)
class Found:
    """What an activity gave; ``goal_shares``: it splits itself over goals by percentages, which no column holds."""

    cells: dict[str, str]
    problems: tuple[Problem, ...]
    goal_shares: bool = False


class _Reporter:
    """Collects the problems of one activity, all at the row of its line."""

    def __init__(self, row: int) -> None:
        self.row = row
        self.problems: list[Problem] = []

    def __call__(
        self, kind: str, column: str, value: str, expected: str, fix: str, candidates: tuple[str, ...] = ()
    ) -> None:
        self.problems.append(Problem(kind, self.row, str(column), value, expected, fix, candidates=candidates))


def is_ours(activity: Any) -> bool | None:
    """Tell whether an activity names this country as a recipient; None where it names no country or region at all.

    What the activity says comes first; where it says nothing, its transactions do, and then the codes of its locations.
    """
    own = pack.settings().pcode
    named = [code(one).upper() for one in activity.iterchildren("recipient-country")]
    if not named and first(activity, "recipient-region") is None:
        for transaction in activity.iterchildren("transaction"):
            named += [code(one).upper() for one in transaction.iterchildren("recipient-country")]
        if not named and activity.find("transaction/recipient-region") is None:
            return True if iati_places.names_country(activity) else None
    return own in named


def read(activity: Any, row: int) -> Found:
    """Return the cells of an activity, in the vocabulary of ``geo.fields``, and its problems at ``row``.

    Total: what cannot be read is left out and reported; what is missing is for the checks to find.
    """
    report = _Reporter(row)
    language = (activity.get(LANGUAGE) or "").strip().lower().partition("-")[0]
    cells = dict(_EMPTY)
    cells |= _texts(activity, language)
    cells |= _dates(activity, report)
    cells |= _organisations(activity, language, report)
    goals, shares = _goals(activity, report)
    cells |= goals
    cells |= iati_places.cells(activity, language, report)
    cells |= iati_money.cells(activity, report)
    iati_extension.apply(activity, cells)
    iati_form.check(activity, report)
    return Found(cells, tuple(report.problems), shares)


def _texts(activity: Any, language: str) -> dict[str, str]:
    identifier, title, status = (first(activity, tag) for tag in ("iati-identifier", "title", "activity-status"))
    return {
        Fields.ACTIVITY_ID: (identifier.text or "").strip() if identifier is not None else "",
        Fields.TITLE: one_line(narrative(title, language)) if title is not None else "",
        Fields.SUMMARY: _summary(activity, language),
        Fields.STATUS: code(status) if status is not None else "",
        Fields.SOURCE_DATE: (activity.get("last-updated-datetime") or "").strip()[:10],
    }


def _summary(activity: Any, language: str) -> str:
    """Return the general description, else that of objectives or target groups; type 4 (other) is none."""
    found: dict[str, str] = {}
    for one in activity.iterchildren("description"):
        text = narrative(one, language)
        if text:
            found.setdefault(code(one, "type") or GENERAL, text)
    return paragraphs(next((found[kind] for kind in ("1", "2", "3") if kind in found), ""))


def _dates(activity: Any, report: _Reporter) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for one in activity.iterchildren("activity-date"):
        found.setdefault(code(one, "type"), []).append(day(code(one, "iso-date")))
    cells = {}
    for column, kinds in ((Fields.START_DATE, STARTS), (Fields.END_DATE, ENDS)):
        days = next((found[kind] for kind in kinds if kind in found), [])
        several = tuple(dict.fromkeys(days))
        if len(several) > 1:
            fix = "Keep one; the date is left out until then."
            report("several_dates", column, "; ".join(several), "one date of this kind", fix, several)
        cells[str(column)] = several[0] if len(several) == 1 else ""
    return cells


def _organisations(activity: Any, language: str, report: _Reporter) -> dict[str, str]:
    by_role: dict[str, list[str]] = {}
    for one in activity.iterchildren("participating-org"):
        role, name = code(one, "role"), _organisation(one, language)
        if role not in (FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING):
            fix = "Use the code of IATI's OrganisationRole; the organisation is left out."
            report("unknown_role", Fields.AGENCIES, f"{role or 'no role'}: {name}", "a role from 1 to 4", fix)
        elif name:
            by_role.setdefault(role, []).append(name)
    agencies = [*_reporter(activity, language), *by_role.get(ACCOUNTABLE, ()), *by_role.get(EXTENDING, ())]
    donors = (_donor(name) for name in by_role.get(FUNDING, ()))
    return {
        Fields.AGENCIES: joined(agencies),
        Fields.DONORS: joined(donors),
        Fields.IMPLEMENTING_PARTNERS: joined(by_role.get(IMPLEMENTING, ())),
    }


def _reporter(activity: Any, language: str) -> list[str]:
    """Return who reports; a secondary reporter tells of others' work and takes no part in it."""
    found = first(activity, "reporting-org")
    if found is None or code(found, "secondary-reporter").lower() in YES:
        return []
    return [_organisation(found, language)]


def _organisation(element: Any, language: str) -> str:
    """Return the code of an agency that our table knows by name or reference, else the name, else the reference."""
    return _known(narrative(element, language), code(element, "ref"))


@lru_cache(maxsize=16_384)
def _known(name: str, reference: str) -> str:
    name, reference = list_item(name), list_item(reference)
    return _agency(name) or _agency(reference) or name or reference


_donor = lru_cache(maxsize=16_384)(codes.canonical_donor)


def _agency(text: str) -> str:
    try:
        return codes.agency(text).code if text else ""
    except UnknownCodeError:
        return ""


def _goals(activity: Any, report: _Reporter) -> tuple[dict[str, str], bool]:
    """Return goals and targets of tags and sectors; a target speaks for its goal."""
    goals: list[str] = []
    targets: list[str] = []
    shares = False
    for one in activity.iterchildren("tag", "sector"):
        vocabulary, text = code(one, "vocabulary"), code(one)
        if one.tag == "sector" and vocabulary in (GOAL_SECTOR, TARGET_SECTOR):
            shares = shares or bool(code(one, "percentage"))
            (goals if vocabulary == GOAL_SECTOR else targets).append(text)
        elif one.tag == "tag" and vocabulary in (GOAL_TAG, TARGET_TAG):
            (goals if vocabulary == GOAL_TAG else targets).append(text)
        elif vocabulary == OWN and text in _own_codes():
            if _is_own_list(code(one, "vocabulary-uri")):
                (targets if codes.is_target(text) else goals).append(text)
            elif one.tag == "tag":
                fix = f'Add vocabulary-uri="{pack.settings().iati.goals_uri}", if the national goal is meant.'
                near = (f"SDG {text}",)
                report("unclear_goal", Fields.SDGS, text, "the address of the list of the code", fix, near)
    goals += [str(codes.targets()[target]) for target in targets if target in codes.targets()]
    return {
        Fields.SDGS: joined(sorted(goals, key=_in_order)),
        Fields.SDG_TARGETS: joined(targets),
        Fields.SDG_BASIS: STATED if goals else "",
    }, shares


@cache
def _own_codes() -> frozenset[str]:
    """Return the national goals and their targets, which IATI's own lists lack."""
    national = pack.settings().national_goals
    targets = (one for one, goal in codes.targets().items() if goal in national)
    return frozenset((*map(str, national), *targets))


def _is_own_list(uri: str) -> bool:
    return uri.rstrip("/").casefold().startswith(pack.settings().iati.goals_uri.rstrip("/").casefold())


def _in_order(goal: str) -> tuple[int, str]:
    return (int(goal), "") if goal.isdecimal() else (0, goal)
