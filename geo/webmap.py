"""Floor 6: the map on screen: one folium document without a filter value; a filter change sends a small delta to it.

folium and branca see constants of ours alone, for branca renders its output a second time as a template; names, figures
and every other text reach the browser as JSON and are set there with ``textContent``.  Positions are WGS 84.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geo import boundaries, codes, i18n, pack
from geo.errors import InputError, UnknownCodeError
from geo.mapspec import Level
from geo.webmap_delta import areas, delta, point_table

__all__ = ["ASSET_NAMES", "LEVELS", "areas", "asset", "delta", "document", "embed", "languages", "point_table", "texts"]

ASSETS = Path(__file__).resolve().parent / "webmap_assets"
VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
SCRIPTS = ("areas.js", "labels.js", "points.js", "panels.js", "tooltip.js", "mapdoc.js")
LEVELS: tuple[Level, ...] = ("adm1", "adm2")
DIGITS = 4  # decimals of a degree of the label points, about 11 m
PANES = (
    ("edge", 390, False),
    ("areas", 400, True),
    ("borders", 410, False),
    ("marked", 420, False),
    ("points", 430, False),
)


class _LiveMap(MacroElement):
    """The element of ours: the frame around Leaflet's map and the call that starts ``window.update``."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
            <div id="notice" role="status" hidden></div>
            <aside id="legend" hidden></aside>
            <div id="tooltip" role="status" hidden></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            LiveMap.start({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )


class _Fault(Element):
    """The first script of the document: a later script that fails is said in words, never a blank frame."""

    _template = Template(
        """<meta name="live-map" content="1"/><script>
        window.mapFault = function (detail) {
            var box = document.createElement("p");
            box.id = "fault";
            box.setAttribute("role", "alert");
            box.textContent = (window.mapFaultText || {{ this.text|tojson }}) + " (" + detail + ")";
            if (!document.getElementById("fault")) (document.body || document.documentElement).appendChild(box);
        };
        window.addEventListener("error", function (event) {
            window.mapFault(event.message || (event.target && event.target.src) || "script");
        }, true);
        window.addEventListener("unhandledrejection", function (event) {
            window.mapFault(String((event.reason && event.reason.message) || event.reason));
        });
        </script>"""
    )

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def texts(language: str) -> dict[str, str]:
    """Return the document's fixed words in ``language`` by the key that its script asks for."""
    _ = i18n.translator(language)
    return {
        "map": _("Map of activities"),
        "legend": _("Legend"),
        "layers": _("Layers"),
        "labels": _("Names and figures"),
        "borders": _("Province borders"),
        "points": _("Activity points"),
        "pointsNote": _("Each point stands at its district's centre, not at the site of the work."),
        "goals": _("Goals"),
        "goalsAll": _("All goals"),
        "basemap": _("Online basemap"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "home": _("Show the whole area"),
        "close": _("Close"),
        "open": _("Show the activities"),
        "activities": _("Activities"),
        "agencies": _("Agencies"),
        "people": _("People reached"),
        "budget": _("Budget"),
        "noData": _("No data"),
        "areas": _("areas"),
        "registered": _("As registered"),
        "corrected": _("Corrected"),
        "difference": _("Difference"),
        "fault": _("The map could not be drawn. Reload the page; if it stays so, tell the team that runs it."),
    }


def languages() -> tuple[str, ...]:
    """Return the languages that the document can speak, the first one its default."""
    return pack.settings().languages


def document(language: str = "en", *, embedded: str = "") -> str:
    """Return the map as an HTML document, the same bytes each time; ``language`` touches its fault message alone.

    The live document (``embedded`` empty) asks for the files of ``ASSET_NAMES`` at the addresses beside its own.  With
    ``embedded``, the JSON text of ``embed()``, it stands alone in one file.
    """
    west, south, east, north = pack.settings().bounds
    still = folium.Map(
        location=[round((south + north) / 2, 3), round((west + east) / 2, 3)],
        tiles=None,
        zoom_start=6,
        zoom_control=False,
        font_size="13px",
        minZoom=5,
        maxZoom=12,  # stated, for there is no tile layer to state it
        zoom_snap=0.1,
        world_copy_jump=False,
        max_bounds_viscosity=0.8,
    )
    still._id = "main"
    # Lists of this instance: the class's own name outside hosts, and jQuery and Bootstrap, which nothing here uses.
    still.default_js = [("leaflet", "leaflet.js"), ("map", "map.js")]
    still.default_css = [("leaflet_css", "leaflet.css"), ("map_css", "map.css")]
    for name, height, events in PANES:
        pane = folium.map.CustomPane(name, z_index=height, pointer_events=events)
        pane._id = name
        still.add_child(pane)
    live = _LiveMap()  # type: ignore[no-untyped-call]
    live._id = "live"
    still.add_child(live)
    figure = cast(Figure, still.get_root())
    figure.header.add_child(_Fault(texts(language)["fault"]), name="fault", index=1)
    html = str(figure.render())
    return _stand_alone(html, embedded) if embedded else html


def _stand_alone(html: str, data: str) -> str:
    """Return ``html`` with scripts, styles and ``data`` inside; they come after the last template was rendered."""
    for name in ("leaflet.js", "map.js"):
        html = html.replace(f'<script src="{name}"></script>', f"<script>{asset(name).decode()}</script>")
    for name in ("leaflet.css", "map.css"):
        html = html.replace(
            f'<link rel="stylesheet" href="{name}"/>', f"<style>{_inlined(asset(name).decode())}</style>"
        )
    block = f'<body>\n<script type="application/json" id="embedded">{data.replace("<", chr(92) + "u003c")}</script>'
    return html.replace("<body>", block, 1)


def _inlined(css: str) -> str:
    """Return ``css`` with its fonts as data, and without Leaflet's pictures, which only controls unused here show."""
    for name in FONTS:
        css = css.replace(f'"{name}"', f"data:font/woff2;base64,{base64.b64encode(asset(name)).decode()}")
    return re.sub(r"url\(images/[^)]*\)", "none", css)


def embed(change: Mapping[str, object], points: bytes = b"") -> str:
    """Return the JSON text that makes a document stand alone: areas, both levels' shapes, the points and one delta."""
    parts = {name: json.loads(asset(name)) for name in ("areas.json", "adm1.geojson", "adm2.geojson")}
    return _json({**parts, "points": base64.b64encode(points).decode(), "delta": dict(change)})


@cache
def asset(name: str) -> bytes:
    """Return the bytes of one file that the live document asks for (see ``ASSET_NAMES``).

    Raises:
        UnknownCodeError: when the document has no such file.
        InputError: when Leaflet's files were not set up.
    """
    if name in VENDORED:
        # The pointer to a source map would be asked for by developer tools and is not shipped.
        return SOURCE_MAP.sub(b"", _vendored(VENDORED[name]))
    if name == "map.js":
        return b"\n".join((ASSETS / script).read_bytes() for script in SCRIPTS)
    if name == "map.css":
        return (ASSETS / "mapdoc.css").read_bytes()
    if name == "areas.json":
        return _json(_areas()).encode()
    if name in ("adm1.geojson", "adm2.geojson"):
        return boundaries.geojson("adm1" if name == "adm1.geojson" else "adm2")
    raise UnknownCodeError(f"The map has no file {name!r}; it has {', '.join(ASSET_NAMES)}.")


FONTS = {"text-400.woff2": "fonts/*-Regular.woff2", "text-700.woff2": "fonts/*-Bold.woff2"}
VENDORED = {"leaflet.js": "leaflet/leaflet.js", "leaflet.css": "leaflet/leaflet.css", **FONTS}
ASSET_NAMES = (*VENDORED, "map.js", "map.css", "areas.json", "adm1.geojson", "adm2.geojson")
SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S*")


def _vendored(pattern: str) -> bytes:
    found = sorted(VENDOR.glob(pattern))
    if not found:
        raise InputError(f"static/vendor/{pattern} is missing; expected from set-up. Run: python data/build_assets.py")
    return found[0].read_bytes()


def _areas() -> dict[str, object]:
    """Return what never changes with a filter: names, label points, goals, neighbours and words, in every language."""
    found: dict[str, object] = {}
    for level in LEVELS:
        places = boundaries.label_points(level)
        frame = boundaries.load().at(level)
        found[level] = [
            [pcode, name_en, name_lo, *(round(degrees, DIGITS) for degrees in places[pcode]), parent]
            for pcode, name_en, name_lo, parent in zip(
                frame.index, frame["name_en"], frame["name_lo"], frame["parent"], strict=True
            )
        ]
    settings = pack.settings()
    return {
        "bounds": settings.bounds,
        "levels": found,
        "goals": [[goal.number, goal.colour, goal.short_en, goal.short_lo] for goal in codes.goals()],
        "neighbours": [
            [row["name_en"], row["name_lo"], float(row["lon"]), float(row["lat"])]
            for row in pack.rows("codes/neighbour_labels.csv")
        ],
        "local": settings.local_language,
        "texts": {language: texts(language) for language in settings.languages},
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
