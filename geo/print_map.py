"""Floor 6: the map of a page: the drawing, its labels, insets, scale bar and north arrow, each where it has room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import shapely

from geo import pack, print_neighbours, print_points, svgmap
from geo.classes import NO_DATA, ZERO
from geo.colours import INK, ZERO_COLOUR, text_on
from geo.mapspec import AreaFigure, MapSpec
from geo.print_labels import place
from geo.print_points import Points
from geo.print_room import Box, Line, Placed, Wanted, Way
from geo.print_text import clean, shorten, width
from geo.svgmap import Drawing, Shape

Part = dict[str, Any]
LINE, ASCENT = 1.23, 0.95  # em: the box of a line, and its part over the base line
OVER, UNDER = 0.74, 0.02  # em of Latin letters and figures over and below the base line
OVER_MARKS, UNDER_MARKS = 0.9, 0.2  # of letters with marks
PAD = 3.0  # points between the frame and what stands on it
SCALE_WIDTH, SCALE_HEIGHT = 110.0, 16.0
NORTH_WIDTH, NORTH_HEIGHT = 22.0, 34.0
CONTEXT_INK, LOCATOR_LAND = "#7D7D76", "#CFCEC6"
HALO = "#FFFFFF"
SCALES = (1.0, 0.92, 0.85, 0.78, 0.72)  # of a label's letters, so that a name stays within its area
FULL_WIDTH, FULL_HEIGHT = 380.0, 400.0  # points of map from which labels have their full size
NAMED_FROM, NUMBER_SIZE = 0.62, 5.6  # of the full size: below it, values stand alone, in this size at least
PADDING, PADDING_WITHIN = (34.0, 14.0, 20.0, 22.0), (34.0, 20.0, 34.0, 34.0)  # left, top, right, bottom
LABEL_COUNT = 30  # an area each is labelled up to here; beyond it, the provinces are
VALUE_LENGTH = 9  # letters up to which values are printed under the names; all of a map's, or none


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map as it is asked for: its size in points, the colour of its accents, and how nationwide work shows on it.

    ``prefix`` is put before every id of the drawing, for a page with more than one.
    """

    spec: MapSpec
    width: float
    height: float
    accent: str
    prefix: str = ""
    hatch: bool = False
    marks: tuple[tuple[str, str], ...] = ()  # printed under the names instead of the values, by P-code
    without: tuple[str, ...] = ()  # layers that are left out, of ``print_spec.LAYERS``
    points: Points = ()


def parts(asked: Mapped, _: Callable[[str], str]) -> Part:
    """Return the map that is asked for: SVG, alt text, labels and furniture."""
    spec, wide, high = asked.spec, asked.width, asked.height
    drawing = drawn(spec, wide, high)
    insets = _insets(spec, drawing, asked.accent, _)
    taken = [_frame(one) for one in insets]
    bar = _spot(drawing, SCALE_WIDTH, SCALE_HEIGHT, taken, ("bottom left", "bottom right", "top left", "top right"))
    taken.append(bar)
    arrow = _spot(drawing, NORTH_WIDTH, NORTH_HEIGHT, taken, ("top right", "top left", "bottom right", "bottom left"))
    taken.append(arrow)
    size = 8.2 * min(1.0, max(drawing.frame.width / FULL_WIDTH, 0.75))
    around = "neighbours" not in asked.without
    neighbours = print_neighbours.names(spec, drawing, taken, size=size, window=_window(drawing)) if around else []
    taken += [_around(one) for one in neighbours]
    told = dict(asked.marks) or ({} if "values" in asked.without else _values(spec))
    labels = _labels(spec, drawing, tuple(taken), told, named="names" not in asked.without)
    if asked.hatch or asked.points:  # they lie under the labels
        labels = [{**one, "halo": one["halo"] or one["fill"]} for one in labels]
    hatch = asked.hatch and spec.nationwide > 0 and not spec.within
    picture = svgmap.svg(drawing, fills(spec), prefix=asked.prefix, hatch=hatch)
    points = print_points.circles(asked.points, drawing, _share(wide, high))
    return {
        "svg": picture.removesuffix("</svg>") + points + "</svg>",
        "width": wide,
        "height": high,
        "alt": alt(spec, _),
        "labels": labels,
        "halos": "",  # filled where labels' own halos would be copied as text
        "neighbours": neighbours,
        "insets": insets,
        "scale": _scale(drawing, bar, _),
        "north": {"x": (arrow[0] + arrow[2]) / 2, "y": arrow[1], "text": _("N")},
    }


def drawn(spec: MapSpec, wide: float, high: float) -> Drawing:
    """Return the drawing of ``spec`` in a frame of ``wide`` x ``high`` points, before it is coloured."""
    small = _share(wide, high)
    padding = PADDING_WITHIN if spec.within else PADDING
    left, top, right, bottom = (round(side * small, 1) for side in padding)
    return svgmap.draw(spec.level, spec.within, round(wide, 1), round(high, 1), (left, top, right, bottom))


def _share(wide: float, high: float) -> float:
    """Return the share of their full size that a map's letters and margins have."""
    return min(1.0, wide / FULL_WIDTH, high / FULL_HEIGHT)


