"""Floor 6: what a filter change sends to the map on screen: the delta and the point table, compact, repeatable."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from geo import boundaries, codes, pack
from geo.errors import InputError, UnknownCodeError
from geo.mapspec import AreaFigure, Level, MapSpec

CLASS_SIGNS = {-1: "-", **{index: str(index) for index in range(10)}}
POINT_GRID = 65535


@cache
def areas(level: Level) -> tuple[str, ...]:
    """Return the P-codes of ``level`` ("adm1" or "adm2"), rising: the order that every delta uses."""
    return tuple(boundaries.load().at(level).index)


def point_table(positions: Iterable[tuple[float, float]]) -> bytes:
    """Return the point table: uint32 n, then n uint16 x and n uint16 y over the pack's bounds, little-endian.

    ``positions`` are (longitude, latitude) in degrees; a step of the grid is about 13 m.

    Raises:
        InputError: when a position lies outside the pack's bounds.
    """
    west, south, east, north = pack.settings().bounds
    table = np.array(list(positions), dtype=np.float64).reshape(-1, 2)
    grid = (table - (west, south)) / (east - west, north - south) * POINT_GRID
    if grid.size and not (np.isfinite(grid).all() and (grid >= 0).all() and (grid <= POINT_GRID).all()):
        raise InputError(
            "A point lies outside the country's bounds; expected longitude and latitude inside pack.toml's bounds."
        )
    columns = np.rint(grid).astype("<u2").T
    return len(table).to_bytes(4, "little") + bytes(columns.tobytes())


def delta(
    spec: MapSpec,
    *,
    point_mask: bytes = b"",
    selected: str = "",
    layers: Mapping[str, object] | None = None,
    basemap: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """Return what a filter change sends to the document: plain JSON values, the same for the same arguments.

    ``point_mask`` has one bit a point of the point table, least significant bit first.  ``layers`` sets the switches
    (``labels``, ``borders``, ``points``: bool; ``goals``: numbers of the goals that are on); the user's own switches
    stay until it changes.  ``basemap`` (``url``, ``attribution``) offers an online basemap, off until switched on.

    Raises:
        UnknownCodeError: when the spec holds an area that its level does not have.
    """
    order = areas(spec.level)
    figures = {figure.pcode: figure for figure in spec.areas}
    strange = sorted(set(figures) - set(order))
    if strange:
        raise UnknownCodeError(f"The map spec holds {strange[0]!r}; expected areas of level {spec.level} alone.")
    present = [figures[pcode] for pcode in order if pcode in figures]
    return {
        "language": spec.language,
        "level": spec.level,
        "within": spec.within,
        "view": spec.view,
        "metric": spec.metric,
        "classes": "".join(CLASS_SIGNS[figures[p].class_index] if p in figures else "." for p in order),
        **_figures(present),
        "legend": {
            "title": spec.legend_title,
            "classes": [[each.index, each.label, each.colour, each.areas] for each in spec.classes],
            "nationwide": spec.nationwide_text,
            "unlocated": spec.unlocated_text,
        },
        "attribution": spec.attribution,
        "mask": base64.b64encode(point_mask).decode(),
        "selected": selected,
        "layers": dict(layers or {}),
        "basemap": dict(basemap or {}),
    }


def _figures(present: Sequence[AreaFigure]) -> dict[str, object]:
    """Return the areas' figures as columns."""
    return {
        "activities": [figure.activities for figure in present],
        "agencies": [figure.agencies for figure in present],
        "values": _column("" if f.value_text == str(f.activities) else f.value_text for f in present),
        "people": _column(figure.people_text for figure in present),
        "budget": _column(figure.budget_text for figure in present),
        "goals": _goal_matrix(present),
    }


def _column(values: Iterable[str]) -> list[list[object]]:
    """Return [distinct texts in order of first use, index of each value]; a column of empty texts is []."""
    cells = list(values)
    distinct = list(dict.fromkeys(cells))
    if distinct in ([], [""]):
        return []
    place = {text: index for index, text in enumerate(distinct)}
    return [list(distinct), [place[text] for text in cells]]


def _goal_matrix(figures: Sequence[AreaFigure]) -> str:
    """Return counts by area and goal (rows of areas, goals in the codes' order): base64 of base-128 numbers."""
    numbers = [goal.number for goal in codes.goals()]
    out = bytearray()
    for figure in figures:
        counts = dict(figure.goals)
        for number in numbers:
            count = counts.get(number, 0)
            while count > 0x7F:
                out.append(count & 0x7F | 0x80)
                count >>= 7
            out.append(count)
    return base64.b64encode(bytes(out)).decode()
