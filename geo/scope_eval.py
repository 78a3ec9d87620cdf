"""Floor 2: how right the scope rule is: truth files, confusion, baselines, cross-validation, ablation.

Two kinds of truth file are read.  One has ``true_scope``, a class: nationwide; else the capital if it stays among the
areas; else its namesake; else other.  "Other" is also subnational work with no area named, which the rule calls
unlocated.  The other kind has ``true_areas_or_nationwide``: nationwide, unlocated, or P-codes joined by ``;``, compared
by first-level unit, so that a finer or coarser reading of the same place is no mistake.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geo import gazetteer, pack
from geo.errors import InputError, UnknownCodeError
from geo.fields import Activity
from geo.scope import ScopeDecision, as_registered, decide, weigh
from geo.scope_case import Case
from geo.scope_signals import SIGNALS, findings
from geo.scope_words import settings

ID, CLASS_COLUMN, AREAS_COLUMN = "activity_id", "true_scope", "true_areas_or_nationwide"
CONFIDENCES = ("high", "medium", "low")
SHIFTS = (0, -1, 1, -2, 2, -3, 3)  # tried by the cross-validation, the smallest change first
Name = Callable[[ScopeDecision], str]
Decide = Callable[[Activity], ScopeDecision]


@dataclass(frozen=True, slots=True)
class Truth:
    """Judged cases: (activity id, expected), and how a decision is named to be compared with them."""

    name: str
    rows: tuple[tuple[str, str], ...]
    of: Name


def truth_class(found: ScopeDecision) -> str:
    """Return a decision's class as truth files name it.

    Raises:
        PackError: when the pack lacks the names.
    """
    names, country = settings()["truth"], pack.settings()
    if found.scope == "nationwide":
        return str(names["nationwide"])
    units = {gazetteer.province(code) for code in found.areas}
    key = "capital" if country.capital in units else "namesake" if country.capital_namesake in units else "other"
    return str(names[key])


def truth_areas(found: ScopeDecision) -> str:
    """Return "nationwide", "unlocated" or the first-level P-codes of a decision, joined by ``;``."""
    return _units(found.areas) if found.scope == "subnational" else found.scope


def _units(codes: Iterable[str]) -> str:
    return ";".join(sorted({gazetteer.province(code) for code in codes}))


def read_truth(path: Path) -> Truth:
    """Read a truth file of either kind.

    Raises:
        InputError: when it cannot be read, lacks a column, or a row's truth is not understood.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no UTF-8 text; save it as CSV UTF-8.") from error
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    columns = table[0].keys() if table else ()
    kind = next((column for column in (CLASS_COLUMN, AREAS_COLUMN) if column in columns), "")
    if ID not in columns or not kind:
        raise InputError(
            f"{path.name}: got columns {', '.join(columns) or 'none'}; expected {ID} and {CLASS_COLUMN} "
            f"or {AREAS_COLUMN}. Rename the columns, or choose another file."
        )
    read, of = (_class, truth_class) if kind == CLASS_COLUMN else (_areas, truth_areas)
    rows = tuple((row[ID].strip(), read(row[kind] or "", path.name, at)) for at, row in enumerate(table, start=2))
    return Truth(path.name, rows, of)


def _class(text: str, file: str, row: int) -> str:
    known = [str(name) for name in settings()["truth"].values()]
    if text.strip() not in known:
        raise InputError(f"{file}, row {row}: got {text!r}; expected {', '.join(known)}. Correct the cell.")
    return text.strip()


def _areas(text: str, file: str, row: int) -> str:
    if text.strip() in ("nationwide", "unlocated"):
        return text.strip()
    try:
        return _units(code.strip() for code in text.split(";"))
    except UnknownCodeError as error:
        raise InputError(f"{file}, row {row}: {error} Correct the cell.") from error


def evaluate(truth: Truth, activities: Iterable[Activity], use_published_scope: bool = True) -> dict[str, Any]:
    """Return the rule's score on judged cases, as ``python -m geo scope --truth`` prints it.

    Raises:
        InputError: when a case has no activity.
    """
    return score(truth, activities, lambda one: decide(one, use_published_scope=use_published_scope))


def run(truth_path: Path, activities: Iterable[Activity], use_published_scope: bool = True) -> dict[str, Any]:
    """Read a truth file and return the rule's score on it.

    Raises:
        InputError: when the file is not understood or a case has no activity.
    """
    return evaluate(read_truth(truth_path), activities, use_published_scope)


def cases(truth: Truth, activities: Iterable[Activity]) -> list[tuple[Activity, str]]:
    """Return each judged case's activity with what is expected of it.

    Raises:
        InputError: when a case has no activity.
    """
    known = {one.activity_id: one for one in activities}
    missing = [key for key, _ in truth.rows if key not in known]
    if missing:
        raise InputError(
            f"{truth.name}: no activity has the id {missing[0]!r} ({len(missing)} of {len(truth.rows)} are missing). "
            "Give the file of activities that the cases were judged on with --activities."
        )
    return [(known[key], expected) for key, expected in truth.rows]


