"""Floor 4: what is missing or doubtful in the data of an agency, in the order of what would help the map most.

Each finding names the row, what stands there, what we propose and on what evidence.  A proposal is never made in the
data: it goes back to who knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geo import codes, gazetteer, i18n, place_problems, positions, scope
from geo.dataset import Dataset
from geo.errors import Problem
from geo.fields import Activity, Fields
from geo.scope import ScopeDecision

# By how much an answer changes where an activity is drawn, then in which years, sums and lists it is found.
KINDS = (
    "no_place",
    "unknown_place",
    "ambiguous_place",
    "stray_point",
    "stands_elsewhere",
    "doubtful_scope",
    "left_out",
    "no_dates",
    "half_dated",
    "no_budget",
    "no_goal",
    "goals_inferred",
    "no_agency",
    "no_donor",
    "no_status",
)
INFERRED = "inferred"  # the basis of goals that the source does not state
SHOWN = 3  # pieces of evidence


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to mend: ``row`` is that of the file, ``column`` one of the template's, ``kind`` one of ``KINDS``.

    ``file`` is "" where it is not known, and ``sheet`` where the file has none.

    ``present`` is what stands there ("" for nothing), ``proposal`` what we would write ("" where we do not know), and
    ``evidence`` what speaks for it, in the language asked for.
    """

    kind: str
    activity_id: str
    title: str
    row: int
    column: str
    present: str
    proposal: str
    evidence: str
    file: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One activity with its file and sheet, both decisions on it, its problems, and the language to speak."""

    activity: Activity
    registered: ScopeDecision
    corrected: ScopeDecision
    problems: tuple[Problem, ...]
    language: str
    came_from: tuple[str, str]

    def fix(self, kind: str, column: Fields, present: str = "", proposal: str = "", evidence: str = "") -> Fix:
        """Return a finding on this activity."""
        one = self.activity
        found = (kind, one.activity_id, one.title, one.row, str(column), present, proposal, evidence)
        return Fix(*found, *self.came_from)


def fix_list(dataset: Dataset, agency: str = "", language: str = i18n.SOURCE_LANGUAGE) -> tuple[Fix, ...]:
    """Return what an agency ("": every one) could mend, what helps the map most first.

    Within a kind the greater budget comes first, since more of the money then stands where it belongs.

    Raises:
        UnknownCodeError: when the agency is not known, neither to the code table nor to the data.
    """
    wanted = agency_code(dataset, agency) if agency else ""
    known = bool(dataset.came_from)
    by_row: dict[tuple[str, int], list[Problem]] = {}
    for problem in dataset.problems:
        by_row.setdefault((problem.file if known else "", problem.row), []).append(problem)
    found: list[tuple[tuple[int, int, int], Fix]] = []
    for at, activity in enumerate(dataset.activities):
        if wanted and wanted not in activity.agencies:
            continue
        came_from = dataset.came_from[at] if known else ("", "")
        case = Case(
            activity,
            dataset.registered.decisions[at],
            dataset.corrected.decisions[at],
            tuple(by_row.get((came_from[0], activity.row), ())),
            language,
            came_from,
        )
        for check in CHECKS:
            found += [((KINDS.index(fix.kind), -int(dataset.cents[at]), at), fix) for fix in check(case)]
    return tuple(fix for _order, fix in sorted(found, key=lambda pair: pair[0]))


def agency_code(dataset: Dataset, text: str) -> str:
    """Return an agency's code by code or name, or as the data spell it.

    Raises:
        UnknownCodeError: when neither knows it.
    """
    return text if text in dataset.agencies.names else codes.agency(text).code


def counts(found: tuple[Fix, ...]) -> dict[str, int]:
    """Return how many findings there are of each kind that occurs, in the order of ``KINDS``."""
    kinds = [fix.kind for fix in found]
    return {kind: kinds.count(kind) for kind in KINDS if kind in kinds}


def kind_name(kind: str, language: str) -> str:
    """Return a kind in words."""
    _ = i18n.translator(language)
    names = {
        "no_place": _("No place"),
        "unknown_place": _("A place that no name explains"),
        "ambiguous_place": _("A place that can be several"),
        "stray_point": _("A point that is not where it should be"),
        "stands_elsewhere": _("Counted elsewhere than published"),
        "doubtful_scope": _("A place that the rule is not sure of"),
        "left_out": _("A value that could not be taken"),
        "no_dates": _("No dates"),
        "half_dated": _("Only one of two dates"),
        "no_budget": _("No budget"),
        "no_goal": _("No goal"),
        "goals_inferred": _("Goals that were inferred"),
        "no_agency": _("No agency"),
        "no_donor": _("No donor"),
        "no_status": _("No status"),
    }
    return names[kind]


def placed(found: ScopeDecision, language: str) -> str:
    """Return where a decision puts an activity, with P-codes, as the proposal of a place."""
    _ = i18n.translator(language)
    if found.scope == "subnational":
        return "; ".join(_area(code, language) for code in found.areas)
    return _("nationwide") if found.scope == "nationwide" else _("unlocated")


def _area(code: str, language: str) -> str:
    local = gazetteer.names(code).name_lo if language != i18n.SOURCE_LANGUAGE else ""
    return f"{local} ({code})" if local else gazetteer.label(code)


# ---- places


def _places(case: Case) -> Iterator[Fix]:
    """Give the places that are missing, unknown or open."""
    activity, _ = case.activity, i18n.translator(case.language)
    if not activity.places and case.corrected.scope == "unlocated":
        yield case.fix("no_place", Fields.LOCATIONS, "", _mentioned(activity), _why(case))
    for problem in place_problems.of_activity(activity):
        near = "; ".join(problem.candidates)
        proposal = problem.candidates[0] if len(problem.candidates) == 1 else ""
        evidence = _("Nearest: {names}").format(names=near) if near else _("No name is near.")
        yield case.fix(problem.kind, Fields.LOCATIONS, problem.value, proposal, evidence)


def _mentioned(activity: Activity) -> str:
    """Return the areas that title and summary name, as a proposal."""
    found = (one for text in (activity.title, activity.summary) for one in gazetteer.mentions(text))
    areas = dict.fromkeys(code for one in found for code in one.areas)
    return "; ".join(map(gazetteer.label, areas))


def _scope(case: Case) -> Iterator[Fix]:
    """Give what the rule moved, and what it is not sure of."""
    published = "; ".join(case.activity.places) or case.activity.scope_as_published
    before = (case.registered.scope, case.registered.areas)
    if before != (case.corrected.scope, case.corrected.areas) and case.corrected.scope != "unlocated":
        proposal = placed(case.corrected, case.language)
        yield case.fix("stands_elsewhere", Fields.LOCATIONS, published, proposal, _why(case))
    elif case.corrected.confidence == "low" and case.activity.places:
        yield case.fix("doubtful_scope", Fields.LOCATIONS, published, placed(case.corrected, case.language), _why(case))


def _why(case: Case) -> str:
    """Return the rule's reason, and the words of the source that it rests on."""
    said = [f"“{one.words}”" for one in case.corrected.evidence if one.words][:SHOWN]
    return " ".join([scope.because(case.corrected, case.language), *(["; ".join(said)] if said else [])])


