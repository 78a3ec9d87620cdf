"""The parts of the page of one goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from geo import charts, classes, codes, colours, pack, smallmap, words
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.filters import Filters
from geo.studio_spec import StudioSpec
from geo.summary import Summary
from pages._ui import cache, chart_files, chart_parts, facts, file_links, linked, state
from pages._ui.chart_parts import GOALS, plain
from pages._ui.text import esc, md, told


def asked(found: Filters) -> Filters:
    """Return the view of the goal that stands open: it takes the place of the filter on goals."""
    return replace(found, sdg=(found.goal,), focus="", activity="", goal="", who="")


def here(found: Filters) -> Filters:
    """Return the same view as a link to this page carries it."""
    return replace(found, focus="", activity="", who="")


def head(found: Filters) -> None:
    """Draw the way back, the goal's number on its colour, its names, and the goals before and after."""
    _ = state.words()
    goals = codes.goals()
    goal = codes.goal(int(found.goal))
    at = goals.index(goal)
    way = [linked.link(esc(_("All goals")), GOALS, replace(here(found), goal=""))]
    for place, label in ((at - 1, "← {name}"), (at + 1, "{name} →")):
        if 0 <= place < len(goals):
            other = goals[place]
            text = esc(label.format(name=f"{other.number} {other.short(found.lang)}"))
            way.append(linked.link(text, GOALS, replace(here(found), goal=str(other.number))))
    st.html(f'<nav class="lao-crumbs" aria-label="{esc(_("Other goals"))}">{" &nbsp;·&nbsp; ".join(way)}</nav>')
    names = (goal.name_en, goal.name_lo) if not pack.is_local(found.lang) else (goal.name_lo, goal.name_en)
    tile = f'<span class="n" style="background:{goal.colour};color:{colours.text_on(goal.colour)}">{goal.number}</span>'
    title = f"{_('SDG {number}').format(number=goal.number)} · {names[0]}"
    st.html(
        f'<div class="lao-goal">{tile}<div><h2>{esc(title)}</h2>'
        f"<span class='lao-sub'>{told(names[1])}</span></div></div>"
    )
    if found.sdg and found.sdg != (found.goal,):
        st.caption(md(_("The filter on goals is set aside on this page; all others hold.")))


def figures(data: Dataset, found: Filters, figures: Summary, mask: Mask) -> None:
    """Draw the goal's figures; money as a range for each basis, never added up."""
    _ = state.words()
    reached = int((figures.area.activities > 0).sum())
    of = len(figures.area.pcodes)
    page, partners = here(found), asked(found)

    items = [
        facts.Figure(_("Activities"), state.number(figures.total), "", facts.opening(GOALS, page)),
        facts.Figure(
            _("Agencies"),
            state.number(int((figures.agencies > 0).sum())),
            _("with at least one of them"),
            facts.opening(linked.PARTNERS, partners, "partners"),
        ),
        facts.Figure(
            _("Donors"),
            state.number(int((figures.donors > 0).sum())),
            _("where stated"),
            facts.opening(linked.PARTNERS, replace(partners, who="donors"), "partners"),
        ),
        facts.Figure(
            _("Provinces reached"),
            _("{count} of {of}").format(count=reached, of=of),
            _("by activities that name them; nationwide work apart"),
            facts.opening(GOALS, page, "where"),
        ),
    ]
    for basis in data.basis.names:
        cells = cache.matrix(data, replace(asked(found), basis=basis))
        at = cells.at(found.goal, "total")
        if count := int(cells.budgets[at]):
            note = _("{basis}; stated by {count} activities; low end: for this goal alone").format(
                basis=_(basis), count=count
            )
            amount = words.money_range(int(cells.low[at]), int(cells.high[at]), found.lang)
            opens = facts.opening(GOALS, replace(page, metric="budget", basis=basis))
            items.append(facts.Figure(_("Budget, range"), amount, note, opens))
    facts.figures(items)
    facts.adds_up(figures, GOALS, page)


def targets(data: Dataset, found: Filters, mask: Mask) -> None:
    """Draw the goal's targets with the activities that name them; those that none names are named too."""
    _ = state.words()
    st.subheader(_("Targets"), anchor="targets")
    counts = dict(zip(data.targets.names, data.targets.counts(mask), strict=True))
    own = [code for code, goal in codes.targets().items() if goal == int(found.goal)]
    named = [code for code in own if counts.get(code)]
    stated = int((mask & data.targets.any_of(own)).sum()) if own else 0
    st.caption(
        md(
            _("{count} of {total} activities name a target of this goal.").format(
                count=state.number(stated), total=state.number(int(mask.sum()))
            )
        )
    )
    if named:
        chips = "".join(
            linked.link(
                f"<b>{esc(code)}</b> {counts[code]}",
                linked.MAP,
                replace(asked(found), target=(code,)),
                title=_("Target {code}: {count} activities").format(code=code, count=state.number(counts[code])),
            )
            for code in named
        )
        st.html(f'<div class="lao-chips">{chips}</div>')
    if empty := [code for code in own if code not in named]:
        st.caption(md(_("Named by no recorded activity: {targets}").format(targets=", ".join(empty))))


