"""What the pages of an area and of a partner show alike: figures, goals, years, counts by name, maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import streamlit as st

from geo import codes, summary_words, svgmap, words
from geo.code_columns import Mask
from geo.dataset import Dataset
from geo.filters import Filters
from geo.mapspec import LegendClass, MapSpec
from geo.studio_spec import StudioSpec
from geo.summary import Summary
from pages._ui import cards, file_links, linked, state
from pages._ui.text import esc, md

YEAR_BAR = 80  # CSS pixels of the highest bar
FIRST = 12  # names of a table before the rest is folded away
NOTHING = ("0", "–")  # figures that have no activity behind them
HERE, ELSEWHERE = "#1F6FB2", "#E4E7E9"


class Figure(NamedTuple):
    """A figure with its label and what it means, text all three; ``opens`` makes it the HTML of what is behind it."""

    label: str
    value: str
    note: str = ""
    opens: Callable[[str], str] = esc


def opened(value: str, page: str, found: Filters, to: str = "list") -> str:
    """Return a figure as a link to what is behind it; one of nothing has nothing to open."""
    return esc(value) if value in NOTHING else linked.link(esc(value), page, found, to=to)


def opening(page: str, found: Filters, to: str = "list") -> Callable[[str], str]:
    """Return ``opened`` for a view of a page: what a figure of it opens."""
    return partial(opened, page=page, found=found, to=to)


def figures(items: Iterable[Figure]) -> None:
    """Draw figures; one of "" is left out."""
    small = "<span class='lao-sub'>{}</span>"
    cells = "".join(
        f"<div>{small.format(esc(one.label))}<b>{one.opens(one.value)}</b>{small.format(esc(one.note))}</div>"
        for one in items
        if one.value
    )
    st.html(f'<div class="lao-figures">{cells}</div>')


def adds_up(figures: Summary, page: str, found: Filters, *more: str) -> None:
    """Draw the line that adds up, each number a link to its activities on the page, and texts that follow it."""
    parts = {
        "total": (figures.total, found.scope),
        "located": (figures.located, ("subnational",)),
        "nationwide": (figures.nationwide, ("nationwide",)),
        "unlocated": (figures.unlocated, ("unlocated",)),
    }
    links = {
        name: opened(state.number(count), page, replace(found, scope=scope)) for name, (count, scope) in parts.items()
    }
    line = esc(summary_words.sum_line(found.lang)).format(**links)
    st.html(f'<p class="lao-sub lao-sum">{" · ".join((line, *map(esc, filter(None, more))))}</p>')


def notes(data: Dataset, figures: Summary, found: Filters) -> None:
    """Draw what a reader must know of the selection: work in several areas, activities without a date."""
    said = summary_words.notes(data, figures, replace(found, level="adm1", metric="activities"))
    if said:
        st.caption(md(" ".join(said)))


def goals(counts: Iterable[int], page: str, found: Filters) -> None:
    """Draw the goals as tiles with their counts; each filters the page to its activities."""
    _ = state.words()
    tiles = []
    for goal, count in zip(codes.goals(), counts, strict=True):
        label = f"<b>{goal.number}</b> <span>{esc(goal.short(found.lang))}</span> <b>{int(count)}</b>"
        wanted = replace(found, sdg=(str(goal.number),))
        title = f"{words.goal_name(goal.number, found.lang)}: {int(count)}"
        inner = linked.link(label, page, wanted, to="list", title=title) if count else label
        style = f"--goal:{goal.colour if count else '#c3ccd3'}"
        inner = inner.replace('class="lao-go"', 'class="lao-go" style="display:contents"')
        tiles.append(f'<li style="{style}"{"" if count else " class=lao-none"}>{inner}</li>')
    st.html(f'<ul class="lao-goals" aria-label="{esc(_("Activities by goal"))}">{"".join(tiles)}</ul>')
    st.caption(md(_("An activity for several goals counts once for each of them. Press a goal for its activities.")))


def years(active: Mapping[int, int], undated: int, page: str, found: Filters) -> None:
    """Draw the activities active in each year as bars that open theirs; the undated are said apart."""
    _ = state.words()
    if active:
        most = max(active.values())
        step = 1 if len(active) <= 20 else 2 if len(active) <= 40 else 5
        bars = []
        for year in range(min(active), max(active) + 1):
            count = active.get(year, 0)
            shown = (
                str(year) if len(active) <= 12 else f"’{year % 100:02d}" if year % step == 0 else "\N{NO-BREAK SPACE}"
            )
            title = _("{year}: {count} activities").format(year=year, count=state.number(count))
            column = f"<span>{count or ''}</span><i style='height:{YEAR_BAR * count / most:.0f}px'></i>"
            wanted = replace(found, years=f"{year}-{year}", undated="")
            column = linked.link(column, page, wanted, to="list", title=title) if count else column
            bars.append(f"<li>{column}<span class='lao-year'>{shown}</span></li>")
        name = esc(_("Activities active in each year"))
        st.html(f'<ul class="lao-years" aria-label="{name}">{"".join(bars)}</ul>')
        file_links.row({"chart.years.svg": _("Chart (SVG)")}, found)
    if undated:
        st.caption(
            md(_("Activities without any date, which are in no year: {count}").format(count=state.number(undated)))
        )
    if not active and not undated:
        st.caption(md(_("No recorded activity.")))


def named(
    title: str, pairs: Sequence[tuple[str, int]], kind: str, page: str, found: Filters, show: Callable[[str], str] = str
) -> str:
    """Return a table of partners with their activities here: a name opens its page, a count its activities here."""
    _ = state.words()
    if not pairs:
        return f"<p><b>{esc(title)}</b><br><span class='lao-sub'>{esc(_('None is stated.'))}</span></p>"
    most = max(count for _name, count in pairs)
    rows = [
        (
            linked.link(esc(show(name)), linked.PARTNERS, partner_page(found, kind, name)),
            linked.link(state.number(count), page, _only(found, kind, name), to="list") + linked.bar(count, most),
        )
        for name, count in pairs
    ]
    head = (title, _("Activities"))
    text = linked.table(title, head, rows[:FIRST], numbers={1}, hidden=True)
    if len(rows) > FIRST:
        rest = linked.table(title, head, rows[FIRST:], numbers={1}, hidden=True)
        more = esc(_("{count} more").format(count=state.number(len(rows) - FIRST)))
        text += f"<details><summary>{more}</summary>{rest}</details>"
    return f"<div>{text}</div>"


def _only(found: Filters, kind: str, name: str) -> Filters:
    return replace(found, **{kind: (name,)})  # type: ignore[arg-type]


def partner_page(found: Filters, kind: str, name: str) -> Filters:
    """Return the view of a partner's page under the same filters."""
    return replace(found, who=f"{kind}:{name}", focus="", activity="")


