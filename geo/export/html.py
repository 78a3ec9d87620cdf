"""Floor 7: a view as one HTML file: the live map with filters, search, table and list, with no network at all.

The map's own document stands in the middle of a page of ours.  Whatever comes from the data reaches the page as JSON
and is set as text; a content security policy in the file itself refuses every request.
"""

from __future__ import annotations

import html
import json
from dataclasses import replace

from geo import mapspec, provenance, webmap
from geo.dataset import Dataset
from geo.errors import InputError
from geo.export import html_data
from geo.export.content import line, shorten
from geo.filters import Filters
from geo.webmap import ASSETS

SCRIPTS = ("standalone_count.js", "standalone.js")
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
BEFORE = """<a class="skip" href="#list"></a>
<header id="head"><div><p id="series"></p><h1></h1><p id="subtitle"></p></div><div id="tools"></div></header>
<noscript><p class="plain">This page draws its map with a script of its own: switch scripts on for it.</p></noscript>
<main><section id="filters"></section><div id="shown"><p id="sum" role="status"></p><div id="band"></div>
<div id="stage"><div id="frame">"""
AFTER = """</div><section id="table" tabindex="-1"></section></div><div id="notes"></div>
<section id="list" tabindex="-1"></section></div></main><footer id="foot"></footer>"""
MAP_START = '<div class="folium-map"'
MAP_END = '<div id="tooltip" role="status" hidden></div>'


def render(dataset: Dataset, filters: Filters, *, title: str = "", draft: bool = True) -> bytes:
    """Return a view as a standalone HTML file.

    Raises:
        InputError: when the map's files were not set up.
    """
    spec = mapspec.build(dataset, filters, title=shorten(line(title), 400), draft=draft)
    points = html_data.points(dataset, filters)
    # The page says nationwide work above the map: the legend is the smaller for it, and the map the larger.
    first = webmap.delta(replace(spec, nationwide_text=""))
    page = webmap.document(filters.lang, embedded=webmap.embed(first, points))
    data = html_data.values(dataset, filters, spec, title=title)
    view = provenance.of(dataset, filters).to_text()
    scripts = "".join(f"<script>{(ASSETS / name).read_text(encoding='utf-8')}</script>\n" for name in SCRIPTS)
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{VIEWPORT}\n'
        f"<title>{html.escape(spec.title)}</title>\n"
        f"<style>{(ASSETS / 'standalone.css').read_text(encoding='utf-8')}</style>\n"
    )
    blocks = (
        f'{provenance.html_element(view)}\n<script type="application/json" id="standalone">{_json(data)}</script>\n'
    )
    return _joined(page, head, blocks, scripts, spec.language).encode()


def _joined(page: str, head: str, blocks: str, scripts: str, language: str) -> str:
    """Return the map's document with our page around it."""
    at = page.index("<head>") + len("<head>")
    start, body = page.rindex("</head>"), page.rindex(MAP_START)
    end = page.index(MAP_END, body) + len(MAP_END)
    last = page.rindex("</html>")
    if not at < start < body < end < last:
        raise InputError("The map's document is not as this page expects it. Build both of one version.")
    # The policy stands first, so that nothing comes before it; our styles last, so that they hold.
    policy, ours = head.split("\n", 1)
    styles = (
        page[at:start]
        .replace("user-scalable=no", "user-scalable=yes")
        .replace("maximum-scale=1.0", "maximum-scale=5.0")
    )
    return "".join(
        (
            page[: at - len("<head>")].replace("<html>", f'<html lang="{language}">'),
            "<head>",
            policy,
            styles,
            ours,
            page[start:body],
            blocks,
            BEFORE,
            page[body:end],
            AFTER,
            page[end:last],
            scripts,
            page[last:],
        )
    )


def _json(value: object) -> str:
    """Return JSON that no parser of HTML reads as an end of the script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
