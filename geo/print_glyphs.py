"""Floor 5: from the outline of a letter back to the letter: which of our fonts, which glyph, how large, what it says.

A typesetter that draws letters as outlines keeps their exact places; with the letters known again, the same line can
be written as text.  An outline is known by its curves, its contours and its box; nothing is guessed: a line with one
letter that no font of ours has stays drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from geo.print_text import WEIGHTS, face, font_file

NEAR = 0.012  # points that a drawn outline may differ from the font's
SAME_SIZE = 0.015  # share by which the sizes of a line's letters may differ
NIKHAHIT, AA, AM = "\u0ecd", "\u0eb2", "\u0eb3"
_AM = re.compile(f"{NIKHAHIT}([\u0ec8-\u0ecb]*){AA}")
_TOKEN = re.compile(r"([MmLlHhVvQqCcZz])|(-?\d*\.?\d+(?:e-?\d+)?)")
_STEPS = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6}

Box = tuple[float, float, float, float]
Key = tuple[int, int]  # curves and contours


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawn outline: its curves, its contours, its box (y upwards), and area and middle of its control points.

    Area and middle are the same whether or not points half way between two control points are written out.
    """

    key: Key
    box: Box
    area: float
    middle: tuple[float, float]

    def off(self, other: Outline, size: float) -> float:
        """Return by how much, in points, this one differs from the ``other`` (in em) drawn at ``size``."""
        pairs = zip((*self.box, *self.middle), (*other.box, *other.middle), strict=True)
        return max(*(abs(drawn - own * size) for drawn, own in pairs), abs(self.area - other.area * size**2) / size)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a font: its outline and advance in em, and the letters that it stands for."""

    shape: Outline
    advance: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of letters known again: its weight, size in points, words, and the letter spacing in em (0 for none)."""

    weight: int
    size: float
    text: str
    spacing: float


def outline(path: str) -> Outline | None:
    """Return the outline of SVG path data in relative commands, or None where it has no point."""
    x = y = 0.0
    curves = 0
    rings: list[list[tuple[float, float]]] = []
    for command, values in _commands(path):
        low = command.lower()
        if low == "z":
            continue
        curves += low == "q"
        x, y, points = _moved(low, values, x, y, absolute=command.isupper())
        if low == "m":
            rings.append([])
        if command != "M":  # the path begins with an empty move to the origin
            rings[-1] += points
    return _outlined(curves, [ring for ring in rings if ring], 1.0)


def _outlined(curves: int, rings: list[list[tuple[float, float]]], em: float) -> Outline | None:
    xs = [x / em for ring in rings for x, _y in ring]
    ys = [y / em for ring in rings for _x, y in ring]
    if not xs:
        return None
    twice = across = upwards = 0.0
    for ring in rings:
        for (x, y), (a, b) in zip(ring, [*ring[1:], ring[0]], strict=True):
            cross = x * b - a * y
            twice, across, upwards = twice + cross, across + (x + a) * cross, upwards + (y + b) * cross
    middle = (across / 3 / twice / em, upwards / 3 / twice / em) if twice else (xs[0], ys[0])
    return Outline((curves, len(rings)), (min(xs), min(ys), max(xs), max(ys)), abs(twice) / 2 / em**2, middle)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, values = "", list[float]()
    for letter, number in _TOKEN.findall(path):
        if letter:
            if command and (values or command in "Zz"):
                yield command, values
            command, values = letter, []
            continue
        values.append(float(number))
        if len(values) == _STEPS.get(command.lower(), 0):
            yield command, values
            values = []
    if command in ("Z", "z"):
        yield command, []


def _moved(
    low: str, values: Sequence[float], x: float, y: float, *, absolute: bool
) -> tuple[float, float, list[tuple[float, float]]]:
    """Return where the pen is after a command, and the points that the command names."""
    if low in "hv":
        base = 0.0 if absolute else (x if low == "h" else y)
        point = (base + values[0], y) if low == "h" else (x, base + values[0])
        return *point, [point]
    at = (0.0, 0.0) if absolute else (x, y)
    points = [(at[0] + values[i], at[1] + values[i + 1]) for i in range(0, len(values), 2)]
    return *points[-1], points