# ---- values


def _left_out(case: Case) -> Iterator[Fix]:
    """Give the values that intake could not take and the points that stand wrong; places have findings of their own."""
    _ = i18n.translator(case.language)
    for problem in case.problems:
        if problem.column in set(Fields) and problem.column != Fields.LOCATIONS and problem.severity == "warning":
            proposal = problem.candidates[0] if len(problem.candidates) == 1 else ""
            evidence = f"{_('Expected')}: {_(problem.expected)}. {_(problem.fix)}"
            kind = "stray_point" if problem.kind in positions.STRAY else "left_out"
            yield case.fix(kind, Fields(problem.column), problem.value, proposal, evidence)


def _dates(case: Case) -> Iterator[Fix]:
    activity, _ = case.activity, i18n.translator(case.language)
    dated = _("Its source is of {date}.").format(date=i18n.date(activity.source_date, case.language))
    evidence = dated if activity.source_date else ""
    if activity.start is None and activity.end is None:
        yield case.fix("no_dates", Fields.START_DATE, evidence=evidence)
    elif activity.start is None or activity.end is None:
        column = Fields.START_DATE if activity.start is None else Fields.END_DATE
        known = _("{column} is {date}.").format(
            column=Fields.END_DATE if activity.start is None else Fields.START_DATE, date=activity.start or activity.end
        )
        yield case.fix("half_dated", column, evidence=f"{known} {evidence}".strip())


def _money(case: Case) -> Iterator[Fix]:
    if case.activity.budget is None:
        yield case.fix("no_budget", Fields.BUDGET_USD)


def _goals(case: Case) -> Iterator[Fix]:
    activity, _ = case.activity, i18n.translator(case.language)
    goals = ";".join(map(str, activity.goals))
    if not goals:
        yield case.fix("no_goal", Fields.SDGS)
    elif activity.goal_basis.strip().casefold() == INFERRED:
        evidence = _("Read from the text; the source states none. Confirm them, or state yours.")
        yield case.fix("goals_inferred", Fields.SDGS, goals, goals, evidence)


def _partners(case: Case) -> Iterator[Fix]:
    activity = case.activity
    if not activity.agencies:
        yield case.fix("no_agency", Fields.AGENCIES)
    if not activity.donors:
        yield case.fix("no_donor", Fields.DONORS)
    if not activity.status:
        yield case.fix("no_status", Fields.STATUS)


CHECKS: tuple[Callable[[Case], Iterator[Fix]], ...] = (_places, _scope, _left_out, _dates, _money, _goals, _partners)
