"""Widgets -> ``Filters``: each shows the address' value and writes a new one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from geo import codes, filters, gazetteer, i18n, words
from geo.code_columns import Codes
from geo.dataset import SCOPES, Dataset
from geo.filters import Filters
from pages._ui import cache, state
from pages._ui.text import md

Counts = dict[str, int]
_COUNT = re.compile(r" \([0-9]+\)")


def panel(data: Dataset) -> None:
    """Draw the filter panel; every choice shows how many activities it has under the other filters."""
    found, _ = state.current(), state.words()
    head, reset = st.columns([3, 2], vertical_alignment="center")
    head.subheader(_("Filters"), anchor=False)
    reset.button(
        _("Reset"), on_click=_reset, disabled=found.without_view() == Filters(view=found.view), width="stretch"
    )
    _slave("q", found.q)
    st.text_input(
        _("Words"), key="w_q", max_chars=filters.MAX_TEXT, on_change=_text, placeholder=_("title, partner, place")
    )
    _goals(data, found)
    _places(data, found)
    _many(data, found, "agency", _("Agencies"), data.agencies, str)
    _many(data, found, "donor", _("Donors"), data.donors, partial(codes.donor_name, language=found.lang))
    _years(data, found)
    _ruled(found)
    names = {status.code: words.status_name(status.code, found.lang) for status in codes.statuses()}
    _many(data, found, "status", _("Status"), data.status, lambda code: names.get(code, code))
    used = bool(found.scope or found.partner or found.target)
    more = st.expander(_("More filters"), expanded=used, key="more_filters", on_change="rerun")
    if more.open or used:  # long lists: sent when somebody looks
        with more:
            _scope(data, found)
            _many(data, found, "partner", _("Implementing partners"), data.implementers, str)
            _many(data, found, "target", _("Targets"), data.targets, str)


def _slave(name: str, value: object) -> None:
    """Set a widget to the address' value; done before the widget is drawn, on every run."""
    st.session_state[f"w_{name}"] = value


def _text() -> None:
    state.go(q=st.session_state["w_q"].strip())


def _values(name: str, options: Sequence[str], show: Callable[[str], str]) -> list[str]:
    """Return the codes that a widget holds.

    On a slow line somebody may press a choice whose count has changed meanwhile: its old label comes instead of its
    code, and is understood without the count.  What no choice is called any more is left out.
    """
    known = set(options)
    held = [str(value) for value in st.session_state[f"w_{name}"]]
    labels = {} if known.issuperset(held) else {_COUNT.sub("", show(code)): code for code in options}
    codes = (value if value in known else labels.get(_COUNT.sub("", value), "") for value in held)
    return [code for code in codes if code]


def _chosen(name: str, options: Sequence[str], show: Callable[[str], str]) -> Callable[[], None]:
    def change() -> None:
        values = _values(name, options, show)
        state.go(
            **{name: tuple(sorted(values, key=lambda value: (len(value), value) if name == "sdg" else (0, value)))}
        )

    return change


def _reset() -> None:
    """Take all filters off; what stands open and the way of showing it stay."""
    plain, kept = Filters(), (*filters.SHOWN, "view")
    state.go(**{name: getattr(plain, name) for name in Filters.__dataclass_fields__ if name not in kept})


def _counts(data: Dataset, found: Filters, name: str, column: Codes) -> Counts:
    kept = filters.keep(cache.facets(data, found), len(data), leaving_out=name)
    return dict(zip(column.names, (int(count) for count in column.counts(kept)), strict=True))


def _goals(data: Dataset, found: Filters) -> None:
    """Draw the goals as numbered tiles in their colours."""
    _ = state.words()
    counts = _counts(data, found, "sdg", data.goals)
    names = {str(goal.number): goal.short(found.lang) for goal in codes.goals()}
    _slave("sdg", list(found.sdg))
    # The counts are drawn by a style: a label that changes with them would be unknown to a press that was on its way.
    values = "".join(f"--c{place}:'{counts[number]}';" for place, number in enumerate(names, 1))
    st.html(f"<style>.st-key-w_sdg{{{values}}}</style>")
    st.pills(
        _("Goals"),
        list(names),
        selection_mode="multi",
        key="w_sdg",
        format_func=lambda number: f"**{number}** {names[number]}",
        on_change=_chosen("sdg", list(names), str),
        help=_("A goal's number, its name, and its activities under the other filters."),
    )


def _many(data: Dataset, found: Filters, name: str, label: str, column: Codes, show: Callable[[str], str]) -> None:
    """Draw a list to choose from, the most frequent first; what the other filters leave nothing of is not offered."""
    counts = _counts(data, found, name, column)
    chosen = getattr(found, name)
    offered = [code for code in column.names if counts[code] or code in chosen]
    options = sorted(offered, key=lambda code: (-counts[code], code))
    _multiselect(name, label, options, chosen, lambda code: f"{show(code)} ({counts[code]})", column.names)


def _multiselect(
    name: str,
    label: str,
    options: Sequence[str],
    value: Sequence[str],
    show: Callable[[str], str],
    every: Sequence[str] = (),
) -> None:
    """Draw a list to choose from; ``every`` are its choices with those that are not offered now."""
    _ = state.words()
    _slave(name, [code for code in value if code in options])
    change = _chosen(name, every or options, show)
    st.multiselect(label, options, key=f"w_{name}", format_func=show, on_change=change, placeholder=_("any"))


