"""The parts of the page of a province or district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geo import gazetteer, i18n, pack, profile, words
from geo.dataset import Dataset
from geo.filters import Filters
from geo.profile import Profile, Rank
from geo.studio_spec import StudioSpec
from pages._ui import area_index, cache, cards, facts, linked, state
from pages._ui.text import esc, md

Translate = Callable[[str], str]


def head(found: Filters) -> None:
    """Draw the way back, the area's names and code, and the list to go to another."""
    _ = state.words()
    title, other = st.columns([3, 2], vertical_alignment="bottom")
    parent = gazetteer.parent(found.focus)
    steps = [linked.link(esc(_("All provinces")), linked.AREAS, replace(found, focus="", activity=""))]
    if gazetteer.level(found.focus) == "adm2":
        steps.append(linked.link(esc(area_index.names(parent)[0]), linked.AREAS, area_index.page_of(found, parent)))
    with title:
        st.html(f'<nav class="lao-crumbs" aria-label="{esc(_("Where this area lies"))}">{" › ".join(steps)} ›</nav>')
        st.subheader(" · ".join(md(name) for name in area_index.names(found.focus) if name), anchor="area")
        unit = _("District") if gazetteer.level(found.focus) == "adm2" else _("Province")
        st.caption(md(" ".join((f"{unit} · {found.focus}", area_index.place_filter(found, _)))))
    with other:
        area_index.choose(found)


def rank(found: Rank | None, among: str, _: Translate) -> str:
    """Return a rank in words, "" where the figure has none."""
    if found is None:
        return ""
    if gazetteer.level(among) == "adm1":
        text = _("rank {place} of {of} districts of {area}")
    else:
        text = _("rank {place} of {of} provinces")
    shared = f", {_('shared')}" if found.ties else ""
    return text.format(place=found.place, of=found.of, area=area_index.names(among)[0]) + shared


def figures(data: Dataset, one: Profile, found: Filters) -> None:
    """Draw the area's figures, each with its rank."""
    _ = state.words()
    row, ranks, among = one.row, one.ranks, one.among
    opens = area_index.behind(found, one.pcode)

    def figure(label: str, name: str, value: str) -> facts.Figure:
        return facts.Figure(label, value, rank(ranks.get(name), among, _), opens[name])

    people = facts.Figure(
        _("People reached, where stated"),
        words.people(row["people_reached"], found.lang),
        rank(ranks.get("people_reached"), among, _) or _("no activity here states them"),
        opens["people"],
    )
    items = [
        figure(_("Activities"), "activities", state.number(row["activities"])),
        figure(_("Agencies"), "agencies", state.number(row["agencies"])),
        people,
        *_budgets(one, found),
    ]
    if row["per_100k"] is not None:
        counted = _("{people} people, census {year}").format(
            people=state.number(gazetteer.population(one.pcode)), year=pack.settings().census_year
        )
        note = "; ".join(filter(None, (counted, rank(ranks.get("per_100k"), among, _))))
        per = area_index.rate(row["per_100k"])
        items.append(facts.Figure(_("Activities per 100,000 people"), per, note, opens["activities"]))
    facts.figures(items)
    facts.notes(data, one.figures, found)
    st.caption(
        md(
            _(
                "Budgets: the low end counts activities of this area alone, the high end all that touch it; "
                "the two kinds of budget are never added up."
            )
        )
    )
    st.caption(md(area_index.census(_)))


def _budgets(one: Profile, found: Filters) -> list[facts.Figure]:
    """Return the area's money as a range for each basis; the activities behind it say theirs."""
    _ = state.words()
    if not one.money:
        return [facts.Figure(_("Budget, range"), "–", _("no activity here states one"))]
    items = []
    for money in one.money:
        note = _("{basis}; activities that state one: {count}").format(basis=_(money.basis), count=money.budgets)
        ranked = rank(one.ranks.get("budget_high"), one.among, _) if money.basis == found.basis else ""
        amount = words.money_range(money.low, money.high, found.lang)
        opens = area_index.behind(replace(found, basis=money.basis), one.pcode)["budget"]
        items.append(facts.Figure(_("Budget, range"), amount, "; ".join(filter(None, (note, ranked))), opens))
    return items


