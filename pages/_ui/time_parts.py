"""The parts of the page of time: a year or a day, what is active then, and starts and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from geo import charts, colours, filters, i18n, timeline
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.filters import Filters
from geo.summary import Summary
from pages._ui import cache, cards, chart_parts, file_links, linked, state
from pages._ui.chart_files import PAGE
from pages._ui.chart_parts import TIME
from pages._ui.livemap import live_map
from pages._ui.text import esc, md

PACE = 1200  # milliseconds that a year stands while playing
PLAY_CSS = """
button { font: inherit; width: 100%; min-height: 2.5rem; padding: .25rem .9rem; cursor: pointer; border-radius: .5rem;
  border: 1px solid var(--st-border-color, #8794a1); background: #fff; color: #1c2530; }
button:hover { border-color: var(--st-primary-color, #1f5a8a); color: var(--st-primary-color, #1f5a8a); }
button:focus-visible { outline: 2px solid #1f5a8a; outline-offset: 2px; }
"""
_player = st.components.v2.component(
    "lao_sdg_play",
    html="<span></span>",
    css=PLAY_CSS,
    js=(Path(__file__).parent / "play.js").read_text(encoding="utf-8"),
)


def always(found: Filters) -> Filters:
    """Return the view without its year or day: what stands on the axis of time."""
    return replace(chart_parts.plain(found), years="", on="", undated="")


def years(data: Dataset, found: Filters) -> Summary:
    """Draw the activities of each year; each bar opens its year.  Returns the figures of all years."""
    figures, _mask = cache.selection(data, always(found))
    chart = year_chart(figures, found)
    if chart.bars:
        st.html(charts.upright(chart))
    chart_parts.undated(figures, found)
    return figures


def controls(data: Dataset, found: Filters, figures: Summary) -> None:
    """Draw the year as a slider, its player, and the day; one of year and day holds at a time."""
    _ = state.words()
    if not figures.years:
        st.caption(md(_("No activity of this selection states a date.")))
        return
    every = [str(year) for year in range(min(figures.years), max(figures.years) + 1)]
    left, middle, right = st.columns([7, 2, 3], vertical_alignment="bottom", gap="medium")
    with left:
        _slider(found, every)
    with middle:
        _play(found, every)
    with right:
        _day(found, figures)


def _value(found: Filters) -> str:
    """Return the view's years as the slider names them: one year, or the span as it stands."""
    first, _, last = found.years.partition("-")
    return first if first == (last or first) else found.years


def _go(year: str) -> None:
    state.go(years=f"{year}-{year}" if year.isdecimal() else year, on="", goal="", focus="")


def _slider(found: Filters, every: list[str]) -> None:
    _ = state.words()
    value = _value(found)
    options = ["", *([value] if value and value not in every else []), *every]
    st.session_state["w_year"] = value
    st.select_slider(
        _("Active in the year"),
        options,
        key="w_year",
        format_func=lambda year: year.replace("-", "–") if year else _("all years"),
        on_change=lambda: _go(st.session_state["w_year"]),
    )


def _play(found: Filters, every: list[str]) -> None:
    """Draw the player; it steps when the year before is drawn, and by hand alone where motion is to be reduced."""
    _ = state.words()
    now = _value(found)
    later = every[every.index(now) + 1 :] if now in every else every

    def step() -> None:
        # What a browser sends is not trusted.
        year = st.session_state["play"].get("year")
        if year in every:
            _go(year)

    _player(
        key="play",
        data={
            "first": every[0],
            "next": later[0] if later else "",
            "pace": PACE,
            "play": _("▶ Play"),
            "pause": _("❚❚ Pause"),
            "step": _("Next year"),
        },
        on_year_change=step,
    )


def _day(found: Filters, figures: Summary) -> None:
    _ = state.words()
    low, high = date(filters.YEARS[0], 1, 1), date(filters.YEARS[1], 12, 31)
    st.session_state["w_on"] = date.fromisoformat(found.on) if found.on else None

    def change() -> None:
        day = st.session_state["w_on"]
        state.go(on=day.isoformat() if day else "", years="")

    st.date_input(
        _("Active on a date"), key="w_on", min_value=low, max_value=high, format="YYYY-MM-DD", on_change=change
    )


def told(data: Dataset, found: Filters, figures: Summary, mask: Mask, everything: Summary) -> None:
    """Say in words what is active, how surely, and what becomes of activities without a date."""
    _ = state.words()
    number = partial(i18n.number, language=found.lang)
    dated = figures.total - figures.undated
    if found.on:
        sure = timeline.surely_on(data, mask, found.on)
        text = _(
            "{count} activities are active on {date} as far as their dates are known: {sure} surely, {rest} if a date "
            "that gives only a month or a year allows it."
        ).format(
            count=number(dated), date=i18n.date(found.on, found.lang), sure=number(sure), rest=number(dated - sure)
        )
    elif found.span:
        first, last = found.span
        years_ = str(first) if first == last else f"{first}–{last}"
        text = _("{count} activities are active in {years}.").format(count=number(dated), years=years_)
    else:
        text = _("{count} activities state a date.").format(count=number(dated))
    if not (found.on or found.span) or not everything.undated:
        st.html(f'<p role="status">{esc(text)}</p>')
        return
    kept = (
        _("{count} without any date are shown too.") if found.undated else _("{count} without any date are left out.")
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p role="status">{esc(text)} {esc(kept.format(count=number(everything.undated)))}</p>')
        st.button(
            _("Leave them out") if found.undated else _("Show them too"),
            key="keep_undated",
            on_click=state.go,
            kwargs={"undated": "" if found.undated else "1"},
            width="content",
        )


def place(data: Dataset, found: Filters) -> None:
    """Draw the map of the year or day; an area opens its page."""
    event = live_map(cache.delta(data, found), key="map_years", height=520, points_url=cache.points(data, found))
    if event and event.pcode:
        st.switch_page("pages/areas.py", query_params=state.query(replace(found, focus=event.pcode)))


def listing(data: Dataset, found: Filters, mask: Mask) -> None:
    """Draw the activities beside the map."""
    _ = state.words()
    with st.container(height=520, border=True, key="year_list"):
        cards.listing(data, mask, "list")
        if not mask.any():
            st.caption(md(_("No recorded activity here under these filters.")))


def strips(data: Dataset, found: Filters, mask: Mask) -> int:
    """Draw starts and ends, a line for each dated activity, at most ``PAGE`` at once.  Returns the page drawn, or 0."""
    _ = state.words()
    st.subheader(_("Starts and ends"), anchor="strips")
    rows = timeline.order(data, mask)
    if not len(rows):
        st.caption(md(_("No activity of this selection states a date.")))
        return 0
    pages = -(-len(rows) // PAGE)
    page = 1
    if pages > 1:
        label = _("Page (of {pages})").format(pages=pages)
        page = st.number_input(label, 1, pages, key=f"page_strips_{len(rows)}", width=160)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    here = replace(found, activity="")
    chart = timeline.strips(
        data, shown, rows, found, lambda one: linked.href(TIME, replace(here, activity=one)), to="strips"
    )
    note = _(
        "{shown} of {count} dated activities by their start. Solid: surely active; light: what a date of a month or "
        "a year leaves open; …: no start or end is recorded. Colour and number: the goal asked for, else the first by "
        "number."
    )
    st.caption(md(note.format(shown=state.number(len(shown)), count=state.number(len(rows)))))
    st.html(charts.strips(chart))
    return int(page)


def undated(data: Dataset, found: Filters) -> None:
    """Draw the activities that no year shows."""
    _ = state.words()
    _figures, mask = cache.selection(data, always(found))
    without = mask & (data.first_year == 0)
    if not without.any():
        return
    label = _("Activities without any date ({count})").format(count=state.number(int(np.sum(without))))
    with st.expander(label):
        cards.listing(data, without, "undated")


def files(everything: Summary, page: int, found: Filters) -> None:
    """Draw the way out: both charts as pictures, starts and ends those of the page drawn."""
    _ = state.words()
    view = chart_parts.plain(found)
    if everything.years:
        file_links.row({"chart.years.svg": _("Active in each year (SVG)")}, view)
    if page:
        file_links.row({"chart.strips.svg": _("Starts and ends (SVG)")}, view, page=str(page))


def year_chart(figures: Summary, found: Filters) -> charts.Bars:
    """Return the activities of each year as bars that open their year on this page."""
    return chart_parts.years(figures, chart_parts.plain(found), TIME, colours.DEFAULT_HUE, to="")
