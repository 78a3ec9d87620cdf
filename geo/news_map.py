"""Floor 5.6: news as a map: items by province in the map that activities have, with words of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from geo import boundaries, classes, codes, colours, gazetteer, i18n, news, pack, words
from geo.classes import Break
from geo.filters import Filters
from geo.mapspec import AreaFigure, LegendClass, MapSpec
from geo.news import News, NewsItem


def rows(items: Sequence[NewsItem]) -> list[dict[str, Any]]:
    """Return a row for each province in the order of P-codes: names, items, agencies that they name, items by goal."""
    found = []
    for pcode in gazetteer.all_areas("adm1"):
        here = news.for_area(items, pcode)
        names = gazetteer.names(pcode)
        counts = {goal.number: len(news.for_goal(here, goal.number)) for goal in codes.goals()}
        found.append(
            {
                "pcode": pcode,
                "name_en": names.name_en,
                "name_lo": names.name_lo,
                "items": len(here),
                "agencies": len({code for item in here for code in item.agencies}),
                "goals": tuple((number, count) for number, count in counts.items() if count),
            }
        )
    return found


def map_words(language: str) -> Mapping[str, str]:
    """Return the words that the map shows in the place of its own where it counts news."""
    _ = i18n.translator(language)
    # A news item is not moved by the rule on nationwide activities: the legend names no view.
    return {"map": _("Map of news"), "activities": _("News items"), "open": _("Show the news"), "corrected": ""}


def adds_up(items: Sequence[NewsItem], language: str) -> str:
    """Return the line that adds up."""
    _ = i18n.translator(language)
    parts = {scope: len(news.of_scope(items, scope)) for scope in ("subnational", "nationwide", "unlocated")}
    return _(
        "{total} news items = {located} in provinces + {nationwide} nationwide + {unlocated} without a place"
    ).format(
        total=len(items), located=parts["subnational"], nationwide=parts["nationwide"], unlocated=parts["unlocated"]
    )


def nationwide(items: Sequence[NewsItem], language: str) -> str:
    """Return the words of the nationwide band."""
    _ = i18n.translator(language)
    count = i18n.number(len(news.of_scope(items, "nationwide")), language)
    return _("Nationwide: {count} news items, not drawn on any province").format(count=count)


def unlocated(items: Sequence[NewsItem], language: str) -> str:
    """Return the words for items without a place; "" when there are none."""
    _ = i18n.translator(language)
    count = len(news.of_scope(items, "unlocated"))
    if not count:
        return ""
    return _("Without a place: {count} news items; their source names no province that they are about").format(
        count=i18n.number(count, language)
    )


def build(found: News, items: Sequence[NewsItem], filters: Filters) -> MapSpec:
    """Return the map of ``items``, those of ``found`` that the filters keep: one national set of classes."""
    _ = i18n.translator(filters.lang)
    counted = rows(items)
    breaks = classes.breaks(row["items"] for row in counted)
    settings = pack.settings()
    notes = [adds_up(items, filters.lang)]
    if any(len(item.provinces) > 1 for item in items):
        notes.append(_("An item about several provinces counts once in each of them and once in the country."))
    return MapSpec(
        level="adm1",
        within="",
        language=filters.lang,
        view="corrected",
        metric="activities",
        title=_("UN news"),
        subtitle=words.selection(filters) or _("all news"),
        legend_title=_("News items per province"),
        classes=_legend(breaks, [row["items"] for row in counted], filters),
        areas=tuple(_figure(row, breaks, filters.lang) for row in counted),
        total=len(items),
        located=len(news.of_scope(items, "subnational")),
        nationwide=len(news.of_scope(items, "nationwide")),
        unlocated=len(news.of_scope(items, "unlocated")),
        nationwide_text=nationwide(items, filters.lang),
        unlocated_text=unlocated(items, filters.lang),
        notes=tuple(notes),
        source=_("Source: the page that each item links to."),
        attribution=_(boundaries.credit()),
        disclaimer=words.disclaimer(filters.lang),
        created=settings.data["date"],
        digest=found.digest,
        rule_version="",
    )


def _figure(row: Mapping[str, Any], breaks: tuple[Break, ...], language: str) -> AreaFigure:
    return AreaFigure(
        pcode=row["pcode"],
        name_en=row["name_en"],
        name_lo=row["name_lo"],
        class_index=classes.class_of(row["items"], breaks),
        value=Decimal(row["items"]),
        value_text=i18n.number(row["items"], language),
        activities=row["items"],
        agencies=row["agencies"],
        people_text="",
        budget_text="",
        goals=row["goals"],
    )


def _legend(breaks: tuple[Break, ...], values: Sequence[int], filters: Filters) -> tuple[LegendClass, ...]:
    """Return the classes from the highest to zero; one chosen goal gives its hue."""
    _ = i18n.translator(filters.lang)
    hue = codes.goal(int(filters.sdg[0])).colour if len(filters.sdg) == 1 else colours.DEFAULT_HUE
    ramp = colours.ramp(hue, max(len(breaks), 1))
    shown = [
        LegendClass(at, classes.label(one), colour, one.count, Decimal(one.lower), Decimal(one.upper))
        for at, (one, colour) in enumerate(zip(breaks, ramp, strict=False), 1)
    ]
    zero = LegendClass(classes.ZERO, _("0 (none recorded)"), colours.ZERO_COLOUR, sum(not value for value in values))
    return (*reversed(shown), zero)
