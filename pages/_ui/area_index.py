"""The index of the provinces, and what it shares with the page of one: names, links, the table of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from geo import gazetteer, pack, profile, words
from geo.dataset import Dataset
from geo.filters import METRICS, Filters
from geo.profile import Row
from geo.studio_spec import StudioSpec
from pages._ui import cache, facts, linked, state
from pages._ui.text import esc, md

Translate = Callable[[str], str]
Opens = Callable[[str], str]
ORDER = {"activities": "activities", "agencies": "agencies", "people": "people_reached", "budget": "budget_high"}


def names(pcode: str) -> tuple[str, str]:
    """Return an area's name in the language of the view and in the other one ("" where there is none)."""
    both = gazetteer.names(pcode)
    first, second = (
        (both.name_lo, both.name_en) if pack.is_local(state.current().lang) else (both.name_en, both.name_lo)
    )
    return first or both.name_en, second


def page_of(found: Filters, pcode: str) -> Filters:
    """Return the view of an area's page under the same filters; the page's area stands for the area filter."""
    return replace(found, focus=pcode, area=(), activity="", who="")


def inside(found: Filters, pcode: str) -> Filters:
    """Return the view that selects an area's activities, for a page of its own: the area is its filter."""
    return replace(profile.base(found), area=(pcode,), goal="")


def choose(found: Filters) -> None:
    """Draw the list to go to an area by name; districts bear their province's."""
    _ = state.words()
    options = [*gazetteer.all_areas("adm1"), *gazetteer.all_areas("adm2")]

    def show(code: str) -> str:
        label = " · ".join(name for name in names(code) if name)
        return label if gazetteer.level(code) == "adm1" else f"{label} ({names(gazetteer.province(code))[0]})"

    def change() -> None:
        state.go(focus=st.session_state["w_focus"] or "", activity="")

    st.session_state["w_focus"] = found.focus or None
    st.selectbox(
        _("Go to a province or district"),
        options,
        key="w_focus",
        format_func=show,
        on_change=change,
        placeholder=_("type a name"),
    )


def index(data: Dataset, found: Filters) -> None:
    """Draw the provinces as a table in the order of the chosen figure, with their map."""
    _ = state.words()
    st.subheader(_("Areas"), anchor=False)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        _order(found)
    with right:
        choose(found)
    plain = profile.base(found)
    rows = profile.rows(data, found, "adm1")
    key = ORDER[found.metric]
    rows.sort(key=lambda row: (row[key] is None, -(row[key] or 0), row["pcode"]))
    spec = cache.spec(data, replace(plain, level="adm1"))
    figures, _mask = cache.selection(data, replace(plain, level="adm1"))
    facts.adds_up(figures, linked.MAP, replace(plain, goal=""), place_filter(found, _), *spec.notes)
    table, picture = st.columns([5, 2], gap="medium")
    with table:
        st.html(figures_table(found, rows, _("The provinces, ordered by: {figure}").format(
            figure=words.metric_name(found))))  # fmt: skip
        st.caption(md(census(_)))
    with picture:
        st.html(facts.choropleth(spec, f"{spec.legend_title}. {_('The table has the figures.')}", 300, 380, 320))
        st.caption(md(spec.attribution))
        facts.map_files(replace(plain, level="adm1"), StudioSpec(kind="map"))


def place_filter(found: Filters, _: Translate) -> str:
    """Say that the area filter does not hold on these pages; "" when there is none."""
    if not found.area:
        return ""
    return _("The area filter ({areas}) does not narrow this page, which compares all areas.").format(
        areas=", ".join(words.area_name(code, found.lang) for code in found.area)
    )


def _order(found: Filters) -> None:
    _ = state.words()
    labels = {
        "activities": _("Activities"),
        "agencies": _("Agencies"),
        "people": _("People reached"),
        "budget": _("Budget"),
    }
    st.session_state["w_order"] = found.metric
    st.segmented_control(
        _("Order by"),
        list(METRICS),
        key="w_order",
        format_func=labels.__getitem__,
        required=True,
        on_change=lambda: state.go(metric=st.session_state["w_order"]),
    )


def census(_: Translate) -> str:
    """Return where the populations are from."""
    text = _("Per 100,000 people: {source}. The census table gives provinces only, so districts have no such figure.")
    return text.format(source=_(pack.settings().census_source))


def behind(found: Filters, pcode: str) -> dict[str, Opens]:
    """Return what each figure of an area opens: its activities (people and money said with each) or its agencies."""
    page = page_of(found, pcode)
    return {
        "activities": facts.opening(linked.AREAS, page),
        "agencies": facts.opening(linked.PARTNERS, inside(found, pcode), "partners"),
        "people": facts.opening(linked.AREAS, replace(page, metric="people")),
        "budget": facts.opening(linked.AREAS, replace(page, metric="budget")),
    }


def figures_table(found: Filters, rows: Sequence[Row], caption: str, here: str = "") -> str:
    """Return areas with their figures as a table; each name opens its page."""
    _ = state.words()
    most = max((row["activities"] for row in rows), default=0)
    per = any(row["per_100k"] is not None for row in rows)
    head = [_("Area"), _("Activities"), _("Agencies"), _("People reached"), _("Budget ({basis})").format(
        basis=_(found.basis))]  # fmt: skip
    body = []
    for row in rows:
        first, second = names(row["pcode"])
        label = linked.link(f"<b>{esc(first)}</b>", linked.AREAS, page_of(found, row["pcode"]))
        listed = behind(found, row["pcode"])
        cells = [
            f'{label} <span class="lao-sub">{esc(second)} {row["pcode"]}</span>',
            listed["activities"](state.number(row["activities"])) + linked.bar(row["activities"], most),
            listed["agencies"](state.number(row["agencies"])),
            listed["people"](words.people(row["people_reached"], found.lang)),
            listed["budget"](words.budget(row, replace(found, method="range"))),
        ]
        body.append([*cells, listed["activities"](rate(row["per_100k"]))] if per else cells)
    marked = next((at for at, row in enumerate(rows) if row["pcode"] == here), -1)
    titles = [*head, _("Activities per 100,000 people")] if per else head
    return linked.table(caption, titles, body, numbers={1, 2, 3, 4, 5}, here=marked)


def rate(value: float | None) -> str:
    """Return a rate with one decimal, a dash where there is none."""
    return "–" if value is None else state.number(round(value, 1))
