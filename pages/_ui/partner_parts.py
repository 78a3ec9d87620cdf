"""The parts of the partners' page: the lists of agencies, donors and implementing partners, and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from geo import partners, tables, words
from geo.dataset import Dataset
from geo.filters import Filters
from geo.partners import Member, Partner
from geo.studio_spec import StudioSpec
from pages._ui import cache, cards, facts, file_links, linked, state
from pages._ui.text import esc, md

Translate = Callable[[str], str]
LISTS = {"": "agency", "donors": "donor", "partners": "partner"}  # Filters.who -> kind
NAMED = {"agency": facts.agency_name, "donor": facts.donor_name}  # kind -> its name in the language of the view
SHOWN = 8  # partners or provinces of a cell before the rest is a number


def tabs(found: Filters) -> None:
    """Draw the ways into the page; each is a link of its own."""
    _ = state.words()
    labels = {
        "": _("Agencies"),
        "donors": _("Donors"),
        "partners": _("Implementing partners"),
        "flows": _("Who funds what through whom"),
        "overlaps": _("Same goal, same place"),
    }
    items = "".join(
        linked.link(esc(label), linked.PARTNERS, section(found, who), current=found.who == who)
        for who, label in labels.items()
    )
    st.html(f'<nav class="lao-tabs" aria-label="{esc(_("Partners"))}">{items}</nav>')


def section(found: Filters, who: str) -> Filters:
    """Return the view of one of the page's lists under the same filters."""
    plain = Filters()
    return replace(found, who=who, focus=plain.focus, goal=plain.goal, activity=plain.activity)


def listing(data: Dataset, found: Filters) -> None:
    """Draw the partners of a kind as a table."""
    _ = state.words()
    kind = LISTS[found.who]
    figures, mask = cache.selection(data, replace(found, who=""))
    rows = partners.members(data, mask, kind, found.view)
    titles = {"agency": _("Agencies"), "donor": _("Donors"), "partner": _("Implementing partners")}
    number = state.number(len(rows))
    st.subheader(f"{titles[kind]} ({number})", anchor="partners")
    unnamed = int((mask & ~partners.column(data, kind).words.any(axis=1)).sum())
    said = [_("An activity with several partners counts once for each of them.")]
    if unnamed:
        said.append(_("Activities that name none: {count}").format(count=state.number(unnamed)))
    facts.adds_up(figures, linked.MAP, section(found, ""), *said)
    if not rows:
        facts.nothing(found)
        return
    most = max(row.activities for row in rows)
    head = [titles[kind], _("Activities"), _("Goals"), _("Provinces"), _("Nationwide"), _("Years"), _with(kind, _)]
    body = [_row(one, kind, most, found) for one in rows]
    st.html(linked.table(titles[kind], head, body, numbers={1, 3, 4}, hidden=True))


def _with(kind: str, _: Translate) -> str:
    return _("Joint work with") if kind == "agency" else _("Agencies")


def _row(one: Member, kind: str, most: int, found: Filters) -> list[str]:
    full = facts.agency_name(one.name).removeprefix(f"{one.name} – ") if kind == "agency" else ""
    short = facts.donor_name(one.name) if kind == "donor" else one.name
    label = linked.link(f"<b>{esc(short)}</b>", linked.PARTNERS, facts.partner_page(found, kind, one.name))
    if full and full != one.name:
        label += f' <span class="lao-sub">{esc(full)}</span>'
    there = facts.partner_page(found, kind, one.name)

    def behind(value: str, to: str, view: Filters = there) -> str:
        return facts.opened(value, linked.PARTNERS, view, to)

    return [
        label,
        behind(state.number(one.activities), "list") + linked.bar(one.activities, most),
        cards.goal_tiles(one.goals),
        behind(state.number(len(one.provinces)), "areas"),
        behind(state.number(one.nationwide), "list", replace(there, scope=("nationwide",))),
        behind("–" if one.years is None else "–".join(map(str, sorted({*one.years}))), "years"),
        _others(one, kind, there) or "–",
    ]


def _others(one: Member, kind: str, there: Filters) -> str:
    """Return the agencies of a row as links: to their part in its activities, or to the list of all joint work."""
    names = one.others[:SHOWN]
    if kind == "agency":  # its page sets a filter on agencies aside, and tells how many activities are joint
        shown = [linked.link(esc(name), linked.PARTNERS, there, to="with") for name in names]
    else:
        shown = [linked.link(esc(name), linked.PARTNERS, replace(there, agency=(name,)), to="list") for name in names]
    if (rest := len(one.others) - SHOWN) > 0:
        shown.append(linked.link(f"+{rest}", linked.PARTNERS, there, to="with"))
    return ", ".join(shown)


def head(one: Partner, found: Filters) -> None:
    """Draw the way back and the partner's name."""
    _ = state.words()
    back = {
        "agency": ("", _("Agencies")),
        "donor": ("donors", _("Donors")),
        "partner": ("partners", _("Implementing partners")),
    }
    who, label = back[one.kind]
    link = linked.link(esc(label), linked.PARTNERS, section(found, who))
    st.html(f'<nav class="lao-crumbs" aria-label="{esc(_("Back to the list"))}">{link} ›</nav>')
    name = NAMED.get(one.kind, str)(one.name)
    st.subheader(md(name), anchor="partner")
    kinds = {"agency": _("Agency"), "donor": _("Donor"), "partner": _("Implementing partner")}
    facts.adds_up(one.figures, linked.PARTNERS, found, kinds[one.kind])


