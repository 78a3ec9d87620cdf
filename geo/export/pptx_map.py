"""Floor 7: the map of a slide as native shapes, placed by the hand that prints: areas, borders, names, scale bar."""

from __future__ import annotations

from typing import Any

import shapely

from geo import i18n, pack, print_map
from geo.export.content import Content
from geo.export.pptx_shapes import SOFT, Shapes, Space, Style
from geo.mapspec import AreaFigure
from geo.print_frame import accent
from geo.svgmap import BORDER, CASING, CONTEXT_LAND, OUTLINE, PAGE_LAND

MAP_POINTS = 380.0  # width at which the map's labels are placed; they are scaled with it


def draw(shapes: Shapes, content: Content, space: Space) -> None:
    """Add the map as a group: ground, areas, borders, names; all placed by the hand that prints."""
    left, top, wide, high = space
    spec = content.spec
    _ = i18n.translator(spec.language)
    scale = wide / MAP_POINTS
    asked = print_map.Mapped(spec, MAP_POINTS, high / scale, accent(spec))
    parts, drawing = print_map.parts(asked, _), print_map.drawn(spec, MAP_POINTS, high / scale)

    def placed(geometry: Any) -> Any:
        return shapely.transform(geometry, lambda xy: xy * scale + (left, top))

    inside = shapes.nested()
    inside.box(_("Ground"), space, PAGE_LAND)
    window = shapely.box(left, top, left + wide, top + high)
    country, edge = _cut(placed(drawing.outline), window)
    inside.freeform(_("Country's edge"), "", edge, None, (CASING, 5), decorative=True)
    inside.freeform(_("Country"), "", country, CASING, None, decorative=True)
    for shape in drawing.context:
        land, _edge = _cut(placed(shape.geometry), window)
        if not land.is_empty:
            inside.freeform(shape.pcode, "", land, CONTEXT_LAND, ("#FFFFFF", 0.75), decorative=True)
    figures, fills = {area.pcode: area for area in spec.areas}, print_map.fills(spec)
    for shape in drawing.areas:
        fill = fills.get(shape.pcode)
        name = f"{shape.pcode} {shape.name_en}"
        words = _words(figures[shape.pcode], content)
        inside.freeform(name, words, placed(shape.geometry), fill, (BORDER, 0.6), hatched=fill is None)
    if spec.level == "adm2":
        for shape in drawing.heavy:
            words = _("Border of {area}").format(area=shape.name_en)
            inside.freeform(
                f"{shape.pcode} border", words, placed(shape.geometry), None, (OUTLINE, 0.9), decorative=True
            )
    inside.freeform(_("Outline"), "", edge, None, (OUTLINE, 1.3), decorative=True)
    _names(inside, parts, (left, top), scale)
    _bar(inside, parts["scale"], (left, top), scale)
    shapes.next_id = inside.next_id + 1
    shapes.group(_("Map"), content.alt, inside, space)


def _cut(land: Any, window: Any) -> tuple[Any, Any]:
    """Return what of the land lies in the window, and its edge there: slides have no frame that hides the rest."""
    if window.contains(land):
        return land, land
    seen, edge = shapely.intersection(land, window), shapely.intersection(shapely.boundary(land), window)
    parts = [part for part in shapely.get_parts(seen) if part.geom_type == "Polygon"]
    lines = [part for part in shapely.get_parts(shapely.line_merge(edge)) if part.geom_type == "LineString"]
    return shapely.MultiPolygon(parts), shapely.MultiLineString(lines)


def _words(area: AreaFigure, content: Content) -> str:
    """Return an area's figures as alt text."""
    spec = content.spec
    _ = i18n.translator(spec.language)
    names = (area.name_lo, area.name_en) if pack.is_local(spec.language) else (area.name_en, area.name_lo)
    facts = [
        f"{spec.legend_title}: {area.value_text}",
        _("{count} activities").format(count=i18n.number(area.activities, spec.language)),
        _("{count} agencies").format(count=i18n.number(area.agencies, spec.language)),
    ]
    return f"{' / '.join(name for name in names if name)} ({area.pcode}). " + "; ".join(facts)


def _names(inside: Shapes, parts: dict[str, Any], corner: tuple[float, float], scale: float) -> None:
    left, top = corner
    own = inside.locale
    for one in parts["neighbours"]:
        space = _around(one, left, top, scale)
        style = Style(one["size"] * scale, colour=print_map.CONTEXT_INK, align="ctr", locale=own)
        inside.text(f"Neighbour {one['text']}", space, [one["text"]], style, anchor="ctr", wrap=False)
    for one in parts["labels"]:
        if one["leader"]:
            ends = shapely.LineString([(x * scale + left, y * scale + top) for x, y in one["leader"]])
            inside.freeform("Leader", "", ends, None, (BORDER, 0.6), decorative=True)
        styles = [
            Style(row["size"] * scale, row["weight"] >= 600, one["ink"], "ctr", one["halo"] is not None, own)
            for row in one["lines"]
        ]
        lines = [row["text"] for row in one["lines"]]
        inside.text(f"Name {lines[0]}", _around(one, left, top, scale), lines, styles, anchor="ctr", wrap=False)


def _around(one: dict[str, Any], left: float, top: float, scale: float) -> Space:
    wide, high = one["width"] * scale + 4, one["height"] * scale
    return left + one["x"] * scale - wide / 2, top + one["y"] * scale - high / 2, wide, high


def _bar(inside: Shapes, bar: dict[str, Any], corner: tuple[float, float], scale: float) -> None:
    x, y = corner[0] + bar["x"] * scale, corner[1] + bar["y"] * scale
    half = bar["length"] * scale / 2
    style = Style(7, colour=SOFT, align="ctr", locale=inside.locale)
    for at, text in enumerate(("0", bar["middle"], bar["end"])):
        inside.text(f"Scale {text}", (x + at * half - 24, y, 48, 9), [text], style, anchor="b", wrap=False)
    inside.box("Scale bar", (x, y + 10, half, 3), OUTLINE, (OUTLINE, 0.6))
    inside.box("Scale bar end", (x + half, y + 10, half, 3), "#FFFFFF", (OUTLINE, 0.6))
