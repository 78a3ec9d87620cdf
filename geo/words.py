"""Floor 5: figures and filters in words, in the language of the view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from geo import codes, gazetteer, i18n, pack
from geo.dataset import EMBEDDED, FOLDER, SCOPES, Dataset
from geo.errors import shorten
from geo.filters import ELSEWHERE, Filters

Translate = Callable[[str], str]


def money(cents: int, language: str, currency: str = "USD") -> str:
    """Return hundredths of a currency as a short amount, such as ``USD 4.7M``."""
    return f"{currency} {i18n.compact(cents / 100, language)}"


def money_range(low: int, high: int, language: str) -> str:
    """Return a range of money, one figure where both ends are equal."""
    if low == high:
        return money(low, language)
    return f"{money(low, language)} – {i18n.compact(high / 100, language)}"


def area_name(pcode: str, language: str) -> str:
    """Return an area's name in the language, the English one where the language has none."""
    names = gazetteer.names(pcode)
    return (names.name_lo if pack.is_local(language) else "") or names.name_en


def goal_name(number: str | int, language: str) -> str:
    """Return a goal as ``SDG 6 Clean water and sanitation``."""
    goal = codes.goal(int(number))
    return f"SDG {goal.number} {goal.name(language)}"


def status_name(code: str, language: str) -> str:
    """Return the name of an IATI status, or the words for none."""
    if code == "none":
        return i18n.translator(language)("no status given")
    found = codes.status(code)
    return found.name_lo if pack.is_local(language) and found.name_lo else found.name_en


def disclaimer(language: str) -> str:
    """Return what every map says of its boundaries and names."""
    return i18n.translator(language)(
        "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
        "acceptance by the United Nations."
    )


def metric_name(filters: Filters) -> str:
    """Return the metric's name in the view's language."""
    _ = i18n.translator(filters.lang)
    names = {
        "activities": _("Activities"),
        "agencies": _("Agencies"),
        "people": _("People reached, where stated"),
        "budget": _("Budget, range"),
    }
    methods = {"equal": _("Budget, equal shares"), "population": _("Budget, shared by population")}
    if filters.metric == "budget" and filters.method in methods:
        return methods[filters.method]
    return names[filters.metric]


def scope_name(scope: str, language: str) -> str:
    """Return a scope in words."""
    _ = i18n.translator(language)
    return {"subnational": _("in provinces"), "nationwide": _("nationwide"), "unlocated": _("unlocated")}[scope]


def place_name(place: str, language: str) -> str:
    """Return a scope or the area of a P-code in words."""
    return scope_name(place, language) if place in SCOPES else area_name(place, language)


def selection(filters: Filters) -> str:
    """Return the filters in words, such as ``SDG 6 Clean Water · UNICEF or WFP · Attapeu``; "" for all activities."""
    _ = i18n.translator(filters.lang)
    language = filters.lang
    either = f" {_('or')} "
    parts = [
        either.join(goal_name(number, language) for number in filters.sdg),
        either.join(f"{_('target')} {target}" for target in filters.target),
        either.join(filters.agency),
        either.join(f"{_('funded by')} {codes.donor_name(donor, language)}" for donor in filters.donor),
        either.join(f"{_('with')} {partner}" for partner in filters.partner),
        either.join(area_name(code, language) for code in filters.area),
        either.join(status_name(code, language) for code in filters.status),
        either.join(scope_name(name, language) for name in filters.scope),
        _standing(filters.was, _("as registered: {places}"), filters),
        _standing(filters.now, _("after the rule: {places}"), filters),
        _years(filters, _),
        _on(filters, _),
        f"“{filters.q}”" if filters.q else "",
    ]
    return " · ".join(part for part in parts if part)


def _standing(places: Sequence[str], text: str, filters: Filters) -> str:
    _ = i18n.translator(filters.lang)
    names = [_("elsewhere than now") if one == ELSEWHERE else place_name(one, filters.lang) for one in places]
    return text.format(places=f" {_('or')} ".join(names)) if names else ""


def _years(filters: Filters, _: Translate) -> str:
    if not filters.span:
        return ""
    first, last = filters.span
    span = f"{first}" if first == last else f"{first}–{last}"
    text = _("active in {years}").format(years=span)
    return f"{text} {_('or undated')}" if filters.undated else text


