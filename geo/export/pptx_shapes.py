"""Floor 7: native shapes of a slide: freeforms, boxes, lines and text, each named and told in words.

Lengths are points of the slide.  Texts are escaped here; callers give them as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import shapely
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from shapely.geometry.base import BaseGeometry

from geo.colours import INK, NO_DATA_COLOUR, ZERO_COLOUR
from geo.export.content import BRITISH, LATIN_FONT, SCRIPT_FONT, runs

POINT = 12_700  # English metric units
SOFT = "#5B5B57"
Space = tuple[float, float, float, float]
# How a program without the font finds one like it: a sans serif of variable width (Panose, pitch and family).
_LIKE = 'panose="020B0502040504020204" pitchFamily="34" charset="0"'
_NAMES = nsdecls("a", "p", "r")
_GLOW = '<a:effectLst><a:glow rad="19050"><a:srgbClr val="FFFFFF"/></a:glow></a:effectLst>'


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look: size in points, weight, colour, a white halo; ``locale`` is that of the country's script."""

    size: float
    bold: bool = False
    colour: str = INK
    align: str = "l"
    halo: bool = False
    locale: str = BRITISH


@dataclass
class Shapes:
    """The shapes of one slide as XML, in reading order; ids count up from 2."""

    locale: str
    next_id: int = 10
    parts: list[str] = field(default_factory=list)

    def _id(self) -> int:
        self.next_id += 1
        return self.next_id

    def _head(self, name: str, words: str, *, decorative: bool = False) -> str:
        extension = ""
        if decorative:
            extension = (
                '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
                'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
            )
        told = f" descr={quoteattr(words)}" if words else ""
        return f'<p:cNvPr id="{self._id()}" name={quoteattr(name)}{told}>{extension}</p:cNvPr>'

    def _shape(self, head: str, geometry: str, paint: str, body: str, *, text_box: bool = False) -> None:
        kind = '<p:cNvSpPr txBox="1"/>' if text_box else "<p:cNvSpPr/>"
        self.parts.append(
            f"<p:sp><p:nvSpPr>{head}{kind}<p:nvPr/></p:nvSpPr><p:spPr>{geometry}{paint}</p:spPr>{body}</p:sp>"
        )

    def freeform(
        self,
        name: str,
        words: str,
        geometry: BaseGeometry,
        fill: str | None,
        line: tuple[str, float] | None,
        *,
        hatched: bool = False,
        decorative: bool = False,
    ) -> None:
        """Add polygons or lines of slide points; ``fill`` "#RRGGBB" or None, ``hatched`` is the fill of no data."""
        left, top, right, bottom = (round(edge * POINT) for edge in geometry.bounds)
        wide, high = max(right - left, 1), max(bottom - top, 1)
        path = "".join(_ring(points, closed, left, top) for points, closed in _rings(geometry))
        form = (
            f'<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
            f'<a:pathLst><a:path w="{wide}" h="{high}">{path}</a:path></a:pathLst></a:custGeom>'
        )
        paint = _hatch() if hatched else _fill(fill)
        head = self._head(name, words, decorative=decorative)
        self._shape(head, _frame(left, top, wide, high) + form, paint + _line(line), "")

    def box(
        self,
        name: str,
        space: Space,
        fill: str | None,
        line: tuple[str, float] | None = None,
        *,
        words: str = "",
        hatched: bool = False,
        rounded: bool = False,
    ) -> None:
        """Add a rectangle: left, top, width, height; one without words is marked as decoration."""
        form = f'<a:prstGeom prst="{"roundRect" if rounded else "rect"}"><a:avLst>'
        form += '<a:gd name="adj" fmla="val 8000"/>' if rounded else ""
        paint = (_hatch() if hatched else _fill(fill)) + _line(line)
        head = self._head(name, words, decorative=not words)
        self._shape(head, _place(space) + form + "</a:avLst></a:prstGeom>", paint, "")

    def text(
        self,
        name: str,
        space: Space,
        lines: Sequence[str],
        style: Style | Sequence[Style],
        *,
        anchor: str = "t",
        wrap: bool = True,
        fill: str | None = None,
        border: tuple[str, float] | None = None,
        inset: float = 0.0,
    ) -> None:
        """Add a text box with a paragraph for each line; ``style`` is one for all, or one a line."""
        styles = [style] * len(lines) if isinstance(style, Style) else style
        margin = round(inset * POINT)
        body = (
            f'<p:txBody><a:bodyPr wrap="{"square" if wrap else "none"}" lIns="{margin}" tIns="{margin}" '
            f'rIns="{margin}" bIns="{margin}" anchor="{anchor}"><a:noAutofit/></a:bodyPr><a:lstStyle/>'
            + "".join(paragraph(text, one) for text, one in zip(lines, styles, strict=True))
            + "</p:txBody>"
        )
        form = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        self._shape(self._head(name, ""), _place(space) + form, _fill(fill) + _line(border), body, text_box=True)

    def group(self, name: str, words: str, inside: Shapes, space: Space) -> None:
        """Add the shapes ``inside`` as one group."""
        left, top, wide, high = (round(length * POINT) for length in space)
        inner = f'<a:chOff x="{left}" y="{top}"/><a:chExt cx="{wide}" cy="{high}"/>'
        frame = f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/>{inner}</a:xfrm>'
        self.parts.append(
            f"<p:grpSp><p:nvGrpSpPr>{self._head(name, words)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
            f"<p:grpSpPr>{frame}</p:grpSpPr>{''.join(inside.parts)}</p:grpSp>"
        )

    def nested(self) -> Shapes:
        """Return an empty list whose ids follow on these."""
        self.next_id += 1000
        return Shapes(self.locale, self.next_id)

    def elements(self) -> Iterable[Any]:
        """Return the shapes as elements for a slide's tree."""
        wrapped = parse_xml(f"<p:spTree {_NAMES}>{''.join(self.parts)}</p:spTree>")
        return list(wrapped)


