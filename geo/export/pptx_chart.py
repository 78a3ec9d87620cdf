"""Floor 7: the ranked bars of a slide: a native chart with its numbers, a bar in the colour of its area's class."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu

from geo import i18n, pack, print_map
from geo.export.content import Content, locale
from geo.export.pptx_shapes import POINT, Style, properties
from geo.mapspec import AreaFigure
from geo.svgmap import BORDER

ROW = 15.0  # points that a bar takes at the least
LABEL_SIZES = ((12, 10.0), (18, 9.0), (24, 8.0))  # bars up to which letters have this size


def ranked(content: Content, most: int) -> list[AreaFigure]:
    """Return the areas by value, the greatest first; those that state none are left out."""
    known = [(-abs(area.value), area.pcode, area) for area in content.spec.areas if area.value is not None]
    return [area for _size, _pcode, area in sorted(known, key=lambda one: one[:2])][:most]


def title(content: Content) -> str:
    """Return the heading of the bars."""
    _ = i18n.translator(content.spec.language)
    return _("Ranked by district") if content.spec.level == "adm2" else _("Ranked by province")


def bars(page: Any, content: Content, space: tuple[float, float, float, float]) -> None:
    """Add the chart to the slide, in left, top, width and height; it is the slide's last shape."""
    spec = content.spec
    _ = i18n.translator(spec.language)
    areas = ranked(content, max(int((space[3] - 24) / ROW), 3))
    data: Any = CategoryChartData(number_format="#,##0")  # type: ignore[no-untyped-call]
    data.categories = [_name(area, spec.language) for area in areas] or [_("none")]
    data.add_series(spec.legend_title, [float(area.value or 0) for area in areas] or [0.0])
    frame = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *(Emu(round(side * POINT)) for side in space), data)
    frame.name = title(content)
    told = "; ".join(f"{_name(area, spec.language)} {area.value_text}" for area in areas)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{frame.name}. {spec.legend_title}: {told}")
    _style(frame.chart, content, areas)


def _name(area: AreaFigure, language: str) -> str:
    return area.name_lo if pack.is_local(language) and area.name_lo else area.name_en


def _style(chart: Any, content: Content, areas: list[AreaFigure]) -> None:
    spec = content.spec
    own = locale(spec.language)
    size = next((size for count, size in LABEL_SIZES if len(areas) <= count), 7.0)
    chart.has_legend, chart.has_title = False, False
    down, across = chart.category_axis, chart.value_axis
    down.reverse_order, across.visible, across.has_major_gridlines = True, False, False
    down.major_tick_mark = XL_TICK_MARK.NONE
    down.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    down.format.line.color.rgb = _colour(BORDER)
    if not any((area.value or 0) < 0 for area in areas):
        across.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels, plot.vary_by_categories = 35, True, False
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    for element in (down._element, plot.data_labels._element):
        _font(element, Style(size, locale=own), spec.language)
    fills = print_map.fills(spec)
    for at, area in enumerate(areas):
        point = plot.series[0].points[at]
        fill = fills[area.pcode] or "#FFFFFF"
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = _colour(fill)
        point.format.line.color.rgb = _colour(BORDER)
        if area.value_text != f"{int(area.value or 0):,}":
            # a range, a sign or the language's own separators: the words of the map
            point.data_label.text_frame.text = area.value_text
            point.data_label.position = XL_LABEL_POSITION.OUTSIDE_END
            _font(point.data_label._dLbl, Style(size, locale=own), spec.language)


def _colour(colour: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colour[1:]))  # type: ignore[no-untyped-call]


def _font(element: Any, style: Style, language: str) -> None:
    """Set the letters of a chart's part, both where it has text of its own and where it takes the numbers'."""
    script = language != i18n.SOURCE_LANGUAGE
    names = nsdecls("a")
    for old in element.findall(".//{*}defRPr"):
        fresh = parse_xml(properties(style, script=script, tag="defRPr").replace("<a:defRPr", f"<a:defRPr {names}", 1))
        fresh.attrib.pop("dirty", None)
        old.getparent().replace(old, fresh)
    for run in element.findall(".//{*}r"):
        for old in run.findall("{*}rPr"):
            run.remove(old)
        run.insert(0, parse_xml(properties(style, script=script).replace("<a:rPr", f"<a:rPr {names}", 1)))
    if element.find(".//{*}defRPr") is None and hasattr(element, "get_or_add_txPr"):
        element.get_or_add_txPr()
        _font(element, style, language)
