"""The parts of the page of all goals but the matrix: its gaps in words, a small map for each goal, and files."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo import charts, classes, codes, colours, matrix, smallmap, words
from geo.classes import Break
from geo.dataset import Dataset
from geo.filters import Filters
from geo.matrix import MARGINS, Gap, Matrix
from geo.studio_spec import StudioSpec
from pages._ui import cache, controls, facts, file_links, linked, matrix_parts, state
from pages._ui.chart_parts import GOALS, plain
from pages._ui.text import esc, md


def figure(found: Filters) -> None:
    """Draw the switch of the figure that the matrix and the maps show."""
    _ = state.words()
    figures = {"activities": _("Activities"), "agencies": _("Agencies"), "budget": _("Budget")}
    controls.switch("metric", _("Figure"), figures, matrix.figure(found))
    if found.metric == "budget":
        controls.money(found)


def gaps(data: Dataset, found: Filters) -> None:
    """Draw the gaps in words, the most severe first; each opens to its provinces."""
    _ = state.words()
    st.subheader(_("Gaps"), anchor="gaps")
    st.caption(
        md(
            _(
                "Recorded, not happening: a gap says that this data has no activity for a goal in a province, under "
                "the filters on agency, donor, years, status and words; others may work there."
            )
        )
    )
    told = matrix.gaps(cache.matrix(data, matrix.without_places(plain(found))), found)
    if not told:
        st.markdown(md(_("Every goal asked about has a recorded activity in every province asked about.")))
        return
    st.html(f'<ul class="lao-gaps">{"".join(_gap(gap, found) for gap in told)}</ul>')


def _gap(gap: Gap, found: Filters) -> str:
    view = replace(matrix.without_places(plain(found)), sdg=(str(gap.goal),))
    goal = codes.goal(gap.goal)
    beside = matrix.beside_words(gap, found.lang)
    names = ", ".join(
        linked.link(esc(words.area_name(code, found.lang)), linked.MAP, replace(view, focus=code))
        for code in gap.provinces
    )
    more = f" <span class='lao-sub'>{esc(beside)}</span>" if beside else ""
    said = f"{charts.tile(str(gap.goal), goal.colour)} {esc(matrix.gap_words(gap, found.lang))}{more}"
    return f"<li><details><summary>{said}</summary><p>{esc(goal.name(found.lang))}: {names}</p></details></li>"


def multiples(data: Dataset, found: Filters) -> None:
    """Draw a small map for each goal, all with the classes of the matrix."""
    _ = state.words()
    view = matrix_parts.counted(found)
    cells = cache.matrix(data, view)
    breaks = matrix.breaks(cells, view)
    st.subheader(_("Goal by goal"), anchor="maps")
    st.caption(md(_("One set of classes for all maps: equal depth of colour is an equal figure. Each opens its goal.")))
    goals = [goal for goal in codes.goals() if not found.sdg or str(goal.number) in found.sdg]
    items = "".join(f"<li>{_map(cells, goal, breaks, view)}</li>" for goal in goals)
    st.html(f'<ol role="list" class="lao-multiples">{items}</ol>{matrix_parts.legend(breaks, found)}')
    facts.map_files(view, StudioSpec(kind="sheet"))


def _map(cells: Matrix, goal: codes.Goal, breaks: tuple[Break, ...], view: Filters) -> str:
    _ = state.words()
    row = cells.rows.index(str(goal.number))
    ramp = (colours.ZERO_COLOUR, *colours.ramp(goal.colour, max(len(breaks), 1)))
    places = cells.columns[len(MARGINS) :]
    values = [int(value) for value in matrix.values(cells, view)[row, len(MARGINS) :]]
    unstated = matrix.figure(view) == "budget"
    fills = {
        code: None
        if unstated and cells.activities[at := cells.at(str(goal.number), code)] and not cells.budgets[at]
        else ramp[classes.class_of(value, breaks)]
        for code, value in zip(places, values, strict=True)
    }
    reached = sum(value > 0 for value in values)
    alt = _("Map: recorded in {count} of {of} provinces").format(count=reached, of=len(places))
    wide, high = smallmap.SIZE
    image = (
        f'<img src="{esc(smallmap.picture(fills, goal.name("en")))}" alt="{esc(alt)}" width="{wide}" height="{high}">'
    )
    total = " ".join(matrix.lines(cells, row, 0, view))
    inner = (
        f'<span class="t">{charts.tile(str(goal.number), goal.colour)} {esc(goal.short(view.lang))} '
        f"<b>{esc(total)}</b></span>{image}"
    )
    return linked.link(inner, GOALS, replace(view, goal=str(goal.number)), title=goal.name(view.lang))


def files(found: Filters) -> None:
    """Draw the way out: the whole matrix as CSV, with all three figures."""
    _ = state.words()
    file_links.row({"matrix.csv": _("Goals by province (CSV)")}, found)