def counted(names: Sequence[str], counts: Iterable[int], leaving_out: str = "") -> list[tuple[str, int]]:
    """Return the names that are counted at all, the most first, then by name."""
    pairs = [(name, int(count)) for name, count in zip(names, counts, strict=True) if count and name != leaving_out]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def donor_name(name: str) -> str:
    """Return a donor's name in the language of the view."""
    return codes.donor_name(name, state.current().lang)


def agency_name(code: str) -> str:
    """Return an agency's code and, where it says more, its full name."""
    known = {agency.code: agency for agency in codes.agencies()}
    name = known[code].name(state.current().lang) if code in known else ""
    return code if name in ("", code) else f"{code} – {name}"


def choropleth(spec: MapSpec, alt: str, width: int, height: int, shown: int) -> str:
    """Return a map of the spec's areas in their classes with its legend, as HTML; ``shown`` CSS pixels wide."""
    colour = {one.index: one.colour for one in spec.classes}
    fills = {area.pcode: colour.get(area.class_index) if area.class_index >= 0 else None for area in spec.areas}
    drawing = svgmap.draw(spec.level, spec.within, width, height, (4, 4, 4, 4))
    keys = "".join(
        f'<span class="lao-keyed"><span class="lao-key" style="background:{_paint(one)}"></span>'
        f"{esc(one.label)}</span> "
        for one in spec.classes
    )
    image = linked.picture(svgmap.svg(drawing, fills, land="", fine=True), alt, shown)
    return f'<figure class="lao-map">{image}<figcaption>{esc(spec.legend_title)}<br>{keys}</figcaption></figure>'


def _paint(one: LegendClass) -> str:
    """Return how a class is painted in the key: hatched where nothing is stated, as on the map."""
    stripes = f"repeating-linear-gradient(135deg,{one.colour} 0 1px,#fff 1px 4px)"
    return stripes if one.index < 0 else one.colour


def map_files(view: Filters, spec: StudioSpec) -> None:
    """Draw links that save the view's map as the studio prints it: with its legend, source and disclaimer."""
    _ = state.words()
    labels = {"studio.svg": _("Map (SVG)"), "studio.pdf": _("Map (PDF)")}
    file_links.row(labels, replace(view, studio=spec.to_text()))


def locator(level: str, within: str, marked: str, alt: str, shown: int) -> str:
    """Return a small map with one area marked, as HTML."""
    drawing = svgmap.draw(level, within, 150, 190, (2, 2, 2, 2))
    fills = {shape.pcode: HERE if shape.pcode == marked else ELSEWHERE for shape in drawing.areas}
    return (
        f'<figure class="lao-map">{linked.picture(svgmap.svg(drawing, fills, land="", fine=True), alt, shown)}</figure>'
    )


def activities(data: Dataset, mask: Mask, found: Filters) -> None:
    """Draw the activities of the page with their number, or say that there are none and how to see more."""
    _ = state.words()
    count = int(mask.sum())
    st.subheader(_("Activities ({count})").format(count=state.number(count)), anchor="list")
    cards.listing(data, mask, "list")
    if not count:
        nothing(found)


def nothing(found: Filters) -> None:
    """Say that nothing is recorded under the filters, and offer the page without them."""
    _ = state.words()
    st.caption(md(_("No recorded activity here under these filters. Recorded, not happening: others may exist.")))
    if chosen := words.selection(found):
        st.markdown(md(_("Filters: {filters}").format(filters=chosen)))
        st.button(_("Remove all filters"), key="loosen_all", on_click=_loosen)


def _loosen() -> None:
    plain, found = Filters(), state.current()
    selecting = {name for name in Filters.__dataclass_fields__ if isinstance(getattr(plain, name), tuple)}
    wanted = {*selecting, "years", "undated", "on", "q"} & {*Filters.__dataclass_fields__}
    state.go(**{name: getattr(plain, name) for name in wanted if getattr(found, name) != getattr(plain, name)})