def score(truth: Truth, activities: Iterable[Activity], decider: Decide) -> dict[str, Any]:
    """Return the score of any way to decide.

    Raises:
        InputError: when a case has no activity.
    """
    confusion: dict[str, Counter[str]] = {}
    tally = {name: [0, 0] for name in CONFIDENCES}
    wrong = []
    for activity, expected in cases(truth, activities):
        found = decider(activity)
        got = truth.of(found)
        confusion.setdefault(expected, Counter())[got] += 1
        tally[found.confidence][0] += 1
        tally[found.confidence][1] += got == expected
        if got != expected:
            wrong.append(
                {
                    "activity_id": activity.activity_id,
                    "expected": expected,
                    "got": got,
                    "confidence": found.confidence,
                    "evidence": [asdict(one) for one in found.evidence],
                }
            )
    correct = len(truth.rows) - len(wrong)
    return {
        "n": len(truth.rows),
        "correct": correct,
        "accuracy": _share(correct, len(truth.rows)),
        "confusion": {expected: dict(sorted(row.items())) for expected, row in sorted(confusion.items())},
        "by_confidence": {
            name: {"n": n, "correct": right, "accuracy": _share(right, n)} for name, (n, right) in tally.items()
        },
        "wrong": wrong,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def baselines(truth: Truth, activities: Sequence[Activity]) -> dict[str, float | None]:
    """Return the share right of three ways that need no rule.

    Raises:
        InputError: when a case has no activity.
    """
    expected = [value for _, value in cases(truth, activities)]
    majority = max(Counter(expected).items(), key=lambda item: (item[1], item[0]))[1] if expected else 0
    return {
        "as published": score(truth, activities, as_registered)["accuracy"],
        "the bare shared name means nationwide": score(truth, activities, _bare_is_nationwide)["accuracy"],
        "the most frequent answer for all": _share(majority, len(expected)),
    }


def _bare_is_nationwide(activity: Activity) -> ScopeDecision:
    if any(place.open and not place.outside for place in Case(activity).map.places):
        return ScopeDecision("nationwide", (), (), (), "low", "The bare shared name is among its places.")
    return as_registered(activity)


def leave_one_out(truth: Truth, activities: Sequence[Activity], use_published_scope: bool = True) -> dict[str, Any]:
    """Cross-validate the one number that could be fitted: what is added to the nationwide sum (0 as the rule stands).

    For each case the best addition on all others is chosen (the smallest among equals) and tried on that case.

    Raises:
        InputError: when a case has no activity.
    """
    prepared = []
    for activity, expected in cases(truth, activities):
        case = Case(activity)
        found = findings(case, use_published_scope=use_published_scope)
        prepared.append([truth.of(weigh(case, found, shift)) == expected for shift in SHIFTS])
    totals = [sum(row[at] for row in prepared) for at in range(len(SHIFTS))]
    right, chosen = 0, Counter[int]()
    for row in prepared:
        best = max(range(len(SHIFTS)), key=lambda at: (totals[at] - row[at], -at))
        chosen[SHIFTS[best]] += 1
        right += row[best]
    return {
        "accuracy": _share(right, len(prepared)),
        "chosen": dict(sorted(chosen.items())),
        "by_shift": {shift: _share(totals[at], len(prepared)) for at, shift in enumerate(SHIFTS)},
    }


def totals(decisions: Iterable[ScopeDecision]) -> dict[str, int]:
    """Return how many are nationwide, subnational and unlocated, and how many stand in the capital."""
    found = list(decisions)
    capital = pack.settings().capital
    count = Counter(one.scope for one in found)
    inside = sum(any(gazetteer.province(code) == capital for code in one.areas) for one in found)
    return {**{scope: count[scope] for scope in ("nationwide", "subnational", "unlocated")}, "capital": inside}


def ablation(
    activities: Sequence[Activity], truths: Mapping[str, Truth], use_published_scope: bool = True
) -> list[dict[str, Any]]:
    """Return, for each signal, its hits, and what changes when it is switched off: decisions, totals, share right.

    Raises:
        InputError: when a case has no activity.
    """
    before = [decide(one, use_published_scope=use_published_scope) for one in activities]
    hits = Counter(name for one in before for name in {found.signal for found in one.evidence})
    rows = []
    for signal in SIGNALS:
        off = frozenset({signal.name})
        after = before
        if hits[signal.name]:
            after = [decide(one, use_published_scope=use_published_scope, off=off) for one in activities]
        kept = {one.activity_id: found for one, found in zip(activities, after, strict=True)}
        moved = sum((a.scope, a.areas) != (b.scope, b.areas) for a, b in zip(before, after, strict=True))
        right = {
            name: score(truth, activities, lambda one, kept=kept: kept[one.activity_id])["accuracy"]  # type: ignore[misc]
            for name, truth in truths.items()
        }
        rows.append({"signal": signal.name, "hits": hits[signal.name], "moved": moved, **totals(after), "right": right})
    return rows
