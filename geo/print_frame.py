"""Floor 6: what every printed page has: heading, foot with sources and the code of its view, and the room between.

Lengths are points of the page (see ``print_spec.Paper``); ``unit`` scales them to the paper.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil
from typing import Any

import segno

from geo import crs, i18n, pack
from geo.classes import ZERO
from geo.colours import DEFAULT_HUE, ramp
from geo.errors import InputError
from geo.mapspec import MapSpec
from geo.print_spec import Leaf, Paper
from geo.print_text import clean, shorten, width

Part = dict[str, Any]
Translate = Callable[[str], str]
Tidy = Callable[[str, int], str]
MARGIN, MARGIN_SQUARE, GUTTER = 34.0, 20.0, 24.0
TITLE_TOP, TITLE_TOP_SQUARE, TITLE_LINES = 29.0, 25.0, 2
TITLE_SIZES, SUBTITLE_SIZES, NOTE_SIZES = (23.0, 19.0, 16.0, 14.0), (10.5, 9.5, 8.5), (9.0, 8.2)
TITLE_SIZES_SQUARE = (19.0, 16.0, 14.0)
FOOT_SIZES = (6.5, 6.2, 5.9, 5.6, 5.3)
FOOT_MOST, FOOT_MOST_UPRIGHT = 38.0, 58.0  # points of the notes in the foot
LINE = 1.23  # em: the box of a line with Lao vowels and tone marks (0.95 above, 0.28 below the base line)
TECHNICAL = 24.0  # points of the page's last line and the space around it
QR_SIDE = 40.0
QR_MOST = 700  # letters of a link beyond which its code could not be read from paper


@dataclass(frozen=True, slots=True)
class Frame:
    """The page's heading as it is set, and the room between heading and foot."""

    paper: Paper
    margin: float
    heading: Part
    top: float
    bottom: float
    foot: Part

    @property
    def left(self) -> float:
        """Where the content begins."""
        return self.margin

    @property
    def room(self) -> float:
        """The content's width."""
        return self.paper.width - 2 * self.margin

    @property
    def height(self) -> float:
        """The content's height."""
        return self.bottom - self.top


def frame(leaf: Leaf, paper: Paper, *, strict: bool) -> Frame:
    """Return the heading, the foot and the room of a page.

    Raises:
        InputError: when the map's date is none.
    """
    _ = i18n.translator(leaf.spec.language)
    margin = MARGIN_SQUARE if paper.square else MARGIN
    room = paper.width - 2 * margin

    def tidy(text: str, limit: int) -> str:
        return clean(text, limit, strict=strict)

    heading, top = _heading(leaf, paper, room, _, strict)
    foot, foot_height = _foot(leaf, paper, room, _, tidy)
    bottom = paper.height - foot_height
    foot |= {"top": bottom + 5}
    return Frame(paper, margin, heading, top, bottom, foot)


def _heading(leaf: Leaf, paper: Paper, room: float, _: Translate, strict: bool) -> tuple[Part, float]:
    sizes = TITLE_SIZES_SQUARE if paper.square else TITLE_SIZES
    text = clean(leaf.title, 400, strict=strict) or clean(eyebrow(leaf.spec, _))
    title, size, lines = fit(text, room, sizes, TITLE_LINES, 700)
    below = clean(leaf.subtitle, 500, strict=strict)
    subtitle, small, more = fit(below[:1].upper() + below[1:], room, SUBTITLE_SIZES, 2, 400)
    note, tiny, rest = fit(clean(leaf.note, 400, strict=strict), room, NOTE_SIZES, 2, 400)
    start = TITLE_TOP_SQUARE if paper.square else TITLE_TOP
    top = start + lines * size * LINE + 1.5 + more * small * LINE + (rest * tiny * LINE + 3 if rest else 0) + 9
    heading = {
        "top": start,
        "title": title,
        "size": size,
        "subtitle": subtitle,
        "subsize": small,
        "note": note,
        "notesize": tiny,
        "eyebrow": eyebrow(leaf.spec, _),
        "draft": _("DRAFT, NOT CLEARED") if leaf.spec.draft else "",
    }
    return heading, top


def fit(text: str, room: float, sizes: tuple[float, ...], most: int, weight: int) -> tuple[str, float, int]:
    """Return ``text`` (cut if it must be), its size and its lines: the greatest size at which it takes fewest lines."""
    if not text:
        return text, sizes[0], 0
    for lines in range(1, most + 1):
        for size in sizes if lines > 1 else sizes[:2]:
            # a line that wraps at a word leaves up to a tenth of it empty
            if width(text, size, weight) <= room * lines * (1 if lines == 1 else 0.9):
                return text, size, lines
    size = sizes[-1]
    letters = int(len(text) * room * most * 0.88 / width(text, size, weight))
    return clean(text, max(letters, 2)), size, most


