"""The frame of every page: styles, name, navigation, language, what a link got wrong, and the foot."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st
from PIL import Image, ImageDraw

from geo import boundaries, codes, colours, crs, i18n, pack, words
from geo.dataset import Dataset
from geo.errors import Problem
from pages._ui import account, cache, linked, state, to_studio
from pages._ui.text import esc, md


def page_title() -> str:
    """Return the browser's title: the filters in words, then the map's name."""
    name = pack.title(state.current().lang)
    chosen = words.selection(state.current())
    return f"{chosen} – {name}" if chosen else name


@functools.cache
def icon() -> Image.Image:
    """Return the page's icon: the country's outline.  (Streamlit asks an outside host for its own icons.)"""
    size, margin = 64, 4
    outline = boundaries.simplified("adm1", 5_000).to_crs(crs.projected()).union_all()
    left, bottom, right, top = outline.bounds
    scale = (size - 2 * margin) / max(right - left, top - bottom)
    x, y = (size - (right - left) * scale) / 2, (size + (top - bottom) * scale) / 2
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    for part in getattr(outline, "geoms", [outline]):
        draw.polygon(
            [(x + (a - left) * scale, y - (b - bottom) * scale) for a, b in part.exterior.coords], colours.DEFAULT_HUE
        )
    return image


def styles() -> None:
    """Set the few styles of ours: the goals' tiles, denser spacing, and links that look like links."""
    tiles = "".join(
        f".lao-tile.g{goal.number},.st-key-w_sdg [role=toolbar] button:nth-of-type({place})"
        f"{{--goal:{goal.colour};--on:{colours.text_on(goal.colour)};--count:var(--c{place})}}"
        for place, goal in enumerate(codes.goals(), 1)
    )
    st.html(f"<style>{tiles}{CSS}</style>")


CSS = """
.st-key-w_sdg, .st-key-w_sdg [data-testid=stButtonGroup] { width: 100% !important; }
.st-key-w_sdg [role=toolbar] { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; width: 100%; }
.st-key-w_sdg [role=toolbar] button { border: 1px solid #c3ccd3; border-left: 7px solid var(--goal); border-radius: 3px;
  min-height: 1.9rem; padding: 0 .4rem; justify-content: flex-start; overflow: hidden; width: 100%; gap: 0; }
.st-key-w_sdg [role=toolbar] button > div { justify-content: flex-start; }
.st-key-w_sdg [role=toolbar] button * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.st-key-w_sdg [role=toolbar] button p { font-size: .8rem; }
.st-key-w_sdg [role=toolbar] button::after { content: var(--count); flex: none; margin-left: auto; padding-left: .35rem;
  font-size: .8rem; font-variant-numeric: tabular-nums; }
.st-key-w_sdg [role=toolbar] button[aria-pressed=true] { background: var(--goal); color: var(--on);
  outline: 2px solid #1c1c1c; outline-offset: -2px; }
.st-key-w_sdg [role=toolbar] button[aria-pressed=true] * { color: var(--on) !important; }
[role=radiogroup]:has(> [role=radio]) { flex-wrap: wrap; row-gap: 4px; }
[role=radiogroup]:has(> [role=radio]) > * { flex: none; }
[data-testid=stMultiSelect] [role=group]:has(> [data-testid=stMultiSelectTagsContainer]) {
  height: auto; max-height: none; }
[data-testid=stMultiSelectTagsContainer] { flex-wrap: wrap; height: auto; max-height: 9.5rem; mask-image: none; }
[data-testid=stHeader] { background: transparent; height: 2.6rem; pointer-events: none; }
[data-testid=stHeader] * { pointer-events: none; }
[data-testid=stHeader] :is(button, a), [data-testid=stHeader] :is(button, a) * { pointer-events: auto; }
[data-testid=stMainBlockContainer] { padding: .7rem 1.6rem 2rem; max-width: 1680px; }
[data-testid=stSidebarHeader] { height: 2.2rem; margin-bottom: 0; }
[data-testid=stSidebarUserContent] { padding-top: 0; }
[data-testid=stApp]:has([data-testid=stExpandSidebarButton]) [data-testid=stMainBlockContainer] { padding-top: 2.6rem; }
@media (max-width: 640px) { [data-testid=stMainBlockContainer] { padding: 2.6rem .8rem 2rem; } }
.lao-files { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 .3rem; }
a.lao-file { border: 1px solid #b9c3ca; border-radius: 6px; padding: .34rem .75rem; color: #1c1c1c !important;
  text-decoration: none !important; background: #fff; font-size: .92rem; }
a.lao-file:hover, a.lao-file:focus-visible { border-color: #1f5a8a; color: #1f5a8a !important; }
a.lao-file:focus-visible { outline: 2px solid #1f5a8a; outline-offset: 1px; }
a.lao-first { background: #1f5a8a; border-color: #1f5a8a; color: #fff !important; }
a.lao-first:hover, a.lao-first:focus-visible { background: #17466b; color: #fff !important; }
.lao-band { border: 1px solid #d9c7a0; background: #faf6ec; border-radius: 6px; padding: .6rem .8rem; }
.st-key-pinned { border-color: #d9c7a0; background: #faf6ec; padding: .4rem .8rem; }
.lao-tile { background: var(--goal); color: var(--on); display: inline-block; min-width: 1.5rem; padding: 0 .25rem;
  margin: 0 2px 2px 0; border-radius: 3px; text-align: center; font-weight: 600; font-size: .8rem;
  line-height: 1.4rem; }
[data-testid=stCaptionContainer], [data-testid=stCaptionContainer] * { color: #47525b !important;
  opacity: 1 !important; }
.lao-facts { font-size: .84rem; color: #47525b; line-height: 1.35; }
ul.lao-list { list-style: none; margin: 0 !important; padding: 0 !important; }
.lao-list li { margin: 0 !important; padding: .5rem 0 0; }
.lao-list a.lao-go { display: inline-block; padding: .1rem 0; font-weight: 600; line-height: 1.35;
  text-decoration: none; }
.lao-list a.lao-go:hover, .lao-list a.lao-go:focus-visible { text-decoration: underline; }
.st-key-head, .st-key-bar { flex-wrap: nowrap !important; gap: .6rem !important; }
.st-key-bar_find { min-width: 0 !important; flex: 1 1 auto; }
.st-key-head { padding-right: 2.5rem; }
.st-key-head > :first-child, .st-key-head > :first-child * { min-width: 0 !important; }
.st-key-head h4 { padding: .2rem 0; line-height: 1.25; }
@media (max-width: 640px) { .st-key-head { padding-right: 0; } .st-key-head h4 { font-size: 1.05rem; }
  .st-key-head > :first-child { flex: 0 1 auto !important; } .st-key-head button { padding: 0 .5rem; } }
:is([data-testid=stTextInputRootElement], [data-testid=stNumberInputContainer], [data-testid=stTextAreaRootElement],
  [data-testid=stMultiSelect], [data-testid=stSelectbox], [data-testid=stDateInput],
  [data-testid=stDataFrame]):focus-within, [data-testid=stMain]:focus-visible {
  outline: 2px solid #1f5a8a; outline-offset: 1px; border-radius: 4px; }
[data-testid=stMain]:focus-visible { outline-offset: -2px; }
nav.lao-nav { display: flex; flex-wrap: wrap; gap: .1rem 1.3rem; border-bottom: 1px solid #dde3e7; }
.lao-nav a.lao-go { text-decoration: none; padding: .3rem 0; border-bottom: 3px solid transparent; }
.lao-nav a.lao-go:hover { border-color: #a9c0d2; }
.lao-nav a.lao-go[aria-current] { font-weight: 600; border-color: #1f5a8a; }
.st-key-focus_facts [data-testid=stMetricValue] { font-size: 1.45rem; }
h2, [data-testid=stHeading] h3 { font-size: 1.25rem !important; padding: .6rem 0 .2rem; }
dl { display: grid; grid-template-columns: minmax(8rem, auto) 1fr; gap: .25rem 1rem; margin: .3rem 0; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .35rem; } }
"""


