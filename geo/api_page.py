"""Floor 8: the API's page for people: every address with an example, and what the errors mean."""

from __future__ import annotations

import html

from geo import i18n, pack
from geo.api_answers import Call
from geo.api_contents import ENDPOINTS, Endpoint

STYLE = """
body { font: 1rem/1.5 system-ui, "Noto Sans Lao", sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
 color: #1c1c1c; } a { color: #1f5a8a; } code { background: #f2f4f5; padding: .1rem .3rem; overflow-wrap: anywhere; }
dt { margin-top: .9rem; font-weight: 600; } dd { margin: .1rem 0 0; }
td { padding: .15rem .8rem .15rem 0; vertical-align: top; }
"""


def render(call: Call) -> str:
    """Return the page for people: every address with an example, and what the errors mean."""
    language = call.found.lang
    _ = i18n.translator(language)
    title = _("Data for other programs")
    intro = _(
        "Read-only figures and activities as JSON and GeoJSON. The filters are those of the map's address: copy its "
        "link, and put what stands behind the question mark behind one of these addresses."
    )
    items = "".join(_item(call.base, one, _(one.title)) for one in ENDPOINTS)
    described = f'<a href="{call.base}/openapi.json">openapi.json</a>'
    country = pack.settings()
    name = country.name_lo if pack.is_local(language) else country.name_en
    kinds = "".join(
        f'<tr id="{kind}"><td><code>{kind}</code></td><td>{html.escape(text)}</td></tr>'
        for kind, text in _kinds(language).items()
    )
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<h1>{html.escape(title)}</h1><p>{html.escape(name)}</p><p>{html.escape(intro)}</p><dl>{items}</dl>"
        f"<p>{html.escape(_('Full description (OpenAPI 3.1)'))}: {described}</p>"
        f"<h2>{html.escape(_('Errors'))}</h2><table>{kinds}</table></body></html>"
    )


def _item(base: str, one: Endpoint, title: str) -> str:
    address = f"{base}{one.path}"
    shown = f'<a href="{html.escape(address + one.example)}"><code>{html.escape(address + one.example)}</code></a>'
    if "{" in one.path:
        shown = f"<code>{html.escape(address)}</code>"
    return f"<dt>{html.escape(title)}</dt><dd>{shown}</dd>"


def _kinds(language: str) -> dict[str, str]:
    """Return the kinds of problems in words; an answer names the place on this page."""
    _ = i18n.translator(language)
    return {
        "unknown_filter": _("The value of a filter is none that the data has; the answer names the filter."),
        "unknown_parameter": _("The address takes no parameter of this name."),
        "bad_number": _("A number is outside its bounds."),
        "unknown_breakdown": _("Figures cannot be broken down by this."),
        "unknown_activity": _("No activity has this id."),
        "not_found": _("There is nothing at this address."),
        "read_only": _("Nothing can be changed here."),
        "unavailable": _("The store does not answer."),
    }