def _places(data: Dataset, found: Filters) -> None:
    """Draw provinces, then their districts."""
    _ = state.words()
    kept = filters.keep(cache.facets(data, found), len(data), leaving_out="area")
    places = data.places(found.view)
    counts: Counts = {}
    for column in (places.adm1, places.adm2):
        counts.update(zip(column.names, (int(count) for count in column.counts(kept)), strict=True))
    provinces = [code for code in found.area if gazetteer.level(code) == "adm1"]
    districts = [code for code in found.area if gazetteer.level(code) == "adm2"]
    opened = {*provinces, *map(gazetteer.province, districts)}

    def show(code: str) -> str:
        return f"{words.area_name(code, found.lang)} ({counts[code]})"

    def change() -> None:
        """Take both lists; a district replaces its province, which would keep all of it."""
        chosen = _values("adm2", choices, show_district)
        inside = {gazetteer.province(code) for code in chosen}
        state.go(area=tuple(sorted({*_values("adm1", places.adm1.names, show)} - inside | {*chosen})))

    _slave("adm1", provinces)
    st.multiselect(
        _("Provinces"), places.adm1.names, key="w_adm1", format_func=show, on_change=change, placeholder=_("any")
    )
    choices = [
        code
        for code in places.adm2.names
        if (gazetteer.province(code) in opened if opened else counts[code]) or code in districts
    ]

    def show_district(code: str) -> str:
        return show(code) if opened else f"{show(code)} · {words.area_name(gazetteer.province(code), found.lang)}"

    _slave("adm2", districts)
    st.multiselect(
        _("Districts"), choices, key="w_adm2", format_func=show_district, on_change=change, placeholder=_("any")
    )


def _scope(data: Dataset, found: Filters) -> None:
    _ = state.words()
    kept = filters.keep(cache.facets(data, found), len(data), leaving_out="scope")
    counts = np.bincount(data.places(found.view).scope[kept], minlength=len(SCOPES))
    _multiselect(
        "scope",
        _("Where"),
        SCOPES[::-1],
        found.scope,
        lambda name: f"{words.scope_name(name, found.lang)} ({counts[SCOPES.index(name)]})",
    )


def _ruled(found: Filters) -> None:
    """Draw the filters on what the rule did, where a link has set them: each is taken away by a press."""
    _ = state.words()
    for name in ("was", "now"):
        if places := getattr(found, name):
            label = words.selection(Filters(lang=found.lang, **{name: places}))
            away = _("Take this filter away")
            st.button(f"{md(label)} ✕", key=f"w_{name}", on_click=state.go, kwargs={name: ()}, help=away)


def _years(data: Dataset, found: Filters) -> None:
    """Draw the years in which an activity is active, and what becomes of those without a date."""
    _ = state.words()
    dated = data.first_year > 0
    if not dated.any():
        return
    first, last = int(data.first_year[dated].min()), int(data.last_year[dated].max())
    low, high = found.span or (first, last)
    _slave("years", (max(first, min(low, last)), min(last, max(high, first))))

    def change() -> None:
        chosen = st.session_state["w_years"]
        state.go(years="" if chosen == (first, last) else f"{chosen[0]}-{chosen[1]}")

    st.slider(_("Active in the years"), first, last, key="w_years", on_change=change)
    if found.on:
        day = i18n.date(found.on, found.lang)
        label = _("Active on {date}").format(date=day)
        st.button(f"{label} ✕", key="w_off", on_click=state.go, kwargs={"on": ""}, help=_("Take this filter away"))
    if found.span or found.on:
        masks = {name: mask for name, mask in cache.facets(data, found).items() if name not in ("years", "on")}
        kept = filters.keep(masks, len(data))
        undated = int((kept & ~dated).sum())
        _slave("undated", bool(found.undated))
        st.checkbox(
            _("Keep {count} activities without any date").format(count=undated),
            key="w_undated",
            on_change=lambda: state.go(undated="1" if st.session_state["w_undated"] else ""),
        )


def level_and_metric(found: Filters) -> None:
    """Draw the switches of the map: what is shown, by which area, before or after the rule."""
    _ = state.words()
    views = {"corrected": _("Corrected"), "registered": _("As registered"), "difference": _("Difference")}
    levels = {"adm1": _("Provinces"), "adm2": _("Districts")}
    metrics = {
        "activities": _("Activities"),
        "agencies": _("Agencies"),
        "people": _("People reached"),
        "budget": _("Budget"),
    }
    with st.container(horizontal=True, gap="medium"):
        switch("view", _("Nationwide work"), views, found.view)
        switch("level", _("Areas"), levels, found.level)
        switch("metric", _("Figure"), metrics, found.metric)
    if found.metric == "budget":
        money(found)


def money(found: Filters) -> None:
    """Draw how money is shown by area, and which of the two bases is counted."""
    _ = state.words()
    methods = {"range": _("Range"), "equal": _("Equal shares"), "population": _("By population")}
    bases = {"stated total": _("stated total"), "sum of published years": _("sum of published years")}
    with st.container(horizontal=True, gap="medium"):
        switch("method", _("Money by area"), methods, found.method)
        switch("basis", _("Budgets counted (the two kinds are never added up)"), bases, found.basis)


def switch(name: str, label: str, options: dict[str, str], value: str) -> None:
    """Draw a choice of one, kept in the address under ``name``."""
    _slave(name, value)
    st.segmented_control(
        label,
        list(options),
        key=f"w_{name}",
        format_func=options.__getitem__,
        required=True,
        on_change=lambda: state.go(**{name: st.session_state[f"w_{name}"]}),
    )
