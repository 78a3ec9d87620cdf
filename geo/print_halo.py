"""Floor 6: the halos of a map's labels as outlines, so that a PDF has each label's letters once.

A halo set as text is copied and searched twice.  The typesetter draws each line once as an SVG; its outlines, in the
same shaping, are stroked below the label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

from geo.print_frame import LINE

Part = dict[str, Any]
Line = tuple[str, int]  # a text and its weight
Draw = Callable[[list[Line]], list[bytes]]  # lines -> an SVG of each, SIZE points high, a page as wide as the line
SIZE = 100.0  # points at which outlines are drawn
STROKE = 2.1  # points of the label's page; half of it stands out
KEPT = 4096  # outlines in memory
_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*><path d="([^"]*)"/></symbol>')
_RUN = re.compile(r'<g transform="(matrix\([^)]+\))">((?:<use [^>]*/>)+)</g>')
_USE = re.compile(r'<use xlink:href="#([^"]+)" x="([^"]+)" y="([^"]+)"')
_WIDTH = re.compile(r'viewBox="0 0 ([\d.]+) ')
_known: dict[Line, tuple[str, float]] = {}
_lock = Lock()


def drawing(part: Part, draw: Draw) -> str:
    """Return the halos of a map's labels as an SVG as large as the map; "" where no label has one."""
    haloed = [label for label in part["labels"] if label["halo"]]
    if not haloed:
        return ""
    outlines = _outlines({(line["text"], line["weight"]) for label in haloed for line in label["lines"]}, draw)
    body = "".join(_halo(label, outlines) for label in haloed)
    wide, high = part["width"], part["height"]
    size = f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'


def _halo(label: Part, outlines: dict[Line, tuple[str, float]]) -> str:
    y = label["y"] - label["height"] / 2
    parts = []
    for line in label["lines"]:
        body, wide = outlines[line["text"], line["weight"]]
        scale = line["size"] / SIZE
        place = f"translate({label['x'] - wide * scale / 2:.3f} {y:.3f}) scale({scale:.5f})"
        parts.append(f'<g transform="{place}" stroke-width="{STROKE / scale:.2f}">{body}</g>')
        y += line["size"] * LINE
    paint = label["halo"]
    return f'<g fill="{paint}" stroke="{paint}" stroke-linejoin="round">{"".join(parts)}</g>'


def _outlines(lines: Iterable[Line], draw: Draw) -> dict[Line, tuple[str, float]]:
    with _lock:
        missing = sorted(line for line in lines if line not in _known)
        if len(_known) + len(missing) > KEPT:
            _known.clear()
            missing = sorted(lines)
        if missing:
            _known.update(zip(missing, map(_read, draw(missing)), strict=True))
        return {line: _known[line] for line in lines}


def _read(svg: bytes) -> tuple[str, float]:
    """Return a line's outlines as SVG, and its width."""
    text = svg.decode()
    shapes = dict(_SYMBOL.findall(text))
    runs = []
    for matrix, uses in _RUN.findall(text):
        letters = "".join(
            f'<path transform="translate({x} {y})" d="{_short(shapes[name])}"/>'
            for name, x, y in _USE.findall(uses)
            if name in shapes
        )
        # the stroke's width is that of the line's own size, whatever the run's matrix
        runs.append(f'<g transform="{matrix}">{letters}</g>')
    wide = _WIDTH.search(text)
    return "".join(runs), float(wide[1]) if wide else 0.0


@lru_cache(maxsize=KEPT)
def _short(path: str) -> str:
    """Return path data in hundredths of a point: a halo is seen at a tenth of that size."""
    return re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), 2):g}", path)