def fills(spec: MapSpec) -> dict[str, str | None]:
    """Return the colour of each area of ``spec`` by P-code: its class', white for zero, ``None`` for no data."""
    colours: dict[int, str | None] = {one.index: one.colour for one in spec.classes}
    colours |= {ZERO: ZERO_COLOUR, NO_DATA: None}
    return {area.pcode: colours[area.class_index] for area in spec.areas}


def alt(spec: MapSpec, _: Callable[[str], str]) -> str:
    """Return the map in words, for those who cannot see it: what it shows, the highest areas, how many have none."""
    ranked = sorted((a for a in spec.areas if a.value), key=lambda a: (-(a.value or 0), a.pcode))
    unit = _("district") if spec.level == "adm2" else _("province")
    text = [_("Map by {unit}: {title}.").format(unit=unit, title=shorten(spec.title, 200))]
    if ranked:
        top = ", ".join(f"{_name(area, spec.language)} ({area.value_text})" for area in ranked[:5])
        text.append(_("Highest: {areas}.").format(areas=top))
    text.append(_("{count} of {all} areas have none.").format(count=len(spec.areas) - len(ranked), all=len(spec.areas)))
    text += [spec.nationwide_text] if spec.nationwide_text else []
    return clean(" ".join(text), 1500)


def _name(area: AreaFigure, language: str) -> str:
    return area.name_lo if pack.is_local(language) and area.name_lo else area.name_en


# ---- furniture


def _frame(one: Part) -> Box:
    return one["x"], one["y"], one["x"] + one["width"], one["y"] + one["height"]


def _window(drawing: Drawing) -> Box:
    return PAD, PAD, drawing.frame.width - PAD, drawing.frame.height - PAD


def _around(one: Part) -> Box:
    half_x, half_y = one["width"] / 2, one["height"] / 2
    return one["x"] - half_x, one["y"] - half_y, one["x"] + half_x, one["y"] + half_y


def _spot(drawing: Drawing, wide: float, high: float, taken: list[Box], corners: tuple[str, ...]) -> Box:
    """Return the corner box that covers the least of the mapped areas and of what is ``taken``; the first on a tie."""
    frame = drawing.frame

    def box(corner: str) -> Box:
        left = 2 * PAD if "left" in corner else frame.width - 2 * PAD - wide
        top = 2 * PAD if "top" in corner else frame.height - 2 * PAD - high
        return left, top, left + wide, top + high

    def covered(spot: Box) -> float:
        area = shapely.box(*spot).buffer(PAD)
        others = (*(shape.geometry for shape in drawing.heavy), *(shapely.box(*box) for box in taken))
        return sum(float(area.intersection(other).area) for other in others)

    return min(map(box, corners), key=lambda spot: round(covered(spot), 1))


def _insets(spec: MapSpec, drawing: Drawing, accent: str, _: Callable[[str], str]) -> list[Part]:
    """Return the locator of a province's page; on the country by district, the capital area enlarged."""
    if spec.within:
        box = _spot(drawing, 84, 100, [], ("bottom left", "top right", "bottom right", "top left"))
        small = svgmap.draw("adm1", "", 84.0, 100.0, (5.0, 5.0, 5.0, 5.0))
        colours = {shape.pcode: accent if shape.pcode == spec.within else LOCATOR_LAND for shape in small.areas}
        picture = svgmap.svg(small, colours, land="", prefix="locator-", fine=True)
        return [_inset(box, picture, "", _("Where the province lies in the country"))]
    capital = pack.settings().capital
    if spec.level == "adm1" or not any(shape.parent == capital for shape in drawing.areas):
        return []
    large = svgmap.draw("adm2", capital, 138.0, 116.0, (8.0, 8.0, 8.0, 16.0))
    box = (2 * PAD, drawing.frame.height - 116 - 36, 2 * PAD + 138, drawing.frame.height - 36)
    shape = next(shape for shape in drawing.heavy if shape.pcode == capital)
    name = shape.name_lo if pack.is_local(spec.language) else shape.name_en
    return [_inset(box, svgmap.svg(large, fills(spec), prefix="inset-"), name, _("{area}, enlarged").format(area=name))]


def _inset(box: Box, picture: str, title: str, words: str) -> Part:
    left, top, right, bottom = box
    size = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return {**size, "svg": picture, "title": title, "alt": words}


def _scale(drawing: Drawing, box: Box, _: Callable[[str], str]) -> Part:
    """Return a bar of a round number of kilometres, two halves, as long as fits."""
    metres = drawing.frame.metres
    longest = (SCALE_WIDTH - 34) * metres / 1000
    halves = (digit * 10**power for power, digit in product(range(-1, 4), (1, 2, 5)))
    half = max(length for length in halves if 2 * length <= longest)
    end = _("{length} km").format(length=f"{2 * half:g}")
    return {"x": box[0] + 6, "y": box[1], "length": 2 * half * 1000 / metres, "middle": f"{half:g}", "end": end}


# ---- labels


