"""HTML of our own with links that keep the view: real addresses, which the browser follows without loading anew.

All text that comes in here is escaped by the caller (``text.esc``) or made by a function of this module.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from geo.filters import Filters
from pages._ui import state
from pages._ui.text import esc

STARTED = "_links_started"
MAP, AREAS, PARTNERS = "./", "places", "who"  # addresses beside one another, whatever the server's base path

# A click on one of our links becomes what going back and forward is to Streamlit: a new address and a run, 0.3 s
# rather than the 2 s of a page load.  Without it, in a new tab, or on a copied address the links work as any do.
JS = (Path(__file__).parent / "links.js").read_text("utf-8")
CSS = """
a.lao-go { color: #1f5a8a; text-decoration: underline; text-decoration-color: #a9c0d2; text-underline-offset: 2px; }
a.lao-go:hover, a.lao-go:focus-visible { text-decoration-color: currentColor; }
.lao-goals a.lao-go, .lao-years a.lao-go, .lao-tabs a.lao-go { text-decoration: none; }
a.lao-go:focus-visible { outline: 2px solid #1f5a8a; outline-offset: 1px; }
[data-testid=stCaptionContainer], [data-testid=stCaptionContainer] p { color: #47525b !important; opacity: 1; }
.lao-scroll { overflow-x: auto; }
.lao-table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.35; }
.lao-table caption { text-align: left; font-size: .84rem; color: #47525b; padding: 0 0 .3rem; }
.lao-table th, .lao-table td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid #dde3e7; overflow-wrap: break-word; }
.lao-table thead th { font-weight: 600; color: #47525b; border-bottom: 2px solid #aab4bc; vertical-align: bottom; }
.lao-table tbody th { font-weight: 400; }
.lao-table .n { text-align: right; font-variant-numeric: tabular-nums; }
.lao-table td.n { white-space: nowrap; }
.lao-table tr.lao-here { background: #eef4f9; }
.lao-code { color: #47525b; font-size: .78rem; white-space: nowrap; }
.lao-narrow { max-width: 62rem; }
.lao-bar { display: block; height: 5px; border-radius: 2px; background: #4b93d9; margin-top: 3px; }
.lao-sub { color: #47525b; font-size: .84rem; }
.lao-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; }
.lao-figures div { border: 1px solid #d5dce1; border-radius: 6px; padding: .5rem .7rem; }
.lao-figures b { display: block; font-size: 1.4rem; line-height: 1.3; font-weight: 600; }
ul.lao-goals { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: 4px;
  list-style: none; margin: 0 !important; padding: 0 !important; }
.lao-goals li { margin: 0 !important; border: 1px solid #d5dce1; border-left: 8px solid var(--goal); border-radius: 3px;
  padding: .15rem .45rem; font-size: .84rem; display: flex; gap: .4rem; }
.lao-goals li span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lao-goals li.lao-none { color: #5b6670; background: #f5f7f8; }
ul.lao-years { display: flex; align-items: flex-end; gap: 2px; list-style: none; height: 118px;
  margin: 0 !important; padding: 0 !important; }
.lao-years li { flex: 1; min-width: 0; max-width: 56px; margin: 0 !important; text-align: center; font-size: .7rem; }
.lao-years a, .lao-years span { display: block; }
.lao-years i { display: block; background: #4b93d9; border-radius: 2px 2px 0 0; }
.lao-years .lao-year { color: #47525b; border-top: 1px solid #8a959d; }
.lao-map { margin: 0; } .lao-map img { max-width: 100%; height: auto; display: block; }
.lao-map figcaption { font-size: .8rem; color: #47525b; margin-top: .2rem; }
.lao-key { display: inline-block; width: 1rem; height: .7rem; border: 1px solid #8a959d; margin: 0 .3rem 0 .6rem; }
.lao-three { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 0 1.6rem; }
.lao-flow { position: relative; margin: 2.2rem 0 1rem; font-size: .8rem; }
.lao-flow img { position: absolute; inset: 0; }
.lao-node { position: absolute; line-height: 18px; white-space: nowrap;
  background: rgba(255, 255, 255, .72); border-radius: 3px; padding: 0 3px; }
.lao-node, .lao-node a { display: flex; min-width: 0; }
.lao-node span { overflow: hidden; text-overflow: ellipsis; }
.lao-table tbody th .lao-sub { display: block; }
.lao-keyed { white-space: nowrap; }
.lao-tabs { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; border-bottom: 1px solid #c3ccd3; margin-bottom: .3rem; }
.lao-tabs a { padding: .35rem 0; } .lao-tabs a[aria-current] { font-weight: 600; border-bottom: 3px solid #1f5a8a; }
.lao-crumbs { font-size: .9rem; } .lao-two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }
@media (max-width: 640px) { .lao-two, .lao-three { grid-template-columns: 1fr; }
  .lao-wider { min-width: 44rem; } .lao-wide { display: none; }
  .lao-stacked, .lao-stacked caption, .lao-stacked tbody { display: block; }
  .lao-stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .lao-stacked tbody tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr));
    gap: .15rem .8rem; padding: .45rem .3rem; border-bottom: 1px solid #c3ccd3; }
  .lao-table.lao-stacked tbody > tr > * { border: 0; padding: 0; text-align: left; white-space: normal; min-width: 0; }
  .lao-stacked tbody th, .lao-stacked tbody td:not(.n) { grid-column: 1 / -1; }
  .lao-stacked tbody td:not(.n) { order: 1; }
  .lao-stacked td::before { content: attr(data-head) / ""; display: block; font-size: .74rem; color: #47525b; }
  .lao-years { gap: 1px; } .lao-years li:nth-child(even) .lao-year { color: transparent; } }
@media print { [data-testid=stSidebar], [data-testid=stHeader], .st-key-nav { display: none !important; }
  .lao-table { font-size: 8.5pt; } .lao-table tr { break-inside: avoid; } .lao-tile { print-color-adjust: exact; } }
"""

_component = st.components.v2.component("lao_sdg_links", html="<span></span>", js=JS)


def start() -> None:
    """Set the page's language and the styles of this module's HTML; its links are followed without a page load."""
    view = state.current()
    if st.session_state.get(STARTED) is view:
        return  # once a run: ``state.load`` makes a view of its own for each
    st.session_state[STARTED] = view
    st.html(f"<style>{CSS}</style>")
    _component(key="links", data={"lang": view.lang})


def href(page: str, found: Filters) -> str:
    """Return the address of a view on a page, for an attribute: not yet escaped."""
    query = urlencode(state.query(found), doseq=True)
    return f"{page}?{query}" if query else page


def link(label: str, page: str, found: Filters, *, to: str = "", title: str = "", current: bool = False) -> str:
    """Return a link; ``label`` is HTML, ``to`` the id that the new page is scrolled to."""
    more = f' data-to="{esc(to)}"' if to else ""
    more += f' title="{esc(title)}"' if title else ""
    more += ' aria-current="page"' if current else ""
    return f'<a class="lao-go" href="{esc(href(page, found))}"{more}>{label}</a>'


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Collection[int] = (),
    hidden: bool = False,
    here: int = -1,
    wide: bool = False,
) -> str:
    """Return a table; ``head`` is text, cells are HTML, the first of a row names it.

    ``numbers`` are the columns of figures, ``here`` the row that is marked; ``hidden`` keeps the caption for screen
    readers alone.  On a phone a row of three cells or more is stacked, each figure under its heading, and of a ``wide``
    table is scrolled.  The roles keep it a table for screen readers: browsers forget that of one laid out otherwise.
    """
    stacked = len(head) > 2 and not wide
    kind = "lao-table lao-wider" if wide else "lao-table lao-stacked" if stacked else "lao-table"

    def cell(at: int, value: str) -> str:
        right = ' class="n"' if at in numbers else ""
        if at == 0:
            return f'<th scope="row" role="rowheader"{right}>{value}</th>'
        said = f' data-head="{esc(head[at])}"' if stacked else ""
        return f'<td role="cell"{right}{said}>{value}</td>'

    titles = "".join(
        f'<th scope="col" role="columnheader"{" class=n" if at in numbers else ""}>{esc(text)}</th>'
        for at, text in enumerate(head)
    )
    body = ""
    for place, row in enumerate(rows):
        cells = "".join(cell(at, value) for at, value in enumerate(row))
        body += f'<tr role="row"{" class=lao-here" if place == here else ""}>{cells}</tr>'
    name = esc(caption)
    shown = "" if hidden else f"<caption>{name}</caption>"
    return (
        f'<div class="lao-scroll" role="region" tabindex="0" aria-label="{name}">'
        f'<table role="table" class="{kind}">{shown}<thead role="rowgroup"><tr role="row">{titles}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def bar(count: float, most: float) -> str:
    """Return a bar beside a figure; it says nothing that the figure does not."""
    return f'<span class="lao-bar" style="width:{100 * count / most:.0f}%"></span>' if count and most else ""


def picture(svg: str, alt: str, width: int) -> str:
    """Return an SVG drawing as an image of at most ``width`` CSS pixels."""
    source = base64.b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{esc(alt)}" style="width:{width}px">'
