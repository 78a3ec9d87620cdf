"""Floor 6: the figures beside a paper map: ranked bars, the goals' dots, and a table where the areas are few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from geo import codes, i18n
from geo.classes import ZERO
from geo.colours import ZERO_COLOUR, text_on
from geo.mapspec import AreaFigure, MapSpec
from geo.print_text import width

Part = dict[str, Any]
Translate = Callable[[str], str]
Tidy = Callable[[str, int], str]
Lows = Mapping[str, Decimal]
ROW_LEAST, ROW_CLOSE, ROW_MOST = 9.4, 11.5, 17.0  # points
HEAD, FOOT = 27.0, 24.0  # points that the table's title and head take, and the line below it
FEW = 10  # areas up to which their figures are set as a table too
BAR_LEAST, COUNT_COLUMN, NAME_MOST = 70.0, 34.0, 160.0
GOAL_PITCH, GOAL_TILE = 8.3, 7.7
VALUE_SIZE, HEAD_SIZE = 7.2, 6.4
TAIL_MOST = 56.0  # points of the longest value beyond which the bars need the room of the goals' dots
OUTLIER, CUT_AT = 5, Decimal("1.5")  # a value so many times the next one is cut at so many times the next one
DASH = "–"


@dataclass(frozen=True, slots=True)
class _Span:
    """The scale of the bars: its ends, the size at which an outlier is cut (None: none is), and the areas cut."""

    top: Decimal
    bottom: Decimal
    cap: Decimal | None
    cut: tuple[AreaFigure, ...]

    @property
    def size(self) -> Decimal:
        """The length of the scale."""
        return self.top - self.bottom

    def held(self, area: AreaFigure) -> Decimal:
        """Return the value that the area's bar shows."""
        return _held(area, self.cap)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of the ranked bars hold and how wide they are (points)."""

    names: list[tuple[str, str]]
    size: float
    name: float
    bar: float


def bars(
    spec: MapSpec, wide: float, high: float, tidy: Tidy, *, dots: bool = True, lows: Lows | None = None
) -> dict[str, Any]:
    """Return the ranked bars for the template, in a space of ``wide`` x ``high`` points.

    ``dots`` adds a column of dots for each goal; ``lows`` is the low end of a range of money by P-code.
    """
    _ = i18n.translator(spec.language)
    chosen = ranked(spec, max(int((high - HEAD - FOOT) / ROW_LEAST), 3))
    span = _span(chosen)
    tail = max((width(area.value_text, VALUE_SIZE) for area in chosen), default=0.0) + 8
    tiles = _tiles(spec) if span.size and dots and tail < TAIL_MOST else []
    columns = _columns(spec, chosen, wide, GOAL_PITCH * len(tiles) + 10 if tiles else 0.0)
    most = max((count for area in chosen for _goal, count in area.goals), default=1)
    notes = [_more(spec, chosen, _)] if span.size else []
    notes += [_("The bar of {areas} is cut.").format(areas=", ".join(_names(a, spec, both=False)[0] for a in span.cut))]
    largest = i18n.plural(spec.language)(
        "Goals: the largest dot is {count} activity", "Goals: the largest dot is {count} activities", most
    )
    return {
        "kind": "bars",
        "title": _("Ranked by district") if spec.level == "adm2" else _("Ranked by province"),
        "empty": _("None of the selected activities is placed in an area of this map."),
        "head": [_unit(spec, _), _fitting(tidy(spec.legend_title, 60), columns.bar), _("Agencies")],
        "rows": _rows(spec, chosen, columns, span, most, tidy, lows or {}) if span.size else [],
        "most": ROW_MOST,
        "high": high,
        "size": columns.size,
        "name": columns.name,
        "bar": columns.bar,
        "count": COUNT_COLUMN,
        "tail": tail,
        "signed": spec.view == "difference",
        "axis": float(-span.bottom / span.size) if span.size else 0.0,
        "more": " ".join(note for note in notes[: 2 if span.cut else 1] if note),
        "goals": {"tiles": tiles, "pitch": GOAL_PITCH, "size": GOAL_TILE, "note": largest.format(count=most)},
    }


def least(areas: int) -> float:
    """Return the fewest points that the bars of so many areas take."""
    return HEAD + FOOT + areas * ROW_LEAST + 0.5


def height(areas: int, high: float, *, close: bool = False) -> float:
    """Return the points that the bars of so many areas take of ``high``; ``close`` together leaves room for a list."""
    return min(high, HEAD + FOOT + areas * (ROW_CLOSE if close else ROW_MOST))


_NO_FIGURES: Part = {"kind": "figures", "title": "", "head": [], "rows": []}


def ranked(spec: MapSpec, room: int) -> list[AreaFigure]:
    """Return the areas from the greatest value down, or, where ``room`` is too little for all, those with the most.

    Of a difference the greatest changes either way are kept.
    """
    order = sorted(spec.areas, key=lambda area: (area.value is None, -(area.value or 0), area.name_en))
    if len(order) <= room:
        return order
    known = [(area, abs(area.value)) for area in order if area.value]
    kept = {area.pcode for area, _size in sorted(known, key=lambda pair: -pair[1])[: room - 1]}
    return [area for area, _size in known if area.pcode in kept]


def _columns(spec: MapSpec, chosen: list[AreaFigure], wide: float, dots: float) -> _Columns:
    """Return the columns' widths; a second name is left out where it would starve the bars."""
    size = 7.6 if len(chosen) > FEW else 8.4
    free = wide - COUNT_COLUMN - dots
    for both in (True, False):
        names = [_names(area, spec, both=both) for area in chosen]
        widest = max((width(f"{a}  {b}" if b else a, size) for a, b in names), default=54.0) + 6
        if free - widest >= BAR_LEAST:
            break
    name = min(widest, NAME_MOST)
    return _Columns(names, size, name, free - name)


