"""Floor 6: charts as values, drawn by two hands: HTML lists that reflow and can be walked by keyboard, and SVG files.

Same value, same bytes; nothing is asked from outside and no script runs.  Every text is escaped, every bar may be a
link.  In HTML a bar is a list item, so that a reader of the page hears label and figure; the page styles the classes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo import colours

WIDTH = 960  # of an SVG file, in CSS pixels
FONT = "Noto Sans Lao, Noto Sans, sans-serif"
RULE, SOFT_INK = "#C9D0D6", "#47525B"
LIGHT = 0.38  # opacity of what a partial date leaves open
LINK = "lao-go"  # class of a link that the page follows without loading anew
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``text`` is its figure as printed, ``mark`` a goal's number before the label, ``on`` the chosen one."""

    label: str
    value: int
    text: str
    link: str = ""
    colour: str = colours.DEFAULT_HUE
    mark: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart; ``name`` says what it shows and in what unit, ``to`` is the id that a link scrolls to."""

    name: str
    bars: tuple[Bar, ...]
    to: str = ""

    @property
    def most(self) -> int:
        """The greatest value, at least 1."""
        return max([bar.value for bar in self.bars], default=0) or 1


@dataclass(frozen=True, slots=True)
class Span:
    """One line of a strip chart, in days (ordinals): it may run from ``first`` to ``last`` and surely runs between.

    ``sure`` is (from, to) or None where the dates are too coarse for any sure day; ``open_start`` and ``open_end`` say
    that none is recorded.  ``text`` gives the dates in words.
    """

    label: str
    text: str
    first: int
    last: int
    sure: tuple[int, int] | None
    colour: str
    mark: str = ""
    open_start: bool = False
    open_end: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Strips:
    """A strip chart over the days from ``first`` to ``last``; ``years`` are (label, ordinal of 1 January)."""

    name: str
    first: int
    last: int
    years: tuple[tuple[str, int], ...]
    spans: tuple[Span, ...]
    to: str = ""

    def place(self, day: int) -> float:
        """Return where a day stands, in per cent of the width, held within the chart."""
        share = (day - self.first) / max(1, self.last - self.first)
        return round(100 * min(1.0, max(0.0, share)), 2)


def _esc(text: str) -> str:
    return html.escape(_NOT_XML.sub("", text), quote=True)


def anchor(inner: str, link: str, name: str = "", to: str = "") -> str:
    """Return ``inner`` (markup) as a link of the page, or as it stands where there is no link."""
    if not link:
        return f'<span class="c-row">{inner}</span>'
    said = f' aria-label="{_esc(name)}"' if name else ""
    said += f' data-to="{_esc(to)}"' if to else ""
    return f'<a class="c-row {LINK}" href="{_esc(link)}"{said}>{inner}</a>'


def tile(mark: str, colour: str) -> str:
    """Return a goal's number on its colour."""
    if not mark:
        return ""
    return f'<b class="lao-tile" style="background:{colour};color:{colours.text_on(colour)}">{_esc(mark)}</b>'


def _list(kind: str, name: str, items: Iterable[str], head: str = "") -> str:
    rows = "".join(f"<li{attributes}</li>" for attributes in items)
    return f'<ol class="{kind}" role="list" aria-label="{_esc(name)}">{head}{rows}</ol>'


def upright(chart: Bars) -> str:
    """Return a chart of upright bars, such as one a year, as HTML."""
    items = []
    for bar in chart.bars:
        style = f"--h:{round(bar.value / chart.most, 3)};background:{bar.colour}"
        inner = (
            f'<span class="c-column"><span class="c-figure">{_esc(bar.text)}</span>'
            f'<span class="c-bar" style="{style}"></span></span><span class="c-name">{_esc(bar.label)}</span>'
        )
        chosen = ' class="on" aria-current="true"' if bar.on else ""
        items.append(f"{chosen}>{anchor(inner, bar.link, f'{bar.label}: {bar.text}', chart.to)}")
    return _list("lao-upright", chart.name, items)


def across(chart: Bars) -> str:
    """Return a chart of bars across, label before and figure behind, as HTML."""
    items = []
    for bar in chart.bars:
        width = round(100 * bar.value / chart.most, 1)
        inner = (
            f'<span class="c-name">{tile(bar.mark, bar.colour)} {_esc(bar.label)}</span>'
            f'<span class="c-track"><span class="c-bar" style="width:{width}%;background:{bar.colour}"></span></span>'
            f'<span class="c-figure">{_esc(bar.text)}</span>'
        )
        items.append(f">{anchor(inner, bar.link, to=chart.to)}")
    return _list("lao-across", chart.name, items)


