"""Floor 5: Typst's SVG made fit for editing: our drawings as elements with their P-codes, letters as text with fonts.

A line whose letters are all of our fonts becomes a ``text`` element at the same place, with a subset of the fonts in
the file; any other stays as outlines.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from fontTools import subset
from fontTools.ttLib import TTFont

from geo import print_glyphs
from geo.print_glyphs import Line, Outline
from geo.print_text import FAMILY, font_file

_PICTURE = re.compile(r'<image([^>]*?)(?:xlink:)?href="data:image/svg\+xml;base64,([^"]+)"([^>]*?)/>')
_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*><path d="([^"]*)"/></symbol>')
_RUN = re.compile(r'<g transform="matrix\(([^)]+)\)">((?:<use [^>]*/>)+)</g>')
_RUNS = re.compile(r'(?:<g transform="matrix\([^)]+\)">(?:<use [^>]*/>)+</g>)+')
_USE = re.compile(r'<use xlink:href="#([^"]+)" x="([^"]+)" y="[^"]+" ([^>]*?)/>')
RAISED = 0.12  # em by which a mark may stand off its line
_STROKE = re.compile(r'(stroke(?:-width|-linejoin)?)="([^"]+)"')
_HALO = re.compile(r'(<text [^>]*?) data-halo="1">([^<]*)</text>(</g>|<g[^>]*>)*(<text [^>]*?)>\2</text>')


def finish(svg: bytes) -> bytes:
    """Return Typst's SVG with drawings and letters as elements."""
    text = _PICTURE.sub(_inline, svg.decode())
    shapes = {name: print_glyphs.outline(path) for name, path in _SYMBOL.findall(text)}
    used: dict[int, set[str]] = defaultdict(set)

    def write(several: re.Match[str]) -> str:
        return "".join(_written(_runs(several[0]), shapes, used))

    text = _RUNS.sub(write, text)
    text = _joined(text)
    left = set(re.findall(r'href="#([^"]+)"', text))
    text = _SYMBOL.sub(lambda one: one[0] if one[1] in left else "", text)
    fonts = "".join(_face(weight, "".join(sorted(letters))) for weight, letters in sorted(used.items()))
    at = text.index(">", text.index("<svg")) + 1
    return f"{text[:at]}<style>{fonts}</style>{text[at:]}".encode() if fonts else text.encode()


def _inline(found: re.Match[str]) -> str:
    drawing = base64.b64decode(found[2]).decode()
    attributes = dict(re.findall(r'([\w:]+)="([^"]*)"', found[1] + found[3]))
    body = drawing[drawing.index(">") + 1 : -len("</svg>")]
    view = re.search(r'viewBox="([^"]+)"', drawing)
    size = " ".join(f'{key}="{attributes[key]}"' for key in ("width", "height") if key in attributes)
    inner = f'<svg {size} viewBox="{view[1] if view else ""}" preserveAspectRatio="none">{body}</svg>'
    return f'<g transform="{attributes["transform"]}">{inner}</g>' if "transform" in attributes else inner


@dataclass(frozen=True, slots=True)
class Run:
    """Letters in a row: their matrix, each one's symbol and place from the matrix' origin, and their paint."""

    source: str
    matrix: tuple[float, ...]
    letters: tuple[tuple[str, float], ...]
    style: str

    def with_next(self, other: Run, size: float) -> Run | None:
        """Return both as one, where the other goes on in the same line and paint (a raised mark parts a line)."""
        right, down = other.matrix[4] - self.matrix[4], other.matrix[5] - self.matrix[5]
        if self.style != other.style or self.matrix[:4] != other.matrix[:4] or abs(down) > RAISED * size or right < 0:
            return None
        moved = tuple((name, x + right) for name, x in other.letters)
        return Run(self.source + other.source, self.matrix, self.letters + moved, self.style)


def _runs(text: str) -> list[Run]:
    found = []
    for run in _RUN.finditer(text):
        uses = _USE.findall(run[2])
        styles = {style for _name, _x, style in uses}
        letters = tuple((name, float(x)) for name, x, _style in uses)
        matrix = tuple(float(part) for part in run[1].split())
        found.append(Run(run[0], matrix, letters, styles.pop() if len(styles) == 1 else ""))
    return found


def _written(runs: list[Run], shapes: dict[str, Outline | None], used: dict[int, set[str]]) -> Iterator[str]:
    """Give the runs as text elements, as few as there are lines; a run that is not ours as it stood."""
    at = 0
    while at < len(runs):
        run, line = runs[at], _read(runs[at], shapes)
        at += 1
        while line is not None and at < len(runs):
            longer = run.with_next(runs[at], line.size)
            known = _read(longer, shapes) if longer else None
            if longer is None or known is None:
                break
            run, line, at = longer, known, at + 1
        if line is None:
            yield run.source
            continue
        used[line.weight] |= set(line.text)
        yield _text(line, run)


def _read(run: Run, shapes: dict[str, Outline | None]) -> Line | None:
    """Return the line that a run of letters writes, or None where a letter is not ours."""
    outlines = [shape for name, _x in run.letters if (shape := shapes.get(name)) is not None]
    if len(outlines) != len(run.letters) or not run.style:
        return None
    return print_glyphs.known(outlines, [x for _name, x in run.letters])


def _text(line: Line, run: Run) -> str:
    # the outlines' own y points upwards
    a, b, c, d, e, f = run.matrix
    first, style = run.letters[0][1], run.style
    place = " ".join(_number(part) for part in (a, b, -c, -d, e, f))
    fill = re.search(r'fill="([^"]+)"', style)
    strokes = " ".join(f'{name}="{value}"' for name, value in _STROKE.findall(style))
    more = f' letter-spacing="{line.spacing}em"' if line.spacing else ""
    halo = f' {strokes} data-halo="1"' if strokes else ""
    start = f' x="{_number(first)}"' if first else ""
    return (
        f'<text transform="matrix({place})"{start} font-family="{FAMILY}" font-size="{_number(line.size)}" '
        f'font-weight="{line.weight}" fill="{fill[1] if fill else "#000"}" xml:space="preserve"{more}{halo}>'
        f"{html.escape(line.text, quote=False)}</text>"
    )


def _joined(svg: str) -> str:
    """Write a label and the halo below it as one text, painted stroke first, so that it is copied once."""

    def join(found: re.Match[str]) -> str:
        strokes = " ".join(f'{name}="{value}"' for name, value in _STROKE.findall(found[1]))
        between = found[0][found[0].index("</text>") + 7 : found[0].rindex("<text ")]
        return f'{between}{found[4]} paint-order="stroke" {strokes}>{found[2]}</text>'

    return _HALO.sub(join, svg).replace(' data-halo="1"', "")


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


@lru_cache(maxsize=64)
def _face(weight: int, letters: str) -> str:
    """Return the style rule with the subset of our font that has these letters, as WOFF2."""
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True, recalc_timestamp=False)
    with TTFont(font_file(weight), recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters + "\u0ecd\u0eb2\u25cc ")
        cutter.subset(font)
        font.flavor = "woff2"
        out = io.BytesIO()
        font.save(out)
    packed = base64.b64encode(out.getvalue()).decode()
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
        f"src:url(data:font/woff2;base64,{packed}) format('woff2')}}"
    )