@cache
def _glyphs(weight: int) -> dict[Key, list[Glyph]]:
    """Return the glyphs of a font by curves and contours, plain letters first."""
    found: dict[Key, list[Glyph]] = defaultdict(list)
    with TTFont(font_file(weight)) as font:
        em, metrics, shapes = font["head"].unitsPerEm, font["hmtx"].metrics, font.getGlyphSet()
        for name, text in sorted(_texts(font).items(), key=lambda pair: (len(pair[1]), pair[1])):
            pen = DecomposingRecordingPen(shapes)
            shapes[name].draw(pen)
            known = _recorded(pen.value, em)
            if known is not None:
                found[known.key].append(Glyph(known, metrics[name][0] / em, text))
    return found


def _recorded(steps: Sequence[tuple[str, tuple[tuple[float, float], ...]]], em: float) -> Outline | None:
    curves = 0
    rings: list[list[tuple[float, float]]] = []
    for command, given in steps:
        if command == "moveTo" or (command == "qCurveTo" and given[-1] is None):
            rings.append([])
        own = [point for point in given if point is not None]
        if command == "qCurveTo":
            curves += len(own) - 1 if given[-1] is not None else len(own)
        rings[-1] += own
    return _outlined(curves, [ring for ring in rings if ring], em)


def _texts(font: TTFont) -> dict[str, str]:
    """Return what each glyph says: the letter that maps to it, or those that substitutions put it in the place of."""
    found: dict[str, str] = {}
    for code, name in sorted(font.getBestCmap().items()):
        found.setdefault(name, chr(code))
    for _again in range(3):  # a substitute may be substituted again
        for table in _substitutions(font):
            for given, made in table:
                if made not in found and all(name in found for name in given):
                    found[made] = "".join(found[name] for name in given)
    return found


def _substitutions(font: TTFont) -> Iterator[list[tuple[tuple[str, ...], str]]]:
    """Return the pairs of glyphs and their one substitute of every lookup (single and ligature)."""
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            if lookup.LookupType == 1:
                yield [((given,), made) for given, made in sorted(table.mapping.items())]
            elif lookup.LookupType == 4:
                yield [
                    ((first, *ligature.Component), ligature.LigGlyph)
                    for first, several in sorted(table.ligatures.items())
                    for ligature in several
                ]


def known(outlines: Sequence[Outline], places: Sequence[float]) -> Line | None:
    """Return the line that outlines at ``places`` (points from its start) write, or None where one is not ours."""
    if not outlines:
        return None
    largest = max(range(len(outlines)), key=lambda at: outlines[at].box[3] - outlines[at].box[1])
    for weight in WEIGHTS:
        for _glyph, size in _candidates(outlines[largest], weight):
            letters = [_of_size(one, weight, size) for one in outlines]
            if all(letters):
                return _line([one for one in letters if one], places, weight, size)
    return None


def _candidates(one: Outline, weight: int) -> Iterator[tuple[Glyph, float]]:
    for glyph in _glyphs(weight).get(one.key, ()):
        west, south, east, north = glyph.shape.box
        across, upwards = east - west, north - south
        size = (one.box[3] - one.box[1]) / upwards if upwards >= across else (one.box[2] - one.box[0]) / across
        if one.off(glyph.shape, size) < NEAR:
            yield glyph, size


def _of_size(one: Outline, weight: int, size: float) -> Glyph | None:
    near = [glyph for glyph, own in _candidates(one, weight) if abs(own - size) < size * SAME_SIZE + NEAR]
    return min(near, key=lambda glyph: round(one.off(glyph.shape, size), 3), default=None)


def _line(letters: list[Glyph], places: Sequence[float], weight: int, size: float) -> Line:
    """Return the words: a gap between two letters is a space, or several, or letter spacing where it is everywhere."""
    size = round(size, 2)
    gaps, pen = [], places[0] / size + letters[0].advance
    for letter, x in zip(letters[1:], places[1:], strict=True):
        mark = unicodedata.category(letter.text[0]) == "Mn"  # stands over or under the letter before it
        gaps.append(0.0 if mark else x / size - pen)
        pen = pen if mark else x / size + letter.advance
    tracked = sorted(gap for gap in gaps if gap < 0.2)
    middle = tracked[len(tracked) // 2] if len(tracked) > 2 else 0.0
    spacing = round(middle, 3) if middle > 0.03 else 0.0
    space = _space(weight) + spacing
    text = letters[0].text
    for letter, gap in zip(letters[1:], gaps, strict=True):
        text += " " * max(0, round((gap - spacing) / space - 0.15)) + letter.text
    return Line(weight, size, _AM.sub(rf"\1{AM}", text), spacing)


@cache
def _space(weight: int) -> float:
    return face(weight).advances[ord(" ")]
