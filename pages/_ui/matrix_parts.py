"""Goals by provinces as a table of links: one stop of the Tab key, walked by arrow keys, the first column held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st

from geo import charts, classes, codes, colours, matrix, pack, words
from geo.classes import Break
from geo.dataset import Dataset
from geo.filters import Filters
from geo.matrix import ALL, MARGINS, NO_GOAL, Matrix
from pages._ui import cache, linked, state
from pages._ui.chart_parts import GOALS, plain
from pages._ui.text import esc, md

Translate = Callable[[str], str]
HATCH = f"repeating-linear-gradient(135deg,#fff 0 3px,{colours.NO_DATA_COLOUR} 3px 5px)"

_grid = st.components.v2.component(
    "lao_sdg_grid", html="<span></span>", js=(Path(__file__).parent / "grid.js").read_text(encoding="utf-8")
)


def counted(found: Filters) -> Filters:
    """Return the view that the matrix counts: goals and areas choose rows and columns, so that a cell is its link."""
    return replace(plain(found), sdg=(), area=())


def table(data: Dataset, found: Filters) -> None:
    """Draw goals by provinces as a table of links."""
    _ = state.words()
    view = counted(found)
    cells = cache.matrix(data, view)
    breaks = matrix.breaks(cells, view)
    columns = _columns(cells, found)
    rows = [row for row in cells.rows if _shown(row, cells, found)]
    name = _("{figure} by goal and province").format(
        figure=words.metric_name(replace(found, metric=matrix.figure(found)))
    )
    head = "".join(_heading(column, view, _) for column in columns)
    body = "".join(_row(cells, row, columns, breaks, view, first=at == 0) for at, row in enumerate(rows))
    hint = _("{name}. Each figure opens its activities; in the table, arrow keys move between cells.").format(name=name)
    titles = f'<thead><tr><th scope="col">{esc(_("Goal"))}</th>{head}</tr></thead>'
    _grid(key="grid")
    st.html(
        f'{_shades(len(breaks))}<p class="lao-sub">{esc(hint)}</p>'
        f'<div class="lao-scroll" role="region" tabindex="0" aria-label="{esc(name)}"><table class="lao-matrix">'
        f'<caption class="c-said">{esc(name)}</caption>{titles}<tbody>{body}</tbody></table></div>'
        f"{legend(breaks, found)}"
    )
    for line in _rules(found, _):
        st.caption(md(line))


def _columns(cells: Matrix, found: Filters) -> list[str]:
    """Return the margins and the provinces asked for, all where none is."""
    asked = {code[: len(cells.columns[-1])] for code in found.area}
    return [column for column in cells.columns if column in MARGINS or not asked or column in asked]


def _shown(row: str, cells: Matrix, found: Filters) -> bool:
    if row == NO_GOAL:
        return bool(cells.activities[cells.at(row, "total")]) and not found.sdg
    return row == ALL or not found.sdg or row in found.sdg


def _margin(column: str, _: Translate) -> str:
    return {
        "total": _("Total"),
        "located": _("In provinces"),
        "nationwide": _("Nationwide"),
        "unlocated": _("Unlocated"),
    }[column]


def _heading(column: str, view: Filters, _: Translate) -> str:
    if column in MARGINS:
        # The parts of agencies overlap: one agency works in provinces and nationwide.
        signs = {} if view.metric == "agencies" else {"located": "= ", "nationwide": "+ ", "unlocated": "+ "}
        sign = signs.get(column, "")
        return (
            f'<th scope="col" class="m{" last" if column == MARGINS[-1] else ""}">{sign}{esc(_margin(column, _))}</th>'
        )
    name = esc(words.area_name(column, view.lang))
    link = _stop(linked.link(name, linked.AREAS, replace(view, focus=column)))
    return f'<th scope="col" class="p">{link}</th>'


def _row(cells: Matrix, row: str, columns: list[str], breaks: tuple[Break, ...], view: Filters, *, first: bool) -> str:
    _ = state.words()
    at = cells.rows.index(row)
    name = {ALL: _("All goals"), NO_GOAL: _("No goal stated")}.get(row) or words.goal_name(row, view.lang)
    head = esc(name)
    if row not in (ALL, NO_GOAL):
        goal = codes.goal(int(row))
        inner = f"{charts.tile(row, goal.colour)} <span class='w'>{esc(goal.short(view.lang))}</span>"
        head = _stop(linked.link(inner, GOALS, replace(view, goal=row), title=name))
    shaded = matrix.values(cells, view)
    parts = []
    for column in columns:
        to = cells.columns.index(column)
        kind = f"m{' last' if column == MARGINS[-1] else ''}"
        if column not in MARGINS:
            place = classes.class_of(int(shaded[at, to]), breaks)
            kind = f"k{place}" if place and row not in (ALL, NO_GOAL) else ""
        text = "<br>".join(esc(line) for line in matrix.lines(cells, at, to, view))
        link = _opened(row, column, view) if cells.activities[at, to] else None
        if link is None:
            parts.append(f'<td class="{kind}{"" if cells.activities[at, to] else " zero"}"><span>{text}</span></td>')
            continue
        where = _margin(column, _) if column in MARGINS else words.area_name(column, view.lang)
        title = f"{name}, {where}: {matrix.text(cells, at, to, view)}"
        cell = _stop(linked.link(text, linked.MAP, link, title=title), 0 if first and column == columns[0] else -1)
        parts.append(f'<td class="{kind}">{cell}</td>')
    return f"<tr{' class=all' if row == ALL else ''}><th scope='row'>{head}</th>{''.join(parts)}</tr>"


def _stop(link: str, stop: int = -1) -> str:
    """Return a link with its place among the stops of the Tab key; ``grid.js`` moves the one stop of the table."""
    return link.replace("<a ", f'<a tabindex="{stop}" ', 1)


def _opened(row: str, column: str, view: Filters) -> Filters | None:
    """Return the view behind a cell, None where no filter says it."""
    if row == NO_GOAL:
        return None
    found = replace(view, sdg=() if row == ALL else (row,))
    if column == "total":
        return found
    if column in MARGINS:
        return replace(found, scope=("subnational" if column == "located" else column,))
    return replace(found, area=(column,))


def _shades(count: int) -> str:
    ramp = colours.ramp(colours.DEFAULT_HUE, max(count, 1))
    rules = (f".k{at}{{background:{one};color:{colours.text_on(one)}}}" for at, one in enumerate(ramp, 1))
    return f"<style>{''.join('.lao-matrix ' + rule for rule in rules)}</style>"


def legend(breaks: tuple[Break, ...], found: Filters) -> str:
    """Return the one set of classes that the matrix and all small maps have, as HTML."""
    _ = state.words()
    shown = replace(found, metric=matrix.figure(found), view="corrected")
    ramp = [colours.ZERO_COLOUR, *colours.ramp(colours.DEFAULT_HUE, max(len(breaks), 1))][: len(breaks) + 1]
    labels = [_("0 (none recorded)"), *(words.class_label(one.lower, one.upper, shown) for one in breaks)]
    if matrix.figure(found) == "budget":
        ramp.append(HATCH)
        labels.append(_("not stated"))
    keys = "".join(
        f'<span><span class="lao-key" style="background:{colour}"></span>{esc(label)}</span>'
        for colour, label in zip(ramp, labels, strict=True)
    )
    return f'<div class="lao-classes">{esc(words.metric_name(shown))}: {keys}</div>'


def _rules(found: Filters, _: Translate) -> list[str]:
    anew = _(
        "Totals are counted anew, each activity once, and are no sums of cells: an activity for three goals in two "
        "provinces is in six cells and is one in each total that it belongs to."
    )
    lines = [_("How to read it: in every row, total = in provinces + nationwide + unlocated.")]
    if matrix.figure(found) == "agencies":
        lines = [
            _(
                "How to read it: an agency counts once in each cell and once in each total. It may work in several "
                "provinces and nationwide too, so neither cells nor parts add up to totals."
            )
        ]
    elif matrix.figure(found) == "activities" or found.method == "range":
        lines[0] += f" {anew}"
    if matrix.figure(found) == "budget" and found.method == "range":
        lines.append(
            _(
                "Budgets ({basis}): the low end counts activities for this goal alone in this province alone, the high "
                "end all that touch both. Shades follow the high end."
            ).format(basis=_(found.basis))
        )
    elif matrix.figure(found) == "budget":
        split = _("equally") if found.method == "equal" else _("by population (census {year})")
        lines.append(
            _(
                "Budgets ({basis}) are split equally over the goals of an activity and {split} over its provinces: an "
                "assumption. Split so, cells do add up to the totals, to the cent."
            ).format(basis=_(found.basis), split=split.format(year=pack.settings().census_year))
        )
    if found.sdg or found.area:
        lines.append(_("The goals and provinces chosen in the filters are shown; a district counts as its province."))
    return lines
