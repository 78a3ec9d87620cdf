"""News as lists: for the page of news and for the pages of a goal, an area and an agency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import pandas as pd
import streamlit as st

from geo import gazetteer, i18n, news, news_map, webmap, words
from geo.filters import Filters
from geo.news import News, NewsItem
from pages._ui import cards, linked, state
from pages._ui.livemap import live_map
from pages._ui.text import esc, md, told

NEWS = "stories"  # the address of the page
FIRST = 10  # items of a list before the rest is folded away
CSS = """<style>
ul.lao-news { list-style: none; margin: 0 !important; padding: 0 !important; }
.lao-news li { margin: 0 0 .65rem !important; padding: 0; line-height: 1.35; font-size: .95rem; }
details.lao-news summary { cursor: pointer; padding: .2rem 0 .5rem; }
.lao-news a { color: #1f5a8a; font-weight: 600; text-decoration: none; }
.lao-news a:hover, .lao-news a:focus-visible { text-decoration: underline; }
.lao-news a:focus-visible, .lao-news summary:focus-visible { outline: 2px solid #1f5a8a; outline-offset: 1px; }
.lao-news .lao-host { font-size: .8rem; color: #47525b; white-space: nowrap; }
.lao-news .lao-published { font-size: .8rem; color: #47525b; }
.lao-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
</style>"""


def kept() -> tuple[NewsItem, ...]:
    """Return the news that the filters of this view keep."""
    return news.apply(news.embedded().items, state.current())


def section(items: Sequence[NewsItem], key: str) -> None:
    """Draw the news of a goal, an area or an agency under a heading, or say that there is none."""
    _ = state.words()
    st.subheader(_("News ({count})").format(count=len(items)), anchor="news")
    if not items:
        st.caption(_("No news is recorded for it under these filters."))
    listing(items, key)


def listing(items: Sequence[NewsItem], key: str, first: int = FIRST) -> None:
    """Draw items of news in their order, each a link to its source; what comes after ``first`` is folded away.

    ``key`` names the list on its page; nothing is drawn for no items.
    """
    if not items:
        return
    _ = state.words()
    text = _list(items[:first])
    if rest := items[first:]:
        more = esc(_("{count} more").format(count=len(rest)))
        text += f'<details class="lao-news"><summary>{more}</summary>{_list(rest)}</details>'
    with st.container(key=f"news_{key}"):
        st.html(CSS + text)


def _list(items: Sequence[NewsItem]) -> str:
    return f'<ul class="lao-news">{"".join(map(_entry, items))}</ul>'


def _entry(item: NewsItem) -> str:
    found, _ = state.current(), state.words()
    title = told(item.title)
    if item.url:
        # A page of another organisation: it opens beside ours and learns nothing of it.
        opens = f'<span class="lao-said"> {esc(_("(opens in a new tab)"))}</span>'
        host = f'<span class="lao-host">{esc(item.host)} <span aria-hidden="true">↗</span></span>'
        title = f'<a href="{esc(item.url)}" target="_blank" rel="noopener noreferrer">{title}{opens}</a> {host}'
    else:
        title = f'<b>{title}</b> <span class="lao-host">{esc(_("no link published"))}</span>'
    facts = [
        news.kind_name(item.kind, found.lang),
        i18n.date(item.date, found.lang) if item.date else _("no date"),
        ", ".join(item.agencies),
        where(item),
    ]
    line = f"{cards.goal_tiles(item.goals)} {esc(' · '.join(fact for fact in facts if fact))}"
    return f'<li>{title}<div class="lao-facts">{line}{_published(item)}</div></li>'


def where(item: NewsItem) -> str:
    """Return what an item is about, in words."""
    found, _ = state.current(), state.words()
    if item.scope == "subnational":
        return ", ".join(words.area_name(code, found.lang) for code in item.areas)
    return _("nationwide") if item.scope == "nationwide" else _("no place stated")


def _published(item: NewsItem) -> str:
    """Return the places as published where they say more than the names or the scope shown."""
    _ = state.words()
    parts = [part for part in item.published.split(";") if part.strip()]
    plain = len(parts) == len(item.areas) if item.scope == "subnational" else len(parts) == 1 and not item.beside
    plain = plain and (item.scope != "unlocated") and "(" not in item.published
    if plain or not parts:
        return ""
    return f' <span class="lao-published">({esc(_("published as “{places}”").format(places=item.published))})</span>'


def kinds(found: News, view: Filters) -> None:
    """Draw the kinds of news to choose from, with how many items each has under the other filters."""
    _ = state.words()
    others = news.apply(found.items, view, leaving_out="kind")
    counts = {kind: sum(item.kind == kind for item in others) for kind in news.KINDS}
    st.session_state["w_kind"] = list(view.kind)
    st.pills(
        _("Kind"),
        list(news.KINDS),
        selection_mode="multi",
        key="w_kind",
        format_func=lambda kind: f"{news.kind_name(kind, view.lang)} ({counts[kind]})",
        on_change=lambda: state.go(kind=tuple(sorted(st.session_state["w_kind"]))),
    )


def passed_over(view: Filters) -> None:
    """Say which of the chosen filters say nothing about news."""
    _ = state.words()
    plain = Filters()
    chosen = {name: getattr(view, name) for name in news.OTHER_FILTERS if getattr(view, name) != getattr(plain, name)}
    if chosen:
        text = words.selection(replace(plain, lang=view.lang, **chosen))
        note = _("News states nothing about “{filters}”: that filter is passed over here.")
        st.caption(md(note.format(filters=text)))


def map_of(found: News, items: Sequence[NewsItem], view: Filters) -> None:
    """Draw the map of news; pressing a province opens its items beside the map."""
    spec = news_map.build(found, items, view)
    opened = gazetteer.province(view.focus) if view.focus else ""
    delta = {**webmap.delta(spec, selected=opened), "words": dict(news_map.map_words(view.lang))}
    event = live_map(delta, key="news_map", height=560)
    if event and event.pcode != opened:
        state.go(focus=event.pcode)
        st.rerun()
    for note in spec.notes[1:]:
        st.caption(md(note))


def beside_the_map(items: Sequence[NewsItem], view: Filters) -> None:
    """Draw the nationwide band with its items, or those of the area that stands open."""
    _ = state.words()
    st.html(f'<div class="lao-band" role="note">{esc(news_map.nationwide(items, view.lang))}</div>')
    if not view.focus:
        with st.container(height=490, border=False, key="box_band"):
            listing(news.of_scope(items, "nationwide"), "nationwide", first=len(items))
        return
    title, close = st.columns([5, 1], vertical_alignment="center")
    name = linked.link(esc(words.area_name(view.focus, view.lang)), linked.AREAS, view)
    title.html(f'<h3 class="lao-open">{name}</h3>')
    close.button("✕", key="close_focus", on_click=state.go, kwargs={"focus": ""}, help=_("Close"))
    here, named = news.for_area(items, view.focus), news.beside_area(items, view.focus)
    with st.container(height=430, border=False, key="box_here"):
        listing(here, "here", first=len(items))
        if not here:
            st.caption(md(_("No recorded news about this area under these filters.")))
        if named:
            st.caption(md(_("Named as a venue, or beside the whole country; not counted here:")))
            listing(named, "named", first=len(items))


def nothing(found: News, view: Filters) -> None:
    """Say that nothing fits, and which filter to loosen with the number of items that this would give."""
    _ = state.words()
    st.warning(md(_("No news fits all of these filters. Loosen one of them:")))
    plain = {item.name: item.default for item in fields(Filters)}
    for name in ("kind", "sdg", "area", "agency", "scope", "years", "q"):
        if getattr(view, name) == plain[name]:
            continue
        count = len(news.apply(found.items, view, leaving_out=name))
        if name == "kind":
            shown = ", ".join(news.kind_name(kind, view.lang) for kind in view.kind)
        else:
            shown = words.selection(replace(Filters(lang=view.lang), **{name: getattr(view, name)}))
        label = _("Without “{filter}”: {count} news items").format(filter=shown, count=count)
        st.button(md(label), key=f"loosen_{name}", on_click=state.go, kwargs={name: plain[name]})


def table(items: Sequence[NewsItem], view: Filters) -> None:
    """Draw the map's figures as a table; the last rows make the sum whole."""
    _ = state.words()
    st.subheader(_("The same figures as a table"), anchor="table")
    counts, agencies = _("News items"), _("Agencies")
    head = (_("P-code"), _("Name"), _("Local name"))
    lines = [
        {**dict(zip(head, (row["pcode"], row["name_en"], row["name_lo"]), strict=True)), counts: row["items"]}
        | {agencies: row["agencies"]}
        for row in news_map.rows(items)
    ]
    for scope, name in (("nationwide", _("nationwide")), ("unlocated", _("no place stated"))):
        lines.append(dict(zip(head, ("–", name, ""), strict=True)) | {counts: len(news.of_scope(items, scope))})
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="news_table", alt=news_map.adds_up(items, view.lang))