def strips(chart: Strips) -> str:
    """Return a strip chart as HTML: the lighter part of a line is what its dates leave open."""
    ticks = (f'<span style="left:{chart.place(day)}%">{_esc(label)}</span>' for label, day in chart.years)
    axis = f'<span class="c-name"></span><span class="c-track">{"".join(ticks)}</span>'
    head = f'<li class="c-axis" aria-hidden="true">{axis}</li>'
    items = []
    for span in chart.spans:
        inner = (
            f'<span class="c-name">{tile(span.mark, span.colour)} {_esc(span.label)}</span>'
            f'<span class="c-track">{_line(chart, span)}</span><span class="c-said">{_esc(span.text)}</span>'
        )
        items.append(f' title="{_esc(f"{span.label}: {span.text}")}">{anchor(inner, span.link, to=chart.to)}')
    return _list("lao-strips", chart.name, items, head)


def _line(chart: Strips, span: Span) -> str:
    parts = [(span.first, span.last, LIGHT)]
    if span.sure:
        parts.append((*span.sure, 1.0))
    drawn = ""
    for first, last, opacity in parts:
        left, right = chart.place(first), chart.place(last + 1)
        style = f"left:{left}%;width:{max(0.25, round(right - left, 2))}%;background:{span.colour};opacity:{opacity:g}"
        drawn += f'<span class="c-bar" style="{style}"></span>'
    if span.open_start:
        drawn += f'<span class="c-open" style="right:{round(100 - chart.place(span.first), 2)}%">…</span>'
    if span.open_end:
        drawn += f'<span class="c-open" style="left:{chart.place(span.last + 1)}%">…</span>'
    return drawn


def upright_svg(chart: Bars, height: int = 300) -> str:
    """Return a chart of upright bars as an SVG file."""
    step = WIDTH / max(1, len(chart.bars))
    room = height - 74
    parts = []
    for at, bar in enumerate(chart.bars):
        size = room * bar.value / chart.most
        x, y = step * at, 50 + room - size
        parts.append(_rect(x + step * 0.1, y, step * 0.8, size, bar.colour))
        parts.append(_text(x + step / 2, y - 4, bar.text, 11, "middle"))
        parts.append(_text(x + step / 2, height - 8, bar.label, 11, "middle"))
    return _svg(chart.name, height, parts)


def across_svg(chart: Bars, row: int = 22) -> str:
    """Return a chart of bars across as an SVG file."""
    parts = []
    for at, bar in enumerate(chart.bars):
        y = 40 + row * at
        parts.append(_text(300, y + row * 0.7, " ".join((bar.mark, bar.label)).strip(), 12, "end"))
        size = (WIDTH - 400) * bar.value / chart.most
        parts.append(_rect(308, y + 3, size, row - 6, bar.colour))
        parts.append(_text(314 + size, y + row * 0.7, bar.text, 12))
    return _svg(chart.name, 50 + row * len(chart.bars), parts)


def strips_svg(chart: Strips, row: int = 16) -> str:
    """Return a strip chart as an SVG file."""
    left, scale = 330.0, (WIDTH - 350) / 100
    height = 60 + row * len(chart.spans)
    parts = []
    for label, day in chart.years:
        x = left + scale * chart.place(day)
        parts.append(f'<path d="M{x:.1f} 52V{height - 8}" stroke="{RULE}" stroke-width="0.5"/>')
        parts.append(_text(x + 2, 48, label, 10))
    for at, span in enumerate(chart.spans):
        y = 54 + row * at
        label = span.label if len(span.label) <= 52 else span.label[:51] + "…"
        parts.append(_text(left - 8, y + row * 0.75, " ".join((span.mark, label)).strip(), 10, "end"))
        for first, last, opacity in ((span.first, span.last, LIGHT), *([(*span.sure, 1.0)] if span.sure else [])):
            x, to = left + scale * chart.place(first), left + scale * chart.place(last + 1)
            parts.append(_rect(x, y + row * 0.3, max(1.5, to - x), row * 0.4, span.colour, opacity))
        if span.open_start:
            parts.append(_text(left + scale * chart.place(span.first) - 2, y + row * 0.75, "…", 10, "end"))
        if span.open_end:
            parts.append(_text(left + scale * chart.place(span.last + 1) + 2, y + row * 0.75, "…", 10))
    return _svg(chart.name, height, parts)


def _rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> str:
    faint = f' opacity="{opacity:g}"' if opacity != 1 else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"{faint}/>'


def _text(x: float, y: float, text: str, size: int, align: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{align}"'
    return f'<text {place} fill="{colours.INK}">{_esc(text)}</text>'


def _svg(name: str, height: float, parts: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}"'
    title = f'<title>{_esc(name)}</title><rect width="100%" height="100%" fill="{colours.PAPER}"/>'
    head = _text(8, 22, name, 15)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONT}" role="img">{title}{head}'
        + "".join(parts)
        + "</svg>\n"
    )