def partners(data: Dataset, found: Filters, figures: Summary) -> None:
    """Draw the agencies and donors with most of the goal's activities: a table with bars each."""
    _ = state.words()
    st.subheader(_("Who"), anchor="who")
    page = here(found)
    agencies = facts.counted(data.agencies.names, figures.agencies.tolist())
    donors = facts.counted(data.donors.names, figures.donors.tolist())
    left = facts.named(_("Agencies"), agencies, "agency", GOALS, page, facts.agency_name)
    right = facts.named(_("Donors"), donors, "donor", GOALS, page, facts.donor_name)
    st.html(f'<div class="lao-two">{left}{right}</div>')


def years(data: Dataset, found: Filters) -> None:
    """Draw the goal's activities in each year; each bar opens its own on this page, and the open one closes."""
    _ = state.words()
    st.subheader(_("Active in each year"), anchor="years")
    page = here(found)
    figures, _mask = cache.selection(data, replace(asked(found), years="", on="", undated=""))
    chart = chart_parts.years(figures, page, GOALS, codes.goal(int(found.goal)).colour, to="years")
    if chart.bars:
        st.html(charts.upright(chart))
    chart_parts.undated(figures, found)
    if chart.bars:
        file_links.row({"chart.years.svg": _("Chart (SVG)")}, found)


def areas(data: Dataset, found: Filters) -> None:
    """Draw the provinces by their activities for the goal, and a small map of them."""
    _ = state.words()
    st.subheader(_("Where"), anchor="where")
    view = replace(asked(found), metric="activities", level="adm1")
    figures, _mask = cache.selection(data, view)
    counts = dict(zip(figures.area.pcodes, figures.area.activities.tolist(), strict=True))
    breaks = classes.breaks(counts.values())
    goal = codes.goal(int(found.goal))
    ramp = (colours.ZERO_COLOUR, *colours.ramp(goal.colour, max(len(breaks), 1)))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _map(
            goal,
            counts,
            chart_files.shaded(counts, goal.colour),
            zip(ramp, ["", *map(classes.label, breaks)], strict=False),
        )
        st.page_link("pages/map.py", label=_("Open on the map"), query_params=state.query(view))
        facts.map_files(view, StudioSpec(kind="map"))
    with right:
        _ranked(figures, view, found)


def _map(goal: codes.Goal, counts: dict[str, int], colour: dict[str, str], legend: Iterable[tuple[str, str]]) -> None:
    """Draw the goal's small map with its classes; the class without a label is that of none recorded."""
    _ = state.words()
    wide, high = (2 * side for side in smallmap.SIZE)
    reached = sum(count > 0 for count in counts.values())
    alt = _("Map: recorded in {count} of {of} provinces").format(count=reached, of=len(counts))
    keys = " ".join(
        f'<span style="white-space:nowrap"><span class="lao-key" style="background:{shade}"></span>'
        f"{esc(label or _('0 (none recorded)'))}</span>"
        for shade, label in legend
    )
    image = (
        f'<img src="{esc(smallmap.picture(colour, goal.name_en, 2))}" alt="{esc(alt)}" width="{wide}" height="{high}">'
    )
    st.html(f'<figure class="lao-map">{image}<figcaption>{esc(_("Activities"))}: {keys}</figcaption></figure>')


def _ranked(figures: Summary, view: Filters, found: Filters) -> None:
    """Draw the provinces as bars, the most first, and name those without any recorded activity."""
    _ = state.words()

    def link(code: str) -> str:
        return linked.href(linked.AREAS, replace(plain(view), focus=code))

    chart = chart_files.province_bars(figures, found, link)
    if chart.bars:
        st.html(charts.across(chart))
    counted = zip(figures.area.pcodes, figures.area.activities, strict=True)
    if empty := [words.area_name(code, view.lang) for code, count in counted if not count]:
        st.caption(md(_("No recorded activity: {names}").format(names=", ".join(empty))))
    if chart.bars:
        file_links.row({"chart.provinces.svg": _("Chart (SVG)")}, found)