def paragraph(text: str, style: Style) -> str:
    """Return a paragraph, each script in a font of its own."""
    told = "".join(
        f"<a:r>{properties(style, script=script)}<a:t>{escape(part)}</a:t></a:r>" for part, script in runs(text)
    )
    return f'<a:p><a:pPr algn="{style.align}"/>{told}</a:p>'


def properties(style: Style, *, script: bool = False, tag: str = "rPr") -> str:
    """Return the properties of a run; ``script`` is whether its letters are of the country's own script."""
    language = style.locale if script else BRITISH
    bold = ' b="1"' if style.bold else ""
    latin = SCRIPT_FONT if script else LATIN_FONT
    like = f" {_LIKE}" if script else ""
    return (
        f'<a:{tag} lang="{language}" sz="{round(style.size * 100)}"{bold} dirty="0">'
        f'<a:solidFill><a:srgbClr val="{style.colour[1:]}"/></a:solidFill>{_GLOW if style.halo else ""}'
        f'<a:latin typeface="{latin}"{like}/><a:cs typeface="{SCRIPT_FONT}" {_LIKE}/></a:{tag}>'
    )


def _place(space: Space) -> str:
    return _frame(*(round(length * POINT) for length in space))


def _frame(left: int, top: int, wide: int, high: int) -> str:
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'


def _fill(colour: str | None) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>' if colour else "<a:noFill/>"


def _hatch() -> str:
    ink, ground = (f'<a:srgbClr val="{colour[1:]}"/>' for colour in (NO_DATA_COLOUR, ZERO_COLOUR))
    return f'<a:pattFill prst="wdUpDiag"><a:fgClr>{ink}</a:fgClr><a:bgClr>{ground}</a:bgClr></a:pattFill>'


def _line(line: tuple[str, float] | None) -> str:
    if line is None:
        return "<a:ln><a:noFill/></a:ln>"
    colour, width = line
    return f'<a:ln w="{round(width * POINT)}">{_fill(colour)}<a:round/></a:ln>'


def _rings(geometry: BaseGeometry) -> Iterable[tuple[Any, bool]]:
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "LineString":
            yield shapely.get_coordinates(part), False
            continue
        for ring in (part.exterior, *part.interiors):
            yield shapely.get_coordinates(ring)[:-1], True


def _ring(points: Any, closed: bool, left: int, top: int) -> str:
    spots = [f'<a:pt x="{round(x * POINT) - left}" y="{round(y * POINT) - top}"/>' for x, y in points.tolist()]
    rest = "".join(f"<a:lnTo>{spot}</a:lnTo>" for spot in spots[1:])
    return f"<a:moveTo>{spots[0]}</a:moveTo>{rest}" + ("<a:close/>" if closed else "")
