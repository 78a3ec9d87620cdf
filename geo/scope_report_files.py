"""Floor 2: the report on the scope rule as one HTML page and as PDF.

All text is data: HTML is escaped, Typst gets JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

import typst

from geo import pack
from geo.errors import InputError
from geo.scope_report import Report, Table

BREAK = "\u200b"  # zero width space
TYPEFACES = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1c1c1c;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:13px;margin:.5rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid #d9d8d0}
th{border-bottom:2px solid #8a8a84}p{max-width:48rem}
@media print{body{max-width:none;margin:0}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def report_html(report: Report) -> str:
    """Return the report as one page that needs nothing from elsewhere."""
    parts = [f"<h1>{escape(report.title)}</h1>", *(f"<p>{escape(text)}</p>" for text in report.lead)]
    for section in report.sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [f"<p>{escape(text)}</p>" for text in section.paragraphs]
        parts += [_html_table(one) for one in section.tables]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{parts[0][4:-5]}</title>'
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<style>{STYLE}</style></head><body>\n'
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _html_table(one: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in one.head)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in one.rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def _breakable(value: Any) -> Any:
    """Return the value with places where its long words may break on paper."""
    if isinstance(value, dict):
        return {key: _breakable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(inner) for inner in value]
    return re.sub(r"(?<=[_;])(?=\S)", BREAK, value) if isinstance(value, str) else value


def report_pdf(report: Report, fonts: Path = TYPEFACES) -> bytes:
    """Return the report as PDF; the same report gives the same bytes.

    Raises:
        PackError: when the pack lacks the page's layout.
    """
    data: dict[str, Any] = _breakable(asdict(report))
    folders = [fonts] if fonts.is_dir() else []
    made: bytes = typst.compile(
        pack.path("typst/scope_report.typ"),
        format="pdf",
        font_paths=folders,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    return made


def write(folder: Path, report: Report) -> tuple[Path, Path]:
    """Write ``scope.html`` and ``scope.pdf`` into a folder and return their paths.

    Raises:
        InputError: when the folder cannot be written to.
    """
    page, paper = folder / "scope.html", folder / "scope.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(report_html(report), encoding="utf-8", newline="\n")
        paper.write_bytes(report_pdf(report))
    except OSError as error:
        raise InputError(f"{folder} cannot be written to: {error.strerror}. Choose another folder.") from error
    return page, paper