def header(pages: Sequence[st.Page], here: st.Page) -> None:
    """Draw the name of the map, the way to the other pages with the same filters, and the language."""
    found, _ = state.current(), state.words()
    # Rows that stay rows on a phone, where columns would stack and push the map down.
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.markdown(f"#### {md(pack.title(found.lang))}", width="content")
        if account.shown():
            account.corner()
        st.session_state["w_lang"] = found.lang
        st.segmented_control(
            _("Language"),
            list(pack.settings().languages),
            key="w_lang",
            format_func=i18n.own_name,
            required=True,
            label_visibility="collapsed",
            on_change=lambda: state.go(lang=st.session_state["w_lang"]),
        )
    if len(pages) > 1:
        plain = replace(found, activity="")
        links = "".join(
            linked.link(
                esc(page.title),
                page.url_path or linked.MAP,
                to_studio.view(plain, here.url_path) if page.url_path == to_studio.STUDIO else plain,
                current=page.url_path == here.url_path,
            )
            for page in pages
        )
        query = urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)
        with st.container(key="nav"):
            st.html(f'<nav class="lao-nav" aria-label="{esc(_("Pages"))}" data-query="{esc(query)}">{links}</nav>')


def link_problems(problems: Sequence[Problem]) -> None:
    """Say what of the link was not understood; the rest of it holds."""
    _ = state.words()
    for problem in problems:
        st.warning(
            md(
                _(
                    "The link asks for {name} “{value}”, which is not known here; it is left out. Expected {expected}."
                ).format(name=problem.column, value=problem.value, expected=problem.expected)
            )
        )


def pinned(data: Dataset) -> None:
    """Say that the link is pinned to data that is not the newest, and give the way there."""
    newest = cache.newest()
    if data.version == newest.version:
        return
    found, _ = state.current(), state.words()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="pinned"):
        said = _("This link keeps to {version}. Everybody else sees {newest}.").format(
            version=words.version_name(data, found.lang), newest=words.version_name(newest, found.lang)
        )
        st.markdown(md(said))
        st.button(_("Show the newest"), key="unpin", on_click=lambda: state.go(version=""))


def foot(data: Dataset) -> None:
    """Draw the data's version, date and digest, the boundary credit and the disclaimer."""
    found, _ = state.current(), state.words()
    st.divider()
    st.caption(
        md(
            _("Data: {version}, {digest}. {credit}.").format(
                version=words.version_name(data, found.lang),
                digest=data.digest[:8],
                credit=_(boundaries.credit()),
            )
        )
    )
    st.caption(md(words.disclaimer(found.lang)))