def _on(filters: Filters, _: Translate) -> str:
    if not filters.on:
        return ""
    text = _("active on {date}").format(date=i18n.date(filters.on, filters.lang))
    return f"{text} {_('or undated')}" if filters.undated and not filters.span else text


def view_name(filters: Filters) -> str:
    """Return the view in words."""
    _ = i18n.translator(filters.lang)
    return {
        "registered": _("as registered"),
        "corrected": _("corrected for nationwide work"),
        "difference": _("difference: corrected less registered"),
    }[filters.view]


def legend_title(filters: Filters) -> str:
    """Return the legend's title: the metric, its unit and the level."""
    _ = i18n.translator(filters.lang)
    level = _("per district") if filters.level == "adm2" else _("per province")
    title = f"{metric_name(filters)} {level}"
    return _("Change: {title}").format(title=title) if filters.view == "difference" else title


def value(amount: int | None, filters: Filters, row: Mapping[str, Any]) -> str:
    """Return the metric of one area as the map prints it; signed in the view of differences."""
    if amount is None:
        return "–"
    if filters.view == "difference":
        return _signed(amount, filters)
    if filters.metric == "budget" and filters.method == "range":
        return budget(row, filters)
    return _plain(amount, filters)


def _plain(amount: int, filters: Filters) -> str:
    return money(amount, filters.lang) if filters.metric == "budget" else i18n.number(amount, filters.lang)


def _signed(amount: int, filters: Filters) -> str:
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return sign + _plain(abs(amount), filters)


def class_label(lower: int, upper: int, filters: Filters) -> str:
    """Return the bounds of a class as the legend shows them; money with a decimal more, so that classes differ."""
    if filters.metric == "budget" and filters.view != "difference":
        low, high = (i18n.compact(cents / 100, filters.lang, digits=2) for cents in (lower, upper))
        return f"USD {low}" if low == high else f"USD {low} – {high}"
    show = _signed if filters.view == "difference" else _plain
    low, high = show(lower, filters), show(upper, filters)
    return low if low == high else f"{low} – {high}"


def people(count: int | None, language: str) -> str:
    """Return people reached, a dash where no activity states them."""
    return "–" if count is None else i18n.number(count, language)


def budget(row: Mapping[str, Any], filters: Filters) -> str:
    """Return the money of an area: a range, or its share by the method of the view; a dash where none is stated."""
    if not row["budgets"]:
        return "–"
    if filters.method == "range":
        return money_range(round(row["budget_low"] * 100), round(row["budget_high"] * 100), filters.lang)
    return money(round(row["budget_share"] * 100), filters.lang)


def source(dataset: Dataset, filters: Filters) -> str:
    """Return the source line."""
    _ = i18n.translator(filters.lang)
    source, date = data_source(dataset, filters.lang), i18n.date(dataset.published, filters.lang)
    if dataset.version:
        said = _("Source: {source}; version {number}, data of {date}.")
        return said.format(source=source, number=dataset.version, date=date)
    return _("Source: {source}; data of {date}.").format(source=source, date=date)


def data_source(dataset: Dataset, language: str) -> str:
    """Return where the data comes from: the country pack's source, or the file or folder that was named instead."""
    if _is_own(dataset):
        return data_name(dataset, language)
    return i18n.translator(language)(pack.settings().data["source"])


def data_name(dataset: Dataset, language: str) -> str:
    """Return what the data is, such as ``version 3``, ``the embedded data`` or ``file plans.csv``."""
    _ = i18n.translator(language)
    if _is_own(dataset):
        text = _("folder {name}") if dataset.origin == FOLDER else _("file {name}")
        return text.format(name=shorten(dataset.name))
    return _("version {number}").format(number=dataset.version) if dataset.version else _("the embedded data")


def version_name(dataset: Dataset, language: str) -> str:
    """Return what the data is and its date, such as ``version 3 of 23 November 2026``."""
    _ = i18n.translator(language)
    date = i18n.date(dataset.published, language)
    if _is_own(dataset):
        return _("{data} of {date}").format(data=data_name(dataset, language), date=date)
    if dataset.version:
        return _("version {number} of {date}").format(number=dataset.version, date=date)
    return _("embedded data of {date}").format(date=date)


def _is_own(dataset: Dataset) -> bool:
    """Tell whether the data is a file or folder of one's own, which no version stands for."""
    return not dataset.version and dataset.origin != EMBEDDED
