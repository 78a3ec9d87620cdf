"""Floor 7: paragraphs and tables of a document as WordprocessingML (ECMA-376), each script in its font and language.

Sizes of letters are points; widths of columns are points too.  Texts are escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from geo.export.content import BRITISH, LATIN_FONT, SCRIPT_FONT, runs

NAMES = nsdecls("w", "r")
TWENTIETHS = 20  # of a point
HEAD_FILL, SUM_FILL, LINE = "E7EDF2", "F6F3EA", "B9C3CB"
CELL_PAD = 3.0  # points


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``link`` is the id of a hyperlink's relation."""

    text: str
    right: bool = False
    bold: bool = False
    link: str = ""


def run(text: str, locale: str, *, size: float = 0, bold: bool = False, colour: str = "") -> str:
    """Return ``text`` in runs of one script each."""
    told = []
    for part, script in runs(text):
        latin = SCRIPT_FONT if script else LATIN_FONT
        kinds = [f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{SCRIPT_FONT}"/>']
        kinds += ["<w:b/><w:bCs/>"] if bold else []
        kinds += [f'<w:color w:val="{colour}"/>'] if colour else []
        kinds += [f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'] if size else []
        kinds.append(f'<w:lang w:val="{locale if script else BRITISH}" w:bidi="{locale}"/>')
        told.append(f'<w:r><w:rPr>{"".join(kinds)}</w:rPr><w:t xml:space="preserve">{escape(part)}</w:t></w:r>')
    return "".join(told)


def paragraph(text: str, locale: str, style: str = "", **looks: Any) -> Any:
    """Return a paragraph in a style of the document."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return parse_xml(f"<w:p {NAMES}>{named}{run(text, locale, **looks)}</w:p>")


def table(
    widths: Sequence[float],
    head: Sequence[Cell],
    rows: Sequence[Sequence[Cell]],
    locale: str,
    *,
    title: str,
    words: str,
    size: float = 9,
    sums: int = 0,
) -> Any:
    """Return a table whose head is repeated on each page; its last ``sums`` rows stand apart.

    ``title`` and ``words`` tell those who cannot see it what it holds.
    """
    body = [_row(head, widths, locale, size, fill=HEAD_FILL, head=True)]
    first_sum = len(rows) - sums
    body += [_row(row, widths, locale, size, fill=SUM_FILL if at >= first_sum else "") for at, row in enumerate(rows)]
    grid = "".join(f'<w:gridCol w:w="{round(wide * TWENTIETHS)}"/>' for wide in widths)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>' for side in ("top", "bottom", "insideH")
    )
    pad = round(CELL_PAD * TWENTIETHS)
    return parse_xml(
        f'<w:tbl {NAMES}><w:tblPr><w:tblW w:w="{round(sum(widths) * TWENTIETHS)}" w:type="dxa"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{pad}" w:type="dxa"/><w:right w:w="{pad}" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val={quoteattr(title)}/>'
        f"<w:tblDescription w:val={quoteattr(words)}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"
    )


def _row(
    cells: Sequence[Cell], widths: Sequence[float], locale: str, size: float, *, fill: str = "", head: bool = False
) -> str:
    kind = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    inside = (_cell(cell, wide, locale, size, fill, head) for cell, wide in zip(cells, widths, strict=True))
    return f"<w:tr>{kind}{''.join(inside)}</w:tr>"


def _cell(cell: Cell, wide: float, locale: str, size: float, fill: str, head: bool) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    align = '<w:jc w:val="right"/>' if cell.right else ""
    text = run(cell.text, locale, size=size, bold=cell.bold or head, colour="174A75" if cell.link else "")
    if cell.link:
        text = f'<w:hyperlink r:id="{cell.link}" w:history="1">{text}</w:hyperlink>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{round(wide * TWENTIETHS)}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/>{align}</w:pPr>{text}</w:p>'
        "</w:tc>"
    )