def figures(data: Dataset, one: Partner, found: Filters) -> None:
    """Draw the partner's figures."""
    _ = state.words()

    def figure(label: str, value: str, note: str = "", to: str = "list", **narrower: Any) -> facts.Figure:
        return facts.Figure(label, value, note, facts.opening(linked.PARTNERS, replace(found, **narrower), to))

    some = one.figures
    places = _("in {count} provinces").format(count=one.provinces)
    items = [
        figure(_("Activities"), state.number(some.total)),
        figure(_("In provinces"), state.number(some.located), places, scope=("subnational",)),
        figure(_("Nationwide"), state.number(some.nationwide), _("for the whole country"), scope=("nationwide",)),
        figure(_("Unlocated"), state.number(some.unlocated), _("their source names no province"), scope=("unlocated",)),
        figure(_("Goals"), state.number(one.goals), _("of {count}").format(count=len(some.goals)), "goals"),
    ]
    if one.people_stated:
        note = _("activities that state them: {count}").format(count=state.number(one.people_stated))
        items.append(figure(_("People reached, where stated"), state.number(one.people), note, metric="people"))
    for money in one.money:
        note = _("{basis}; activities that state one: {count}").format(basis=_(money.basis), count=money.budgets)
        amount = words.money(money.cents, found.lang)
        items.append(figure(_("Budget"), amount, note, metric="budget", basis=money.basis))
    facts.figures(items)
    facts.notes(data, one.figures, found)
    st.caption(
        md(
            _(
                "Budgets are those of whole activities, not of the partner's part in them; "
                "the two kinds are never added up."
            )
        )
    )


def areas(data: Dataset, one: Partner, found: Filters) -> None:
    """Draw the provinces of the partner as a map and a table."""
    _ = state.words()
    st.subheader(_("Where it works"), anchor="areas")
    view = replace(one.view, metric="activities", lang=found.lang)
    spec = cache.spec(data, view)
    picture, table = st.columns([2, 3], gap="medium")
    with picture:
        st.html(facts.choropleth(spec, f"{spec.legend_title}. {_('The table has the figures.')}", 300, 380, 300))
        st.html(linked.link(esc(_("Show on the map")), linked.MAP, view))
        facts.map_files(view, StudioSpec(kind="map"))
    rows = [row for row in tables.area_rows(data, one.figures) if row["activities"]]
    rows.sort(key=lambda row: (-row["activities"], row["pcode"]))
    most = max((row["activities"] for row in rows), default=0)
    with table:
        if not rows:
            st.caption(md(_("None of its activities is recorded in a province.")))
            return
        body = []
        for row in rows:
            there = replace(one.view, who=found.who, area=(row["pcode"],))
            name = linked.link(
                esc(words.area_name(row["pcode"], found.lang)), linked.AREAS, replace(one.view, focus=row["pcode"])
            )
            count = linked.link(state.number(row["activities"]), linked.PARTNERS, there, to="list")
            body.append(
                (f'{name} <span class="lao-code">{row["pcode"]}</span>', count + linked.bar(row["activities"], most))
            )
        st.html(linked.table(_("Its activities by province"), (_("Province"), _("Activities")), body, numbers={1}))
        file_links.row({"chart.provinces.svg": _("Chart (SVG)")}, replace(found, goal="", focus=""))


def company(data: Dataset, one: Partner, found: Filters) -> None:
    """Draw who the partner works with."""
    _ = state.words()
    st.subheader(_("Who with whom"), anchor="with")
    found = replace(found, **{one.kind: (one.name,)})  # type: ignore[arg-type]
    parts: list[tuple[str, tuple[tuple[str, int], ...], str, Callable[[str], str]]] = [
        (_("Agencies"), one.with_agencies, "agency", facts.agency_name),
        (_("Donors"), one.with_donors, "donor", facts.donor_name),
        (_("Implementing partners"), one.with_partners, "partner", str),
    ]
    st.html(
        '<div class="lao-three">'
        + "".join(
            _joint(data, title, pairs, found, show, one)
            if kind == one.kind and pairs
            else facts.named(title, pairs, kind, linked.PARTNERS, found, show)
            for title, pairs, kind, show in parts
        )
        + "</div>"
    )


def _joint(
    data: Dataset,
    title: str,
    pairs: tuple[tuple[str, int], ...],
    found: Filters,
    show: Callable[[str], str],
    one: Partner,
) -> str:
    """Return the partners of the page's own kind with their joint activities.

    No filter keeps what two of a kind do together: a count opens the shorter of their two lists, which has it all.
    """
    _ = state.words()
    _figures, mask = cache.selection(data, replace(one.view, **{one.kind: ()}))  # type: ignore[arg-type]
    codes = partners.column(data, one.kind)
    sizes = dict(zip(codes.names, codes.counts(mask).tolist(), strict=True))
    rows = []
    for name, count in pairs:
        page = facts.partner_page(found, one.kind, name)
        shorter = min(one.name, name, key=sizes.__getitem__)
        told = _("All activities of {name}, the joint ones among them").format(name=show(shorter))
        there = facts.partner_page(found, one.kind, shorter)
        opens = linked.link(state.number(count), linked.PARTNERS, there, to="list", title=told)
        rows.append((linked.link(esc(show(name)), linked.PARTNERS, page), opens))
    return linked.table(title, (title, _("Joint activities")), rows, numbers={1}, hidden=True)
