"""Floor 7: the words of the standalone page, by the name that its script asks for, ``{name}`` where figures go."""

from __future__ import annotations

from geo import i18n, words
from geo.checks import BUDGET_BASES
from geo.dataset import SCOPES
from geo.filters import METRICS, VIEWS, Filters


def texts(language: str, basis: str) -> dict[str, object]:
    """Return the page's words in a language; ``basis`` is the budget basis that money is counted in."""
    _ = i18n.translator(language)
    bare = Filters(lang=language)
    return {
        **_page(language),
        **_figures(language),
        **_card(language),
        "basis": _(basis) if basis else "",
        "bases": {name: _(name) for name in BUDGET_BASES},
        "languageName": i18n.locale(language).get_language_name() or language,
        "metrics": {name: words.metric_name(Filters(lang=language, metric=name)) for name in METRICS},
        "views": {name: words.view_name(Filters(lang=language, view=name)) for name in VIEWS},
        "scopes": {name: words.scope_name(name, language) for name in SCOPES},
        "levels": {"adm1": _("Provinces"), "adm2": _("Districts")},
        "titles": {
            level: {
                metric: words.legend_title(Filters(lang=language, metric=metric, level=level)) for metric in METRICS
            }
            for level in ("adm1", "adm2")
        },
        "change": words.legend_title(Filters(lang=language, view="difference")).replace(
            words.legend_title(bare), "{title}"
        ),
    }


def _page(language: str) -> dict[str, str]:
    _ = i18n.translator(language)
    return {
        "series": _("SDG activity map"),
        "draftMark": _("DRAFT, NOT CLEARED"),
        "skip": _("Skip to the list of activities"),
        "filters": _("Filters"),
        "language": _("Language"),
        "search": _("Words in titles, summaries, partners and places"),
        "goals": _("Goals"),
        "agencies": _("Agencies"),
        "donors": _("Donors"),
        "areas": _("Provinces and districts"),
        "status": _("Status"),
        "place": _("Where"),
        "years": _("Active in years"),
        "from": _("from"),
        "to": _("to"),
        "undated": _("also those without a date"),
        "view": _("Map"),
        "level": _("Areas"),
        "metric": _("Figure"),
        "reset": _("All activities"),
        "exported": _("The view as exported"),
        "print": _("Print"),
        "table": _("Figures by area"),
        "list": _("Activities"),
        "more": _("Show {count} more"),
        "nothing": _("No activity fits these filters. Take one away, or show all activities."),
        "here": _("Activities in {area}"),
        "nowhere": _("No recorded activity here under these filters."),
        "everywhere": _("Show all areas"),
        "about": _("About this page"),
        "held": _("This file holds {count} of {all} activities of the data; it asks nothing of any network."),
        "money": _("Money by area is shown as a range. Shares by other methods are in the dashboard."),
        "technical": _("Data {digest}, rule {rule}, made of the view of {created}."),
        "area": _("Area"),
        "once": _("In areas, each activity once"),
        "everything": _("All activities"),
    }


def _figures(language: str) -> dict[str, str]:
    _ = i18n.translator(language)
    return {
        "or": _("or"),
        "fundedBy": _("funded by"),
        "all": _("all activities"),
        "activeIn": _("active in {years}"),
        "orUndated": _("or undated"),
        "zero": _("0 (none recorded)"),
        "noChange": _("no change"),
        "notStated": _("not stated"),
        "addsUp": _("{total} activities = {located} in provinces + {nationwide} nationwide + {unlocated} unlocated"),
        "nationwideNone": _("Nationwide: none"),
        "nationwide": _("Nationwide: {count} activities{money}, not drawn on any province"),
        "unlocated": _("Unlocated: {count} activities{money}; their source names no province"),
        "several": _("An activity in several areas counts once in each of them and once in the country."),
        "provinceOnly": _("{count} activities are known by province only and are in no district."),
        "peopleNote": _(
            "People reached are stated for whole activities; areas that share one each show its full figure."
        ),
        "undatedOut": _("{count} activities without any date are left out by the year filter."),
        "moneyNote": _(
            "Budgets ({basis}): the low end counts activities of this area alone, the high end all that touch it. "
            "Total {total}, of it {located} in provinces."
        ),
        "activities": _("Activities"),
        "agenciesCount": _("Agencies"),
        "people": _("People reached"),
        "budget": _("Budget"),
    }


def _card(language: str) -> dict[str, str]:
    _ = i18n.translator(language)
    return {
        "stated": _("goals stated by the source"),
        "inferred": _("goals inferred from the content"),
        "partners": _("Implementing partners"),
        "targets": _("Targets"),
        "dates": _("Dates"),
        "published": _("Place as published"),
        "none": _("none"),
        "source": _("Source"),
        "openSource": _("Open the source"),
        "identifier": _("Identifier"),
        "why": _("Why it stands where it stands"),
        "registered": _("As registered"),
        "corrected": _("Corrected"),
        "confidence": _("Confidence: {level}"),
        "high": _("high"),
        "medium": _("medium"),
        "low": _("low"),
        "dropped": _("Taken away from: {names}"),
        "noEvidence": _("No evidence was found in the published text."),
    }
