"""Agencies that work for the same goal in the same place: the list that a coordination meeting prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from geo import codes, flows, gazetteer, i18n, words
from geo.dataset import Dataset
from geo.filters import Filters
from geo.flows import Overlap
from pages._ui import cache, cards, facts, file_links, linked, state
from pages._ui.text import esc, md

LEVELS = ("adm2", "adm1")


def draw(data: Dataset, found: Filters) -> None:
    """Draw the overlaps by district and, apart, by province; one row may stand open."""
    _ = state.words()
    figures, _mask = cache.selection(data, found)
    st.subheader(_("Agencies at work for the same goal in the same place"), anchor="overlaps")
    chosen = words.selection(found)
    facts.adds_up(figures, linked.MAP, replace(found, who="", focus="", goal=""), chosen)
    st.caption(md(_(
        "Nationwide and unlocated activities are in no place and so in no row. A row with one joint activity is work "
        "that is shared already. “Together” are the years in which two or more of the agencies are known to be active."
    )))  # fmt: skip
    facts.notes(data, figures, found)
    _now(data, found)
    rows = by_level(data, found)
    both = [*rows["adm2"], *rows["adm1"]]
    _open(data, found, both)
    if not both:
        st.info(
            md(_("No two agencies have recorded activities for the same goal in the same place under these filters."))
        )
        return
    file_links.row({"overlaps.csv": _("The lists (CSV)")}, found)
    _section(_("By district"), rows["adm2"], found)
    _section(_("By province, where no district is known"), rows["adm1"], found)


def by_level(data: Dataset, found: Filters) -> dict[str, tuple[Overlap, ...]]:
    """Return the overlaps of a view by level."""
    view = replace(found, who="", focus="", goal="")
    _figures, mask = cache.selection(data, view)
    return {level: flows.overlaps(data, mask, view, level) for level in LEVELS}


def _now(data: Dataset, found: Filters) -> None:
    """Offer the list of what is active in the data's own year, and the way back."""
    _ = state.words()
    year = data.published[:4]
    span = f"{year}-{year}"
    if not year:
        return
    if found.years != span:
        st.button(
            _("Only what is active in {year}").format(year=year),
            key="overlaps_now",
            on_click=state.go,
            kwargs={"years": span},
        )
    else:
        st.button(_("Activities of all years"), key="overlaps_all", on_click=state.go, kwargs={"years": ""})


def _open(data: Dataset, found: Filters, rows: Sequence[Overlap]) -> None:
    """Draw the activities of the row that stands open."""
    _ = state.words()
    one = next((row for row in rows if (row.pcode, str(row.goal)) == (found.focus, found.goal)), None)
    if one is None:
        return
    mask = np.zeros(len(data), dtype=bool)
    mask[list(one.rows)] = True
    with st.container(border=True, key="overlap_open"):
        name = f"{words.goal_name(one.goal, found.lang)} · {words.area_name(one.pcode, found.lang)}"
        st.markdown(f"**{md(name)}**", help=None)
        text = _("{agencies}; activities: {count}").format(agencies=", ".join(one.agencies), count=len(one.rows))
        st.caption(md(text))
        st.html(linked.link(esc(_("Close")), linked.PARTNERS, replace(found, focus="", goal="")))
        cards.listing(data, mask, "overlap")


def _section(title: str, rows: Sequence[Overlap], found: Filters) -> None:
    _ = state.words()
    st.subheader(f"{title} ({i18n.number(len(rows), found.lang)})", anchor=False)
    if not rows:
        st.caption(md(_("None under these filters.")))
        return
    head = (_("Place"), _("Goal"), _("Agencies"), _("Who"), _("Activities"), _("Together"))
    text = linked.table(title, head, [_row(one, found) for one in rows], numbers={2, 4}, hidden=True)
    st.html(f'<div class="lao-narrow">{text}</div>')


def _row(one: Overlap, found: Filters) -> tuple[str, ...]:
    _ = state.words()
    place = f"<b>{esc(words.area_name(one.pcode, found.lang))}</b>"
    if one.level == "adm2":
        place += f' <span class="lao-sub">{esc(words.area_name(gazetteer.province(one.pcode), found.lang))}</span>'
    there = replace(found, focus=one.pcode, goal=str(one.goal))
    count = linked.link(str(len(one.rows)), linked.PARTNERS, there, to="overlaps")
    joint = f' <span class="lao-sub">{esc(_("joint"))}</span>' if one.joint else ""
    who = ", ".join(
        linked.link(esc(code), linked.PARTNERS, facts.partner_page(found, "agency", code)) for code in one.agencies
    )
    goal = f"{cards.goal_tiles([one.goal])} {esc(codes.goal(one.goal).short(found.lang))}"
    return place, goal, str(len(one.agencies)), who, count + joint, esc(flows.spans(one.years)) or "–"
