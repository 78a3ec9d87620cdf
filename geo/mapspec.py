"""Floor 5: everything that a map needs to be drawn, on screen or on paper: one value, drawn by two hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from geo import (
    boundaries,
    classes,
    codes,
    colours,
    gazetteer,
    i18n,
    moves,
    pack,
    scope,
    summary,
    summary_words,
    tables,
    words,
)
from geo.classes import NO_DATA, ZERO, Break
from geo.code_columns import Ints
from geo.dataset import Dataset
from geo.filters import Filters
from geo.summary import Summary

Level = Literal["adm1", "adm2"]
Values = list[int | None]
CENTS = 100


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of the legend: ``index`` -1 no data, 0 zero, 1.. rising; bounds in the metric's unit, inclusive."""

    index: int
    label: str
    colour: str
    areas: int
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """One area of the map with its class and the figures that its tooltip, label and table row show."""

    pcode: str
    name_en: str
    name_lo: str
    class_index: int
    value: Decimal | None
    value_text: str
    activities: int
    agencies: int
    people_text: str
    budget_text: str
    goals: tuple[tuple[int, int], ...] = ()  # (goal, activities), goals with none left out


@dataclass(frozen=True, slots=True)
class MapSpec:
    """A map as a value.  All texts are in ``language`` and are shown as they stand, never as markup."""

    level: Level
    within: str  # P-code of the province that a district map is cut to; "" for the whole country
    language: str
    view: str  # registered, corrected or difference
    metric: str
    title: str
    subtitle: str  # the filters in words
    legend_title: str
    classes: tuple[LegendClass, ...]
    areas: tuple[AreaFigure, ...]
    total: int
    located: int
    nationwide: int
    unlocated: int
    nationwide_text: str
    unlocated_text: str
    notes: tuple[str, ...]
    source: str
    attribution: str
    disclaimer: str
    created: str  # ISO date that the map bears
    digest: str  # SHA-256 of the data set
    rule_version: str
    draft: bool = True
    lao_names: bool = False  # print Lao names beside the English ones


@dataclass(frozen=True, slots=True)
class _Scale:
    """Classes with their colours, in the order of the legend, and the way to a value's class."""

    breaks: tuple[Break, ...]
    colours: tuple[str, ...]
    diverging: bool

    def index(self, value: int | None) -> int:
        """Return the class index of a value: -1 no data, 0 zero, else the position in ``breaks`` from 1."""
        if value is None or value == 0 or not self.breaks:
            return NO_DATA if value is None else ZERO
        if not self.diverging:
            return classes.class_of(value, self.breaks)
        return next(at for at, one in enumerate(self.breaks, 1) if one.lower <= value <= one.upper)


def build(
    dataset: Dataset,
    filters: Filters,
    *,
    title: str = "",
    within: str = "",
    draft: bool = True,
    lao_names: bool = False,
    created: str = "",
) -> MapSpec:
    """Return the map of a view.

    ``within`` cuts a district map to one province; its classes stay those of the whole country.  ``created`` is the
    ISO date that the map bears (default: the data's own date, so that the same view gives the same bytes).
    """
    _ = i18n.translator(filters.lang)
    figures, before = sides(dataset, filters)
    values = area_values(figures, before, filters)
    scale = _scale(values, filters)
    areas = _areas(dataset, filters, figures, values, scale)
    return MapSpec(
        level="adm2" if filters.level == "adm2" else "adm1",
        within=within,
        language=filters.lang,
        view=filters.view,
        metric=filters.metric,
        title=title or _("UN development activities in {country}").format(country=_country(filters.lang)),
        subtitle=" · ".join((words.selection(filters) or _("all activities"), words.view_name(filters))),
        legend_title=words.legend_title(filters),
        classes=_legend(values, scale, filters),
        areas=tuple(area for area in areas if not within or gazetteer.province(area.pcode) == within),
        total=figures.total,
        located=figures.located,
        nationwide=figures.nationwide,
        unlocated=figures.unlocated,
        nationwide_text=summary_words.nationwide(figures, filters),
        unlocated_text=summary_words.unlocated(figures, filters),
        notes=_notes(dataset, filters, figures, before),
        source=words.source(dataset, filters),
        attribution=_(boundaries.credit()),
        disclaimer=words.disclaimer(filters.lang),
        created=created or dataset.published,
        digest=dataset.digest,
        rule_version=scope.RULE_VERSION,
        draft=draft,
        lao_names=lao_names,
    )