def _labels(
    spec: MapSpec, drawing: Drawing, taken: tuple[Box, ...], told: dict[str, str], *, named: bool = True
) -> list[Part]:
    each = len(drawing.areas) <= LABEL_COUNT
    shapes = drawing.areas if each else drawing.heavy
    values = told if each else {}
    share = _share(drawing.frame.width, drawing.frame.height)
    size = (8.6 if spec.within else 7.3) * share
    small = not named or (share < NAMED_FROM and not spec.within)
    if small:
        size = max(NUMBER_SIZE, size)
        wanted = tuple(_number(shape, values[shape.pcode], size) for shape in shapes if values.get(shape.pcode))
    else:
        wanted = tuple(_wanted(shape, values.get(shape.pcode, ""), spec, size) for shape in shapes)
    window = _window(drawing)
    # around a province there is the rest of the country to write on, around the country its neighbours
    land = shapely.union_all([shape.geometry for shape in drawing.heavy]) if spec.within else drawing.outline
    found = place(wanted, land, window, taken)
    colours = fills(spec) if each else {}
    labels = [_label(one, bool(values.get(one.key)), colours.get(one.key), size) for one in found]
    boxes = (*taken, *(one.box for one in found))
    lines = tuple(one.leader for one in found if one.leader)
    return labels + (_context_labels(spec, drawing, window, boxes, lines) if named else [])


def _values(spec: MapSpec) -> dict[str, str]:
    """Return the values to print under the names, for black and white; none of zero, and none if one is long."""
    values = {area.pcode: clean(area.value_text) for area in spec.areas if area.value}
    return values if all(len(text) <= VALUE_LENGTH for text in values.values()) else {}


def _wanted(shape: Shape, value: str, spec: MapSpec, size: float, scales: tuple[float, ...] = SCALES) -> Wanted:
    """Return a label with its ways: in full size on the fewest lines first, then smaller."""
    lines = [(*way, *([value] if value else [])) for way in _ways(shape, spec)]
    return Wanted(shape.pcode, shape.geometry, tuple(_way(way, size, scale) for scale in scales for way in lines))


def _number(shape: Shape, value: str, size: float) -> Wanted:
    """Return a value alone, on a map too small for names that can be read."""
    return Wanted(shape.pcode, shape.geometry, (_way((value,), size, 1.0),))


def _way(lines: tuple[str, ...], size: float, scale: float) -> Way:
    """Return lines as they are set in ``size`` x ``scale`` points, with the letters of each."""
    em = size * scale
    wide = [width(line, em, 600) for line in lines]
    high = LINE * em * len(lines)
    letters = []
    for at, (line, own) in enumerate(zip(lines, wide, strict=True)):
        over, under = (OVER, UNDER) if line.isascii() else (OVER_MARKS, UNDER_MARKS)
        top = LINE * em * at - high / 2
        letters.append((-own / 2, top + (ASCENT - over) * em, own / 2, top + (ASCENT + under) * em))
    return Way(lines, max(wide) + 1.5, high, tuple(letters), scale)


def _ways(shape: Shape, spec: MapSpec) -> list[tuple[str, ...]]:
    """Return the ways to break the name into lines: on one, or at each space; the second language below."""
    name = clean(shape.name_lo if pack.is_local(spec.language) and shape.name_lo else shape.name_en)
    below = (clean(shape.name_lo),) if not pack.is_local(spec.language) and spec.lao_names and shape.name_lo else ()
    words = name.split(" ")
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return [(*way, *below) for way in [(name,), *breaks]]


def _label(one: Placed, valued: bool, fill: str | None, size: float) -> Part:
    """Return a label for the template: ink chosen by the fill where it lies wholly on it, else dark on a white halo."""
    on_fill = bool(fill) and one.inside >= 0.99
    lines = [
        {"text": text, "size": size * one.way.scale, "weight": 600 if valued and at == len(one.way.lines) - 1 else 500}
        for at, text in enumerate(one.way.lines)
    ]
    # a label on its own fill needs no halo; one over no fill of its own (a hatch, a neighbour) does
    paints: Part = {"ink": text_on(fill), "halo": None} if fill and on_fill else {"ink": INK, "halo": HALO}
    leader = [list(end) for end in one.leader] if one.leader else None
    box = {"x": one.x, "y": one.y, "width": one.way.width, "height": one.way.height}
    return {**box, "lines": lines, "leader": leader, "fill": fill, **paints}


def _context_labels(
    spec: MapSpec, drawing: Drawing, window: Box, taken: tuple[Box, ...], lines: tuple[Line, ...]
) -> list[Part]:
    """Return the grey names of the provinces around, where enough of them shows."""
    if not drawing.context:
        return []
    frame = shapely.box(*window)
    seen = [(shape, shape.geometry.intersection(frame)) for shape in drawing.context]
    wanted = tuple(
        _wanted(Shape(shape.pcode, "", shape.name_en, shape.name_lo, part), "", spec, 8.0, (1.0,))
        for shape, part in seen
        if part.area > 900 and part.geom_type.endswith("Polygon")
    )
    found = place(wanted, drawing.outline, window, taken, lines, strays=False)
    return [{**_label(one, False, None, 8.0), "ink": CONTEXT_INK, "halo": None} for one in found]
