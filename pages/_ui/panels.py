"""The parts of the map page beside the map."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pandas as pd
import streamlit as st

from geo import filters, gazetteer, summary_words, tables, words
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.filters import Filters
from geo.summary import Summary
from pages._ui import cache, cards, file_links, mapfiles, moves_parts, state
from pages._ui.text import esc, md


def adds_up(figures: Summary, everything: int) -> None:
    """Draw the line that adds up; each part shows its activities."""
    found, _ = state.current(), state.words()
    parts = [
        ("subnational", figures.located, _("in provinces")),
        ("nationwide", figures.nationwide, _("nationwide")),
        ("unlocated", figures.unlocated, _("unlocated")),
    ]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="adds_up"):
        total = state.number(figures.total)
        of = _("of {count}").format(count=state.number(everything)) if figures.total != everything else ""
        st.markdown(f"**{total}** {md(_('activities'))} {md(of)} =", width="content")
        for place, (scope, count, label) in enumerate(parts):
            if place:
                st.markdown("\\+", width="content")
            chosen = found.scope == (scope,)
            st.button(
                f"**{state.number(count)}** {md(label)}",
                key=f"part_{scope}",
                type="primary" if chosen else "secondary",
                on_click=state.go,
                kwargs={"scope": () if chosen else (scope,)},
                help=_("Show these activities alone; press again for all."),
                width="content",
            )


def nationwide(found: Filters, figures: Summary) -> None:
    """Draw nationwide work as a band of its own, never as a pin."""
    lines = [summary_words.nationwide(figures, found), summary_words.unlocated(figures, found)]
    st.html('<div class="lao-band" role="note">' + "<br>".join(esc(line) for line in lines if line) + "</div>")


def focus(data: Dataset, found: Filters, mask: Mask) -> None:
    """Draw the area that stands open: its names, figures and activities."""
    _ = state.words()
    if not found.focus:
        st.caption(md(_("Choose an area on the map or in the table to see its activities here.")))
        return
    names = gazetteer.names(found.focus)
    level = gazetteer.level(found.focus)
    title, close = st.columns([5, 1], vertical_alignment="center")
    title.markdown(f"### {md(names.name_en)} · {md(names.name_lo)}")
    close.button("✕", key="close_focus", on_click=state.go, kwargs={"focus": ""}, help=_("Close"))
    within = f" · {words.area_name(names.parent, found.lang)}" if level == "adm2" else ""
    st.caption(md(f"{found.focus}{within}"))
    row = next(row for row in _rows(data, replace(found, level=level)) if row["pcode"] == found.focus)
    with st.container(key="focus_facts"):
        cells = st.columns(3)
    cells[0].metric(_("Activities"), state.number(row["activities"]))
    cells[1].metric(_("Agencies"), state.number(row["agencies"]))
    cells[2].metric(_("People reached"), words.people(row["people_reached"], found.lang))
    st.markdown(md(_("Budget ({basis}): {money}").format(basis=_(found.basis), money=words.budget(row, found))))
    st.button(
        _("Filter everything to this area"),
        on_click=state.go,
        kwargs={"area": (found.focus,)},
        disabled=found.area == (found.focus,),
        key="filter_focus",
    )
    column = data.places(found.view).codes(level)
    here = mask & column.any_of([found.focus])
    with st.container(height=360, border=True, key="focus_list"):
        cards.listing(data, here, "focus")
        if not here.any():
            st.caption(md(_("No recorded activity here under these filters.")))


def _rows(data: Dataset, found: Filters) -> list[dict[str, Any]]:
    figures, _mask = cache.selection(data, found)
    return tables.area_rows(data, figures)


def notes(data: Dataset, found: Filters) -> None:
    """Draw what a reader must know to read the figures rightly; of differences, first what the rule changed."""
    if found.view == "difference":
        moves_parts.draw(data, found)
    figures, _mask = cache.selection(data, found)
    for note in summary_words.notes(data, figures, found):
        st.caption(md(note))


def nothing(data: Dataset, found: Filters) -> None:
    """Say that nothing fits, and which filter to loosen with the count that this would give."""
    _ = state.words()
    st.warning(md(_("No activity fits all of these filters. Loosen one of them:")))
    masks = cache.facets(data, found)
    for name in masks:
        count = int(filters.keep(masks, len(data), leaving_out=name).sum())
        empty = next(item.default for item in fields(Filters) if item.name == name)
        st.button(
            md(_("Without “{filter}”: {count} activities").format(filter=_only(found, name), count=count)),
            key=f"loosen_{name}",
            on_click=state.go,
            kwargs={name: empty},
        )


def _only(found: Filters, name: str) -> str:
    """Return one filter in words."""
    return words.selection(Filters(lang=found.lang, **{name: getattr(found, name)}))


def table(data: Dataset, found: Filters) -> None:
    """Draw the figures as a table that sorts, for who cannot see the map; the last rows make the sum whole."""
    _ = state.words()
    st.subheader(_("The same figures as a table"), anchor="table")
    figures, _mask = cache.selection(data, found)
    rows = [
        {
            _("P-code"): area.pcode,
            _("Name"): area.name_en,
            _("Local name"): area.name_lo,
            _("Activities"): area.activities,
            _("Agencies"): area.agencies,
            _("People reached"): area.people_text,
            _("Budget"): area.budget_text,
            **({_("Difference"): area.value_text} if found.view == "difference" else {}),
        }
        for area in cache.spec(data, found).areas
    ]
    rest = [
        (words.scope_name("nationwide", found.lang), figures.nationwide),
        (words.scope_name("unlocated", found.lang), figures.unlocated),
    ]
    rows += [{_("P-code"): "–", _("Name"): name, _("Local name"): "", _("Activities"): count} for name, count in rest]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="table", height=420, alt=summary_words.adds_up(figures, found.lang)
    )


def downloads(found: Filters) -> None:
    """Draw the ways out: the selection as CSV, the map as picture and document."""
    _ = state.words()
    st.subheader(_("Take it with you"), anchor="files")
    labels = {
        "csv": _("Activities (CSV)"),
        "xlsx": _("Figures and activities (Excel)"),
        "png": _("Map (PNG)"),
        "pdf": _("Map (PDF)"),
        "pptx": _("Slide (PowerPoint)"),
        "docx": _("Briefing (Word)"),
        "html": _("Map without network (HTML)"),
    }
    others = {
        "iati": _("Activities as IATI 2.03 (XML)"),
        "hxl": _("Activities as HXL 3W (CSV)"),
        "geojson": _("Activities as points (GeoJSON)"),
        "gpkg": _("Activities and areas for GIS (GeoPackage)"),
        "parquet": _("Activities for analysis (GeoParquet)"),
        "columns.csv": _("What every column means") + " (CSV)",
    }
    file_links.row(labels, found)
    tools = st.expander(_("Data for other tools"), key="other_tools", on_change="rerun")
    if not tools.open:  # sent when somebody looks
        return
    with tools:
        file_links.row(others, found)
        told = _("Other programs get the same as JSON and GeoJSON: {address}").format(address="")
        st.markdown(f"{md(told)}[/api/v1/]({mapfiles.base()}/api/v1/?lang={found.lang})")