def _rows(
    spec: MapSpec, chosen: list[AreaFigure], columns: _Columns, span: _Span, most: int, tidy: Tidy, lows: Lows
) -> list[Part]:
    colours = {one.index: one.colour for one in spec.classes if one.index > ZERO}
    return [
        {
            "name": tidy(first, 60),
            "second": tidy(second, 60),
            "value": tidy(area.value_text, 24),
            "share": float(span.held(area) / span.size),
            "low": float(min(lows.get(area.pcode, area.value or Decimal(0)), span.held(area)) / span.size),
            "cut": area in span.cut,
            "colour": colours.get(area.class_index, ZERO_COLOUR),
            "agencies": i18n.number(area.agencies, spec.language) if area.agencies else DASH,
            # a dot's area, not its width, stands for the count
            "goals": {str(goal): (count / most) ** 0.5 for goal, count in area.goals if count},
        }
        for area, (first, second) in zip(chosen, columns.names, strict=True)
    ]


def _span(areas: list[AreaFigure]) -> _Span:
    """Return the scale of the bars, zero in it; a value that would make hair lines of all others is cut."""
    sizes = sorted((abs(area.value) for area in areas if area.value), reverse=True)
    cap = sizes[1] * CUT_AT if len(sizes) > 2 and sizes[0] > sizes[1] * OUTLIER else None
    cut = tuple(area for area in areas if cap is not None and area.value and abs(area.value) > cap)
    held = [_held(area, cap) for area in areas]
    return _Span(max(held, default=Decimal(0)).max(0), min(held, default=Decimal(0)).min(0), cap, cut)


def _held(area: AreaFigure, cap: Decimal | None) -> Decimal:
    value = area.value or Decimal(0)
    return value if cap is None else max(min(value, cap), -cap)


def _unit(spec: MapSpec, _: Translate) -> str:
    return _("District") if spec.level == "adm2" else _("Province")


def _fitting(text: str, room: float) -> str:
    return text if width(text, HEAD_SIZE) < room else ""


def _names(area: AreaFigure, spec: MapSpec, *, both: bool) -> tuple[str, str]:
    if spec.language != "en":
        return area.name_lo or area.name_en, ""
    return area.name_en, area.name_lo if spec.lao_names and both else ""


def _more(spec: MapSpec, chosen: list[AreaFigure], _: Translate) -> str:
    left = {area.pcode for area in spec.areas} - {area.pcode for area in chosen}
    if not left:
        return ""
    some = sum(1 for area in spec.areas if area.pcode in left and area.value)
    words = _("and {some} more with a value; {none} without") if some else _("{none} more without a value")
    return words.format(some=some, none=len(left) - some)


def _tiles(spec: MapSpec) -> list[Part]:
    if not any(area.goals for area in spec.areas):
        return []
    return [{"number": str(goal.number), "colour": goal.colour, "ink": text_on(goal.colour)} for goal in codes.goals()]


def figures(spec: MapSpec, _: Translate, tidy: Tidy) -> Part:
    """Return the figures of every area as a table, where the areas are few enough to leave room for it."""
    areas = sorted(spec.areas, key=lambda area: (-area.activities, area.name_en))
    if len(areas) > FEW:
        return _NO_FIGURES
    columns: list[tuple[str, list[str]]] = [
        (_unit(spec, _), [_names(area, spec, both=False)[0] for area in areas]),
        (_("Activities"), [i18n.number(area.activities, spec.language) for area in areas]),
        (_("Agencies"), [i18n.number(area.agencies, spec.language) for area in areas]),
        (_("People reached, where stated"), [area.people_text for area in areas]),
        (_("Budget, where stated"), [area.budget_text for area in areas]),
    ]
    kept = [(head, cells) for head, cells in columns if any(cell and cell != DASH for cell in cells)]
    table = [[tidy(cell, 40) or DASH for cell in row] for row in zip(*(cells for _head, cells in kept), strict=True)]
    title = _("Figures by district") if spec.level == "adm2" else _("Figures by province")
    return {"kind": "figures", "title": title, "head": [head for head, _cells in kept], "rows": table}
