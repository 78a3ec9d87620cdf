"""Floor 7: what the standalone page carries: activities with their decisions and every word, compact, as JSON values.

Texts that many activities share stand once in a table and are referred to by number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from geo import boundaries, codes, colours, filters, i18n, mapspec, pack, webmap, words
from geo.classes import CLASSES_A_SIDE, DEFAULT_CLASSES
from geo.dataset import Dataset
from geo.export import html_words
from geo.export.content import line, shorten
from geo.fields import Activity
from geo.filters import Filters
from geo.mapspec import MapSpec
from geo.scope import ScopeDecision

STATE = (
    "sdg",
    "agency",
    "donor",
    "area",
    "status",
    "scope",
    "years",
    "undated",
    "q",
    "lang",
    "view",
    "level",
    "metric",
)
# Filters that the page cannot change: only what they keep is in the file.
FIXED = ("target", "partner", "was", "now", "on")
VIEWS = ("corrected", "registered")


class Table:
    """Values that stand once, each with its number."""

    def __init__(self) -> None:
        self.values: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        """Return the number of a value, a new one the first time."""
        return self.values.setdefault(value, len(self.values))

    def all(self, values: Iterable[Any]) -> list[int]:
        """Return the numbers of several values."""
        return [self(value) for value in values]


def kept(dataset: Dataset, found: Filters) -> list[int]:
    """Return the rows of the data that the file holds: all that the filters it cannot change keep."""
    fixed = replace(Filters(view=found.view), **{name: getattr(found, name) for name in FIXED})
    if found.on and not found.span:
        fixed = replace(fixed, undated=found.undated)
    return [int(row) for row in np.flatnonzero(filters.apply(dataset, fixed))]


def values(dataset: Dataset, found: Filters, spec: MapSpec, *, title: str) -> dict[str, Any]:
    """Return everything that the page's script reads, beside what the map's own document holds."""
    languages = pack.settings().languages
    texts, dates = Table(), Table()
    agencies, donors = Table(), Table()
    rows = kept(dataset, found)
    activities = [_activity(dataset, row, texts, dates, agencies, donors) for row in rows]
    specs = {language: _words(dataset, found, language, title) for language in languages}
    return {
        "start": {name: _plain(getattr(found, name)) for name in STATE},
        "basis": found.basis,
        "draft": spec.draft,
        "activities": activities,
        "everything": len(dataset),
        "undated": int((dataset.first_year == 0).sum()),
        "strings": list(texts.values),
        "dates": {language: [i18n.date(day, language) for day in dates.values] for language in languages},
        "agencies": [[code, *_agency(code, languages)] for code in agencies.values],
        "donors": list(donors.values),
        "donorNames": {language: _donor_names((*donors.values, *found.donor), language) for language in languages},
        "statuses": {language: _statuses(language) for language in languages},
        "goals": {language: {goal.number: goal.name(language) for goal in codes.goals()} for language in languages},
        "goalColours": {goal.number: goal.colour for goal in codes.goals()},
        "ramps": _ramps(),
        "words": specs,
        "numbers": {language: _numbers(language) for language in languages},
        "colours": {"zero": colours.ZERO_COLOUR, "none": colours.NO_DATA_COLOUR},
        "digest": spec.digest,
        "rule": spec.rule_version,
    }


def _donor_names(donors: Iterable[str], language: str) -> dict[str, str]:
    """Return the names in a language of the donors that have one besides that of the data."""
    return {donor: name for donor in donors if (name := codes.donor_name(donor, language)) != donor}


def points(dataset: Dataset, found: Filters) -> bytes:
    """Return the point table: a point for each district of an activity, as corrected and then as registered."""
    where = boundaries.label_points("adm2")
    rows = kept(dataset, found)
    decisions = (dataset.places(view).decisions[row] for view in VIEWS for row in rows)
    return webmap.point_table(where[code] for decision in decisions for code in decision.areas if code in where)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _activity(dataset: Dataset, row: int, texts: Table, dates: Table, agencies: Table, donors: Table) -> list[Any]:
    """Return one activity as a row of values, in the order that the script names them."""
    one = dataset.activities[row]
    return [
        one.activity_id,
        line(one.title),
        line(one.summary),
        list(one.goals),
        one.goal_basis,
        list(one.targets),
        agencies.all(one.agencies),
        donors.all(one.donors),
        texts.all(map(line, one.implementers)),
        texts.all(map(line, one.places)),
        one.status,
        [dates(str(day)) if day else -1 for day in (one.start, one.end)],
        [int(dataset.first_year[row]), int(dataset.last_year[row])],
        int(dataset.cents[row]),
        texts(one.budget.currency) if one.budget else -1,
        texts(one.budget_basis) if one.budget else -1,
        int(dataset.people[row]),
        [texts(line(one.source_title)), _address(one), dates(one.source_date) if one.source_date else -1],
        dataset.haystacks[row],
        *(_decision(dataset.places(view).decisions[row], texts) for view in VIEWS),
    ]


def _address(one: Activity) -> str:
    """Return the source's address if it is one that a page may link to."""
    return one.source_url if one.source_url.startswith(("https://", "http://")) else ""


