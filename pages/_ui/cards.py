"""Lists of activities and the card of one: what is known, its source, and why it stands where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from geo import codes, i18n, profile, scope, words
from geo.code_columns import Ints, Mask
from geo.dataset import Dataset
from geo.fields import Activity, Fields
from geo.filters import Filters
from geo.scope import ScopeDecision
from pages._ui import linked, state
from pages._ui.text import esc, md, told

PAGE = 12  # with fifteen a change of filters sends more than 10 kB


def goal_tiles(goals: Sequence[int]) -> str:
    """Return goals as numbered tiles in their colours, as HTML of our own constants."""
    found = state.current()
    tiles = []
    for number in goals:
        goal = codes.goal(number)
        # Its colours are a rule of the page's styles (``chrome.styles``), not repeated at each tile.
        tiles.append(f'<b class="lao-tile g{number}" title="{esc(goal.name(found.lang))}">{number}</b>')
    return "".join(tiles)


def listing(data: Dataset, mask: Mask, key: str) -> None:
    """Draw the activities of a selection, a page at a time; each opens its card."""
    _ = state.words()
    rows = _ordered(data, np.flatnonzero(mask))
    if not len(rows):
        return
    pages = -(-len(rows) // PAGE)
    page = 1
    if pages > 1:
        page = st.number_input(
            _("Page (of {pages})").format(pages=pages), 1, pages, key=f"page_{key}_{len(rows)}", width=160
        )
    entries = "".join(_entry(data, int(row)) for row in rows[(page - 1) * PAGE : page * PAGE])
    with st.container(key=f"list_{key}"):
        # One message for the whole list: a widget for each row would be most of what a change of filters sends.
        st.html(f'<ul class="lao-list">{entries}</ul>')


def _ordered(data: Dataset, rows: Ints) -> Ints:
    """Return rows as a list shows them: under a view of people or money those that state most of it come first."""
    found = state.current()
    if found.metric == "people":
        return rows[np.argsort(-data.people[rows], kind="stable")]
    if found.metric == "budget":
        cents = np.where(data.basis.any_of([found.basis], rows), data.cents[rows], -1)
        return rows[np.argsort(-cents, kind="stable")]
    return rows


def _stated(activity: Activity, found: Filters) -> str:
    """Return the people or the money that an activity states where the view is of them: its part of the figure."""
    _ = state.words()
    if found.metric == "people" and activity.people_reached is not None:
        return f"{_('People reached')}: {state.number(activity.people_reached)}"
    if found.metric == "budget" and activity.budget:
        return f"{_('Budget')}: {i18n.money(activity.budget, found.lang)} ({_(activity.budget_basis)})"
    return ""


def _entry(data: Dataset, row: int) -> str:
    """Return an activity as a link that opens its card on this page, and what tells it from others."""
    activity, found = data.activities[row], state.current()
    title = linked.link(told(activity.title), "", replace(found, activity=activity.activity_id))
    facts = [_stated(activity, found), ", ".join(activity.agencies), _stands(data, row), years(activity)]
    line = esc(" · ".join(fact for fact in facts if fact))
    return f'<li>{title}<div class="lao-facts">{goal_tiles(activity.goals)} {line}</div></li>'


def _stands(data: Dataset, row: int) -> str:
    """Return where an activity stands in the view; in that of differences also where it stood before the rule."""
    view = state.current().view
    now, before = where(data.places(view).decisions[row]), where(data.registered.decisions[row])
    return f"{before} → {now}" if view == "difference" and before != now else now


def where(decision: ScopeDecision) -> str:
    """Return where an activity stands, in words."""
    found = state.current()
    if not decision.areas:
        return words.scope_name(decision.scope, found.lang)
    names = [words.area_name(code, found.lang) for code in decision.areas]
    return ", ".join(names[:6]) + (f" +{len(names) - 6}" if len(names) > 6 else "")


def years(activity: Activity) -> str:
    """Return the dates of an activity as far as they are known."""
    found = state.current()
    shown = [i18n.date(day, found.lang) if day else "…" for day in (activity.start, activity.end)]
    return " – ".join(shown) if activity.start or activity.end else ""


def card(data: Dataset) -> None:
    """Open the card of the activity that the address names; closing it takes it off the address."""
    found = state.current()
    if not found.activity:
        return
    _ = state.words()
    row = data.index[found.activity]

    def close() -> None:
        state.go(activity="")

    st.dialog(_("Activity"), width="large", on_dismiss=close)(_card)(data, row)


def _card(data: Dataset, row: int) -> None:
    found, _ = state.current(), state.words()
    activity = data.activities[row]
    st.markdown(f"### {md(activity.title)}")
    st.html(goal_tiles(activity.goals) + f" <small>{esc(_basis(activity, _))}</small>")
    if activity.summary:
        st.markdown(md(activity.summary))
    facts = _facts(activity, found.lang, _)
    st.html("<dl>" + "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in facts if value) + "</dl>")
    for change in profile.before(activity, data.corrected.decisions[row].areas):
        day = i18n.date(change.since, found.lang)
        st.info(md(_("It began before {day}: {what}").format(day=day, what=change.what(found.lang))))
    if activity.source_url:
        st.link_button(_("Open the source"), activity.source_url, icon=":material/open_in_new:")
    why(data, row)


def _basis(activity: Activity, _: Callable[[str], str]) -> str:
    return {
        "stated": _("goals stated by the source"),
        "inferred": _("goals inferred from the content"),
    }.get(activity.goal_basis, "")


def _facts(activity: Activity, language: str, _: Callable[[str], str]) -> list[tuple[str, str]]:
    budget = f"{i18n.money(activity.budget, language)} ({_(activity.budget_basis)})" if activity.budget else ""
    people = "" if activity.people_reached is None else state.number(activity.people_reached)
    agencies = [f"{code} – {name}" if (name := _full_name(code, language)) else code for code in activity.agencies]
    source = [activity.source_title, i18n.date(activity.source_date, language) if activity.source_date else ""]
    return [
        (_("Agencies"), "; ".join(agencies) or _("not stated")),
        (_("Donors"), "; ".join(codes.donor_name(one, language) for one in activity.donors) or _("not stated")),
        (_("Implementing partners"), "; ".join(activity.implementers)),
        (_("Targets"), ", ".join(activity.targets)),
        (_("Status"), words.status_name(activity.status or "none", language)),
        (_("Dates"), years(activity) or _("not stated")),
        (_("Budget"), budget or _("not stated")),
        (_("People reached"), people or _("not stated")),
        (_("Place as published"), "; ".join(activity.places) or _("none")),
        (_("Source"), ", ".join(part for part in source if part)),
        (_("Identifier"), activity.activity_id),
    ]


def _full_name(code: str, language: str) -> str:
    known = {agency.code: agency for agency in codes.agencies()}
    name = known[code].name(language) if code in known else ""
    return "" if name == code else name


def why(data: Dataset, row: int) -> None:
    """Draw the rule's decision on an activity with its evidence."""
    _ = state.words()
    now, before = data.corrected.decisions[row], data.registered.decisions[row]
    st.markdown(f"#### {md(_('Why it stands where it stands'))}")
    left, right = st.columns(2)
    left.markdown(f"**{md(_('As registered'))}**  \n{md(where(before))}")
    right.markdown(f"**{md(_('Corrected'))}**  \n{md(where(now))}")
    confidence = {"high": _("high"), "medium": _("medium"), "low": _("low")}[now.confidence]
    reason = scope.because(now, state.current().lang)
    st.markdown(f"{md(reason)}  \n{md(_('Confidence: {level}').format(level=confidence))}")
    if now.dropped:
        names = ", ".join(words.area_name(code, state.current().lang) for code in now.dropped)
        st.markdown(md(_("Taken away from: {names}").format(names=names)))
    items = "".join(
        f"<li>“{esc(finding.words)}” <small>({esc(_field(finding.field, _))})</small><br>{esc(_(finding.reason))} "
        f"<small>{esc(_(finding.source))}</small></li>"
        for finding in now.evidence
    )
    st.html(f"<ul>{items}</ul>" if items else f"<p>{esc(_('No evidence was found in the published text.'))}</p>")


def _field(name: str, _: Callable[[str], str]) -> str:
    """Return where evidence was found, in words."""
    return {
        str(Fields.TITLE): _("title"),
        str(Fields.SUMMARY): _("summary"),
        str(Fields.SOURCE_TITLE): _("title of the source"),
        str(Fields.LOCATIONS): _("place as published"),
        str(Fields.SCOPE_AS_PUBLISHED): _("scope as published"),
        str(Fields.IMPLEMENTING_PARTNERS): _("implementing partner"),
        "iati": _("IATI data"),
        "points": _("position"),
        "review": _("decision of a person"),
    }.get(name, name)
