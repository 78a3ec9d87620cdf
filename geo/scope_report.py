"""Floor 2: what the report on the scope rule says: in words, signal by signal, right and wrong.

It is one value (``Report``), which ``geo.scope_report_files`` draws as an HTML page and as PDF.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo import gazetteer, pack
from geo.fields import Activity
from geo.scope import FLOOR, HIGH, MEDIUM, RULE_VERSION, ScopeDecision, as_registered, decide
from geo.scope_eval import CONFIDENCES, Truth, ablation, baselines, evaluate, leave_one_out, totals
from geo.scope_signals import SIGNALS

TITLE = "The scope rule: evidence and errors"
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``widths`` are shares of the page's width on paper, 0 for as wide as its text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its paragraphs and tables."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report says."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]


def build(activities: Sequence[Activity], truths: Iterable[Truth] = ()) -> Report:
    """Work the report out for these activities and judged cases.

    Raises:
        InputError: when a case has no activity.
    """
    judged = {truth.name: truth for truth in truths}
    lead = (
        f"Rule {RULE_VERSION}, {len(activities)} activities, {len(SIGNALS)} signals, "
        f"{sum(len(truth.rows) for truth in judged.values())} judged cases.",
        "Many activities are pinned to the capital because it is where agencies sit, papers are signed and news is "
        "filed. The rule asks of each activity what its own record says about where the work is done.",
    )
    sections = [_rule(), _changes(activities)]
    if judged:
        sections += [_accuracy(judged, activities), _confusion(judged, activities), _wrong(judged, activities)]
    return Report(TITLE, lead, (*sections, _signals(activities), _ablation(judged, activities)))


def _rule() -> Section:
    capital = gazetteer.names(pack.settings().capital).name_en
    return Section(
        "The rule in words",
        (
            "Each signal looks for one kind of evidence and gives it a weight: 1 a hint, 2 a fair sign, 3 a clear "
            "statement, 4 an area or site named outright. Evidence for the whole country is added up, and so is "
            "evidence for a part of it. Signals that read the same fact count once.",
            f"An activity is nationwide when the country's sum is the greater one and at least {FLOOR}. Otherwise it "
            f"stands in the areas that its places name. {capital} stays among them only where evidence of work there "
            "is no weaker than evidence that it is the office, or that the work is elsewhere.",
            "Where no area is left, the activity is unlocated: it is subnational, but nobody has said where. It is "
            "never spread over provinces by guesswork.",
            f"Confidence is high where the sums differ by {HIGH} or more and no clear statement stands against the "
            f"result; medium from {MEDIUM}; else low, and a person should look. Unlocated work is medium at the most.",
        ),
    )


def _changes(activities: Sequence[Activity]) -> Section:
    before, after = [as_registered(one) for one in activities], [decide(one) for one in activities]
    one, two = totals(before), totals(after)
    rows = [(name, str(one[name]), str(two[name]), f"{two[name] - one[name]:+d}") for name in one if name != "capital"]
    counts = [Counter(code for found in side for code in _units(found)) for side in (before, after)]
    rows += [
        (
            gazetteer.names(code).name_en,
            str(counts[0][code]),
            str(counts[1][code]),
            f"{counts[1][code] - counts[0][code]:+d}",
        )
        for code in gazetteer.all_areas("adm1")
    ]
    grades = Counter[str](found.confidence for found in after)
    return Section(
        "What the rule changes",
        (
            "An activity in several provinces counts once in each of them, and once in the total.",
            "Confidence: " + ", ".join(f"{grades[name]} {name}" for name in CONFIDENCES) + ".",
        ),
        (Table(("", "as registered", "corrected", "difference"), tuple(rows), (3, 1, 1, 1)),),
    )


def _units(found: ScopeDecision) -> set[str]:
    return {gazetteer.province(code) for code in found.areas}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _accuracy(truths: Mapping[str, Truth], activities: Sequence[Activity]) -> Section:
    rows = []
    for name, truth in truths.items():
        for published in (True, False):
            found = evaluate(truth, activities, published)
            crossed = leave_one_out(truth, activities, published)["accuracy"]
            grades = (
                f"{found['by_confidence'][one]['correct']} of {found['by_confidence'][one]['n']}" for one in CONFIDENCES
            )
            with_it = "used" if published else "ignored"
            rows.append((name, with_it, str(found["n"]), _percent(found["accuracy"]), _percent(crossed), *grades))
        rows += [
            (name, f"baseline: {way}", "", _percent(share), "", "", "", "")
            for way, share in baselines(truth, activities).items()
        ]
    head = ("judged cases", "publisher's scope", "n", "right", "leave one out", *CONFIDENCES)
    return Section(
        "How often it is right",
        (
            "No weight was fitted. The cross-validation leaves each case out in turn, chooses on the others what "
            "should be added to the country's sum (nothing, as the rule stands), and judges the case with it.",
        ),
        (Table(head, tuple(rows), (4, 5, 1, 2, 2, 2, 2, 2)),),
    )


def _confusion(truths: Mapping[str, Truth], activities: Sequence[Activity]) -> Section:
    tables = []
    for name, truth in truths.items():
        counts: Counter[tuple[str, str]] = Counter()
        for expected, row in evaluate(truth, activities)["confusion"].items():
            for got, n in row.items():
                counts[_kind(expected, expected), _kind(got, expected)] += n
        rows = tuple((expected, got, str(n)) for (expected, got), n in sorted(counts.items()))
        tables.append(Table((f"{name}: judged", "decided", "cases"), rows, (4, 4, 1)))
    return Section("Confusion matrix", ("Each pair of judged and decided that occurs.",), tuple(tables))


def _kind(value: str, expected: str) -> str:
    """Return a class as it is, and a list of P-codes as whether it is the one expected."""
    if not value.startswith(pack.settings().pcode):
        return value
    return "named areas" if value == expected else "other areas"


def _wrong(truths: Mapping[str, Truth], activities: Sequence[Activity]) -> Section:
    rows = []
    for truth in truths.values():
        for published in (True, False):
            for one in evaluate(truth, activities, published)["wrong"]:
                evidence = "; ".join(
                    f"{found['weight']} {found['points_to']}: “{found['words']}”" for found in one["evidence"]
                )
                with_it = "used" if published else "ignored"
                rows.append(
                    (one["activity_id"], with_it, one["expected"], one["got"], one["confidence"], evidence or "none")
                )
    head = ("activity", "publisher's scope", "judged", "decided", "confidence", "evidence")
    return Section("Cases that it gets wrong", (), (Table(head, tuple(rows), (5, 2, 3, 3, 2, 8)),))


def _signals(activities: Sequence[Activity]) -> Section:
    hits: dict[str, list[str]] = {signal.name: [] for signal in SIGNALS}
    for activity in activities:
        for name in sorted({one.signal for one in decide(activity).evidence}):
            hits[name].append(activity.activity_id)
    rows = tuple(
        (
            signal.name,
            str(signal.weight),
            signal.points_to,
            signal.reason,
            signal.source,
            str(len(hits[signal.name])),
            ", ".join(hits[signal.name][:EXAMPLES]),
        )
        for signal in SIGNALS
    )
    head = ("signal", "weight", "points to", "because", "practice behind it", "hits", "such as")
    return Section("Every signal and its hits", (), (Table(head, rows, (6, 2, 4, 7, 8, 2, 7)),))


def _ablation(truths: Mapping[str, Truth], activities: Sequence[Activity]) -> Section:
    found = ablation(activities, truths)
    now = totals(decide(one) for one in activities)
    right = [_percent(evaluate(truth, activities)["accuracy"]) for truth in truths.values()]
    rows = [("none", "", "", *(str(now[key]) for key in now), *right)]
    rows += [
        (
            row["signal"],
            str(row["hits"]),
            str(row["moved"]),
            *(str(row[key]) for key in now),
            *(_percent(row["right"][name]) for name in truths),
        )
        for row in found
        if row["hits"]
    ]
    silent = ", ".join(row["signal"] for row in found if not row["hits"])
    head = ("switched off", "hits", "moved", *now, *(f"right: {name}" for name in truths))
    text = ["How decisions and totals would change if one signal were switched off."]
    if silent:
        text.append(f"Without a hit in these activities: {silent}.")
    return Section(
        "Without each signal", tuple(text), (Table(head, tuple(rows), (5, 2, 2, 3, 3, 3, 2, *(4 for _ in truths))),)
    )