def _decision(found: ScopeDecision, texts: Table) -> list[Any]:
    evidence = [
        [texts(line(text)) for text in (one.words, one.field, one.reason, one.source)] for one in found.evidence
    ]
    head = [found.scope, list(found.areas), list(found.dropped), found.confidence, texts(line(found.reason))]
    return [*head, evidence]


def _agency(code: str, languages: Iterable[str]) -> list[str]:
    known = {agency.code: agency for agency in codes.agencies()}
    return [line(known[code].name(language)) if code in known else "" for language in languages]


def _statuses(language: str) -> dict[str, str]:
    names = {status.code: words.status_name(status.code, language) for status in codes.statuses()}
    return {**names, "none": words.status_name("none", language)}


def _ramps() -> dict[str, list[list[str]]]:
    """Return the colours of each number of classes: of the default hue (""), of each goal, and of changes."""
    hues = {"": colours.DEFAULT_HUE} | {str(goal.number): goal.colour for goal in codes.goals()}
    found = {key: [list(colours.ramp(hue, k)) for k in range(1, DEFAULT_CLASSES + 1)] for key, hue in hues.items()}
    return {**found, "change": [list(colours.diverging(k)) for k in range(CLASSES_A_SIDE + 1)]}


def _numbers(language: str) -> dict[str, Any]:
    """Return how a language writes numbers: its separators, and its words for sizes as [least, divisor, words]."""
    locale = i18n.locale(language)
    symbols = locale.number_symbols["latn"]
    sizes = []
    for least, pattern in sorted(
        locale.compact_decimal_formats["short"]["other"].items(), key=lambda item: -int(item[0])
    ):
        text = str(getattr(pattern, "pattern", pattern))
        zeros = text.count("0")
        sizes.append([int(least), int(least) // 10 ** (zeros - 1), text.replace("0" * zeros, "{}")])
    return {"group": symbols["group"], "decimal": symbols["decimal"], "sizes": sizes}


def _words(dataset: Dataset, found: Filters, language: str, title: str) -> dict[str, Any]:
    """Return every word of the page in one language; those of the map itself come with the map."""
    spec = mapspec.build(dataset, Filters(lang=language), title=shorten(line(title), 400))
    bare = Filters(lang=language)
    fixed = {name: words.selection(replace(bare, **{name: getattr(found, name)})) for name in FIXED}
    if found.on and not found.span:
        fixed["on"] = words.selection(replace(bare, on=found.on, undated=found.undated))
    return {
        **html_words.texts(language, found.basis),
        "title": spec.title,
        "source": spec.source,
        "attribution": spec.attribution,
        "disclaimer": spec.disclaimer,
        "fixed": fixed,
        "created": i18n.date(spec.created[:10], language),
    }