def sides(dataset: Dataset, filters: Filters) -> tuple[Summary, Summary | None]:
    """Return the figures of a view and, where it is the difference, those as registered that it is taken from."""
    figures, mask = tables.summarise(dataset, filters)
    return figures, tables.registered(dataset, filters, mask) if filters.view == "difference" else None


def area_values(figures: Summary, before: Summary | None, filters: Filters) -> Values:
    """Return the metric of each area in whole units (money in hundredths), or what changed since ``before``.

    None where nothing is stated.
    """
    now = _metric(figures, filters)
    if before is None:
        return now
    return [(new or 0) - (old or 0) for new, old in zip(now, _metric(before, filters), strict=True)]


def _notes(dataset: Dataset, filters: Filters, figures: Summary, before: Summary | None) -> tuple[str, ...]:
    notes = summary_words.notes(dataset, figures, filters)
    return notes if before is None else (moves.sentence(moves.between(before, figures), filters.lang), *notes)


def _metric(figures: Summary, filters: Filters) -> Values:
    area = figures.area
    if filters.metric == "people":
        return _stated(area.people, area.people_stated)
    if filters.metric == "budget":
        return _stated(area.high if filters.method == "range" else area.share, area.budgets)
    counts = summary.distinct(area.agencies) if filters.metric == "agencies" else area.activities
    return [int(value) for value in counts]


def _stated(values: Ints, stated: Ints) -> Values:
    return [int(value) if count else None for value, count in zip(values, stated, strict=True)]


def _scale(values: Sequence[int | None], filters: Filters) -> _Scale:
    """Return the classes of the whole country; one chosen goal gives its hue."""
    if filters.view == "difference":
        found = classes.diverging_breaks(values)
        return _Scale(found, colours.diverging(len(found) // 2), diverging=True)
    found = classes.breaks(values)
    hue = codes.goal(int(filters.sdg[0])).colour if len(filters.sdg) == 1 else colours.DEFAULT_HUE
    return _Scale(found, colours.ramp(hue, max(len(found), 1)), diverging=False)


def _legend(values: Values, scale: _Scale, filters: Filters) -> tuple[LegendClass, ...]:
    """Return the classes from the highest to the lowest, then zero and, where an area has none, no data."""
    _ = i18n.translator(filters.lang)
    indices = [scale.index(value) for value in values]
    rows = [
        LegendClass(
            index=at,
            label=words.class_label(one.lower, one.upper, filters),
            colour=colour,
            areas=indices.count(at),
            lower=Decimal(one.lower),
            upper=Decimal(one.upper),
        )
        for at, (one, colour) in enumerate(zip(scale.breaks, scale.colours, strict=False), 1)
        if (one.lower, one.upper) != (0, 0) and (at in indices or not scale.diverging)
    ]
    zero = _("no change") if scale.diverging else _("0 (none recorded)")
    rest = [LegendClass(ZERO, zero, colours.ZERO_COLOUR, indices.count(ZERO))]
    if NO_DATA in indices:
        rest.append(LegendClass(NO_DATA, _("not stated"), colours.NO_DATA_COLOUR, indices.count(NO_DATA)))
    return (*reversed(rows), *rest)


def _areas(
    dataset: Dataset, filters: Filters, figures: Summary, values: Values, scale: _Scale
) -> tuple[AreaFigure, ...]:
    found = []
    for row, goals, value in zip(tables.area_rows(dataset, figures), figures.area.goals, values, strict=True):
        found.append(
            AreaFigure(
                pcode=row["pcode"],
                name_en=row["name_en"],
                name_lo=row["name_lo"],
                class_index=scale.index(value),
                value=None if value is None else Decimal(value) / (CENTS if filters.metric == "budget" else 1),
                value_text=words.value(value, filters, row),
                activities=row["activities"],
                agencies=row["agencies"],
                people_text=words.people(row["people_reached"], filters.lang),
                budget_text=words.budget(row, filters),
                goals=tuple((int(at) + 1, int(goals[at])) for at in np.flatnonzero(goals)),
            )
        )
    return tuple(found)


def _country(language: str) -> str:
    settings = pack.settings()
    return settings.name_lo if pack.is_local(language) else settings.name_en