def place(data: Dataset, found: Filters) -> None:
    """Draw where the area lies in the country and, for a province, its districts in classes."""
    _ = state.words()
    inside = gazetteer.province(found.focus)
    where = _("{area} in the country").format(area=area_index.names(inside)[0])
    maps = [facts.locator("adm1", "", inside, where, 150)]
    if found.focus == inside:
        spec = cache.spec(data, replace(profile.base(found), level="adm2"))
        cut = replace(spec, within=inside, areas=tuple(a for a in spec.areas if gazetteer.province(a.pcode) == inside))
        maps.append(facts.choropleth(cut, f"{spec.legend_title}. {_('The table has the figures.')}", 230, 230, 230))
    else:
        text = _("{area} in {province}").format(
            area=area_index.names(found.focus)[0], province=area_index.names(inside)[0]
        )
        maps.append(facts.locator("adm2", inside, found.focus, text, 200))
    st.html('<div class="lao-two">' + "".join(maps) + "</div>")
    st.html(linked.link(esc(_("Show on the map")), linked.MAP, replace(found, area=(found.focus,), level="adm1")))
    facts.map_files(profile.base(found), StudioSpec(kind="province", items=(inside,)))


def history(data: Dataset, one: Profile, found: Filters) -> None:
    """Say how the area's borders changed and which of its activities began before that."""
    if not one.changes:
        return
    _ = state.words()
    inside = gazetteer.province(one.pcode)
    with st.container(border=True, key="history"):
        st.markdown(f"**{md(_('Old and new borders of {area}').format(area=area_index.names(inside)[0]))}**")
        items = "".join(
            f"<li>{esc(i18n.date(change.since, found.lang))}: {esc(change.what(found.lang))} "
            f"<span class='lao-sub'>({esc(change.source)})</span></li>"
            for change in one.changes
        )
        st.html(f"<ul>{items}</ul>")
        last = one.changes[-1]
        count, day = int(one.older.sum()), i18n.date(last.since, found.lang)
        others = ", ".join(
            linked.link(esc(f"{area_index.names(code)[0]} ({code})"), linked.AREAS, area_index.page_of(found, code))
            for code in profile.peers(last)
        )
        text = _(
            "Activities here that began before {day}: {count}. A place named then may lie in another province today."
        )
        if not count:
            text = _("No activity here is known to have begun before {day}; older work may be recorded elsewhere.")
        said = esc(text.format(count=state.number(count), day=day))
        st.html(f"<p>{said} {esc(_('The same change concerns:'))} {others}.</p>" if others else f"<p>{said}</p>")
        if count:
            with st.expander(
                _("Activities that began before {day} ({count})").format(day=day, count=state.number(count))
            ):
                cards.listing(data, one.older, "older")


def who(data: Dataset, one: Profile, found: Filters) -> None:
    """Draw the agencies and donors at work in the area."""
    _ = state.words()
    st.subheader(_("Who works here"), anchor="partners")
    here = one.figures
    agencies = facts.counted(data.agencies.names, here.agencies)
    donors = facts.counted(data.donors.names, here.donors)
    left = facts.named(_("Agencies"), agencies, "agency", linked.AREAS, found, facts.agency_name)
    right = facts.named(_("Donors"), donors, "donor", linked.AREAS, found, facts.donor_name)
    st.html(f'<div class="lao-two">{left}{right}</div>')
    unnamed = int((one.here & ~data.donors.words.any(axis=1)).sum())
    if unnamed:
        st.caption(md(_("Activities that name no donor: {count}").format(count=state.number(unnamed))))


def comparison(data: Dataset, one: Profile, found: Filters) -> None:
    """Draw the neighbours' figures beside the area's own, and those of a province's districts."""
    _ = state.words()
    st.subheader(_("Beside its neighbours"), anchor="neighbours")
    rows = [one.row, *one.neighbours]
    caption = _("The area (marked) and those that share a border with it")
    st.html(area_index.figures_table(found, rows, caption, one.pcode))
    if one.inside:
        st.subheader(_("Its districts"), anchor="districts")
        st.html(
            area_index.figures_table(
                found, one.inside, _("The districts of {area}").format(area=area_index.names(one.pcode)[0])
            )
        )
        districts = data.places(found.view).adm2
        known = districts.any_of([row["pcode"] for row in one.inside])
        apart = int((one.here & ~known).sum())
        if apart:
            st.caption(
                md(
                    _("Activities known by province only, which are in no district: {count}").format(
                        count=state.number(apart)
                    )
                )
            )


def nationwide(data: Dataset, one: Profile, found: Filters) -> None:
    """Say how much nationwide work also serves the area, never counted in its figures."""
    _ = state.words()
    count = int(one.nationwide.sum())
    st.subheader(_("Nationwide work that also serves this area"), anchor="nationwide")
    text = _(
        "{count} nationwide activities serve the whole country, {area} among it. They are in none of the figures above."
    )
    said = text.format(count=state.number(count), area=area_index.names(one.pcode)[0])
    st.html(f'<div class="lao-band" role="note">{esc(said)}</div>')
    if count:
        with st.expander(_("The nationwide activities ({count})").format(count=state.number(count))):
            cards.listing(data, one.nationwide, "nation")
