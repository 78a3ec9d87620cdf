"""The parts of the partners' page: the lists of agencies, donors and implementing partners, and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geo import i18n, partners, tables, words
from geo.dataset import Dataset
from geo.filters import Filters
from geo.partners import Member, Partner
from pages._ui import cache, cards, facts, linked, state
from pages._ui.text import esc, md

Translate = Callable[[str], str]
LISTS = {"": "agency", "donors": "donor", "partners": "partner"}  # Filters.who -> kind
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
    number = i18n.number(len(rows), found.lang)
    st.subheader(f"{titles[kind]} ({number})", anchor="partners")
    unnamed = int((mask & ~partners.column(data, kind).words.any(axis=1)).sum())
    said = [words.adds_up(figures, found.lang), _("An activity with several partners counts once for each of them.")]
    if unnamed:
        said.append(_("Activities that name none: {count}").format(count=unnamed))
    st.caption(md(" · ".join(said)))
    if not rows:
        facts.nothing(found)
        return
    most = max(row.activities for row in rows)
    head = [titles[kind], _("Activities"), _("Goals"), _("Provinces"), _("Nationwide"), _("Years"), _with(kind, _)]
    body = [_row(one, kind, most, found) for one in rows]
    st.html(linked.table(titles[kind], head, body, numbers={1, 3, 4}, hidden=True, wide=True))


def _with(kind: str, _: Translate) -> str:
    return _("Joint work with") if kind == "agency" else _("Agencies")


def _row(one: Member, kind: str, most: int, found: Filters) -> list[str]:
    full = facts.agency_name(one.name).removeprefix(f"{one.name} – ") if kind == "agency" else ""
    label = linked.link(f"<b>{esc(one.name)}</b>", linked.PARTNERS, facts.partner_page(found, kind, one.name))
    if full and full != one.name:
        label += f' <span class="lao-sub">{esc(full)}</span>'
    there = facts.partner_page(found, kind, one.name)
    shown = ", ".join(map(esc, one.others[:SHOWN])) + (
        f" +{len(one.others) - SHOWN}" if len(one.others) > SHOWN else ""
    )
    return [
        label,
        linked.link(i18n.number(one.activities, found.lang), linked.PARTNERS, there, to="list")
        + linked.bar(one.activities, most),
        cards.goal_tiles(one.goals),
        i18n.number(len(one.provinces), found.lang),
        i18n.number(one.nationwide, found.lang),
        "–" if one.years is None else "–".join(map(str, sorted({*one.years}))),
        shown or "–",
    ]


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
    name = facts.agency_name(one.name) if one.kind == "agency" else one.name
    st.subheader(md(name), anchor="partner")
    kinds = {"agency": _("Agency"), "donor": _("Donor"), "partner": _("Implementing partner")}
    st.caption(md(f"{kinds[one.kind]} · {words.adds_up(one.figures, found.lang)}"))


def figures(data: Dataset, one: Partner, found: Filters) -> None:
    """Draw the partner's figures."""
    _ = state.words()

    def number(value: int) -> str:
        return i18n.number(value, found.lang)

    some = one.figures
    items = [
        (_("Activities"), number(some.total), ""),
        (_("In provinces"), number(some.located), _("in {count} provinces").format(count=one.provinces)),
        (_("Nationwide"), number(some.nationwide), _("for the whole country")),
        (_("Unlocated"), number(some.unlocated), _("their source names no province")),
        (_("Goals"), number(one.goals), _("of {count}").format(count=len(some.goals))),
    ]
    if one.people_stated:
        note = _("activities that state them: {count}").format(count=one.people_stated)
        items.append((_("People reached, where stated"), number(one.people), note))
    for money in one.money:
        note = _("{basis}; activities that state one: {count}").format(basis=_(money.basis), count=money.budgets)
        items.append((_("Budget"), words.money(money.cents, found.lang), note))
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
            count = linked.link(str(row["activities"]), linked.PARTNERS, there, to="list")
            body.append(
                (f'{name} <span class="lao-code">{row["pcode"]}</span>', count + linked.bar(row["activities"], most))
            )
        st.html(linked.table(_("Its activities by province"), (_("Province"), _("Activities")), body, numbers={1}))


def company(one: Partner, found: Filters) -> None:
    """Draw who the partner works with."""
    _ = state.words()
    st.subheader(_("Who with whom"), anchor="with")
    found = replace(found, **{one.kind: (one.name,)})  # type: ignore[arg-type]
    parts: list[tuple[str, tuple[tuple[str, int], ...], str, Callable[[str], str]]] = [
        (_("Agencies"), one.with_agencies, "agency", facts.agency_name),
        (_("Donors"), one.with_donors, "donor", str),
        (_("Implementing partners"), one.with_partners, "partner", str),
    ]
    st.html(
        '<div class="lao-three">'
        + "".join(_company(title, pairs, kind, found, show, one) for title, pairs, kind, show in parts)
        + "</div>"
    )


def _company(
    title: str, pairs: tuple[tuple[str, int], ...], kind: str, found: Filters, show: Callable[[str], str], one: Partner
) -> str:
    if kind == one.kind:
        # The filter of its own kind is the page itself: a name opens its page, a count says how many are common.
        rows = [
            (linked.link(esc(show(name)), linked.PARTNERS, facts.partner_page(found, kind, name)), str(count))
            for name, count in pairs
        ]
        _ = state.words()
        if rows:
            return linked.table(title, (title, _("Joint activities")), rows, numbers={1}, hidden=True)
    return facts.named(title, pairs, kind, linked.PARTNERS, found, show)