def eyebrow(spec: MapSpec, _: Translate) -> str:
    """Return the line over the title: country and series."""
    country = pack.settings()
    name = country.name_lo if pack.is_local(spec.language) and country.name_lo else country.name_en
    words = f"{name} · {_('SDG activity map')}"
    return words if pack.is_local(spec.language) else words.upper()


def accent(spec: MapSpec) -> str:
    """Return the colour of the page: the darkest class, or the default ramp's where no class is coloured."""
    coloured = [one for one in spec.classes if one.index > ZERO]
    if not coloured or spec.view == "difference":
        return ramp(DEFAULT_HUE, 5)[-1]
    return max(coloured, key=lambda one: one.index).colour if len(coloured) > 1 else coloured[0].colour


def day(created: str) -> Part:
    """Return the map's date for the document's metadata.

    Raises:
        InputError: when it is none.
    """
    try:
        found = date.fromisoformat(created[:10])
    except ValueError as error:
        raise InputError(f"The map's date is {created!r}; expected one such as 2026-11-23.") from error
    return {"year": found.year, "month": found.month, "day": found.day}


def lines_of(text: str, size: float, room: float, weight: int = 400) -> int:
    """Return on how many lines ``text`` stands in ``room`` points, rather one too many than one too few."""
    return max(1, ceil(width(text, size, weight) / (room * 0.95))) if text else 0


def _foot(leaf: Leaf, paper: Paper, room: float, _: Translate, tidy: Tidy) -> tuple[Part, float]:
    """Return the foot, and its height with the last line."""
    spec = leaf.spec
    code = qr(leaf.link)
    side = QR_SIDE + 8 if code else 0.0
    left = [tidy(text, 420) for text in (spec.source, spec.attribution, spec.disclaimer) if text.strip()]
    right = [tidy(note, 300) for note in spec.notes if note.strip()][:5]
    if paper.square:
        left, right = [left[0] + " " + left[1] + ". " + left[2]] if len(left) > 2 else left, []
    gap = GUTTER if right else 0.0
    # the second column stands below the panel
    first = room * 0.52 if right else room - side
    columns = (first, max(room - side - gap - first, 0.0))
    most = FOOT_MOST_UPRIGHT if paper.upright else FOOT_MOST

    def height(size: float) -> float:
        sides = zip((left, right), columns, strict=True)
        return max(
            sum(lines_of(text, size, wide) * size * LINE + 1.2 for text in texts) for texts, wide in sides if texts
        )

    size = next((size for size in FOOT_SIZES if height(size) <= most), FOOT_SIZES[-1])
    kept = max(height(size), QR_SIDE + 2 if code else 0.0)
    foot = {
        "left": left,
        "right": right,
        "size": size,
        "columns": [columns[0], columns[1]],
        "gap": gap,
        "qr": code,
        "qr-side": QR_SIDE,
        "qr-alt": _("Code of this view: {link}").format(link=tidy(leaf.link, 300)),
        "technical": tidy(_technical(leaf, _), 260),
        "mark": _mark(leaf, _),
    }
    return foot, kept + TECHNICAL + 7


def _technical(leaf: Leaf, _: Translate) -> str:
    spec = leaf.spec
    parts = [
        i18n.date(spec.created[:10], spec.language),
        _("data {digest}").format(digest=spec.digest[:12]),
        _("rule {version}").format(version=spec.rule_version),
        _("projection {crs}").format(crs=crs.projected()),
    ]
    if leaf.link:
        parts.append(_("view {link}").format(link=shorten(leaf.link, 90)))
    return " · ".join(parts)


def _mark(leaf: Leaf, _: Translate) -> str:
    if leaf.of > 1:
        return _("Page {number} of {count}").format(number=leaf.number, count=leaf.of)
    return _("DRAFT, NOT CLEARED") if leaf.spec.draft else ""


@lru_cache(maxsize=256)
def qr(link: str) -> str:
    """Return the QR code of a link as an SVG drawing of one path; "" for no link or one too long to be read."""
    if not link or len(link) > QR_MOST:
        return ""
    # Level M: a print may be smudged.  Any mask can be read; trying all eight takes most of the time.
    rows = [bytes(row) for row in segno.make(link, error="m", micro=False, boost_error=False, mask=3).matrix]
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = end + 1
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {size + 4} {size + 4}" width="{size}" height="{size}">'
        f'<rect x="-2" y="-2" width="{size + 4}" height="{size + 4}" fill="#FFFFFF"/>'
        f'<path fill="#1C1C1C" shape-rendering="crispEdges" d="{html.escape("".join(runs))}"/></svg>'
    )
