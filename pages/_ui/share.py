"""Taking a view elsewhere: copy its link, its embed code or its citation; and the frame that the embed code shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from geo import cite, summary_words, words
from geo.dataset import Dataset
from geo.filters import Filters
from pages._ui import cache, linked, mapfiles, state
from pages._ui.livemap import live_map
from pages._ui.text import esc, md

CSS = """
.share { font: inherit; color: inherit; }
.share > div { margin-bottom: .9rem; }
.share label { display: block; font-weight: 600; font-size: .9rem; margin-bottom: .2rem; }
.share textarea { width: 100%; box-sizing: border-box; font-family: ui-monospace, monospace; font-size: .8rem;
  line-height: 1.35; padding: .4rem; border: 1px solid #8794a1; border-radius: 4px; resize: vertical; color: inherit;
  background: #f7f9fa; overflow-wrap: anywhere; }
.share button { font: inherit; font-size: .9rem; padding: .3rem .8rem; border: 1px solid #1f5a8a; border-radius: 4px;
  background: #1f5a8a; color: #fff; cursor: pointer; }
.share button:hover { background: #174766; }
.share :focus-visible { outline: 2px solid #1c1c1c; outline-offset: 2px; }
.share span { margin-left: .7rem; font-size: .9rem; }
"""
FRAME_CSS = """<style>
[data-testid=stHeader] { display: none; }
[data-testid=stMainBlockContainer] { padding: .3rem .4rem .2rem !important; max-width: none !important; height: 100vh; }
[data-testid=stMain] [data-testid=stVerticalBlock] { gap: .3rem; height: 100%; flex-wrap: nowrap; }
.st-key-map { flex: 0 1 100vh; min-height: 14rem; max-height: max(440px, 140vw); }
.st-key-map [data-testid^=stBidiComponent] { height: 100%; }
.lao-frame { font-size: .78rem; line-height: 1.3; color: #47525b; display: flex; flex-wrap: wrap; gap: .1rem .8rem;
  justify-content: space-between; }
.lao-frame a { color: #1f5a8a; }
@media (max-width: 640px) { .lao-frame { display: block; font-size: .75rem; } .lao-frame > * { margin-right: .5rem; } }
</style>"""

_component = st.components.v2.component(
    "lao_sdg_share",
    html='<div class="share"></div>',
    css=CSS,
    js=(Path(__file__).parent / "share.js").read_text(encoding="utf-8"),
)


def base(page: st.Page | None = None) -> str:
    """Return the address of ``page`` (by default the map's), without a query, as the browser knows it."""
    here = urlsplit(st.context.url or "")
    path = f"{mapfiles.base()}/{page.url_path if page is not None else ''}"
    return urlunsplit((here.scheme, here.netloc, path, "", ""))


def popover(data: Dataset, page: st.Page) -> None:
    """Draw the button that opens link, embed code and citation of this view."""
    found, _ = state.current(), state.words()
    popover = st.popover(_("Share"), width="stretch", key="share_view", on_change="rerun")
    if not popover.open:  # its texts bear the address: they would be sent again at every change of the view
        return
    name = "" if not page.url_path else page.title
    link = cite.link(base(page), found)
    pinned = cite.link(base(page), replace(found, version=data.pin))
    items = [
        {"label": _("Link to this view"), "button": _("Copy link"), "text": link, "rows": 2},
        {
            "label": _("Link that keeps to this version of the data"),
            "button": _("Copy pinned link"),
            "text": pinned,
            "rows": 2,
        },
        {
            "label": _("Embed the map of this view in another page"),
            "button": _("Copy embed code"),
            "text": cite.embed_code(base(), found),
            "rows": 4,
        },
        {
            "label": _("Cite this view"),
            "button": _("Copy citation"),
            "text": cite.citation(data, found, pinned, name),
            "rows": 4,
        },
    ]
    with popover:
        texts = {"copied": _("Copied"), "refused": _("Press Ctrl+C to copy")}
        _component(key="share", data={"items": items, **texts})
        st.caption(
            md(_("The embedded map shows on sites that whoever runs this server allows; ask them to add yours."))
        )


def stop_at_the_map(data: Dataset) -> None:
    """Inside another page (``?embed=true``) draw the map, the sum and the credits alone, and end the run there."""
    if not st.context.is_embedded:
        return
    found, _ = state.current(), state.words()
    spec = cache.spec(data, found)
    figures, _mask = cache.selection(data, found)
    st.html(FRAME_CSS)
    event = live_map(cache.delta(data, found), key="map", height="100%", points_url=cache.points(data, found))
    if event and event.pcode != found.focus:
        state.go(focus=event.pcode)
        st.rerun()
    linked.start()
    sums = summary_words.adds_up(figures, found.lang)
    st.html(_frame_foot(found, sums, f"{spec.title}: {spec.subtitle}", words.source(data, found)))
    st.stop()


def _frame_foot(found: Filters, sums: str, title: str, source: str) -> str:
    _ = state.words()
    # Relative: a frame may not know the address that it is shown under.
    address = esc(cite.link(linked.MAP, found))
    link = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{esc(_("Open the full map"))}</a>'
    return (
        f'<div class="lao-frame"><b>{esc(sums)}</b> <span>{esc(title)}</span> {link} <span>{esc(source)}</span></div>'
    )
