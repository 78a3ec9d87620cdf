"""The way to the studio: what stands open on a page becomes what the studio prints."""

from __future__ import annotations

from dataclasses import replace

from geo import gazetteer, partners, studio_spec
from geo.filters import Filters
from geo.studio_spec import StudioSpec
from pages._ui import linked

STUDIO, GOALS = "studio", "sdg-goals"  # addresses of pages
BROUGHT = ("province", "sheet", "flow")  # kinds that a page brings, and that what stands open elsewhere takes away


def view(found: Filters, page: str) -> Filters:
    """Return the view of the studio for what ``page``, by its address, shows.

    An area, a goal, a partner, the matrix of goals and the flows go before what was chosen in the studio earlier; a
    page on which nothing stands open leaves the choices as they are.
    """
    subject = _subject(found, page)
    if subject is None:
        return found
    filters, kind, items = subject
    chosen, _problems = studio_spec.from_text(found.studio, found)
    if not kind and chosen.kind not in BROUGHT:
        return filters
    chosen = replace(chosen, kind=kind or StudioSpec().kind, items=items)
    return replace(filters, studio=chosen.to_text())


def _subject(found: Filters, page: str) -> tuple[Filters, str, tuple[str, ...]] | None:
    """Return filters, kind ("" for any of a selection) and items of what stands open on a page, None for nothing."""
    if page in ("", linked.MAP, linked.AREAS) and found.focus:
        return found, "province", (gazetteer.province(found.focus),)
    if page == GOALS:
        return (replace(found, sdg=(found.goal,)), "", ()) if found.goal else (found, "sheet", ())
    if page == linked.PARTNERS and found.who == "flows":
        return found, "flow", ()
    kind, name = partners.parse_who(found.who)
    if page == linked.PARTNERS and kind:
        return replace(found, **{kind: (name,)}), "", ()  # type: ignore[arg-type]
    return None
