"""Floor 5.1: what is said of the figures of a selection: the sum, what no map shows, how to read them."""

from __future__ import annotations

from geo import gazetteer, i18n, pack, words
from geo.dataset import Dataset
from geo.filters import Filters, without_district
from geo.summary import LOCATED, NATIONWIDE, UNLOCATED, Summary
from geo.words import Translate


def sum_line(language: str) -> str:
    """Return the line that adds up, with ``{total}``, ``{located}``, ``{nationwide}``, ``{unlocated}`` still open."""
    _ = i18n.translator(language)
    return _("{total} activities = {located} in provinces + {nationwide} nationwide + {unlocated} unlocated")


def adds_up(figures: Summary, language: str) -> str:
    """Return the line that adds up."""
    parts = ("total", "located", "nationwide", "unlocated")
    return sum_line(language).format(**{one: i18n.number(getattr(figures, one), language) for one in parts})


def nationwide(figures: Summary, filters: Filters) -> str:
    """Return the words of the nationwide box."""
    _ = i18n.translator(filters.lang)
    cents = int(figures.cents[NATIONWIDE])
    amount = f" ({words.money(cents, filters.lang)})" if cents else ""
    if not figures.nationwide:
        return _("Nationwide: none")
    return _("Nationwide: {count} activities{money}, not drawn on any province").format(
        count=i18n.number(figures.nationwide, filters.lang), money=amount
    )


def unlocated(figures: Summary, filters: Filters) -> str:
    """Return the words for activities without a known place; "" when there are none."""
    _ = i18n.translator(filters.lang)
    if not figures.unlocated:
        return ""
    cents = int(figures.cents[UNLOCATED])
    amount = f" ({words.money(cents, filters.lang)})" if cents else ""
    return _("Unlocated: {count} activities{money}; their source names no province").format(
        count=i18n.number(figures.unlocated, filters.lang), money=amount
    )


def notes(dataset: Dataset, figures: Summary, filters: Filters) -> tuple[str, ...]:
    """Return what a reader must know to read the figures rightly."""
    _ = i18n.translator(filters.lang)
    found = []
    if int(figures.area.activities.sum()) > figures.placed:
        found.append(_("An activity in several areas counts once in each of them and once in the country."))
    if filters.level == "adm2" and (count := int(without_district(dataset, filters).sum())):
        text = _("{count} activities are known by province only and are in no district.")
        if filters.area:  # they may be in districts of other provinces
            text = _("{count} activities name {area} but no district there.")
        areas = ", ".join(
            words.area_name(code, filters.lang) for code in filters.area if gazetteer.level(code) == "adm1"
        )
        found.append(text.format(count=i18n.number(count, filters.lang), area=areas))
    if filters.metric == "budget":
        found.append(_money_note(figures, filters, _))
    if filters.metric == "people":
        found.append(
            _("People reached are stated for whole activities; areas that share one each show its full figure.")
        )
    if (filters.span or filters.on) and not filters.undated and (undated := int((dataset.first_year == 0).sum())):
        found.append(
            _("{count} activities without any date are left out by the year filter.").format(
                count=i18n.number(undated, filters.lang)
            )
        )
    return tuple(found)


def _money_note(figures: Summary, filters: Filters, _: Translate) -> str:
    total = words.money(int(figures.cents.sum()), filters.lang)
    located = words.money(int(figures.cents[LOCATED]), filters.lang)
    basis = _(filters.basis)
    texts = {
        "range": _(
            "Budgets ({basis}): the low end counts activities of this area alone, the high end all that touch it. "
            "Total {total}, of it {located} in provinces."
        ),
        "equal": _(
            "Budgets ({basis}) are split equally over the provinces of an activity: an assumption. "
            "Total {total}, of it {located} in provinces."
        ),
        "population": _(
            "Budgets ({basis}) are split over the provinces of an activity by population (census {year}): "
            "an assumption. Total {total}, of it {located} in provinces."
        ),
    }
    return texts[filters.method].format(basis=basis, total=total, located=located, year=pack.settings().census_year)
